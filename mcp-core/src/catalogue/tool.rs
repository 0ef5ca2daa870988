//! A registered tool, with what was worked out about it once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::section::Entry;
use crate::args::nested::Rule;
use crate::header_params::{self, HeaderParam};
use crate::icon;
use crate::json;
use crate::protocol::Revision;
use crate::schema::{self, Shape};
use crate::tool::{Hints, ToolSpec};

/// A registered tool.
pub(crate) struct ToolEntry {
    pub(crate) spec: &'static ToolSpec,
    /// What each argument has to be, in words.
    pub(crate) expects: Box<[String]>,
    /// What lies inside each argument and has to be checked.
    pub(crate) rules: Box<[Option<Rule>]>,
    pub(crate) shape: Shape,
    /// Arguments that an HTTP header repeats.
    pub(crate) headers: Box<[HeaderParam]>,
    /// How many calls of it run at the same time, where that has a limit of its own.
    pub(crate) concurrency: Option<Concurrency>,
    input_schema: Vec<u8>,
    output_schema: Vec<u8>,
}

impl ToolEntry {
    pub(crate) fn new(spec: &'static ToolSpec) -> Result<Self, ToolMistake> {
        let schema::Input {
            schema: input_schema,
            expects,
            rules,
        } = schema::input(spec).map_err(|_| ToolMistake::Recursive)?;
        let headers = header_params::of_schema(&input_schema).map_err(ToolMistake::Header)?;
        let schema::Output {
            schema: output_schema,
            shape,
        } = schema::output(spec).map_err(|_| ToolMistake::Recursive)?;
        Ok(Self {
            spec,
            expects,
            rules,
            shape,
            headers,
            concurrency: None,
            input_schema,
            output_schema,
        })
    }
}

/// How many calls of one tool run at the same time.
pub(crate) struct Concurrency {
    pub(crate) most: u16,
    pub(crate) free: Arc<Semaphore>,
}

impl Concurrency {
    pub(crate) fn at_most(most: u16) -> Self {
        let free = Arc::new(Semaphore::new(usize::from(most)));
        Self { most, free }
    }
}

/// Why a tool cannot be registered.
pub(crate) enum ToolMistake {
    /// A type that it takes or returns contains itself.
    Recursive,
    /// A header of its arguments cannot be one.
    Header(String),
}

impl Entry for ToolEntry {
    fn key(&self) -> &str {
        self.spec.name
    }

    fn scopes(&self) -> &'static [&'static str] {
        self.spec.scopes
    }

    fn steps_up(&self) -> bool {
        self.spec.step_up
    }

    fn describe(&self, revision: Revision, out: &mut Vec<u8>) {
        let ToolSpec {
            name,
            title,
            description,
            hints,
            ..
        } = self.spec;
        out.extend_from_slice(br#"{"name":"#);
        json::string(out, name);
        if let Some(title) = title
            && revision.has_structured_content()
        {
            out.extend_from_slice(br#","title":"#);
            json::string(out, title);
        }
        out.extend_from_slice(br#","description":"#);
        json::string(out, description.trim());
        out.extend_from_slice(br#","inputSchema":"#);
        out.extend_from_slice(&self.input_schema);
        if revision.has_structured_content() {
            match (self.shape, revision.is_modern()) {
                (Shape::Object, _) | (Shape::Other, true) => {
                    out.extend_from_slice(br#","outputSchema":"#);
                    out.extend_from_slice(&self.output_schema);
                }
                // Before 2026-07-28 the root had to be an object.
                (Shape::Other, false) => {
                    out.extend_from_slice(
                        br#","outputSchema":{"type":"object","properties":{"result":"#,
                    );
                    out.extend_from_slice(&self.output_schema);
                    out.extend_from_slice(br#"},"required":["result"]}"#);
                }
                (Shape::Text | Shape::Nothing, _) => {}
            }
        }
        if revision.has_annotations() {
            write_hints(*hints, out);
        }
        if revision.has_icons() {
            icon::write_sources(self.spec.icons, out);
        }
        out.push(b'}');
    }
}

/// Appends the hints that are set.
pub(crate) fn write_hints(hints: Hints, out: &mut Vec<u8>) {
    let set = [
        ("readOnlyHint", hints.read_only),
        ("destructiveHint", hints.destructive),
        ("idempotentHint", hints.idempotent),
        ("openWorldHint", hints.open_world),
    ];
    let mut separator: &[u8] = br#","annotations":{"#;
    for (name, hint) in set {
        let Some(hint) = hint else { continue };
        out.extend_from_slice(separator);
        json::string(out, name);
        out.push(b':');
        json::value(out, &hint);
        separator = b",";
    }
    if separator == b"," {
        out.push(b'}');
    }
}

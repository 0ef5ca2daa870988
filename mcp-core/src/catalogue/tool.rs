//! A registered tool, with what was worked out about it once.

use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;

use super::section::Entry;
use crate::args::nested::{self, Rule, Rules};
use crate::audit::Secrets;
use crate::header_params::{self, HeaderParam};
use crate::icon;
use crate::json;
use crate::protocol::Revision;
#[cfg(feature = "redact")]
use crate::redact::OutputCheck;
use crate::schema::{self, Cursor, SchemaProfile, Shape};
use crate::tool::{Hints, ToolSpec};

/// A registered tool.
pub(crate) struct ToolEntry {
    pub(crate) spec: &'static ToolSpec,
    /// What each argument has to be, in words.
    pub(crate) expects: Box<[String]>,
    /// What lies inside the arguments and has to be checked.
    pub(crate) rules: Rules,
    /// What results have to be, compiled when first needed.
    result_rule: OnceLock<Option<Rule>>,
    pub(crate) shape: Shape,
    /// The tokens that one result may have.
    pub(crate) tokens: u32,
    /// The argument that is a cursor.
    pub(crate) cursor: Option<usize>,
    /// The arguments that hold secrets, a bit for each.
    pub(crate) secrets: Secrets,
    /// What redacted results have to be, where results are redacted.
    #[cfg(feature = "redact")]
    pub(crate) check: Option<OutputCheck>,
    /// Arguments that an HTTP header repeats.
    pub(crate) headers: Box<[HeaderParam]>,
    /// How many calls of it run at the same time, where that has a limit of its own.
    pub(crate) concurrency: Option<Concurrency>,
    input_schema: Vec<u8>,
    output_schema: Vec<u8>,
}

impl ToolEntry {
    /// Works it out. `tokens` is what a result may have unless the tool says otherwise.
    pub(crate) fn new(
        spec: &'static ToolSpec,
        tokens: u32,
        profile: SchemaProfile,
    ) -> Result<Self, ToolMistake> {
        let schema::Input {
            schema: input_schema,
            expects,
            rules,
            cursor,
            secrets,
        } = schema::input(spec, profile).map_err(ToolMistake::Schema)?;
        let secrets = Secrets(secrets);
        let headers = header_params::of_schema(&input_schema).map_err(ToolMistake::Header)?;
        let schema::Output {
            schema: output_schema,
            shape,
            is_page,
        } = schema::output(spec, profile).map_err(ToolMistake::Schema)?;
        let cursor = match (cursor, is_page) {
            (Cursor::At(index), true) => Some(index),
            (Cursor::None, false) => None,
            (Cursor::Misplaced, _) => return Err(ToolMistake::Cursor),
            (Cursor::None, true) => return Err(ToolMistake::NoCursor),
            (Cursor::At(_), false) => return Err(ToolMistake::NoPage),
        };
        let header = spec
            .args
            .iter()
            .enumerate()
            .find(|(index, arg)| arg.header.is_some() && secrets.has(*index));
        if let Some((_, arg)) = header {
            return Err(ToolMistake::Header(format!(
                "the argument `{}` holds a secret, and headers are logged on the way; remove \
                 `header`",
                arg.name
            )));
        }
        let mut args = spec.args.iter().enumerate();
        if let Some((_, arg)) = args.find(|(index, arg)| arg.audit && secrets.has(*index)) {
            return Err(ToolMistake::Secret(format!(
                "the argument `{}` holds a secret, and `#[arg(audit)]` would record it; remove \
                 `audit`",
                arg.name
            )));
        }
        Ok(Self {
            spec,
            expects,
            rules,
            result_rule: OnceLock::new(),
            shape,
            tokens: spec.budget.unwrap_or(tokens),
            cursor,
            secrets,
            #[cfg(feature = "redact")]
            check: None,
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

#[cfg(feature = "redact")]
impl ToolEntry {
    /// Compiles what redacted results have to be.
    pub(crate) fn expect_redaction(&mut self) {
        if matches!(self.shape, Shape::Object | Shape::Other) {
            self.check = OutputCheck::new(&self.output_schema);
        }
    }
}

impl ToolEntry {
    /// What is wrong with a result, as its schema says.
    pub(crate) fn problem_of_result(&self, json: &str) -> Option<String> {
        let rule = self.result_rule.get_or_init(|| {
            let (tree, definitions) = schema::result(self.spec)?;
            Some(nested::compile_all(&tree, &definitions))
        });
        let mut first = None;
        nested::check_all(rule.as_ref()?, "result", json, &mut |problem| {
            first.get_or_insert_with(problem);
        });
        first
    }
}

/// Why a tool cannot be registered.
pub(crate) enum ToolMistake {
    /// A type that it takes or returns has no schema.
    Schema(schema::Mistake),
    /// A header of its arguments cannot be one.
    Header(String),
    /// An argument that holds a secret would be shown.
    Secret(String),
    /// It takes two cursors, or one inside an argument.
    Cursor,
    /// It returns pages and takes no cursor.
    NoCursor,
    /// It takes a cursor and returns no pages.
    NoPage,
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

//! The tools of a server, and the lists of them, ready to send.

use std::sync::{Arc, Mutex, PoisonError};

use crate::args::nested::Rule;
use crate::caller::Caller;
use crate::json;
use crate::protocol::Revision;
use crate::schema::{self, Shape};
use crate::tool::{Hints, ToolSpec};

/// A registered tool with what was worked out about it once.
pub(crate) struct ToolEntry {
    pub(crate) spec: &'static ToolSpec,
    /// What each argument has to be, in words.
    pub(crate) expects: Box<[String]>,
    /// What lies inside each argument and has to be checked.
    pub(crate) rules: Box<[Option<Rule>]>,
    pub(crate) shape: Shape,
    input_schema: Vec<u8>,
    output_schema: Vec<u8>,
}

impl ToolEntry {
    pub(crate) fn new(spec: &'static ToolSpec) -> Result<Self, schema::Recursive> {
        let schema::Input {
            schema: input_schema,
            expects,
            rules,
        } = schema::input(spec)?;
        let schema::Output {
            schema: output_schema,
            shape,
        } = schema::output(spec)?;
        Ok(Self {
            spec,
            expects,
            rules,
            shape,
            input_schema,
            output_schema,
        })
    }

    /// Whether the caller may see and call the tool.
    fn is_visible_to(&self, caller: Option<&Caller>) -> bool {
        self.spec
            .scopes
            .iter()
            .all(|scope| caller.is_some_and(|caller| caller.has_scope(scope)))
    }

    /// Appends the tool as the revision describes it.
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
            annotations(*hints, out);
        }
        out.push(b'}');
    }
}

/// Appends the hints that are set.
fn annotations(hints: Hints, out: &mut Vec<u8>) {
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

/// Which of the scoped tools a caller may see, one bit each; empty when all may see everything.
type Visibility = Box<[u64]>;

/// A list as it was prepared for one revision and visibility.
type Prepared = (Revision, Visibility, Arc<[u8]>);

/// All tools of a server.
pub(crate) struct Catalogue {
    tools: Vec<ToolEntry>,
    /// Positions in `tools`, sorted by name.
    by_name: Box<[usize]>,
    /// Whether some tool needs a scope, so that callers may see different lists.
    scoped: bool,
    lists: Mutex<Vec<Prepared>>,
    max_lists: usize,
}

impl Catalogue {
    pub(crate) fn new(tools: Vec<ToolEntry>, max_lists: u16) -> Self {
        let name = |index: &usize| tools.get(*index).map_or("", |tool| tool.spec.name);
        let mut by_name: Box<[usize]> = (0..tools.len()).collect();
        by_name.sort_unstable_by_key(name);
        let scoped = tools.iter().any(|tool| !tool.spec.scopes.is_empty());
        Self {
            tools,
            by_name,
            scoped,
            lists: Mutex::default(),
            max_lists: usize::from(max_lists),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// Whether lists depend on who asks.
    pub(crate) fn varies_by_caller(&self) -> bool {
        self.scoped
    }

    /// The tool of this name and its position, if the caller may see it.
    pub(crate) fn find(&self, name: &str, caller: Option<&Caller>) -> Option<(usize, &ToolEntry)> {
        let at = self
            .by_name
            .binary_search_by(|index| {
                self.tools
                    .get(*index)
                    .map_or("", |tool| tool.spec.name)
                    .cmp(name)
            })
            .ok()?;
        let index = *self.by_name.get(at)?;
        let tool = self.tools.get(index)?;
        tool.is_visible_to(caller).then_some((index, tool))
    }

    /// The tool at a position that [`Catalogue::find`] gave.
    pub(crate) fn get(&self, index: usize) -> Option<&ToolEntry> {
        self.tools.get(index)
    }

    /// The tools that the caller may see, as a JSON array in registration order.
    pub(crate) fn list(&self, revision: Revision, caller: Option<&Caller>) -> Arc<[u8]> {
        let visibility = self.visibility(caller);
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lists.iter().find(|(known_revision, known_visibility, _)| {
            *known_revision == revision && *known_visibility == visibility
        });
        if let Some((_, _, list)) = known {
            return Arc::clone(list);
        }
        let list: Arc<[u8]> = self.build_list(revision, caller).into();
        if lists.len() < self.max_lists {
            lists.push((revision, visibility, Arc::clone(&list)));
        }
        list
    }

    fn visibility(&self, caller: Option<&Caller>) -> Visibility {
        if !self.scoped {
            return Visibility::default();
        }
        let word = |tools: &[ToolEntry]| {
            tools.iter().fold(0, |bits, tool| {
                bits << 1 | u64::from(tool.is_visible_to(caller))
            })
        };
        self.tools.chunks(64).map(word).collect()
    }

    fn build_list(&self, revision: Revision, caller: Option<&Caller>) -> Vec<u8> {
        let mut out = vec![b'['];
        for tool in self.tools.iter().filter(|tool| tool.is_visible_to(caller)) {
            if out.len() > 1 {
                out.push(b',');
            }
            tool.describe(revision, &mut out);
        }
        out.push(b']');
        out
    }
}

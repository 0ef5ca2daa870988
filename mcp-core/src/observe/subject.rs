//! What a request is about, as the server knows it.
//!
//! Names come from the catalogue. What the client wrote where a name should be is used to look it up and
//! for nothing else, so it can be no dimension of a metric and no text in a record.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::args::Arg;
use crate::audit::{Noted, Secrets};
use crate::catalogue::{Entry, ResourceEntry};
use crate::dispatch::Incoming;
use crate::dynamic::DynamicTool;
use crate::jsonrpc;
use crate::text_args::TextArg;

/// Requests that run something of the author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Tool,
    Resource,
    Prompt,
    Completion,
}

pub(super) fn kind(method: &str) -> Option<Kind> {
    match method {
        "tools/call" => Some(Kind::Tool),
        "resources/read" => Some(Kind::Resource),
        "prompts/get" => Some(Kind::Prompt),
        "completion/complete" => Some(Kind::Completion),
        _ => None,
    }
}

/// Whether there is what the client names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Yes,
    /// There is, and not for this caller.
    Hidden,
    /// There is not.
    No,
    /// The client names nothing.
    Unnamed,
}

impl Found {
    /// Why a request about it is not allowed.
    pub(super) fn reason(self) -> Option<&'static str> {
        match self {
            Self::Hidden => Some("not_visible"),
            Self::No => Some("not_found"),
            Self::Yes | Self::Unnamed => None,
        }
    }
}

/// What a request is about.
pub(crate) struct Subject<'a> {
    kind: Kind,
    pub(crate) found: Found,
    thing: Thing<'a>,
    read_only: bool,
}

enum Thing<'a> {
    Nothing,
    Tool(&'static str, &'static [Arg], Secrets),
    Dynamic(Arc<DynamicTool>),
    Resource(&'a ResourceEntry),
    Prompt(&'static str, &'static [TextArg]),
}

impl<'a> Subject<'a> {
    /// What a request is about that runs something of the author's; `None` for any other.
    pub(crate) fn of_request(incoming: &Incoming<'a>) -> Option<Self> {
        kind(incoming.request.method).map(|kind| Self::of(kind, incoming))
    }

    pub(super) fn of(kind: Kind, incoming: &Incoming<'a>) -> Self {
        let (named, found) = match kind {
            Kind::Tool => named(incoming, tool),
            Kind::Resource => {
                let uri = incoming.request.fields.uri.and_then(jsonrpc::text);
                (uri.is_some(), uri.and_then(|uri| resource(incoming, &uri)))
            }
            Kind::Prompt => named(incoming, prompt),
            Kind::Completion => completed(incoming),
        };
        match found {
            Some((thing, visible, read_only)) => Self {
                kind,
                found: if visible { Found::Yes } else { Found::Hidden },
                thing,
                read_only,
            },
            None => Self {
                kind,
                found: if named { Found::No } else { Found::Unnamed },
                thing: Thing::Nothing,
                read_only: true,
            },
        }
    }

    /// The name, and the attribute that it is the value of.
    pub(crate) fn target(&self) -> Option<(&'static str, &str)> {
        match &self.thing {
            Thing::Nothing => None,
            Thing::Tool(name, ..) => Some((TOOL, name)),
            Thing::Dynamic(tool) => Some((TOOL, tool.name())),
            Thing::Resource(entry) => Some(("mcp.resource.uri", entry.spec.uri)),
            Thing::Prompt(name, _) => Some((PROMPT, name)),
        }
    }

    /// Whether it is a tool that is there for the caller, and does not say that it changes nothing.
    pub(crate) fn may_change(&self) -> bool {
        self.kind == Kind::Tool && self.found == Found::Yes && !self.read_only
    }

    pub(crate) fn is_tool(&self) -> bool {
        self.kind == Kind::Tool
    }

    /// The variables of the URI that is read.
    pub(super) fn variables<'i>(&self, incoming: &Incoming<'i>) -> Vec<Option<Cow<'i, str>>> {
        let Thing::Resource(entry) = &self.thing else {
            return Vec::new();
        };
        let uri = incoming.request.fields.uri.and_then(jsonrpc::text);
        let values = match uri {
            Some(Cow::Borrowed(uri)) => entry.template.matches(uri),
            Some(Cow::Owned(uri)) => entry.template.matches(&uri).map(owned),
            None => None,
        };
        values.unwrap_or_default().into_iter().map(Some).collect()
    }

    /// What is recorded of the arguments.
    pub(super) fn arguments<'i>(
        &self,
        incoming: &Incoming<'i>,
        variables: &'i [Option<Cow<'i, str>>],
    ) -> Noted<'i> {
        let raw = incoming.request.fields.arguments.unwrap_or("{}");
        match (&self.thing, self.kind) {
            (thing, Kind::Completion) => {
                let table = match thing {
                    Thing::Prompt(_, table) => *table,
                    Thing::Resource(entry) => entry.spec.variables,
                    _ => &[],
                };
                completion(incoming, table)
            }
            (Thing::Nothing, Kind::Resource) => Noted::None,
            (Thing::Nothing | Thing::Dynamic(_), _) => Noted::Json(raw, &[], Secrets::default()),
            (Thing::Tool(_, table, secrets), _) => Noted::Json(raw, table, *secrets),
            (Thing::Prompt(_, table), _) => Noted::Texts(raw, table),
            (Thing::Resource(entry), _) => Noted::Variables(variables, entry.spec.variables),
        }
    }
}

const TOOL: &str = "gen_ai.tool.name";
const PROMPT: &str = "gen_ai.prompt.name";

/// What there is, whether the caller may see it, and whether it changes nothing.
type There<'a> = Option<(Thing<'a>, bool, bool)>;

fn owned(values: Vec<Cow<'_, str>>) -> Vec<Cow<'static, str>> {
    let values = values.into_iter();
    values.map(|value| Cow::Owned(value.into_owned())).collect()
}

fn named<'a>(
    incoming: &Incoming<'a>,
    find: impl FnOnce(&Incoming<'a>, &str) -> There<'a>,
) -> (bool, There<'a>) {
    let name = incoming.request.fields.name.and_then(jsonrpc::text);
    (name.is_some(), name.and_then(|name| find(incoming, &name)))
}

fn tool<'a>(incoming: &Incoming<'a>, name: &str) -> There<'a> {
    let catalogue = &incoming.server.0.catalogue;
    let caller = incoming.caller;
    if let Some(tool) = catalogue.tools.any(name) {
        let spec = tool.spec;
        let read_only = spec.hints.read_only == Some(true);
        let thing = Thing::Tool(spec.name, spec.args, tool.secrets);
        return Some((thing, tool.is_visible_to(caller), read_only));
    }
    let tool = catalogue.dynamic.as_ref()?.any(name)?;
    let (visible, read_only) = (tool.is_visible_to(caller), tool.is_read_only());
    Some((Thing::Dynamic(tool), visible, read_only))
}

fn prompt<'a>(incoming: &Incoming<'a>, name: &str) -> There<'a> {
    let entry = incoming.server.0.catalogue.prompts.any(name)?;
    let thing = Thing::Prompt(entry.spec.name, entry.spec.args);
    Some((thing, entry.is_visible_to(incoming.caller), true))
}

fn resource<'a>(incoming: &Incoming<'a>, uri: &str) -> There<'a> {
    let catalogue = &incoming.server.0.catalogue;
    if let Some((entry, _)) = catalogue.resource(uri, incoming.caller) {
        return Some((Thing::Resource(entry), true, true));
    }
    let mut hidden = catalogue.resources.iter().chain(catalogue.templates.iter());
    let entry = hidden.find(|entry| entry.template.matches(uri).is_some())?;
    Some((Thing::Resource(entry), false, true))
}

fn completed<'a>(incoming: &Incoming<'a>) -> (bool, There<'a>) {
    let reference = object(incoming.request.fields.reference);
    let text = |key: &str| reference.get(key).and_then(Value::as_str);
    if let Some(name) = text("name") {
        return (true, prompt(incoming, name));
    }
    let Some(uri) = text("uri") else {
        return (false, None);
    };
    let mut templates = incoming.server.0.catalogue.templates.iter();
    let there = templates.find(|entry| entry.spec.uri == uri).map(|entry| {
        let visible = entry.is_visible_to(incoming.caller);
        (Thing::Resource(entry), visible, true)
    });
    (true, there)
}

fn completion<'i>(incoming: &Incoming<'i>, table: &'static [TextArg]) -> Noted<'i> {
    let argument = object(incoming.request.fields.argument);
    let text = |key: &str| {
        argument
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let known = table.iter().find(|arg| arg.name == text("name"));
    Noted::Completed(known.map(|arg| arg.name), text("value").len())
}

fn object(raw: Option<&str>) -> Value {
    raw.and_then(|raw| serde_json::from_str(raw).ok())
        .unwrap_or_default()
}

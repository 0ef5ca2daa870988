//! From definitions to checked entries of the catalogue.

use std::fmt;
use std::time::Duration;

use super::BuildError;
use super::check::{check_budget, check_duration, check_text, check_tool_name};
use crate::catalogue::{Concurrency, PromptEntry, ResourceEntry, ToolEntry, ToolMistake};
use crate::prompt::PromptSpec;
use crate::refusal::Refusal;
use crate::resource::ResourceSpec;
use crate::schema::SchemaProfile;
use crate::tool::ToolSpec;
use crate::uri_template::Template;

pub(super) fn tools(
    specs: impl Iterator<Item = &'static ToolSpec>,
    has_store: bool,
    concurrency: &[(String, u16)],
    tokens: u32,
    profile: SchemaProfile,
    any_name: bool,
) -> Result<Vec<ToolEntry>, BuildError> {
    let mut entries: Vec<ToolEntry> = Vec::new();
    for spec in specs {
        let name = spec.name;
        if entries.iter().any(|entry| entry.spec.name == name) {
            return Err(BuildError::new(
                Refusal::NameTaken,
                format!(
                    "two tools are named `{name}`; rename one, or give it `#[tool(name = \"...\")]`"
                ),
            ));
        }
        check_tool_name(name, any_name)?;
        check_described("tool", name, spec.description, spec.timeout)?;
        if let Some(tokens) = spec.budget {
            check_budget(&format!("the budget of the tool `{name}`"), tokens)?;
        }
        if spec.single_use && !has_store {
            return Err(BuildError::new(
                Refusal::NoSingleUseStore,
                format!(
                    "the tool `{name}` is `single_use`, and nothing remembers which states were used; \
                 give the server a `single_use_store` (`MemoryStore::single_process()` is enough \
                 for one process)"
                ),
            ));
        }
        let of_tool = |refusal, mistake: &dyn fmt::Display| {
            BuildError::new(refusal, format!("the tool `{name}`: {mistake}"))
        };
        let entry = ToolEntry::new(spec, tokens, profile).map_err(|mistake| match mistake {
            ToolMistake::Schema(mistake) => of_tool(Refusal::TypeWithoutSchema, &mistake),
            ToolMistake::Header(text) => of_tool(Refusal::ArgumentHeader, &text),
            ToolMistake::Secret(text) => of_tool(Refusal::SecretShown, &text),
            ToolMistake::Cursor => BuildError::new(Refusal::PageWithoutCursor, format!(
                "the tool `{name}` has to take its one cursor as an argument of its own: \
                 `cursor: Option<Cursor>`"
            )),
            ToolMistake::NoCursor => BuildError::new(Refusal::PageWithoutCursor, format!(
                "the tool `{name}` returns pages, and nobody could ask for the second; let it take \
                 `cursor: Option<Cursor>`"
            )),
            ToolMistake::NoPage => BuildError::new(Refusal::PageWithoutCursor, format!(
                "the tool `{name}` takes a cursor and hands out none; let it return a `Page`"
            )),
        })?;
        entries.push(entry);
    }
    for (name, most) in concurrency {
        let Some(entry) = entries.iter_mut().find(|entry| entry.spec.name == name) else {
            return Err(BuildError::new(
                Refusal::NoSuchTool,
                format!(
                    "`tool_concurrency` names the tool `{name}`, and there is none; name one that is in \
                 `tools![..]`"
                ),
            ));
        };
        if *most == 0 {
            return Err(BuildError::new(
                Refusal::LimitOutOfRange,
                format!(
                    "`tool_concurrency` of `{name}` is 0, so that it could never run; make it at least 1"
                ),
            ));
        }
        entry.concurrency = Some(Concurrency::at_most(*most));
    }
    Ok(entries)
}

/// Resources at one URI, and resources at many.
pub(super) fn resources(
    specs: impl Iterator<Item = &'static ResourceSpec>,
) -> Result<(Vec<ResourceEntry>, Vec<ResourceEntry>), BuildError> {
    let mut fixed: Vec<ResourceEntry> = Vec::new();
    let mut templates: Vec<ResourceEntry> = Vec::new();
    for (index, spec) in specs.enumerate() {
        let uri = spec.uri;
        if fixed
            .iter()
            .chain(&templates)
            .any(|known| known.spec.uri == uri)
        {
            return Err(BuildError::new(
                Refusal::NameTaken,
                format!("two resources have the URI `{uri}`; give one another"),
            ));
        }
        check_described("resource", uri, spec.description, spec.timeout)?;
        let template = Template::parse(uri).map_err(|error| {
            BuildError::new(
                Refusal::UriTemplate,
                format!("the resource `{uri}`: {error}"),
            )
        })?;
        let list = if template.is_static() {
            &mut fixed
        } else {
            &mut templates
        };
        list.push(ResourceEntry {
            spec,
            template,
            index,
        });
    }
    Ok((fixed, templates))
}

pub(super) fn prompts(
    specs: impl Iterator<Item = &'static PromptSpec>,
) -> Result<Vec<PromptEntry>, BuildError> {
    let mut entries: Vec<PromptEntry> = Vec::new();
    for spec in specs {
        let name = spec.name;
        if entries.iter().any(|entry| entry.spec.name == name) {
            return Err(BuildError::new(
                Refusal::NameTaken,
                format!(
                    "two prompts are named `{name}`; rename one, or give it \
                 `#[prompt(name = \"...\")]`"
                ),
            ));
        }
        check_described("prompt", name, spec.description, spec.timeout)?;
        entries.push(PromptEntry { spec });
    }
    Ok(entries)
}

fn check_described(
    kind: &str,
    name: &str,
    description: &str,
    timeout: Option<Duration>,
) -> Result<(), BuildError> {
    check_text(
        &format!("the description of the {kind} `{name}` has"),
        description,
    )?;
    match timeout {
        Some(limit) => check_duration(&format!("the timeout of the {kind} `{name}`"), limit),
        None => Ok(()),
    }
}

//! What a server offers, and the lists of it, ready to send.

mod prompt;
mod resource;
mod section;
mod tool;

pub(crate) use prompt::PromptEntry;
pub(crate) use resource::ResourceEntry;
pub(crate) use section::{Entry, Section};
pub(crate) use tool::{Concurrency, ToolEntry, ToolMistake, write_hints};

use std::borrow::Cow;

use crate::caller::Caller;
use crate::dynamic::DynamicTools;

/// Everything that clients can list.
pub(crate) struct Catalogue {
    pub(crate) tools: Section<ToolEntry>,
    /// Tools that come and go, listed after the others.
    pub(crate) dynamic: Option<DynamicTools>,
    /// Resources at one URI.
    pub(crate) resources: Section<ResourceEntry>,
    /// Resources at many URIs.
    pub(crate) templates: Section<ResourceEntry>,
    pub(crate) prompts: Section<PromptEntry>,
}

impl Catalogue {
    pub(crate) fn has_tools(&self) -> bool {
        !self.tools.is_empty() || self.dynamic.is_some()
    }

    pub(crate) fn has_resources(&self) -> bool {
        !self.resources.is_empty() || !self.templates.is_empty()
    }

    pub(crate) fn has_prompts(&self) -> bool {
        !self.prompts.is_empty()
    }

    /// What a caller needs to use everything that does not ask for more by itself, each scope once.
    #[cfg(feature = "http")]
    pub(crate) fn first_scopes(&self) -> Vec<&'static str> {
        let mut needed: Vec<&str> = Vec::new();
        for (_, _, scopes, steps_up) in self.permissions() {
            for scope in scopes.iter().filter(|_| !steps_up) {
                if !needed.contains(scope) {
                    needed.push(scope);
                }
            }
        }
        needed
    }

    /// Everything with the scopes that it needs: its kind, its name, the scopes, and whether it asks
    /// for them.
    #[cfg(feature = "http")]
    pub(crate) fn permissions(
        &self,
    ) -> impl Iterator<Item = (&'static str, &str, &'static [&'static str], bool)> {
        fn of<'e, E: Entry>(
            kind: &'static str,
            entries: &'e Section<E>,
        ) -> impl Iterator<Item = (&'static str, &'e str, &'static [&'static str], bool)> {
            let entries = entries.iter();
            entries.map(move |entry| (kind, entry.key(), entry.scopes(), entry.steps_up()))
        }
        of("tool", &self.tools)
            .chain(of("resource", &self.resources))
            .chain(of("resource", &self.templates))
            .chain(of("prompt", &self.prompts))
    }

    /// Whether there is a function that could send log messages to its client.
    pub(crate) fn can_log(&self) -> bool {
        self.has_tools() || self.has_resources() || self.has_prompts()
    }

    /// Whether some argument or variable has suggestions.
    pub(crate) fn has_completions(&self) -> bool {
        let prompts = self.prompts.iter().flat_map(|prompt| prompt.spec.args);
        let templates = self.templates.iter().flat_map(|found| found.spec.variables);
        prompts
            .chain(templates)
            .any(|argument| argument.complete.is_some())
    }

    /// The resource at a URI and the values of its variables, if the caller may see it. One at
    /// exactly this URI comes first, then the template with the most literal characters.
    pub(crate) fn resource<'u>(
        &self,
        uri: &'u str,
        caller: Option<&Caller>,
    ) -> Option<(&ResourceEntry, Vec<Option<Cow<'u, str>>>)> {
        if let Some((_, found)) = self.resources.find(uri, caller) {
            return Some((found, Vec::new()));
        }
        let matching = self
            .templates
            .iter()
            .filter(|entry| entry.is_visible_to(caller))
            .filter_map(|entry| Some((entry, entry.template.matches(uri)?)));
        // The first of several that are equally specific.
        let (found, values) = matching.reduce(|best, next| {
            if next.0.template.specificity() > best.0.template.specificity() {
                next
            } else {
                best
            }
        })?;
        Some((found, values.into_iter().map(Some).collect()))
    }
}

//! A registered prompt.

use super::section::Entry;
use crate::icon;
use crate::json;
use crate::prompt::PromptSpec;
use crate::protocol::Revision;

/// A registered prompt.
pub(crate) struct PromptEntry {
    pub(crate) spec: &'static PromptSpec,
}

impl Entry for PromptEntry {
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
        let spec = self.spec;
        out.extend_from_slice(br#"{"name":"#);
        json::string(out, spec.name);
        if let Some(title) = spec.title
            && revision.has_structured_content()
        {
            out.extend_from_slice(br#","title":"#);
            json::string(out, title);
        }
        out.extend_from_slice(br#","description":"#);
        json::string(out, spec.description.trim());
        for (index, argument) in spec.args.iter().enumerate() {
            let before: &[u8] = if index == 0 {
                br#","arguments":["#
            } else {
                b","
            };
            out.extend_from_slice(before);
            out.extend_from_slice(br#"{"name":"#);
            json::string(out, argument.name);
            let docs = argument.docs.trim();
            if !docs.is_empty() {
                out.extend_from_slice(br#","description":"#);
                json::string(out, docs);
            }
            let required: &[u8] = if argument.required {
                br#","required":true}"#
            } else {
                br#","required":false}"#
            };
            out.extend_from_slice(required);
        }
        if !spec.args.is_empty() {
            out.push(b']');
        }
        if revision.has_icons() {
            icon::write_sources(spec.icons, out);
        }
        out.push(b'}');
    }
}

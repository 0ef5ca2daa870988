//! A registered resource.

use super::section::Entry;
use crate::content::write_annotations;
use crate::icon;
use crate::json;
use crate::protocol::Revision;
use crate::resource::ResourceSpec;
use crate::uri_template::Template;

/// A registered resource, at one URI or at many.
pub(crate) struct ResourceEntry {
    pub(crate) spec: &'static ResourceSpec,
    pub(crate) template: Template,
    /// Its position among all resources of the server.
    pub(crate) index: usize,
}

impl Entry for ResourceEntry {
    fn key(&self) -> &str {
        self.spec.uri
    }

    fn scopes(&self) -> &'static [&'static str] {
        self.spec.scopes
    }

    fn steps_up(&self) -> bool {
        self.spec.step_up
    }

    fn describe(&self, revision: Revision, out: &mut Vec<u8>) {
        let spec = self.spec;
        let one = self.template.is_static();
        let key: &[u8] = if one {
            br#"{"uri":"#
        } else {
            br#"{"uriTemplate":"#
        };
        out.extend_from_slice(key);
        json::string(out, spec.uri);
        out.extend_from_slice(br#","name":"#);
        json::string(out, spec.name);
        if let Some(title) = spec.title
            && revision.has_structured_content()
        {
            out.extend_from_slice(br#","title":"#);
            json::string(out, title);
        }
        out.extend_from_slice(br#","description":"#);
        json::string(out, spec.description.trim());
        if let Some(mime_type) = spec.mime_type {
            out.extend_from_slice(br#","mimeType":"#);
            json::string(out, mime_type);
        }
        if let Some(size) = spec.size
            && one
        {
            out.extend_from_slice(br#","size":"#);
            json::value(out, &size);
        }
        write_annotations(spec.audience, spec.priority, None, out);
        if revision.has_icons() {
            icon::write_sources(spec.icons, out);
        }
        out.push(b'}');
    }
}

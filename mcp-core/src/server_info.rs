//! Name and version of a server.

use crate::icon::{self, Icon};
use crate::json;
use crate::protocol::Revision;

/// Name and version of a server, as clients see them.
///
/// The protocol calls it `Implementation` ([schema, 2026-07-28]).
/// [`server_info!`](crate::server_info) fills in those of the user's crate.
///
/// ```
/// # use mcp_core::{Server, ServerInfo, testing::Client};
/// let info = ServerInfo::new("clock", "1.2.0").title("World clock");
/// let server = Server::new(info, ()).build().unwrap();
/// # let client = Client::new(&server);
/// # let asked = client.request("server/discover", serde_json::json!({}));
/// # let discovered = tokio::runtime::Runtime::new().unwrap().block_on(asked);
/// let seen = &discovered["_meta"]["io.modelcontextprotocol/serverInfo"];
/// assert_eq!(seen["name"], "clock");
/// assert_eq!(seen["title"], "World clock");
/// ```
///
/// [schema, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/schema#implementation
#[derive(Clone, Debug)]
pub struct ServerInfo {
    name: String,
    version: String,
    title: Option<String>,
    description: Option<String>,
    website: Option<String>,
    icons: Vec<Icon>,
}

impl ServerInfo {
    /// A server of this name and version. Neither is checked. Example: [`ServerInfo`].
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            title: None,
            description: None,
            website: None,
            icons: Vec::new(),
        }
    }

    /// The name that people read. Clients of revisions before 2025-06-18 do not get it, since it
    /// came with that one. Example: [`ServerInfo`].
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What the server is for, for people. Clients of revisions before 2025-11-25 do not get it.
    ///
    /// ```
    /// # use mcp_core::ServerInfo;
    /// let info = ServerInfo::new("clock", "1.2.0").description("Tells the time.");
    /// # let _ = info.website("https://example.com/clock");
    /// ```
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Where people read more. Clients of revisions before 2025-11-25 do not get it. Example:
    /// [`ServerInfo::description`].
    pub fn website(mut self, url: impl Into<String>) -> Self {
        self.website = Some(url.into());
        self
    }

    /// Adds a picture. Example: [`Icon`].
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icons.push(icon);
        self
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn icons_are_safe(&self) -> bool {
        self.icons.iter().all(Icon::is_safe)
    }

    pub(crate) fn to_json(&self, revision: Revision) -> Vec<u8> {
        let mut out = br#"{"name":"#.to_vec();
        json::string(&mut out, &self.name);
        out.extend_from_slice(br#","version":"#);
        json::string(&mut out, &self.version);
        let texts = [
            ("title", &self.title, revision.has_structured_content()),
            ("description", &self.description, revision.has_icons()),
            ("websiteUrl", &self.website, revision.has_icons()),
        ];
        for (key, text, known) in texts {
            if let Some(text) = text.as_deref().filter(|_| known) {
                out.push(b',');
                json::string(&mut out, key);
                out.push(b':');
                json::string(&mut out, text);
            }
        }
        if revision.has_icons() {
            icon::write_icons(&self.icons, &mut out);
        }
        out.push(b'}');
        out
    }
}

//! Name and version of a server.

use crate::json;

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
}

impl ServerInfo {
    /// A server of this name and version. Neither is checked. Example: [`ServerInfo`].
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            title: None,
        }
    }

    /// The name that people read. Clients of revisions before 2025-06-18 do not get it, since it
    /// came with that one. Example: [`ServerInfo`].
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    pub(crate) fn to_json(&self, with_title: bool) -> Vec<u8> {
        let mut out = br#"{"name":"#.to_vec();
        json::string(&mut out, &self.name);
        out.extend_from_slice(br#","version":"#);
        json::string(&mut out, &self.version);
        if let Some(title) = self.title.as_deref().filter(|_| with_title) {
            out.extend_from_slice(br#","title":"#);
            json::string(&mut out, title);
        }
        out.push(b'}');
        out
    }
}

//! Parts of answers that are the same every time, written once.

use crate::catalogue::Catalogue;
use crate::json;
use crate::protocol::Revision;
use crate::server_info::ServerInfo;

/// JSON that does not change after `build()`.
pub(crate) struct Texts {
    /// `,"_meta":{..}}`: ends every result of 2026-07-28.
    pub(crate) modern_end: Vec<u8>,
    /// The fields of the `server/discover` result between `resultType` and `_meta`.
    pub(crate) discover: Vec<u8>,
    /// The fields of the `initialize` result after `protocolVersion`: `,"capabilities":..`.
    initialize: Vec<u8>,
    initialize_with_title: Vec<u8>,
    /// Cache fields of lists: `,"ttlMs":..,"cacheScope":".."`.
    pub(crate) list_caching: Vec<u8>,
}

impl Texts {
    /// Writes them for a server that offers the catalogue. `anonymous` says that everybody may ask.
    pub(crate) fn new(
        info: &ServerInfo,
        guidance: Option<&str>,
        anonymous: bool,
        catalogue: &Catalogue,
    ) -> Self {
        let titled = info.to_json(true);
        let mut modern_end = br#","_meta":{""#.to_vec();
        modern_end.extend_from_slice(crate::protocol::meta::SERVER_INFO.as_bytes());
        modern_end.extend_from_slice(br#"":"#);
        modern_end.extend_from_slice(&titled);
        modern_end.extend_from_slice(b"}}");

        let capabilities: &[u8] = if catalogue.is_empty() {
            b"{}"
        } else {
            br#"{"tools":{}}"#
        };
        let mut instructions = Vec::new();
        if let Some(text) = guidance {
            instructions.extend_from_slice(br#","instructions":"#);
            json::string(&mut instructions, text.trim());
        }
        // What everybody may see can be kept by shared caches; anything else only by the caller's own,
        // and not for long, since grants change.
        let caching = |shared: bool| {
            let scope = if shared { "public" } else { "private" };
            let ttl_ms = if shared { 300_000 } else { 0 };
            format!(r#","ttlMs":{ttl_ms},"cacheScope":"{scope}""#).into_bytes()
        };

        let versions = Revision::ALL.map(Revision::as_str);
        let mut discover = br#","supportedVersions":"#.to_vec();
        json::value(&mut discover, &versions);
        discover.extend_from_slice(br#","capabilities":"#);
        discover.extend_from_slice(capabilities);
        discover.extend_from_slice(&instructions);
        discover.extend_from_slice(&caching(anonymous));

        let initialize = |with_title| {
            let mut out = br#","capabilities":"#.to_vec();
            out.extend_from_slice(capabilities);
            out.extend_from_slice(br#","serverInfo":"#);
            out.extend_from_slice(&info.to_json(with_title));
            out.extend_from_slice(&instructions);
            out.push(b'}');
            out
        };
        Self {
            modern_end,
            discover,
            initialize: initialize(false),
            initialize_with_title: initialize(true),
            list_caching: caching(anonymous && !catalogue.varies_by_caller()),
        }
    }

    pub(crate) fn initialize(&self, revision: Revision) -> &[u8] {
        if revision.has_structured_content() {
            &self.initialize_with_title
        } else {
            &self.initialize
        }
    }
}

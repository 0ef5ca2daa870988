//! Parts of answers that are the same every time, written once.

use crate::catalogue::Catalogue;
use crate::json;
use crate::protocol::Revision;
use crate::server_info::ServerInfo;

/// JSON that does not change after `build()`.
pub(crate) struct Texts {
    /// `,"_meta":{..}}`: ends every result of 2026-07-28.
    pub(crate) modern_end: Vec<u8>,
    /// The fields of the `server/discover` result between `resultType` and `_meta`, for hosts that
    /// can tell clients of changes and for those that cannot.
    discover: [Vec<u8>; 2],
    /// The fields of the `initialize` result after `protocolVersion`, by revision and as above.
    initialize: Vec<(Revision, [Vec<u8>; 2])>,
    /// Cache fields of what everybody may see: `,"ttlMs":..,"cacheScope":".."`.
    shared_caching: Vec<u8>,
    /// Cache fields of everything else.
    pub(crate) private_caching: Vec<u8>,
    anonymous: bool,
    /// Whether clients are told when lists change, and when the list of tools does.
    changes: (bool, bool),
}

impl Texts {
    /// Writes them for a server that offers the catalogue. `anonymous` says that everybody may ask.
    pub(crate) fn new(
        info: &ServerInfo,
        guidance: Option<&str>,
        anonymous: bool,
        list_changes: bool,
        catalogue: &Catalogue,
    ) -> Self {
        let mut modern_end = br#","_meta":{""#.to_vec();
        modern_end.extend_from_slice(crate::protocol::meta::SERVER_INFO.as_bytes());
        modern_end.extend_from_slice(br#"":"#);
        modern_end.extend_from_slice(&info.to_json(Revision::V2026_07_28));
        modern_end.extend_from_slice(b"}}");

        let mut instructions = Vec::new();
        if let Some(text) = guidance {
            instructions.extend_from_slice(br#","instructions":"#);
            json::string(&mut instructions, text.trim());
        }
        // What everybody may see can be kept by shared caches; anything else only by the caller's own,
        // and not for long, since grants change.
        let shared_caching = br#","ttlMs":300000,"cacheScope":"public""#.to_vec();
        let private_caching = br#","ttlMs":0,"cacheScope":"private""#.to_vec();

        let capabilities =
            |revision, live| write_capabilities(catalogue, revision, live, list_changes);
        let discover = |live| {
            let mut out = br#","supportedVersions":"#.to_vec();
            json::value(&mut out, &Revision::ALL.map(Revision::as_str));
            out.extend_from_slice(&capabilities(Revision::V2026_07_28, live));
            out.extend_from_slice(&instructions);
            let caching = if anonymous {
                &shared_caching
            } else {
                &private_caching
            };
            out.extend_from_slice(caching);
            out
        };
        let initialize = |revision, live| {
            let mut out = capabilities(revision, live);
            out.extend_from_slice(br#","serverInfo":"#);
            out.extend_from_slice(&info.to_json(revision));
            out.extend_from_slice(&instructions);
            out.push(b'}');
            out
        };
        let legacy = Revision::ALL
            .into_iter()
            .filter(|revision| !revision.is_modern());
        Self {
            modern_end,
            discover: [discover(false), discover(true)],
            initialize: legacy
                .map(|revision| {
                    let texts = [initialize(revision, false), initialize(revision, true)];
                    (revision, texts)
                })
                .collect(),
            shared_caching,
            private_caching,
            anonymous,
            changes: (list_changes, list_changes || catalogue.dynamic.is_some()),
        }
    }

    /// Whether clients are told when the lists of resources and prompts change.
    pub(crate) fn lists_change(&self) -> bool {
        self.changes.0
    }

    /// Whether clients are told when the list of tools changes.
    pub(crate) fn tools_change(&self) -> bool {
        self.changes.1
    }

    /// The fields of `server/discover`; `live` says that clients can be told of changes.
    pub(crate) fn discover(&self, live: bool) -> &[u8] {
        let [still, alive] = &self.discover;
        if live { alive } else { still }
    }

    /// The fields of `initialize`; `live` as above.
    pub(crate) fn initialize(&self, revision: Revision, live: bool) -> &[u8] {
        let found = self.initialize.iter().find(|(known, _)| *known == revision);
        match found {
            Some((_, [_, alive])) if live => alive,
            Some((_, [still, _])) => still,
            None => b"}",
        }
    }

    /// The cache fields of a list.
    pub(crate) fn caching(&self, varies_by_caller: bool) -> &[u8] {
        if self.anonymous && !varies_by_caller {
            &self.shared_caching
        } else {
            &self.private_caching
        }
    }
}

/// `,"capabilities":{..}`: what is served, and nothing else.
fn write_capabilities(
    catalogue: &Catalogue,
    revision: Revision,
    live: bool,
    list_changes: bool,
) -> Vec<u8> {
    let mut out = br#","capabilities":{"#.to_vec();
    let mut add = |name: &str, settings: &[(&str, bool)]| {
        if out.last() != Some(&b'{') {
            out.push(b',');
        }
        json::string(&mut out, name);
        let mut separator: &[u8] = b":{";
        for (key, _) in settings.iter().filter(|(_, on)| *on) {
            out.extend_from_slice(separator);
            json::string(&mut out, key);
            out.extend_from_slice(b":true");
            separator = b",";
        }
        let end: &[u8] = if separator == b"," { b"}" } else { b":{}" };
        out.extend_from_slice(end);
    };
    if catalogue.has_tools() {
        let changes = live && (list_changes || catalogue.dynamic.is_some());
        add("tools", &[("listChanged", changes)]);
    }
    if catalogue.has_resources() {
        let settings = [("listChanged", live && list_changes), ("subscribe", live)];
        add("resources", &settings);
    }
    if catalogue.has_prompts() {
        add("prompts", &[("listChanged", live && list_changes)]);
    }
    if catalogue.has_completions() && revision.has_completions() {
        add("completions", &[]);
    }
    if catalogue.can_log() {
        add("logging", &[]);
    }
    out.push(b'}');
    out
}

//! The lists: tools, resources, templates, prompts.

use crate::catalogue::{Entry, Section};
use crate::dispatch::Incoming;
use crate::dynamic::DynamicTools;
use crate::encode::{self, Answer};

pub(crate) fn list_tools(incoming: Incoming<'_>) -> Answer {
    let catalogue = &incoming.server.0.catalogue;
    list(
        incoming,
        "tools",
        &catalogue.tools,
        catalogue.dynamic.as_ref(),
    )
}

pub(crate) fn list_resources(incoming: Incoming<'_>) -> Answer {
    list(
        incoming,
        "resources",
        &incoming.server.0.catalogue.resources,
        None,
    )
}

pub(crate) fn list_templates(incoming: Incoming<'_>) -> Answer {
    let templates = &incoming.server.0.catalogue.templates;
    list(incoming, "resourceTemplates", templates, None)
}

pub(crate) fn list_prompts(incoming: Incoming<'_>) -> Answer {
    list(
        incoming,
        "prompts",
        &incoming.server.0.catalogue.prompts,
        None,
    )
}

/// Tools that come and go are numbered from here on in cursors.
const DYNAMIC: u64 = 1 << 32;

fn list<E: Entry>(
    incoming: Incoming<'_>,
    key: &str,
    section: &Section<E>,
    dynamic: Option<&DynamicTools>,
) -> Answer {
    let varies = section.varies_by_caller() || dynamic.is_some_and(DynamicTools::varies_by_caller);
    let caching = incoming.server.0.texts.caching(varies);
    let (revision, caller) = (incoming.request.revision, incoming.caller);
    let from = match incoming.request.fields.cursor {
        None | Some("null") => 0,
        Some(raw) => match open_cursor(incoming, key, raw) {
            Some(from) => from,
            None => {
                let text = "this cursor was not issued by this server for this list and caller, \
                            or has expired; list again without one";
                return incoming.invalid(text);
            }
        },
    };
    let Some(size) = page_size(incoming) else {
        let fixed = section.list(revision, caller);
        let Some(dynamic) = dynamic else {
            return encode::list(incoming, key, &fixed, None, caching);
        };
        let mut items = fixed.to_vec();
        dynamic.page(revision, caller, 0, usize::MAX, &mut items);
        return encode::list(incoming, key, &items, None, caching);
    };
    let mut items = Vec::new();
    let mut next = None;
    let mut taken = 0;
    if from < DYNAMIC {
        let start = usize::try_from(from).unwrap_or(usize::MAX);
        let (after, count) = section.page(revision, caller, start, size, &mut items);
        next = after.and_then(|after| u64::try_from(after).ok());
        taken = count;
    }
    if let Some(dynamic) = dynamic
        && next.is_none()
    {
        let start = from.saturating_sub(DYNAMIC);
        let after = dynamic.page(revision, caller, start, size - taken, &mut items);
        next = after.map(|after| DYNAMIC + after);
    }
    let cursor = next.and_then(|next| seal_cursor(incoming, key, next));
    encode::list(incoming, key, &items, cursor.as_deref(), caching)
}

/// The size of a page; `None` when lists come whole, as they do when nothing can be sealed.
fn page_size(incoming: Incoming<'_>) -> Option<usize> {
    #[cfg(feature = "seal")]
    if incoming.server.0.custody.sealer().is_some() {
        return incoming.server.0.page_size;
    }
    let _ = incoming;
    None
}

#[cfg(feature = "seal")]
fn open_cursor(incoming: Incoming<'_>, key: &str, raw: &str) -> Option<u64> {
    let text = crate::jsonrpc::text(raw)?;
    let opened = incoming.server.0.custody.open(
        crate::seal::Purpose::Cursor,
        incoming.caller,
        &[key.as_bytes()],
        &text,
    )?;
    opened.payload.try_into().ok().map(u64::from_be_bytes)
}

#[cfg(feature = "seal")]
fn seal_cursor(incoming: Incoming<'_>, key: &str, next: u64) -> Option<String> {
    incoming.server.0.custody.seal(
        crate::seal::Purpose::Cursor,
        incoming.caller,
        &[key.as_bytes()],
        crate::custody::CURSOR_LIFETIME,
        &next.to_be_bytes(),
    )
}

#[cfg(not(feature = "seal"))]
fn open_cursor(_: Incoming<'_>, _: &str, _: &str) -> Option<u64> {
    None
}

#[cfg(not(feature = "seal"))]
fn seal_cursor(_: Incoming<'_>, _: &str, _: u64) -> Option<String> {
    None
}

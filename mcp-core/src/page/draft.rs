//! A page as it is filled, and as it is cut to the budget.

use serde_core::Serialize;
use serde_json::Value;

use super::{Page, Positions};
use crate::caller::Caller;
use crate::custody::{CURSOR_LIFETIME, Custody};
use crate::error::Error;
use crate::inject::Request;
use crate::json::{self, Bounded};
use crate::output::{ReplyKind, on_one_line};
use crate::result_policy::{About, Budget};
use crate::seal::{self, Purpose};

/// The items for one page and a little more than fits, each as JSON.
pub(crate) struct Draft {
    pub(crate) items: Vec<Vec<u8>>,
    positions: DraftPositions,
    /// Whether items come after these, and how many, where that is known.
    more: bool,
    rest: Option<u64>,
}

enum DraftPositions {
    /// The number of items before the first.
    Counted(u64),
    /// The key of each item.
    Keyed(Vec<Vec<u8>>),
}

/// Fills a page until the budget is exceeded or the items end.
pub(super) fn write<T: Serialize>(
    page: Page<T>,
    request: &Request<'_>,
) -> Result<Draft, ReplyKind> {
    let Page {
        mut items,
        positions: how,
        mut more,
    } = page;
    let budget = request.budget();
    let capacity = budget.capacity();
    let max_bytes = usize::try_from(request.limits.result_bytes).unwrap_or(usize::MAX);
    let mut positions = match &how {
        Positions::Counted(start) => DraftPositions::Counted(*start),
        Positions::Keyed(_) => DraftPositions::Keyed(Vec::new()),
    };
    let mut drafted = Vec::new();
    let (mut weight, mut bytes) = (0_usize, 0_usize);
    // Items that were taken and are not on the draft.
    let mut beyond = 0;
    for item in items.by_ref() {
        let mut out = Bounded::new(request.limits.result_bytes);
        match serde_json::to_writer(&mut out, &item) {
            Ok(()) => {}
            Err(_) if out.is_full() && drafted.is_empty() => return Err(ReplyKind::TooLarge),
            Err(_) if out.is_full() => {
                beyond = 1;
                break;
            }
            Err(error) => return Err(ReplyKind::Failed(Error::private(error))),
        }
        let json = on_one_line(out.bytes);
        weight = weight.saturating_add(budget.weight(as_text(&json)));
        bytes = bytes.saturating_add(json.len());
        if let (DraftPositions::Keyed(keys), Positions::Keyed(key)) = (&mut positions, &how) {
            keys.push(key(&item).map_err(|error| ReplyKind::Failed(Error::private(error)))?);
        }
        drafted.push(json);
        if weight > capacity || bytes > max_bytes {
            break;
        }
    }
    // How many are left is known where the iterator knows, and the tool left none out.
    let rest = match items.size_hint() {
        (least, Some(most)) if least == most && !more => Some(beyond + most),
        _ => None,
    };
    more |= match rest {
        Some(rest) => rest > 0,
        None => beyond > 0 || items.next().is_some(),
    };
    Ok(Draft {
        items: drafted,
        positions,
        rest: rest.and_then(|rest| u64::try_from(rest).ok()),
        more,
    })
}

fn as_text(json: &[u8]) -> &str {
    std::str::from_utf8(json).unwrap_or_default()
}

impl Draft {
    /// The page that fits, with a cursor to the next one.
    pub(crate) fn finish(self, about: &About<'_>, budget: Budget<'_>) -> ReplyKind {
        let max_bytes = usize::try_from(about.server.0.limits.result_bytes).unwrap_or(usize::MAX);
        let fits = |page: &[u8]| page.len() <= max_bytes && budget.fits(as_text(page));
        if !self.more {
            // Every item has its weight, so that a draft which is too long need not be written out.
            let whole = self.render(self.items.len(), None);
            if fits(&whole) {
                return ReplyKind::Json(whole);
            }
        }
        if about.server.0.custody.sealer().is_none() {
            tracing::error!(
                tool = about.name,
                "a result was to be sent in pages, and the server has no keys to seal the cursor \
                 with: give it some with `seal_with` (`SealKeys::from_env`), or serve on a host \
                 that is alone"
            );
            return about.over_budget(None);
        }
        let mut count = self.fitting(budget, max_bytes);
        while count > 0 {
            let Some(cursor) = self.cursor(about, count) else {
                let cause = "the key of an item is longer than the 16 KiB of a sealed cursor";
                return ReplyKind::Failed(Error::private(cause));
            };
            let page = self.render(count, Some(&cursor));
            if fits(&page) {
                return ReplyKind::Json(page);
            }
            // Beside the items stands what is not known before: the cursor and the rest.
            count -= 1;
        }
        let first = self.items.first().map(|item| budget.weight(as_text(item)));
        about.over_budget(first.map(|weight| budget.tokens_of(weight)))
    }

    /// How many items fit by themselves.
    fn fitting(&self, budget: Budget<'_>, max_bytes: usize) -> usize {
        let (mut weight, mut bytes) = (0_usize, 0_usize);
        let fits = self.items.iter().take_while(|item| {
            weight = weight.saturating_add(budget.weight(as_text(item)) + 1);
            bytes = bytes.saturating_add(item.len() + 1);
            weight <= budget.capacity() && bytes <= max_bytes
        });
        fits.count()
    }

    fn render(&self, count: usize, cursor: Option<&str>) -> Vec<u8> {
        let items = self.items.iter().take(count);
        let length: usize = items.clone().map(|item| item.len() + 1).sum();
        let mut out = Vec::with_capacity(length + cursor.map_or(0, str::len) + 60);
        out.extend_from_slice(br#"{"items":["#);
        for (index, item) in items.enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(item);
        }
        out.push(b']');
        if let Some(cursor) = cursor {
            out.extend_from_slice(br#","next_cursor":"#);
            json::string(&mut out, cursor);
            if let Some(rest) = self.rest {
                let cut = u64::try_from(self.items.len() - count).unwrap_or_default();
                out.extend_from_slice(br#","remaining":"#);
                json::value(&mut out, &(rest + cut));
            }
        }
        out.push(b'}');
        out
    }

    /// The cursor to what comes after so many of the items.
    fn cursor(&self, about: &About<'_>, count: usize) -> Option<String> {
        let position = match &self.positions {
            DraftPositions::Counted(start) => {
                let position = start + u64::try_from(count).ok()?;
                position.to_string().into_bytes()
            }
            DraftPositions::Keyed(keys) => keys.get(count - 1)?.clone(),
        };
        let digest = digest(about.arguments, about.cursor?);
        about.server.0.custody.seal(
            Purpose::Cursor,
            about.caller,
            &parts(about.name, &digest),
            CURSOR_LIFETIME,
            &position,
        )
    }
}

/// The position that a cursor of this call holds, as JSON.
pub(crate) fn open(
    custody: &Custody,
    caller: Option<&Caller>,
    (tool, arguments, argument): (&str, &str, &str),
    token: &str,
) -> Option<String> {
    let digest = digest(arguments, argument);
    let parts = parts(tool, &digest);
    let opened = custody.open(Purpose::Cursor, caller, &parts, token)?;
    String::from_utf8(opened.payload).ok()
}

/// To what a cursor is bound beside its caller.
fn parts<'a>(tool: &'a str, digest: &'a [u8]) -> [&'a [u8]; 3] {
    [b"page", tool.as_bytes(), digest]
}

/// The same for the same arguments, however they are written, whatever the cursor is. One that is
/// `null` counts as left out.
fn digest(arguments: &str, cursor: &str) -> [u8; 32] {
    let mut tree: Value = serde_json::from_str(arguments).unwrap_or_default();
    if let Value::Object(arguments) = &mut tree {
        arguments.retain(|name, value| name != cursor && !value.is_null());
    }
    let mut out = Vec::new();
    json::sorted(&mut out, &tree);
    seal::digest(&[&out])
}

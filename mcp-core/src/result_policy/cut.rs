//! Keeps each kind of result within its budget: text is cut, pages end earlier, the rest is refused.

use super::{About, Budget};
use crate::content::{Content, Contents, ResourceContents};
use crate::json;
use crate::jsonrpc;
use crate::message::Message;
use crate::output::ReplyKind;

/// The reply, within the budget of the call.
pub(super) fn to_budget(reply: ReplyKind, about: &About<'_>) -> ReplyKind {
    let budget = about.budget();
    match reply {
        ReplyKind::Json(json) => value(json, about, budget),
        ReplyKind::Content(contents) => blocks(contents, about, budget),
        ReplyKind::Resource(contents) => parts(contents, about, budget),
        ReplyKind::Messages(messages) => conversation(messages, budget),
        #[cfg(feature = "seal")]
        ReplyKind::Page(draft) => draft.finish(about, budget),
        ReplyKind::Failed(mut error) => {
            if let Some(text) = error.text_mut() {
                shorten(text, budget);
            }
            ReplyKind::Failed(error)
        }
        ReplyKind::Forbidden(mut error) => {
            if let Some(text) = error.text_mut() {
                shorten(text, budget);
            }
            ReplyKind::Forbidden(error)
        }
        ReplyKind::BadArguments(mut text) => {
            shorten(&mut text, budget);
            ReplyKind::BadArguments(text)
        }
        // Short texts of our own.
        other @ (ReplyKind::TooLarge
        | ReplyKind::OverBudget(_)
        | ReplyKind::Refused(_)
        | ReplyKind::TimedOut(_)
        | ReplyKind::Panicked
        | ReplyKind::PastDeadline(_)) => other,
    }
}

/// An error ends where it has to; it says nothing about itself.
fn shorten(text: &mut String, budget: Budget<'_>) {
    if !budget.fits(text) {
        let kept = budget.start_of(text, budget.capacity()).len();
        text.truncate(kept);
    }
}

/// Text as a JSON string, or a value.
fn value(json: Vec<u8>, about: &About<'_>, budget: Budget<'_>) -> ReplyKind {
    let raw = std::str::from_utf8(&json).unwrap_or("null");
    let is_text = about.is_text.unwrap_or_else(|| raw.starts_with('"'));
    let text = is_text.then(|| jsonrpc::text(raw)).flatten();
    let weight = budget.weight(text.as_deref().unwrap_or(raw));
    if weight <= budget.capacity() {
        return ReplyKind::Json(json);
    }
    if let Some(text) = text
        && !about.mime_type.is_some_and(is_json)
    {
        let mut text = text.into_owned();
        budget.cut(&mut text, budget.capacity());
        if !text.is_empty() {
            let mut out = Vec::with_capacity(text.len() + 64);
            json::string(&mut out, &text);
            return ReplyKind::Json(out);
        }
    }
    about.over_budget(Some(budget.tokens_of(weight)))
}

/// Whether text of this media type means nothing when it is cut.
fn is_json(mime_type: &str) -> bool {
    let kind = mime_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// What is left of a budget, from one text to the next.
struct Purse<'b> {
    budget: Budget<'b>,
    left: usize,
    /// How many texts there was no room for.
    dropped: usize,
    /// Whether a text was cut already, after which nothing fits.
    spent: bool,
}

impl<'b> Purse<'b> {
    /// With room for saying what was dropped, if that has to be said.
    fn new(budget: Budget<'b>, reserve: usize) -> Self {
        Self {
            budget,
            left: budget.capacity().saturating_sub(reserve),
            dropped: 0,
            spent: false,
        }
    }

    /// Whether a text is kept, which may be cut where that is possible.
    fn take(&mut self, text: &mut String, can_be_cut: bool) -> bool {
        let weight = self.budget.weight(text);
        if !self.spent && weight <= self.left {
            self.left -= weight;
            return true;
        }
        if !self.spent && can_be_cut {
            self.spent = true;
            self.budget.cut(text, self.left);
            if !text.is_empty() {
                return true;
            }
        }
        self.spent = true;
        self.dropped += 1;
        false
    }

    /// What is said about the texts that are left out.
    fn note(&self) -> Option<String> {
        (self.dropped > 0).then(|| note(self.dropped, self.budget.tokens))
    }
}

fn note(dropped: usize, tokens: u32) -> String {
    format!(
        "[{dropped} more parts are left out, since a result has at most {tokens} tokens. Ask for \
         a smaller part to see them.]"
    )
}

/// Blocks of text are cut or left out; pictures and sound are not counted. Structured content has the
/// same budget once more, since it says the same again.
fn blocks(mut contents: Contents, about: &About<'_>, budget: Budget<'_>) -> ReplyKind {
    if let Some(structured) = &contents.structured {
        let weight = budget.weight(std::str::from_utf8(structured).unwrap_or_default());
        if weight > budget.capacity() {
            return about.over_budget(Some(budget.tokens_of(weight)));
        }
    }
    let weights = contents
        .blocks
        .iter()
        .map(|block| block.weight(&|text| budget.weight(text)));
    let total = weights.fold(0, usize::saturating_add);
    if total <= budget.capacity() {
        return ReplyKind::Content(contents);
    }
    let count = contents.blocks.len();
    let mut purse = Purse::new(budget, reserve(count, budget));
    contents.blocks.retain_mut(|block| keep(block, &mut purse));
    contents.blocks.extend(purse.note().map(Content::text));
    ReplyKind::Content(contents)
}

/// What is held back for a note about this many parts.
fn reserve(count: usize, budget: Budget<'_>) -> usize {
    if count > 1 {
        budget.weight(&note(count, budget.tokens))
    } else {
        0
    }
}

fn keep(block: &mut Content, purse: &mut Purse<'_>) -> bool {
    if let Some((text, mime_type)) = block.text_mut() {
        let can_be_cut = !mime_type.is_some_and(is_json);
        return purse.take(text, can_be_cut);
    }
    // A link is as long as it has to be.
    let mut told = block.told();
    told.is_empty() || purse.take(&mut told, false)
}

/// Text of a resource is cut, or refused where that would break it.
fn parts(mut contents: Box<ResourceContents>, about: &About<'_>, budget: Budget<'_>) -> ReplyKind {
    let texts = contents.texts();
    let total = texts.fold(0_usize, |sum, (text, _)| {
        sum.saturating_add(budget.weight(text))
    });
    if total <= budget.capacity() {
        return ReplyKind::Resource(contents);
    }
    let count = contents.texts().count();
    let broken = contents
        .texts()
        .any(|(_, mime_type)| mime_type.or(about.mime_type).is_some_and(is_json));
    if broken {
        return about.over_budget(Some(budget.tokens_of(total)));
    }
    let mut purse = Purse::new(budget, reserve(count, budget));
    contents.retain_texts(|text| purse.take(text, true));
    if let Some(note) = purse.note() {
        contents = Box::new(contents.and(ResourceContents::text(note).mime_type("text/plain")));
    }
    ReplyKind::Resource(contents)
}

/// The messages of a prompt, as blocks.
fn conversation(mut messages: Vec<Message>, budget: Budget<'_>) -> ReplyKind {
    let weights = messages
        .iter()
        .map(|message| message.content.weight(&|text| budget.weight(text)));
    let total = weights.fold(0, usize::saturating_add);
    if total > budget.capacity() {
        let mut purse = Purse::new(budget, reserve(messages.len(), budget));
        messages.retain_mut(|message| keep(&mut message.content, &mut purse));
        messages.extend(purse.note().map(Message::user));
    }
    ReplyKind::Messages(messages)
}

//! The parts of a reply that a redactor has to see.

use crate::output::ReplyKind;

/// A part of a reply that tells something.
pub(crate) enum Piece<'a> {
    /// Text as it is.
    Text(&'a mut String),
    /// A JSON document.
    Json(&'a mut Vec<u8>),
}

/// All parts of a reply, in order. Texts of our own that stand for a result are none.
pub(super) fn of(reply: &mut ReplyKind) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    match reply {
        ReplyKind::Json(json) => pieces.push(Piece::Json(json)),
        ReplyKind::Content(contents) => {
            for block in &mut contents.blocks {
                block.pieces(&mut pieces);
            }
            pieces.extend(contents.structured.as_mut().map(Piece::Json));
        }
        ReplyKind::Resource(contents) => contents.pieces(&mut pieces),
        ReplyKind::Messages(messages) => {
            for message in messages {
                message.content.pieces(&mut pieces);
            }
        }
        #[cfg(feature = "seal")]
        ReplyKind::Page(draft) => pieces.extend(draft.items.iter_mut().map(Piece::Json)),
        ReplyKind::Failed(error) | ReplyKind::Forbidden(error) => {
            pieces.extend(error.text_mut().map(Piece::Text));
        }
        ReplyKind::BadArguments(text) => pieces.push(Piece::Text(text)),
        ReplyKind::TooLarge
        | ReplyKind::OverBudget(_)
        | ReplyKind::Refused(_)
        | ReplyKind::TimedOut(_)
        | ReplyKind::Panicked
        | ReplyKind::PastDeadline(_) => {}
    }
    pieces
}

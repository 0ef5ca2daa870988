//! Shows a redactor the texts of a reply, and puts into the reply what it makes of them.

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::Redactor;
use super::leaves::{self, Leaf};
use super::pieces::{self, Piece};
use crate::error::{Error, Result};
use crate::output::ReplyKind;
use crate::running::guarded;

/// Redacts a reply. True when something was changed.
///
/// # Errors
///
/// When the redactor fails; nothing of the reply may be sent then.
pub(crate) async fn reply(
    redactor: &dyn Redactor,
    reply: &mut ReplyKind,
    known: &HashSet<String>,
    time: Duration,
) -> Result<bool> {
    let mut pieces = pieces::of(reply);
    let found: Vec<Found> = pieces
        .iter()
        .map(|piece| Found::new(piece, known))
        .collect();
    let mut all: Vec<String> = found.iter().flat_map(Found::texts).cloned().collect();
    texts(redactor, &mut all, time).await?;
    let mut changed = false;
    let mut rest = all.as_slice();
    for (piece, found) in pieces.iter_mut().zip(&found) {
        let (own, others) = rest
            .split_at_checked(found.texts().count())
            .unwrap_or_default();
        rest = others;
        changed |= found.put(piece, own);
    }
    Ok(changed)
}

/// Redacts texts. The redactor is somebody else's code, and may do anything.
///
/// # Errors
///
/// When it fails, panics or takes longer than this.
pub(crate) async fn texts(
    redactor: &dyn Redactor,
    texts: &mut [String],
    time: Duration,
) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let panicked = |_| Error::private("the redactor panicked");
    let started = Instant::now();
    let mut redacting = guarded(|| redactor.redact(texts)).map_err(panicked)?;
    let mut timer = None;
    let ended = poll_fn(|cx| {
        match guarded(|| redacting.as_mut().poll(cx)) {
            Ok(Poll::Ready(ended)) => return Poll::Ready(ended),
            Ok(Poll::Pending) => {}
            Err(stopped) => return Poll::Ready(Err(panicked(stopped))),
        }
        // Only a redactor that has to wait needs a clock.
        let left = time.saturating_sub(started.elapsed());
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(left)));
        if pin!(timer.as_mut()).poll(cx).is_ready() {
            let cause = format!("the redactor did not end within {time:?}");
            return Poll::Ready(Err(Error::private(cause)));
        }
        Poll::Pending
    })
    .await;
    // What it drops is somebody else's code as well.
    guarded(|| drop(redacting)).map_err(panicked)?;
    ended
}

/// What was found in one part of a reply.
enum Found {
    Text(String),
    Json(String, Vec<Leaf>),
}

impl Found {
    fn new(piece: &Piece<'_>, known: &HashSet<String>) -> Self {
        match piece {
            Piece::Text(text) => Self::Text((**text).clone()),
            Piece::Json(json) => {
                let document = String::from_utf8_lossy(json).into_owned();
                let leaves = leaves::find(&document, known);
                Self::Json(document, leaves)
            }
        }
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let (text, leaves) = match self {
            Self::Text(text) => (Some(text), &[][..]),
            Self::Json(_, leaves) => (None, leaves.as_slice()),
        };
        text.into_iter().chain(leaves.iter().map(|leaf| &leaf.text))
    }

    /// Puts the texts into the part they come from. True when one is another.
    fn put(&self, piece: &mut Piece<'_>, texts: &[String]) -> bool {
        match (self, piece) {
            (Self::Text(before), Piece::Text(text)) => {
                let Some(after) = texts.first().filter(|after| *after != before) else {
                    return false;
                };
                (*text).clone_from(after);
                true
            }
            (Self::Json(document, leaves), Piece::Json(json)) => {
                let Some(replaced) = leaves::replace(document, leaves, texts) else {
                    return false;
                };
                **json = replaced;
                true
            }
            _ => false,
        }
    }
}

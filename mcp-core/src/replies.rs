//! Questions that were put to clients of older revisions, and the calls that wait for the answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::client::ClientKey;
use crate::jsonrpc::Id;
use crate::seal;

/// The end of a question: the result, or the error, as raw JSON.
pub(crate) type Answered = Result<String, String>;

/// The questions that wait. Their ids cannot be guessed, and an answer counts only from the client
/// that was asked.
pub(crate) struct Replies(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    limit: usize,
}

/// Who was asked and where the answer goes, by the id of the question as raw JSON.
type Waiting = HashMap<Box<str>, (ClientKey, oneshot::Sender<Answered>)>;

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Questions that one running call may have open, on average.
const PER_CALL: usize = 4;

impl Replies {
    pub(crate) fn new(in_flight: u32) -> Self {
        let calls = usize::try_from(in_flight).unwrap_or(usize::MAX);
        Self(Arc::new(Shared {
            waiting: Mutex::default(),
            limit: calls.saturating_mul(PER_CALL),
        }))
    }

    /// Expects an answer of a client to a question with a new id. `None` at the limit.
    pub(crate) fn expect(&self, client: ClientKey) -> Option<Expected> {
        let random: [u8; 16] = seal::random().ok()?;
        let id: Box<str> = format!("\"{:032x}\"", u128::from_be_bytes(random)).into();
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.0.lock();
        if waiting.len() >= self.0.limit {
            return None;
        }
        waiting.insert(id.clone(), (client, sender));
        drop(waiting);
        Some(Expected {
            shared: Arc::clone(&self.0),
            id,
            receiver,
        })
    }

    /// Hands an answer to the call that waits for it. One from another client, or to a question that
    /// nobody waits for here, is dropped, and false comes back.
    pub(crate) fn fulfil(&self, client: ClientKey, id: Id<'_>, answer: Result<&str, &str>) -> bool {
        let mut waiting = self.0.lock();
        if waiting.get(id.0).is_none_or(|(asked, _)| *asked != client) {
            return false;
        }
        let found = waiting.remove(id.0);
        drop(waiting);
        if let Some((_, sender)) = found {
            // Whoever waited may be gone by now.
            let _ = sender.send(answer.map(str::to_owned).map_err(str::to_owned));
        }
        true
    }
}

/// A question whose answer is expected. Dropped, nobody waits for it any more.
pub(crate) struct Expected {
    shared: Arc<Shared>,
    /// The id of the question, as raw JSON.
    pub(crate) id: Box<str>,
    receiver: oneshot::Receiver<Answered>,
}

impl Expected {
    /// The answer; `None` when there will be none.
    pub(crate) async fn answer(&mut self) -> Option<Answered> {
        (&mut self.receiver).await.ok()
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.shared.lock().remove(&*self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: ClientKey = [1; 16];
    const BOB: ClientKey = [2; 16];

    // [SREQ-2]
    #[test]
    fn an_answer_counts_only_from_the_client_that_was_asked() {
        let replies = Replies::new(1);
        let mut expected = replies.expect(ANN).unwrap();
        let id = expected.id.clone();
        replies.fulfil(BOB, Id(&id), Ok("{}"));
        replies.fulfil(ANN, Id("\"other\""), Ok("{}"));
        replies.fulfil(ANN, Id(&id), Ok(r#"{"a":1}"#));
        replies.fulfil(ANN, Id(&id), Ok("{}"));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let answer = runtime.unwrap().block_on(expected.answer());
        assert_eq!(answer, Some(Ok(r#"{"a":1}"#.to_owned())));
    }

    #[test]
    fn questions_are_counted_at_n_and_n_plus_one_and_forgotten_when_dropped() {
        let replies = Replies::new(1);
        let mut held: Vec<Expected> = (0..PER_CALL)
            .map(|_| replies.expect(ANN).unwrap())
            .collect();
        assert!(replies.expect(ANN).is_none());
        held.pop();
        assert!(replies.expect(ANN).is_some());
        drop(held);
        assert!(replies.0.lock().is_empty());
    }
}

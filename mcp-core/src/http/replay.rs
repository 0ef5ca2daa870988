//! Replies of revision 2025-11-25 that a client can take up again after it lost the connection.
//!
//! The call runs on a task of its own and writes into a buffer; connections come and go and read
//! from it. A buffer is bounded in bytes, in age, and in how many there are.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::client::ClientKey;
use crate::context::Notifications;
use crate::limits::Limits;

/// All replies of a server that can be taken up again.
pub(crate) struct Replays {
    kept: Mutex<HashMap<u128, Arc<Replay>>>,
    limit: usize,
    bytes: usize,
    time: Duration,
}

/// One reply, as far as it has come.
pub(crate) struct Replay {
    number: u128,
    client: ClientKey,
    bytes: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Messages that are still there, the oldest first, and the number of the first.
    messages: VecDeque<Vec<u8>>,
    first: u64,
    size: usize,
    /// When the last message came.
    ended: Option<Instant>,
    /// Whether something was said, or the client was asked to come back.
    begun: bool,
    /// Asks the connection that reads to go, and when to come back.
    leave: Option<Duration>,
    reader: Option<Waker>,
    /// Which reader the reply belongs to: the last one to come.
    readers: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Replays {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            kept: Mutex::default(),
            limit: usize::from(limits.resumable_replies),
            bytes: usize::try_from(limits.resumable_bytes).unwrap_or(usize::MAX),
            time: limits.resumable_time,
        }
    }

    /// A new reply to this client. `None` when no more can be kept.
    pub(crate) fn begin(&self, client: ClientKey) -> Option<Arc<Replay>> {
        let random: [u8; 16] = crate::seal::random().ok()?;
        let number = u128::from_be_bytes(random);
        let now = Instant::now();
        let mut kept = lock(&self.kept);
        kept.retain(|_, replay| !replay.is_old(now, self.time));
        if kept.len() >= self.limit {
            return None;
        }
        let replay = Arc::new(Replay {
            number,
            client,
            bytes: self.bytes,
            state: Mutex::default(),
        });
        kept.insert(number, Arc::clone(&replay));
        Some(replay)
    }

    /// The reply that an event belongs to, from the event after it on. `None` when it is not this
    /// client's, or too old.
    pub(crate) fn resume(&self, client: ClientKey, event: &str) -> Option<Reader> {
        let (number, last) = event.split_once('-')?;
        let number = u128::from_str_radix(number, 16).ok()?;
        let next = last.parse::<u64>().ok()?;
        let now = Instant::now();
        let mut kept = lock(&self.kept);
        kept.retain(|_, replay| !replay.is_old(now, self.time));
        let replay = kept.get(&number).filter(|replay| replay.client == client)?;
        let known = next <= lock(&replay.state).end();
        known.then(|| Reader::new(Arc::clone(replay), next))
    }
}

impl State {
    /// How many messages there have been.
    fn end(&self) -> u64 {
        self.first + u64::try_from(self.messages.len()).unwrap_or(u64::MAX)
    }

    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

impl Replay {
    fn is_old(&self, now: Instant, time: Duration) -> bool {
        let ended = lock(&self.state).ended;
        ended.is_some_and(|ended| now.duration_since(ended) >= time)
    }

    /// Whether something was said, or the client was asked to come back.
    pub(crate) fn has_begun(&self) -> bool {
        lock(&self.state).begun
    }

    /// The last message; nothing follows. `None` for a call that was cancelled.
    pub(crate) fn end(&self, answer: Option<Vec<u8>>) {
        if let Some(answer) = answer {
            self.deliver(answer);
        }
        let mut state = lock(&self.state);
        state.ended = Some(Instant::now());
        state.wake();
    }

    /// Reads the reply from its beginning.
    pub(crate) fn reader(self: &Arc<Self>) -> Reader {
        Reader::new(Arc::clone(self), 0)
    }
}

impl Notifications for Replay {
    fn send(&self, message: Vec<u8>) {
        self.deliver(message);
    }

    fn deliver(&self, message: Vec<u8>) {
        let mut state = lock(&self.state);
        state.begun = true;
        state.size += message.len();
        state.messages.push_back(message);
        // The newest message stays, whatever its size: it may be the answer.
        while state.size > self.bytes && state.messages.len() > 1 {
            if let Some(oldest) = state.messages.pop_front() {
                state.size -= oldest.len();
                state.first += 1;
            }
        }
        state.wake();
    }

    fn disconnect(&self, retry: Duration) {
        let mut state = lock(&self.state);
        state.begun = true;
        state.leave = Some(retry);
        state.wake();
    }
}

/// A connection that reads a reply.
pub(crate) struct Reader {
    replay: Arc<Replay>,
    next: u64,
    /// Which reader this is; a later one takes the reply over.
    turn: u64,
    primed: bool,
    done: bool,
}

impl Reader {
    fn new(replay: Arc<Replay>, next: u64) -> Self {
        let mut state = lock(&replay.state);
        state.readers += 1;
        state.wake();
        let turn = state.readers;
        drop(state);
        Self {
            replay,
            next,
            turn,
            // A client that comes back knows where it is.
            primed: next > 0,
            done: false,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// The next events; `None` at the end.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<Option<Vec<u8>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let mut out = Vec::new();
        let mut state = lock(&self.replay.state);
        if !self.primed {
            self.primed = true;
            // An event without data: from here on the client can come back.
            self.write_id(&mut out, self.next);
            out.extend_from_slice(b"data:\n\n");
        }
        // What has been forgotten is passed over: what the client needs most, the answer, is the newest.
        self.next = self.next.max(state.first);
        while let Some(message) = self
            .next
            .checked_sub(state.first)
            .and_then(|at| usize::try_from(at).ok())
            .and_then(|at| state.messages.get(at))
        {
            self.next += 1;
            self.write_id(&mut out, self.next);
            super::queue::push_event(&mut out, message);
        }
        if self.turn != state.readers {
            // Another connection reads on.
            self.done = true;
        } else if let Some(retry) = state.leave.take() {
            out.extend_from_slice(format!("retry: {}\n\n", retry.as_millis()).as_bytes());
            self.done = true;
        } else if state.ended.is_some() {
            self.done = true;
        } else if out.is_empty() {
            state.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if out.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(out))
    }

    /// `id: ..`: the reply, and how many of its messages the client has.
    fn write_id(&self, out: &mut Vec<u8>, count: u64) {
        out.extend_from_slice(format!("id: {:032x}-{count}\n", self.replay.number).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: ClientKey = [1; 16];
    const BOB: ClientKey = [2; 16];

    fn replays() -> Replays {
        Replays::new(&Limits {
            resumable_replies: 2,
            resumable_bytes: 8,
            resumable_time: Duration::from_secs(3600),
            ..Limits::default()
        })
    }

    fn read(reader: &mut Reader) -> Option<String> {
        match reader.poll(&Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(events)) => Some(String::from_utf8(events).unwrap()),
            Poll::Ready(None) | Poll::Pending => None,
        }
    }

    fn last_id(events: &str) -> String {
        let mut ids = events.lines().filter_map(|line| line.strip_prefix("id: "));
        ids.next_back().unwrap().to_owned()
    }

    // [GET-3]
    #[test]
    fn a_reply_is_taken_up_where_it_was_left() {
        let replays = replays();
        let replay = replays.begin(ANN).unwrap();
        let mut reader = replay.reader();
        let primed = read(&mut reader).unwrap();
        assert!(
            primed.starts_with("id: ") && primed.ends_with("data:\n\n"),
            "{primed}"
        );
        replay.send(b"1".to_vec());
        let first = read(&mut reader).unwrap();
        replay.disconnect(Duration::from_millis(500));
        assert_eq!(read(&mut reader).unwrap(), "retry: 500\n\n");
        assert!(reader.is_done() && read(&mut reader).is_none());

        replay.send(b"2".to_vec());
        replay.end(Some(b"3".to_vec()));
        for _ in 0..2 {
            let mut again = replays.resume(ANN, &last_id(&first)).unwrap();
            let rest = read(&mut again).unwrap();
            assert!(
                rest.contains("data: 2\n\n") && rest.ends_with("data: 3\n\n"),
                "{rest}"
            );
            assert!(!rest.contains("data: 1"), "{rest}");
        }
    }

    // [GET-2]
    #[test]
    fn nobody_reads_the_reply_of_another_client() {
        let replays = replays();
        let replay = replays.begin(ANN).unwrap();
        let id = last_id(&read(&mut replay.reader()).unwrap());
        assert!(replays.resume(BOB, &id).is_none());
        assert!(replays.resume(ANN, &id).is_some());
        for foreign in ["", "1-0", "x-1", "-", &format!("{id}x")] {
            assert!(replays.resume(ANN, foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn replies_and_their_bytes_are_bounded() {
        let replays = replays();
        let first = replays.begin(ANN).unwrap();
        let _second = replays.begin(ANN).unwrap();
        assert!(replays.begin(ANN).is_none());

        let id = last_id(&read(&mut first.reader()).unwrap());
        let rest = || read(&mut replays.resume(ANN, &id).unwrap()).unwrap();
        first.send(b"1234".to_vec());
        first.send(b"5678".to_vec());
        assert!(rest().contains("data: 1234\n\n"));
        first.send(b"9".to_vec());
        assert!(!rest().contains("1234") && rest().contains("-2\ndata: 5678\n\n"));
    }

    #[test]
    fn a_reader_that_is_too_slow_misses_messages_but_not_the_answer() {
        let replays = replays();
        let replay = replays.begin(ANN).unwrap();
        let mut reader = replay.reader();
        let id = last_id(&read(&mut reader).unwrap());
        replay.send(b"1".to_vec());
        replay.end(Some(b"longer than all that is kept".to_vec()));
        for mut reader in [reader, replays.resume(ANN, &id).unwrap()] {
            let rest = read(&mut reader).unwrap();
            assert!(
                rest.ends_with("-2\ndata: longer than all that is kept\n\n"),
                "{rest}"
            );
            assert!(reader.is_done());
        }
        let beyond = id.replace("-0", "-3");
        assert!(replays.resume(ANN, &beyond).is_none());
    }

    #[test]
    fn the_connection_that_came_last_reads() {
        let replays = replays();
        let replay = replays.begin(ANN).unwrap();
        let mut old = replay.reader();
        let id = last_id(&read(&mut old).unwrap());
        let mut new = replays.resume(ANN, &id).unwrap();
        assert!(read(&mut old).is_none() && old.is_done());
        replay.send(b"1".to_vec());
        assert!(read(&mut new).unwrap().contains("data: 1"));
    }
}

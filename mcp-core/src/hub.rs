//! Changes on their way to those who want to hear of them.
//!
//! A listener holds no queue: a change that it has not taken yet is a mark, and marks of the same
//! kind are one. So what waits for a slow client is bounded by what it asked for, and nothing is
//! lost: the client that takes a mark reads the newest state.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

use crate::bus::{Bridge, Changes};

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Tools,
    Prompts,
    Resources,
    Updated(Arc<str>),
}

impl Change {
    /// The method of the notification.
    pub(crate) const fn method(&self) -> &'static str {
        match self {
            Self::Tools => "notifications/tools/list_changed",
            Self::Prompts => "notifications/prompts/list_changed",
            Self::Resources => "notifications/resources/list_changed",
            Self::Updated(_) => "notifications/resources/updated",
        }
    }
}

/// Which lists a listener wants to hear of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    pub(crate) tools: bool,
    pub(crate) prompts: bool,
    pub(crate) resources: bool,
}

/// All listeners of a server.
pub(crate) struct Hub {
    listeners: Arc<Mutex<Listeners>>,
    /// Listeners in all, and of one caller.
    limits: (u32, u32),
    /// Resources of one listener.
    max_uris: u16,
    closed: AtomicBool,
    /// To the other instances of the server.
    bridge: Option<Arc<Bridge>>,
}

/// Who listens, in the order in which they came.
#[derive(Debug, Default)]
struct Listeners {
    all: BTreeMap<u64, Weak<Listener>>,
    /// The number of the last one.
    last: u64,
    /// Those that count as open: in all, and of each caller.
    open: u32,
    open_of: HashMap<Box<[u8]>, u32>,
}

/// Why there is no further listener.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Full {
    Server,
    Caller,
}

impl Hub {
    pub(crate) fn new(
        in_all: u32,
        per_caller: u32,
        max_uris: u16,
        bridge: Option<Arc<Bridge>>,
    ) -> Self {
        Self {
            listeners: Arc::default(),
            limits: (in_all, per_caller),
            max_uris,
            closed: AtomicBool::new(false),
            bridge,
        }
    }

    /// Listens for changes from now on. `owner` counts against the limit of one caller; `None`
    /// belongs to nobody in particular.
    pub(crate) fn listen(
        &self,
        owner: Option<&[u8]>,
        lists: Lists,
        uris: impl IntoIterator<Item = Arc<str>>,
    ) -> Result<Arc<Listener>, Full> {
        let mut listeners = self.lock();
        let (in_all, per_caller) = self.limits;
        if listeners.open >= in_all {
            return Err(Full::Server);
        }
        if owner.is_some_and(|owner| listeners.open_of(owner) >= per_caller) {
            return Err(Full::Caller);
        }
        listeners.open += 1;
        if let Some(owner) = owner {
            *listeners.open_of.entry(owner.into()).or_default() += 1;
        }
        let place = self.place(&mut listeners, true, owner);
        Ok(self.add(&mut listeners, place, lists, uris))
    }

    /// Listens for a client that is remembered, whether or not it has a stream open: whoever
    /// remembers clients bounds how many there are.
    #[cfg(feature = "seal")]
    pub(crate) fn remember(&self, lists: Lists) -> Arc<Listener> {
        let mut listeners = self.lock();
        let place = self.place(&mut listeners, false, None);
        self.add(&mut listeners, place, lists, [])
    }

    fn place(&self, listeners: &mut Listeners, is_open: bool, owner: Option<&[u8]>) -> Place {
        listeners.last += 1;
        Place {
            listeners: Arc::clone(&self.listeners),
            number: listeners.last,
            is_open,
            owner: owner.map(Into::into),
        }
    }

    fn add(
        &self,
        listeners: &mut Listeners,
        place: Place,
        lists: Lists,
        uris: impl IntoIterator<Item = Arc<str>>,
    ) -> Arc<Listener> {
        let number = place.number;
        let listener = Arc::new(Listener::new(Some(place), self.max_uris, lists, uris));
        listeners.all.insert(number, Arc::downgrade(&listener));
        if self.closed.load(Ordering::Relaxed) {
            listener.close();
        }
        listener
    }

    /// Tells everybody who wants to hear of it, at other instances as well.
    pub(crate) fn publish(&self, change: &Change) {
        self.tell(change);
        if let Some(bridge) = &self.bridge {
            bridge.changed(change);
        }
    }

    /// Tells everybody here who wants to hear of it.
    fn tell(&self, change: &Change) {
        for listener in self.everybody() {
            listener.mark(change);
        }
    }

    /// Tells everybody here that whatever they want to hear of may have changed.
    fn tell_everything(&self) {
        for listener in self.everybody() {
            listener.mark_everything();
        }
    }

    /// Tells everybody here what changed at another instance.
    pub(crate) fn apply(&self, changes: &Changes) {
        if changes.everything {
            return self.tell_everything();
        }
        let Lists {
            tools,
            prompts,
            resources,
        } = changes.lists;
        let lists = [
            (tools, Change::Tools),
            (prompts, Change::Prompts),
            (resources, Change::Resources),
        ];
        for (_, change) in lists.iter().filter(|(changed, _)| *changed) {
            self.tell(change);
        }
        for uri in &changes.uris {
            self.tell(&Change::Updated(Arc::clone(uri)));
        }
    }

    /// To the other instances of the server.
    pub(crate) fn bridge(&self) -> Option<&Arc<Bridge>> {
        self.bridge.as_ref()
    }

    /// Ends every listener, those that come later as well.
    pub(crate) fn close(&self) {
        // Whoever comes after those that are told finds it closed.
        self.closed.store(true, Ordering::Relaxed);
        for listener in self.everybody() {
            listener.close();
        }
    }

    /// All listeners of this moment. They are told without the lock, since the last to hold one gives its
    /// place back.
    fn everybody(&self) -> Vec<Arc<Listener>> {
        let listeners = self.lock();
        listeners.all.values().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        lock(&self.listeners)
    }
}

impl Listeners {
    /// How many of this caller count as open.
    fn open_of(&self, owner: &[u8]) -> u32 {
        self.open_of.get(owner).copied().unwrap_or_default()
    }
}

fn lock(listeners: &Mutex<Listeners>) -> MutexGuard<'_, Listeners> {
    listeners.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place among the listeners, given back when this is dropped.
struct Place {
    listeners: Arc<Mutex<Listeners>>,
    number: u64,
    /// Whether it counts as a subscription that is open.
    is_open: bool,
    owner: Option<Box<[u8]>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut listeners = lock(&self.listeners);
        listeners.all.remove(&self.number);
        if self.is_open {
            listeners.open = listeners.open.saturating_sub(1);
        }
        let Some(owner) = &self.owner else { return };
        let left = listeners.open_of(owner).saturating_sub(1);
        if left == 0 {
            listeners.open_of.remove(owner);
        } else if let Some(count) = listeners.open_of.get_mut(owner) {
            *count = left;
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

/// Somebody who wants to hear of changes. Dropped, it hears of none.
#[derive(Debug)]
pub(crate) struct Listener {
    /// Held until it is dropped.
    _place: Option<Place>,
    max_uris: usize,
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug)]
struct State {
    wants: Lists,
    marks: Lists,
    /// The resources wanted, and whether each has a mark.
    uris: BTreeMap<Arc<str>, bool>,
    closed: bool,
}

impl Listener {
    /// One that hears of nothing.
    #[cfg(feature = "testing")]
    pub(crate) fn deaf() -> Arc<Self> {
        Arc::new(Self::new(None, 0, Lists::default(), []))
    }

    fn new(
        place: Option<Place>,
        max_uris: u16,
        lists: Lists,
        uris: impl IntoIterator<Item = Arc<str>>,
    ) -> Self {
        Self {
            _place: place,
            max_uris: usize::from(max_uris),
            state: Mutex::new(State {
                wants: lists,
                marks: Lists::default(),
                uris: uris.into_iter().map(|uri| (uri, false)).collect(),
                closed: false,
            }),
            wake: Notify::new(),
        }
    }

    fn mark(&self, change: &Change) {
        let mut state = self.lock();
        let State {
            wants, marks, uris, ..
        } = &mut *state;
        let marked = match change {
            Change::Tools => wants.tools && !std::mem::replace(&mut marks.tools, wants.tools),
            Change::Prompts => {
                wants.prompts && !std::mem::replace(&mut marks.prompts, wants.prompts)
            }
            Change::Resources => {
                wants.resources && !std::mem::replace(&mut marks.resources, wants.resources)
            }
            Change::Updated(uri) => uris
                .get_mut(uri)
                .is_some_and(|mark| !std::mem::replace(mark, true)),
        };
        drop(state);
        if marked {
            self.wake.notify_one();
        }
    }

    fn mark_everything(&self) {
        let mut state = self.lock();
        state.marks = state.wants;
        state.uris.values_mut().for_each(|mark| *mark = true);
        drop(state);
        self.wake.notify_one();
    }

    /// Also hears of this resource. False when that would be one too many.
    pub(crate) fn subscribe(&self, uri: &str) -> bool {
        let mut state = self.lock();
        if state.uris.contains_key(uri) {
            return true;
        }
        if state.uris.len() >= self.max_uris {
            return false;
        }
        state.uris.insert(uri.into(), false);
        true
    }

    /// Hears of this resource no more.
    pub(crate) fn unsubscribe(&self, uri: &str) {
        self.lock().uris.remove(uri);
    }

    /// Ends it: whoever waits for changes is told.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_one();
    }

    /// The next change, or `None` once it was ended.
    pub(crate) async fn next(&self) -> Option<Change> {
        loop {
            {
                let mut state = self.lock();
                if let Some(change) = state.take() {
                    return Some(change);
                }
                if state.closed {
                    return None;
                }
            }
            self.wake.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<Change> {
        if std::mem::take(&mut self.marks.tools) {
            return Some(Change::Tools);
        }
        if std::mem::take(&mut self.marks.prompts) {
            return Some(Change::Prompts);
        }
        if std::mem::take(&mut self.marks.resources) {
            return Some(Change::Resources);
        }
        let (uri, mark) = self.uris.iter_mut().find(|(_, mark)| **mark)?;
        *mark = false;
        Some(Change::Updated(Arc::clone(uri)))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    fn hub() -> Hub {
        Hub::new(3, 2, 2, None)
    }

    fn waiting(listener: &Listener) -> Vec<Change> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let mut found = Vec::new();
            loop {
                let mut next = pin!(listener.next());
                match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
                    Poll::Ready(Some(change)) => found.push(change),
                    Poll::Ready(None) | Poll::Pending => return found,
                }
            }
        })
    }

    // [SUB-3]
    #[test]
    fn only_what_was_asked_for_is_heard_and_marks_of_a_kind_are_one() {
        let hub = hub();
        let lists = Lists {
            tools: true,
            ..Lists::default()
        };
        let listener = hub.listen(None, lists, ["a://1".into()]).unwrap();
        for _ in 0..1000 {
            hub.publish(&Change::Tools);
            hub.publish(&Change::Prompts);
            hub.publish(&Change::Updated("a://1".into()));
            hub.publish(&Change::Updated("a://2".into()));
        }
        assert_eq!(
            waiting(&listener),
            [Change::Tools, Change::Updated("a://1".into())]
        );
        assert!(waiting(&listener).is_empty());
    }

    #[test]
    fn listeners_and_resources_are_counted_at_n_and_n_plus_one() {
        let hub = hub();
        let listen = |owner: Option<&[u8]>| hub.listen(owner, Lists::default(), []);
        let ann = listen(Some(b"ann")).unwrap();
        let _second = listen(Some(b"ann")).unwrap();
        assert_eq!(listen(Some(b"ann")).unwrap_err(), Full::Caller);
        let _bob = listen(Some(b"bob")).unwrap();
        assert_eq!(listen(None).unwrap_err(), Full::Server);
        assert!(ann.subscribe("a://1") && ann.subscribe("a://2") && ann.subscribe("a://2"));
        assert!(!ann.subscribe("a://3"));
        ann.unsubscribe("a://1");
        assert!(ann.subscribe("a://3"));
        drop(ann);
        assert!(listen(Some(b"ann")).is_ok());
    }

    #[test]
    fn nothing_is_kept_of_listeners_that_are_gone() {
        let hub = hub();
        for _ in 0..10 {
            let listening = hub.listen(Some(b"ann"), Lists::default(), []).unwrap();
            assert_eq!(hub.lock().all.len(), 1);
            drop(listening);
        }
        let left = hub.lock();
        assert!(left.all.is_empty() && left.open_of.is_empty() && left.open == 0);
    }

    #[test]
    fn a_closed_listener_gives_what_waits_and_then_ends() {
        let hub = hub();
        let listener = hub
            .listen(None, Lists::default(), ["a://1".into()])
            .unwrap();
        hub.publish(&Change::Updated("a://1".into()));
        hub.close();
        assert_eq!(waiting(&listener).len(), 1);
        let late = hub.listen(None, Lists::default(), []).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.unwrap();
        for listener in [listener, late] {
            assert_eq!(runtime.block_on(listener.next()), None);
        }
    }
}

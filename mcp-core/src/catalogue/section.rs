//! Entries of one kind: found by key, listed in the order of registration.

use std::sync::{Arc, Mutex, PoisonError};

use crate::caller::Caller;
use crate::protocol::Revision;

/// Something that clients can list.
pub(crate) trait Entry {
    /// By what it is found: a name or a URI.
    fn key(&self) -> &str;

    /// What a caller has to hold, all of it.
    fn scopes(&self) -> &'static [&'static str];

    /// Whether callers who lack them see it, and are asked for them.
    fn steps_up(&self) -> bool;

    /// Appends the entry as the revision describes it.
    fn describe(&self, revision: Revision, out: &mut Vec<u8>);

    /// Whether the caller may see it: what they may not use does not exist for them, unless they can
    /// step up.
    fn is_visible_to(&self, caller: Option<&Caller>) -> bool {
        self.steps_up() || self.is_granted_to(caller)
    }

    /// Whether the caller may use it.
    fn is_granted_to(&self, caller: Option<&Caller>) -> bool {
        are_held(self.scopes(), caller)
    }
}

/// Which of the requirements of a section a caller meets, one bit each; empty when there are none.
type Visibility = Box<[u64]>;

/// A list as it was prepared for one revision and visibility.
type Prepared = (Revision, Visibility, Arc<[u8]>);

/// All entries of one kind.
pub(crate) struct Section<E> {
    entries: Vec<E>,
    /// Positions in `entries`, sorted by key.
    by_key: Box<[usize]>,
    /// The scopes that some entry needs to be seen, each set once: two callers who meet the same see
    /// the same list. Entries are many, and what they need is little.
    requirements: Box<[&'static [&'static str]]>,
    lists: Mutex<Vec<Prepared>>,
    max_lists: usize,
}

impl<E: Entry> Section<E> {
    pub(crate) fn new(entries: Vec<E>, max_lists: u16) -> Self {
        let key = |index: &usize| entries.get(*index).map_or("", Entry::key);
        let mut by_key: Box<[usize]> = (0..entries.len()).collect();
        by_key.sort_unstable_by_key(key);
        let hidden = entries.iter().filter(|entry| !entry.is_visible_to(None));
        let mut requirements: Vec<_> = hidden.map(Entry::scopes).collect();
        requirements.sort_unstable();
        requirements.dedup();
        Self {
            entries,
            by_key,
            requirements: requirements.into(),
            lists: Mutex::default(),
            max_lists: usize::from(max_lists),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &E> {
        self.entries.iter()
    }

    /// Whether lists depend on who asks.
    pub(crate) fn varies_by_caller(&self) -> bool {
        !self.requirements.is_empty()
    }

    /// The entry of this key and its position, if the caller may see it.
    pub(crate) fn find(&self, key: &str, caller: Option<&Caller>) -> Option<(usize, &E)> {
        let (index, entry) = self.at(key)?;
        entry.is_visible_to(caller).then_some((index, entry))
    }

    /// The entry of this key, whoever may see it.
    pub(crate) fn any(&self, key: &str) -> Option<&E> {
        self.at(key).map(|(_, entry)| entry)
    }

    fn at(&self, key: &str) -> Option<(usize, &E)> {
        let at = self
            .by_key
            .binary_search_by(|index| self.entries.get(*index).map_or("", Entry::key).cmp(key))
            .ok()?;
        let index = *self.by_key.get(at)?;
        Some((index, self.entries.get(index)?))
    }

    /// The entry at a position that [`Section::find`] gave.
    pub(crate) fn get(&self, index: usize) -> Option<&E> {
        self.entries.get(index)
    }

    /// The entries that the caller may see, separated by commas, in the order of registration.
    pub(crate) fn list(&self, revision: Revision, caller: Option<&Caller>) -> Arc<[u8]> {
        let visibility = self.visibility(caller);
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lists.iter().find(|(known_revision, known_visibility, _)| {
            *known_revision == revision && *known_visibility == visibility
        });
        if let Some((_, _, list)) = known {
            return Arc::clone(list);
        }
        let mut list = Vec::new();
        self.page(revision, caller, 0, usize::MAX, &mut list);
        let list: Arc<[u8]> = list.into();
        if lists.len() < self.max_lists {
            lists.push((revision, visibility, Arc::clone(&list)));
        }
        list
    }

    /// Appends up to `size` visible entries from a position on. Gives the position after them, or
    /// `None` at the end, and how many they were.
    pub(crate) fn page(
        &self,
        revision: Revision,
        caller: Option<&Caller>,
        from: usize,
        size: usize,
        out: &mut Vec<u8>,
    ) -> (Option<usize>, usize) {
        let mut taken = 0;
        for (index, entry) in self.entries.iter().enumerate().skip(from) {
            if !entry.is_visible_to(caller) {
                continue;
            }
            if taken == size {
                return (Some(index), taken);
            }
            if taken > 0 {
                out.push(b',');
            }
            entry.describe(revision, out);
            taken += 1;
        }
        (None, taken)
    }

    fn visibility(&self, caller: Option<&Caller>) -> Visibility {
        let word = |sets: &[&[&str]]| {
            sets.iter().fold(0, |bits, scopes| {
                bits << 1 | u64::from(are_held(scopes, caller))
            })
        };
        self.requirements.chunks(64).map(word).collect()
    }
}

/// Whether the caller has all of these scopes.
fn are_held(scopes: &[&str], caller: Option<&Caller>) -> bool {
    scopes
        .iter()
        .all(|scope| caller.is_some_and(|caller| caller.has_scope(scope)))
}

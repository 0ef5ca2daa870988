//! One pass over the arguments of a call; every violation is collected.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::bounds::Bounds;
use super::nested;
use super::problem::Shown;
use super::table::{ClientArg, MAX_ARGUMENTS};
use crate::coerce;
use crate::inject::Request;
use crate::jsonrpc;
use crate::output::{Reply, ReplyKind};
#[cfg(feature = "seal")]
use crate::page;
use crate::tool::Outcome;

/// The text of an optional argument.
pub fn as_text<'a>(text: &'a Option<Cow<'_, str>>) -> Option<&'a str> {
    text.as_deref()
}

/// The arguments of one call, being read.
///
/// Each getter gives `None` after it has recorded what is wrong, so all violations are known
/// before [`Args::refuse`] reports them.
#[derive(Debug)]
pub struct Args<'c> {
    pub(super) request: &'c Request<'c>,
    slots: [Option<&'c str>; MAX_ARGUMENTS],
    pub(super) problems: Vec<String>,
    /// All that was wrong, those that are not listed included.
    pub(super) wrong: usize,
    /// The arguments that unknown names may have meant, one bit each.
    pub(super) meant: u16,
}

impl<'c> Args<'c> {
    pub(crate) fn new(request: &'c Request<'c>) -> Self {
        let mut args = Self {
            request,
            slots: [None; MAX_ARGUMENTS],
            problems: Vec::new(),
            wrong: 0,
            meant: 0,
        };
        let mut json = serde_json::Deserializer::from_str(request.arguments);
        let read = json.deserialize_map(Split { args: &mut args });
        if let Err(error) = read {
            // The parse of the whole message has accepted this text, so only our own limit is left.
            args.problem(error.to_string());
        }
        #[cfg(feature = "seal")]
        if let Some(index) = request.input.cursor {
            args.open_cursor(index);
        }
        args
    }

    /// Puts the position that a cursor holds in the place of the sealed text.
    #[cfg(feature = "seal")]
    #[cold]
    fn open_cursor(&mut self, index: usize) {
        let request = self.request;
        let Some(json) = self.slot(index).filter(|json| *json != "null") else {
            return;
        };
        let (name, _) = self.expected(index);
        let call = (request.name, request.arguments, name);
        let custody = &request.server.0.custody;
        let opened =
            jsonrpc::text(json).and_then(|token| page::open(custody, request.caller, call, &token));
        if opened.is_none() {
            self.problem(format!(
                "`{name}` has to be the `next_cursor` of an earlier page, with the other arguments \
                 as they were then; this one is not, or has expired. Leave it out to begin again"
            ));
        }
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = opened.map(|position| request.scratch.keep(position));
        }
    }

    fn slot(&self, index: usize) -> Option<&'c str> {
        self.slots.get(index).copied().flatten()
    }

    /// A required argument.
    pub fn value<T: ClientArg<'c>>(&mut self, index: usize) -> Option<T> {
        match self.slot(index) {
            Some(json) => self.parse(index, json),
            None => match T::missing() {
                Some(value) => Some(value),
                None => self.missing(index),
            },
        }
    }

    /// An argument with a default, which `null` stands for as well.
    pub fn value_or<T: ClientArg<'c>>(&mut self, index: usize, default: fn() -> T) -> Option<T> {
        match self.slot(index) {
            Some(json) if json != "null" => self.parse(index, json),
            _ => Some(default()),
        }
    }

    /// Required text.
    pub fn text(&mut self, index: usize) -> Option<Cow<'c, str>> {
        match self.slot(index) {
            Some(json) => self.parse_text(index, json),
            None => self.missing(index),
        }
    }

    /// Text with a default, which `null` stands for as well.
    pub fn text_or(&mut self, index: usize, default: fn() -> &'static str) -> Option<Cow<'c, str>> {
        match self.slot(index) {
            Some(json) if json != "null" => self.parse_text(index, json),
            _ => Some(Cow::Borrowed(default())),
        }
    }

    /// Text that may be left out or `null`.
    pub fn optional_text(&mut self, index: usize) -> Option<Option<Cow<'c, str>>> {
        match self.slot(index) {
            Some(json) if json != "null" => self.parse_text(index, json).map(Some),
            _ => Some(None),
        }
    }

    /// Keeps a number that lies within the bounds.
    pub fn within<T, B: PartialOrd + fmt::Display>(
        &mut self,
        index: usize,
        value: Option<T>,
        bounds: &Bounds<B>,
        number: fn(&T) -> Option<B>,
    ) -> Option<T> {
        match number(value.as_ref()?) {
            Some(number) if !bounds.hold(&number) => {
                self.violated(index, format_args!("{number}"));
                None
            }
            _ => value,
        }
    }

    /// Keeps text or a list whose length lies within the bounds.
    pub fn measured<T>(
        &mut self,
        index: usize,
        value: Option<T>,
        bounds: &Bounds<u32>,
        length: fn(&T) -> Option<usize>,
    ) -> Option<T> {
        match length(value.as_ref()?) {
            Some(length) if !bounds.hold(&u32::try_from(length).unwrap_or(u32::MAX)) => {
                self.violated(index, format_args!("a length of {length}"));
                None
            }
            _ => value,
        }
    }

    /// Keeps a value that the user's own check accepts; its text says what is wrong otherwise.
    pub fn checked<T, E: fmt::Display>(
        &mut self,
        index: usize,
        value: Option<T>,
        check: impl FnOnce(&T) -> Result<(), E>,
    ) -> Option<T> {
        let value = value?;
        match check(&value) {
            Ok(()) => Some(value),
            Err(error) => {
                self.rejected(index, &error);
                None
            }
        }
    }

    /// Whether nothing was wrong so far.
    pub fn accepted(&self) -> bool {
        self.problems.is_empty()
    }

    /// The reply that lists everything that was wrong.
    #[cold]
    pub fn refuse<'o>(self) -> Outcome<'o> {
        let mut text = match self.wrong {
            1 => "Nothing was done: the arguments have a problem.".to_owned(),
            count => format!("Nothing was done: the arguments have {count} problems."),
        };
        for problem in &self.problems {
            text.push_str("\n- ");
            text.push_str(problem);
        }
        Outcome::now(Reply(ReplyKind::BadArguments(text)))
    }

    fn parse<T: ClientArg<'c>>(&mut self, index: usize, json: &'c str) -> Option<T> {
        let error = match T::parse(json) {
            Ok(value) => return self.holds(index, json).then_some(value),
            Err(error) => error,
        };
        for candidate in coerce::candidates(json, self.request.scratch) {
            if let Ok(value) = T::parse(candidate) {
                return self.holds(index, candidate).then_some(value);
            }
        }
        self.mismatch(index, json, &error);
        None
    }

    /// Whether what lies inside the argument fulfils the rules of its schema.
    fn holds(&mut self, index: usize, json: &str) -> bool {
        let rules = self.request.input.rules;
        let Some(rule) = rules.and_then(|rules| rules.beyond_decoding(index)) else {
            return true;
        };
        let before = self.wrong;
        let (name, _) = self.expected(index);
        nested::check(rule, name, json, &mut |problem| self.report(problem));
        self.wrong == before
    }

    fn parse_text(&mut self, index: usize, json: &'c str) -> Option<Cow<'c, str>> {
        let text = jsonrpc::text(json);
        if text.is_none() {
            self.violated(index, format_args!("{}", Shown(json)));
            return None;
        }
        text.filter(|_| self.holds(index, json))
    }
}

/// Puts each value into the slot of its name.
struct Split<'a, 'c> {
    args: &'a mut Args<'c>,
}

impl<'c> Visitor<'c> for Split<'_, 'c> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arguments")
    }

    fn visit_map<A: MapAccess<'c>>(self, mut map: A) -> Result<(), A::Error> {
        let limit = self.args.request.limits.arguments;
        let mut count = 0_u16;
        while let Some(known) = map.next_key_seed(Name { args: self.args })? {
            count = count.saturating_add(1);
            if count > limit {
                self.args
                    .problem(format!("a call takes at most {limit} arguments"));
                map.next_value::<IgnoredAny>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(());
            }
            let Some(index) = known else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let json = map.next_value::<&'c RawValue>()?.get();
            let Some(slot) = self.args.slots.get_mut(index) else {
                continue;
            };
            if slot.replace(json).is_some() {
                let (name, _) = self.args.expected(index);
                self.args.problem(format!("`{name}` is given twice"));
            }
        }
        Ok(())
    }
}

/// Reads a key as the index of its row; an unknown one is recorded.
struct Name<'a, 'c> {
    args: &'a mut Args<'c>,
}

impl<'c> DeserializeSeed<'c> for Name<'_, 'c> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'c>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let rows = self.args.request.input.args;
        let index = rows.iter().position(|arg| arg.name == key);
        if index.is_none() {
            self.args.unknown(key);
        }
        Ok(index)
    }
}

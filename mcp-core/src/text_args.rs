//! Arguments that are text on the wire: variables of a resource's URI, arguments of a prompt.

use std::borrow::Cow;
use std::str::FromStr;

use crate::complete::Completing;
use crate::inject::Request;
use crate::output::{Reply, ReplyKind};
use crate::text;
use crate::tool::Outcome;

/// One row of the table of a resource's variables or a prompt's arguments.
#[derive(Clone, Copy, Debug)]
pub struct TextArg {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static str,
    pub(crate) required: bool,
    pub(crate) complete: Option<Completer>,
    /// Whether its value is recorded in clear.
    pub(crate) audit: bool,
}

/// Suggests values for what was typed so far.
pub(crate) type Completer = fn(&str, &Completing<'_>) -> Vec<String>;

impl TextArg {
    const fn new(name: &'static str, docs: &'static str, required: bool) -> Self {
        Self {
            name,
            docs,
            required,
            complete: None,
            audit: false,
        }
    }

    /// One that has to be there.
    pub const fn required(name: &'static str, docs: &'static str) -> Self {
        Self::new(name, docs, true)
    }

    /// One that may be left out.
    pub const fn optional(name: &'static str, docs: &'static str) -> Self {
        Self::new(name, docs, false)
    }

    /// One for which clients can ask for suggestions.
    pub const fn complete(mut self, complete: Completer) -> Self {
        self.complete = Some(complete);
        self
    }

    /// One whose value is recorded in clear, in audit records.
    pub const fn audit(mut self) -> Self {
        self.audit = true;
        self
    }
}

/// What the value of an argument that is text on the wire has to be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from text",
    label = "the arguments of prompts and the variables of resources are text",
    note = "implement `std::str::FromStr` for it; if the server supplies it, take it by reference"
)]
pub trait TextValue: Sized {
    /// Reads the value.
    fn read(text: &str) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr> TextValue for T {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// The texts of one request, being read. Each getter gives `None` after it has recorded what is
/// wrong, so that everything is known before [`TextArgs::refuse`] reports it.
#[derive(Debug)]
pub struct TextArgs<'c> {
    request: &'c Request<'c>,
    problems: Vec<String>,
}

impl<'c> TextArgs<'c> {
    pub(crate) fn new(request: &'c Request<'c>) -> Self {
        Self {
            request,
            problems: Vec::new(),
        }
    }

    fn slot(&self, index: usize) -> Option<&'c str> {
        self.request.texts.get(index).and_then(Option::as_deref)
    }

    fn name(&self, index: usize) -> &'static str {
        self.request
            .input
            .texts
            .get(index)
            .map_or("", |argument| argument.name)
    }

    fn missing<T>(&mut self, index: usize) -> Option<T> {
        let problem = format!("`{}` is required", self.name(index));
        self.problems.push(problem);
        None
    }

    fn read<T: TextValue>(&mut self, index: usize, text: &str) -> Option<T> {
        let value = T::read(text);
        if value.is_none() {
            let name = self.name(index);
            let shown = text::cut(text, 40);
            let mut problem = format!("`{name}` cannot be `{shown}`");
            // What the author says about the argument is what it should be instead.
            let argument = self.request.input.texts.get(index);
            let docs = argument.map_or("", |argument| argument.docs.trim());
            if !docs.is_empty() {
                problem.push_str(&format!(" ({})", text::cut(docs, 200)));
            }
            self.problems.push(problem);
        }
        value
    }

    /// Required text.
    pub fn text(&mut self, index: usize) -> Option<&'c str> {
        match self.slot(index) {
            Some(text) => Some(text),
            None => self.missing(index),
        }
    }

    /// Text that may be left out.
    pub fn optional_text(&mut self, index: usize) -> Option<Option<&'c str>> {
        Some(self.slot(index))
    }

    /// Text with a default.
    pub fn text_or(&mut self, index: usize, default: fn() -> &'static str) -> Option<&'c str> {
        Some(self.slot(index).unwrap_or_else(default))
    }

    /// A required value.
    pub fn parsed<T: TextValue>(&mut self, index: usize) -> Option<T> {
        match self.slot(index) {
            Some(text) => self.read(index, text),
            None => self.missing(index),
        }
    }

    /// A value that may be left out.
    pub fn optional<T: TextValue>(&mut self, index: usize) -> Option<Option<T>> {
        match self.slot(index) {
            Some(text) => self.read(index, text).map(Some),
            None => Some(None),
        }
    }

    /// A value with a default.
    pub fn parsed_or<T: TextValue>(&mut self, index: usize, default: fn() -> T) -> Option<T> {
        match self.slot(index) {
            Some(text) => self.read(index, text),
            None => Some(default()),
        }
    }

    /// Whether nothing was wrong so far.
    pub fn accepted(&self) -> bool {
        self.problems.is_empty()
    }

    /// The reply that says what was wrong.
    #[cold]
    pub fn refuse<'o>(self) -> Outcome<'o> {
        Outcome::now(Reply(ReplyKind::BadArguments(self.problems.join("; "))))
    }
}

/// The texts of a request, in the order of a table.
pub(crate) type Texts<'c> = [Option<Cow<'c, str>>];

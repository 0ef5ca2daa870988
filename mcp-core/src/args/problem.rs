//! What is wrong with the arguments of a call, in words that a model can act on: the argument, the
//! rule, and what was there instead.

use std::fmt::{self, Write as _};

use super::nested;
use super::read::Args;
use super::table::MAX_ARGUMENTS;
use crate::text;

/// The longest text about a value that somebody else wrote, in characters.
const MAX_REASON: usize = 200;

/// Violations reported in one reply; a model mends these first.
const MAX_PROBLEMS: usize = 20;

impl<'c> Args<'c> {
    #[cold]
    pub(super) fn missing<T>(&mut self, index: usize) -> Option<T> {
        // One mistake is one violation: a name that was misspelt is not missing as well.
        if self.meant >> index & 1 == 0 {
            let (name, expected) = self.expected(index);
            let problem = format!("`{name}` is required: {expected}");
            self.problem(problem);
        }
        None
    }

    #[cold]
    pub(super) fn violated(&mut self, index: usize, got: fmt::Arguments<'_>) {
        let (name, expected) = self.expected(index);
        let problem = if self.is_secret(index) {
            format!("`{name}` has to be {expected}; what came is not shown")
        } else {
            format!("`{name}` has to be {expected}; got {got}")
        };
        self.problem(problem);
    }

    /// What the user's own check says.
    #[cold]
    pub(super) fn rejected(&mut self, index: usize, error: &dyn fmt::Display) {
        let (name, _) = self.expected(index);
        let error = error.to_string();
        self.problem(format!("`{name}`: {}", text::cut(&error, MAX_REASON)));
    }

    /// Whether an argument must not be echoed.
    fn is_secret(&self, index: usize) -> bool {
        self.request.input.secrets & (1 << index) != 0
    }

    #[cold]
    pub(super) fn mismatch(&mut self, index: usize, json: &str, error: &serde_json::Error) {
        let (name, expected) = self.expected(index);
        let is_structure = matches!(json.as_bytes().first(), Some(b'{' | b'['));
        if is_structure && self.report_all(index, json) {
            return;
        }
        if self.is_secret(index) {
            return self.violated(index, format_args!(""));
        }
        let mut problem = format!("`{name}` has to be {expected}; got {}", Shown(json));
        if is_structure {
            // What is wrong inside a structure; the position would count from its own start.
            let detail = error.to_string();
            let detail = detail.split(" at line ").next().unwrap_or_default();
            let _ = write!(problem, " in which {}", text::cut(detail, MAX_REASON));
        }
        self.problem(problem);
    }

    /// Reports all that its schema finds wrong in an argument that cannot be decoded. False when that
    /// is nothing.
    fn report_all(&mut self, index: usize, json: &str) -> bool {
        let rules = self.request.input.rules;
        let Some(rule) = rules.and_then(|rules| rules.of(index)) else {
            return false;
        };
        let before = self.wrong;
        let (name, _) = self.expected(index);
        nested::check_all(rule, name, json, &mut |problem| self.report(problem));
        self.wrong > before
    }

    pub(super) fn expected(&self, index: usize) -> (&'c str, &'c str) {
        let input = self.request.input;
        let name = input.args.get(index).map_or("", |arg| arg.name);
        let expected = input.expects.get(index).map_or("", |text| text);
        (name, expected)
    }

    #[cold]
    pub(super) fn unknown(&mut self, key: &str) {
        if self.problems.len() >= MAX_PROBLEMS {
            self.wrong += 1;
            return;
        }
        let args = self.request.input.args;
        let known = args.iter().map(|arg| arg.name);
        let mut problem = format!("`{}` is not an argument of this tool", Cut(key));
        if let Some(name) = text::nearest(key, known.clone()) {
            let _ = write!(problem, "; did you mean `{name}`?");
            let meant = args.iter().position(|arg| arg.name == name);
            self.meant |= meant.map_or(0, |index| 1 << (index % MAX_ARGUMENTS));
        } else if args.is_empty() {
            problem.push_str(", which takes none");
        } else {
            let names: Vec<&str> = known.collect();
            let _ = write!(problem, "; it takes `{}`", names.join("`, `"));
        }
        self.problem(problem);
    }

    pub(super) fn problem(&mut self, problem: String) {
        self.wrong += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// The same for a text that is only made when there is room for it.
    pub(super) fn report(&mut self, problem: &dyn Fn() -> String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problem(problem());
        } else {
            self.wrong += 1;
        }
    }
}

/// JSON as it is shown in an error: scalars themselves, short; structures by their kind.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_bytes().first() {
            Some(b'{') => f.write_str("an object"),
            Some(b'[') => f.write_str("a list"),
            Some(b'"') => write!(f, "the text {}", Cut(self.0)),
            _ => write!(f, "{}", Cut(self.0)),
        }
    }
}

/// At most 40 characters of a text.
struct Cut<'a>(&'a str);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = start_of(self.0);
        f.write_str(start)?;
        f.write_str(if start.len() < self.0.len() {
            "..."
        } else {
            ""
        })
    }
}

fn start_of(text: &str) -> &str {
    text::cut(text, 40)
}

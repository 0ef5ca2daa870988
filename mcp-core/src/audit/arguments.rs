//! What a record says about arguments: names that the author declared, sizes, digests.
//!
//! Keys that are no declared arguments are counted and not named: a client can put anything there.

use std::borrow::Cow;

use crate::args::Arg;
use crate::json;
use crate::output::on_one_line;
use crate::text;
use crate::text_args::TextArg;
#[cfg(feature = "seal")]
use aws_lc_rs::hmac;

/// The longest value that is recorded in clear, in characters of its JSON.
const MAX_CLEAR: usize = 256;

/// Makes digests of arguments, if there is a key.
#[derive(Default)]
pub(crate) struct Digests {
    #[cfg(feature = "seal")]
    key: Option<hmac::Key>,
    #[cfg(feature = "seal")]
    too_short: bool,
}

impl Digests {
    #[cfg(feature = "seal")]
    pub(crate) fn keyed(key: &[u8]) -> Self {
        Self {
            key: Some(hmac::Key::new(hmac::HMAC_SHA256, key)),
            too_short: key.len() < 32,
        }
    }

    /// What is wrong with the key.
    #[cfg_attr(not(feature = "seal"), allow(clippy::unused_self))]
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        #[cfg(feature = "seal")]
        if self.too_short {
            return Some("the `digest_key` of the audit has to have at least 32 bytes");
        }
        None
    }

    /// Appends the digest of a value, as raw JSON, as a field.
    #[cfg(feature = "seal")]
    fn write(&self, value: &str, out: &mut Vec<u8>) {
        let Some(key) = &self.key else { return };
        let text = crate::jsonrpc::text(value);
        let tag = hmac::sign(key, text.as_deref().unwrap_or(value).as_bytes());
        out.extend_from_slice(br#","hmac_sha256":""#);
        super::hex(out, tag.as_ref());
        out.push(b'"');
    }

    #[cfg(not(feature = "seal"))]
    #[allow(clippy::unused_self)] // the same shape with the feature and without
    fn write(&self, _: &str, _: &mut Vec<u8>) {}
}

/// The arguments of a call, and what its author declared of them.
#[derive(Clone, Copy)]
pub(crate) enum Noted<'a> {
    /// Those of a tool, as raw JSON.
    Json(&'a str, &'static [Arg], Secrets),
    /// Those of a prompt, as raw JSON.
    Texts(&'a str, &'static [TextArg]),
    /// The variables of a template, in the order of the table.
    Variables(&'a [Option<Cow<'a, str>>], &'static [TextArg]),
    /// The one whose completion was asked for, if it is one, and how many bytes were typed.
    Completed(Option<&'static str>, usize),
    /// There are none.
    None,
}

/// Which arguments of a tool hold a secret, a bit for each.
#[derive(Clone, Copy, Default)]
pub(crate) struct Secrets(pub(crate) u16);

impl Secrets {
    pub(crate) fn has(self, index: usize) -> bool {
        index < 16 && self.0 & (1 << index) != 0
    }
}

/// What a record tells of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Size,
    Digest,
    Clear,
}

impl Shown {
    fn of(clear: bool, secret: bool) -> Self {
        match (clear, secret) {
            (_, true) => Self::Size,
            (true, false) => Self::Clear,
            (false, false) => Self::Digest,
        }
    }
}

/// Appends what is recorded about arguments, as an object.
pub(crate) fn note(arguments: Noted<'_>, digests: &Digests, out: &mut Vec<u8>) {
    let mut notes = Notes {
        digests,
        out,
        separator: b"",
    };
    let (bytes, unknown) = match arguments {
        Noted::Json(raw, table, secrets) => {
            notes.start();
            let find = |key: &str| {
                let mut table = table.iter().enumerate();
                let (index, arg) = table.find(|(_, arg)| arg.name == key)?;
                Some((arg.name, Shown::of(arg.audit, secrets.has(index))))
            };
            (raw.len(), notes.object(raw, find))
        }
        Noted::Texts(raw, table) => {
            notes.start();
            let find = |key: &str| {
                let arg = table.iter().find(|arg| arg.name == key)?;
                Some((arg.name, Shown::of(arg.audit, false)))
            };
            (raw.len(), notes.object(raw, find))
        }
        Noted::Variables(values, table) => {
            notes.start();
            let mut bytes = 0;
            for (value, arg) in values.iter().zip(table) {
                let Some(value) = value else { continue };
                bytes += value.len();
                let mut raw = Vec::new();
                json::string(&mut raw, value);
                let raw = String::from_utf8(raw).unwrap_or_default();
                notes.one(arg.name, value.len(), &raw, Shown::of(arg.audit, false));
            }
            (bytes, 0)
        }
        Noted::Completed(name, bytes) => {
            notes.start();
            if let Some(name) = name {
                notes.sized(name, bytes);
                notes.out.push(b'}');
            }
            (bytes, usize::from(name.is_none()))
        }
        Noted::None => {
            out.extend_from_slice(b"null");
            return;
        }
    };
    out.extend_from_slice(br#"],"unknown":"#);
    number(out, unknown);
    out.extend_from_slice(br#","bytes":"#);
    number(out, bytes);
    out.push(b'}');
}

/// Appends a number, without what a formatter of all kinds of values costs.
pub(super) fn number(out: &mut Vec<u8>, number: usize) {
    if number < 10 {
        // A digit fits.
        out.push(b'0' + u8::try_from(number).unwrap_or_default());
        return;
    }
    let mut digits = [0; 20];
    let mut left = number;
    let mut length = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        length += 1;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(20 - length..).unwrap_or_default());
}

/// The notes on the arguments of one call.
struct Notes<'n> {
    digests: &'n Digests,
    out: &'n mut Vec<u8>,
    separator: &'static [u8],
}

impl Notes<'_> {
    fn start(&mut self) {
        self.out.extend_from_slice(br#"{"named":["#);
    }

    /// Appends a note for each declared argument; gives the number of the others. What is no object has no
    /// arguments.
    fn object(&mut self, raw: &str, find: impl Fn(&str) -> Option<(&'static str, Shown)>) -> usize {
        let mut unknown = 0;
        for (key, value) in json::members(raw) {
            match find(&key) {
                Some((name, shown)) => self.one(name, value.len(), value, shown),
                None => unknown += 1,
            }
        }
        unknown
    }

    /// Opens the note on an argument.
    fn sized(&mut self, name: &'static str, bytes: usize) {
        self.out.extend_from_slice(self.separator);
        self.separator = b",";
        // Names of arguments are identifiers, or were checked to be as harmless.
        self.out.extend_from_slice(br#"{"name":""#);
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(br#"","bytes":"#);
        number(self.out, bytes);
    }

    fn one(&mut self, name: &'static str, bytes: usize, raw: &str, shown: Shown) {
        self.sized(name, bytes);
        // A secret has few enough values for some that a digest would tell it to who has the key.
        if shown != Shown::Size {
            self.digests.write(raw, self.out);
        }
        if shown == Shown::Clear {
            self.out.extend_from_slice(br#","value":"#);
            let short = text::cut(raw, MAX_CLEAR);
            if short.len() == raw.len() {
                let value = on_one_line(raw.as_bytes().to_vec());
                self.out.extend_from_slice(&value);
            } else {
                json::string(self.out, short);
                self.out.extend_from_slice(br#","cut":true"#);
            }
        }
        self.out.push(b'}');
    }
}

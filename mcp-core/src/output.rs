//! What a tool returns, on its way to the client.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_core::Serialize;

use crate::error::{Error, ToolFailure};
use crate::inject::Request;
use crate::json::Bounded;

/// What a tool can return.
///
/// Every type that is `Serialize` and `JsonSchema` is one: it is sent as structured content with
/// the same JSON as text. `String` and `&str` are sent as text, `()` as nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from a tool",
    label = "not a result that a tool can return",
    note = "derive `serde::Serialize` and `schemars::JsonSchema` (schemars 1.x) for it"
)]
pub trait Output {
    /// Writes the value as JSON.
    fn write(&self, request: &Request<'_>) -> Reply;

    /// The schema of the JSON.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> Output for T {
    fn write(&self, request: &Request<'_>) -> Reply {
        let mut out = Bounded::new(request.limits.result_bytes);
        let written = serde_json::to_writer(&mut out, self);
        Reply(match written {
            Ok(()) => ReplyKind::Json(on_one_line(out.bytes)),
            Err(_) if out.is_full() => ReplyKind::TooLarge,
            Err(error) => ReplyKind::Failed(Error::private(error)),
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }
}

/// Raw JSON that a value carries along may hold line breaks, which end a message on stdio and an
/// event in a stream. Between the tokens of JSON they mean the same as spaces; within strings they
/// are always escaped.
fn on_one_line(mut json: Vec<u8>) -> Vec<u8> {
    for byte in &mut json {
        if matches!(*byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    json
}

/// What a call ends with.
pub struct Reply(pub(crate) ReplyKind);

pub(crate) enum ReplyKind {
    /// The value as JSON.
    Json(Vec<u8>),
    /// The value as JSON is larger than the server allows.
    TooLarge,
    /// The function returned an error.
    Failed(Error),
    /// The arguments are not acceptable; the text lists every violation.
    BadArguments(String),
    /// The call lacks something the tool needs.
    Refused(&'static str),
}

impl Reply {
    pub(crate) fn refused(text: &'static str) -> Self {
        Self(ReplyKind::Refused(text))
    }

    fn new<T: Output>(value: &T, request: &Request<'_>) -> Self {
        value.write(request)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").finish_non_exhaustive()
    }
}

/// A returned value, to be recognised by type.
///
/// For a `Result` the inherent methods below win over those of [`PlainReturn`], whatever alias the
/// user wrote; the bounds stand on the methods, so a type that cannot be returned is one plain
/// error in our words.
#[derive(Debug)]
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// The reply for `Ok` or `Err`.
    pub fn __reply(self, request: &Request<'_>) -> Reply
    where
        T: Output,
        E: ToolFailure,
    {
        match self.0 {
            Ok(value) => Reply::new(&value, request),
            Err(error) => Reply(ReplyKind::Failed(error.into_error())),
        }
    }

    /// The schema of the value in `Ok`.
    pub fn __schema(generator: &mut SchemaGenerator) -> Option<Schema>
    where
        T: Output,
    {
        T::schema(generator)
    }
}

/// The same for a value that is not a `Result`.
///
/// The names keep out of the way of traits that a user implements for every type.
pub trait PlainReturn {
    /// The returned type.
    type Value;

    /// The reply.
    fn __reply(self, request: &Request<'_>) -> Reply
    where
        Self::Value: Output;

    /// The schema of the value.
    fn __schema(generator: &mut SchemaGenerator) -> Option<Schema>
    where
        Self::Value: Output;
}

impl<T> PlainReturn for Returned<T> {
    type Value = T;

    fn __reply(self, request: &Request<'_>) -> Reply
    where
        T: Output,
    {
        Reply::new(&self.0, request)
    }

    fn __schema(generator: &mut SchemaGenerator) -> Option<Schema>
    where
        T: Output,
    {
        T::schema(generator)
    }
}

//! What a function returns, on its way to the client.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_core::Serialize;

use crate::content::{Content, Contents, ResourceContents};
use crate::error::{Error, ToolFailure};
use crate::inject::Request;
use crate::json::Bounded;
use crate::message::{self, Message, PromptOutput};
#[cfg(feature = "seal")]
use crate::page::Draft;
use crate::resource::ResourceOutput;

/// What a tool can return.
///
/// Every type that is `Serialize` and `JsonSchema` is one: it is sent as structured content with
/// the same JSON as text. `String` and `&str` are sent as text, `()` as nothing, [`Content`] and
/// [`Contents`] as they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from a tool",
    label = "not a result that a tool can return",
    note = "derive `serde::Serialize` and `schemars::JsonSchema` (schemars 1.x) for it",
    note = "guide: docs/guide/arguments.md"
)]
pub trait Output {
    /// Writes the value.
    fn write(self, request: &Request<'_>) -> Reply;

    /// The schema of the JSON.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> Output for T {
    fn write(self, request: &Request<'_>) -> Reply {
        json(&self, request)
    }

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }
}

#[diagnostic::do_not_recommend]
impl Output for Contents {
    fn write(self, _: &Request<'_>) -> Reply {
        Reply(ReplyKind::Content(self))
    }

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl Output for Content {
    fn write(self, _: &Request<'_>) -> Reply {
        Reply(ReplyKind::Content(self.into()))
    }

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

/// A value as JSON, up to the size that the server allows.
pub(crate) fn json<T: Serialize>(value: &T, request: &Request<'_>) -> Reply {
    let mut out = Bounded::new(request.limits.result_bytes);
    let written = serde_json::to_writer(&mut out, value);
    Reply(match written {
        Ok(()) => ReplyKind::Json(on_one_line(out.bytes)),
        Err(_) if out.is_full() => ReplyKind::TooLarge,
        Err(error) => ReplyKind::Failed(Error::private(error)),
    })
}

/// Raw JSON that a value carries along may hold line breaks, which end a message on stdio and an
/// event in a stream. Between the tokens of JSON they mean the same as spaces; within strings they
/// are always escaped.
pub(crate) fn on_one_line(mut json: Vec<u8>) -> Vec<u8> {
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
    /// Items for a page, to be cut to the budget.
    #[cfg(feature = "seal")]
    Page(Box<Draft>),
    /// The result has more tokens than it may, and cannot be cut; the text says what to do.
    OverBudget(String),
    /// Blocks of content.
    Content(Contents),
    /// The parts of a resource.
    Resource(Box<ResourceContents>),
    /// The messages of a prompt.
    Messages(Vec<Message>),
    /// The function returned an error.
    Failed(Error),
    /// The arguments are not acceptable; the text lists every violation.
    BadArguments(String),
    /// The policy does not let the caller do this.
    Forbidden(Error),
    /// The function was not run to its end, through no fault of its own.
    Refused(Cow<'static, str>),
    /// The function was stopped by its time limit.
    TimedOut(String),
    /// The function panicked.
    Panicked,
    /// The function was stopped because the host waits no longer.
    PastDeadline(String),
}

impl Reply {
    pub(crate) fn refused(text: impl Into<Cow<'static, str>>) -> Self {
        Self(ReplyKind::Refused(text.into()))
    }

    /// What is said of a panic; the log has the rest.
    pub(crate) fn panic() -> Self {
        Self(ReplyKind::Failed(Error::private("the function panicked")))
    }

    pub(crate) fn failed(error: impl ToolFailure) -> Self {
        Self(ReplyKind::Failed(error.into_error()))
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
            Ok(value) => value.write(request),
            Err(error) => Reply::failed(error),
        }
    }

    /// The reply of a resource for `Ok` or `Err`.
    pub fn __contents(self, request: &Request<'_>) -> Reply
    where
        T: ResourceOutput,
        E: ToolFailure,
    {
        match self.0 {
            Ok(value) => value.write_contents(request),
            Err(error) => Reply::failed(error),
        }
    }

    /// The reply of a prompt for `Ok` or `Err`.
    pub fn __messages(self, _: &Request<'_>) -> Reply
    where
        T: PromptOutput,
        E: ToolFailure,
    {
        match self.0 {
            Ok(value) => message::reply(value),
            Err(error) => Reply::failed(error),
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

    /// The reply of a resource.
    fn __contents(self, request: &Request<'_>) -> Reply
    where
        Self::Value: ResourceOutput;

    /// The reply of a prompt.
    fn __messages(self, request: &Request<'_>) -> Reply
    where
        Self::Value: PromptOutput;

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
        self.0.write(request)
    }

    fn __contents(self, request: &Request<'_>) -> Reply
    where
        T: ResourceOutput,
    {
        self.0.write_contents(request)
    }

    fn __messages(self, _: &Request<'_>) -> Reply
    where
        T: PromptOutput,
    {
        message::reply(self.0)
    }

    fn __schema(generator: &mut SchemaGenerator) -> Option<Schema>
    where
        T: Output,
    {
        T::schema(generator)
    }
}

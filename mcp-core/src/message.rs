//! The messages of a prompt.

use std::borrow::Cow;

use crate::content::{Content, Role};
use crate::json;
use crate::output::{Reply, ReplyKind};
use crate::protocol::Revision;

/// One message of a prompt: who says it, and what.
///
/// A prompt returns one message, several, or plain text, which is one message of the user.
///
/// ```
/// use mcp_core::{Message, prompt};
///
/// /// Starts a review of a text.
/// #[prompt]
/// fn review(
///     /// What to review.
///     text: &str,
/// ) -> [Message; 2] {
///     [Message::user(format!("Review this: {text}")), Message::assistant("Gladly.")]
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Message {
    role: Role,
    pub(crate) content: Content,
}

impl Message {
    /// What the user says. Example: [`Message`].
    pub fn user(content: impl Into<Content>) -> Self {
        Self {
            role: Role::User,
            content: content.into(),
        }
    }

    /// What the model said. Example: [`Message`].
    pub fn assistant(content: impl Into<Content>) -> Self {
        Self {
            role: Role::Assistant,
            content: content.into(),
        }
    }

    /// Whether it holds nothing that a model could not be shown as it is.
    #[cfg(feature = "seal")]
    pub(crate) fn is_plain(&self) -> bool {
        self.content.is_plain()
    }

    /// Appends the message. Its content is one block, not a list.
    pub(crate) fn write(&self, revision: Revision, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"role":"#);
        json::string(out, self.role.as_str());
        out.extend_from_slice(br#","content":"#);
        self.content.write(revision, out);
        out.push(b'}');
    }
}

/// What a prompt can return: text, one [`Message`] or several of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from a prompt",
    label = "not the messages of a prompt",
    note = "return a `String`, a `mcp_core::Message`, an array or a `Vec` of them, or a `Result`",
    note = "guide: docs/guide/resources.md"
)]
pub trait PromptOutput {
    /// The messages.
    fn into_messages(self) -> Vec<Message>;
}

impl PromptOutput for Message {
    fn into_messages(self) -> Vec<Message> {
        vec![self]
    }
}

impl PromptOutput for Vec<Message> {
    fn into_messages(self) -> Vec<Message> {
        self
    }
}

impl<const N: usize> PromptOutput for [Message; N] {
    fn into_messages(self) -> Vec<Message> {
        self.into()
    }
}

macro_rules! text {
    ($($text:ty),*) => {$(
        impl PromptOutput for $text {
            fn into_messages(self) -> Vec<Message> {
                vec![Message::user(String::from(self))]
            }
        }
    )*};
}

text!(String, &str, Box<str>, Cow<'_, str>);

pub(crate) fn reply(output: impl PromptOutput) -> Reply {
    Reply(ReplyKind::Messages(output.into_messages()))
}

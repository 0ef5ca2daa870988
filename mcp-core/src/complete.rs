//! Suggestions for arguments of prompts and variables of resources.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use crate::caller::Caller;

/// What is known when suggestions are asked for: the values given so far, who asks, the state.
///
/// A function that suggests values takes what was typed so far, and this if it needs it. At most
/// 100 suggestions are sent, the first ones ([completion, 2026-07-28]). It runs inline, so it
/// should return quickly, and it must not suggest what the caller may not see.
///
/// ```
/// use mcp_core::{Completing, prompt};
///
/// /// Drafts a letter.
/// #[prompt]
/// fn letter(
///     /// The language of the letter.
///     #[arg(complete = languages)]
///     language: &str,
///     /// How it should sound.
///     #[arg(complete = tones)]
///     tone: &str,
/// ) -> String {
///     format!("Write a {tone} letter in {language}.")
/// }
///
/// fn languages(typed: &str) -> Vec<&'static str> {
///     ["English", "German"].into_iter().filter(|name| name.starts_with(typed)).collect()
/// }
///
/// fn tones(typed: &str, with: &Completing<'_>) -> Vec<&'static str> {
///     let tones: &[&str] = match with.argument("language") {
///         Some("German") => &["förmlich", "freundlich"],
///         _ => &["formal", "friendly"],
///     };
///     tones.iter().copied().filter(|tone| tone.starts_with(typed)).collect()
/// }
/// ```
///
/// [completion, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/completion
pub struct Completing<'r> {
    pub(crate) arguments: &'r [(Cow<'r, str>, Cow<'r, str>)],
    pub(crate) caller: Option<&'r Caller>,
    pub(crate) state: &'r (dyn Any + Send + Sync),
}

impl Completing<'_> {
    /// The value of another argument, if the client has sent it. Clients of revisions before
    /// 2025-06-18 send none. Example: [`Completing`].
    pub fn argument(&self, name: &str) -> Option<&str> {
        let given = self.arguments.iter().find(|(known, _)| known == name);
        given.map(|(_, value)| &**value)
    }

    /// Who asks; `None` for an anonymous caller.
    ///
    /// ```
    /// # use mcp_core::Completing;
    /// fn accounts(typed: &str, with: &Completing<'_>) -> Vec<String> {
    ///     let Some(caller) = with.caller() else { return Vec::new() };
    ///     vec![format!("{typed}-{}", caller.subject())]
    /// }
    /// ```
    pub fn caller(&self) -> Option<&Caller> {
        self.caller
    }

    /// The state of the server, if `S` is its type.
    ///
    /// ```
    /// # use mcp_core::Completing;
    /// struct App {
    ///     customers: Vec<String>,
    /// }
    ///
    /// fn customers(typed: &str, with: &Completing<'_>) -> Vec<String> {
    ///     let Some(app) = with.state::<App>() else { return Vec::new() };
    ///     app.customers.iter().filter(|id| id.starts_with(typed)).cloned().collect()
    /// }
    /// ```
    pub fn state<S: 'static>(&self) -> Option<&S> {
        self.state.downcast_ref()
    }
}

/// Shows no values: they are the client's.
impl fmt::Debug for Completing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completing").finish_non_exhaustive()
    }
}

/// A function that suggests values. `M` only tells the two forms apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot suggest values",
    note = "write `fn name(typed: &str) -> Vec<String>`, or take `&Completing<'_>` as a second \
            parameter"
)]
pub trait Complete<M> {
    /// The suggestions for what was typed.
    fn complete(&self, typed: &str, with: &Completing<'_>) -> Vec<String>;
}

/// The most suggestions that one answer holds; the protocol's limit.
pub(crate) const MAX_SUGGESTIONS: usize = 100;

/// One more than is sent, to know that there are more.
fn collect<I>(suggestions: I) -> Vec<String>
where
    I: IntoIterator,
    I::Item: Into<String>,
{
    let suggestions = suggestions.into_iter().map(Into::into);
    suggestions.take(MAX_SUGGESTIONS + 1).collect()
}

impl<F, I> Complete<(I,)> for F
where
    F: Fn(&str) -> I,
    I: IntoIterator,
    I::Item: Into<String>,
{
    fn complete(&self, typed: &str, _: &Completing<'_>) -> Vec<String> {
        collect(self(typed))
    }
}

impl<F, I> Complete<(I, ())> for F
where
    F: Fn(&str, &Completing<'_>) -> I,
    I: IntoIterator,
    I::Item: Into<String>,
{
    fn complete(&self, typed: &str, with: &Completing<'_>) -> Vec<String> {
        collect(self(typed, with))
    }
}

//! What a tool borrows from the server.

use std::fmt;

use crate::args::nested::Rules;
use crate::args::{Arg, Args};
use crate::caller::Caller;
use crate::coerce::Scratch;
use crate::context::{Context, LazyContext};
use crate::limits::Limits;
use crate::notifier::Notifier;
use crate::output::Reply;
use crate::result_policy::Budget;
use crate::server::Server;
use crate::text_args::{TextArg, TextArgs, Texts};
use crate::tool::Outcome;

/// The state of a server: what its tools can borrow.
///
/// Derive it for a struct; every field then provides `&Field`, a field of type `Arc<T>` or `Box<T>`
/// provides `&T` as well, and the struct itself can be borrowed whole. `#[state(skip)]` leaves a
/// field out. `()` is the state of a server that needs none.
///
/// ```
/// use mcp_core::State;
///
/// struct SalesDb;
///
/// #[derive(State)]
/// struct App {
///     sales: SalesDb,
///     #[state(skip)]
///     started: std::time::Instant,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a server state",
    note = "derive it: `#[derive(mcp_core::State)]`",
    note = "the server takes the state itself and shares it, without an `Arc` or a reference",
    note = "guide: docs/guide/state-and-errors.md"
)]
pub trait State: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl State for () {}

/// Supplies `&Self` to tools of servers whose state is `S`.
#[diagnostic::on_unimplemented(
    message = "the server state `{S}` cannot provide a `&{Self}`",
    label = "a tool borrows this, and the server does not have it",
    note = "what a tool borrows comes from the server: `&Context`, `&Caller`, `&Notifier` or a \
            field of the state",
    note = "if `{Self}` should come from the client, take it by value",
    note = "guide: docs/guide/state-and-errors.md"
)]
pub trait Inject<S> {
    /// The value for this call.
    ///
    /// # Errors
    ///
    /// When this call has none, such as an anonymous call that should have a [`Caller`].
    fn inject(call: Call<'_, S>) -> Result<&Self, Refusal>;
}

impl<S> Inject<S> for Context {
    fn inject(call: Call<'_, S>) -> Result<&Self, Refusal> {
        Ok(call.request.context())
    }
}

impl<S> Inject<S> for Caller {
    fn inject(call: Call<'_, S>) -> Result<&Self, Refusal> {
        call.request.caller.ok_or(Refusal(
            "this tool needs to know who calls, and this call is anonymous; sign in and call again",
        ))
    }
}

/// Why a tool cannot have what it borrows.
#[derive(Debug)]
pub struct Refusal(&'static str);

impl Refusal {
    /// The reply of a call that ends here.
    pub fn into_outcome<'c>(self) -> Outcome<'c> {
        Outcome::now(Reply::refused(self.0))
    }
}

/// One call of one tool: the server's state and the request.
pub struct Call<'c, S> {
    state: &'c S,
    request: &'c Request<'c>,
}

/// The part of a call that does not depend on the state.
pub struct Request<'c> {
    pub(crate) server: &'c Server,
    /// The name of the tool, resource or prompt.
    pub(crate) name: &'c str,
    pub(crate) context: &'c LazyContext<'c>,
    pub(crate) notifier: &'c Notifier,
    pub(crate) caller: Option<&'c Caller>,
    pub(crate) limits: &'c Limits,
    pub(crate) input: Input<'c>,
    /// The `arguments` object as raw JSON.
    pub(crate) arguments: &'c str,
    /// Room for corrected arguments, which live as long as the request.
    pub(crate) scratch: &'c Scratch,
    /// The texts of a resource's variables or a prompt's arguments, in the order of the table.
    pub(crate) texts: &'c Texts<'c>,
}

/// What the function declares that it takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Input<'c> {
    /// The arguments of a tool.
    pub(crate) args: &'static [Arg],
    /// What each of them has to be, in words.
    pub(crate) expects: &'c [String],
    /// What lies inside them and has to be checked.
    pub(crate) rules: Option<&'c Rules>,
    /// Which of them is a cursor.
    pub(crate) cursor: Option<usize>,
    /// Which of them hold secrets, a bit for each.
    pub(crate) secrets: u16,
    /// The tokens that the result may have.
    pub(crate) tokens: u32,
    /// The variables of a resource or the arguments of a prompt.
    pub(crate) texts: &'static [TextArg],
}

impl<'c> Request<'c> {
    pub(crate) fn context(&self) -> &'c Context {
        self.context.get()
    }

    /// How much the result may be.
    pub(crate) fn budget(&self) -> Budget<'c> {
        Budget {
            tokens: self.input.tokens,
            counter: self.server.0.result_policy.counter.as_deref(),
        }
    }

    pub(crate) fn notifier(&self) -> &'c Notifier {
        self.notifier
    }
}

impl<S> Clone for Call<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Call<'_, S> {}

impl<'c, S> Call<'c, S> {
    pub(crate) fn new(state: &'c S, request: &'c Request<'c>) -> Self {
        Self { state, request }
    }

    /// The state of the server.
    pub fn state(self) -> &'c S {
        self.state
    }

    /// The part that does not depend on the state.
    pub fn request(self) -> &'c Request<'c> {
        self.request
    }

    /// Borrows a `T` from the server.
    ///
    /// # Errors
    ///
    /// When this call has none.
    pub fn inject<T: Inject<S> + ?Sized>(self) -> Result<&'c T, Refusal> {
        T::inject(self)
    }

    /// Borrows a `T` from the server when this call has one.
    ///
    /// # Errors
    ///
    /// Never; the type matches [`Call::inject`].
    pub fn inject_optional<T: Inject<S> + ?Sized>(self) -> Result<Option<&'c T>, Refusal> {
        Ok(T::inject(self).ok())
    }

    /// Starts to read the arguments.
    pub fn arguments(self) -> Args<'c> {
        Args::new(self.request)
    }

    /// Starts to read arguments that are text on the wire.
    pub fn texts(self) -> TextArgs<'c> {
        TextArgs::new(self.request)
    }
}

impl<S> fmt::Debug for Call<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").finish_non_exhaustive()
    }
}

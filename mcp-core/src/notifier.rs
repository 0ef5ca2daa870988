//! How a server's code says that something changed.

use std::fmt;
use std::sync::Arc;

use crate::hub::{Change, Hub};
use crate::inject::{Call, Inject, Refusal};

/// Tells clients that something changed: borrow it as `&Notifier`, or take it from
/// [`Server::notifier`](crate::Server::notifier) for a task of your own.
///
/// Clients that asked to hear of it get a notification ([subscriptions, 2026-07-28]); clients of
/// older revisions on their stream. Telling costs nothing when nobody listens, and never waits:
/// a client that does not keep up hears once of several changes.
///
/// ```
/// use mcp_core::{Notifier, Result, resource, tool};
///
/// /// What one customer bought.
/// #[resource("sales://customers/{customer_id}/summary")]
/// fn customer_summary(customer_id: &str) -> String {
///     format!("Nothing yet, {customer_id}.")
/// }
///
/// /// Books one sale.
/// #[tool]
/// async fn record_sale(
///     /// Customer number.
///     customer_id: &str,
///     notifier: &Notifier,
/// ) -> Result<()> {
///     notifier.resource_updated(&customer_summary::uri(customer_id));
///     Ok(())
/// }
/// ```
///
/// [subscriptions, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
#[derive(Clone)]
pub struct Notifier(pub(crate) Arc<Hub>);

impl Notifier {
    /// A notifier without a server, to call a function in a test.
    ///
    /// ```
    /// mcp_core::Notifier::for_tests().tools_changed();
    /// ```
    pub fn for_tests() -> Self {
        Self(Arc::new(Hub::new(0, 0, 0, None)))
    }

    /// The resource at this URI has other contents. A client hears of it that asked for exactly this
    /// URI. Example: [`Notifier`].
    pub fn resource_updated(&self, uri: &str) {
        self.0.publish(&Change::Updated(uri.into()));
    }

    /// `resources/list` has other entries. Only heard by clients of a server that says
    /// [`list_changes`](crate::ServerBuilder::list_changes).
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// let server = Server::new(server_info!(), ()).list_changes().build().unwrap();
    /// server.notifier().resources_changed();
    /// server.notifier().prompts_changed();
    /// ```
    pub fn resources_changed(&self) {
        self.0.publish(&Change::Resources);
    }

    /// `tools/list` has other entries. [`DynamicTools`](crate::DynamicTools) say so by themselves.
    /// Example: [`Notifier::resources_changed`].
    pub fn tools_changed(&self) {
        self.0.publish(&Change::Tools);
    }

    /// `prompts/list` has other entries. Example: [`Notifier::resources_changed`].
    pub fn prompts_changed(&self) {
        self.0.publish(&Change::Prompts);
    }
}

impl<S> Inject<S> for Notifier {
    fn inject(call: Call<'_, S>) -> Result<&Self, Refusal> {
        Ok(call.request().notifier())
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notifier").finish_non_exhaustive()
    }
}

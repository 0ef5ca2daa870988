//! The same resource, and who wants to hear of it, with rmcp on one thread, for comparison.
//!
//! Who hears of a change is the server's own affair there; a `watch` channel tells each subscription.

#[path = "shared/listen.rs"]
mod listen;

use std::sync::Arc;

use axum::Router;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{ServerCapabilities, ServerConfig, SubscriptionFilter};
use rmcp::service::SubscriptionContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, ServerHandler, tool, tool_handler, tool_router};
use tokio::sync::watch;

const THING: &str = "thing://one";

/// The server.
#[derive(Clone)]
struct Peer {
    tool_router: ToolRouter<Self>,
    changes: watch::Sender<()>,
}

#[tool_router]
impl Peer {
    /// Says that it changed.
    #[tool]
    fn change(&self) -> String {
        self.changes.send_replace(());
        String::new()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Peer {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources();
        ServerConfig::new(capabilities.enable_resources_subscribe().build())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut thing = self.changes.subscribe();
        loop {
            tokio::select! {
                () = context.cancelled() => return Ok(()),
                changed = thing.changed() => {
                    let told = context.sink().notify_resource_updated(THING);
                    if changed.is_err() || told.await.is_err() {
                        return Ok(());
                    }
                }
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let peer = Peer {
        tool_router: Peer::tool_router(),
        changes: watch::Sender::new(()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let service = StreamableHttpService::new(
            move || Ok(peer.clone()),
            Arc::new(NeverSessionManager::default()),
            StreamableHttpServerConfig::default()
                .with_legacy_session_mode(false)
                .with_json_response(true),
        );
        let app = Router::new().nest_service("/mcp", service);
        axum::serve(listen::listen().await?, app).await
    })
}

//! `add` over HTTP with rmcp, on one thread, for comparison; the first argument is the number of
//! extra tools.

#[macro_use]
#[path = "shared/extra.rs"]
mod extra;
#[path = "shared/listen.rs"]
mod listen;
#[path = "shared/peer.rs"]
mod peer;

use std::sync::Arc;

use axum::Router;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

fn main() -> std::io::Result<()> {
    let peer = peer::Peer::new(extra::wanted());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Its cheapest way to answer: no sessions, and plain JSON where nothing is streamed.
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

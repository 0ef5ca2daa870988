//! The floor of an HTTP server: the tool `add` and a list of 100 tools served by hand with axum,
//! without the SDK.
//!
//! `POST /mcp` on a free loopback port, on one thread. The measuring programs compare the SDK with
//! it.

#[path = "shared/floor.rs"]
mod floor;
#[path = "shared/listen.rs"]
mod listen;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use floor::{Fault, Floor, Message, Params, read, write_fault};

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = Router::new()
            .route("/mcp", post(mcp))
            .with_state(Arc::new(Floor::new(99)));
        axum::serve(listen::listen().await?, app).await
    })
}

/// One request of a client.
async fn mcp(State(floor): State<Arc<Floor>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut reply = Vec::with_capacity(256);
    let status = answer(&floor, &headers, &body, &mut reply);
    if status == StatusCode::ACCEPTED {
        return status.into_response();
    }
    (status, [(CONTENT_TYPE, "application/json")], reply).into_response()
}

/// Appends the answer to one body and says its status; a notification is only accepted.
fn answer(floor: &Floor, headers: &HeaderMap, body: &[u8], reply: &mut Vec<u8>) -> StatusCode {
    let message = match read(body) {
        Ok(message) => message,
        Err(fault) => {
            write_fault(None, fault, reply);
            return status(fault);
        }
    };
    let Some(id) = message.id else {
        return StatusCode::ACCEPTED;
    };
    let answered = message.params().and_then(|params| {
        check_headers(headers, &message, &params)?;
        floor.answer(id, &message.method, &params, reply)
    });
    match answered {
        Ok(()) => StatusCode::OK,
        Err(fault) => {
            write_fault(Some(id), fault, reply);
            status(fault)
        }
    }
}

/// Refuses a request whose headers say something else than its body.
fn check_headers(
    headers: &HeaderMap,
    message: &Message<'_>,
    params: &Params<'_>,
) -> Result<(), Fault> {
    let says = |name: &str, value: &str| {
        headers
            .get(name)
            .is_some_and(|header| header.as_bytes() == value.as_bytes())
    };
    let named = message.method == "tools/call";
    if says("mcp-protocol-version", &params.meta.version)
        && says("mcp-method", &message.method)
        && (!named || says("mcp-name", &params.name))
    {
        Ok(())
    } else {
        Err(Fault::Header)
    }
}

/// The status that goes with an error.
fn status(fault: Fault) -> StatusCode {
    match fault {
        Fault::Method => StatusCode::NOT_FOUND,
        Fault::Tool => StatusCode::OK,
        Fault::Json | Fault::Shape | Fault::Meta | Fault::Header | Fault::Version => {
            StatusCode::BAD_REQUEST
        }
    }
}

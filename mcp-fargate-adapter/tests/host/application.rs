//! A server inside an application that has routes and a layer of its own.

use axum::Router;
use axum::http::{HeaderValue, Response};
use axum::routing::get;
use mcp_core::{Context, Progress, Server, server_info, tool, tools};
use mcp_fargate_adapter::{Ingress, router};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::util::MapResponseLayer;

use crate::{PATIENCE, read_until, request, rest};

/// Greets, and says how far it has come.
#[tool]
async fn greet(
    /// Whom to greet.
    name: String,
    cx: &Context,
) -> String {
    cx.progress(Progress::new(1));
    tokio::task::yield_now().await;
    format!("Hello, {name}!")
}

fn marked<B>(mut response: Response<B>) -> Response<B> {
    let mark = HeaderValue::from_static("of the application");
    response.headers_mut().insert("x-mark", mark);
    response
}

/// What comes of one request on a connection of its own.
async fn asked(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    stream.write_all(request.as_bytes()).await.unwrap();
    String::from_utf8(rest(&mut stream).await).unwrap()
}

#[tokio::test]
async fn a_server_is_a_route_beside_others_under_the_layers_of_an_application() {
    let server = Server::new(server_info!(), ()).tools(tools![greet]);
    let server = server.list_changes().build().unwrap();
    let app = Router::new()
        .route("/version", get(|| async { "7" }))
        .merge(router(server.clone(), Ingress::Loopback).unwrap())
        .layer(MapResponseLayer::new(marked));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let ending = server.clone();
    let serving = tokio::spawn(async move {
        let asked = async move {
            let _ = ended.await;
            ending.end_subscriptions();
        };
        axum::serve(listener, app)
            .with_graceful_shutdown(asked)
            .await
    });

    let version = asked(address, "GET /version HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(
        version.starts_with("HTTP/1.1 200 OK") && version.ends_with("\r\n7"),
        "{version}"
    );

    let call = request(
        "tools/call",
        Some("greet"),
        r#""arguments":{"name":"Ann"},"#,
        "",
    );
    let answer = asked(address, &call).await;
    assert!(
        answer.contains("content-type: application/json") && answer.contains("Hello, Ann!"),
        "{answer}"
    );
    let streamed = call.replace(r#""_meta":{"#, r#""_meta":{"progressToken":1,"#);
    let length = |text: &str| text.split_once("\r\n\r\n").unwrap().1.len().to_string();
    let streamed = streamed.replace(
        &format!("content-length: {}", length(&call)),
        &format!("content-length: {}", length(&streamed)),
    );
    let streamed = asked(address, &streamed).await;
    assert!(streamed.contains("text/event-stream"), "{streamed}");
    let progress = streamed.find("notifications/progress").unwrap();
    assert!(
        progress < streamed.find("Hello, Ann!").unwrap(),
        "{streamed}"
    );

    let foreign = asked(
        address,
        &call.replace("host: localhost", "host: evil.example"),
    )
    .await;
    assert!(foreign.starts_with("HTTP/1.1 403 "), "{foreign}");
    for reply in [version, answer, streamed, foreign] {
        assert!(reply.contains("x-mark: of the application"), "{reply}");
    }

    // A subscription ends with the application.
    let mut listening = TcpStream::connect(address).await.unwrap();
    let wanted = r#""notifications":{"toolsListChanged":true},"#;
    let listen = request("subscriptions/listen", None, wanted, "");
    listening.write_all(listen.as_bytes()).await.unwrap();
    read_until(&mut listening, "\n\n").await;
    end.send(()).unwrap();
    let last = String::from_utf8(rest(&mut listening).await).unwrap();
    assert!(last.contains(r#""resultType":"complete""#), "{last}");
    tokio::time::timeout(PATIENCE, serving)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

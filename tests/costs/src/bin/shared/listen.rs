//! Where an HTTP server under measurement listens: a free loopback port, announced on stdout.

use std::io::Write as _;

use tokio::net::TcpListener;

/// Binds a free port of 127.0.0.1 and says which one, for the program that measures.
pub(crate) async fn listen() -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "listening on {address}")?;
    Ok(listener)
}

//! A hello with `lambda_http`, which hands HTTP requests to a function and knows no MCP.

use lambda_http::{Body, Error, Request, Response, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::run(service_fn(hello)).await
}

async fn hello(request: Request) -> Result<Response<Body>, Error> {
    let text = format!("hello from {}", request.uri().path());
    let response = Response::builder().header("content-type", "application/json");
    Ok(response.body(text.into())?)
}

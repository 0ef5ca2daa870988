//! The least that a Lambda function can do: any event in, one reply of the payload format 2.0 out.

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda_runtime::run_concurrent(service_fn(hello)).await
}

async fn hello(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    let path = event.payload.get("rawPath").and_then(Value::as_str);
    Ok(json!({
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "cookies": [],
        "body": format!("hello from {}", path.unwrap_or_default()),
        "isBase64Encoded": false,
    }))
}

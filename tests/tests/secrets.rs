//! A secret argument is never echoed, whatever is wrong with it or with the others.

use mcp_core::audit::Audit;
use mcp_core::testing::Client;
use mcp_core::{Secret, Server, server_info, tool, tools};
use mcp_tests::ledger::Ledger;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

const PLANTED: &str = "hunter2-is-planted";

/// A number of four digits.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct Pin(#[schemars(range(min = 1000, max = 9999))] u32);

/// Who signs in.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Account {
    user: String,
    password: Secret<u32>,
}

/// Signs in.
#[tool]
fn sign_in(
    password: Option<Secret<String>>,
    pin: Option<Secret<Pin>>,
    account: Option<Account>,
    #[arg(default = 1)] tries: u32,
) -> String {
    let password = password.map(Secret::into_inner).unwrap_or_default();
    let pin = pin.map_or(0, |pin| pin.expose().0);
    let _ = account;
    format!("{} {pin} {tries}", password.len())
}

#[tokio::test]
async fn wrong_secrets_are_reported_without_their_value() {
    let server = Server::new(server_info!(), ())
        .tools(tools![sign_in])
        .build();
    let client = Client::new(&server.unwrap());
    for (arguments, secret) in [
        (json!({"password": [PLANTED]}), PLANTED),
        (json!({"password": {PLANTED: 1}}), PLANTED),
        (json!({"password": 987_123}), "987"),
        (json!({"pin": 87_654}), "87"),
        (json!({"pin": PLANTED}), PLANTED),
        (
            json!({"account": {"user": "u", "password": PLANTED}}),
            PLANTED,
        ),
        (
            json!({"account": {"user": PLANTED, "password": PLANTED}}),
            PLANTED,
        ),
        (json!({"account": PLANTED}), PLANTED),
    ] {
        let result = client.call("sign_in", arguments.clone()).await;
        assert_eq!(result["isError"], true, "{arguments}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(
            text.contains("not shown") && !text.contains(secret),
            "{text}"
        );
    }
    // What is wrong beside a secret is shown as ever.
    let arguments = json!({"password": PLANTED, "tries": "many"});
    let text = client.call("sign_in", arguments).await.to_string();
    assert!(text.contains("many") && !text.contains(PLANTED), "{text}");
    // And a good one arrives, in the lossless forms of any argument.
    let arguments = json!({"password": PLANTED, "pin": "2468"});
    let result = client.call("sign_in", arguments).await;
    assert_eq!(result["content"][0]["text"], "18 2468 1");
}

#[tokio::test]
async fn a_secret_is_described_as_what_it_holds() {
    let server = Server::new(server_info!(), ())
        .tools(tools![sign_in])
        .build();
    let tools = Client::new(&server.unwrap()).tools().await;
    let properties = &tools[0]["inputSchema"]["properties"];
    assert_eq!(properties["password"], json!({"type": "string"}));
    assert_eq!(properties["pin"]["maximum"], 9999);
}

#[cfg(test)]
mod outside {
    use super::*;

    /// Signs in.
    #[tool]
    fn leaky(#[arg(header = "Password")] password: Secret<String>) -> bool {
        password.expose().is_empty()
    }

    #[test]
    fn a_secret_cannot_be_repeated_in_a_header() {
        let server = Server::new(server_info!(), ()).tools(tools![leaky]).build();
        let error = server.unwrap_err().to_string();
        assert!(error.contains("`password` holds a secret"), "{error}");
    }

    /// Signs in.
    #[tool]
    fn recorded(#[arg(audit)] password: Secret<String>) -> bool {
        password.expose().is_empty()
    }

    #[test]
    fn a_secret_cannot_be_recorded() {
        let server = Server::new(server_info!(), ()).tools(tools![recorded]);
        let error = server.build().unwrap_err().to_string();
        assert!(error.contains("`password` holds a secret"), "{error}");
    }
}

#[tokio::test]
async fn records_have_the_size_of_a_secret_and_no_digest_of_it() {
    let ledger = Ledger::new();
    let audit = Audit::to(ledger.clone()).digest_key(&[7; 32]);
    let server = Server::new(server_info!(), ())
        .tools(tools![sign_in])
        .audit(audit);
    let client = Client::new(&server.build().unwrap());
    let arguments = json!({"password": PLANTED, "pin": 2468, "tries": 2});
    client.call("sign_in", arguments).await;
    let record = ledger.one();
    let named = record["args"]["named"].as_array().unwrap();
    let digested: Vec<_> = named
        .iter()
        .map(|arg| {
            (
                arg["name"].as_str().unwrap(),
                arg["hmac_sha256"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        digested,
        [("password", false), ("pin", false), ("tries", true)]
    );
    assert!(!record.to_string().contains(PLANTED), "{record}");
}

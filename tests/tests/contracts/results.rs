//! Results that break the promise of their schema.

use mcp_core::testing::Client;
use mcp_core::{Server, ServerBuilder, server_info, tool, tools};
use mcp_tests::asker::Asker;
use mcp_tests::log;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

/// A share in percent.
#[derive(Serialize, JsonSchema)]
struct Share {
    #[schemars(range(max = 100))]
    percent: u8,
}

/// Says what it was told.
#[tool]
fn share(percent: u8) -> Share {
    Share { percent }
}

fn server() -> ServerBuilder<()> {
    Server::new(server_info!(), ()).tools(tools![share])
}

#[tokio::test]
async fn a_test_hears_of_a_result_that_does_not_fit_its_schema() {
    let client = Client::new(&server().build().unwrap());
    let fits = client.call("share", json!({"percent": 100})).await;
    assert_eq!(fits["structuredContent"], json!({"percent": 100}));
    let breaks = client.call("share", json!({"percent": 101})).await;
    assert_eq!(breaks["isError"], true);
    assert_eq!(
        breaks["content"][0]["text"],
        "the result does not fit its output schema: `result.percent` has to be a whole number from \
         0 to 100; got 101"
    );
}

#[tokio::test]
async fn a_server_checks_results_only_if_it_says_so_and_tells_the_log_alone() {
    let log = log::capture();
    let arguments = json!({"name": "share", "arguments": {"percent": 101}});
    for (server, is_error) in [(server(), false), (server().check_results(), true)] {
        let asker = Asker::new(&server.anonymous().build().unwrap());
        let result = asker
            .ask("2025-11-25", "tools/call", arguments.clone())
            .await;
        assert_eq!(result["isError"] == true, is_error, "{result}");
        assert!(!result.to_string().contains("whole number"), "{result}");
    }
    assert_eq!(log.with("has to be a whole number from 0 to 100").len(), 1);
}

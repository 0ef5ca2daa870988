//! The tools of a crate that renames its dependency are listed and run.

use mcp::testing::Client;
use renamed_dependency::server;
use serde_json::json;

#[tokio::test]
async fn tools_of_a_renamed_dependency_run() {
    let client = Client::new(&server().unwrap());
    let result = client
        .call("greet", json!({"name": "Ann", "times": 2}))
        .await;
    assert_eq!(
        result["content"][0]["text"], "Hello, Ann! Hello, Ann!",
        "{result}"
    );
    let refused = client.call("greet", json!({"name": "", "times": 4})).await;
    assert_eq!(refused["isError"], true, "{refused}");
    let caller = mcp::Caller::for_tests("ann");
    let result = client.as_caller(caller).call("whoami", json!({})).await;
    assert_eq!(result["content"][0]["text"], "ann", "{result}");
}

#[test]
fn server_info_is_of_the_calling_crate() {
    let info = format!("{:?}", mcp::server_info!());
    assert!(info.contains("renamed-dependency"), "{info}");
}

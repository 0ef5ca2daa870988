//! What a model reads after a call with five mistakes, each of another kind.

use mcp_core::testing::Client;
use mcp_core::{Server, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// An order.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "is only decoded")]
struct Order {
    /// What is ordered.
    #[schemars(length(min = 1, max = 20))]
    lines: Vec<Line>,
    /// How to send it.
    shipping: Shipping,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "is only decoded")]
struct Line {
    /// Article number.
    #[schemars(regex(pattern = r"^A-\d+$"))]
    article: String,
    #[schemars(range(min = 1, max = 99))]
    count: u32,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Shipping {
    Standard,
    Express,
}

/// Places an order.
#[tool]
fn place_order(
    /// Customer number.
    #[arg(length = 1..=20)]
    customer: &str,
    /// What is ordered, and how to send it.
    order: Order,
    /// How many days it may take.
    #[arg(default = 7, range = 1..=60)]
    days: u32,
    /// The password of the customer.
    password: Option<Password>,
) -> String {
    let _ = (order.lines.len(), password.is_some());
    format!("{customer} {days}")
}

/// A text that no error shows.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "is only decoded")]
struct Password(#[schemars(length(min = 12), extend("writeOnly" = true))] String);

#[tokio::test]
async fn five_mistakes_are_one_text() {
    let server = Server::new(server_info!(), ()).tools(tools![place_order]);
    let client = Client::new(&server.build().unwrap());
    let result = client
        .call(
            "place_order",
            json!({
                "costumer": "C-1024",
                "order": {
                    "lines": [{"article": "A-1", "count": 0}, {"article": "A-2", "cuont": 1}],
                    "shipping": "overnight",
                },
                "days": "30",
                "password": "hunter2",
            }),
        )
        .await;
    assert_eq!(result["isError"], true);
    let text = result["content"][0]["text"].as_str().unwrap();
    println!("{text}");
    assert_eq!(text.lines().count(), 1 + 5);
    assert!(!text.contains("hunter2"));
    insta::assert_snapshot!("five_mistakes", text);
}

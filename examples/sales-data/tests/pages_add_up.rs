//! The sum of all pages of `list_orders` equals `get_customer_sales` over everything, whichever
//! host serves it, whichever revision the client speaks.

mod events;

use std::path::{Path, PathBuf};

use mcp_tests::Result;
use mcp_tests::process::Process;
use mcp_tests::rmcp_client::{Client, Era, connect_http, connect_stdio};
use serde_json::{Value, json};

use self::events::{Function, PROGRAM, event};

/// Many orders, some on one day; few orders; none.
const CUSTOMERS: [&str; 3] = ["C-1024", "C-1001", "C-1040"];

const ERAS: [Era; 5] = [
    Era::Modern,
    Era::Legacy("2025-11-25"),
    Era::Legacy("2025-06-18"),
    Era::Legacy("2025-03-26"),
    Era::Legacy("2024-11-05"),
];

/// A database of its own, removed at the end.
struct Database(PathBuf);

impl Database {
    fn new(name: &str) -> Self {
        let file = format!("sales-data-{name}-{}.db", std::process::id());
        Self(std::env::temp_dir().join(file))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }
}

#[tokio::test]
async fn over_stdio_in_every_revision() -> Result<()> {
    let database = Database::new("stdio");
    for era in ERAS {
        let client =
            connect_stdio(Path::new(PROGRAM), &[("SALES_DB", database.path())], era).await?;
        check(&client, era).await?;
        client.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn over_http_in_every_revision() -> Result<()> {
    let database = Database::new("http");
    let environment = [("SALES_DB", database.path()), ("MCP_BIND", "127.0.0.1:0")];
    let mut server = Process::start(Path::new(PROGRAM), &["http"], environment)?;
    let url = format!("http://{}/mcp", server.address().await?);
    for era in ERAS {
        let client = connect_http(&url, era).await?;
        check(&client, era).await?;
        client.close().await?;
    }
    Ok(())
}

async fn check(client: &Client, era: Era) -> Result<()> {
    let expected = match era {
        Era::Modern => "2026-07-28",
        Era::Legacy(version) => version,
    };
    assert_eq!(client.negotiated_version()?, expected);
    let names: Vec<String> = client
        .tools()
        .await?
        .into_iter()
        .map(|tool| tool.name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "get_customer_sales",
            "list_orders",
            "get_refund_status",
            "record_sale",
            "refund_order",
            "export_report"
        ]
    );
    for customer in CUSTOMERS {
        let mut pages = Pages::default();
        while let Some(arguments) = pages.next(customer) {
            pages.take(&structured(client.call("list_orders", arguments).await?)?);
        }
        let all = json!({"customer_id": customer, "months": 120});
        let total = structured(client.call("get_customer_sales", all).await?)?;
        pages.equal(customer, &total);
    }
    Ok(())
}

/// The value of a result: structured content, or for the oldest revisions its text.
fn structured(result: impl serde::Serialize) -> Result<Value> {
    let result = serde_json::to_value(result)?;
    match result.get("structuredContent") {
        Some(value) if !value.is_null() => Ok(value.clone()),
        _ => {
            let text = result["content"][0]["text"].as_str().ok_or("no text")?;
            Ok(serde_json::from_str(text)?)
        }
    }
}

/// All pages of one customer.
#[derive(Default)]
struct Pages {
    cents: i64,
    orders: usize,
    cursor: Option<String>,
    ended: bool,
}

impl Pages {
    /// The arguments for the next page.
    fn next(&self, customer: &str) -> Option<Value> {
        let mut arguments = json!({"customer_id": customer, "limit": 20});
        if let Some(cursor) = &self.cursor {
            arguments["cursor"] = json!(cursor);
        }
        (!self.ended).then_some(arguments)
    }

    fn take(&mut self, page: &Value) {
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 20);
        self.orders += items.len();
        self.cents += items
            .iter()
            .map(|item| item["amount_cents"].as_i64().unwrap())
            .sum::<i64>();
        self.cursor = page
            .get("next_cursor")
            .map(|cursor| cursor.as_str().unwrap().to_owned());
        self.ended = self.cursor.is_none();
    }

    fn equal(&self, customer: &str, total: &Value) {
        assert_eq!(json!(self.cents), total["total_cents"], "{customer}");
        assert_eq!(json!(self.orders), total["orders"], "{customer}");
        // Guards against a test that adds up nothing.
        assert_eq!(self.orders > 100, customer == "C-1024");
        assert_eq!(self.orders == 0, customer == "C-1040");
    }
}

/// The program as a Lambda function.
async fn function(database: &Database) -> Result<Function> {
    Function::start([("SALES_DB", database.path().to_owned())]).await
}

#[tokio::test]
async fn through_lambda_events_in_both_eras() -> Result<()> {
    let database = Database::new("lambda");
    let function = function(&database).await?;
    for era in [Era::Modern, Era::Legacy("2025-06-18")] {
        for customer in CUSTOMERS {
            let mut pages = Pages::default();
            while let Some(arguments) = pages.next(customer) {
                pages.take(&call(&function, era, "list_orders", arguments).await?);
            }
            let all = json!({"customer_id": customer, "months": 120});
            let total = call(&function, era, "get_customer_sales", all).await?;
            pages.equal(customer, &total);
        }
    }
    Ok(())
}

#[tokio::test]
async fn lambda_refuses_a_door_that_verified_nobody() -> Result<()> {
    let database = Database::new("lambda-closed");
    let function = function(&database).await?;
    let arguments = json!({"customer_id": "C-1001"});
    let params = json!({"name": "list_orders", "arguments": arguments});
    let mut event = event(Era::Modern, "tools/call", params);
    event["requestContext"]["authorizer"].take();
    let reply = function.invoke(&event).await?;
    assert_eq!(reply["statusCode"], 401, "{reply}");
    assert_eq!(reply["headers"]["www-authenticate"], "Bearer");
    Ok(())
}

async fn call(function: &Function, era: Era, tool: &str, arguments: Value) -> Result<Value> {
    let params = json!({"name": tool, "arguments": arguments});
    let mut body = function.ask(era, "tools/call", params).await?;
    structured(body["result"].take())
}

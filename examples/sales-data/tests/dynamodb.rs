//! The program on `DynamoDB`: it answers what it answers on a file, and needs the rights that
//! `deploy/policy-actions.txt` names, no more and no fewer.
#![cfg(feature = "dynamodb")]

mod events;
mod moto;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use aws_sdk_dynamodb::Client;
use mcp_tests::Result;
use mcp_tests::rmcp_client::Era;
use serde_json::{Value, json};

use self::events::{Function, PROGRAM};
use self::moto::{Door, REGION, client, create_table};

/// What the running server may do.
const ACTIONS: &str = include_str!("../deploy/policy-actions.txt");

/// An order of which nothing was paid back, and its worth in cents.
const ORDER: &str = "O-20001";
const WORTH: i64 = 13_361;

/// A name that nobody else uses.
fn unique(what: &str) -> String {
    format!("sales-data-{what}-{}", std::process::id())
}

/// What finds the table on the other side of a door.
fn environment(door: &Door, endpoint: &'static str, table: &str) -> [(&'static str, String); 5] {
    [
        ("SALES_TABLE", table.to_owned()),
        (endpoint, door.url()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", "x".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "x".to_owned()),
    ]
}

/// Runs the program to its end.
fn run(argument: Option<&str>, door: &Door, endpoint: &'static str, table: &str) -> Output {
    Command::new(PROGRAM)
        .args(argument)
        .envs(environment(door, endpoint, table))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The same server twice, on a file and on a table.
struct Both {
    file: PathBuf,
    on_file: Function,
    on_table: Function,
}

impl Both {
    async fn start(door: &Door, table: &str) -> Result<Self> {
        let file = std::env::temp_dir().join(format!("{}.db", unique("both")));
        // For one test: the base64 of 32 bytes that are 0.
        let keys = ("MCP_SEAL_KEYS", format!("a:{}=", "A".repeat(43)));
        let database = ("SALES_DB", file.display().to_string());
        let on_table = environment(door, "AWS_ENDPOINT_URL_DYNAMODB", table);
        Ok(Self {
            file,
            on_file: Function::start([keys.clone(), database]).await?,
            on_table: Function::start(on_table.into_iter().chain([keys])).await?,
        })
    }

    /// The response that both give.
    async fn ask(&self, method: &str, params: Value) -> Result<Value> {
        let one = self
            .on_file
            .ask(Era::Modern, method, params.clone())
            .await?;
        let other = self.on_table.ask(Era::Modern, method, params).await?;
        assert_eq!(one, other);
        Ok(one)
    }

    /// The structured result that both give.
    async fn call(&self, tool: &str, arguments: Value) -> Result<Value> {
        let params = json!({"name": tool, "arguments": arguments});
        let mut response = self.ask("tools/call", params).await?;
        Ok(response["result"]["structuredContent"].take())
    }

    /// The result that both give when the user is asked and says yes.
    async fn refund(&self, order_id: &str, amount_cents: i64) -> Result<Value> {
        let params = json!({
            "name": "refund_order",
            "arguments": {"order_id": order_id, "amount_cents": amount_cents},
        });
        let mut paid = Vec::new();
        for function in [&self.on_file, &self.on_table] {
            let asked = function
                .ask(Era::Modern, "tools/call", params.clone())
                .await?;
            let mut params = params.clone();
            params["requestState"] = asked["result"]["requestState"].clone();
            let yes = json!({"action": "accept", "content": {"approve": true}});
            params["inputResponses"] = json!({"approval": yes});
            paid.push(function.ask(Era::Modern, "tools/call", params).await?);
        }
        assert_eq!(paid[0], paid[1]);
        Ok(paid[0]["result"]["structuredContent"].take())
    }

    /// All pages of a customer's orders, from both.
    async fn pages(&self, customer: &str, status: Option<&str>) -> Result<usize> {
        let mut arguments = json!({"customer_id": customer, "limit": 20});
        if let Some(status) = status {
            arguments["status"] = json!(status);
        }
        let mut orders = 0;
        loop {
            let page = self.call("list_orders", arguments.clone()).await?;
            orders += page["items"].as_array().ok_or("no page")?.len();
            match page.get("next_cursor") {
                Some(cursor) => arguments["cursor"] = cursor.clone(),
                None => return Ok(orders),
            }
        }
    }

    /// Everything that can be read of a few customers, and the report of a year.
    async fn read(&self) -> Result<()> {
        for customer in ["C-1001", "C-1002", "C-1024", "C-1040", "C-9", ""] {
            for months in [1, 12, 120] {
                let arguments = json!({"customer_id": customer, "months": months});
                self.call("get_customer_sales", arguments).await?;
            }
            let uri = format!("sales://customers/{customer}/summary");
            self.ask("resources/read", json!({"uri": uri})).await?;
            let arguments = json!({"customer_id": customer, "tone": "brief"});
            let params = json!({"name": "draft_refund_reply", "arguments": arguments});
            self.ask("prompts/get", params).await?;
        }
        assert!(self.pages("C-1024", None).await? > 100);
        assert!(self.pages("C-1024", Some("cancelled")).await? > 0);
        for order in [ORDER, "O-20032", "O-20729", "O-1", ""] {
            self.call("get_refund_status", json!({"order_id": order}))
                .await?;
        }
        for typed in ["", "C-102", "x"] {
            let argument = json!({"name": "customer_id", "value": typed});
            let prompt = json!({"type": "ref/prompt", "name": "draft_refund_reply"});
            let params = json!({"ref": prompt, "argument": argument});
            self.ask("completion/complete", params).await?;
        }
        let report = self.call("export_report", json!({"year": 2026})).await?;
        assert!(report["total_cents"].as_i64() > Some(0), "{report}");
        Ok(())
    }
}

impl Drop for Both {
    fn drop(&mut self) {
        // A file that stays behind fails no test.
        let _ = std::fs::remove_file(&self.file);
    }
}

#[tokio::test]
async fn all_tools_answer_as_on_a_file_and_need_the_actions_of_the_policy() -> Result<()> {
    let (Some(deployer), Some(door)) = (Door::open(), Door::open()) else {
        return Ok(());
    };
    let table = unique("table");
    create_table(&client(&deployer), &table).await;
    for said in ["48 customers and 728 orders", "filled before"] {
        let filled = run(Some("fill"), &deployer, "AWS_ENDPOINT_URL", &table);
        let text = String::from_utf8_lossy(&filled.stdout);
        assert!(filled.status.success() && text.contains(said), "{filled:?}");
    }

    let both = Both::start(&door, &table).await?;
    both.read().await?;
    let sale = json!({"customer_id": "C-1040", "amount_cents": 12_345});
    let sale = both.call("record_sale", sale).await?;
    assert_eq!(sale["order_id"], "O-20729");
    assert_eq!(both.refund("O-20729", 45).await?["state"], "partial");
    assert_eq!(both.refund(ORDER, WORTH).await?["state"], "full");
    assert_eq!(both.refund(ORDER, 1).await?, Value::Null);
    both.read().await?;

    let seen = door.seen();
    assert!(seen.loose_reads.is_empty(), "{:?}", seen.loose_reads);
    let actions = seen.operations.iter();
    let actions: Vec<_> = actions.map(|name| format!("dynamodb:{name}")).collect();
    assert_eq!(actions, ACTIONS.lines().collect::<Vec<_>>());

    a_failure_of_the_table_is_for_the_log_alone(&both, &client(&deployer), &table).await
}

/// Takes the table away from a running server.
async fn a_failure_of_the_table_is_for_the_log_alone(
    both: &Both,
    client: &Client,
    table: &str,
) -> Result<()> {
    client.delete_table().table_name(table).send().await?;
    let server = &both.on_table;
    let params = json!({"name": "get_refund_status", "arguments": {"order_id": ORDER}});
    let failed = server.ask(Era::Modern, "tools/call", params).await?;
    assert_eq!(failed["result"]["isError"], true, "{failed}");
    let text = failed.to_string();
    assert!(!text.contains("table") && !text.contains(REGION), "{text}");
    let log = server.log().join("\n");
    assert!(log.contains(&format!("no table `{table}`")), "{log}");
    Ok(())
}

#[tokio::test]
async fn a_server_says_at_its_start_what_its_table_lacks() -> Result<()> {
    let Some(door) = Door::open() else {
        return Ok(());
    };
    let table = unique("empty");
    let ended = |argument| {
        let ended = run(argument, &door, "AWS_ENDPOINT_URL_DYNAMODB", &table);
        assert!(!ended.status.success());
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    for argument in [None, Some("fill")] {
        let said = ended(argument);
        assert!(said.contains(&format!("no table `{table}`")), "{said}");
        assert!(said.contains("`by_month`"), "{said}");
    }
    let client = client(&door);
    create_table(&client, &table).await;
    let said = ended(None);
    assert!(said.contains("run `sales-data fill`"), "{said}");
    client.delete_table().table_name(&table).send().await?;
    Ok(())
}

#[test]
fn a_table_without_a_name_is_refused() {
    for (argument, table) in [
        (None, Some("")),
        (Some("fill"), Some("")),
        (Some("fill"), None),
    ] {
        let ended = Command::new(PROGRAM)
            .args(argument)
            .env_remove("SALES_TABLE")
            .envs(table.map(|table| ("SALES_TABLE", table)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success(), "{said}");
        assert!(said.contains("`SALES_TABLE` has to name a table"), "{said}");
    }
}

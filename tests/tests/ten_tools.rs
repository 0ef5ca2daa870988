//! The rule "what you own came from the client, what you borrow was injected", on ten tools of the
//! shapes that services really have.

#![allow(clippy::unused_async)] // what a service awaits is left out

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use mcp_core::testing::Client;
use mcp_core::{Caller, Context, Error, Progress, Result, Server, State, server_info, tool, tools};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A document found.
#[derive(Serialize, JsonSchema)]
struct Hit {
    title: String,
    score: f64,
}

/// 1. A search: text, a bounded number with a default, an index.
#[tool(read_only)]
async fn search_documents(
    /// Words to look for.
    #[arg(length = 1..=200)]
    query: &str,
    /// The most hits to return.
    #[arg(default = 5, range = 1..=50)]
    limit: u8,
    index: &SearchIndex,
) -> Vec<Hit> {
    let found = index.titles.iter().filter(|title| title.contains(query));
    found
        .take(limit.into())
        .map(|title| Hit {
            title: title.clone(),
            score: 1.0,
        })
        .collect()
}

/// What a ticket says.
#[derive(Deserialize, JsonSchema)]
struct NewTicket {
    /// One line.
    #[schemars(length(min = 1, max = 80))]
    summary: String,
    /// How much it hurts.
    #[serde(default)]
    priority: Priority,
    labels: Option<Vec<String>>,
}

#[derive(Default, Deserialize, Serialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Priority {
    /// Can wait.
    #[default]
    Low,
    /// Cannot.
    High,
}

/// A ticket as it was filed.
#[derive(Serialize, JsonSchema)]
struct Ticket {
    number: u64,
    reporter: String,
    priority: Priority,
}

/// 2. A structure from the client, a store, and the caller.
#[tool(destructive = false)]
async fn create_ticket(
    /// The ticket to file.
    ticket: NewTicket,
    store: &TicketStore,
    who: &Caller,
) -> Result<Ticket> {
    if ticket.summary.trim().is_empty() {
        return Err(Error::new(
            "`ticket.summary` is empty, say in one line what is wrong",
        ));
    }
    let labels = ticket.labels.unwrap_or_default().len() as u64;
    let number = store.file(ticket.summary)? + labels;
    Ok(Ticket {
        number,
        reporter: who.subject().to_owned(),
        priority: ticket.priority,
    })
}

/// 3. A trait object: production and test bring different mailers.
#[tool(open_world)]
async fn send_email(
    /// Addresses.
    #[arg(length = 1..=10)]
    to: Vec<String>,
    /// The text.
    body: &str,
    mailer: &(dyn Mailer + Send + Sync),
) -> Result<String, std::io::Error> {
    for address in &to {
        mailer.send(address, body)?;
    }
    Ok(format!("sent to {}", to.join(", ")))
}

/// A currency.
#[derive(Deserialize, JsonSchema, PartialEq, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum Currency {
    Eur,
    Usd,
}

/// 4. A pure function: nothing borrowed.
#[tool(read_only)]
fn convert(amount: f64, from: Currency, to: Currency) -> f64 {
    match (from, to) {
        (Currency::Eur, Currency::Usd) => amount * 1.25,
        (Currency::Usd, Currency::Eur) => amount / 1.25,
        _ => amount,
    }
}

/// 5. A handle that has to be owned: it goes into a task.
#[tool]
async fn start_export(jobs: &Arc<Jobs>, who: Option<&Caller>) -> Result<u64> {
    let jobs = Arc::clone(jobs);
    let by = who.map_or("nobody", Caller::subject).to_owned();
    Ok(tokio::spawn(async move { jobs.start(&by) }).await?)
}

/// 6. A long job that reports how far it is.
#[tool(timeout = "2m")]
async fn rebuild(
    /// How many parts.
    #[arg(range = ..=100)]
    parts: u32,
    cx: &Context,
    jobs: &Jobs,
) -> String {
    for part in 1..=parts {
        cx.progress(Progress::new(part).of(parts));
        jobs.start("rebuild");
        tokio::task::yield_now().await;
    }
    "rebuilt".to_owned()
}

/// 7. Optional text, and a map as the result.
#[tool(read_only)]
fn list_settings(
    prefix: Option<&str>,
    settings: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let prefix = prefix.unwrap_or_default();
    settings
        .iter()
        .filter(|(key, _)| key.starts_with(prefix))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// 8. A blocking driver, a list of ids, and a switch that is safe by default.
#[tool(destructive, blocking)]
fn delete_records(
    /// Record numbers.
    #[arg(length = 1..=100)]
    ids: Vec<u64>,
    /// Only count.
    #[arg(default = true)]
    dry_run: bool,
    store: &TicketStore,
) -> Result<usize> {
    if dry_run {
        Ok(ids.len())
    } else {
        Ok(store.delete(&ids)?)
    }
}

/// A filter that borrows from the request.
#[derive(Deserialize, JsonSchema)]
struct Filter<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    at_least: Option<i64>,
}

/// 9. A structure that borrows.
#[tool(read_only)]
fn explain(filter: Filter<'_>) -> String {
    match filter.at_least {
        Some(bound) => format!("{} >= {bound}", filter.field),
        None => filter.field.into_owned(),
    }
}

/// 10. The whole state, renamed arguments, nothing returned.
#[tool(name = "reset", idempotent)]
async fn reset_everything(#[arg(name = "type")] r#type: &str, app: &App) -> Result<()> {
    if r#type != "all" {
        return Err(Error::new("`type` has to be `all`"));
    }
    app.tickets.clear();
    Ok(())
}

struct SearchIndex {
    titles: Vec<String>,
}

#[derive(Default)]
struct TicketStore(Mutex<Vec<String>>);

impl TicketStore {
    fn file(&self, summary: String) -> std::result::Result<u64, std::io::Error> {
        let mut all = self
            .0
            .lock()
            .map_err(|_| std::io::Error::other("poisoned"))?;
        all.push(summary);
        Ok(all.len() as u64)
    }

    #[allow(clippy::unnecessary_wraps)] // as a driver would be
    fn delete(&self, ids: &[u64]) -> std::result::Result<usize, std::io::Error> {
        self.clear();
        Ok(ids.len())
    }

    fn clear(&self) {
        self.0.lock().unwrap().clear();
    }
}

trait Mailer {
    fn send(&self, to: &str, body: &str) -> std::io::Result<()>;
}

struct NoMailer;

impl Mailer for NoMailer {
    fn send(&self, to: &str, _: &str) -> std::io::Result<()> {
        if to.contains('@') {
            Ok(())
        } else {
            Err(std::io::Error::other("smtp.internal said no"))
        }
    }
}

#[derive(Default)]
struct Jobs(Mutex<u64>);

impl Jobs {
    fn start(&self, by: &str) -> u64 {
        let mut count = self.0.lock().unwrap();
        *count += by.len() as u64;
        *count
    }
}

#[derive(State)]
struct App {
    index: SearchIndex,
    tickets: TicketStore,
    mailer: Box<dyn Mailer + Send + Sync>,
    jobs: Arc<Jobs>,
    settings: BTreeMap<String, String>,
    #[state(skip)]
    _fallback: TicketStore,
}

fn client() -> Client {
    let app = App {
        index: SearchIndex {
            titles: vec!["Rust in practice".into(), "Rust at work".into()],
        },
        tickets: TicketStore::default(),
        mailer: Box::new(NoMailer),
        jobs: Arc::default(),
        settings: [
            ("a.x".to_owned(), "1".to_owned()),
            ("b.y".to_owned(), "2".to_owned()),
        ]
        .into(),
        _fallback: TicketStore::default(),
    };
    let server = Server::new(server_info!(), app)
        .tools(tools![
            search_documents,
            create_ticket,
            send_email,
            convert,
            start_export
        ])
        .tools(tools![
            rebuild,
            list_settings,
            delete_records,
            explain,
            reset_everything
        ])
        .build()
        .unwrap();
    Client::new(&server).as_caller(Caller::for_tests("ann"))
}

async fn value(client: &Client, tool: &str, arguments: Value) -> Value {
    let result = client.call(tool, arguments).await;
    assert!(result.get("isError").is_none(), "{result}");
    match result.get("structuredContent") {
        Some(value) => value.clone(),
        None => result["content"]
            .get(0)
            .map_or(Value::Null, |block| block["text"].clone()),
    }
}

#[tokio::test]
async fn all_ten_answer() {
    let client = client();
    let hits = value(
        &client,
        "search_documents",
        json!({"query": "Rust", "limit": "1"}),
    )
    .await;
    assert_eq!(hits, json!([{"title": "Rust in practice", "score": 1.0}]));
    let ticket = json!({"ticket": {"summary": "x", "priority": "high", "labels": ["a"]}});
    let filed = value(&client, "create_ticket", ticket).await;
    assert_eq!(
        filed,
        json!({"number": 2, "reporter": "ann", "priority": "high"})
    );
    let mail = json!({"to": ["a@b"], "body": "hello"});
    assert_eq!(value(&client, "send_email", mail).await, "sent to a@b");
    let amount = json!({"amount": 2, "from": "EUR", "to": "USD"});
    assert_eq!(value(&client, "convert", amount).await, 2.5);
    assert_eq!(value(&client, "start_export", json!({})).await, 3);
    assert_eq!(
        value(&client, "rebuild", json!({"parts": 2.0})).await,
        "rebuilt"
    );
    assert_eq!(
        value(&client, "list_settings", json!({"prefix": "b"})).await,
        json!({"b.y": "2"})
    );
    assert_eq!(
        value(&client, "list_settings", json!({"prefix": null}))
            .await
            .as_object()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        value(&client, "delete_records", json!({"ids": "[1, 2]"})).await,
        2
    );
    let filter = json!({"filter": {"field": "age\n", "at_least": 3}});
    assert_eq!(value(&client, "explain", filter).await, "age\n >= 3");
    assert_eq!(
        value(&client, "reset", json!({"type": "all"})).await,
        Value::Null
    );
}

// [TOOL-13] [TOOL-14]
#[tokio::test]
async fn what_is_wrong_is_said_argument_by_argument() {
    let client = client();
    let text = async |tool: &str, arguments: Value| {
        let result = client.call(tool, arguments).await;
        assert_eq!(result["isError"], true, "{result}");
        result["content"][0]["text"].as_str().unwrap().to_owned()
    };
    let both = text("search_documents", json!({"query": "", "limit": 51})).await;
    assert_eq!(
        both,
        "Nothing was done: the arguments have 2 problems.\n\
         - `query` has to be text of 1 to 200 characters; got a length of 0\n\
         - `limit` has to be a whole number from 1 to 50; got 51"
    );
    let missing = text("create_ticket", json!({"ticket": {"summery": "x"}})).await;
    assert_eq!(
        missing,
        "Nothing was done: the arguments have a problem.\n\
         - `ticket` has no `summery`; did you mean `summary`?"
    );
    let inside = json!({"ticket": {"summary": "x".repeat(81), "labels": ["a"], "prio": "low"}});
    assert_eq!(
        text("create_ticket", inside).await,
        "Nothing was done: the arguments have 2 problems.\n\
         - `ticket` has no `prio`; it takes `labels`, `priority`, `summary`\n\
         - `ticket.summary` has to be text of 1 to 80 characters; got a length of 81"
    );
    let quoted = json!({"ticket": "{\"summary\": \"\"}"});
    assert!(
        text("create_ticket", quoted)
            .await
            .contains("`ticket.summary` has to be text of 1 to")
    );
    let kind = text("convert", json!({"amount": 1, "from": "GBP", "to": "USD"})).await;
    assert!(
        kind.contains("`from` has to be one of `EUR`, `USD`; got the text \"GBP\""),
        "{kind}"
    );
    let private = text("send_email", json!({"to": ["nobody"], "body": ""})).await;
    assert!(!private.contains("smtp.internal"), "{private}");
    let list = text("delete_records", json!({"ids": []})).await;
    assert!(
        list.contains("a list of 1 to 100 items; got a length of 0"),
        "{list}"
    );
    let number = text("delete_records", json!({"ids": [1, -2]})).await;
    assert!(
        number.contains("- `ids[1]` has to be a whole number at least 0; got -2"),
        "{number}"
    );
}

//! Results in pages: all rows once, whatever their number, each page valid and within its budget, and
//! cursors that open for the call they come from alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use boon::{Compiler, Schemas};
use mcp_core::testing::Client;
use mcp_core::{
    Caller, Cursor, Limits, Page, Result, SealKeys, Server, ServerBuilder, server_info, tool, tools,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

/// Rows that exist at the moment, and the most that ever did.
static ALIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// One measurement.
#[derive(Serialize, JsonSchema)]
struct Row {
    number: u64,
    /// Where it was taken.
    place: String,
    celsius: f64,
}

impl Row {
    fn new(number: u64) -> Self {
        let alive = ALIVE.fetch_add(1, Ordering::Relaxed) + 1;
        MOST.fetch_max(alive, Ordering::Relaxed);
        let cycle = u32::try_from(number % 97).unwrap();
        Self {
            number,
            // Of different lengths, in characters that take one to four bytes.
            place: ["Köln", "東京", "Oslo 😀", "A"][usize::try_from(number % 4).unwrap()]
                .repeat(usize::try_from(number % 7).unwrap()),
            celsius: f64::from(cycle) / 4.0,
        }
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

const ROWS: u64 = 400_000;

/// All measurements.
#[tool(read_only)]
fn measurements(
    /// Whose.
    station: &str,
    /// How many there are.
    #[arg(default = 400_000)]
    rows: u64,
    cursor: Option<Cursor>,
) -> Page<Row> {
    let _ = station;
    let after = cursor.map_or(0, Cursor::into_position);
    Page::keyed((after + 1..=rows).map(Row::new), |row| row.number)
}

/// The same, found by counting, and blocking.
#[tool(read_only, blocking, budget = 400)]
fn counted(
    #[arg(default = 1_000)] rows: u64,
    #[arg(name = "page")] cursor: Option<Cursor>,
) -> Page<Row> {
    Page::all((1..=rows).map(Row::new), cursor)
}

/// The same, looked up in chunks.
#[tool(read_only, budget = 400)]
async fn chunks(cursor: Option<Cursor<(String, u64)>>) -> Result<Page<Row>> {
    let (key, after) = cursor.map_or(("k".to_owned(), 0), Cursor::into_position);
    assert_eq!(key, "k");
    tokio::task::yield_now().await;
    let chunk: Vec<Row> = (after + 1..=1_000).take(3).map(Row::new).collect();
    let more = chunk.last().is_some_and(|row| row.number < 1_000);
    Ok(Page::keyed(chunk, |row| ("k".to_owned(), row.number)).more(more))
}

/// Texts of so many bytes as JSON.
#[tool(budget = 400)]
fn texts(sizes: Vec<usize>, cursor: Option<Cursor>) -> Page<String> {
    Page::all(sizes.into_iter().map(|size| "x".repeat(size - 2)), cursor)
}

fn builder() -> ServerBuilder<()> {
    Server::new(server_info!(), ()).tools(tools![measurements, counted, chunks, texts])
}

fn keys(secret: u8) -> SealKeys {
    SealKeys::new([("k1", [secret; 32])]).unwrap()
}

fn client() -> Client {
    Client::new(&builder().seal_with(keys(1)).build().unwrap())
}

/// All pages of a call.
struct Walk {
    numbers: Vec<u64>,
    pages: usize,
    largest: usize,
}

async fn walk(client: &Client, tool: &str, cursor: &str, arguments: Value) -> Walk {
    let tools = client.tools().await;
    let described = tools.iter().find(|known| known["name"] == tool).unwrap();
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler
        .add_resource("schema.json", described["outputSchema"].clone())
        .unwrap();
    let schema = compiler.compile("schema.json", &mut schemas).unwrap();
    let mut arguments = arguments;
    let mut walk = Walk {
        numbers: Vec::new(),
        pages: 0,
        largest: 0,
    };
    loop {
        let result = client.call(tool, arguments.clone()).await;
        let page = &result["structuredContent"];
        assert_ne!(result["isError"], true, "{result}");
        schemas
            .validate(page, schema)
            .unwrap_or_else(|error| panic!("{error}"));
        let text = result["content"][0]["text"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), *page);
        walk.pages += 1;
        walk.largest = walk.largest.max(text.len());
        let items = page["items"].as_array().unwrap();
        let numbers = items.iter().map(|row| row["number"].as_u64().unwrap());
        walk.numbers.extend(numbers);
        let Some(next) = page.get("next_cursor") else {
            assert!(page.get("remaining").is_none());
            return walk;
        };
        arguments[cursor] = next.clone();
    }
}

/// The peak of the memory of this process, in KiB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test]
async fn walking_400_000_rows_gives_each_once_and_never_holds_more_than_a_page() {
    let before = peak_memory();
    let arguments = json!({"station": "Nord"});
    let walk = walk(&client(), "measurements", "cursor", arguments).await;
    assert!(walk.numbers.iter().copied().eq(1..=ROWS));
    // 20,000 tokens of three bytes, nearly used up.
    assert!(
        walk.largest <= 60_000 && walk.largest > 59_000,
        "{}",
        walk.largest
    );
    // Other tests of this process have a few.
    let most = MOST.load(Ordering::Relaxed);
    assert!(most < 100, "{most}");
    println!(
        "{} rows on {} pages, the largest of {} bytes; at most {most} rows at a time; peak memory \
         {before:?} KiB before, {:?} KiB after",
        walk.numbers.len(),
        walk.pages,
        walk.largest,
        peak_memory(),
    );
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        assert!(after < before + 48 * 1024, "{before} KiB, then {after} KiB");
    }
}

#[tokio::test]
async fn each_way_to_make_a_page_gives_each_row_once() {
    for (tool, cursor) in [("counted", "page"), ("chunks", "cursor")] {
        let walk = walk(&client(), tool, cursor, json!({})).await;
        assert!(walk.numbers.iter().copied().eq(1..=1_000), "{tool}");
        assert!(walk.largest <= 1_200 && walk.pages > 20, "{tool}");
    }
}

#[tokio::test]
async fn a_page_says_how_many_items_are_left() {
    let first = client().call("counted", json!({"rows": 500})).await;
    let page = &first["structuredContent"];
    let sent = page["items"].as_array().unwrap().len();
    assert_eq!(page["remaining"], 500 - sent);
}

#[tokio::test]
async fn a_page_of_n_tokens_is_whole_and_one_byte_more_goes_to_the_next() {
    // `{"items":[` and `]}` around them, a comma between.
    let frame = 12 + 1;
    for (bytes, whole) in [(1199, true), (1200, true), (1201, false)] {
        let sizes = json!({"sizes": [600, bytes - frame - 600]});
        let result = client().call("texts", sizes).await;
        let page = &result["structuredContent"];
        assert_eq!(page.get("next_cursor").is_none(), whole, "{page}");
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), if whole { 2 } else { 1 });
        assert_eq!(whole, page.to_string().len() == bytes);
    }
}

#[tokio::test]
async fn an_item_that_fits_no_page_is_an_error() {
    let result = client().call("texts", json!({"sizes": [20, 1300]})).await;
    let page = &result["structuredContent"];
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let arguments = json!({"sizes": [20, 1300], "cursor": page["next_cursor"]});
    let result = client().call("texts", arguments).await;
    assert_eq!(result["isError"], true);
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("Narrow the call") && text.ends_with("are `sizes`."),
        "{text}"
    );
    // Larger than anything the server sends: it is never written out.
    let result = client().call("texts", json!({"sizes": [5_000_000]})).await;
    assert_eq!(result["isError"], true);
}

#[tokio::test]
async fn a_cursor_opens_for_its_call_alone() {
    let client = client();
    let ann = client.clone().as_caller(Caller::for_tests("ann"));
    let first = ann.call("counted", json!({"rows": 900})).await;
    let cursor = &first["structuredContent"]["next_cursor"];
    let again = |client: &Client, tool: &'static str, arguments: Value| {
        let client = client.clone();
        async move { client.call(tool, arguments).await }
    };
    let good = again(&ann, "counted", json!({"page": cursor, "rows": 900})).await;
    assert_ne!(good["isError"], true, "{good}");
    let mut changed = cursor.as_str().unwrap().to_owned();
    let last = if changed.pop() == Some('A') { 'B' } else { 'A' };
    changed.push(last);
    let elsewhere = Client::new(&builder().seal_with(keys(2)).build().unwrap());
    let refused = [
        again(&client, "counted", json!({"page": cursor, "rows": 900})).await,
        again(&ann, "counted", json!({"page": cursor, "rows": 901})).await,
        again(&ann, "counted", json!({"page": cursor})).await,
        again(
            &ann,
            "measurements",
            json!({"station": "", "cursor": cursor}),
        )
        .await,
        again(&ann, "counted", json!({"page": changed, "rows": 900})).await,
        again(&ann, "counted", json!({"page": 17, "rows": 900})).await,
        again(&ann, "counted", json!({"page": "17", "rows": 900})).await,
        again(
            &elsewhere.as_caller(Caller::for_tests("ann")),
            "counted",
            json!({"page": cursor, "rows": 900}),
        )
        .await,
    ];
    for result in refused {
        assert_eq!(result["isError"], true, "{result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(
            text.contains("has to be the `next_cursor` of an earlier page"),
            "{text}"
        );
    }
    // `null` and nothing are the first page.
    let null = again(&ann, "counted", json!({"page": null, "rows": 900})).await;
    assert_eq!(
        null["structuredContent"]["items"],
        first["structuredContent"]["items"]
    );
}

#[tokio::test]
async fn without_keys_a_page_that_is_whole_is_sent_and_another_is_an_error() {
    let client = Client::new(&builder().build().unwrap());
    let whole = client.call("counted", json!({"rows": 3})).await;
    assert_eq!(
        whole["structuredContent"]["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let cut = client.call("counted", json!({})).await;
    assert_eq!(cut["isError"], true, "{cut}");
}

#[tokio::test]
async fn a_page_is_described_without_the_marks_of_its_types() {
    let tools = client().tools().await;
    let text = serde_json::to_string(&tools).unwrap();
    assert!(!text.contains("x-mcp-core"), "{text}");
    let counted = tools.iter().find(|tool| tool["name"] == "counted").unwrap();
    let cursor = &counted["inputSchema"]["properties"]["page"];
    assert_eq!(cursor["type"], "string", "{cursor}");
    assert!(
        cursor["description"]
            .as_str()
            .unwrap()
            .contains("`next_cursor`")
    );
    assert_eq!(counted["outputSchema"]["required"], json!(["items"]));
}

/// Items of the caller's own limit of bytes.
#[tokio::test]
async fn a_page_ends_at_the_size_limit_as_well() {
    let mut limits = Limits::default();
    limits.result_bytes = 1_000;
    let server = builder().limits(limits).seal_with(keys(1)).build();
    let client = Client::new(&server.unwrap());
    let arguments = json!({"station": "", "rows": 300});
    let walk = walk(&client, "measurements", "cursor", arguments).await;
    assert!(walk.numbers.iter().copied().eq(1..=300) && walk.largest <= 1_000);
}

mod mistakes {
    use super::*;

    /// No cursor.
    #[tool]
    fn no_cursor() -> Page<u32> {
        Page::all(0..3, None)
    }

    /// No page.
    #[tool]
    fn no_page(cursor: Option<Cursor>) -> bool {
        cursor.is_some()
    }

    /// Two.
    #[tool]
    fn two(one: Option<Cursor>, other: Option<Cursor>) -> Page<u32> {
        let _ = other;
        Page::all(0..3, one)
    }

    /// A filter.
    #[derive(serde::Deserialize, JsonSchema)]
    struct Filter {
        cursor: Option<Cursor>,
    }

    /// Inside.
    #[tool]
    fn inside(filter: Filter) -> Page<u32> {
        Page::all(0..3, filter.cursor)
    }

    #[test]
    fn a_tool_that_could_not_be_paged_does_not_build() {
        let server = || Server::new(server_info!(), ());
        for (built, says) in [
            (
                server().tools(tools![no_cursor]).build(),
                "nobody could ask for the second",
            ),
            (
                server().tools(tools![no_page]).build(),
                "let it return a `Page`",
            ),
            (server().tools(tools![two]).build(), "one cursor"),
            (
                server().tools(tools![inside]).build(),
                "an argument of its own",
            ),
        ] {
            let error = built.unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}

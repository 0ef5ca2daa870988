//! Every code of `Refusal` once, as somebody meets it who starts a server or sends a request: with its text,
//! which says what to change, and its place in `docs/guide/troubleshooting.md`. `--nocapture` prints them.

#[path = "refusals/building.rs"]
mod building;
#[path = "refusals/endpoint.rs"]
mod endpoint;
#[path = "refusals/hosts.rs"]
mod hosts;
#[path = "refusals/page.rs"]
mod page;
#[path = "refusals/places.rs"]
mod places;
#[path = "refusals/starting.rs"]
mod starting;

use mcp_core::{HostError, Refusal};
use mcp_tests::Result;
use serde_json::Value;

use page::Page;

/// What somebody reads who is refused.
struct Seen {
    refusal: Refusal,
    /// The HTTP status; `None` where the server does not start.
    status: Option<u16>,
    /// The text without the code.
    text: String,
    /// Words of the text that say what to change.
    change: &'static str,
}

impl Seen {
    /// An error of the start. Its text ends with the code.
    fn at_start(error: impl Into<HostError>, change: &'static str) -> Self {
        let error = error.into();
        let text = error.to_string();
        let refusal = error.refusal();
        let refusal = refusal.unwrap_or_else(|| panic!("no code: {text}"));
        Self {
            refusal,
            status: None,
            text: without_code(&text, refusal),
            change,
        }
    }

    /// A reply with a JSON-RPC error, which says the code as `data.reason`.
    fn in_reply(status: u16, body: &Value, change: &'static str) -> Self {
        let error = &body["error"];
        let reason = error["data"]["reason"].as_str().unwrap_or_default();
        let refusal = of_code(reason).unwrap_or_else(|| panic!("no reason: {status} {body}"));
        Self {
            refusal,
            status: Some(status),
            text: error["message"].as_str().unwrap_or_default().to_owned(),
            change,
        }
    }
}

fn of_code(code: &str) -> Option<Refusal> {
    let mut all = Refusal::ALL.iter();
    all.find(|refusal| refusal.code() == code).copied()
}

fn without_code(text: &str, refusal: Refusal) -> String {
    let end = format!(" [{refusal}]");
    let text = text.strip_suffix(&end);
    text.unwrap_or_else(|| panic!("`{end}` is not at the end"))
        .to_owned()
}

/// What only another test can trigger, and the file of that test.
const ELSEWHERE: &[(Refusal, &str, &str)] = &[(
    Refusal::RedisUrl,
    "mcp-fargate-adapter/tests/redis/environment.rs",
    include_str!("../../mcp-fargate-adapter/tests/redis/environment.rs"),
)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_says_what_to_change_and_is_on_the_page() -> Result<()> {
    let mut seen = building::refusals();
    seen.extend(starting::refusals().await?);
    seen.extend(endpoint::refusals().await);
    seen.extend(places::refusals().await);
    seen.extend(hosts::refusals().await?);
    let page = Page::read();
    let mut missing = Vec::new();
    for refusal in Refusal::ALL {
        let of_this: Vec<&Seen> = seen
            .iter()
            .filter(|seen| seen.refusal == *refusal)
            .collect();
        if of_this.is_empty() {
            let elsewhere = ELSEWHERE.iter().find(|(known, ..)| known == refusal);
            let named = format!("Refusal::{refusal:?}");
            match elsewhere.filter(|(_, _, code)| code.contains(&named)) {
                Some((_, file, _)) => println!("{refusal}: in {file}"),
                None => missing.push(format!("`{refusal}` is not triggered")),
            }
            missing.extend(page.row(*refusal).err());
        }
        for seen in of_this {
            let status = seen
                .status
                .map_or("start".to_owned(), |status| status.to_string());
            let text: String = seen.text.chars().take(300).collect();
            println!("{refusal}: {status}, {text}\n    docs/guide/troubleshooting.md#{refusal}");
            if !seen.text.contains(seen.change) {
                missing.push(format!(
                    "`{refusal}` does not say `{}`: {}",
                    seen.change, seen.text
                ));
            }
            missing.extend(page.lists(seen).err());
        }
    }
    println!(
        "{} codes, {} ways to meet them",
        Refusal::ALL.len(),
        seen.len()
    );
    assert!(missing.is_empty(), "{missing:#?}");
    Ok(())
}

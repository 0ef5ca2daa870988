//! A server whose functions ask their client, written once for clients of every revision.

#![allow(clippy::missing_errors_doc)] // what is documented here is what clients read

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mcp_core::{
    Answer, Context, Message, Result, Root, Sampling, Server, ServerBuilder, ServerInfo, State,
    prompt, prompts, resource, resources, tool, tools,
};
use serde_json::{Value, json};

use crate::rounds::{Call, accepted};

/// How often the functions ran.
#[derive(Clone, Debug, Default)]
pub struct Runs(Arc<AtomicUsize>);

impl Runs {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// What the functions borrow.
#[derive(Debug, State)]
pub struct Desk {
    runs: Runs,
}

/// How many.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
pub struct Amount {
    /// From one to nine.
    #[schemars(range(min = 1, max = 9))]
    pub count: u8,
}

/// Orders as many as the user says.
#[tool]
pub async fn order(item: &str, cx: &Context, runs: &Runs) -> Result<String> {
    runs.add();
    let question = format!("How many {item}?");
    Ok(match cx.elicit::<Amount>("amount", &question).await? {
        Answer::Accepted(Amount { count }) => format!("{count} {item}"),
        Answer::Declined => "declined".to_owned(),
        Answer::Cancelled => "cancelled".to_owned(),
    })
}

/// Asks the user, the client's model and the client at once.
#[tool]
pub async fn survey(cx: &Context) -> Result<String> {
    let amount = cx.elicit::<Amount>("a", "How many?");
    let joke = cx.sample("b", Sampling::new(100).user("Tell a joke."));
    let roots = cx.list_roots("c");
    let (amount, joke, roots) = (amount.await?, joke.await?, roots.await?);
    let uris: Vec<&str> = roots.iter().map(Root::uri).collect();
    Ok(format!(
        "{amount:?} {} {uris:?}",
        joke.text().unwrap_or_default()
    ))
}

/// Has the user open a page.
#[tool]
pub async fn visit(url: &str, cx: &Context) -> Result<String> {
    let answer = cx.elicit_url("page", "Have a look.", url).await?;
    Ok(format!("{answer:?}"))
}

/// Has the client's model tell a joke.
#[tool]
pub async fn joke(cx: &Context) -> Result<String> {
    let wanted = Sampling::new(100).user("Tell a joke.");
    let sampled = cx.sample("joke", wanted).await?;
    Ok(sampled.text().unwrap_or_default().to_owned())
}

/// Says where the client works.
#[tool]
pub async fn places(cx: &Context) -> Result<Vec<String>> {
    let roots = cx.list_roots("roots").await?;
    Ok(roots.iter().map(|root| root.uri().to_owned()).collect())
}

/// So many of something.
#[resource("orders://{item}")]
pub async fn ordered(item: &str, cx: &Context) -> Result<String> {
    let amount = cx.elicit::<Amount>("amount", "How many?").await?;
    let count = amount.accepted().map_or(0, |amount| amount.count);
    Ok(format!("{count} {item}"))
}

/// A letter that orders something.
#[prompt]
pub async fn letter(item: &str, cx: &Context) -> Result<Message> {
    let amount = cx.elicit::<Amount>("amount", "How many?").await?;
    let count = amount.accepted().map_or(0, |amount| amount.count);
    Ok(Message::user(format!("Please send {count} {item}.")))
}

/// The server, without keys.
pub fn builder(runs: &Runs) -> ServerBuilder<Desk> {
    let desk = Desk { runs: runs.clone() };
    Server::new(ServerInfo::new("desk", "1.0.0"), desk)
        .tools(tools![order, survey, visit, joke, places])
        .resources(resources![ordered])
        .prompts(prompts![letter])
}

/// A call of [`order`], for pears.
pub fn order_pears() -> Call {
    Call::tool("order", json!({"item": "pears"}))
}

/// The answers of a user who fills in an [`Amount`] that is asked for under the key `amount`.
pub fn amount(count: u8) -> Value {
    json!({"amount": accepted(json!({"count": count}))})
}

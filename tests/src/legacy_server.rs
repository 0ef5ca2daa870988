//! A server with all that clients of older revisions can be told and asked.

use std::sync::Arc;

use mcp_core::{
    Answer, BuildError, Caller, Content, Context, Limits, LogLevel, Notifier, Progress, Result,
    Sampling, SealKeys, Server, ServerBuilder, State, prompt, prompts, resource, resources,
    server_info, tool, tools,
};
use tokio::sync::Semaphore;

/// Adds two numbers.
#[tool]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {
    a + b
}

/// Tells who asks.
#[tool]
fn whoami(who: &Caller) -> String {
    who.subject().to_owned()
}

/// Reports so many times, and is done at once.
#[tool]
fn report(
    /// How many times.
    times: u32,
    cx: &Context,
) -> u32 {
    for done in 1..=times {
        cx.progress(Progress::new(done));
    }
    times
}

/// Reports before and after each time that the test lets it go on.
#[tool]
async fn stroll(
    /// How many times it has to be let go on.
    steps: u32,
    cx: &Context,
    gate: &Gate,
    ended: &Ended,
) -> String {
    let _guard = ended.guard();
    for done in 1..=steps {
        cx.progress(Progress::new(done));
        gate.pass().await;
    }
    cx.progress(Progress::new(steps + 1));
    "arrived".to_owned()
}

/// Reports, lets the connection go, and ends when the test lets it.
#[tool]
async fn lets_go(cx: &Context, gate: &Gate) -> String {
    cx.progress(Progress::new(1));
    cx.disconnect(std::time::Duration::from_millis(700));
    gate.pass().await;
    "arrived".to_owned()
}

/// Says nothing until the test lets it end.
#[tool]
async fn silent(gate: &Gate, ended: &Ended) -> String {
    let _guard = ended.guard();
    gate.pass().await;
    "arrived".to_owned()
}

/// Logs its level, at each level.
#[tool]
fn log_all(cx: &Context) -> &'static str {
    for (level, name) in crate::talk::LEVELS {
        cx.log(level, name);
    }
    "logged"
}

/// Tells of a change of a list, or of a resource.
#[tool]
fn change(
    /// `tools`, `prompts`, `resources` or a URI.
    what: &str,
    notifier: &Notifier,
) -> &'static str {
    match what {
        "tools" => notifier.tools_changed(),
        "prompts" => notifier.prompts_changed(),
        "resources" => notifier.resources_changed(),
        uri => notifier.resource_updated(uri),
    }
    "changed"
}

/// Who is meant.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
pub struct Person {
    /// The name.
    #[schemars(length(min = 1, max = 20))]
    pub name: String,
}

/// How to travel.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum Way {
    /// By train
    Train,
    /// On foot
    Walk,
}

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code)] // only shown
struct Trip {
    /// How to travel.
    way: Way,
    /// Where to.
    #[serde(default = "home")]
    to: String,
    /// With a return.
    #[serde(default)]
    back: bool,
}

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code)] // only shown
struct Trips {
    /// How to travel.
    ways: Vec<Way>,
}

fn home() -> String {
    "home".to_owned()
}

/// Asks the client, and tells what came of it.
#[tool]
async fn ask(
    /// What for: `person`, `trip`, `trips`, `page`, `page2`, `text`, `chat` or `roots`.
    what: &str,
    cx: &Context,
    ended: &Ended,
) -> Result<String> {
    let _guard = ended.guard();
    Ok(match what {
        "person" => match cx.elicit::<Person>("who", "Who is it?").await? {
            Answer::Accepted(Person { name }) => name,
            Answer::Declined => "declined".to_owned(),
            Answer::Cancelled => "cancelled".to_owned(),
        },
        "trip" => {
            let trip = cx.elicit::<Trip>("trip", "How to travel?").await?;
            format!("{:?}", trip.accepted())
        }
        "trips" => {
            let trips = cx.elicit::<Trips>("trips", "How to travel?").await?;
            format!("{:?}", trips.accepted())
        }
        "page" | "page2" => {
            let url = format!("https://example.com/{what}");
            let opened = cx.elicit_url("page", "Sign in, please.", &url).await?;
            format!("{opened:?}")
        }
        "text" => {
            let sampled = cx.sample("text", Sampling::new(100).user("Write.")).await?;
            sampled.text().unwrap_or_default().to_owned()
        }
        "chat" => {
            let wanted = Sampling::new(7)
                .system_prompt("Be brief.")
                .user("Listen.")
                .assistant("I do.")
                .user(Content::audio(b"sound", "audio/wav"))
                .temperature(0.5);
            let sampled = cx.sample("chat", wanted).await?;
            format!("{:?} {:?}", sampled.model(), sampled.stop_reason())
        }
        "roots" => {
            let roots = cx.list_roots("roots").await?;
            let uris: Vec<&str> = roots.iter().map(mcp_core::Root::uri).collect();
            uris.join(" ")
        }
        other => other.to_owned(),
    })
}

/// Asks so many times for a person, one after the other.
#[tool]
async fn ask_in_turn(
    /// How many times.
    times: u32,
    cx: &Context,
) -> Result<String> {
    let mut names = Vec::new();
    for turn in 0..times {
        let key = format!("who{turn}");
        let who = cx.elicit::<Person>(&key, "Who is next?").await?;
        names.extend(who.accepted().map(|person| person.name));
    }
    Ok(names.join(" "))
}

/// Asks twice before it waits for the first answer, and gives up when that is an error.
#[tool]
async fn ask_at_once(cx: &Context) -> Result<String> {
    let first = cx.elicit::<Person>("first", "Who comes first?");
    let second = cx.elicit::<Person>("second", "Who comes second?");
    let name = |who: Answer<Person>| who.accepted().map(|person| person.name);
    Ok(format!(
        "{:?} {:?}",
        name(first.await?),
        name(second.await?)
    ))
}

/// Asks for a person, and has little time for itself.
#[tool(timeout = "100ms")]
async fn ask_with_a_short_time(cx: &Context) -> Result<String> {
    let who = cx.elicit::<Person>("who", "Who is it?").await?;
    Ok(who.accepted().map_or_else(home, |person| person.name))
}

/// Asks for a person, and never ends afterwards.
#[tool(timeout = "50ms")]
async fn ask_and_hang(cx: &Context) -> Result<String> {
    cx.elicit::<Person>("who", "Who is it?").await?;
    cx.log(LogLevel::Info, "answered");
    std::future::pending().await
}

/// Asks and never looks at the answer, so that it is dropped while its question is open.
#[tool]
async fn ask_without_waiting(cx: &Context, ended: &Ended) -> Result<String> {
    let _guard = ended.guard();
    let _open = cx.elicit::<Person>("who", "Who is it?");
    std::future::pending().await
}

/// A note.
#[resource("a://{number}", title = "Note", icons("https://example.com/note.png"))]
fn note(number: u8) -> String {
    format!("note {number}")
}

/// The first note.
#[resource(
    "first://note",
    title = "First",
    icons("https://example.com/first.png")
)]
fn first_note() -> &'static str {
    "note 1"
}

/// The first words.
#[prompt(title = "Greeting", icons("https://example.com/greeting.png"))]
fn greeting(
    /// For whom.
    #[arg(complete = names)]
    name: &str,
) -> String {
    format!("Hello, {name}!")
}

fn names(typed: &str) -> Vec<&'static str> {
    let names = ["Ann", "Bob"].into_iter();
    names.filter(|name| name.starts_with(typed)).collect()
}

/// What a call that waits has to pass.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    /// Lets one call go on, now or when it comes here.
    pub fn open(&self) {
        self.0.add_permits(1);
    }

    async fn pass(&self) {
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}

/// Counts calls that ended, by return or because they were dropped.
#[derive(Clone, Debug)]
pub struct Ended(Arc<Semaphore>);

struct Guard(Ended);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.add_permits(1);
    }
}

impl Ended {
    fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    /// How many ended that nobody waited for.
    pub fn count(&self) -> usize {
        self.0.available_permits()
    }

    /// Waits for the end of one call.
    pub async fn one(&self) {
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}

/// What tools of the server share with the test.
#[derive(State, Clone, Debug)]
pub struct Shared {
    /// What calls have to pass.
    pub gate: Gate,
    /// Those that ended.
    pub ended: Ended,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            gate: Gate(Arc::new(Semaphore::new(0))),
            ended: Ended(Arc::new(Semaphore::new(0))),
        }
    }
}

/// Keys that every server of a test has.
///
/// # Panics
///
/// Never.
pub fn keys() -> SealKeys {
    SealKeys::new([("k1", [7; 32])]).unwrap()
}

/// The server without keys, to be completed.
pub fn builder(shared: &Shared) -> ServerBuilder<Shared> {
    Server::new(server_info!(), shared.clone())
        .tools(tools![
            add, whoami, report, stroll, lets_go, silent, log_all, change
        ])
        .tools(tools![
            ask,
            ask_in_turn,
            ask_at_once,
            ask_with_a_short_time,
            ask_and_hang,
            ask_without_waiting
        ])
        .resources(resources![note, first_note])
        .prompts(prompts![greeting])
        .list_changes()
}

/// The server with keys and these limits.
///
/// # Errors
///
/// When a limit is zero.
pub fn server(shared: &Shared, limits: Limits) -> std::result::Result<Server, BuildError> {
    builder(shared).seal_with(keys()).limits(limits).build()
}

//! Functions of every kind, and blocks, for an author who denies every lint.

use std::borrow::Cow;
use std::future::ready;

use mcp_core::{
    BuildError, Caller, Context, Message, Result, Server, State, expose, prompt, prompts, resource,
    resources, server_info, tool, tools,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The least that is counted.
const LEAST: u32 = 1;

/// The state.
#[derive(Debug, State)]
#[non_exhaustive]
pub struct App {
    /// Where the sales are.
    host: String,
    /// How many of them.
    sales: Sales,
    /// Not for tools.
    #[state(skip)]
    secret: String,
}

/// The sales.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sales {
    /// What was paid.
    numbers: Vec<u32>,
}

/// What to look for.
#[derive(Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Filter {
    /// Part of the name.
    text: String,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Found {
    /// Names.
    names: Vec<String>,
}

/// Adds.
///
/// # Errors
///
/// Never.
#[tool(title = "Add", timeout = "30s", read_only)]
pub async fn add(
    /// Text.
    #[arg(default = "a", length = 1..=5)]
    text: &str,
    /// A number.
    #[arg(default = 3, range = (LEAST + 1)..=5, header = "Number")]
    number: u32,
    /// Another one.
    #[arg(name = "theOther", range = 0.5..=1.0)]
    other: Option<f64>,
    /// Owned text.
    owned: Cow<'_, str>,
    /// A filter.
    filter: Filter,
    /// Many filters.
    #[arg(default, length = ..=9)]
    filters: Vec<Filter>,
    who: Option<&Caller>,
    cx: &Context,
    app: &App,
) -> Result<String> {
    ready(()).await;
    let all = (who, cx, &filter.text, filters.len());
    Ok(format!("{text}{number}{other:?}{owned}{}{all:?}", app.host))
}

/// Counts.
#[tool]
pub fn count(sales: &Sales, app: &App) -> usize {
    sales.numbers.len().max(app.secret.len())
}

/// Finds.
#[tool(destructive, idempotent, scopes("sales:read"), step_up)]
fn find(filter: Filter, mut most: usize) -> Found {
    most = most.min(1);
    Found {
        names: vec![filter.text; most],
    }
}

/// Ends.
#[tool(blocking)]
fn end() {}

/// Counts up.
#[prompt]
async fn letter(
    /// To whom.
    to: &str,
    /// How many pages.
    #[arg(default = 1)]
    pages: u8,
    /// Perhaps.
    from: Option<u32>,
) -> Result<Vec<Message>> {
    ready(()).await;
    let text = format!("Write {pages} pages to {to} from {from:?}.");
    Ok(vec![Message::user(text)])
}

/// All sales.
#[resource(
    "sales://all",
    mime = "text/plain",
    size = 3,
    priority = 0.5,
    audience("user")
)]
fn all() -> &'static str {
    "all"
}

/// One sale.
#[resource("sales://{region}/{+path}", mime = "text/plain")]
pub async fn one(
    #[arg(complete = regions)] region: &str,
    #[arg(complete = regions)] path: &str,
    app: &App,
) -> String {
    ready(()).await;
    format!("{region}{path}{}", app.host)
}

/// Regions to complete.
fn regions(typed: &str) -> Vec<String> {
    vec![typed.to_owned()]
}

/// A desk for one kind of things.
#[derive(Debug)]
#[non_exhaustive]
pub struct Desk<T> {
    /// What is on it.
    things: Vec<T>,
}

#[expose]
impl<T: Send + Sync + 'static> Desk<T> {
    /// Counts.
    #[tool(read_only)]
    fn count(&self, #[arg(range = 1..=9, default = 1)] by: usize) -> usize {
        self.things.len().saturating_add(by)
    }

    /// Asks.
    #[tool(open_world)]
    async fn ask(&self, who: &str, cx: &Context) -> Result<String> {
        ready(()).await;
        Ok(format!("{who}{}{cx:?}", self.things.len()))
    }

    /// One thing.
    ///
    /// # Errors
    ///
    /// When there is no such thing.
    #[resource("things://{id}")]
    pub fn thing(&self, id: usize) -> Result<String> {
        let there = self.things.get(id).is_some();
        let text = there.then(|| id.to_string());
        text.ok_or_else(|| mcp_core::Error::new("no such thing"))
    }

    /// Greets.
    #[prompt]
    fn greet(who: &str) -> String {
        who.to_owned()
    }
}

/// What is in a module of its own.
pub mod nested {
    use mcp_core::{expose, tool};

    /// Says nothing.
    #[tool]
    pub fn nothing() {}

    /// Says nothing.
    #[tool]
    pub(crate) fn nothing_here() {}

    /// A state without anything.
    #[derive(Clone, Copy, Debug, mcp_core::State)]
    #[non_exhaustive]
    pub struct Empty;

    #[expose]
    impl Empty {
        /// Says nothing.
        #[tool]
        pub async fn nothing(&self) {
            let _: &Self = std::future::ready(self).await;
        }
    }
}

/// Servers of all of them.
///
/// # Errors
///
/// When two have the same name.
pub fn servers() -> core::result::Result<[Server; 3], BuildError> {
    let app = App {
        host: one::uri("north", "a"),
        sales: Sales {
            numbers: Vec::new(),
        },
        secret: Desk::<u8>::thing_uri(5),
    };
    Ok([
        Server::new(server_info!(), app)
            .tools(tools![
                add,
                count,
                find,
                end,
                nested::nothing,
                nested::nothing_here
            ])
            .resources(resources![all, one])
            .prompts(prompts![letter])
            .build()?,
        Server::new(server_info!(), Desk { things: vec![5_u8] })
            .exposed()
            .build()?,
        Server::new(server_info!(), nested::Empty)
            .exposed()
            .build()?,
    ])
}

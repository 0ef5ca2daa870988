//! Blocks that are exposed, generic ones and conditional parts among them.

use std::sync::Mutex;

use mcp_core::{Context, Result, Server, State, expose, server_info};

trait Repo: Send + Sync + 'static {
    type Id: std::str::FromStr + std::fmt::Display + Send;

    fn name(&self, id: &Self::Id) -> String;
}

struct Desk<R: Repo> {
    repo: R,
    count: Mutex<u32>,
}

#[expose]
impl<R: Repo> Desk<R>
where
    R::Id: Clone,
{
    const LIMIT: u32 = 9;

    fn new(repo: R) -> Self {
        Self {
            repo,
            count: Mutex::new(Self::LIMIT),
        }
    }

    /// Counts.
    #[tool(read_only)]
    fn count(&self, #[arg(range = 1..=9, default = 1)] by: u32) -> u32 {
        self.count.lock().map_or(0, |count| *count + by)
    }

    /// Asks.
    #[mcp_core::tool(single_use)]
    async fn ask(self: &Self, #[arg(header = "Who")] who: &str, cx: &Context) -> Result<String> {
        let _ = cx;
        Ok(who.to_owned())
    }

    /// One name.
    #[resource("names://{id}", mime = "text/plain")]
    fn name(&self, #[arg(complete = Self::ids)] id: R::Id) -> String {
        self.repo.name(&id)
    }

    /// Greets.
    #[prompt]
    fn greet(who: &str) -> String {
        format!("Greet {who}.")
    }

    fn ids(typed: &str) -> Vec<String> {
        vec![typed.to_owned()]
    }
}

struct Names;

impl Repo for Names {
    type Id = u32;

    fn name(&self, id: &u32) -> String {
        id.to_string()
    }
}

struct Db;

#[derive(State)]
struct App {
    db: Db,
}

#[expose]
impl App {
    /// Looks something up.
    #[tool]
    async fn look(app: &Self, db: &Db) {
        let _ = (&app.db, db);
    }

    /// Only sometimes.
    #[cfg(any())]
    #[tool]
    fn never(&self, missing: &Missing) {}
}

fn main() {
    let _ = Desk::<Names>::name_uri(3);
    let _ = Server::new(server_info!(), Desk::new(Names))
        .exposed()
        .build();
    let _ = Server::new(server_info!(), App { db: Db })
        .exposed()
        .build();
}

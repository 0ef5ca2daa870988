//! A crate that forgives nothing.

#![deny(
    warnings,
    dead_code,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    rust_2018_idioms,
    unreachable_pub,
    unused,
    unused_qualifications
)]
#![forbid(unsafe_code)]

use mcp_core::{
    Caller, Completing, Result, Server, State, expose, prompt, prompts, resource, resources,
    server_info,
};

/// The state.
#[derive(Debug, State)]
pub struct Desk {
    host: String,
}

#[expose]
impl Desk {
    /// Adds.
    #[tool(title = "Add", single_use)]
    pub async fn add(
        &self,
        /// A number.
        #[arg(default = 3, range = 1..=5, header = "Number")]
        number: u32,
        who: Option<&Caller>,
    ) -> Result<String> {
        let _ = who;
        Ok(format!("{number}{}", self.host))
    }

    /// One drawer.
    #[resource("desk://{drawer}")]
    pub fn drawer(&self, drawer: u32) -> String {
        drawer.to_string()
    }
}

/// What was sold.
#[resource("sales://{region}/{+path}", priority = 1)]
fn sales(
    /// The path.
    path: &str,
    /// The region.
    #[arg(complete = regions)]
    region: String,
) -> String {
    format!("{region}{path}")
}

fn regions(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let _ = with;
    vec![typed.to_owned()]
}

/// Drafts a letter.
#[prompt]
fn letter(to: &str) -> String {
    to.to_owned()
}

fn main() {
    let desk = Desk {
        host: String::new(),
    };
    let _ = Server::new(server_info!(), desk)
        .exposed()
        .resources(resources![sales])
        .prompts(prompts![letter])
        .build();
}

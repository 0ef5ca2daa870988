//! Prompts with arguments of every kind.

use mcp_core::{Caller, Result, Server, prompt, prompts, server_info};

/// Drafts a letter.
#[prompt(
    title = "Letter",
    icons("https://example.com/letter.png"),
    scopes("letters")
)]
fn letter(
    /// The language of the letter.
    #[arg(complete = languages)]
    language: &str,
    place: Option<&str>,
    #[arg(default = "formal")] tone: &str,
    words: u32,
    #[arg(default = 2)] copies: u8,
    #[arg(default)] urgent: bool,
    late: Option<bool>,
    #[arg(default = "nobody")] signed: String,
    caller: Option<&Caller>,
) -> String {
    let _ = caller;
    format!("{language} {place:?} {tone} {words} {copies} {urgent} {late:?} {signed}")
}

/// Asks for a summary.
#[prompt(name = "summary", blocking, timeout = "2s")]
fn ask_for_a_summary() -> Result<&'static str> {
    Ok("Summarise it.")
}

/// Asks later.
#[prompt]
async fn later(#[arg(name = "when")] time: std::net::IpAddr) -> String {
    time.to_string()
}

fn languages(typed: &str) -> Vec<&'static str> {
    let languages = ["English", "German"].into_iter();
    languages.filter(|it| it.starts_with(typed)).collect()
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .prompts(prompts![letter, ask_for_a_summary, later])
        .build();
}

use mcp_core::{Server, prompts, resources, server_info};

macro_rules! table {
    ($name:ident, $uri:literal, $key:ty) => {
        /// One row.
        #[mcp_core::resource($uri, icons("https://example.com/a.png"))]
        pub fn $name(row: $key, text: &str) -> String {
            let _ = text;
            row.to_string()
        }
    };
}

macro_rules! letter {
    ($name:ident, $words:ty, $tone:expr) => {
        /// Drafts a letter.
        #[mcp_core::prompt]
        pub fn $name(words: Option<$words>, #[arg(default = $tone)] tone: &str) -> String {
            format!("{words:?} {tone}")
        }
    };
}

table!(small, "small://{row}/{text}", u8);
table!(large, "large://{row}/{text}", u64);
letter!(short, u8, "formal");
letter!(long, u32, "friendly");

fn main() {
    let _ = (small::uri(1, "a"), large::uri(1, "a"));
    let _ = Server::new(server_info!(), ())
        .resources(resources![small, large])
        .prompts(prompts![short, long])
        .build();
}

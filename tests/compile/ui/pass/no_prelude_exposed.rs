#![no_implicit_prelude]

/// The state.
#[derive(::mcp_core::State)]
struct Desk {
    count: u32,
}

#[::mcp_core::expose]
impl Desk {
    /// Adds.
    #[tool(title = "Add", single_use, icons("https://example.com/a.png"))]
    async fn add(
        &self,
        #[arg(default = "a", length = 1..=5)] text: &str,
        #[arg(header = "Number", range = 0..=5)] number: u32,
        count: &u32,
    ) -> ::std::result::Result<u32, ::std::io::Error> {
        let _ = (text, self.count);
        ::std::result::Result::Ok(number + *count)
    }

    /// One drawer.
    #[resource("desk://{drawer}", audience("user"), priority = 0.5)]
    fn drawer(&self, #[arg(complete = Self::drawers)] drawer: u32) -> &'static str {
        let _ = (self, drawer);
        ""
    }

    fn drawers(typed: &str) -> [::std::string::String; 1] {
        [::std::convert::Into::into(typed)]
    }
}

/// How to begin.
#[::mcp_core::resource("docs://readme", mime = "text/markdown", size = 3)]
fn readme(desk: &Desk) -> &'static str {
    let _ = desk;
    ""
}

/// Drafts a letter.
#[::mcp_core::prompt(timeout = "5s")]
async fn letter(
    to: &str,
    tone: ::std::option::Option<&str>,
    #[arg(default = "b")] other: ::std::string::String,
    #[arg(default)] number: u32,
    late: ::std::option::Option<bool>,
    who: ::std::option::Option<&::mcp_core::Caller>,
) -> ::std::string::String {
    let _ = (to, tone, number, late, who);
    other
}

fn main() {
    let _ = (readme::uri(), Desk::drawer_uri(3));
    let info = ::mcp_core::server_info!();
    let _ = ::mcp_core::Server::new(info, Desk { count: 1 })
        .exposed()
        .resources(::mcp_core::resources![readme])
        .prompts(::mcp_core::prompts![letter])
        .build();
}

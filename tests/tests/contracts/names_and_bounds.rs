//! Names of tools that are not portable, and bounds that cannot be kept: errors of `build()`.

use mcp_core::{Contents, DynamicTool, DynamicTools, Server, server_info, tool, tools};

macro_rules! error_of {
    ($tool:ident) => {
        Server::new(server_info!(), ())
            .tools(tools![$tool])
            .build()
            .unwrap_err()
            .to_string()
    };
}

/// Has a name of 48 characters.
#[tool(name = "x23456789_123456789_123456789_123456789_12345678")]
fn named_48() {}

/// Has a name of 49 characters.
#[tool(name = "x23456789_123456789_123456789_123456789_123456789")]
fn named_49() {}

/// Has a name with a dot.
#[tool(name = "issues.list")]
fn dotted() {}

/// Has a name that begins with a digit.
#[tool(name = "2nd")]
fn second() {}

#[test]
fn a_name_of_48_characters_is_taken_and_one_of_49_only_if_the_server_says_so() {
    let server = || Server::new(server_info!(), ());
    assert!(server().tools(tools![named_48]).build().is_ok());
    let error = error_of!(named_49);
    assert!(error.contains("or say `protocol_names()`"), "{error}");
    let all = server().tools(tools![named_49, dotted, second]);
    assert!(all.protocol_names().build().is_ok());
    assert!(error_of!(dotted).contains("`issues.list`"));
    assert!(error_of!(second).contains("`2nd`"));
}

fn at_run_time(name: &str) -> DynamicTool {
    let schema = r#"{"type": "object"}"#;
    let tool = DynamicTool::new(name, schema, |_| {
        Box::pin(async { Ok(Contents::default()) })
    });
    tool.unwrap().description("Does nothing.")
}

#[test]
fn tools_that_come_and_go_have_portable_names_too() {
    let tools = DynamicTools::new();
    tools.add(at_run_time("was.there")).unwrap();
    let server = || Server::new(server_info!(), ()).dynamic_tools(&tools);
    let error = server().build().unwrap_err().to_string();
    assert!(error.contains("`was.there`"), "{error}");
    assert!(server().protocol_names().build().is_ok());
    tools.add(at_run_time("comes.later")).unwrap();

    let tools = DynamicTools::new();
    let server = Server::new(server_info!(), ())
        .dynamic_tools(&tools)
        .build();
    assert!(server.is_ok());
    let error = tools
        .add(at_run_time("comes.later"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("`comes.later`"), "{error}");
    tools.add(at_run_time("comes_later")).unwrap();
}

/// Has a pattern that is none.
#[tool]
fn no_pattern(#[arg(pattern = "(")] text: &str) {
    let _ = text;
}

/// Has a pattern that takes more than linear time.
#[tool]
fn looks_around(#[arg(pattern = "(?=a)b")] text: &str) {
    let _ = text;
}

/// Has a pattern for a number.
#[tool]
fn patterned_number(#[arg(pattern = "^1$")] number: u32) {
    let _ = number;
}

/// Has a length for numbers.
#[tool]
fn long_numbers(#[arg(items(length = 1..=2))] numbers: Vec<u32>) {
    let _ = numbers;
}

/// Has a pattern for numbers.
#[tool]
fn patterned_numbers(#[arg(items(pattern = "^1$"))] numbers: Vec<u32>) {
    let _ = numbers;
}

#[test]
fn bounds_that_cannot_be_kept_are_errors() {
    for (error, says) in [
        (
            error_of!(no_pattern),
            "the pattern `(`, which cannot be checked",
        ),
        (
            error_of!(looks_around),
            "the pattern `(?=a)b`, which cannot be checked",
        ),
        (
            error_of!(patterned_number),
            "has a `pattern` and is no text",
        ),
        (error_of!(long_numbers), "numbers have a `range`"),
        (error_of!(patterned_numbers), "which are no texts"),
    ] {
        assert!(error.contains(says), "{error}");
    }
}

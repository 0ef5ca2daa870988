//! For each rule a tool that breaks it, and no other of that vendor.

use serde_json::{Value, json};

use super::rules::RULES;
use super::{Portability, Vendor};

fn tool(name: &str, schema: &Value) -> Value {
    json!({"name": name, "description": "Does it.", "inputSchema": schema})
}

fn field(schema: &Value) -> Value {
    json!({"type": "object", "properties": {"it": schema}})
}

/// A tool that breaks the rule, by the vendor and how the rule begins.
fn known_bad(vendor: Vendor, says: &str) -> Value {
    use Vendor::{Anthropic, Bedrock, Cursor, Gemini, Kiro, OpenAi, OpenAiStrict};
    let plain = json!({"type": "object", "properties": {}});
    let begins = |with: &str| says.starts_with(with);
    match vendor {
        Anthropic | OpenAi | Bedrock if begins("a name has") => tool("issues.list", &plain),
        Gemini if begins("a name has") => tool("1st", &plain),
        Anthropic if begins("`mcp__`") => tool(&"x".repeat(53), &plain),
        Anthropic if begins("a description is cut") => {
            let mut tool = tool("it", &plain);
            tool["description"] = "x".repeat(2049).into();
            tool
        }
        Anthropic | OpenAi if begins("the input schema is of") => tool("it", &json!({})),
        Anthropic | OpenAi | Bedrock if begins("no `oneOf`") => tool(
            "it",
            &json!({"type": "object", "properties": {}, "oneOf": [{"required": ["a"]}]}),
        ),
        Anthropic | Kiro if begins("no `$ref`") => {
            tool("it", &field(&json!({"$ref": "#/$defs/A"})))
        }
        Anthropic if begins("a property") => tool(
            "it",
            &json!({"type": "object", "properties": {"größe": {"type": "integer"}}}),
        ),
        OpenAi if begins("an object has") => tool("it", &field(&json!({"type": "object"}))),
        OpenAi if begins("an array has") => tool("it", &field(&json!({"type": "array"}))),
        OpenAiStrict if begins("keys are named") => tool(
            "it",
            &field(&json!({"type": "object", "additionalProperties": {"type": "integer"}})),
        ),
        OpenAiStrict if begins("no `allOf`") => tool(
            "it",
            &field(&json!({"type": "integer", "not": {"const": 0}})),
        ),
        OpenAiStrict if begins("a format is") => tool(
            "it",
            &field(&json!({"type": "integer", "format": "uint32"})),
        ),
        OpenAiStrict if begins("`null` in an") => tool(
            "it",
            &field(&json!({"type": "string", "enum": ["a", null]})),
        ),
        OpenAiStrict if begins("at most 5,000") => {
            tool("it", &(0..11).fold(plain, |inner, _| field(&inner)))
        }
        Gemini if begins("a keyword") => {
            tool("it", &field(&json!({"type": "string", "const": "a"})))
        }
        Gemini | Cursor if begins("a `type` is one") => {
            tool("it", &field(&json!({"type": ["string", "null"]})))
        }
        Gemini if begins("everything has") => tool("it", &field(&json!({}))),
        Gemini if begins("an `enum` has") => {
            tool("it", &field(&json!({"type": "integer", "enum": [1, 2]})))
        }
        Bedrock if begins("a description is not") => {
            let mut tool = tool("it", &plain);
            tool["description"] = "".into();
            tool
        }
        Kiro if begins("the names") => tool(&"x".repeat(60), &plain),
        Kiro if begins("no `anyOf`") => tool(
            "it",
            &field(&json!({"anyOf": [{"const": "a"}, {"type": "integer"}]})),
        ),
        Kiro if begins("an output schema") => {
            let mut tool = tool("it", &plain);
            tool["outputSchema"] = json!({"oneOf": [{"type": "object"}]});
            tool
        }
        Cursor if begins("the names") => tool(&"x".repeat(55), &plain),
        _ => panic!("there is no tool that breaks: {vendor}: {says}"),
    }
}

#[test]
fn each_rule_is_broken_by_its_known_bad_tool_alone() {
    for rule in &RULES {
        let tool = known_bad(rule.vendor, rule.says);
        let report = Portability::of_tools("notes", [&tool]);
        let of_vendor = report
            .findings()
            .iter()
            .filter(|it| it.vendor() == rule.vendor);
        let rules: Vec<&str> = of_vendor.map(super::Finding::rule).collect();
        // A schema that is none at all has other rules against it as well.
        assert!(
            rules.contains(&rule.says),
            "{}: {}: {report}",
            rule.vendor,
            rule.says
        );
        assert_eq!(rules.len(), 1, "{}: {}: {report}", rule.vendor, rule.says);
        assert!(rule.source.starts_with("https://"));
    }
}

#[test]
fn names_are_bounded_at_n_and_not_at_n_plus_one() {
    let findings = |length: usize, vendor| {
        let tool = tool(&"x".repeat(length), &field(&json!({"type": "string"})));
        let report = Portability::of_tools("notes", [&tool]);
        report
            .findings()
            .iter()
            .filter(|it| it.vendor() == vendor)
            .count()
    };
    for (vendor, longest) in [
        (Vendor::Anthropic, 52),
        (Vendor::OpenAi, 64),
        (Vendor::Gemini, 64),
        (Vendor::Bedrock, 64),
        (Vendor::Kiro, 59),
        (Vendor::Cursor, 54),
    ] {
        assert_eq!(findings(longest, vendor), 0, "{vendor}");
        assert_eq!(findings(longest + 1, vendor), 1, "{vendor}");
    }
}

#[test]
fn a_finding_names_the_tool_the_place_and_the_source() {
    let list = field(&json!({"type": "array", "items": {"type": ["integer", "null"]}}));
    let report = Portability::of_tools("notes", [&tool("save", &list)]);
    assert_eq!(
        report.to_string(),
        "Gemini: the tool `save`, at `it[]`: a `type` is one, not a list \
         (https://github.com/taylorwilsdon/google_workspace_mcp/issues/1099)\n\
         Cursor: the tool `save`, at `it[]`: a `type` is one, not a list \
         (https://github.com/cursor/cursor/issues/3778)"
    );
}

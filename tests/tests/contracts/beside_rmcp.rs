//! Ten types of the corpus as rmcp describes them to a model, as we do, and what vendors say of both.

use mcp_core::testing::{Portability, Vendor};
use rmcp::handler::server::common::schema_for_type;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::corpus;
use super::types::*;

// What rmcp wants around an argument. What is said here is no documentation, since it would be published.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "is only described")]
struct Arguments<T> {
    /// The value.
    value: T,
}

fn of_rmcp<T: JsonSchema + 'static>(name: &'static str) -> (&'static str, Value) {
    let schema = schema_for_type::<Arguments<T>>();
    (name, Value::Object((*schema).clone()))
}

/// The vendors that have something to say.
fn said(schema: &Value, name: &str) -> (usize, String) {
    let tool = json!({"name": name, "description": "Does it.", "inputSchema": schema});
    let report = Portability::of_tools("corpus", [&tool]);
    let of = |vendor: &Vendor| report.findings().iter().any(|it| it.vendor() == *vendor);
    let vendors: Vec<String> = Vendor::ALL
        .into_iter()
        .filter(of)
        .map(|vendor| vendor.to_string())
        .collect();
    let vendors = if vendors.is_empty() {
        "nobody".to_owned()
    } else {
        vendors.join(", ")
    };
    (report.findings().len(), vendors)
}

#[tokio::test]
async fn ten_types_as_both_publish_them() {
    let ours = corpus::portable().tools().await;
    let mut text = String::new();
    let (mut of_ours, mut of_theirs) = (0, 0);
    for (name, theirs) in [
        of_rmcp::<u32>("unsigned"),
        of_rmcp::<Option<String>>("maybe_words"),
        of_rmcp::<(u8, u8)>("pair"),
        of_rmcp::<Filter>("filter"),
        of_rmcp::<Bounded>("bounded"),
        of_rmcp::<Order>("order"),
        of_rmcp::<Documented>("documented"),
        of_rmcp::<Payment>("payment"),
        of_rmcp::<Basket>("basket"),
        of_rmcp::<Booking>("booking"),
    ] {
        let mine = ours.iter().find(|tool| tool["name"] == name).unwrap();
        let mine = &mine["inputSchema"];
        text.push_str(&format!("{name}\n"));
        for (label, schema, all) in [
            ("rmcp", &theirs, &mut of_theirs),
            ("ours", mine, &mut of_ours),
        ] {
            let (count, vendors) = said(schema, name);
            *all += count;
            let bytes = schema.to_string().len();
            text.push_str(&format!(
                "  {label}  {bytes} bytes, {count} findings of {vendors}\n        {schema}\n"
            ));
        }
    }
    text.push_str(&format!("findings: rmcp {of_theirs}, ours {of_ours}\n"));
    assert_eq!(of_ours, 0, "{text}");
    insta::assert_snapshot!("beside_rmcp", text);
}

//! `completion/complete`: what is suggested, to whom, and how much of it.

use mcp_core::{Completing, Server, State, prompt, prompts, resource, resources, server_info};
use mcp_tests::asker::{Asker, MODERN, REVISIONS};
use mcp_tests::log;
use serde_json::{Value, json};

/// A letter.
#[prompt]
fn letter(
    /// In which language.
    #[arg(complete = languages)]
    language: &str,
    /// How it should sound.
    #[arg(complete = tones)]
    tone: Option<&str>,
    /// How many there are to choose from.
    #[arg(name = "manyOf", default = "0", complete = numbers)]
    many: &str,
    #[arg(complete = panics)] broken: Option<&str>,
    free: Option<&str>,
) -> String {
    format!("{language} {tone:?} {many} {broken:?} {free:?}")
}

/// Only for some.
#[prompt(scopes("letters:write"))]
fn confidential(#[arg(complete = for_the_caller)] to: &str) -> String {
    to.to_owned()
}

/// Without arguments.
#[prompt]
fn plain() -> &'static str {
    "plain"
}

/// One customer.
#[resource("sales://{region}/{customer}")]
fn customer(
    #[arg(complete = regions)] region: &str,
    #[arg(complete = customers)] customer: &str,
) -> String {
    format!("{region}/{customer}")
}

/// Only for some.
#[resource("vault://{number}", scopes("vault:read"))]
fn vault(#[arg(complete = numbers)] number: u8) -> String {
    number.to_string()
}

/// At one URI.
#[resource("docs://terms")]
fn terms() -> &'static str {
    "terms"
}

fn languages(typed: &str) -> Vec<&'static str> {
    let all = ["English", "Esperanto", "German"];
    all.into_iter()
        .filter(|name| name.starts_with(typed))
        .collect()
}

fn tones(typed: &str, with: &Completing<'_>) -> [String; 1] {
    [format!("{typed}/{:?}", with.argument("language"))]
}

/// As many as were asked for, out of more than anybody can count.
fn numbers(typed: &str) -> Box<dyn Iterator<Item = String>> {
    let all = (0..).map(|number: u64| number.to_string());
    match typed.parse() {
        Ok(count) => Box::new(all.take(count)),
        Err(_) => Box::new(all),
    }
}

fn panics(_: &str) -> Vec<String> {
    panic!("no suggestions today")
}

fn for_the_caller(_: &str, with: &Completing<'_>) -> Vec<String> {
    let caller = with.caller();
    caller
        .map(|it| it.subject().to_owned())
        .into_iter()
        .collect()
}

fn regions(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let Some(app) = with.state::<App>() else {
        return Vec::new();
    };
    let regions = app.regions.iter().filter(|name| name.contains(typed));
    regions.cloned().collect()
}

fn customers(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let region = with.argument("region").unwrap_or("none");
    vec![format!("{region}-{typed}")]
}

#[derive(State)]
struct App {
    regions: Vec<String>,
}

fn server() -> Server {
    let app = App {
        regions: vec!["north".to_owned(), "south".to_owned()],
    };
    Server::new(server_info!(), app)
        .prompts(prompts![letter, confidential, plain])
        .resources(resources![customer, vault, terms])
        .build()
        .unwrap()
}

fn prompt_of(name: &str) -> Value {
    json!({"type": "ref/prompt", "name": name})
}

fn resource_of(uri: &str) -> Value {
    json!({"type": "ref/resource", "uri": uri})
}

fn params(reference: &Value, argument: &str, typed: &str) -> Value {
    json!({"ref": reference, "argument": {"name": argument, "value": typed}})
}

async fn complete(asker: &Asker, revision: &str, params: Value) -> Value {
    let answer = asker.ask(revision, "completion/complete", params).await;
    answer.get("completion").cloned().unwrap_or(answer)
}

// [COMP-1] [DISC-3b]
#[tokio::test]
async fn completions_are_declared_by_a_server_that_has_some_and_to_revisions_that_know_them() {
    let prompts = Server::new(server_info!(), ())
        .prompts(prompts![letter])
        .build()
        .unwrap();
    let templates = Server::new(server_info!(), ())
        .resources(resources![vault])
        .build()
        .unwrap();
    let without = Server::new(server_info!(), ())
        .prompts(prompts![plain])
        .resources(resources![terms])
        .build()
        .unwrap();
    for revision in REVISIONS {
        let known = revision != "2024-11-05";
        let expected = known.then(|| json!({}));
        for server in [&prompts, &templates] {
            let declared = Asker::new(server).capabilities(revision).await;
            assert_eq!(declared.get("completions"), expected.as_ref(), "{revision}");
        }
        let asker = Asker::new(&without);
        let declared = asker.capabilities(revision).await;
        assert!(declared.get("completions").is_none());
        let params = params(&prompt_of("plain"), "a", "");
        let code = asker.code(revision, "completion/complete", params).await;
        assert_eq!(code, -32601);
    }
}

#[tokio::test]
async fn what_was_typed_is_completed_for_prompts_and_templates() {
    let asker = Asker::new(&server());
    for revision in REVISIONS {
        for (reference, argument, typed, values) in [
            (
                prompt_of("letter"),
                "language",
                "E",
                json!(["English", "Esperanto"]),
            ),
            (
                prompt_of("letter"),
                "language",
                "",
                json!(["English", "Esperanto", "German"]),
            ),
            (prompt_of("letter"), "language", "x", json!([])),
            (prompt_of("letter"), "manyOf", "2", json!(["0", "1"])),
            (
                resource_of("sales://{region}/{customer}"),
                "region",
                "ou",
                json!(["south"]),
            ),
            // An argument without suggestions, and one that is not there.
            (prompt_of("letter"), "free", "a", json!([])),
            (prompt_of("letter"), "unknown", "a", json!([])),
            (prompt_of("plain"), "unknown", "a", json!([])),
        ] {
            let params = params(&reference, argument, typed);
            let completion = complete(&asker, revision, params).await;
            let total = values.as_array().unwrap().len();
            let expected = json!({"values": values, "total": total, "hasMore": false});
            assert_eq!(completion, expected, "{revision} {argument} {typed}");
        }
    }
}

#[tokio::test]
async fn the_other_arguments_are_known_where_the_client_sends_them() {
    let asker = Asker::new(&server());
    let template = resource_of("sales://{region}/{customer}");
    for (reference, argument, context, expected) in [
        (
            prompt_of("letter"),
            "tone",
            json!({"arguments": {"language": "German", "x": "y"}}),
            "a/Some(\"German\")",
        ),
        (
            prompt_of("letter"),
            "tone",
            json!({"arguments": {}}),
            "a/None",
        ),
        (prompt_of("letter"), "tone", json!({}), "a/None"),
        (
            template,
            "customer",
            json!({"arguments": {"region": "north"}}),
            "north-a",
        ),
    ] {
        let mut params = params(&reference, argument, "a");
        params["context"] = context;
        let completion = complete(&asker, MODERN, params).await;
        assert_eq!(completion["values"], json!([expected]));
    }
}

// [COMP-2]
#[tokio::test]
async fn a_hundred_values_are_sent_and_the_hundred_and_first_is_only_counted() {
    let asker = Asker::new(&server());
    for revision in REVISIONS {
        for (typed, sent, total) in [
            ("0", 0, json!(0)),
            ("100", 100, json!(100)),
            ("101", 100, Value::Null),
            ("without end", 100, Value::Null),
        ] {
            for (reference, argument) in [
                (prompt_of("letter"), "manyOf"),
                (resource_of("vault://{number}"), "number"),
            ] {
                let params = params(&reference, argument, typed);
                let completion = complete(&asker, revision, params).await;
                let values = completion["values"].as_array().unwrap();
                assert_eq!(values.len(), sent, "{typed}");
                assert_eq!(completion["total"], total, "{typed}");
                assert_eq!(completion["hasMore"], json!(total.is_null()), "{typed}");
            }
        }
    }
}

// [COMP-2b]
#[tokio::test]
async fn what_cannot_be_completed_is_refused() {
    let asker = Asker::new(&server());
    let letter = || prompt_of("letter");
    let language = || json!({"name": "language", "value": ""});
    let contexts = [
        json!([]),
        json!(null),
        json!("x"),
        json!({"arguments": []}),
        json!({"arguments": null}),
        json!({"arguments": {"a": 1}}),
        json!({"arguments": {"a": "b", "c": null}}),
    ];
    let with_context =
        |context| json!({"ref": letter(), "argument": language(), "context": context});
    let mut refused: Vec<Value> = contexts.into_iter().map(with_context).collect();
    for reference in [
        prompt_of("nope"),
        resource_of("nope://"),
        resource_of("sales://north/1"),
        resource_of("docs://terms"),
        json!({"type": "ref/prompt", "name": 1}),
        json!({"type": "ref/prompt", "uri": "letter"}),
        json!({"type": "ref/resource", "name": "sales://{region}/{customer}"}),
        json!({"type": "ref/x", "name": "letter"}),
        json!({"name": "letter"}),
        json!("letter"),
        json!(null),
    ] {
        refused.push(json!({"ref": reference, "argument": language()}));
    }
    for argument in [
        json!({"name": "language"}),
        json!({"value": "a"}),
        json!({"name": "language", "value": 1}),
        json!({"name": ["language"], "value": ""}),
        json!("language"),
        json!(null),
    ] {
        refused.push(json!({"ref": letter(), "argument": argument}));
    }
    refused.push(json!({"argument": language()}));
    refused.push(json!({"ref": letter()}));
    refused.push(json!({}));
    for revision in REVISIONS {
        for params in &refused {
            let code = asker.code(revision, "completion/complete", params.clone());
            assert_eq!(code.await, -32602, "{revision} {params}");
        }
    }
}

// [COMP-2b]
#[tokio::test]
async fn a_context_of_n_arguments_is_read_and_one_of_n_plus_one_is_refused() {
    let asker = Asker::new(&server());
    for (count, expected) in [(64, 0), (65, -32602)] {
        let mut params = params(&prompt_of("letter"), "tone", "");
        for index in 0..count {
            params["context"]["arguments"][format!("a{index}")] = json!("x");
        }
        let code = asker.code(MODERN, "completion/complete", params);
        assert_eq!(code.await, expected, "{count}");
    }
}

// [COMP-2d]
#[tokio::test]
async fn what_a_caller_may_not_see_is_not_completed_and_looks_as_if_it_were_not_there() {
    let server = server();
    let some = Asker::named(&server, "ann", ["letters:write", "vault:read"]);
    let none = Asker::named(&server, "ann", []);
    for revision in REVISIONS {
        let completion = complete(
            &some,
            revision,
            params(&prompt_of("confidential"), "to", ""),
        );
        // It is the caller for whom it is completed.
        assert_eq!(completion.await["values"], json!(["ann"]));
        let completion = complete(
            &some,
            revision,
            params(&resource_of("vault://{number}"), "number", "1"),
        );
        assert_eq!(completion.await["values"], json!(["0"]));
        for (hidden, unknown, argument) in [
            (prompt_of("confidential"), prompt_of("public"), "to"),
            (
                resource_of("vault://{number}"),
                resource_of("public"),
                "number",
            ),
        ] {
            let raw = async |reference| {
                let params = params(reference, argument, "");
                none.raw(revision, "completion/complete", params).await
            };
            let (hidden, unknown) = (raw(&hidden).await, raw(&unknown).await);
            let name = if argument == "to" {
                "confidential"
            } else {
                "vault://{number}"
            };
            assert_eq!(hidden, unknown.replace("public", name));
            assert!(hidden.contains("-32602"), "{hidden}");
        }
    }
}

#[tokio::test]
async fn suggestions_that_panic_are_one_error_and_the_server_goes_on() {
    let log = log::capture();
    let asker = Asker::new(&server());
    for revision in REVISIONS {
        let broken = params(&prompt_of("letter"), "broken", "");
        let error = complete(&asker, revision, broken).await["error"].take();
        assert_eq!(error["code"], -32603);
        assert!(!error["message"].as_str().unwrap().contains("today"));
        let sound = params(&prompt_of("letter"), "language", "G");
        assert_eq!(
            complete(&asker, revision, sound).await["values"],
            json!(["German"])
        );
    }
    assert_eq!(log.with("panicked").len(), REVISIONS.len());
}

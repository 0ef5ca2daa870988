//! The redactor against an endpoint that answers as the service does, and as it should not.

use std::sync::{Arc, Mutex};

use aws_config::retry::RetryConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_comprehendmedical::config::{Credentials, SharedCredentialsProvider};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use mcp_core::testing::Client as McpClient;
use serde_json::{Value, json};

use super::*;
use crate::records::Records;
use crate::redactors::Redactors;

/// Whose names the endpoint knows.
const NAMES: [&str; 5] = [
    "Mary Smith",
    "José Núñez",
    "Ann O'Hara",
    "Zoë Krüger",
    "Li Wei",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Good,
    /// Says that something lies behind the end.
    Confused,
    /// Says that there is more.
    Unfinished,
    Down,
}

/// What it was asked.
type Asked = Arc<Mutex<Vec<String>>>;

/// Serves `DetectPHI` as its documentation has it, on a port of its own.
async fn endpoint(mood: Mood) -> (DetectPhi, Asked) {
    let asked = Asked::default();
    let heard = asked.clone();
    let answer = move |headers: HeaderMap, body: Bytes| {
        let reply = reply(mood, &headers, &body, &heard);
        async move {
            let (status, value) = reply;
            let kind = [("content-type", "application/x-amz-json-1.1")];
            (status, kind, value.to_string())
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let router = Router::new().route("/", post(answer));
        axum::serve(listener, router).await.unwrap();
    });
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "tests");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(url)
        .build();
    (DetectPhi::new(Client::new(&config)), asked)
}

fn reply(mood: Mood, headers: &HeaderMap, body: &Bytes, asked: &Asked) -> (StatusCode, Value) {
    assert_eq!(
        headers["x-amz-target"],
        "ComprehendMedical_20181030.DetectPHI"
    );
    let body: Value = serde_json::from_slice(body).unwrap();
    let text = body["Text"].as_str().unwrap();
    asked.lock().unwrap().push(text.to_owned());
    if text.is_empty() || text.len() >= 20_000 {
        let error = json!({"__type": "TextSizeLimitExceededException", "Message": "too long"});
        return (StatusCode::BAD_REQUEST, error);
    }
    if mood == Mood::Down {
        let error = json!({"__type": "InternalServerException", "Message": "no"});
        return (StatusCode::INTERNAL_SERVER_ERROR, error);
    }
    let mut entities = Vec::new();
    for name in NAMES {
        for (at, _) in text.match_indices(name) {
            let begin = text[..at].chars().count();
            let end = begin + name.chars().count();
            entities.push(json!({
                "Id": entities.len(), "BeginOffset": begin, "EndOffset": end, "Score": 0.2,
                "Text": name, "Category": "PROTECTED_HEALTH_INFORMATION", "Type": "NAME", "Traits": [],
            }));
        }
    }
    if mood == Mood::Confused {
        entities.push(json!({"BeginOffset": 0, "EndOffset": text.chars().count() + 1}));
    }
    let mut found = json!({"Entities": entities, "ModelVersion": "3.0.0"});
    if mood == Mood::Unfinished {
        found["PaginationToken"] = json!("more");
    }
    (StatusCode::OK, found)
}

#[tokio::test]
async fn names_are_taken_out_of_long_texts_that_are_not_ascii() {
    let (redactor, asked) = endpoint(Mood::Good).await;
    // About 100,000 bytes in characters of one to four; names fall on and beside every cut.
    let mut long = String::new();
    for number in 0..5_000 {
        long.push_str(NAMES[number % 5]);
        long.push_str([" naïve 😀 ", " — größe. ", " 注意: ", " ok "][number % 4]);
    }
    let mut texts = [
        long.clone(),
        "Ask Li Wei".to_owned(),
        String::new(),
        "nobody".to_owned(),
    ];
    redactor.redact(&mut texts).await.unwrap();
    for text in &texts {
        assert!(NAMES.iter().all(|name| !text.contains(name)));
        // Not even a part of one.
        for part in ["Mary", "Smith", "Núñez", "O'Hara", "Krüger", "Wei"] {
            assert!(!text.contains(part), "{part}");
        }
    }
    let mut expected = long;
    for name in NAMES {
        expected = expected.replace(name, "[NAME]");
    }
    assert_eq!(texts[0], expected);
    assert_eq!(
        texts[1..],
        ["Ask [NAME]".to_owned(), String::new(), "nobody".to_owned()]
    );
    let asked = asked.lock().unwrap();
    assert!(asked.len() >= 4 && asked.iter().all(|text| text.len() < 20_000));
}

#[tokio::test]
async fn what_the_service_does_not_answer_well_is_an_error() {
    for mood in [Mood::Confused, Mood::Unfinished, Mood::Down] {
        let (redactor, _) = endpoint(mood).await;
        let mut texts = ["Mary Smith".to_owned()];
        let error = redactor.redact(&mut texts).await.unwrap_err();
        assert_eq!(error.public_text(), None, "{mood:?}");
    }
}

#[tokio::test]
async fn n_chunks_are_asked_about_and_one_more_is_an_error() {
    let (redactor, asked) = endpoint(Mood::Good).await;
    let mut texts = vec!["x".repeat(LIMIT); MAX_CHUNKS];
    redactor.redact(&mut texts).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), MAX_CHUNKS);
    texts.push("y".repeat(LIMIT));
    let error = redactor.redact(&mut texts).await.unwrap_err();
    assert!(error.public_text().unwrap().contains("Ask for less"));
    assert_eq!(asked.lock().unwrap().len(), MAX_CHUNKS);
}

#[tokio::test]
async fn the_server_sends_notes_of_nobody() {
    let (service, asked) = endpoint(Mood::Good).await;
    let redactor = Redactors::new(Some(service)).unwrap();
    let server = crate::server(Records::example(), redactor).unwrap();
    server.single_process();
    let client = McpClient::new(&server);
    let page = client.call("list_notes", json!({"ward": "oncology"})).await;
    let items = page["structuredContent"]["items"].as_array().unwrap();
    assert!(items.len() > 50 && page["structuredContent"]["next_cursor"].is_string());
    let text = page.to_string();
    assert!(NAMES.iter().all(|name| !text.contains(name)));
    assert!(
        text.contains("[NAME] ([MRN])") && text.contains("[CARD], SSN [SSN]"),
        "{text}"
    );
    assert!(!text.contains("555-") && !text.contains("@example.com"));
    // What has a form does not even reach the service.
    assert!(
        asked
            .lock()
            .unwrap()
            .iter()
            .all(|text| !text.contains("4111"))
    );

    let (service, _) = endpoint(Mood::Down).await;
    let server = crate::server(Records::example(), Redactors::new(Some(service)).unwrap());
    let client = McpClient::new(&server.unwrap());
    let note = client.call("read_note", json!({"number": 4})).await;
    assert_eq!(note["isError"], true, "{note}");
    assert!(!note.to_string().contains("Mary"), "{note}");
}

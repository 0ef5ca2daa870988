//! Calls of 2026-07-28 that go through several rounds: what is asked when, what is done once, and what
//! an answer has to be.

use std::sync::{Arc, Mutex, PoisonError};

use mcp_core::http::Endpoint;
use mcp_core::{
    Context, Error, Limits, Result, Server, ServerBuilder, ServerInfo, State, tool, tools,
};
use mcp_tests::asking_server::{self, Amount, Runs, amount, order_pears};
use mcp_tests::endpoint_client::local;
use mcp_tests::log;
use mcp_tests::rounds::{Call, accepted, keys, post};
use serde_json::{Value, json};

/// Finds something out, and asks twice.
#[tool]
async fn trip(cx: &Context, runs: &Runs) -> Result<String> {
    let find_out = async {
        runs.add();
        Ok::<_, Error>("cheap".to_owned())
    };
    let fare = cx.step("fare", find_out).await?;
    let first = cx
        .elicit::<Amount>("first", "How many of the first?")
        .await?;
    let second = cx
        .elicit::<Amount>("second", "How many of the second?")
        .await?;
    let count = |answer: mcp_core::Answer<Amount>| answer.accepted().map(|amount| amount.count);
    let (first, second) = (count(first), count(second));
    Ok(format!(
        "{fare} {first:?} {second:?} {}",
        cx.idempotency_key()
    ))
}

/// Asks, and goes on without an answer.
#[tool]
async fn swallow(cx: &Context) -> &'static str {
    let _ = cx.elicit::<Amount>("amount", "How many?").await;
    "went on"
}

/// Asks with the words of the day.
#[tool]
async fn reword(cx: &Context, words: &Words) -> Result<String> {
    let words = *words.0.lock().unwrap();
    let answer = cx.elicit::<Amount>("amount", words).await?;
    Ok(format!("{words} {answer:?}"))
}

/// Asks so many questions, one after the other.
#[tool]
async fn insist(times: u8, cx: &Context) -> Result<u8> {
    for time in 0..times {
        cx.elicit::<Amount>(&format!("q{time}"), "How many?")
            .await?;
    }
    Ok(times)
}

/// Asks two different questions under one key: at once, or the second after the first.
#[tool]
async fn clash(at_once: bool, cx: &Context) -> Result<()> {
    let first = cx.elicit::<Amount>("amount", "How many?");
    if at_once {
        let second = cx.elicit::<Amount>("amount", "How few?");
        first.await?;
        second.await?;
    } else {
        first.await?;
        cx.elicit::<Amount>("amount", "How few?").await?;
    }
    Ok(())
}

/// Asks the same question twice.
#[tool]
async fn doubt(cx: &Context) -> Result<bool> {
    let first = cx.elicit::<Amount>("amount", "How many?");
    let second = cx.elicit::<Amount>("amount", "How many?");
    Ok(format!("{:?}", first.await?) == format!("{:?}", second.await?))
}

/// Asks from a thread of its own.
#[tool(blocking)]
fn on_a_thread(cx: &Context) -> Result<String> {
    let answer = cx.elicit::<Amount>("amount", "How many?");
    let answer = tokio::runtime::Handle::current().block_on(answer)?;
    Ok(format!("{answer:?}"))
}

/// Asks while it holds something.
#[tool]
async fn hold(cx: &Context, runs: &Runs) -> Result<&'static str> {
    struct Held(Runs);
    impl Drop for Held {
        fn drop(&mut self) {
            self.0.add();
        }
    }
    let _held = Held(runs.clone());
    cx.elicit::<Amount>("amount", "How many?").await?;
    Ok("held")
}

struct Words(Mutex<&'static str>);

#[derive(State)]
struct App {
    runs: Runs,
    words: Arc<Words>,
}

/// A server, and what its tests look at.
struct Setup {
    endpoint: Endpoint,
    runs: Runs,
    words: Arc<Words>,
}

fn setup_with(change: impl FnOnce(ServerBuilder<App>) -> ServerBuilder<App>) -> Setup {
    let runs = Runs::default();
    let words = Arc::new(Words(Mutex::new("How many?")));
    let app = App {
        runs: runs.clone(),
        words: Arc::clone(&words),
    };
    let server = Server::new(ServerInfo::new("rounds", "1"), app)
        .tools(tools![trip, swallow, reword, insist])
        .tools(tools![clash, doubt, on_a_thread, hold])
        .seal_with(keys());
    Setup {
        endpoint: local(&change(server).build().unwrap()),
        runs,
        words,
    }
}

fn setup() -> Setup {
    setup_with(|server| server)
}

fn limited(change: impl FnOnce(&mut Limits)) -> Setup {
    let mut limits = Limits::default();
    change(&mut limits);
    setup_with(|server| server.limits(limits))
}

fn three() -> Value {
    accepted(json!({"count": 3}))
}

fn desk() -> (Endpoint, Runs) {
    let runs = Runs::default();
    let server = asking_server::builder(&runs).seal_with(keys());
    (local(&server.build().unwrap()), runs)
}

fn tool(name: &str) -> Call {
    Call::tool(name, json!({}))
}

// [MRTR-1] [MRTR-6]
#[tokio::test]
async fn one_elicit_handler_unchanged_completes_for_a_2026_07_28_client() {
    let (endpoint, runs) = desk();
    for (answer, text) in [
        (three(), "3 pears"),
        (json!({"action": "decline"}), "declined"),
        (json!({"action": "cancel"}), "cancelled"),
    ] {
        let asked = order_pears().send(&endpoint).await;
        assert_eq!(asked.status, 200);
        assert_eq!(asked.questions()["amount"]["method"], "elicitation/create");
        let answers = json!({"amount": answer});
        let done = order_pears()
            .resume(&endpoint, asked.state(), answers)
            .await;
        assert_eq!((done.status, done.text()), (200, text));
        assert_eq!(done.result()["resultType"], "complete");
        assert!(done.result().get("isError").is_none());
    }
    assert_eq!(runs.count(), 6);
}

// [MRTR-2]
#[tokio::test]
async fn questions_that_are_put_together_are_one_round() {
    let (endpoint, _) = desk();
    let survey = Call::tool("survey", json!({}));
    let asked = survey.send(&endpoint).await;
    let form = json!({
        "type": "object",
        "properties": {"count": {"type": "integer", "description": "From one to nine.",
                                 "minimum": 1, "maximum": 9}},
        "required": ["count"],
    });
    let joke = json!([{"role": "user", "content": {"type": "text", "text": "Tell a joke."}}]);
    assert_eq!(
        *asked.questions(),
        json!({
            "a": {"method": "elicitation/create",
                  "params": {"mode": "form", "message": "How many?", "requestedSchema": form}},
            "b": {"method": "sampling/createMessage",
                  "params": {"messages": joke, "maxTokens": 100}},
            "c": {"method": "roots/list"},
        })
    );
    let answers = json!({
        "a": three(),
        "b": {"role": "assistant", "content": {"type": "text", "text": "Ha."}, "model": "m"},
        "c": {"roots": [{"uri": "file:///a", "name": "a"}]},
    });
    let done = survey.resume(&endpoint, asked.state(), answers).await;
    assert_eq!(
        done.text(),
        r#"Accepted(Amount { count: 3 }) Ha. ["file:///a"]"#
    );
}

// [MRTR-2]
#[tokio::test]
async fn two_questions_of_one_key_are_the_authors_mistake_and_one_put_twice_is_one() {
    let log = log::capture();
    let Setup { endpoint, .. } = setup();
    let at_once = Call::tool("clash", json!({"at_once": true}));
    let in_turn = Call::tool("clash", json!({"at_once": false}));
    let first = in_turn.send(&endpoint).await;
    for clashed in [
        at_once.send(&endpoint).await,
        in_turn.resume(&endpoint, first.state(), amount(3)).await,
    ] {
        assert_eq!(clashed.result()["isError"], true, "{clashed:?}");
    }
    assert_eq!(
        log.with("have the key `amount`; give each its own").len(),
        2
    );

    let asked = tool("doubt").send(&endpoint).await;
    assert_eq!(asked.questions().as_object().unwrap().len(), 1);
    let answers = amount(3);
    let done = tool("doubt")
        .resume(&endpoint, asked.state(), answers)
        .await;
    assert_eq!(done.text(), "true");
}

// [MRTR-1] [MRTR-5b] [MRTR-5c]
#[tokio::test]
async fn what_was_not_answered_is_asked_again_and_what_was_not_asked_is_ignored() {
    let Setup { endpoint, .. } = setup();
    let first = tool("trip").send(&endpoint).await;
    for answers in [
        json!({}),
        json!({"second": three(), "other": {"action": "x"}}),
    ] {
        let again = tool("trip").resume(&endpoint, first.state(), answers).await;
        assert_eq!(again.questions(), first.questions());
        assert!(!again.state().is_empty());
    }
    // An answer that comes before its question is none.
    let answers = json!({"first": three(), "second": three()});
    let second = tool("trip").resume(&endpoint, first.state(), answers).await;
    let keys: Vec<&String> = second.questions().as_object().unwrap().keys().collect();
    assert_eq!(keys, ["second"]);
}

// [MRTR-4]
#[tokio::test]
async fn nothing_stays_behind_for_a_client_that_never_comes_back() {
    let Setup { endpoint, runs, .. } = limited(|limits| limits.in_flight = 2);
    let mut last = None;
    for count in 1..=10 {
        last = Some(tool("hold").send(&endpoint).await);
        assert_eq!(runs.count(), count, "the function still holds what it held");
    }
    // One that does come back can do so at an instance that has never heard of it.
    let other = setup().endpoint;
    let state = last.as_ref().unwrap().state();
    let done = tool("hold").resume(&other, state, amount(3)).await;
    assert_eq!(done.text(), "held");
}

#[tokio::test]
async fn a_question_that_is_swallowed_is_asked_all_the_same() {
    let Setup { endpoint, .. } = setup();
    let asked = tool("swallow").send(&endpoint).await;
    let answers = amount(3);
    let done = tool("swallow")
        .resume(&endpoint, asked.state(), answers)
        .await;
    assert_eq!(done.text(), "went on");
}

#[tokio::test]
async fn a_question_with_other_words_is_asked_again() {
    let Setup {
        endpoint, words, ..
    } = setup();
    let first = tool("reword").send(&endpoint).await;
    *words.0.lock().unwrap_or_else(PoisonError::into_inner) = "How many now?";
    let answers = || amount(3);
    let again = tool("reword")
        .resume(&endpoint, first.state(), answers())
        .await;
    assert_eq!(
        again.questions()["amount"]["params"]["message"],
        "How many now?"
    );
    // The answer to the first is forgotten, not kept for the second.
    let silent = tool("reword")
        .resume(&endpoint, again.state(), json!({}))
        .await;
    assert_eq!(silent.questions(), again.questions());
    let done = tool("reword")
        .resume(&endpoint, again.state(), answers())
        .await;
    assert_eq!(done.text(), "How many now? Accepted(Amount { count: 3 })");
}

#[tokio::test]
async fn a_step_is_taken_once_in_three_rounds_under_one_name() {
    let Setup { endpoint, runs, .. } = setup();
    let round = async |state: &str, key: &str, answer: Value| {
        tool("trip")
            .resume(&endpoint, state, json!({key: answer}))
            .await
    };
    let first = tool("trip").send(&endpoint).await;
    let second = round(first.state(), "first", three()).await;
    let decline = json!({"action": "decline"});
    let third = round(second.state(), "second", decline.clone()).await;
    let (known, name) = third.text().rsplit_once(' ').unwrap();
    assert_eq!(known, "cheap Some(3) None");
    assert_eq!(runs.count(), 1);
    // Sent once more, it is the same call.
    let again = round(second.state(), "second", decline).await;
    assert!(again.text().ends_with(name));
    assert_eq!(runs.count(), 1);
    let other = tool("trip").send(&endpoint).await;
    let other = round(other.state(), "first", three()).await;
    let other = round(other.state(), "second", three()).await;
    assert!(!other.text().ends_with(name));
}

#[tokio::test]
async fn n_rounds_are_asked_and_the_next_is_an_error() {
    let log = log::capture();
    let Setup { endpoint, .. } = limited(|limits| limits.rounds = 2);
    for (times, fits) in [(2, true), (3, false)] {
        let call = Call::tool("insist", json!({"times": times}));
        let mut reply = call.send(&endpoint).await;
        for round in 0..2 {
            let answers = json!({format!("q{round}"): three()});
            reply = call.resume(&endpoint, reply.state(), answers).await;
        }
        if fits {
            assert_eq!(reply.text(), "2");
        } else {
            assert_eq!(reply.refusal(), (200, -32603));
            assert_eq!(
                reply.body["error"]["message"],
                "this call asked too often; start again with a new call"
            );
        }
    }
    assert_eq!(log.with("asked its client too often").len(), 1);
}

// [MRTR-5]
#[tokio::test]
async fn answers_that_are_none_are_refused() {
    let (endpoint, runs) = desk();
    let state = order_pears().send(&endpoint).await.state().to_owned();
    let refusal = async |answers: Value| {
        post(&endpoint, &order_pears().resumed(&*state, answers))
            .await
            .refusal()
    };
    for answers in [
        json!(null),
        json!(7),
        json!([]),
        json!({"amount": 3}),
        json!({"amount": null}),
        json!({"amount": three(), "other": []}),
    ] {
        assert_eq!(refusal(answers).await, (200, -32602));
    }
    assert_eq!(runs.count(), 1);
    for answer in [
        json!({}),
        json!({"action": "perhaps"}),
        json!({"action": 1}),
        json!({"roots": []}),
        json!({"action": "accept"}),
    ] {
        assert_eq!(refusal(json!({"amount": answer})).await, (200, -32602));
    }
}

// [MRTR-6b]
#[tokio::test]
async fn what_was_filled_in_is_held_to_the_form() {
    let (endpoint, _) = desk();
    let state = order_pears().send(&endpoint).await.state().to_owned();
    let resume = async |content: Value| {
        let answers = json!({"amount": accepted(content)});
        order_pears().resume(&endpoint, &state, answers).await
    };
    for count in [1, 9] {
        let done = resume(json!({"count": count})).await;
        assert_eq!(done.text(), format!("{count} pears"));
    }
    for content in [
        json!({"count": 0}),
        json!({"count": 10}),
        json!({"count": "three"}),
        json!({"count": 1.5}),
        json!({"count": null}),
        json!({"count": 3, "more": 1}),
        json!({}),
        json!([]),
    ] {
        let refused = resume(content.clone()).await;
        assert_eq!(refused.refusal(), (200, -32602), "{content}");
        let text = refused.body["error"]["message"].as_str().unwrap();
        assert!(text.contains("does not fit the question"), "{text}");
    }
}

#[tokio::test]
async fn a_blocking_function_asks_as_any_other() {
    let Setup { endpoint, .. } = setup();
    let asked = tool("on_a_thread").send(&endpoint).await;
    let answers = amount(3);
    let done = tool("on_a_thread")
        .resume(&endpoint, asked.state(), answers)
        .await;
    assert_eq!(done.text(), "Accepted(Amount { count: 3 })");
}

#[tokio::test]
async fn a_server_without_keys_says_what_it_lacks_to_its_log() {
    let log = log::capture();
    let keyless = asking_server::builder(&Runs::default()).build().unwrap();
    let refused = order_pears().send(&local(&keyless)).await;
    assert_eq!(refused.refusal(), (200, -32603));
    assert_eq!(log.with("seal_with").len(), 1);
}

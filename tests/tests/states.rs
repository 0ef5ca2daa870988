//! What a server leaves with a client of 2026-07-28 between two rounds or two pages: nobody can read it,
//! change it, or use it for anything but what it was made for.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use mcp_core::http::Endpoint;
use mcp_core::testing::Client;
use mcp_core::{
    Context, Error, Limits, MemoryStore, Result, SealKeys, Server, ServerBuilder, ServerInfo,
    SingleUse, State, StoreError, prompt, prompts, tool, tools,
};
use mcp_tests::asking_server::{self, Amount, Runs, amount, order_pears};
use mcp_tests::endpoint_client::local;
use mcp_tests::log;
use mcp_tests::rounds::{Call, keys, post};
use mcp_tests::tokens::Tokens;
use serde_json::json;

const SECRET: &str = "sesame-opens-the-door";

/// Redeems a voucher, which must not happen twice for one answer.
#[tool(single_use)]
async fn redeem(cx: &Context, runs: &Runs) -> Result<&'static str> {
    cx.elicit::<Amount>("amount", "How many?").await?;
    runs.add();
    // Others come in between.
    tokio::task::yield_now().await;
    Ok("redeemed")
}

/// Greets, which may happen as often as somebody likes.
#[tool]
async fn greet(cx: &Context, runs: &Runs) -> Result<&'static str> {
    cx.elicit::<Amount>("amount", "How many?").await?;
    runs.add();
    Ok("hello")
}

/// Finds out something secret, and asks.
#[tool]
async fn learn(cx: &Context, runs: &Runs) -> Result<&'static str> {
    let find_out = async {
        runs.add();
        Ok::<_, Error>(SECRET.to_owned())
    };
    cx.step("secret", find_out).await?;
    cx.elicit::<Amount>("amount", "How many?").await?;
    Ok("learned")
}

/// Remembers so many characters over a question.
#[tool]
async fn remember(length: usize, cx: &Context) -> Result<usize> {
    let text = async { Ok::<_, Error>("x".repeat(length)) };
    let text = cx.step("text", text).await?;
    cx.elicit::<Amount>("amount", "How many?").await?;
    Ok(text.len())
}

/// Greets in a prompt of the same name.
#[prompt(name = "greet")]
async fn greeting(cx: &Context, runs: &Runs) -> Result<&'static str> {
    cx.elicit::<Amount>("amount", "How many?").await?;
    runs.add();
    Ok("hello")
}

/// Waits for ever.
#[tool]
async fn waits() {
    std::future::pending::<()>().await;
}

#[derive(State)]
struct App {
    runs: Runs,
}

/// A server, and how often its functions ran.
struct Setup {
    endpoint: Endpoint,
    runs: Runs,
}

fn setup_with(change: impl FnOnce(ServerBuilder<App>) -> ServerBuilder<App>) -> Setup {
    let runs = Runs::default();
    let server = Server::new(ServerInfo::new("states", "1"), App { runs: runs.clone() })
        .tools(tools![redeem, greet, learn, remember, waits])
        .prompts(prompts![greeting])
        .single_use_store(MemoryStore::single_process())
        .seal_with(keys());
    let endpoint = local(&change(server).build().unwrap());
    Setup { endpoint, runs }
}

fn setup() -> Setup {
    setup_with(|server| server)
}

fn limited(change: impl FnOnce(&mut Limits)) -> Setup {
    let mut limits = Limits::default();
    change(&mut limits);
    setup_with(|server| server.limits(limits))
}

fn tool(name: &str) -> Call {
    Call::tool(name, json!({}))
}

/// A server that asks, tells callers apart and has pages.
fn desk() -> (Endpoint, Runs) {
    let runs = Runs::default();
    let server = asking_server::builder(&runs)
        .page_size(1)
        .caller_source(Tokens)
        .anonymous()
        .seal_with(keys());
    (local(&server.build().unwrap()), runs)
}

// [MRTR-7]
#[tokio::test]
async fn a_state_shows_nothing_of_what_it_holds_and_no_character_of_it_can_change() {
    let Setup { endpoint, runs, .. } = setup();
    let asked = tool("learn").send(&endpoint).await;
    let state = asked.state();
    let bytes = URL_SAFE_NO_PAD.decode(state).unwrap();
    let shows = |what: &str| {
        state.contains(what)
            || bytes
                .windows(what.len())
                .any(|part| part == what.as_bytes())
    };
    assert!(!shows(SECRET) && !shows("amount"));
    for skipped in 0..3 {
        // However the secret falls into groups of three bytes.
        let encoded = STANDARD_NO_PAD.encode(&SECRET.as_bytes()[skipped..]);
        assert!(!shows(&encoded[..encoded.len() - 2]));
    }
    assert_eq!(runs.count(), 1);
    for place in 0..state.len() {
        let mut changed = state.as_bytes().to_vec();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let answers = amount(3);
        let refused = tool("learn").resume(&endpoint, &changed, answers).await;
        assert_eq!(refused.refusal(), (200, -32602), "{place}");
    }
    assert_eq!(runs.count(), 1);
    let Setup { endpoint, runs, .. } = setup();
    let done = tool("learn").resume(&endpoint, state, amount(3)).await;
    assert_eq!(done.text(), "learned");
    assert_eq!(runs.count(), 0, "the step was taken already");
}

// [MRTR-7b]
#[tokio::test]
async fn a_state_that_does_not_verify_is_an_error_and_never_a_first_round() {
    let (endpoint, runs) = desk();
    let state = order_pears().send(&endpoint).await.state().to_owned();
    let others = |name, key| {
        let server = Server::new(ServerInfo::new(name, "1"), ());
        let keys = SealKeys::new([("k1", key)]).unwrap();
        local(&server.tools(tools![asks]).seal_with(keys).build().unwrap())
    };
    let asks = tool("asks");
    let other_keys = asks.send(&others("desk", [8; 32])).await.state().to_owned();
    let other_name = asks
        .send(&others("other", [7; 32]))
        .await
        .state()
        .to_owned();
    for forged in [
        json!(format!("{state}-TAMPERED")),
        json!(format!("{state}=")),
        json!(format!(" {state}")),
        json!(state[..state.len() - 1]),
        json!(state[..state.len() / 2]),
        json!(state.to_uppercase()),
        json!(""),
        json!("x".repeat(1_000_000)),
        json!(other_keys),
        json!(other_name),
        json!(7),
        json!(null),
        json!([state]),
        json!({}),
    ] {
        let message = order_pears().resumed(forged, amount(3));
        let refused = post(&endpoint, &message).await;
        assert_eq!(refused.refusal(), (200, -32602), "{}", message.line());
    }
    assert_eq!(runs.count(), 1);
}

/// Asks.
#[tool]
async fn asks(cx: &Context) -> Result<()> {
    cx.elicit::<Amount>("amount", "How many?").await?;
    Ok(())
}

// [MRTR-8] [ELI-6]
#[tokio::test]
async fn a_state_is_good_for_the_caller_and_the_request_that_it_was_made_for() {
    let (endpoint, runs) = desk();
    let ann = |call: Call| call.from_caller("ann");
    let state = ann(order_pears()).send(&endpoint).await.state().to_owned();
    let anonymous = order_pears().send(&endpoint).await.state().to_owned();
    let before = runs.count();
    let named = |name: &str, arguments| {
        Call::new("prompts/get", json!({"name": name, "arguments": arguments}))
    };
    for (presented, state) in [
        (order_pears().from_caller("bob"), &state),
        (order_pears().from_caller("annn"), &state),
        (order_pears(), &state),
        (ann(order_pears()), &anonymous),
        (ann(Call::tool("order", json!({"item": "figs"}))), &state),
        (
            ann(Call::tool("order", json!({"item": "pears", "more": 1}))),
            &state,
        ),
        (ann(Call::tool("survey", json!({}))), &state),
        (ann(named("letter", json!({"item": "pears"}))), &state),
        (
            ann(Call::new(
                "resources/read",
                json!({"uri": "orders://pears"}),
            )),
            &state,
        ),
    ] {
        let answers = amount(3);
        let refused = presented.resume(&endpoint, state, answers).await;
        assert_eq!(refused.refusal(), (200, -32602), "{presented:?}");
    }
    assert_eq!(runs.count(), before);
    // Not a word about which of it was wrong; and who it is for may have further scopes by now.
    let richer = order_pears().from_caller("ann scope:new");
    let answers = amount(3);
    assert_eq!(
        richer.resume(&endpoint, &state, answers).await.text(),
        "3 pears"
    );
}

// [MRTR-8]
#[tokio::test]
async fn a_state_is_good_for_its_method_and_its_target_whatever_the_arguments() {
    let Setup { endpoint, runs, .. } = setup();
    let prompt = Call::new("prompts/get", json!({"name": "greet", "arguments": {}}));
    let state = tool("greet").send(&endpoint).await.state().to_owned();
    for other in [prompt.clone(), tool("learn"), tool("redeem")] {
        let refused = other.resume(&endpoint, &state, amount(3)).await;
        assert_eq!(refused.refusal(), (200, -32602), "{other:?}");
    }
    assert_eq!(runs.count(), 0);
    let asked = prompt.send(&endpoint).await;
    let done = prompt.resume(&endpoint, asked.state(), amount(3)).await;
    assert_eq!(done.result()["messages"][0]["content"]["text"], "hello");

    let (endpoint, _) = desk();
    let read = |uri: &str| Call::new("resources/read", json!({"uri": uri}));
    let state = read("orders://pears").send(&endpoint).await;
    let refused = read("orders://figs")
        .resume(&endpoint, state.state(), amount(3))
        .await;
    assert_eq!(refused.refusal(), (200, -32602));
}

// [MRTR-8]
#[tokio::test]
async fn a_state_survives_another_spelling_of_its_arguments() {
    let server = asking_server::builder(&Runs::default()).seal_with(keys());
    let client = Client::new(&server.build().unwrap());
    let first = client.send(&order_pears().message().line()).await;
    let state = first[0]["result"]["requestState"].as_str().unwrap();
    let line = order_pears().resumed(state, amount(3)).line();
    let spelled = line.replace(r#"{"item":"pears"}"#, "{ \"item\" : \"\\u0070ears\" }");
    assert_ne!(spelled, line);
    let done = client.send(&spelled).await;
    assert_eq!(done[0]["result"]["content"][0]["text"], "3 pears");

    let Setup { endpoint, .. } = setup();
    let nothing = tool("greet").send(&endpoint).await.state().to_owned();
    let null = Call::tool("greet", json!(null));
    let done = null.resume(&endpoint, &nothing, amount(3)).await;
    assert_eq!(done.text(), "hello");
}

// [MRTR-8]
#[tokio::test]
async fn a_state_is_refused_once_its_time_is_over() {
    let brief = limited(|limits| limits.state_lifetime = Duration::from_secs(1));
    let state = tool("greet").send(&brief.endpoint).await.state().to_owned();
    let lasting = tool("greet").send(&setup().endpoint).await;
    let resume = async |state: &str| {
        let answers = amount(3);
        tool("greet").resume(&brief.endpoint, state, answers).await
    };
    let mut reply = resume(&state).await;
    // Far more often than it takes, so that a state without an end is no endless test.
    for _ in 0..3000 {
        if reply.body.get("error").is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        reply = resume(&state).await;
    }
    assert_eq!(reply.refusal(), (200, -32602));
    // It is not the server that changed.
    assert_eq!(resume(lasting.state()).await.text(), "hello");
    let runs = brief.runs.count();
    assert_eq!(resume(&state).await.refusal(), (200, -32602));
    assert_eq!(brief.runs.count(), runs);
}

/// One store for several servers.
#[derive(Clone)]
struct Shared(Arc<MemoryStore>);

impl SingleUse for Shared {
    fn consume<'s>(
        &'s self,
        id: &'s [u8; 16],
        keep_for: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 's>> {
        self.0.consume(id, keep_for)
    }
}

// [MRTR-8b]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_state_sent_twice_at_once_is_used_once() {
    let store = Shared(Arc::new(MemoryStore::single_process()));
    let first = setup_with(|server| server.single_use_store(store.clone()));
    let second = setup_with(|server| server.single_use_store(store));
    let state = tool("redeem")
        .send(&first.endpoint)
        .await
        .state()
        .to_owned();
    let resends: Vec<_> = (0..20)
        .map(|count| {
            let endpoint = if count % 2 == 0 { &first } else { &second };
            let (endpoint, state) = (endpoint.endpoint.clone(), state.clone());
            tokio::spawn(async move {
                let answers = amount(3);
                tool("redeem").resume(&endpoint, &state, answers).await
            })
        })
        .collect();
    let mut redeemed = 0;
    for resend in resends {
        let reply = resend.await.unwrap();
        if reply.body.get("error").is_none() {
            assert_eq!(reply.text(), "redeemed");
            redeemed += 1;
        } else {
            assert_eq!(reply.refusal(), (200, -32602));
        }
    }
    assert_eq!(redeemed, 1);
    assert_eq!(first.runs.count() + second.runs.count(), 1);
}

// [MRTR-8b]
#[tokio::test]
async fn a_state_counts_once_for_a_tool_that_says_so_and_as_often_as_it_comes_for_others() {
    let Setup { endpoint, runs, .. } = setup();
    let answers = || amount(3);
    let state = tool("redeem").send(&endpoint).await.state().to_owned();
    let once = tool("redeem").resume(&endpoint, &state, answers()).await;
    assert_eq!(once.text(), "redeemed");
    let again = tool("redeem").resume(&endpoint, &state, answers()).await;
    assert_eq!(again.refusal(), (200, -32602));
    // Answers without a state use up nothing, so they count for nothing.
    let unasked = tool("redeem").with(json!({"inputResponses": answers()}));
    unasked.send(&endpoint).await.state();
    assert_eq!(runs.count(), 1);

    let state = tool("greet").send(&endpoint).await.state().to_owned();
    for count in 2..=3 {
        let done = tool("greet").resume(&endpoint, &state, answers()).await;
        assert_eq!((done.text(), runs.count()), ("hello", count));
    }
}

#[tokio::test]
async fn a_server_without_a_free_place_does_not_use_up_a_state() {
    let Setup { endpoint, runs, .. } = limited(|limits| limits.in_flight = 1);
    let state = tool("redeem").send(&endpoint).await.state().to_owned();
    let resume = async || {
        let answers = amount(3);
        tool("redeem").resume(&endpoint, &state, answers).await
    };
    {
        let waits = tool("waits");
        let mut waiting = pin!(waits.send(&endpoint));
        let polled = std::future::poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx))).await;
        assert!(polled.is_pending());
        assert_eq!(resume().await.refusal(), (503, -32603));
    }
    assert_eq!(resume().await.text(), "redeemed");
    assert_eq!(runs.count(), 1);
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Something else than `token`, made of it and of `other`.
    fn mutation(&mut self, token: &str, other: &str) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const STRANGE: [char; 12] = [
            '=', '+', '/', '.', ' ', '\n', '\0', '"', '\\', 'é', '😀', '\u{feff}',
        ];
        let mut chars: Vec<char> = token.chars().collect();
        for _ in 0..=self.below(3) {
            let place = self.below(chars.len());
            match self.below(9) {
                0..=2 => chars[place] = char::from(self.one_of(DIGITS)),
                3 => chars[place] = self.one_of(&STRANGE),
                4 => drop(chars.drain(place..(place + 1 + self.below(8)).min(chars.len()))),
                5 => chars.insert(place, char::from(self.one_of(DIGITS))),
                6 => chars.truncate(place),
                7 => {
                    let with = self.below(chars.len());
                    chars.swap(place, with);
                }
                _ => chars
                    .splice(place.., other.chars().skip(place))
                    .for_each(drop),
            }
            if chars.is_empty() {
                break;
            }
        }
        let mutation: String = chars.into_iter().collect();
        if mutation == token || mutation == other {
            return self.mutation(token, other);
        }
        mutation
    }
}

const MUTATIONS: usize = 10_000;

// [MRTR-7b]
#[tokio::test]
async fn ten_thousand_mutations_of_a_state_are_refused_and_run_nothing() {
    let (endpoint, runs) = desk();
    let state = order_pears().send(&endpoint).await.state().to_owned();
    let other = order_pears().send(&endpoint).await.state().to_owned();
    let mut random = Random(1);
    for _ in 0..MUTATIONS {
        let mutation = random.mutation(&state, &other);
        let answers = amount(3);
        let refused = order_pears().resume(&endpoint, &mutation, answers).await;
        assert_eq!(refused.refusal(), (200, -32602), "{mutation}");
    }
    assert_eq!(runs.count(), 2);
}

// [PAGE-2]
#[tokio::test]
async fn ten_thousand_mutations_of_a_cursor_are_refused() {
    let (endpoint, _) = desk();
    let list = |cursor: Option<&str>| {
        let params = cursor.map_or(json!({}), |cursor| json!({"cursor": cursor}));
        Call::new("tools/list", params)
    };
    let cursor = async |after: Option<&str>| {
        let page = list(after).send(&endpoint).await;
        page.result()["nextCursor"].as_str().unwrap().to_owned()
    };
    let first = cursor(None).await;
    let second = cursor(Some(&first)).await;
    let mut random = Random(2);
    for _ in 0..MUTATIONS {
        let mutation = random.mutation(&first, &second);
        let refused = list(Some(&mutation)).send(&endpoint).await;
        assert_eq!(refused.refusal(), (200, -32602), "{mutation}");
    }
    // Nor is one that is real good for another list, for somebody else or as a state.
    let elsewhere = Call::new("prompts/list", json!({"cursor": first}));
    assert_eq!(elsewhere.send(&endpoint).await.refusal(), (200, -32602));
    let bob = list(Some(&first)).from_caller("bob");
    assert_eq!(bob.send(&endpoint).await.refusal(), (200, -32602));
    let state = order_pears().resume(&endpoint, &first, json!({})).await;
    assert_eq!(state.refusal(), (200, -32602));
}

#[tokio::test]
async fn a_state_of_16_kib_is_left_with_the_client_and_a_longer_one_is_an_error() {
    const LONGEST: usize = 16 * 1024;
    let log = log::capture();
    let Setup { endpoint, .. } = setup();
    let remember = |length: usize| Call::tool("remember", json!({"length": length}));
    let overhead = remember(0).send(&endpoint).await.state().len() * 3 / 4;
    let length = LONGEST * 3 / 4 - overhead;
    let asked = remember(length).send(&endpoint).await;
    assert_eq!(asked.state().len(), LONGEST);
    let answers = amount(3);
    let done = remember(length)
        .resume(&endpoint, asked.state(), answers)
        .await;
    assert_eq!(done.text(), length.to_string());

    let refused = remember(length + 1).send(&endpoint).await;
    assert_eq!(refused.refusal(), (200, -32603));
    assert_eq!(
        refused.body["error"]["message"],
        "this call remembers more than can be left with a client"
    );
    assert_eq!(log.with("larger than 16 KiB").len(), 1);
}

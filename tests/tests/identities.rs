//! What belongs to one identity is of no use to another: two people, and one name at two issuers.

use http_body_util::BodyExt as _;
use mcp_core::http::{Endpoint, Ingress};
use mcp_core::jwt::TokenVerifier;
use mcp_core::testing::TestIssuer;
use mcp_core::{Caller, MemoryStore, Server, server_info, tool, tools};
use mcp_tests::asking_server::{self, Runs, amount, order_pears};
use mcp_tests::endpoint_client::{Client, local, send};
use mcp_tests::message;
use mcp_tests::rounds::{keys, post};
use serde_json::json;
use tower_service::Service as _;

const AUDIENCE: &str = "https://desk.example.com/mcp";

/// Two issuers, and a server that knows both.
struct World {
    office: TestIssuer,
    partner: TestIssuer,
}

impl World {
    fn new() -> Self {
        Self {
            office: TestIssuer::new("https://id.example.com"),
            partner: TestIssuer::new("https://partner.example.com"),
        }
    }

    fn tokens(&self) -> TokenVerifier {
        let issuers = [&self.office, &self.partner];
        let issuers = issuers.map(|issuer| issuer.issuer().allowed_audience([AUDIENCE]));
        TokenVerifier::new(issuers).unwrap()
    }

    /// Ann, a new token of hers, Bob, and somebody called Ann elsewhere.
    fn people(&self) -> [String; 4] {
        let token = |issuer: &TestIssuer, subject: &str, id: u8| {
            issuer.token(json!({"sub": subject, "aud": AUDIENCE, "jti": id.to_string()}))
        };
        [
            token(&self.office, "ann", 1),
            token(&self.office, "ann", 2),
            token(&self.office, "bob", 3),
            token(&self.partner, "ann", 4),
        ]
    }
}

#[tokio::test]
async fn a_question_is_answered_by_whom_it_was_put_to() {
    let world = World::new();
    let runs = Runs::default();
    let server = asking_server::builder(&runs)
        .caller_source(world.tokens())
        .seal_with(keys())
        .single_use_store(MemoryStore::single_process());
    let endpoint = local(&server.build().unwrap());
    let [ann, later, bob, other] = world.people();
    let asked = order_pears().from_caller(&ann).send(&endpoint).await;
    let state = asked.state().to_owned();
    for stranger in [bob, other] {
        let call = order_pears().from_caller(&stranger);
        let refused = call.resume(&endpoint, &state, amount(3)).await;
        assert_eq!(refused.refusal(), (200, -32602), "{refused:?}");
    }
    // Tokens are renewed while a user thinks, and the user stays the same.
    let call = order_pears().from_caller(&later);
    let answered = call.resume(&endpoint, &state, amount(3)).await;
    assert_eq!(answered.text(), "3 pears");
}

#[tokio::test]
async fn a_session_is_continued_by_whom_it_was_begun_by() {
    let world = World::new();
    let server = asking_server::builder(&Runs::default())
        .caller_source(world.tokens())
        .seal_with(keys());
    let endpoint = local(&server.build().unwrap());
    let [ann, later, bob, other] = world.people();
    let session = Client::new(&endpoint, "2025-11-25").caller(&ann);
    let session = session.initialize(json!({})).await;
    for stranger in [bob, other] {
        let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
        let refused = session.clone().caller(&stranger).post(ping).await;
        assert_eq!(refused.status, 404);
    }
    let pong = session.caller(&later).ask("ping", json!({})).await;
    assert_eq!(pong, json!({}));
}

/// Says who asks, by everything that is known of them.
#[tool]
fn whoami(who: &Caller) -> String {
    let scopes: Vec<&str> = who.scopes().collect();
    let groups: Vec<&str> = who.groups().collect();
    format!(
        "{} of {:?} through {:?}, {scopes:?} {groups:?} {:?} {:?} {:?}",
        who.subject(),
        who.issuer(),
        who.client_id(),
        who.tenant(),
        who.token_id(),
        who.claim::<u8>("level"),
    )
}

fn whoami_server(tokens: TokenVerifier) -> Endpoint {
    let server = Server::new(server_info!(), ()).tools(tools![whoami]);
    let server = server.caller_source(tokens).build().unwrap();
    let ingress = Ingress::Public {
        hosts: vec!["localhost".to_owned()],
        origins: vec![],
    };
    Endpoint::new(server, ingress).unwrap()
}

#[tokio::test]
async fn a_caller_is_what_the_token_says_and_nothing_else_in_the_request() {
    let issuer = TestIssuer::new("https://id.example.com");
    let known = issuer
        .issuer()
        .allowed_audience([AUDIENCE])
        .scope_prefix("desk/")
        .tenant_claim("org")
        .grant("leads", ["reports"]);
    let endpoint = whoami_server(TokenVerifier::new([known]).unwrap());
    let token = issuer.token(json!({
        "sub": "ann", "aud": AUDIENCE, "azp": "app", "scope": "desk/read openid", "org": "acme",
        "groups": ["leads"], "jti": "t1", "level": 3,
    }));
    let call = message::call("whoami", json!({}))
        .meta("sub", "eve")
        .meta("authorization", "Bearer eve")
        .header("x-amzn-oidc-identity", "eve")
        .header("x-user", "eve")
        .from_caller(&token);
    let answer = post(&endpoint, &call).await;
    assert_eq!(
        answer.text(),
        r#"ann of Some("https://id.example.com") through Some("app"), ["read", "openid", "reports"] ["leads"] Some("acme") Some("t1") Some(3)"#
    );
}

#[tokio::test]
async fn a_token_is_taken_from_the_header_that_is_named_and_from_no_other() {
    let issuer = TestIssuer::new("https://id.example.com");
    let known = issuer.issuer().allowed_audience([AUDIENCE]);
    let tokens = TokenVerifier::new([known]).unwrap();
    let endpoint = whoami_server(tokens.token_header("x-user-token").unwrap());
    let token = issuer.token(json!({"sub": "ann", "aud": AUDIENCE}));
    let call = message::call("whoami", json!({}));
    for (header, value, status) in [
        ("x-user-token", token.clone(), 200),
        ("x-user-token", format!("Bearer {token}"), 200),
        ("x-user-token", format!("bearer {token}"), 200),
        ("x-user-token", format!("Basic {token}"), 401),
        ("x-user-token", String::new(), 401),
        ("authorization", format!("Bearer {token}"), 401),
    ] {
        let answer = post(&endpoint, &call.clone().header(header, &value)).await;
        assert_eq!(answer.status, status, "{header}: {value}");
    }
    let default =
        whoami_server(TokenVerifier::new([issuer.issuer().allowed_audience([AUDIENCE])]).unwrap());
    for (value, status) in [(format!("Bearer {token}"), 200), (token.clone(), 401)] {
        let answer = post(&default, &call.clone().header("authorization", &value)).await;
        assert_eq!(answer.status, status, "{value}");
    }
}

// [AUTH-1] [AUTH-3]
#[tokio::test]
async fn whoever_is_refused_learns_where_to_sign_in_and_never_from_the_host_header() {
    let issuer = TestIssuer::new("https://id.example.com");
    let known = issuer.issuer().allowed_audience([AUDIENCE]);
    let tokens = TokenVerifier::new([known]).unwrap();
    let endpoint = whoami_server(tokens).public_url(AUDIENCE).unwrap();
    let metadata = "https://desk.example.com/.well-known/oauth-protected-resource/mcp";
    let expired = issuer.token(json!({"sub": "ann", "aud": AUDIENCE, "exp": 0}));
    for (token, error) in [(None, ""), (Some(expired), r#"error="invalid_token", "#)] {
        let mut call = message::call("whoami", json!({}));
        if let Some(token) = token {
            call = call.from_caller(&token);
        }
        let refused = send(&endpoint, "POST", &call).await;
        assert_eq!(refused.status, 401);
        let challenge = format!(r#"Bearer {error}resource_metadata="{metadata}""#);
        assert_eq!(refused.header("www-authenticate"), Some(&*challenge));
    }
    for path in [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
        "/prod/.well-known/oauth-protected-resource/mcp",
    ] {
        assert!(Endpoint::is_metadata(path), "{path}");
        let request = http::Request::get(path).header("host", "localhost");
        let request = request.body(String::new()).unwrap();
        let response = endpoint.clone().call(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let document: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let expected = json!({
            "resource": AUDIENCE,
            "authorization_servers": ["https://id.example.com"],
            "bearer_methods_supported": ["header"],
        });
        assert_eq!(document, expected);
    }
    for path in [
        "/mcp",
        "/.well-known/oauth-protected-resources",
        "/.well-known",
    ] {
        assert!(!Endpoint::is_metadata(path), "{path}");
    }
}

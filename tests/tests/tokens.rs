//! Tokens that prove nothing: each is refused, for its own reason, and none becomes a caller.

use std::fmt::Write as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use http::StatusCode;
use jsonwebtoken::{EncodingKey, Header};
use mcp_core::Caller;
use mcp_core::jwt::{Issuer, Jwks, TokenError, TokenVerifier};
use mcp_core::testing::TestIssuer;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const URL: &str = "https://id.example.com";
const POOL: &str = "eu-central-1_Example";
const POOL_URL: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example";
const TENANT: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const AUDIENCE: &str = "https://payroll.example.com/mcp";

/// The longest token that is read, in bytes.
const MAX_BYTES: usize = 16 * 1024;

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs()
}

/// Everybody whose tokens are tried.
struct Issuers {
    oidc: TestIssuer,
    cognito: TestIssuer,
    entra: TestIssuer,
    /// Claims to be the first, and has another key.
    impostor: TestIssuer,
}

impl Issuers {
    fn new() -> Self {
        let tenant = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
        Self {
            oidc: TestIssuer::new(URL).key_id("1"),
            cognito: TestIssuer::new(POOL_URL),
            entra: TestIssuer::new(tenant),
            impostor: TestIssuer::new(URL).key_id("1"),
        }
    }

    fn verifier(&self) -> TokenVerifier {
        let keys = |issuer: &TestIssuer| Jwks::parse(&issuer.jwks()).unwrap();
        let oidc = self.oidc.issuer().allowed_audience([AUDIENCE]);
        let cognito = Issuer::cognito(POOL)
            .keys(keys(&self.cognito))
            .allowed_clients(["payroll-app"])
            .resource_server(AUDIENCE);
        let entra = Issuer::entra(TENANT)
            .keys(keys(&self.entra))
            .allowed_audience(["payroll"]);
        TokenVerifier::new([oidc, cognito, entra]).unwrap()
    }
}

/// What Ann's token says, with some claims changed; a null removes one.
fn ann(changes: &Value) -> Value {
    let base = json!({"iss": URL, "sub": "ann", "aud": AUDIENCE, "exp": now() + 3600});
    changed(base, changes)
}

/// The same for an access token of Cognito.
fn pool_ann(changes: &Value) -> Value {
    let scope = format!("openid {AUDIENCE}/payroll:read");
    let base =
        json!({"sub": "ann", "token_use": "access", "client_id": "payroll-app", "scope": scope});
    changed(base, changes)
}

/// The same for an access token of Entra.
fn entra_ann(changes: &Value) -> Value {
    let base = json!({"sub": "ann", "aud": "payroll", "scp": "payroll:read", "tid": TENANT});
    changed(base, changes)
}

fn changed(mut claims: Value, changes: &Value) -> Value {
    let fields = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
        fields.retain(|_, value| !value.is_null());
    }
    claims
}

/// A token with this field in its header beside the usual ones.
fn with_header(issuer: &TestIssuer, field: &str) -> String {
    let header = format!(r#"{{"alg":"EdDSA","kid":"1",{field}}}"#);
    issuer.sign(&header, &ann(&json!({})).to_string())
}

/// A token of so many bytes.
fn long(issuer: &TestIssuer, bytes: usize) -> String {
    let token = |length: usize| issuer.token(ann(&json!({"jti": "x".repeat(length)})));
    // Three bytes become four, so not every length can be had with one header.
    (0..=bytes * 3 / 4)
        .rev()
        .map(token)
        .find(|token| token.len() <= bytes)
        .filter(|token| token.len() > bytes - 4)
        .unwrap()
}

/// Every token that has to be refused.
#[allow(clippy::too_many_lines)] // a table
fn hostile(from: &Issuers) -> Vec<(&'static str, String, TokenError)> {
    use TokenError as E;
    let Issuers {
        oidc,
        cognito,
        entra,
        impostor,
    } = from;
    let good = oidc.token(ann(&json!({})));
    let plain = ann(&json!({})).to_string();
    let parts: Vec<&str> = good.split('.').collect();
    let none = oidc.sign(r#"{"alg":"none"}"#, &plain);
    let unsigned = format!("{}.", none.rsplit_once('.').unwrap().0);
    let confused = {
        // The public key, as everybody can have it, as the secret of an HMAC.
        let secret = EncodingKey::from_secret(oidc.jwks().as_bytes());
        let mut header = Header::new(jsonwebtoken::Algorithm::HS256);
        header.kid = Some("1".to_owned());
        jsonwebtoken::encode(&header, &ann(&json!({})), &secret).unwrap()
    };
    let claimed = |changes: Value| oidc.token(ann(&changes));
    let twice = plain.replacen('{', r#"{"sub":"bob","#, 1);
    let own_key: Value = serde_json::from_str(&impostor.jwks()).unwrap();
    let own_key = format!(r#""jwk":{}"#, own_key["keys"][0]);
    let elsewhere = "https://evil.example.com/keys";
    let forged = format!(
        "{}.{}.{}",
        parts[0],
        impostor
            .token(ann(&json!({"sub": "bob"})))
            .split('.')
            .nth(1)
            .unwrap(),
        parts[2]
    );
    vec![
        ("nothing", String::new(), E::Malformed),
        ("no token", "opaque".to_owned(), E::Malformed),
        ("alg=none, unsigned", unsigned, E::Malformed),
        ("alg=none, signed", none, E::Malformed),
        ("HS256 with the public key", confused, E::Algorithm),
        (
            "RS256 for a key of Ed25519",
            oidc.sign(r#"{"alg":"RS256","kid":"1"}"#, &plain),
            E::Algorithm,
        ),
        ("other claims, old signature", forged, E::Signature),
        (
            "signed by somebody else",
            impostor.token(ann(&json!({}))),
            E::Signature,
        ),
        (
            "without signature",
            format!("{}.{}.", parts[0], parts[1]),
            E::Signature,
        ),
        ("truncated", good[..good.len() - 6].to_owned(), E::Signature),
        (
            "two parts",
            format!("{}.{}", parts[0], parts[1]),
            E::Malformed,
        ),
        ("four parts", format!("{good}.{}", parts[2]), E::Malformed),
        (
            "wrong issuer",
            claimed(json!({"iss": "https://evil.example.com"})),
            E::Issuer,
        ),
        (
            "issuer with a slash more",
            claimed(json!({"iss": format!("{URL}/")})),
            E::Issuer,
        ),
        (
            "no issuer",
            oidc.sign(
                r#"{"alg":"EdDSA","kid":"1"}"#,
                &ann(&json!({"iss": null})).to_string(),
            ),
            E::Malformed,
        ),
        (
            "issuers as a list",
            claimed(json!({"iss": [URL]})),
            E::Malformed,
        ),
        (
            "expired, 61 s ago",
            claimed(json!({"exp": now() - 61})),
            E::Expired,
        ),
        (
            "no expiry",
            oidc.sign(
                r#"{"alg":"EdDSA","kid":"1"}"#,
                &ann(&json!({"exp": null})).to_string(),
            ),
            E::Malformed,
        ),
        (
            "expiry as text",
            claimed(json!({"exp": "tomorrow"})),
            E::Malformed,
        ),
        (
            "not valid for 70 s",
            claimed(json!({"nbf": now() + 70})),
            E::NotYetValid,
        ),
        (
            "wrong audience",
            claimed(json!({"aud": "https://other.example.com"})),
            E::Audience,
        ),
        (
            "audience as a prefix",
            claimed(json!({"aud": format!("{AUDIENCE}/x")})),
            E::Audience,
        ),
        ("no audience", claimed(json!({"aud": null})), E::Audience),
        ("no subject", claimed(json!({"sub": null})), E::Malformed),
        ("empty subject", claimed(json!({"sub": ""})), E::Malformed),
        (
            "ID token, by its digest",
            claimed(json!({"at_hash": "x"})),
            E::IdToken,
        ),
        (
            "ID token of Keycloak",
            claimed(json!({"typ": "ID"})),
            E::IdToken,
        ),
        (
            "ID token of Cognito",
            cognito.token(pool_ann(&json!({"token_use": "id", "aud": "payroll-app"}))),
            E::IdToken,
        ),
        (
            "ID token of Entra",
            entra.token(entra_ann(&json!({"scp": null}))),
            E::IdToken,
        ),
        (
            "Cognito without token_use",
            cognito.token(pool_ann(&json!({"token_use": null}))),
            E::Claim,
        ),
        (
            "another client of Cognito",
            cognito.token(pool_ann(&json!({"client_id": "other"}))),
            E::Client,
        ),
        (
            "Cognito, no scope of ours",
            cognito.token(pool_ann(&json!({"scope": "aws.cognito.signin.user.admin"}))),
            E::Audience,
        ),
        (
            "Cognito, scope of another",
            cognito.token(pool_ann(
                &json!({"scope": format!("{AUDIENCE}2/payroll:read")}),
            )),
            E::Audience,
        ),
        (
            "Cognito, other resource",
            cognito.token(pool_ann(&json!({"aud": "https://other.example.com"}))),
            E::Audience,
        ),
        (
            "Entra without a tenant",
            entra.token(entra_ann(&json!({"tid": null}))),
            E::Claim,
        ),
        (
            "unknown key",
            oidc.sign(r#"{"alg":"EdDSA","kid":"2"}"#, &plain),
            E::UnknownKey,
        ),
        (
            "key of another issuer",
            oidc.sign(r#"{"alg":"EdDSA","kid":"test"}"#, &plain),
            E::UnknownKey,
        ),
        (
            "brings a key (jwk)",
            with_header(impostor, &own_key),
            E::ForeignKey,
        ),
        (
            "names keys (jku)",
            with_header(oidc, &format!(r#""jku":"{elsewhere}""#)),
            E::ForeignKey,
        ),
        (
            "names a chain (x5u)",
            with_header(oidc, &format!(r#""x5u":"{elsewhere}""#)),
            E::ForeignKey,
        ),
        (
            "an extension (crit)",
            with_header(oidc, r#""crit":["b64"],"b64":false"#),
            E::ForeignKey,
        ),
        (
            "claims twice",
            oidc.sign(r#"{"alg":"EdDSA","kid":"1"}"#, &twice),
            E::Malformed,
        ),
        (
            "alg twice",
            oidc.sign(r#"{"alg":"EdDSA","alg":"none","kid":"1"}"#, &plain),
            E::Malformed,
        ),
        (
            "claims are no object",
            oidc.sign(r#"{"alg":"EdDSA","kid":"1"}"#, "[]"),
            E::Malformed,
        ),
        ("longer than 16 KiB", long(oidc, MAX_BYTES + 4), E::TooLong),
    ]
}

// [AUTH-6]
#[tokio::test]
async fn no_token_of_the_negative_set_is_accepted() {
    let from = Issuers::new();
    let verifier = from.verifier();
    let mut table = String::new();
    let mut wrong = Vec::new();
    for (name, token, expected) in hostile(&from) {
        let outcome = verifier.verify(&token).await;
        match outcome {
            Err(error) if error == expected => writeln!(table, "{name:28} {error}").unwrap(),
            other => wrong.push(format!("{name}: {other:?} instead of {expected:?}")),
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What differs from the hostile ones by a hair is accepted, so that those are refused for the reason
/// they are meant to be.
#[tokio::test]
async fn their_honest_twins_are_accepted() {
    let from = Issuers::new();
    let verifier = from.verifier();
    let Issuers {
        oidc,
        cognito,
        entra,
        ..
    } = &from;
    let longest = long(oidc, MAX_BYTES);
    assert!(longest.len() > MAX_BYTES - 4);
    for (name, token) in [
        ("plain", oidc.token(ann(&json!({})))),
        (
            "expired, within the leeway",
            oidc.token(ann(&json!({"exp": now() - 30}))),
        ),
        (
            "early, within the leeway",
            oidc.token(ann(&json!({"nbf": now() + 50}))),
        ),
        (
            "audience as a list",
            oidc.token(ann(&json!({"aud": ["other", AUDIENCE]}))),
        ),
        (
            "audience with a slash",
            oidc.token(ann(&json!({"aud": format!("{AUDIENCE}/")}))),
        ),
        (
            "only one key, not named",
            oidc.sign(r#"{"alg":"EdDSA"}"#, &ann(&json!({})).to_string()),
        ),
        ("of Cognito", cognito.token(pool_ann(&json!({})))),
        (
            "of Cognito, for us",
            cognito.token(pool_ann(&json!({"aud": AUDIENCE}))),
        ),
        ("of Entra", entra.token(entra_ann(&json!({})))),
        (
            "of an application of Entra",
            entra.token(entra_ann(&json!({"scp": null, "roles": ["r"]}))),
        ),
        ("16 KiB", longest),
    ] {
        let caller = verifier.verify(&token).await;
        assert_eq!(caller.as_ref().map(Caller::subject), Ok("ann"), "{name}");
    }
    let token = cognito.token(pool_ann(&json!({})));
    let caller = verifier.verify(&token).await.unwrap();
    assert!(caller.has_scope("payroll:read") && caller.has_scope("openid"));
    assert_eq!(caller.issuer(), Some(POOL_URL));
    assert_eq!(caller.client_id(), Some("payroll-app"));
}

/// A rotated key: the issuer signs with a new one, then withdraws the old one.
#[tokio::test]
async fn a_key_that_was_withdrawn_opens_nothing() {
    let (old, new) = (
        TestIssuer::new(URL).key_id("old"),
        TestIssuer::new(URL).key_id("new"),
    );
    let both = {
        let [old, new]: [Value; 2] =
            [&old, &new].map(|issuer| serde_json::from_str(&issuer.jwks()).unwrap());
        json!({"keys": [old["keys"][0], new["keys"][0]]}).to_string()
    };
    for (keys, of_old) in [(old.jwks(), true), (both, true), (new.jwks(), false)] {
        let issuer = Issuer::oidc(URL)
            .keys(Jwks::parse(&keys).unwrap())
            .allowed_audience([AUDIENCE]);
        let verifier = TokenVerifier::new([issuer]).unwrap();
        let caller = verifier.verify(&old.token(ann(&json!({})))).await;
        let expected = if of_old {
            Ok("ann")
        } else {
            Err(&TokenError::UnknownKey)
        };
        assert_eq!(caller.as_ref().map(Caller::subject), expected);
    }
}

/// An endpoint of keys that serves what its path says.
async fn keys_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let good = TestIssuer::new(URL).jwks();
    let routes = Router::new()
        .route("/good", get(move || async move { good }))
        .route("/redirects", get(|| async { Redirect::temporary("/good") }))
        .route(
            "/500",
            get(|| async { StatusCode::INTERNAL_SERVER_ERROR.into_response() }),
        )
        .route("/10-mb", get(|| async { Body::from(vec![b' '; 10 << 20]) }))
        .route("/no-keys", get(|| async { r#"{"keys":[]}"# }))
        .route("/a-page", get(|| async { "<html>" }))
        .route(
            "/hangs",
            get(|| async {
                std::future::pending::<()>().await;
                ""
            }),
        );
    tokio::spawn(async { axum::serve(listener, routes).await });
    address
}

#[tokio::test]
async fn keys_that_cannot_be_had_leave_tokens_unverified() {
    let server = keys_server().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let token = TestIssuer::new(URL).token(ann(&json!({})));
    for path in [
        "hangs",
        "redirects",
        "10-mb",
        "500",
        "no-keys",
        "a-page",
        "refuses",
    ] {
        let url = match path {
            "refuses" => refused.clone(),
            path => format!("{server}/{path}"),
        };
        let issuer = Issuer::oidc(URL).jwks_url(url).allowed_audience([AUDIENCE]);
        let verifier = TokenVerifier::new([issuer]).unwrap();
        let began = Instant::now();
        // Its own limit is 3 s; the outer one is there to fail the test instead of hanging it.
        let outcome = tokio::time::timeout(Duration::from_secs(60), verifier.verify(&token));
        let error = outcome.await.unwrap().unwrap_err();
        println!("{path:10} {error} after {:.0?}", began.elapsed());
        assert_eq!(error, TokenError::KeysUnavailable, "{path}");
    }
    // From the same server, so that the others fail for what they are.
    let issuer = Issuer::oidc(URL)
        .jwks_url(format!("{server}/good"))
        .allowed_audience([AUDIENCE]);
    let verifier = TokenVerifier::new([issuer]).unwrap();
    let outcome = verifier.verify(&token).await;
    assert_eq!(outcome.unwrap_err(), TokenError::Signature);
}

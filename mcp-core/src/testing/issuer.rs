//! An issuer of tokens for tests.

// It is part of tests: what cannot go on ends them.
#![allow(clippy::expect_used)]

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::jwt::{Issuer, Jwks};

/// An issuer of tokens with a key of its own, which nobody else has.
///
/// Feature `jwt`, beside `testing`.
///
/// ```
/// use mcp_core::jwt::{TokenError, TokenVerifier};
/// use mcp_core::testing::TestIssuer;
/// use serde_json::json;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let issuer = TestIssuer::new("https://id.example.com");
/// let tokens = TokenVerifier::new([issuer.issuer().allowed_audience(["payroll"])]).unwrap();
///
/// let token = issuer.token(json!({"sub": "ann", "aud": "payroll", "scope": "payroll:read"}));
/// let ann = tokens.verify(&token).await.unwrap();
/// assert!(ann.subject() == "ann" && ann.has_scope("payroll:read"));
///
/// let token = issuer.token(json!({"sub": "ann", "aud": "payroll", "exp": 0}));
/// assert_eq!(tokens.verify(&token).await.unwrap_err(), TokenError::Expired);
/// # });
/// ```
pub struct TestIssuer {
    url: String,
    key_id: String,
    key: Ed25519KeyPair,
}

impl TestIssuer {
    /// An issuer with a new key, called `test`. Example: [`TestIssuer`].
    ///
    /// # Panics
    ///
    /// When the system has no random numbers.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            key_id: "test".to_owned(),
            key: Ed25519KeyPair::generate().expect("random numbers"),
        }
    }

    /// The same issuer, whose key has this id.
    ///
    /// ```
    /// # use mcp_core::testing::TestIssuer;
    /// let issuer = TestIssuer::new("https://id.example.com").key_id("2026-11");
    /// assert!(issuer.jwks().contains("2026-11"));
    /// ```
    pub fn key_id(mut self, id: impl Into<String>) -> Self {
        self.key_id = id.into();
        self
    }

    /// The public key, as a key set in JSON. Example: [`TestIssuer::key_id`].
    pub fn jwks(&self) -> String {
        let x = URL_SAFE_NO_PAD.encode(self.key.public_key());
        let (crv, kid) = ("Ed25519", &self.key_id);
        json!({"keys": [{"kty": "OKP", "crv": crv, "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}]})
            .to_string()
    }

    /// This issuer for a [`TokenVerifier`](crate::jwt::TokenVerifier), with its key. Example:
    /// [`TestIssuer`].
    ///
    /// # Panics
    ///
    /// Never: it writes the key set itself.
    pub fn issuer(&self) -> Issuer {
        let keys = Jwks::parse(&self.jwks()).expect("a key set");
        Issuer::oidc(&self.url).keys(keys)
    }

    /// A token with these claims. `iss`, and an `exp` in an hour, are added where they are missing.
    /// Example: [`TestIssuer`].
    ///
    /// # Panics
    ///
    /// When the claims are no object.
    pub fn token(&self, mut claims: Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |now| now.as_secs());
        let fields = claims.as_object_mut().expect("claims are an object");
        fields
            .entry("iss")
            .or_insert_with(|| self.url.clone().into());
        fields.entry("exp").or_insert_with(|| (now + 3600).into());
        let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": self.key_id});
        self.sign(&header.to_string(), &claims.to_string())
    }

    /// A token of exactly these parts, for tokens that no honest issuer makes.
    ///
    /// ```
    /// # use mcp_core::testing::TestIssuer;
    /// let issuer = TestIssuer::new("https://id.example.com");
    /// let token = issuer.sign(r#"{"alg":"none"}"#, r#"{"sub":"ann","sub":"bob"}"#);
    /// assert_eq!(token.split('.').count(), 3);
    /// ```
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        let signed = format!("{header}.{claims}");
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

impl fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TestIssuer").field(&self.url).finish()
    }
}

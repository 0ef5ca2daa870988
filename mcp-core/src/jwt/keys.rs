//! The public keys of an issuer, each pinned to one algorithm.

use std::fmt;
use std::path::Path;
use std::str::FromStr as _;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_core::Deserialize;
use serde_json::Value;

use crate::refusal::{Refusal, Refused};

/// The longest key set that is read, in bytes. Entra's, the longest of the large issuers, has some
/// 20 KB.
pub(super) const MAX_BYTES: usize = 256 * 1024;

/// The most keys of one set.
const MAX_KEYS: usize = 100;

/// Where key sets come from.
const SOURCE: &str = "take what the issuer serves at its `jwks_uri`";

/// The variable that [`Jwks::from_env`] reads.
const VARIABLE: &str = "MCP_JWKS";

/// A set of public keys ([RFC 7517, section 5]) that is known beforehand, so that a server needs no
/// network to verify tokens.
///
/// Keys for signatures by RSA (`RS*`, `PS*`; `RS256` where a key does not say which), on the curves
/// P-256 and P-384 (`ES256`, `ES384`) and by Ed25519 (`EdDSA`) count. Others are left out, those of
/// symmetric algorithms among them: whoever can check with such a key can sign as well.
///
/// At most 256 KiB and 100 keys.
///
/// ```
/// use mcp_core::jwt::Jwks;
///
/// let jwks = Jwks::parse(
///     r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
///         "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
/// );
/// assert!(jwks.is_ok());
/// let symmetric = r#"{"keys":[{"kty":"oct","kid":"1","alg":"HS256","k":"c2VjcmV0"}]}"#;
/// assert!(Jwks::parse(symmetric).is_err());
/// ```
///
/// [RFC 7517, section 5]: https://www.rfc-editor.org/rfc/rfc7517#section-5
#[derive(Clone)]
pub struct Jwks(Box<[Key]>);

#[derive(Clone)]
struct Key {
    id: Option<Box<str>>,
    algorithm: Algorithm,
    public: DecodingKey,
}

impl Jwks {
    /// Reads a key set from its JSON. Example: [`Jwks`].
    ///
    /// # Errors
    ///
    /// When it is no key set, is too large, or has no key that can be used.
    pub fn parse(json: &str) -> Result<Self, JwksError> {
        if json.len() > MAX_BYTES {
            return Err(JwksError::new(&format!("is longer than 256 KiB; {SOURCE}")));
        }
        let set: Value = serde_json::from_str(json)
            .map_err(|error| JwksError::new(&format!("is not JSON: {error}; {SOURCE}")))?;
        let Some(Value::Array(keys)) = set.get("keys") else {
            return Err(JwksError::new(&format!("has no list `keys`; {SOURCE}")));
        };
        if keys.len() > MAX_KEYS {
            return Err(JwksError::new(&format!(
                "has more than {MAX_KEYS} keys; {SOURCE}"
            )));
        }
        let usable: Box<[Key]> = keys.iter().filter_map(Key::read).collect();
        if usable.is_empty() {
            return Err(JwksError::new(&format!(
                "has no public key for signatures by RSA, ECDSA (P-256, P-384) or Ed25519; {SOURCE}"
            )));
        }
        Ok(Self(usable))
    }

    /// Reads a key set from a file.
    ///
    /// ```
    /// use mcp_core::jwt::Jwks;
    ///
    /// let error = Jwks::from_file("no/such/jwks.json").unwrap_err();
    /// assert!(error.to_string().contains("cannot be read"));
    /// ```
    ///
    /// # Errors
    ///
    /// When the file cannot be read, and as [`Jwks::parse`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, JwksError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| JwksError::new(&format!("cannot be read: {error}; check the path")))?;
        Self::parse(&text)
    }

    /// Reads a key set from the environment: `MCP_JWKS` holds its JSON.
    ///
    /// ```
    /// use mcp_core::jwt::Jwks;
    ///
    /// // Not set here.
    /// let error = Jwks::from_env().unwrap_err();
    /// assert!(error.to_string().contains("MCP_JWKS"));
    /// ```
    ///
    /// # Errors
    ///
    /// When the variable is not set, and as [`Jwks::parse`].
    pub fn from_env() -> Result<Self, JwksError> {
        let text = std::env::var(VARIABLE)
            .map_err(|_| JwksError::new(&format!("is not set: put its JSON into `{VARIABLE}`")))?;
        Self::parse(&text)
    }

    /// The key of a token that names one. A token without a key id fits only a set of one key.
    pub(super) fn find(&self, id: Option<&str>) -> Option<(Algorithm, &DecodingKey)> {
        let found = match (id, &*self.0) {
            (Some(id), keys) => keys.iter().find(|key| key.id.as_deref() == Some(id)),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        found.map(|found| (found.algorithm, &found.public))
    }
}

impl Key {
    /// `None` for a key of another kind or purpose.
    fn read(value: &Value) -> Option<Self> {
        let jwk = Jwk::deserialize(value).ok()?;
        let signs = |purpose: &PublicKeyUse| *purpose == PublicKeyUse::Signature;
        if !jwk.common.public_key_use.as_ref().is_none_or(signs) {
            return None;
        }
        let (usual, possible): (_, &[Algorithm]) = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => (
                Algorithm::RS256,
                &[
                    Algorithm::RS256,
                    Algorithm::RS384,
                    Algorithm::RS512,
                    Algorithm::PS256,
                    Algorithm::PS384,
                    Algorithm::PS512,
                ],
            ),
            AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => {
                (Algorithm::ES256, &[Algorithm::ES256])
            }
            AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P384 => {
                (Algorithm::ES384, &[Algorithm::ES384])
            }
            AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
                (Algorithm::EdDSA, &[Algorithm::EdDSA])
            }
            _ => return None,
        };
        let algorithm = match jwk.common.key_algorithm {
            None => usual,
            Some(named) => Algorithm::from_str(&named.to_string()).ok()?,
        };
        if !possible.contains(&algorithm) {
            return None;
        }
        Some(Self {
            public: DecodingKey::from_jwk(&jwk).ok()?,
            id: jwk.common.key_id.map(Into::into),
            algorithm,
        })
    }
}

impl fmt::Debug for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.0.iter().map(|key| &key.id);
        f.debug_set().entries(ids).finish()
    }
}

/// Why a key set cannot be used.
///
/// ```
/// use mcp_core::jwt::Jwks;
///
/// let error = Jwks::parse("{}").unwrap_err();
/// assert!(error.to_string().starts_with("the key set has no list `keys`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwksError(Refused);

impl JwksError {
    fn new(why: &str) -> Self {
        Self(Refused::new(Refusal::KeySet, format!("the key set {why}")))
    }

    /// Why, as a code that the text ends with.
    ///
    /// ```
    /// # use mcp_core::{Refusal, jwt::Jwks};
    /// assert_eq!(Jwks::parse("{}").unwrap_err().refusal(), Refusal::KeySet);
    /// ```
    pub fn refusal(&self) -> Refusal {
        self.0.refusal
    }
}

impl fmt::Display for JwksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for JwksError {}

//! From a token to a caller.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderName};
use http::request::Parts;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, dangerous};

use super::claims::Claims;
use super::issuer::Issuer;
use super::keys::Jwks;
#[cfg(feature = "jwks")]
use super::remote::RemoteJwks;
use super::token::{self, Signed, TokenError};
use crate::caller::Caller;
use crate::http::{CallerSource, SignIn, Unidentified};
use crate::refusal::{Refusal, Refused};

/// How far the clock of an issuer may be from ours, in seconds.
const LEEWAY: u64 = 60;

/// Identifies callers by the bearer tokens of one or more issuers. Example: [the module](crate::jwt).
///
/// Where a gateway in front has checked the token as well, its word is not enough: the token itself
/// has to be there, and is verified again.
pub struct TokenVerifier {
    issuers: Box<[Known]>,
    header: HeaderName,
}

/// An issuer with its keys.
struct Known {
    issuer: Issuer,
    keys: Keys,
}

enum Keys {
    Given(Arc<Jwks>),
    #[cfg(feature = "jwks")]
    Fetched(Box<RemoteJwks>),
}

impl TokenVerifier {
    /// Accepts tokens of these issuers. Example: [the module](crate::jwt).
    ///
    /// # Errors
    ///
    /// When there is no issuer, when there are two of one URL, or when one has no keys or nothing
    /// that says which tokens are for this server.
    pub fn new(issuers: impl IntoIterator<Item = Issuer>) -> Result<Self, VerifierError> {
        // Fails when the process has chosen a provider of cryptography already, which then counts;
        // without one the library panics where a crate turns on a second.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let mut known: Vec<Known> = Vec::new();
        for issuer in issuers {
            if known.iter().any(|known| known.issuer.url == issuer.url) {
                let text = format!("two issuers have the URL `{}`; leave one out", issuer.url);
                return Err(VerifierError::new(Refusal::IssuerList, text));
            }
            if let Some(mistake) = issuer.mistake() {
                return Err(VerifierError::new(Refusal::IssuerWithoutAudience, mistake));
            }
            known.push(Known {
                keys: Keys::of(&issuer)?,
                issuer,
            });
        }
        if known.is_empty() {
            return Err(VerifierError::new(
                Refusal::IssuerList,
                "there is no issuer to verify tokens of; name at least one",
            ));
        }
        Ok(Self {
            issuers: known.into(),
            header: AUTHORIZATION,
        })
    }

    /// Takes the token from this header instead of `Authorization`, with or without `Bearer` before it:
    /// for servers behind something that signs requests, where `Authorization` holds the signature.
    ///
    /// ```
    /// # use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};
    /// # let jwks = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
    /// #     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    /// let issuer = Issuer::oidc("https://id.example.com")
    ///     .keys(Jwks::parse(jwks)?)
    ///     .allowed_audience(["https://payroll.example.com/mcp"]);
    /// let tokens = TokenVerifier::new([issuer])?.token_header("x-user-token")?;
    /// # let _ = tokens;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When no header can have this name.
    pub fn token_header(mut self, name: &str) -> Result<Self, VerifierError> {
        self.header = name.parse().map_err(|_| {
            let text = format!("`{name}` is not the name of a header; use letters, digits and `-`");
            VerifierError::new(Refusal::TokenHeader, text)
        })?;
        Ok(self)
    }

    /// The caller whose token this is.
    ///
    /// ```
    /// # use mcp_core::jwt::{Issuer, Jwks, TokenError, TokenVerifier};
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let jwks = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
    /// #     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    /// # let issuer = Issuer::oidc("https://id.example.com")
    /// #     .keys(Jwks::parse(jwks).unwrap())
    /// #     .allowed_audience(["https://payroll.example.com/mcp"]);
    /// let tokens = TokenVerifier::new([issuer]).unwrap();
    /// assert_eq!(tokens.verify("no token").await.unwrap_err(), TokenError::Malformed);
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// When it proves nothing, or is not meant for this server; when its keys cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Caller, TokenError> {
        let signed = token::signed(token)?;
        let known = self.issuer_of(token)?;
        let keys = known.keys.with(signed.key.as_deref()).await?;
        let claims = known.issuer.open(token, &signed, &keys)?;
        known.issuer.caller(claims)
    }

    /// The issuer that the token names. Nothing is believed yet: it decides which keys are tried.
    fn issuer_of(&self, token: &str) -> Result<&Known, TokenError> {
        let claims: Claims =
            dangerous::insecure_decode_claims(token).map_err(|_| TokenError::Malformed)?;
        let named = claims.text(&["iss"]).ok_or(TokenError::Malformed)?;
        let mut issuers = self.issuers.iter();
        issuers
            .find(|known| known.issuer.url == named)
            .ok_or(TokenError::Issuer)
    }
}

impl Keys {
    fn of(issuer: &Issuer) -> Result<Self, VerifierError> {
        if let Some(keys) = &issuer.keys {
            return Ok(Self::Given(Arc::new(keys.clone())));
        }
        let url = &issuer.url;
        #[cfg(feature = "jwks")]
        match &issuer.jwks_url {
            Some(address) => RemoteJwks::new(address)
                .map(|keys| Self::Fetched(Box::new(keys)))
                .map_err(|mistake| {
                    let text = format!("`{url}`: {mistake}");
                    VerifierError::new(Refusal::IssuerWithoutKeys, text)
                }),
            None => Err(VerifierError::new(
                Refusal::IssuerWithoutKeys,
                format!(
                    "`{url}` needs its keys: give it `keys`, or the `jwks_url` to fetch them from"
                ),
            )),
        }
        #[cfg(not(feature = "jwks"))]
        Err(VerifierError::new(
            Refusal::IssuerWithoutKeys,
            format!(
                "`{url}` needs its keys: give it `keys`, or turn on the feature `jwks` of `mcp-core` to \
             have them fetched"
            ),
        ))
    }

    /// The key set, which has the key of this id if the issuer has.
    #[cfg_attr(not(feature = "jwks"), allow(clippy::unused_async, unused_variables))] // for fetched ones
    async fn with(&self, id: Option<&str>) -> Result<Arc<Jwks>, TokenError> {
        match self {
            Self::Given(keys) => Ok(Arc::clone(keys)),
            #[cfg(feature = "jwks")]
            Self::Fetched(keys) => keys.with(id).await,
        }
    }
}

impl Issuer {
    /// The claims of a token, if its signature, issuer and times are right.
    fn open(&self, token: &str, signed: &Signed, keys: &Jwks) -> Result<Claims, TokenError> {
        let (algorithm, key) = keys
            .find(signed.key.as_deref())
            .ok_or(TokenError::UnknownKey)?;
        if algorithm != signed.algorithm {
            return Err(TokenError::Algorithm);
        }
        let mut rules = Validation::new(algorithm);
        rules.leeway = LEEWAY;
        rules.validate_nbf = true;
        // What a token is meant for is not always in `aud`, see `Issuer::caller`.
        rules.validate_aud = false;
        rules.set_issuer(&[&self.url]);
        rules.set_required_spec_claims(&["exp", "iss"]);
        let opened = jsonwebtoken::decode(token, key, &rules);
        opened
            .map(|opened| opened.claims)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                ErrorKind::ImmatureSignature => TokenError::NotYetValid,
                ErrorKind::InvalidIssuer => TokenError::Issuer,
                ErrorKind::InvalidSignature => TokenError::Signature,
                ErrorKind::InvalidAlgorithm => TokenError::Algorithm,
                _ => TokenError::Malformed,
            })
    }
}

impl CallerSource for TokenVerifier {
    fn identify<'r>(
        &'r self,
        request: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        Box::pin(async move {
            let verified = match token::in_headers(&request.headers, &self.header) {
                Ok(None) => return Ok(None),
                Ok(Some(token)) => self.verify(token).await,
                Err(error) => Err(error),
            };
            verified.map(Some).map_err(|error| {
                tracing::debug!(reason = %error, "a token was refused");
                match error {
                    TokenError::KeysUnavailable => Unidentified::Unknown,
                    _ => Unidentified::Invalid,
                }
            })
        })
    }

    fn verifies_again(&self) -> bool {
        true
    }

    fn can_grant(&self, scope: &str) -> bool {
        self.issuers
            .iter()
            .any(|known| known.issuer.can_grant(scope))
    }

    fn sign_in(&self) -> Option<SignIn> {
        let servers = self.issuers.iter().map(|known| known.issuer.url.clone());
        let sign_in = SignIn::at(servers);
        let first = self.issuers.first()?;
        Some(if first.issuer.knows_our_scopes() {
            sign_in.scope_prefix(first.issuer.advertised_prefix())
        } else {
            sign_in.without_scopes()
        })
    }
}

impl fmt::Debug for TokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls = self.issuers.iter().map(|known| &known.issuer.url);
        f.debug_set().entries(urls).finish()
    }
}

/// Why tokens could not be verified with this configuration, in words that say what to change.
///
/// ```
/// use mcp_core::jwt::{Issuer, TokenVerifier};
///
/// let error = TokenVerifier::new([Issuer::oidc("https://id.example.com")]).unwrap_err();
/// assert!(error.to_string().contains("needs `allowed_audience`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierError(Refused);

impl VerifierError {
    fn new(refusal: Refusal, text: impl Into<Cow<'static, str>>) -> Self {
        Self(Refused::new(refusal, text))
    }

    /// Why, as a code that the text ends with.
    ///
    /// ```
    /// # use mcp_core::Refusal;
    /// # use mcp_core::jwt::TokenVerifier;
    /// let error = TokenVerifier::new([]).unwrap_err();
    /// assert_eq!(error.refusal(), Refusal::IssuerList);
    /// ```
    pub fn refusal(&self) -> Refusal {
        self.0.refusal
    }
}

impl fmt::Display for VerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for VerifierError {}

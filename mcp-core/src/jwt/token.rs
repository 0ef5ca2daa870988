//! One token: its form, and why one is refused.

use std::fmt;

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName};
use jsonwebtoken::{Algorithm, decode_header};

/// The longest token that is looked at, in bytes: what load balancers and servers take as one header.
pub(super) const MAX_BYTES: usize = 16 * 1024;

/// Why a token is refused.
///
/// The client is told no more than that its token is not valid; this is for tests and for the log.
///
/// ```
/// use mcp_core::jwt::TokenError;
///
/// assert_eq!(TokenError::Expired.to_string(), "the token has expired");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// It is no JSON Web Token, says something twice, or lacks what every token has.
    Malformed,
    /// It has more than 16 KiB.
    TooLong,
    /// Its header names a key or an address of keys, or an extension that has to be understood.
    ForeignKey,
    /// It comes from an issuer that is not configured.
    Issuer,
    /// Its key is not among those of its issuer.
    UnknownKey,
    /// It is signed by another algorithm than its key is for.
    Algorithm,
    /// Its signature does not fit.
    Signature,
    /// Its time has passed.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// It is meant for another server.
    Audience,
    /// It is an ID token: it tells a client who signed in, and opens nothing.
    IdToken,
    /// It was issued to a client that is not allowed.
    Client,
    /// It has none of the scopes of which one is needed.
    Scope,
    /// A claim that is needed is missing or has another value.
    Claim,
    /// The keys of its issuer cannot be had at the moment, so nobody can say whether it is valid.
    KeysUnavailable,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the token is malformed",
            Self::TooLong => "the token is longer than 16 KiB",
            Self::ForeignKey => "the token brings a key of its own, or an unknown extension",
            Self::Issuer => "the token comes from another issuer",
            Self::UnknownKey => "the key of the token is not known",
            Self::Algorithm => "the token is signed by another algorithm than its key is for",
            Self::Signature => "the signature of the token does not fit",
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not valid yet",
            Self::Audience => "the token is meant for another server",
            Self::IdToken => "the token is an ID token, and an access token is needed",
            Self::Client => "the token was issued to a client that is not allowed",
            Self::Scope => "the token has none of the scopes of which one is needed",
            Self::Claim => "a claim of the token is missing or has another value",
            Self::KeysUnavailable => "the keys of the issuer cannot be had at the moment",
        })
    }
}

impl std::error::Error for TokenError {}

/// The token in the header of this name; `None` when there is none.
pub(super) fn in_headers<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'h str>, TokenError> {
    let mut given = headers.get_all(name).iter();
    let Some(value) = given.next() else {
        return Ok(None);
    };
    if given.next().is_some() {
        return Err(TokenError::Malformed);
    }
    let value = value.to_str().map_err(|_| TokenError::Malformed)?;
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        // A header of its own needs no scheme; `Authorization` does (RFC 6750, section 2.1).
        None if *name != AUTHORIZATION => value,
        _ => return Err(TokenError::Malformed),
    };
    if token.is_empty() {
        return Err(TokenError::Malformed);
    }
    Ok(Some(token))
}

/// What a token says about its signature.
pub(super) struct Signed {
    pub(super) key: Option<String>,
    pub(super) algorithm: Algorithm,
}

/// Reads the header of a token.
pub(super) fn signed(token: &str) -> Result<Signed, TokenError> {
    if token.len() > MAX_BYTES {
        return Err(TokenError::TooLong);
    }
    let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
    let foreign = header.jwk.is_some()
        || header.jku.is_some()
        || header.x5u.is_some()
        || header.crit.is_some();
    if foreign {
        return Err(TokenError::ForeignKey);
    }
    Ok(Signed {
        key: header.kid,
        algorithm: header.alg,
    })
}

//! Authenticated encryption of what clients hold for the server.
//!
//! A server that keeps nothing gives its clients what it has to remember, and gets it back with a
//! later request, perhaps on another instance. Clients can neither read nor change a token, nor
//! use it for anything but what it was made for, in whose name it was made, before it expires. That
//! one is used twice is for [`SingleUse`](crate::SingleUse) to notice.
//!
//! A token is the base64 (URL-safe, not padded) of
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | the version of this format, 1 |
//! | 1 + 1..=8 | the id of the key, after its length |
//! | 16 | random: the salt of the token's key, and its id |
//! | 8 + 8 + n | encrypted: issued and expires in seconds since 1970, the payload |
//! | 16 | the tag |
//!
//! The key is derived by HKDF-SHA256 from the secret, the random bytes and the purpose; the cipher
//! is AES-256-GCM.

mod keys;
mod primitives;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use keys::{SealKeys, SealKeysError};
pub(crate) use primitives::{Refused, digest, random};

use primitives::{OneTimeKey, length};

/// The first byte of every token.
const VERSION: u8 = 1;

/// Sets these keys apart from whatever else somebody derives from the same secret.
const LABEL: &[u8] = b"mcp-core seal 1 ";

/// By how many seconds the clocks of two instances may differ.
const CLOCK_SKEW: u64 = 60;

/// What a token is for. One made for one purpose does not open for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What a function that asks its client has to know when the answers come.
    RequestState,
    /// Where the next page of a list begins.
    Cursor,
    /// What a client of an older revision said when it began.
    Session,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::RequestState => b"request state",
            Self::Cursor => b"cursor",
            Self::Session => b"session",
        }
    }
}

/// What a token is tied to and does not contain: it opens only where all of this is the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    /// On whose behalf it was made.
    pub(crate) principal: &'a [u8],
    /// What else has to be the same, such as the tool and its arguments.
    pub(crate) parts: &'a [&'a [u8]],
}

/// When a token is valid, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) issued: u64,
    /// The first second in which it does not open any more.
    pub(crate) expires: u64,
}

/// What a token held.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Unique to the token, for [`SingleUse`](crate::SingleUse).
    pub(crate) id: [u8; 16],
    pub(crate) validity: Validity,
    pub(crate) payload: Vec<u8>,
}

/// Seals and opens the tokens of one server.
#[derive(Clone, Debug)]
pub(crate) struct Sealer {
    keys: SealKeys,
    server: Box<str>,
}

impl Sealer {
    /// Instances with the same keys and name open each other's tokens; two servers that share keys
    /// do not.
    pub(crate) fn new(keys: SealKeys, server_name: &str) -> Self {
        Self {
            keys,
            server: server_name.into(),
        }
    }

    /// Makes a token of at most `longest` characters.
    ///
    /// # Errors
    ///
    /// The token would be longer, or the system has no random bytes to give.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        bound: &Bound<'_>,
        validity: Validity,
        payload: &[u8],
        longest: usize,
    ) -> Result<String, NotSealed> {
        let (key_id, secret) = self.keys.sealing().ok_or(NotSealed::Refused)?;
        let id = random::<16>()?;
        let size = 1 + 1 + key_id.len() + id.len() + 8 + 8 + payload.len() + 16;
        let characters = base64::encoded_len(size, false).unwrap_or(usize::MAX);
        if characters > longest {
            return Err(NotSealed::TooLong { characters });
        }
        let key = OneTimeKey::derive(secret, &id, &[LABEL, purpose.label()])?;
        let mut message = Vec::with_capacity(8 + 8 + payload.len() + 16);
        message.extend_from_slice(&validity.issued.to_be_bytes());
        message.extend_from_slice(&validity.expires.to_be_bytes());
        message.extend_from_slice(payload);
        key.encrypt(&self.bind(purpose, key_id.as_bytes(), bound), &mut message)?;
        let mut token = Vec::with_capacity(size);
        token.push(VERSION);
        // An id has at most eight characters.
        token.push(u8::try_from(key_id.len()).map_err(|_| NotSealed::Refused)?);
        token.extend_from_slice(key_id.as_bytes());
        token.extend_from_slice(&id);
        token.extend_from_slice(&message);
        Ok(URL_SAFE_NO_PAD.encode(token))
    }

    /// What a token holds, if this server made it for this purpose and all that it is bound to is
    /// the same, and `now` it has not expired. One of more than `longest` characters is not even
    /// decoded.
    ///
    /// # Errors
    ///
    /// One error for whatever is wrong, so that nobody learns how close a forgery came.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        bound: &Bound<'_>,
        token: &str,
        now: u64,
        longest: usize,
    ) -> Result<Opened, SealError> {
        if token.len() > longest {
            return Err(SealError(Why::TooLong));
        }
        let mut bytes = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| SealError(Why::NotAToken))?;
        let Parts {
            key_id,
            id,
            message,
        } = Parts::of(&mut bytes).ok_or(SealError(Why::NotAToken))?;
        let secret = self
            .keys
            .opening(key_id)
            .ok_or(SealError(Why::UnknownKey))?;
        let message = OneTimeKey::derive(secret, &id, &[LABEL, purpose.label()])
            .and_then(|key| key.decrypt(&self.bind(purpose, key_id, bound), message))
            .map_err(|_| SealError(Why::NotOurs))?;
        // From here on the bytes are those that `seal` wrote.
        let (issued, rest) = seconds(message).ok_or(SealError(Why::NotAToken))?;
        let (expires, payload) = seconds(rest).ok_or(SealError(Why::NotAToken))?;
        if now >= expires {
            return Err(SealError(Why::Expired));
        }
        if issued > now.saturating_add(CLOCK_SKEW) {
            return Err(SealError(Why::FromTheFuture));
        }
        Ok(Opened {
            id,
            validity: Validity { issued, expires },
            payload: payload.to_vec(),
        })
    }

    /// What the tag covers beside the message. Every field goes in after its length, so that no
    /// byte of one can pass for a byte of the next.
    fn bind(&self, purpose: Purpose, key_id: &[u8], bound: &Bound<'_>) -> Vec<u8> {
        let mut out = vec![VERSION];
        let fixed = [
            key_id,
            purpose.label(),
            self.server.as_bytes(),
            bound.principal,
        ];
        for field in fixed.iter().chain(bound.parts) {
            out.extend_from_slice(&length(field));
            out.extend_from_slice(field);
        }
        out
    }
}

/// The parts of a token before it is decrypted.
struct Parts<'t> {
    key_id: &'t [u8],
    id: [u8; 16],
    message: &'t mut [u8],
}

impl<'t> Parts<'t> {
    fn of(token: &'t mut [u8]) -> Option<Self> {
        let (&mut [version, length], rest) = token.split_first_chunk_mut()?;
        if version != VERSION {
            return None;
        }
        let (key_id, rest) = rest.split_at_mut_checked(length.into())?;
        let (&mut id, message) = rest.split_first_chunk_mut()?;
        Some(Self {
            key_id,
            id,
            message,
        })
    }
}

/// Eight bytes as a number, and what follows them.
fn seconds(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u64::from_be_bytes(*number), rest))
}

/// Seconds since 1970; zero before.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotSealed {
    /// It would have this many characters.
    TooLong { characters: usize },
    /// The cryptographic library refused.
    Refused,
}

impl From<Refused> for NotSealed {
    fn from(_: Refused) -> Self {
        Self::Refused
    }
}

impl fmt::Display for NotSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { characters } => {
                write!(
                    f,
                    "what the client has to hold takes {characters} characters"
                )
            }
            Self::Refused => f.write_str("the system gives no random bytes"),
        }
    }
}

impl std::error::Error for NotSealed {}

/// A token that does not open here and now. The text is all that anybody learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SealError(Why);

/// For tests: which check refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    TooLong,
    NotAToken,
    UnknownKey,
    NotOurs,
    Expired,
    FromTheFuture,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("was not issued by this server for this use, or has expired")
    }
}

impl std::error::Error for SealError {}

//! Keys that are fetched from their issuer, and kept.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{ACCEPT, HeaderValue};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::Mutex as Turn;

use super::keys::{Jwks, MAX_BYTES};
use super::token::TokenError;

/// When an issuer is asked for its keys.
#[derive(Clone, Copy)]
struct Pace {
    /// How long a request may take, in all.
    timeout: Duration,
    /// Keys are fetched anew after this time, so that one that the issuer withdrew is not believed for
    /// longer.
    max_age: Duration,
    /// Tokens with unknown keys make us ask no more often than this, since anybody can send them.
    floor: Duration,
    /// After a failure it is asked again sooner.
    retry: Duration,
}

const PACE: Pace = Pace {
    timeout: Duration::from_secs(3),
    max_age: Duration::from_secs(60 * 60),
    floor: Duration::from_secs(60),
    retry: Duration::from_secs(5),
};

/// The keys at an address that was fixed when the server was built.
pub(super) struct RemoteJwks {
    address: Uri,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    pace: Pace,
    known: Mutex<Known>,
    /// Of many who miss a key, one asks.
    turn: Turn<()>,
}

/// What is known of the keys. Times are those of the wall clock, which goes on while a snapshot of
/// the process lies on a disk.
#[derive(Clone, Default)]
struct Known {
    keys: Option<Arc<Jwks>>,
    fetched: Option<SystemTime>,
    failed: Option<SystemTime>,
}

impl Known {
    fn key_set(&self, id: Option<&str>) -> Option<Arc<Jwks>> {
        self.keys.clone().filter(|keys| keys.find(id).is_some())
    }

    /// Whether the keys should be fetched anew although they have what is wanted.
    fn is_old(&self, pace: Pace) -> bool {
        is_past(self.fetched, pace.max_age) && is_past(self.failed, pace.retry)
    }

    /// Whether the issuer may be asked for a key that it did not have.
    fn may_ask(&self, pace: Pace) -> bool {
        is_past(self.fetched, pace.floor) && is_past(self.failed, pace.retry)
    }
}

/// Whether so much time has gone by. A clock that was put back counts as time gone by.
fn is_past(since: Option<SystemTime>, time: Duration) -> bool {
    since.is_none_or(|since| since.elapsed().map_or(true, |elapsed| elapsed >= time))
}

impl RemoteJwks {
    pub(super) fn new(address: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "keys cannot be fetched from `{address}`: it has to be an `https:` URL, or `http:` on a \
                 loopback address"
            )
        };
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if crate::http::is_loopback(host) => {}
            _ => return Err(wrong()),
        }
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(provider)
            .map_err(|error| error.to_string())?
            .https_or_http()
            .enable_http1()
            .build();
        // No connection is kept: the next request comes an hour later, or after a snapshot.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Ok(Self {
            address: uri,
            client,
            pace: PACE,
            known: Mutex::default(),
            turn: Turn::new(()),
        })
    }

    /// The key set, which has the key of this id if the issuer has. Known keys go on to count while
    /// the issuer cannot be asked.
    pub(super) async fn with(&self, id: Option<&str>) -> Result<Arc<Jwks>, TokenError> {
        let known = self.known();
        if let Some(keys) = known.key_set(id) {
            if known.is_old(self.pace)
                && let Ok(_turn) = self.turn.try_lock()
            {
                self.refresh().await;
                return self.now(id);
            }
            return Ok(keys);
        }
        let _turn = self.turn.lock().await;
        // Somebody else may have asked meanwhile.
        let known = self.known();
        if known.key_set(id).is_none() && known.may_ask(self.pace) {
            self.refresh().await;
        }
        self.now(id)
    }

    /// What is known now, or why the key is not in it.
    fn now(&self, id: Option<&str>) -> Result<Arc<Jwks>, TokenError> {
        let known = self.known();
        known.key_set(id).ok_or(match known {
            // The issuer said that it has no such key, and has not failed since.
            Known {
                keys: Some(_),
                failed: None,
                ..
            } => TokenError::UnknownKey,
            _ => TokenError::KeysUnavailable,
        })
    }

    fn known(&self) -> Known {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn refresh(&self) {
        let fetched = tokio::time::timeout(self.pace.timeout, self.fetch()).await;
        let now = Some(SystemTime::now());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match fetched.unwrap_or_else(|_| Err("it takes too long".to_owned())) {
            Ok(keys) => {
                *known = Known {
                    keys: Some(Arc::new(keys)),
                    fetched: now,
                    failed: None,
                };
            }
            Err(why) => {
                known.failed = now;
                drop(known);
                tracing::warn!(address = %self.address, why, "the keys of an issuer cannot be fetched");
            }
        }
    }

    async fn fetch(&self) -> Result<Jwks, String> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = self.address.clone();
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        let response = self.client.request(request).await;
        let response = response.map_err(|error| sources(&error))?;
        if response.status() != StatusCode::OK {
            // A redirect among them: the address is the one that was configured.
            return Err(format!("the answer has status {}", response.status()));
        }
        let body = Limited::new(response.into_body(), MAX_BYTES)
            .collect()
            .await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        let text = std::str::from_utf8(&body).map_err(|error| error.to_string())?;
        Jwks::parse(text).map_err(|error| error.to_string())
    }
}

/// An error with what caused it: the outermost alone says little.
fn sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

impl fmt::Debug for RemoteJwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RemoteJwks").field(&self.address).finish()
    }
}

#[cfg(test)]
mod tests;

//! Replies in the form of who asked.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::{BodyDataStream, BodyExt};
use lambda_runtime::{FunctionResponse, MetadataPrelude, StreamResponse};
use mcp_core::http::ReplyBody;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::event::Integration;

/// What leaves the function.
pub(crate) type Reply = FunctionResponse<Buffered, Streamed>;

/// A reply in one piece.
pub(crate) enum Buffered {
    Http(HttpReply),
    /// A document; `null` in the place of one that is broken.
    Json(Option<Box<RawValue>>),
    /// `{}`, which is how a notification is acknowledged.
    Nothing,
}

impl Buffered {
    /// A document.
    pub(crate) fn json(text: String) -> Self {
        // We wrote it ourselves. Were it broken, it must not look like a success.
        Self::Json(RawValue::from_string(text).ok())
    }
}

impl Serialize for Buffered {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Http(reply) => reply.serialize(to),
            Self::Json(json) => json.serialize(to),
            Self::Nothing => to.serialize_map(Some(0))?.end(),
        }
    }
}

/// A reply to an HTTP request, in one piece.
pub(crate) struct HttpReply {
    integration: Integration,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl HttpReply {
    pub(crate) async fn collect(integration: Integration, response: Response<ReplyBody>) -> Self {
        let (
            Parts {
                status, headers, ..
            },
            body,
        ) = response.into_parts();
        let Ok(body) = body.collect().await;
        Self {
            integration,
            status,
            headers,
            body: body.to_bytes(),
        }
    }

    pub(crate) fn new(integration: Integration, response: Response<String>) -> Self {
        let (
            Parts {
                status, headers, ..
            },
            body,
        ) = response.into_parts();
        Self {
            integration,
            status,
            headers,
            body: body.into(),
        }
    }
}

impl Serialize for HttpReply {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut reply = to.serialize_map(None)?;
        reply.serialize_entry("statusCode", &self.status.as_u16())?;
        match self.integration {
            Integration::V1 => {
                reply.serialize_entry("multiValueHeaders", &MultiValue(&self.headers))?;
            }
            Integration::V2 => {
                reply.serialize_entry("headers", &SingleValue(&self.headers))?;
                // Always there, even if empty: `cargo lambda watch` hangs without it.
                reply.serialize_entry("cookies", &[(); 0])?;
            }
            Integration::LoadBalancer => {
                let reason = self.status.canonical_reason().unwrap_or_default();
                let description = format!("{} {reason}", self.status.as_u16());
                reply.serialize_entry("statusDescription", description.trim_end())?;
                // Which of them counts is an attribute of the target group.
                reply.serialize_entry("headers", &SingleValue(&self.headers))?;
                reply.serialize_entry("multiValueHeaders", &MultiValue(&self.headers))?;
            }
        }
        let body = String::from_utf8_lossy(&self.body);
        reply.serialize_entry("body", &*body)?;
        reply.serialize_entry("isBase64Encoded", &false)?;
        reply.end()
    }
}

/// Headers as `{"name":"value"}`. The endpoint sets none twice.
struct SingleValue<'a>(&'a HeaderMap);

impl Serialize for SingleValue<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(texts(self.0))
    }
}

/// Headers as `{"name":["value"]}`.
struct MultiValue<'a>(&'a HeaderMap);

impl Serialize for MultiValue<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(texts(self.0).map(|(name, value)| (name, [value])))
    }
}

fn texts(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let headers = headers.iter();
    headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}

/// A reply to an HTTP request, as a stream.
pub(crate) fn streamed(response: Response<impl Into<Streamed>>) -> Reply {
    let (
        Parts {
            status, headers, ..
        },
        body,
    ) = response.into_parts();
    FunctionResponse::StreamingResponse(StreamResponse {
        metadata_prelude: MetadataPrelude {
            status_code: status,
            headers,
            cookies: Vec::new(),
        },
        stream: body.into(),
    })
}

/// The body of a streamed reply. No item is an error: the runtime would write it into the body.
pub(crate) enum Streamed {
    Reply {
        body: BodyDataStream<ReplyBody>,
        /// That of the invocation, for what is logged while the body is made.
        span: tracing::Span,
        /// Whether there was nothing yet.
        empty: bool,
    },
    Text(Option<String>),
}

impl From<ReplyBody> for Streamed {
    fn from(body: ReplyBody) -> Self {
        Self::Reply {
            body: BodyDataStream::new(body),
            span: tracing::Span::current(),
            empty: true,
        }
    }
}

impl From<String> for Streamed {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl futures_core::Stream for Streamed {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.get_mut() {
            Self::Text(text) => Poll::Ready(text.take().map(|text| Ok(text.into()))),
            Self::Reply { body, span, empty } => {
                let _entered = span.enter();
                let polled = Pin::new(body).poll_next(cx);
                // A Function URL was seen to stay open for minutes when nothing followed the
                // prelude, and a line break after it changes nothing.
                if matches!(polled, Poll::Ready(None)) && std::mem::take(empty) {
                    return Poll::Ready(Some(Ok(Bytes::from_static(b"\n"))));
                }
                *empty &= !matches!(polled, Poll::Ready(Some(_)));
                polled
            }
        }
    }
}

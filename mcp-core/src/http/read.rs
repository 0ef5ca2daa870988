//! The body of a request, up to its limit.

use std::future::poll_fn;
use std::pin::pin;

use bytes::{Buf, Bytes};
use http::{Response, StatusCode};
use http_body::Body;

use super::body::ReplyBody;
use super::response::{document, refuse};
use crate::encode;
use crate::protocol::code;
use crate::refusal::Refusal;

/// Why there is no message.
pub(super) enum Unread {
    TooLarge(u32),
    NotText,
    Broken,
    TooSlow,
}

impl Unread {
    pub(super) fn into_response(self) -> Response<ReplyBody> {
        match self {
            Self::TooLarge(limit) => refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                Refusal::BodyTooLarge,
                &format!("the message is larger than {limit} bytes (`Limits::body_bytes`)"),
            ),
            Self::NotText => {
                let text = "the message is not valid UTF-8";
                let answer = encode::refusal(None, Refusal::MalformedMessage, code::PARSE, text);
                document(answer.status(400))
            }
            Self::TooSlow => refuse(
                StatusCode::REQUEST_TIMEOUT,
                Refusal::BodyTooSlow,
                "the message did not arrive in time (`Limits::body_time`)",
            ),
            Self::Broken => refuse(
                StatusCode::BAD_REQUEST,
                Refusal::BodyIncomplete,
                "the message did not arrive whole; send it again",
            ),
        }
    }
}

/// Collects the body, up to the limit.
pub(super) async fn read<B: Body<Data: Buf>>(body: B, limit: u32) -> Result<String, Unread> {
    let max = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut body = pin!(body);
    let mut first: Option<Bytes> = None;
    let mut text: Vec<u8> = Vec::new();
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        let so_far = first.as_ref().map_or(text.len(), Bytes::len);
        if so_far + data.remaining() > max {
            return Err(Unread::TooLarge(limit));
        }
        // Most messages come in one frame, which needs no copy if the buffer is ours alone.
        if first.is_none() && text.is_empty() {
            first = Some(data.copy_to_bytes(data.remaining()));
            continue;
        }
        if let Some(first) = first.take() {
            text = first.into();
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            let length = chunk.len();
            text.extend_from_slice(chunk);
            data.advance(length);
        }
    }
    if let Some(first) = first {
        text = first.into();
    }
    String::from_utf8(text).map_err(|_| Unread::NotText)
}

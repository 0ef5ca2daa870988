//! Responses: one document, a stream of events, or a refusal.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};

use super::body::ReplyBody;
use super::queue::push_event;
use crate::encode::{self, Answer};
use crate::protocol::code;
use crate::refusal::Refusal;

pub(super) fn internal_error() -> Answer {
    let text = "the server could not answer; its log says why";
    encode::refusal(None, Refusal::ServerFailed, code::INTERNAL, text).status(500)
}

/// A reply that is known as a whole.
pub(super) fn document(answer: Answer) -> Response<ReplyBody> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Some(body) = answer.body else {
        return bare(status);
    };
    if let Some(before) = answer.before {
        let mut text = Vec::new();
        push_event(&mut text, &before);
        push_event(&mut text, &body);
        return events(ReplyBody::whole(text));
    }
    let mut response = json(status, body);
    if let Some(seconds) = answer.retry_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    // Our own text of letters, digits and signs: it always is a value.
    if let Some(session) = answer
        .session
        .and_then(|id| HeaderValue::from_str(&id).ok())
    {
        let name = HeaderName::from_static("mcp-session-id");
        response.headers_mut().insert(name, session);
    }
    response
}

/// A status and nothing else.
pub(super) fn bare(status: StatusCode) -> Response<ReplyBody> {
    let mut response = Response::new(ReplyBody::empty());
    *response.status_mut() = status;
    response
}

fn json(status: StatusCode, body: Vec<u8>) -> Response<ReplyBody> {
    let mut response = Response::new(ReplyBody::whole(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if matches!(
        status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    ) {
        let seconds = HeaderValue::from_static("1");
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

pub(super) fn events(body: ReplyBody) -> Response<ReplyBody> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // Reverse proxies of the nginx family would hold events back otherwise.
    let buffering = HeaderName::from_static("x-accel-buffering");
    headers.insert(buffering, HeaderValue::from_static("no"));
    response
}

/// A refusal before the message was read. Its body is a JSON-RPC error all the same: clients take
/// any other body for a server of the older era.
pub(super) fn refuse(status: StatusCode, refusal: Refusal, text: &str) -> Response<ReplyBody> {
    let answer = encode::refusal(None, refusal, code::INVALID_REQUEST, text);
    json(status, answer.body.unwrap_or_default())
}

//! One strict, borrowing parse of a JSON-RPC message.
//!
//! Everything that later stages decide on is read here once: the envelope, the fields of `params`
//! that any served method has, and the keys of `_meta`. Values stay as raw JSON text until the
//! stage that needs them checks their type, so a wrong type is reported as what it is.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json;
use crate::protocol::{code, meta};

/// The visitor methods for everything that is not an object, each giving the same value.
macro_rules! not_an_object {
    ($value:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_seq<A: serde_core::de::SeqAccess<'de>>(
            self,
            mut seq: A,
        ) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}
/// A message, parsed but not yet judged against a revision.
#[derive(Default)]
pub(crate) struct Message<'a> {
    pub(crate) id: Option<Id<'a>>,
    pub(crate) method: Option<Cow<'a, str>>,
    pub(crate) params: Option<Params<'a>>,
    /// What the message answers with, if it is a response.
    pub(crate) response: Option<Response<'a>>,
    version: Option<&'a str>,
    has_id: bool,
    /// The first thing wrong with the envelope.
    fault: Option<&'static str>,
}

/// The end of a request that this server sent, as raw JSON text.
#[derive(Clone, Copy)]
pub(crate) enum Response<'a> {
    Result(&'a str),
    Error(&'a str),
}

/// `params`, or the fact that it is not an object.
pub(crate) enum Params<'a> {
    Fields(Box<Fields<'a>>),
    NotAnObject,
}

/// The fields of `params` that some served method reads, as raw JSON text.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) arguments: Option<&'a str>,
    pub(crate) meta: Option<Meta<'a>>,
    pub(crate) uri: Option<&'a str>,
    pub(crate) cursor: Option<&'a str>,
    pub(crate) input_responses: Option<&'a str>,
    pub(crate) request_state: Option<&'a str>,
    pub(crate) reference: Option<&'a str>,
    pub(crate) argument: Option<&'a str>,
    pub(crate) context: Option<&'a str>,
    pub(crate) notifications: Option<&'a str>,
    pub(crate) level: Option<&'a str>,
    pub(crate) protocol_version: Option<&'a str>,
    pub(crate) capabilities: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
}

/// `params._meta`, or the fact that it is not an object.
pub(crate) enum Meta<'a> {
    Keys(MetaKeys<'a>),
    NotAnObject,
}

/// The keys of `_meta` that the server reads, as raw JSON text.
#[derive(Default)]
pub(crate) struct MetaKeys<'a> {
    pub(crate) protocol_version: Option<&'a str>,
    pub(crate) client_capabilities: Option<&'a str>,
    pub(crate) progress_token: Option<&'a str>,
    pub(crate) log_level: Option<&'a str>,
    pub(crate) traceparent: Option<&'a str>,
    #[cfg(feature = "otel")]
    pub(crate) tracestate: Option<&'a str>,
}

/// The longest id that is taken, in bytes of JSON: it is repeated in every message about the request.
pub(crate) const MAX_ID: usize = 256;

const TOO_LONG_ID: &str = "`id` has to have at most 256 bytes";

/// The id of a request: a string or an integer, echoed in the form in which it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id<'a>(pub(crate) &'a str);

impl<'a> Id<'a> {
    fn new(raw: &'a str) -> Option<Self> {
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        let integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        (raw.starts_with('"') || integer).then_some(Self(raw))
    }
}

/// Why a message is not acceptable, with the id when it could be read.
#[derive(Debug)]
pub(crate) struct Malformed<'a> {
    pub(crate) id: Option<Id<'a>>,
    pub(crate) code: i32,
    pub(crate) message: &'static str,
    /// Whether the message is of a kind that is never answered on a connection.
    pub(crate) silent: bool,
    /// Whether it is an array, which one revision takes.
    pub(crate) is_batch: bool,
}

/// Parses one message.
pub(crate) fn parse(text: &str, depth: u16) -> Result<Message<'_>, Malformed<'_>> {
    let malformed = |id, code, message| {
        Err(Malformed {
            id,
            code,
            message,
            silent: false,
            is_batch: false,
        })
    };
    if json::deeper_than(text, depth) {
        return malformed(None, code::INVALID_REQUEST, "the message nests too deeply");
    }
    let message: Message<'_> = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) if error.is_data() => {
            let is_batch = text.trim_ascii_start().starts_with('[');
            let message = if is_batch {
                "batches are for revision 2025-03-26 only; send one message at a time"
            } else {
                "a message is a JSON object"
            };
            return Err(Malformed {
                id: None,
                code: code::INVALID_REQUEST,
                message,
                silent: false,
                is_batch,
            });
        }
        Err(_) => return malformed(None, code::PARSE, "the message is not valid JSON"),
    };
    let fault = if let Some(fault) = message.fault {
        Some(fault)
    } else if message.id.is_some_and(|id| id.0.len() > MAX_ID) {
        Some(TOO_LONG_ID)
    } else if message.version != Some("\"2.0\"") {
        Some("`jsonrpc` has to be \"2.0\"")
    } else if message.response.is_some() && !(message.has_id && message.method.is_none()) {
        Some("a response has an `id` and no `method`")
    } else if message.method.is_none() && message.response.is_none() {
        Some("`method` is missing")
    } else {
        None
    };
    match fault {
        Some(fault) => Err(Malformed {
            // The id of a response is one of ours, which the client would take for one of its own.
            id: message
                .id
                .filter(|id| message.response.is_none() && id.0.len() <= MAX_ID),
            code: code::INVALID_REQUEST,
            message: fault,
            silent: message.response.is_some() || (message.method.is_some() && !message.has_id),
            is_batch: false,
        }),
        None => Ok(message),
    }
}

/// The text of a raw JSON string, borrowed unless it holds escapes; `None` for other types.
pub(crate) fn text(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.as_bytes().contains(&b'\\') {
        return serde_json::from_str::<String>(raw).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

impl Fields<'_> {
    /// What a message without `params` has.
    pub(crate) const NONE: Self = Self {
        name: None,
        arguments: None,
        meta: None,
        uri: None,
        cursor: None,
        input_responses: None,
        request_state: None,
        reference: None,
        argument: None,
        context: None,
        notifications: None,
        level: None,
        protocol_version: None,
        capabilities: None,
        request_id: None,
    };
}

impl<'a> Message<'a> {
    /// Whether it carries the metadata of 2026-07-28.
    pub(crate) fn is_modern(&self) -> bool {
        let Some(Params::Fields(fields)) = &self.params else {
            return false;
        };
        matches!(&fields.meta, Some(Meta::Keys(keys)) if crate::era::is_modern(keys))
    }

    fn answer(&mut self, response: Response<'a>) {
        if self.response.replace(response).is_some() {
            self.fault
                .get_or_insert("a response has either a `result` or an `error`");
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Message<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MessageVisitor(PhantomData))
    }
}

struct MessageVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for MessageVisitor<'a> {
    type Value = Message<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut message = Message::default();
        let mut seen = Seen::default();
        while let Some(key) = map.next_key_seed(Key(Envelope))? {
            if seen.again(key) {
                message
                    .fault
                    .get_or_insert("a key of the message is given twice");
            }
            match key {
                Some(0) => message.version = Some(raw(&mut map)?),
                Some(1) => {
                    message.has_id = true;
                    message.id = Id::new(raw(&mut map)?);
                    if message.id.is_none() {
                        message
                            .fault
                            .get_or_insert("`id` has to be a string or an integer");
                    }
                }
                Some(2) => match text(raw(&mut map)?) {
                    Some(method) => message.method = Some(method),
                    None => {
                        message.fault.get_or_insert("`method` has to be a string");
                    }
                },
                Some(3) => message.params = Some(map.next_value_seed(ParamsSeed(PhantomData))?),
                Some(4) => message.answer(Response::Result(raw(&mut map)?)),
                Some(_) => message.answer(Response::Error(raw(&mut map)?)),
                None => {
                    message.fault.get_or_insert(
                        "a message has no other keys than `jsonrpc`, `id`, `method` and `params`",
                    );
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(message)
    }
}

/// Keys that an object may have, each with a place. Tables are types, so that each gets comparisons of
/// its own, with lengths and texts that the compiler knows.
trait Table {
    /// The place of a key; `None` for one that is not in it.
    fn place(key: &str) -> Option<usize>;
}

macro_rules! table {
    ($name:ident: $($place:literal $key:pat),* $(,)?) => {
        struct $name;

        impl Table for $name {
            fn place(key: &str) -> Option<usize> {
                match key {
                    $($key => Some($place),)*
                    _ => None,
                }
            }
        }
    };
}

table!(Envelope: 0 "jsonrpc", 1 "id", 2 "method", 3 "params", 4 "result", 5 "error");
// The ones of the most frequent requests first.
table!(ParamsKeys:
    0 "name",
    1 "arguments",
    2 "_meta",
    3 "uri",
    4 "cursor",
    5 "inputResponses",
    6 "requestState",
    7 "ref",
    8 "argument",
    9 "context",
    10 "notifications",
    11 "level",
    12 "protocolVersion",
    13 "capabilities",
    14 "requestId",
);
table!(KnownMeta:
    0 meta::PROTOCOL_VERSION,
    1 meta::CLIENT_CAPABILITIES,
    2 meta::PROGRESS_TOKEN,
    3 meta::LOG_LEVEL,
    4 meta::TRACEPARENT,
    5 meta::TRACESTATE,
);

struct ParamsSeed<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for ParamsSeed<'a> {
    type Value = Params<'a>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for ParamsSeed<'a> {
    type Value = Params<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("params")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Box::<Fields<'a>>::default();
        let mut seen = Seen::default();
        while let Some(key) = map.next_key_seed(Key(ParamsKeys))? {
            if seen.again(key) {
                map.next_value::<IgnoredAny>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(Params::NotAnObject);
            }
            let field = match key {
                Some(2) => {
                    fields.meta = Some(map.next_value_seed(MetaSeed(PhantomData))?);
                    continue;
                }
                Some(0) => &mut fields.name,
                Some(1) => &mut fields.arguments,
                Some(3) => &mut fields.uri,
                Some(4) => &mut fields.cursor,
                Some(5) => &mut fields.input_responses,
                Some(6) => &mut fields.request_state,
                Some(7) => &mut fields.reference,
                Some(8) => &mut fields.argument,
                Some(9) => &mut fields.context,
                Some(10) => &mut fields.notifications,
                Some(11) => &mut fields.level,
                Some(12) => &mut fields.protocol_version,
                Some(13) => &mut fields.capabilities,
                Some(_) => &mut fields.request_id,
                None => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = Some(raw(&mut map)?);
        }
        Ok(Params::Fields(fields))
    }

    not_an_object!(Params::NotAnObject);
}

struct MetaSeed<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for MetaSeed<'a> {
    type Value = Meta<'a>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for MetaSeed<'a> {
    type Value = Meta<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_meta")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut keys = MetaKeys::default();
        let mut seen = Seen::default();
        let mut twice = false;
        while let Some(key) = map.next_key_seed(Key(KnownMeta))? {
            twice |= seen.again(key);
            match key {
                Some(0) => keys.protocol_version = Some(raw(&mut map)?),
                Some(1) => keys.client_capabilities = Some(raw(&mut map)?),
                Some(2) => keys.progress_token = Some(raw(&mut map)?),
                Some(3) => keys.log_level = Some(raw(&mut map)?),
                Some(4) => keys.traceparent = Some(raw(&mut map)?),
                #[cfg(feature = "otel")]
                Some(5) => keys.tracestate = Some(raw(&mut map)?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(if twice {
            Meta::NotAnObject
        } else {
            Meta::Keys(keys)
        })
    }

    not_an_object!(Meta::NotAnObject);
}

/// Reads a value as raw text.
fn raw<'de: 'a, 'a, A: MapAccess<'de>>(map: &mut A) -> Result<&'a str, A::Error> {
    Ok(map.next_value::<&'de RawValue>()?.get())
}

/// The keys seen in one object, as bits, to notice the second of two.
#[derive(Default)]
struct Seen(u32);

impl Seen {
    fn again(&mut self, key: Option<usize>) -> bool {
        let bit = key.map_or(0, |index| 1 << index);
        let again = self.0 & bit != 0;
        self.0 |= bit;
        again
    }
}

/// Reads a key as its place in a table; `None` for one that is not in it.
struct Key<T>(T);

impl<'de, T: Table> DeserializeSeed<'de> for Key<T> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<T: Table> Visitor<'_> for Key<T> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(T::place(key))
    }
}

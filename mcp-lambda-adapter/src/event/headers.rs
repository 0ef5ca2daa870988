//! Headers as the front doors write them.

use std::borrow::Cow;
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// `{"Accept":"a"}` or `{"accept":["a","b"]}`, in any case; values may be `null`.
#[derive(Default)]
pub(super) struct Headers {
    pub(super) map: HeaderMap,
    /// Whether one is such as no HTTP request has.
    pub(super) malformed: bool,
}

impl Headers {
    fn add(&mut self, name: &str, value: &str) {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(value)) => {
                // So many different headers no front door lets through.
                self.malformed |= self.map.try_append(name, value).is_err();
            }
            _ => self.malformed = true,
        }
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OfMap;

        impl<'de> Visitor<'de> for OfMap {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("headers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut headers = Headers::default();
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    match map.next_value::<Values<'de>>()? {
                        Values::None => {}
                        Values::One(value) => headers.add(&name.0, &value),
                        Values::Many(values) => {
                            for value in values {
                                headers.add(&name.0, &value.0);
                            }
                        }
                    }
                }
                Ok(headers)
            }
        }

        from.deserialize_map(OfMap)
    }
}

/// Text that borrows where it can.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

enum Values<'a> {
    None,
    One(Cow<'a, str>),
    Many(Vec<Text<'a>>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Values<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OfAny;

        impl<'de> Visitor<'de> for OfAny {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the value or the values of a header")
            }

            fn visit_unit<E>(self) -> Result<Values<'de>, E> {
                Ok(Values::None)
            }

            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Values<'de>, E> {
                Ok(Values::One(Cow::Borrowed(value)))
            }

            fn visit_str<E>(self, value: &str) -> Result<Values<'de>, E> {
                Ok(Values::One(Cow::Owned(value.to_owned())))
            }

            fn visit_string<E>(self, value: String) -> Result<Values<'de>, E> {
                Ok(Values::One(Cow::Owned(value)))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut sequence: A,
            ) -> Result<Values<'de>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = sequence.next_element()? {
                    values.push(value);
                }
                Ok(Values::Many(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Err(serde::de::Error::custom("a header is no object"))
            }
        }

        from.deserialize_any(OfAny)
    }
}

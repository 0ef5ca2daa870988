//! What a token says, read strictly.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The claims of a token, each there once: of two, another reader might see the other.
pub(super) struct Claims(pub(super) Map<String, Value>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Strict;

        impl<'de> Visitor<'de> for Strict {
            type Value = Map<String, Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut claims = Map::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if claims.insert(name, value).is_some() {
                        return Err(A::Error::custom("a claim is given twice"));
                    }
                }
                Ok(claims)
            }
        }

        deserializer.deserialize_map(Strict).map(Self)
    }
}

impl Claims {
    /// The first of these claims that is a text with something in it.
    pub(super) fn text(&self, names: &[&str]) -> Option<&str> {
        let mut values = names.iter().filter_map(|name| self.0.get(*name)?.as_str());
        values.find(|text| !text.is_empty())
    }

    /// The items of a claim that is a list of texts, or a text with spaces between them.
    pub(super) fn words(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => text.split_ascii_whitespace().collect(),
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The items of a claim that is a list of texts, or of one that is itself a text.
    pub(super) fn items(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => vec![text.as_str()],
            _ => self.words(name),
        }
    }

    /// Whether a claim is this text, or a list with it.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.items(name).contains(&value)
    }

    /// Whether they tell a client who signed in, as far as issuers mark that: Cognito and Keycloak by a
    /// claim, others by the digest of the access token or code that was issued with it
    /// ([OpenID Connect Core], 3.1.3.6 and 3.3.2.11).
    ///
    /// [OpenID Connect Core]: https://openid.net/specs/openid-connect-core-1_0.html
    pub(super) fn are_of_an_id_token(&self) -> bool {
        self.text(&["token_use"]) == Some("id")
            || self.text(&["typ"]) == Some("ID")
            || self.0.contains_key("at_hash")
            || self.0.contains_key("c_hash")
    }
}

//! Events as they travel.
//!
//! An event is a JSON object: who sent it, and what. Unknown keys are passed over, so that instances of
//! two versions get along while one replaces the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::client::ClientKey;
use crate::hub::{Change, Lists};
use crate::json;
use crate::jsonrpc;
use crate::log_level::LogLevel;

/// Names an instance, so that it knows what it said itself.
pub(super) type Instance = [u8; 16];

/// The most URIs that are remembered as changed until they are told; more are told as everything.
pub(super) const MAX_URIS: usize = 1024;

/// What has changed, each thing once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) lists: Lists,
    pub(crate) uris: BTreeSet<Arc<str>>,
    /// Whatever anybody can want to hear of.
    pub(crate) everything: bool,
}

impl Changes {
    pub(super) fn add(&mut self, change: &Change) {
        match change {
            Change::Tools => self.lists.tools = true,
            Change::Prompts => self.lists.prompts = true,
            Change::Resources => self.lists.resources = true,
            Change::Updated(_) if self.uris.len() >= MAX_URIS => self.everything = true,
            Change::Updated(uri) => {
                self.uris.insert(Arc::clone(uri));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes back what could not be told.
    pub(super) fn merge(&mut self, other: Self) {
        self.lists.tools |= other.lists.tools;
        self.lists.prompts |= other.lists.prompts;
        self.lists.resources |= other.lists.resources;
        self.everything |= other.everything;
        for uri in other.uris {
            self.add(&Change::Updated(uri));
        }
    }

    pub(super) fn write(&self, from: Instance) -> Vec<u8> {
        let Lists {
            tools,
            prompts,
            resources,
        } = self.lists;
        let uris: Vec<&str> = self.uris.iter().map(|uri| &**uri).collect();
        let event = json!({
            "from": hex(&from),
            "tools": tools,
            "prompts": prompts,
            "resources": resources,
            "uris": uris,
            "everything": self.everything,
        });
        event.to_string().into_bytes()
    }
}

/// What a client of an older revision did, as far as other instances have to know.
#[derive(Debug)]
#[cfg_attr(not(all(feature = "http", feature = "seal")), allow(dead_code))]
pub(crate) enum ClientEvent<'a> {
    /// It answered a question; id and answer are raw JSON.
    Answered(&'a str, Result<&'a str, &'a str>),
    /// It wants the call with this id, as raw JSON, no more.
    Cancelled(&'a str),
    /// It ended its session.
    Ended,
    Subscribed(&'a str),
    Unsubscribed(&'a str),
    LogLevel(LogLevel),
}

impl ClientEvent<'_> {
    pub(super) fn write(&self, from: Instance, client: ClientKey) -> Vec<u8> {
        let mut out = br#"{"from":"#.to_vec();
        json::string(&mut out, &hex(&from));
        out.extend_from_slice(br#","client":"#);
        json::string(&mut out, &hex(&client));
        let raw = |out: &mut Vec<u8>, key: &str, value: &str| {
            out.push(b',');
            json::string(out, key);
            out.push(b':');
            out.extend_from_slice(value.as_bytes());
        };
        let quoted = |text: &str| Value::from(text).to_string();
        match self {
            Self::Answered(id, answer) => {
                raw(&mut out, "answered", id);
                match answer {
                    Ok(result) => raw(&mut out, "result", result),
                    Err(error) => raw(&mut out, "error", error),
                }
            }
            Self::Cancelled(id) => raw(&mut out, "cancelled", id),
            Self::Ended => raw(&mut out, "ended", "true"),
            Self::Subscribed(uri) => raw(&mut out, "subscribed", &quoted(uri)),
            Self::Unsubscribed(uri) => raw(&mut out, "unsubscribed", &quoted(uri)),
            Self::LogLevel(level) => raw(&mut out, "level", &quoted(level.as_str())),
        }
        out.push(b'}');
        out
    }
}

/// An event of another instance, read.
pub(super) struct Read<'a> {
    fields: BTreeMap<String, &'a RawValue>,
    pub(super) from: Instance,
}

impl<'a> Read<'a> {
    /// `None` for what no instance writes.
    pub(super) fn parse(event: &'a [u8]) -> Option<Self> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(event).ok()?;
        let from = unhex(&jsonrpc::text(fields.get("from")?.get())?)?;
        Some(Self { fields, from })
    }

    fn raw(&self, key: &str) -> Option<&'a str> {
        self.fields.get(key).map(|raw| raw.get())
    }

    fn text(&self, key: &str) -> Option<String> {
        Some(jsonrpc::text(self.raw(key)?)?.into_owned())
    }

    pub(super) fn changes(&self) -> Changes {
        let is = |key| self.raw(key) == Some("true");
        let uris = self.raw("uris").map(serde_json::from_str::<Vec<String>>);
        let uris = uris.and_then(Result::ok).unwrap_or_default();
        Changes {
            lists: Lists {
                tools: is("tools"),
                prompts: is("prompts"),
                resources: is("resources"),
            },
            uris: uris.into_iter().map(Into::into).collect(),
            everything: is("everything"),
        }
    }

    /// What a client did, if the event is about one.
    pub(super) fn with_client<T>(
        &self,
        then: impl FnOnce(ClientKey, ClientEvent<'_>) -> T,
    ) -> Option<T> {
        let client = unhex(&self.text("client")?)?;
        let (subscribed, unsubscribed) = (self.text("subscribed"), self.text("unsubscribed"));
        let event = if let Some(id) = self.raw("answered") {
            let answer = match (self.raw("result"), self.raw("error")) {
                (Some(result), _) => Ok(result),
                (None, error) => Err(error?),
            };
            ClientEvent::Answered(id, answer)
        } else if let Some(id) = self.raw("cancelled") {
            ClientEvent::Cancelled(id)
        } else if self.raw("ended").is_some() {
            ClientEvent::Ended
        } else if let Some(uri) = &subscribed {
            ClientEvent::Subscribed(uri)
        } else if let Some(uri) = &unsubscribed {
            ClientEvent::Unsubscribed(uri)
        } else {
            ClientEvent::LogLevel(LogLevel::parse(&self.text("level")?)?)
        };
        Some(then(client, event))
    }
}

fn hex(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let number = u128::from_str_radix(text, 16).ok()?;
    (text.len() == 32).then_some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: Instance = [7; 16];
    const CLIENT: ClientKey = [200; 16];

    #[test]
    fn changes_travel() {
        let mut changes = Changes::default();
        assert!(changes.is_empty());
        for change in [
            Change::Tools,
            Change::Resources,
            Change::Updated("a://\"1\"".into()),
        ] {
            changes.add(&change);
            changes.add(&change);
        }
        let event = changes.write(FROM);
        let read = Read::parse(&event).unwrap();
        assert_eq!(read.from, FROM);
        assert_eq!(read.changes(), changes);
        assert!(read.with_client(|_, _| ()).is_none());
    }

    #[test]
    fn n_uris_are_told_one_by_one_and_one_more_is_everything() {
        let mut changes = Changes::default();
        for number in 0..MAX_URIS {
            changes.add(&Change::Updated(format!("a://{number}").into()));
        }
        assert!(!changes.everything);
        changes.add(&Change::Updated("a://one-more".into()));
        assert!(changes.everything && changes.uris.len() == MAX_URIS);
    }

    #[test]
    fn what_clients_do_travels() {
        for event in [
            ClientEvent::Answered("\"1\"", Ok(r#"{"a":12345678901234567890}"#)),
            ClientEvent::Answered("\"1\"", Err(r#"{"code":-1}"#)),
            ClientEvent::Cancelled("7"),
            ClientEvent::Ended,
            ClientEvent::Subscribed("a://\"\\"),
            ClientEvent::Unsubscribed("a://1"),
            ClientEvent::LogLevel(LogLevel::Debug),
        ] {
            let written = event.write(FROM, CLIENT);
            let read = Read::parse(&written).unwrap();
            assert!(read.changes().is_empty());
            let same = read.with_client(|client, heard| {
                assert_eq!(client, CLIENT);
                format!("{heard:?}") == format!("{event:?}")
            });
            assert_eq!(same, Some(true), "{event:?}");
        }
    }

    #[test]
    fn what_no_instance_writes_is_passed_over() {
        for text in ["", "7", "{}", r#"{"from":"7"}"#, r#"{"from":7}"#] {
            assert!(Read::parse(text.as_bytes()).is_none(), "{text}");
        }
        let unknown = format!(r#"{{"from":"{}","client":"x","new":1}}"#, hex(&FROM));
        let read = Read::parse(unknown.as_bytes()).unwrap();
        assert!(read.changes().is_empty() && read.with_client(|_, _| ()).is_none());
    }
}

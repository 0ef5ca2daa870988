//! What travels with the client from one round of a call to the next, and comes back sealed.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::fresh_id;
use super::questions::{Question, Questions};
use crate::dispatch::Incoming;
use crate::encode::Answer;
use crate::json;
use crate::jsonrpc;
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::running::TimeLimit;
use crate::seal::{self, Purpose};
use crate::single_use::StoreError;

/// What is known of the rounds before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resumed {
    /// Names the call in all its rounds; `None` in the first.
    id: std::sync::OnceLock<[u8; 16]>,
    /// How many rounds there were.
    rounds: u64,
    /// Fingerprints of the questions asked so far, by key.
    asked: Map<String, Value>,
    /// What the client answered so far, by key.
    answers: Map<String, Value>,
    /// The same as raw JSON, in the same order.
    raw: Vec<(String, String)>,
    /// Whether the answers came without a state: the client answers what it expects to be asked.
    unasked: bool,
    /// Results of steps, by key.
    steps: Map<String, Value>,
    /// Names the sealed state, so that it can be used once.
    token: Option<([u8; 16], Duration)>,
}

/// The text for a state that is not ours, or not for this.
const FOREIGN: &str = "this `requestState` was not issued by this server for this request and \
     caller, or has expired; call again without it";

impl Resumed {
    /// Opens the state of a request and takes in the answers that came with it.
    ///
    /// Without a state, answers count for the questions of their keys: the client speaks for its user
    /// either way. Not so where a state counts once, since then there is none to use up.
    pub(crate) fn open(
        incoming: Incoming<'_>,
        target: &str,
        arguments: &str,
        single_use: bool,
    ) -> Result<Option<Self>, &'static str> {
        let fields = incoming.request.fields;
        let responses = match fields.input_responses {
            None => Map::new(),
            Some(raw) => match serde_json::from_str(raw) {
                Ok(Value::Object(responses)) if responses.values().all(Value::is_object) => {
                    responses
                }
                _ => return Err("`params.inputResponses` has to be an object of objects"),
            },
        };
        let Some(raw) = fields.request_state else {
            let resumed = Self {
                unasked: true,
                ..Self::default()
            };
            return Ok((!single_use).then(|| resumed.answered(responses)));
        };
        let token = jsonrpc::text(raw).ok_or("`params.requestState` has to be a string")?;
        let digest = digest(arguments);
        let parts = parts(incoming, target, &digest);
        let opened = incoming
            .server
            .0
            .custody
            .open(Purpose::RequestState, incoming.caller, &parts, &token)
            .ok_or(FOREIGN)?;
        let mut resumed = Self::read(&opened.payload).ok_or(FOREIGN)?;
        let left = opened.validity.expires - opened.validity.issued;
        resumed.token = Some((opened.id, Duration::from_secs(left)));
        // Only answers to what was asked; others are none of this call's.
        let asked = &resumed.asked;
        let wanted = responses
            .into_iter()
            .filter(|(key, _)| asked.contains_key(key))
            .collect();
        Ok(Some(resumed.answered(wanted)))
    }

    /// With further answers of the client.
    fn answered(mut self, responses: Map<String, Value>) -> Self {
        self.answers.extend(responses);
        self.raw = self
            .answers
            .iter()
            .map(|(key, answer)| (key.clone(), answer.to_string()))
            .collect();
        self
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let Value::Object(mut tree) = serde_json::from_slice(payload).ok()? else {
            return None;
        };
        let mut object = |key: &str| match tree.remove(key) {
            Some(Value::Object(map)) => Some(map),
            _ => None,
        };
        let (asked, answers, steps) = (object("q")?, object("a")?, object("s")?);
        let id = u128::from_str_radix(tree.get("i")?.as_str()?, 16).ok()?;
        Some(Self {
            id: id.to_be_bytes().into(),
            rounds: tree.get("r")?.as_u64()?,
            asked,
            answers,
            raw: Vec::new(),
            unasked: false,
            steps,
            token: None,
        })
    }

    /// The name of the call.
    pub(super) fn id(&self) -> [u8; 16] {
        *self.id.get_or_init(fresh_id)
    }

    /// The answer to exactly this question, as raw JSON.
    pub(super) fn answer_to(&self, question: &Question) -> Option<&str> {
        if !self.unasked {
            let asked = self.asked.get(&question.key)?.as_str()?;
            if asked != question.fingerprint() {
                return None;
            }
        }
        let found = self.raw.iter().find(|(key, _)| *key == question.key);
        found.map(|(_, raw)| raw.as_str())
    }

    /// The result of a step that was taken in an earlier round.
    pub(super) fn step(&self, key: &str) -> Option<&Value> {
        self.steps.get(key)
    }

    /// Takes the state out of use, or says that it was used before.
    pub(crate) async fn consume(&self, incoming: Incoming<'_>) -> Result<(), Answer> {
        let (Some((id, lifetime)), Some(store)) =
            (&self.token, &incoming.server.0.custody.single_use)
        else {
            return Ok(());
        };
        let limit = TimeLimit::of(incoming.server, None, incoming.outlet.deadline);
        let consumed = tokio::time::timeout(limit.left(), store.consume(id, *lifetime)).await;
        let consumed = consumed.unwrap_or_else(|_| Err(StoreError::new("it took too long")));
        match consumed {
            Ok(true) => Ok(()),
            Ok(false) => Err(incoming.invalid(
                "this `requestState` was used before, and counts once; call again without it",
            )),
            Err(error) => {
                let cause = error.into_cause();
                tracing::error!(%cause, "the store of used states failed");
                Err(incoming
                    .refuse(
                        Refusal::StoreAway,
                        code::INTERNAL,
                        "the server cannot tell whether this `requestState` was used before; try \
                         again later",
                    )
                    .status(503))
            }
        }
    }
}

/// To what a state is bound beside its caller.
fn parts<'a>(incoming: Incoming<'a>, target: &'a str, digest: &'a [u8]) -> [&'a [u8]; 3] {
    [
        incoming.request.method.as_bytes(),
        target.as_bytes(),
        digest,
    ]
}

/// The same for the same arguments, however they are written.
fn digest(arguments: &str) -> [u8; 32] {
    let tree: Value = serde_json::from_str(arguments).unwrap_or_default();
    let mut out = Vec::new();
    json::sorted(&mut out, &tree);
    seal::digest(&[&out])
}

impl Questions {
    /// Seals what has to be known when the answers come.
    pub(crate) fn seal(&self, incoming: Incoming<'_>) -> Result<String, &'static str> {
        let limits = &incoming.server.0.limits;
        let rounds = self.before.rounds + 1;
        if rounds > u64::from(limits.rounds) {
            tracing::warn!(limit = limits.rounds, "a call asked its client too often");
            return Err("this call asked too often; start again with a new call");
        }
        let mut known = self.before.asked.clone();
        known.extend(self.answered.clone());
        for question in &self.asked {
            known.insert(question.key.clone(), question.fingerprint().into());
        }
        // An answer to a question that has other words now is an answer to none.
        let mut answers = self.before.answers.clone();
        for question in &self.asked {
            answers.remove(&question.key);
        }
        let mut steps = self.before.steps.clone();
        steps.extend(self.steps.clone());
        let payload = json!({
            "i": format!("{:032x}", u128::from_be_bytes(self.before.id())),
            "r": rounds,
            "q": known,
            "a": answers,
            "s": steps,
        });
        let (target, arguments) = subject(incoming);
        let digest = digest(&arguments);
        let custody = &incoming.server.0.custody;
        if custody.sealer().is_none() {
            tracing::error!(
                "a tool asked its client, and the server has no keys to seal the state with: give \
                 it some with `seal_with` (`SealKeys::from_env`), or serve on a host that is alone"
            );
            return Err(
                "the server is not set up to ask: it has no keys for what it leaves with \
                        clients",
            );
        }
        custody
            .seal(
                Purpose::RequestState,
                incoming.caller,
                &parts(incoming, &target, &digest),
                limits.state_lifetime,
                payload.to_string().as_bytes(),
            )
            .ok_or_else(|| {
                tracing::error!("what a call left with its client is larger than 16 KiB");
                "this call remembers more than can be left with a client"
            })
    }
}

/// What the state belongs to, as the request names it.
fn subject(incoming: Incoming<'_>) -> (String, String) {
    let fields = incoming.request.fields;
    let named = if incoming.request.method == "resources/read" {
        fields.uri
    } else {
        fields.name
    };
    let target = named
        .and_then(jsonrpc::text)
        .unwrap_or_default()
        .into_owned();
    let arguments = fields.arguments.filter(|raw| *raw != "null");
    let arguments = arguments.filter(|_| incoming.request.method != "resources/read");
    (target, arguments.unwrap_or("{}").to_owned())
}

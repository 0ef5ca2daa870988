//! What the client's model is asked to write.

use serde_json::{Map, Value, json};

use super::questions::Question;
use crate::error::{Error, Result};
use crate::message::Message;
use crate::protocol::Revision;

/// What the client's model is asked to write, for [`Context::sample`](crate::Context::sample).
///
/// Feature `seal`.
///
/// ```
/// use mcp_core::Sampling;
///
/// let wanted = Sampling::new(200)
///     .system_prompt("You write plain English.")
///     .user("What is a ledger?")
///     .assistant("A book of accounts.")
///     .user("Shorter, please.")
///     .temperature(0.2);
/// # let _ = wanted;
/// ```
#[derive(Clone, Debug)]
pub struct Sampling {
    max_tokens: u32,
    messages: Vec<Message>,
    system_prompt: Option<String>,
    temperature: Option<f64>,
}

impl Sampling {
    /// At most this many tokens. Example: [`Sampling`].
    pub fn new(max_tokens: u32) -> Self {
        Self {
            max_tokens,
            messages: Vec::new(),
            system_prompt: None,
            temperature: None,
        }
    }

    /// Adds what the user says: text, a picture or sound. Example: [`Sampling`].
    pub fn user(self, content: impl Into<crate::Content>) -> Self {
        self.message(Message::user(content))
    }

    /// Adds what the model said: text, a picture or sound. Example: [`Sampling`].
    pub fn assistant(self, content: impl Into<crate::Content>) -> Self {
        self.message(Message::assistant(content))
    }

    fn message(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// How the model should behave. Clients may change or ignore it. Example: [`Sampling`].
    pub fn system_prompt(mut self, text: impl Into<String>) -> Self {
        self.system_prompt = Some(text.into());
        self
    }

    /// How freely the model should write, in the client's own scale. Example: [`Sampling`].
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    pub(super) fn question(&self, key: &str, revision: Revision) -> Result<Question> {
        if !self.messages.iter().all(Message::is_plain) {
            return Err(Error::private(
                "a model is shown text, pictures and sound; a link or an embedded resource has to \
                 become one of these",
            ));
        }
        let messages: Vec<Value> = self
            .messages
            .iter()
            .map(|message| {
                let mut out = Vec::new();
                message.write(revision, &mut out);
                serde_json::from_slice(&out).unwrap_or_default()
            })
            .collect();
        let mut params = Map::new();
        params.insert("messages".to_owned(), messages.into());
        params.insert("maxTokens".to_owned(), self.max_tokens.into());
        if let Some(text) = &self.system_prompt {
            params.insert("systemPrompt".to_owned(), json!(text));
        }
        if let Some(temperature) = self.temperature {
            params.insert("temperature".to_owned(), json!(temperature));
        }
        let params = params.into();
        Ok(Question::new(key, "sampling/createMessage", Some(&params)))
    }
}

/// What the client's model wrote. Example: [`Context::sample`](crate::Context::sample).
///
/// Feature `seal`.
#[derive(Clone, Debug)]
pub struct Sampled(Value);

impl Sampled {
    /// The first text that the model wrote; `None` if it wrote none. Example:
    /// [`Context::sample`](crate::Context::sample).
    pub fn text(&self) -> Option<&str> {
        let content = self.0.get("content")?;
        let block = match content.as_array() {
            Some(blocks) => blocks
                .iter()
                .find(|block| block.get("type").is_some_and(|kind| kind == "text"))?,
            None => content,
        };
        block.get("text")?.as_str()
    }

    /// Which model wrote it, as the client says.
    ///
    /// ```
    /// # fn log(sampled: &mcp_core::Sampled) {
    /// println!("written by {}", sampled.model().unwrap_or("somebody"));
    /// # }
    /// ```
    pub fn model(&self) -> Option<&str> {
        self.0.get("model")?.as_str()
    }

    /// Why it stopped, such as `endTurn` or `maxTokens`.
    ///
    /// ```
    /// # fn is_cut(sampled: &mcp_core::Sampled) -> bool {
    /// sampled.stop_reason() == Some("maxTokens")
    /// # }
    /// ```
    pub fn stop_reason(&self) -> Option<&str> {
        self.0.get("stopReason")?.as_str()
    }
}

pub(super) fn read(raw: &str) -> Result<Sampled> {
    let tree: Value = serde_json::from_str(raw).unwrap_or_default();
    let block = |content: &Value| content.is_object() || content.is_array();
    if !tree.get("content").is_some_and(block) {
        return Err(Error::bad_answer(
            "The client's answer holds nothing that a model wrote. Nothing more was done.",
        ));
    }
    Ok(Sampled(tree))
}

//! What the user answered.

use schemars::JsonSchema;
use serde_core::de::DeserializeOwned;
use serde_json::Value;

use super::form;
use crate::error::{Error, Result};

/// What the user made of a question.
///
/// Feature `seal`.
///
/// ```
/// use mcp_core::Answer;
///
/// let answer: Answer<u32> = Answer::Accepted(3);
/// assert_eq!(answer.accepted(), Some(3));
/// assert_eq!(Answer::<u32>::Declined.accepted(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// The user agreed, and this is what was filled in.
    Accepted(T),
    /// The user said no.
    Declined,
    /// The user closed the question without an answer.
    Cancelled,
}

impl<T> Answer<T> {
    /// What was filled in, if the user agreed. Example: [`Answer`].
    pub fn accepted(self) -> Option<T> {
        match self {
            Self::Accepted(value) => Some(value),
            Self::Declined | Self::Cancelled => None,
        }
    }
}

fn unfit() -> Error {
    Error::bad_answer("The client's answer does not fit the question. Nothing more was done.")
}

/// The action of an answer, and its content if it was accepted.
fn action(raw: &str) -> Result<Answer<Value>> {
    let tree: Value = serde_json::from_str(raw).map_err(|_| unfit())?;
    match tree.get("action").and_then(Value::as_str) {
        Some("accept") => Ok(Answer::Accepted(
            tree.get("content").cloned().unwrap_or_default(),
        )),
        Some("decline") => Ok(Answer::Declined),
        Some("cancel") => Ok(Answer::Cancelled),
        _ => Err(unfit()),
    }
}

/// The answer to a form. Its content is checked as arguments are: by type, and by the bounds of the
/// form.
pub(super) fn read_form<T>(raw: &str) -> Result<Answer<T>>
where
    T: DeserializeOwned + JsonSchema,
{
    match action(raw)? {
        Answer::Accepted(content) => {
            let json = content.to_string();
            if let Some(problem) = form::problem::<T>(&json) {
                return Err(Error::bad_answer(format!(
                    "The client's answer does not fit the question: {problem}. Nothing more was done."
                )));
            }
            let value = serde_json::from_str(&json).map_err(|_| unfit())?;
            Ok(Answer::Accepted(value))
        }
        Answer::Declined => Ok(Answer::Declined),
        Answer::Cancelled => Ok(Answer::Cancelled),
    }
}

/// The answer to "will you open this page?".
pub(super) fn read_consent(raw: &str) -> Result<Answer<()>> {
    Ok(match action(raw)? {
        Answer::Accepted(_) => Answer::Accepted(()),
        Answer::Declined => Answer::Declined,
        Answer::Cancelled => Answer::Cancelled,
    })
}

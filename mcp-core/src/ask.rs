//! Asking the client in the middle of a call: the user a question, its model a completion.
//!
//! On 2026-07-28 a question ends the call, and the client sends it again with the answers. What the
//! function knew by then travels in a sealed state ([`Resumed`]). Older revisions are asked on the
//! stream of the call, which waits.

mod answer;
mod asked;
mod form;
mod questions;
mod resumed;
mod roots;
mod sampling;
mod step;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde_core::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use answer::Answer;
pub use asked::Asked;
pub(crate) use questions::Questions;
pub(crate) use resumed::Resumed;
pub use roots::Root;
pub use sampling::{Sampled, Sampling};

use crate::client::{Capabilities, ClientKey};
use crate::context::{Context, Making, Notifications};
use crate::error::{Error, Result};
use crate::protocol::Revision;
use crate::seal;
use crate::server::Server;
use questions::Question;

/// How the client of one call can be asked, and what it was asked so far.
pub(crate) struct Asking {
    how: How,
    resumed: Resumed,
    said: Mutex<Said>,
    waits: Arc<Waits>,
}

/// How the client can be asked.
enum How {
    /// Not at all.
    Nobody,
    /// By ending the call, and being called again with the answers.
    Again { capabilities: Capabilities },
    /// By a request on the stream of the call.
    Here {
        server: Server,
        revision: Revision,
        capabilities: Capabilities,
        client: ClientKey,
        notifications: Arc<dyn Notifications>,
    },
}

/// What happened in this round.
#[derive(Default)]
struct Said {
    questions: Vec<Question>,
    /// Fingerprints of the questions that had their answers, by key.
    answered: Map<String, Value>,
    /// Results of steps, by key.
    steps: Map<String, Value>,
    /// The key that two different questions have, which is the author's mistake.
    twice: Option<String>,
}

impl Said {
    /// Whether there was another question of this key, which is noted.
    fn is_taken(&mut self, question: &Question) -> bool {
        let open = self
            .questions
            .iter()
            .any(|known| known.key == question.key && !known.is_same(question));
        let answered = self
            .answered
            .get(&question.key)
            .is_some_and(|known| *known != *question.fingerprint());
        if open || answered {
            self.twice = Some(question.key.clone());
        }
        open || answered
    }
}

fn two_of_one_key(key: &str) -> Error {
    Error::private(format!(
        "two questions of one call have the key `{key}`; give each its own"
    ))
}

/// How long a call has waited for its client.
#[derive(Default)]
struct Waits(Mutex<(Duration, u32, Option<Instant>)>);

impl Waits {
    fn lock(&self) -> MutexGuard<'_, (Duration, u32, Option<Instant>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        let (_, open, since) = &mut *self.lock();
        *open += 1;
        since.get_or_insert_with(Instant::now);
    }

    fn end(&self) {
        let (total, open, since) = &mut *self.lock();
        *open = open.saturating_sub(1);
        if *open == 0
            && let Some(since) = since.take()
        {
            *total += since.elapsed();
        }
    }

    fn total(&self) -> Duration {
        let (total, _, since) = &*self.lock();
        *total + since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Asking {
    pub(crate) fn nobody() -> Self {
        Self::with(How::Nobody, Resumed::default())
    }

    fn with(how: How, resumed: Resumed) -> Self {
        Self {
            how,
            resumed,
            said: Mutex::default(),
            waits: Arc::default(),
        }
    }

    pub(crate) fn new(making: &Making<'_>) -> Self {
        let how = match (making.request.client, making.outlet.notifications) {
            (None, _) => How::Again {
                capabilities: making
                    .request
                    .capabilities()
                    .map_or_else(Capabilities::default, Capabilities::parse),
            },
            (Some(client), Some(notifications)) if client.key.is_some() => How::Here {
                server: making.server.clone(),
                revision: client.revision,
                capabilities: client.capabilities,
                client: client.key.unwrap_or_default(),
                notifications: Arc::clone(notifications),
            },
            (Some(_), _) => How::Nobody,
        };
        Self::with(how, making.resumed.cloned().unwrap_or_default())
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the client has to answer before the call can go on, if anything.
    ///
    /// # Errors
    ///
    /// Two different questions have one key, so that no answer could tell which it is for.
    pub(crate) fn questions(&self) -> Result<Option<Questions>> {
        let mut said = self.said();
        if let Some(key) = &said.twice {
            return Err(two_of_one_key(key));
        }
        if said.questions.is_empty() {
            return Ok(None);
        }
        Ok(Some(Questions {
            asked: std::mem::take(&mut said.questions),
            answered: std::mem::take(&mut said.answered),
            steps: std::mem::take(&mut said.steps),
            before: self.resumed.clone(),
        }))
    }

    /// How long the call has waited for answers.
    pub(crate) fn waited(&self) -> Duration {
        self.waits.total()
    }

    /// The revision that the question has to be written for.
    fn revision(&self) -> Revision {
        match &self.how {
            How::Here { revision, .. } => *revision,
            How::Nobody | How::Again { .. } => Revision::V2026_07_28,
        }
    }

    /// Puts a question. `read` makes the answer of the raw result.
    fn ask<T: 'static>(
        &self,
        needs: Capabilities,
        question: Result<Question>,
        read: fn(&str) -> Result<T>,
    ) -> Asked<T> {
        let question = match question {
            Ok(question) => question,
            Err(error) => return Asked::ready(Err(error)),
        };
        match &self.how {
            How::Again { capabilities } if capabilities.has(needs) => {
                Asked::ready(self.answer_or_record(question, read))
            }
            How::Here {
                server,
                capabilities,
                client,
                notifications,
                ..
            } if capabilities.has(needs) => {
                let Some(expected) = server.0.custody.replies.expect(*client) else {
                    return Asked::ready(Err(Error::new(
                        "the server waits for too many answers; try again in a moment",
                    )));
                };
                notifications.deliver(question.request(&expected.id));
                Asked::waiting(asked::Waiting {
                    withdraw: asked::Withdraw::new(&expected.id, notifications),
                    expected,
                    waits: asked::Wait::begin(&self.waits),
                    timeout: server.0.limits.answer_timeout,
                    read,
                })
            }
            How::Nobody | How::Again { .. } | How::Here { .. } => {
                Asked::ready(Err(Error::cannot_ask(needs)))
            }
        }
    }

    /// The answer, if the client gave it. Otherwise notes a question that ends this round: the note
    /// decides the reply, whatever the function makes of the error.
    fn answer_or_record<T>(&self, question: Question, read: fn(&str) -> Result<T>) -> Result<T> {
        let mut said = self.said();
        if said.is_taken(&question) {
            return Err(two_of_one_key(&question.key));
        }
        if let Some(raw) = self.resumed.answer_to(&question) {
            let fingerprint = question.fingerprint().into();
            said.answered.insert(question.key, fingerprint);
            drop(said);
            return read(raw);
        }
        if said.questions.iter().all(|known| known.key != question.key) {
            said.questions.push(question);
        }
        Err(Error::asked())
    }
}

impl Context {
    /// Asks the user for what `T` holds, in a form. The question is asked when this is called;
    /// awaiting it waits for the answer. So several questions that are called for before the first
    /// is awaited are put together.
    ///
    /// Feature `seal`.
    ///
    /// `key` tells the questions of one call apart. `T` is a struct of texts, numbers, booleans,
    /// enums without data and lists of such enums, each of which may be an `Option`; doc comments,
    /// defaults and bounds (`#[schemars(range(min = 1))]`) become part of the form ([elicitation,
    /// 2026-07-28]). Never ask for passwords, keys or card numbers: that is what
    /// [`Context::elicit_url`] is for.
    ///
    /// **The function may run again.** On 2026-07-28 an unanswered question ends the call: return
    /// the error, with `?`, and the function runs from its start once more when the client comes
    /// with the answer. Even if it does something else with the error, the client is asked. So let
    /// nothing happen before a question that must not happen twice, or put it into
    /// [`Context::step`]. A question that has other words the next time is asked again. On older
    /// revisions, the call waits here.
    ///
    /// ```
    /// use mcp_core::{Answer, Context, Result, tool};
    ///
    /// /// What the user has to say.
    /// #[derive(serde::Deserialize, schemars::JsonSchema)]
    /// struct Approval {
    ///     /// Whether to go on.
    ///     approve: bool,
    /// }
    ///
    /// /// Empties the bin, if the user says so.
    /// #[tool(destructive)]
    /// async fn empty_bin(cx: &Context) -> Result<String> {
    ///     match cx.elicit::<Approval>("approval", "Empty the bin?").await? {
    ///         Answer::Accepted(Approval { approve: true }) => Ok("emptied".to_owned()),
    ///         _ => Ok("left as it is".to_owned()),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The question is open, or the client does not say that it can show forms: return either one.
    /// The client answered something that does not fit `T`, which on 2026-07-28 makes its request
    /// invalid (-32602), or took longer than
    /// [`Limits::answer_timeout`](crate::Limits::answer_timeout). `T` is no form, or another question
    /// of this call has the same key (private errors).
    ///
    /// [elicitation, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation
    pub fn elicit<T>(&self, key: &str, message: &str) -> Asked<Answer<T>>
    where
        T: DeserializeOwned + JsonSchema + 'static,
    {
        let question = form::question::<T>(key, message, self.asking.revision());
        self.asking
            .ask(Capabilities::FORM, question, answer::read_form::<T>)
    }

    /// Asks the user to open a page, for what a client must not see: to sign in elsewhere, to pay.
    ///
    /// Feature `seal`.
    ///
    /// Accepted means that the user agreed to open it, not that anything was done there. The page has
    /// to make sure that whoever opens it is the caller of this tool ([elicitation, 2026-07-28]). The
    /// URL must not hold secrets or personal data. Otherwise as [`Context::elicit`].
    ///
    /// ```
    /// # use mcp_core::{Answer, Context, Result};
    /// async fn connect(cx: &Context) -> Result<bool> {
    ///     let page = "https://example.com/connect?flow=7";
    ///     let answer = cx.elicit_url("connect", "Connect your calendar.", page).await?;
    ///     Ok(matches!(answer, Answer::Accepted(())))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Context::elicit`]. The URL is neither one of `https:` nor one of `http://localhost`, names a
    /// user, or has a character that has to be percent-encoded (a private error).
    ///
    /// [elicitation, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation
    pub fn elicit_url(&self, key: &str, message: &str, url: &str) -> Asked<Answer<()>> {
        let question = questions::url(key, message, url, self.asking.revision());
        self.asking
            .ask(Capabilities::URL, question, answer::read_consent)
    }

    /// Has the client's model write something. Deprecated since 2026-07-28 ([sampling, 2026-07-28]):
    /// call a model yourself where you can. Otherwise as [`Context::elicit`].
    ///
    /// Feature `seal`.
    ///
    /// ```
    /// # use mcp_core::{Context, Result, Sampling};
    /// async fn summary(cx: &Context, text: &str) -> Result<String> {
    ///     let wanted = Sampling::new(200).user(format!("Summarise: {text}"));
    ///     let sampled = cx.sample("summary", wanted).await?;
    ///     Ok(sampled.text().unwrap_or_default().to_owned())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Context::elicit`]. A message holds a link or an embedded resource (a private error).
    ///
    /// [sampling, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/client/sampling
    #[allow(clippy::needless_pass_by_value)] // made at the place of the call
    pub fn sample(&self, key: &str, wanted: Sampling) -> Asked<Sampled> {
        let question = wanted.question(key, self.asking.revision());
        self.asking
            .ask(Capabilities::SAMPLING, question, sampling::read)
    }

    /// Which directories the client works in. Advice, not a permission. Deprecated since 2026-07-28
    /// ([roots, 2026-07-28]). Otherwise as [`Context::elicit`].
    ///
    /// Feature `seal`.
    ///
    /// ```
    /// # use mcp_core::{Context, Result};
    /// async fn first_root(cx: &Context) -> Result<Option<String>> {
    ///     let roots = cx.list_roots("roots").await?;
    ///     Ok(roots.first().map(|root| root.uri().to_owned()))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Context::elicit`].
    ///
    /// [roots, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/client/roots
    pub fn list_roots(&self, key: &str) -> Asked<Vec<Root>> {
        let question = Question::new(key, "roots/list", None);
        self.asking
            .ask(Capabilities::ROOTS, Ok(question), roots::read)
    }

    /// A name for this call that is the same however often the client sends it again with answers:
    /// 32 hexadecimal digits. Hand it to systems that do a thing once per name.
    ///
    /// Feature `seal`.
    ///
    /// ```
    /// # use mcp_core::Context;
    /// let cx = Context::for_tests();
    /// assert_eq!(cx.idempotency_key(), cx.idempotency_key());
    /// ```
    pub fn idempotency_key(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.asking.resumed.id()))
    }
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}

/// A name for a call that nothing was asked in yet.
fn fresh_id() -> [u8; 16] {
    // Without randomness nothing can be sealed either, so such a call never comes again.
    seal::random().unwrap_or_default()
}

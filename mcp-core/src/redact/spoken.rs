//! What functions say before their result, redacted on its way, in the order in which it was said.

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::leaves;
use super::{Redactor, texts};
use crate::call::{self, Called, Function};
use crate::context::{Making, Notifications};
use crate::dynamic::DynamicTool;
use crate::limits::Limits;
use crate::result_policy;
use crate::server::Place;

/// Runs a function whose reports and log messages have to be redacted first.
pub(crate) async fn run(
    place: Place,
    function: &Function,
    making: &Making<'_>,
    texts: &[Option<Cow<'_, str>>],
) -> Called {
    let Some(queue) = Queue::new(making) else {
        return call::run(place, function, making, texts).await;
    };
    let notifications: Arc<dyn Notifications> = queue.clone();
    let outlet = making.outlet.to(&notifications);
    let making = Making {
        outlet: &outlet,
        ..*making
    };
    queue
        .beside(call::run(place, function, &making, texts))
        .await
}

/// The same for a tool that came while the server runs.
pub(crate) async fn run_dynamic(place: Place, tool: &DynamicTool, making: &Making<'_>) -> Called {
    let Some(queue) = Queue::new(making) else {
        return call::run_dynamic(place, tool, making).await;
    };
    let notifications: Arc<dyn Notifications> = queue.clone();
    let outlet = making.outlet.to(&notifications);
    let making = Making {
        outlet: &outlet,
        ..*making
    };
    queue.beside(call::run_dynamic(place, tool, &making)).await
}

/// What was said and is not sent yet.
struct Queue {
    redactor: Arc<dyn Redactor>,
    inner: Arc<dyn Notifications>,
    waiting: Mutex<Waiting>,
    more: Notify,
    /// When the host stops waiting.
    deadline: Option<Instant>,
    limits: Limits,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Message>,
    /// Whether the function has ended.
    over: bool,
}

/// A message up to what it says, and that, as JSON.
struct Message {
    head: Vec<u8>,
    told: Option<String>,
}

impl Queue {
    /// `None` if nobody listens, or nothing is to be redacted.
    fn new(making: &Making<'_>) -> Option<Arc<Self>> {
        let server = making.server;
        Some(Arc::new(Self {
            redactor: Arc::clone(server.0.result_policy.redactor.as_ref()?),
            inner: Arc::clone(making.outlet.notifications?),
            waiting: Mutex::default(),
            more: Notify::new(),
            deadline: making.outlet.deadline,
            limits: server.0.limits.clone(),
        }))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, message: Message) {
        let mut waiting = self.waiting();
        // Reports may be dropped, and nothing may follow the answer.
        if !waiting.over && waiting.messages.len() < usize::from(self.limits.queued_notifications) {
            waiting.messages.push_back(message);
            drop(waiting);
            self.more.notify_one();
        }
    }

    /// Runs a call and sends meanwhile what it says; all of it before the call has ended.
    async fn beside(&self, call: impl Future<Output = Called>) -> Called {
        let mut call = pin!(call);
        let mut sending = pin!(self.send_all());
        let mut sent = false;
        let called = poll_fn(|cx| {
            let called = call.as_mut().poll(cx);
            // After the call, so that what it has just said leaves at once.
            sent = sent || sending.as_mut().poll(cx).is_ready();
            called
        })
        .await;
        self.waiting().over = true;
        self.more.notify_one();
        if !sent {
            // However many wait, the answer does so once.
            let time = super::time(&self.limits, self.deadline);
            let _ = tokio::time::timeout(time, sending).await;
        }
        called
    }

    async fn send_all(&self) {
        loop {
            let next = {
                let mut waiting = self.waiting();
                match waiting.messages.pop_front() {
                    None if waiting.over => return,
                    next => next,
                }
            };
            match next {
                Some(message) => self.send_one(message).await,
                None => self.more.notified().await,
            }
        }
    }

    async fn send_one(&self, message: Message) {
        let Message { head, told } = message;
        let Some(told) = told else {
            return self.inner.send(head);
        };
        let leaves = leaves::find(&told, &HashSet::new());
        let mut says: Vec<String> = leaves.iter().map(|leaf| leaf.text.clone()).collect();
        let time = super::time(&self.limits, self.deadline);
        match texts(&*self.redactor, &mut says, time).await {
            Ok(()) => {
                let replaced = leaves::replace(&told, &leaves, &says);
                let told = replaced.unwrap_or(told.into_bytes());
                self.inner.say(
                    head,
                    &result_policy::within(told, self.limits.result_tokens),
                );
            }
            Err(error) => {
                tracing::error!(cause = ?error, "what a call said could not be redacted and was not sent");
            }
        }
    }
}

impl Notifications for Queue {
    fn send(&self, message: Vec<u8>) {
        self.push(Message {
            head: message,
            told: None,
        });
    }

    fn say(&self, head: Vec<u8>, told: &[u8]) {
        let Ok(told) = std::str::from_utf8(told) else {
            return;
        };
        self.push(Message {
            head,
            told: Some(told.to_owned()),
        });
    }

    fn deliver(&self, message: Vec<u8>) {
        self.inner.deliver(message);
    }

    fn disconnect(&self, retry: Duration) {
        self.inner.disconnect(retry);
    }
}

//! A context that is made when a function borrows it: most never do.

use std::sync::OnceLock;
use std::time::Duration;

use super::{Context, Voice};
#[cfg(feature = "seal")]
use crate::ask::{Asking, Resumed};
use crate::caller::Caller;
use crate::dispatch::{Outlet, Settled};
use crate::log_level::LogLevel;
use crate::server::Server;

/// What a context is made of.
#[derive(Clone, Copy)]
pub(crate) struct Making<'c> {
    pub(crate) server: &'c Server,
    pub(crate) request: &'c Settled<'c>,
    pub(crate) outlet: &'c Outlet<'c>,
    pub(crate) caller: Option<&'c Caller>,
    /// The name of the tool or prompt, or the URI of the resource.
    pub(crate) target: &'c str,
    /// The arguments as raw JSON; empty for a resource.
    pub(crate) arguments: &'c str,
    /// What an earlier round left with the client.
    #[cfg(feature = "seal")]
    pub(crate) resumed: Option<&'c Resumed>,
}

impl Making<'_> {
    /// The least serious level that the client wants.
    fn log_level(&self) -> Option<LogLevel> {
        match &self.request.client {
            Some(client) => Some(client.log_level),
            None => self.request.log_level,
        }
    }

    /// Makes the context. `always_heard` gives it a voice even when nobody listens, so that the
    /// function can be told that it is over.
    pub(crate) fn context(&self, always_heard: bool) -> Context {
        let log_level = self.log_level();
        let request = self.request;
        let heard = self.outlet.notifications.is_some()
            && (request.progress_token().is_some() || log_level.is_some());
        let voice = (heard || always_heard).then(|| {
            Voice::new(
                self.outlet.notifications,
                request.revision,
                request.progress_token(),
                log_level,
                self.target,
                (!self.server.0.result_policy.redacts())
                    .then_some(self.server.0.limits.result_tokens),
            )
            .into()
        });
        Context {
            voice,
            #[cfg(feature = "seal")]
            asking: Asking::new(self),
        }
    }
}

/// A context, made at its first use.
pub(crate) struct LazyContext<'c> {
    /// In a box, so that the calls which never use it need not make room for it.
    made: OnceLock<Box<Context>>,
    making: Option<&'c Making<'c>>,
}

impl<'c> LazyContext<'c> {
    pub(crate) fn new(making: &'c Making<'c>) -> Self {
        Self {
            made: OnceLock::new(),
            making: Some(making),
        }
    }

    /// One that is there already.
    pub(crate) fn made(context: Context) -> Self {
        Self {
            made: OnceLock::from(Box::new(context)),
            making: None,
        }
    }

    pub(crate) fn get(&self) -> &Context {
        self.made.get_or_init(|| {
            Box::new(match self.making {
                Some(making) => making.context(false),
                None => Context::for_tests(),
            })
        })
    }

    /// How long the call has waited for answers of its client.
    pub(crate) fn waited_for_client(&self) -> Duration {
        self.used()
            .map_or(Duration::ZERO, Context::waited_for_client)
    }

    /// The context, if the function borrowed it.
    pub(crate) fn used(&self) -> Option<&Context> {
        self.made.get().map(|context| &**context)
    }
}

//! What the instances of a server have in common, kept in Redis or Valkey.

mod bus;
mod inbox;
mod link;
mod listener;
mod outage;
mod store;
mod target;
mod url;

use std::fmt;
use std::sync::Arc;

use mcp_core::{HostError, Refusal};

pub use self::bus::RedisBus;
pub use self::store::RedisStore;

use self::link::Link;
use self::target::Target;

/// The environment variable that says where Redis is.
const URL: &str = "MCP_REDIS_URL";

/// Where names in Redis begin when nobody says otherwise.
const PREFIX: &str = "mcp";

#[doc = include_str!("redis/README.md")]
#[derive(Clone)]
pub struct Redis {
    link: Arc<Link>,
    prefix: Arc<str>,
}

impl Redis {
    /// The Redis at this URL, to which nothing connects yet: `redis://user:password@host:6379/0`, of
    /// which the host is needed; `rediss://` with TLS, which needs the feature `redis-tls`;
    /// `unix:///path?user=..&pass=..&db=0`. `valkey://`, `valkeys://` and `valkey+unix://` mean the
    /// same.
    ///
    /// ```
    /// use mcp_fargate_adapter::Redis;
    ///
    /// assert!(Redis::new("redis://app:secret@redis.example:6379").is_ok());
    /// let error = Redis::new("http://app:secret@redis.example").unwrap_err().to_string();
    /// assert!(error.contains("it begins with none of `redis://`"));
    /// assert!(!error.contains("secret"));
    /// ```
    ///
    /// # Errors
    ///
    /// When the URL cannot be read, or asks for something that is not there. The text never repeats
    /// it.
    pub fn new(url: &str) -> Result<Self, HostError> {
        Self::at(url, "the URL of Redis")
    }

    fn at(url: &str, name: &str) -> Result<Self, HostError> {
        let wrong = |why: String| {
            HostError::refused(Refusal::RedisUrl, format!("{name} cannot be used: {why}"))
        };
        let target = url::read(url).map_err(wrong)?;
        let target = Target::new(target).map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            link: Arc::new(Link::new(target)),
            prefix: PREFIX.into(),
        })
    }

    /// The Redis whose URL is in the environment variable `MCP_REDIS_URL`.
    ///
    /// ```no_run
    /// use mcp_fargate_adapter::Redis;
    ///
    /// # fn example() -> Result<(), mcp_fargate_adapter::Error> {
    /// let redis = Redis::from_env()?.prefix("sales");
    /// # let _ = redis;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the variable is not set or empty, or holds what [`Redis::new`] refuses.
    pub fn from_env() -> Result<Self, HostError> {
        let url = std::env::var(URL).ok().filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| {
            let text = format!(
                "`{URL}` says where Redis is and is not set; set it to a URL such as \
                 `redis://localhost:6379`"
            );
            HostError::refused(Refusal::RedisUrl, text)
        })?;
        Self::at(&url, &format!("`{URL}`: the URL of Redis"))
    }

    /// Where the names of the server begin in Redis, `mcp` unless it is said: the channel is
    /// `PREFIX:events`, the keys are `PREFIX:used:` and 32 hex digits. All instances of a server need
    /// the same one, and servers that share a Redis each their own; the number of a database [does not
    /// part channels]. Example: [`Redis`].
    ///
    /// [does not part channels]: https://redis.io/docs/latest/develop/pubsub/#database--scoping
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The bus over which the instances of the server hear of each other. It connects when it is
    /// used. Example: [`Redis`].
    pub fn bus(&self) -> RedisBus {
        RedisBus::new(Arc::clone(&self.link), &self.prefix)
    }

    /// The store that remembers what was used. It connects when it is used. Example: [`Redis`].
    pub fn store(&self) -> RedisStore {
        RedisStore::new(Arc::clone(&self.link), &self.prefix)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("address", &self.link.target.outage.address())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

//! Remembering in Redis what was used.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mcp_core::{SingleUse, StoreError};

use super::link::Link;

/// Remembers in Redis which states of `#[tool(single_use)]` tools were used, so that all instances of
/// a server agree on it: what
/// [`ServerBuilder::single_use_store`](mcp_core::ServerBuilder::single_use_store) takes. Made by
/// [`Redis::store`](super::Redis::store). Clones are the same store.
///
/// Feature `redis`.
///
/// An id is a key that is [set if it is not there] and expires by itself, after milliseconds that are
/// rounded up. That takes 1.5 seconds at most, with connecting; then, or when Redis refuses, it is a
/// [`StoreError`] and the call is refused. An id whose use was an error may count as used.
///
/// An id is used once as long as Redis keeps its keys. Set `maxmemory-policy` to `noeviction`: any
/// other lets Redis [drop keys] that have not expired. A restart without persistence forgets them all,
/// and a replica that takes over may not have had the [last writes].
///
/// ```no_run
/// use std::time::Duration;
///
/// use mcp_core::SingleUse;
/// use mcp_fargate_adapter::Redis;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Redis::new("redis://localhost").unwrap().prefix("sales").store();
/// let minute = Duration::from_secs(60);
/// assert!(store.consume(&[7; 16], minute).await.unwrap());
/// assert!(!store.consume(&[7; 16], minute).await.unwrap());
/// # Ok(())
/// # }
/// ```
///
/// [set if it is not there]: https://redis.io/docs/latest/commands/set/
/// [drop keys]: https://redis.io/docs/latest/develop/reference/eviction/
/// [last writes]: https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
#[derive(Clone)]
pub struct RedisStore {
    link: Arc<Link>,
    prefix: Arc<str>,
}

impl RedisStore {
    pub(super) fn new(link: Arc<Link>, prefix: &str) -> Self {
        Self {
            link,
            prefix: format!("{prefix}:used:").into(),
        }
    }
}

impl SingleUse for RedisStore {
    fn consume<'s>(
        &'s self,
        id: &'s [u8; 16],
        keep_for: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 's>> {
        Box::pin(async move {
            let key = format!("{}{:032x}", self.prefix, u128::from_be_bytes(*id));
            let mut set = redis::cmd("SET");
            set.arg(key).arg("").arg("NX").arg("PX");
            set.arg(milliseconds(keep_for)?);
            // `OK`, or nothing where the key is there.
            let answer = self.link.run::<Option<String>>(&set).await;
            answer.map(|set| set.is_some()).map_err(StoreError::new)
        })
    }
}

/// Rounded up, so that nothing is forgotten too early; Redis takes no zero.
fn milliseconds(keep_for: Duration) -> Result<i64, StoreError> {
    let rounded = keep_for.as_nanos().div_ceil(1_000_000).max(1);
    i64::try_from(rounded)
        .map_err(|_| StoreError::new("Redis counts milliseconds, and not as far as `keep_for`"))
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("address", &self.link.target.outage.address())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_rounded_up() {
        for (nanoseconds, expected) in [(0, 1), (1, 1), (1_000_000, 1), (1_000_001, 2)] {
            let keep_for = Duration::from_nanos(nanoseconds);
            assert_eq!(milliseconds(keep_for).unwrap(), expected);
        }
        assert!(milliseconds(Duration::MAX).is_err());
    }
}

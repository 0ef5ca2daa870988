//! Documents in a bucket of Amazon S3.
//!
//! The role needs `s3:ListBucket` for the prefix and `s3:GetObject` below it, and no more.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;

use crate::documents::{Chunk, Found, MAX_BYTES, Object};

/// S3 begins to answer in some 100 milliseconds. What takes longer than this is better asked again.
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(4);

/// One request with its retries, up to the beginning of the answer. What comes then has the time of the call.
const REQUEST: Duration = Duration::from_secs(10);

const ATTEMPTS: u32 = 3;

/// A bucket.
pub(crate) struct Bucket {
    client: Client,
    name: String,
}

impl Bucket {
    /// The bucket with this name, for the region, endpoint and credentials of the environment.
    pub(crate) async fn from_env(name: &str) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(REQUEST)
            .build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        Self {
            client: Client::new(&config.load().await),
            name: name.to_owned(),
        }
    }

    /// Some of the objects whose names begin like this and come after that one.
    pub(crate) async fn list(
        &self,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Chunk, BucketError> {
        let request = self.client.list_objects_v2().bucket(&self.name);
        let request = request
            .prefix(prefix)
            .set_start_after(after.map(str::to_owned));
        let found = request
            .send()
            .await
            .map_err(|error| self.failed("list", error))?;
        let objects = found.contents().iter().filter_map(|object| {
            Some(Object {
                name: object.key()?.to_owned(),
                bytes: object.size()?.try_into().ok()?,
            })
        });
        Ok(Chunk {
            objects: objects.collect(),
            more: found.is_truncated().unwrap_or_default(),
        })
    }

    /// The object with this name.
    pub(crate) async fn read(&self, name: &str) -> Result<Found, BucketError> {
        let request = self.client.get_object().bucket(&self.name).key(name);
        let mut object = match request.send().await {
            Ok(object) => object,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(Found::Nothing),
            // So S3 answers also of what is not there, unless the role may list the whole bucket.
            Err(error) if error.code() == Some("AccessDenied") && !self.lists(name).await => {
                return Ok(Found::Nothing);
            }
            Err(error) => return Err(self.failed("read", error)),
        };
        // What is too large is not read. A length that is missing, or wrong, changes nothing.
        let declared = object.content_length().unwrap_or_default();
        if usize::try_from(declared).is_ok_and(|bytes| bytes > MAX_BYTES) {
            return Ok(Found::TooLarge);
        }
        let mut bytes = Vec::new();
        while let Some(next) = object.body.next().await {
            let next = next.map_err(|error| self.failed("read", error))?;
            if bytes.len() + next.len() > MAX_BYTES {
                return Ok(Found::TooLarge);
            }
            bytes.extend_from_slice(&next);
        }
        Ok(Found::Bytes(bytes))
    }

    /// Whether the list has this name. It may, where that cannot be found out.
    async fn lists(&self, name: &str) -> bool {
        let request = self.client.list_objects_v2().bucket(&self.name);
        // Of all names that begin like this, it is the first.
        match request.prefix(name).max_keys(1).send().await {
            Ok(found) => found.contents().iter().any(|it| it.key() == Some(name)),
            Err(_) => true,
        }
    }

    fn failed(
        &self,
        what: &'static str,
        cause: impl StdError + Send + Sync + 'static,
    ) -> BucketError {
        BucketError {
            what,
            bucket: self.name.clone(),
            cause: Box::new(cause),
        }
    }
}

/// A request that failed, for the log and for whoever sets up the bucket.
#[derive(Debug)]
pub(crate) struct BucketError {
    what: &'static str,
    bucket: String,
    cause: Box<dyn StdError + Send + Sync>,
}

impl fmt::Display for BucketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, bucket, .. } = self;
        write!(
            f,
            "cannot {what} the bucket `{bucket}`; see that `DOCUMENTS_BUCKET` and `AWS_REGION` are right and \
             that the role may do this below `DOCUMENTS_PREFIX`"
        )
    }
}

impl StdError for BucketError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.cause)
    }
}

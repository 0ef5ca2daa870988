//! How the client of Amazon `DynamoDB` is set up.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader};

/// `DynamoDB` answers in milliseconds. What takes longer than this is better asked again.
const ATTEMPT: Duration = Duration::from_secs(2);
const CONNECT: Duration = Duration::from_secs(1);

/// One request with its retries. A function on AWS Lambda and the door before it have at least
/// several times as long.
const REQUEST: Duration = Duration::from_secs(5);

const ATTEMPTS: u32 = 3;

/// At most so long before the first retry, and then twice as long. A table that throttles soon has
/// room again.
const BACKOFF: Duration = Duration::from_millis(50);

/// Region, endpoint and credentials are those of the environment: `AWS_REGION`,
/// `AWS_ENDPOINT_URL_DYNAMODB`, the role of the function or the task.
pub(super) fn settings() -> ConfigLoader {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(REQUEST)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(BACKOFF);
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(retries)
}

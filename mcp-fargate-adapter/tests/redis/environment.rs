//! The Redis that the environment names. A test cannot change its own environment, so it runs another
//! one.

use std::process::Command;
use std::time::Duration;

use mcp_core::testing::{check_event_bus, check_single_use};
use mcp_core::{EventBus, Refusal};
use mcp_fargate_adapter::Redis;

use crate::server::Server;

#[tokio::test]
#[ignore = "other tests run it, with a Redis in its environment"]
async fn the_redis_of_the_environment_keeps_to_the_contracts() {
    let redis = Redis::from_env().unwrap();
    // Connecting with TLS, unoptimized and on a busy machine, takes longer than an event may.
    while let Err(error) = redis.bus().publish(b"ready").await {
        assert!(error.to_string().contains("no connection in"), "{error}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(check_event_bus(&redis.bus(), &redis.bus()).await, Ok(()));
    assert_eq!(check_single_use(&redis.store()).await, Ok(()));
}

/// Runs the test above. An error is what it says.
pub(crate) fn passes_with(environment: &[(&str, &str)]) -> Result<(), String> {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact"])
        .arg("environment::the_redis_of_the_environment_keeps_to_the_contracts")
        .env_remove("MCP_REDIS_URL")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(said.contains("running 1 test"), "{said}");
    if run.status.success() {
        Ok(())
    } else {
        Err(said)
    }
}

#[tokio::test]
async fn the_environment_says_where_redis_is() {
    let Some(server) = Server::start().await else {
        return;
    };
    let url = server.url("");
    passes_with(&[("MCP_REDIS_URL", &url)]).unwrap();
    for environment in [&[][..], &[("MCP_REDIS_URL", "")]] {
        let error = passes_with(environment).unwrap_err();
        assert!(
            error.contains("`MCP_REDIS_URL` says where Redis is"),
            "{error}"
        );
    }
    let error = passes_with(&[("MCP_REDIS_URL", "redis://:hunter2@")]).unwrap_err();
    assert!(
        error.contains("`MCP_REDIS_URL`: the URL of Redis cannot be used"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
    assert!(error.contains("[redis-url]"), "{error}");
}

#[test]
fn a_url_that_cannot_be_used_has_its_code() {
    let error = Redis::new("http://redis.example").unwrap_err();
    assert_eq!(error.refusal(), Some(Refusal::RedisUrl));
    assert!(error.to_string().ends_with("[redis-url]"), "{error}");
}

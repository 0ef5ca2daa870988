//! What the URL of a Redis says.

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion};

/// How the URL of a Redis begins that is reached over TCP, over TLS, at a path.
const PLAIN: &[&str] = &["redis", "valkey"];
const TLS: &[&str] = &["rediss", "valkeys"];
const PATH: &[&str] = &["unix", "redis+unix", "valkey+unix"];

/// Reads a URL. An error never repeats it, since it may hold a password.
pub(super) fn read(url: &str) -> Result<ConnectionInfo, String> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or("it begins with none of `redis://`, `rediss://` and `unix://`")?;
    if TLS.contains(&scheme) {
        if !cfg!(feature = "redis-tls") {
            return Err(format!(
                "`{scheme}://` needs the feature `redis-tls` of `mcp-fargate-adapter`"
            ));
        }
    } else if !PLAIN.contains(&scheme) && !PATH.contains(&scheme) {
        return Err("it begins with none of `redis://`, `rediss://` and `unix://`".to_owned());
    }
    // Where a password ends early, its rest would be taken for a host, a path or a fragment, and its
    // beginning for a port, which is no secret.
    let after_host = rest.split_once(['/', '?', '#']).map(|(_, after)| after);
    if !PATH.contains(&scheme) && after_host.is_some_and(|after| after.contains('@')) {
        return Err(ENCODE.to_owned());
    }
    let info = url.into_connection_info().map_err(|error| {
        let text = error.to_string();
        match text.split_once(" - ") {
            Some(("Redis URL did not parse", _)) => ENCODE.to_owned(),
            Some((text, _)) => text.to_owned(),
            None => text,
        }
    })?;
    if matches!(info.addr(), ConnectionAddr::TcpTls { insecure: true, .. }) {
        return Err("`#insecure` is not possible, certificates are always checked".to_owned());
    }
    // Events come as push messages, which RESP2 does not have.
    let redis = info.redis_settings().clone();
    let redis = redis.set_protocol(ProtocolVersion::RESP3);
    // A command waits for nothing that could be sent along with it.
    let tcp = info.tcp_settings().clone().set_nodelay(true);
    Ok(info.set_redis_settings(redis).set_tcp_settings(tcp))
}

/// What is wrong with most URLs that cannot be read.
const ENCODE: &str = "it has to look like `redis://user:password@host:6379/0`; in user and password, \
                      anything but letters, digits and `-._~` is written as `%` and two hex digits";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_redis_is_and_as_whom_to_come() {
        let info = read("redis://app:p%40ss@redis.example:7000/3").unwrap();
        assert_eq!(info.addr().to_string(), "redis.example:7000");
        let settings = info.redis_settings();
        assert_eq!(settings.username(), Some("app"));
        assert_eq!(settings.password(), Some("p@ss"));
        assert_eq!(settings.db(), 3);
        for (url, address) in [
            ("redis://localhost", "localhost:6379"),
            ("valkey://[::1]:1", "::1:1"),
            ("redis://h?protocol=resp2", "h:6379"),
            ("unix:///run/redis.sock?pass=a@b", "/run/redis.sock"),
        ] {
            let info = read(url).unwrap();
            assert_eq!(info.addr().to_string(), address);
            assert_eq!(info.redis_settings().protocol(), ProtocolVersion::RESP3);
        }
    }

    #[test]
    fn an_error_says_what_is_wrong_and_no_password() {
        for (url, says) in [
            ("", "begins with none of `redis://`"),
            (
                "app:hunter2@redis.example",
                "begins with none of `redis://`",
            ),
            ("hunter2://redis.example", "begins with none of `redis://`"),
            (
                "http://:hunter2@redis.example",
                "begins with none of `redis://`",
            ),
            ("redis://:hunter2@", "has to look like"),
            ("redis://:hunter2@redis.example:port", "has to look like"),
            ("redis://:hunter2/x@redis.example", "written as `%`"),
            ("redis://:hunter2#x@redis.example", "written as `%`"),
            ("redis://app:12#hunter2@redis.example", "written as `%`"),
            ("redis://app:12/hunter2@redis.example", "written as `%`"),
            (
                "redis://:hunter2@redis.example/first",
                "Invalid database number",
            ),
            ("redis://:hunter2@0.0.0.0", "wildcard address"),
            (
                "redis://:hunter2@redis.example?protocol=4",
                "Invalid protocol version",
            ),
            ("unix://", "Missing path"),
        ] {
            let error = read(url).unwrap_err();
            assert!(error.contains(says), "{url}: {error}");
            assert!(!error.contains("hunter2"), "{url}: {error}");
        }
    }

    #[cfg(not(feature = "redis-tls"))]
    #[test]
    fn tls_needs_its_feature() {
        let error = read("rediss://:hunter2@redis.example").unwrap_err();
        assert!(
            error.contains("`rediss://` needs the feature `redis-tls`"),
            "{error}"
        );
    }

    #[cfg(feature = "redis-tls")]
    #[test]
    fn certificates_are_always_checked() {
        assert!(read("rediss://:hunter2@redis.example").is_ok());
        let error = read("rediss://:hunter2@redis.example/#insecure").unwrap_err();
        assert!(error.contains("certificates are always checked"), "{error}");
    }
}

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::*;
use crate::testing::TestIssuer;

/// How an issuer of keys answers.
#[derive(Clone)]
enum Answer {
    Keys(String),
    Status(&'static str),
    Redirect,
    Never,
    Bytes(usize),
}

/// A server of keys on a loopback address, and how often it was asked.
struct KeyServer {
    address: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let (next, count) = (Arc::clone(&answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let _ = connection.read(&mut [0; 4096]);
                count.fetch_add(1, Ordering::SeqCst);
                let answer = next.lock().unwrap().clone();
                let (status, more, body) = match answer {
                    Answer::Keys(keys) => ("200 OK", "", keys),
                    Answer::Status(status) => (status, "", String::new()),
                    Answer::Redirect => ("302 Found", "Location: /elsewhere\r\n", String::new()),
                    Answer::Bytes(bytes) => ("200 OK", "", "x".repeat(bytes)),
                    Answer::Never => {
                        silent.push(connection);
                        continue;
                    }
                };
                let length = body.len();
                let head = format!("HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\n\r\n");
                let _ = connection.write_all((head + &body).as_bytes());
            }
        });
        Self {
            address,
            answer,
            asked,
        }
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn keys(&self, pace: Pace) -> RemoteJwks {
        let mut keys = RemoteJwks::new(&self.address).unwrap();
        keys.pace = pace;
        keys
    }
}

/// Asks again whenever there is a reason.
const EAGER: Pace = Pace {
    timeout: Duration::from_secs(60),
    max_age: Duration::from_secs(60 * 60),
    floor: Duration::ZERO,
    retry: Duration::ZERO,
};

fn jwks(id: &str) -> String {
    TestIssuer::new("https://id.example.com").key_id(id).jwks()
}

fn result(got: Result<Arc<Jwks>, TokenError>) -> Result<(), TokenError> {
    got.map(drop)
}

#[tokio::test]
async fn keys_are_fetched_once_and_kept() {
    let server = KeyServer::start(Answer::Keys(jwks("a")));
    let keys = server.keys(PACE);
    for _ in 0..10 {
        assert_eq!(result(keys.with(Some("a")).await), Ok(()));
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn many_who_miss_a_key_ask_once() {
    let server = KeyServer::start(Answer::Keys(jwks("a")));
    let keys = Arc::new(server.keys(PACE));
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let keys = Arc::clone(&keys);
            tokio::spawn(async move {
                let id = if number % 2 == 0 { "a" } else { "unknown" };
                (id, result(keys.with(Some(id)).await))
            })
        })
        .collect();
    for task in tasks {
        let (id, found) = task.await.unwrap();
        let expected = if id == "a" {
            Ok(())
        } else {
            Err(TokenError::UnknownKey)
        };
        assert_eq!(found, expected, "{id}");
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn an_unknown_key_makes_us_ask_again_but_not_too_often() {
    let server = KeyServer::start(Answer::Keys(jwks("old")));
    let slow = server.keys(PACE);
    assert_eq!(result(slow.with(Some("old")).await), Ok(()));
    server.answers(Answer::Keys(jwks("new")));
    for _ in 0..10 {
        assert_eq!(
            result(slow.with(Some("new")).await),
            Err(TokenError::UnknownKey)
        );
    }
    assert_eq!(server.asked(), 1);

    let eager = server.keys(EAGER);
    assert_eq!(result(eager.with(Some("new")).await), Ok(()));
    server.answers(Answer::Keys(jwks("newer")));
    assert_eq!(result(eager.with(Some("newer")).await), Ok(()));
    // The one that was taken out of the set is not believed any more.
    assert_eq!(
        result(eager.with(Some("new")).await),
        Err(TokenError::UnknownKey)
    );
}

#[tokio::test]
async fn old_keys_are_fetched_anew_and_kept_while_that_fails() {
    let server = KeyServer::start(Answer::Keys(jwks("a")));
    let keys = server.keys(Pace {
        max_age: Duration::ZERO,
        ..EAGER
    });
    assert_eq!(result(keys.with(Some("a")).await), Ok(()));
    server.answers(Answer::Status("500 Internal Server Error"));
    assert_eq!(result(keys.with(Some("a")).await), Ok(()));
    assert_eq!(server.asked(), 2);
    // Nobody knows whether this one exists meanwhile.
    assert_eq!(
        result(keys.with(Some("b")).await),
        Err(TokenError::KeysUnavailable)
    );
    server.answers(Answer::Keys(jwks("b")));
    assert_eq!(result(keys.with(Some("b")).await), Ok(()));
    assert_eq!(
        result(keys.with(Some("a")).await),
        Err(TokenError::UnknownKey)
    );
}

#[tokio::test]
async fn answers_that_are_no_key_set_are_failures_and_take_bounded_time() {
    let limit = MAX_BYTES;
    for (name, answer) in [
        ("hangs", Answer::Never),
        ("redirects", Answer::Redirect),
        ("returns 500", Answer::Status("500 Internal Server Error")),
        ("returns 10 MB", Answer::Bytes(10_000_000)),
        ("one byte too many", Answer::Bytes(limit + 1)),
        ("no key set", Answer::Bytes(limit)),
        ("no keys", Answer::Keys(r#"{"keys":[]}"#.to_owned())),
    ] {
        let server = KeyServer::start(answer);
        // The rest has time enough on any machine.
        let patience = if name == "hangs" { 300 } else { 60_000 };
        let keys = server.keys(Pace {
            timeout: Duration::from_millis(patience),
            ..EAGER
        });
        let begun = Instant::now();
        let found = result(keys.with(Some("a")).await);
        eprintln!("{name}: {found:?} after {:?}", begun.elapsed());
        assert_eq!(found, Err(TokenError::KeysUnavailable), "{name}");
        assert_eq!(server.asked(), 1, "{name}");
    }
}

#[tokio::test]
async fn after_a_failure_it_waits_before_it_asks_again() {
    let server = KeyServer::start(Answer::Redirect);
    let keys = server.keys(PACE);
    for _ in 0..10 {
        assert_eq!(
            result(keys.with(Some("a")).await),
            Err(TokenError::KeysUnavailable)
        );
    }
    assert_eq!(server.asked(), 1);
}

#[test]
fn keys_come_from_safe_addresses_only() {
    for address in [
        "https://id.example.com/jwks.json",
        "http://127.0.0.1:5000/jwks.json",
        "http://localhost/jwks.json",
        "http://[::1]:1/jwks.json",
    ] {
        assert!(RemoteJwks::new(address).is_ok(), "{address}");
    }
    for address in [
        "http://id.example.com/jwks.json",
        "http://127.0.0.1.example.com/jwks.json",
        "file:///etc/passwd",
        "/jwks.json",
        "",
    ] {
        let refused = RemoteJwks::new(address).unwrap_err();
        assert!(refused.contains("`https:`"), "{refused}");
    }
}

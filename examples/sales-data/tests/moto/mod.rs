//! What takes the place of Amazon `DynamoDB` in tests: moto, whose address is in
//! `SALES_TEST_DYNAMODB`, behind a door that sees what is asked for.
//!
//! The door also lets one request through at a time. `DynamoDB` checks a condition and writes in
//! one go, and moto does not when it answers two requests at once.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_sdk_dynamodb::{Client, Config};

/// Where all tables are.
pub(crate) const REGION: &str = "eu-central-1";

/// Holds the address of a running moto, such as `http://127.0.0.1:5000`.
const MOTO: &str = "SALES_TEST_DYNAMODB";

/// The header that names the operation, and what its value begins with.
const TARGET: &str = "x-amz-target";
const VERSION: &str = "DynamoDB_20120810.";

/// How long moto may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to moto.
pub(crate) struct Door {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

/// What came through a door.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    /// The operations.
    pub(crate) operations: BTreeSet<String>,
    /// Those that read a table, and not an index, without asking for what was written last. moto
    /// always gives it, so nothing else would show.
    pub(crate) loose_reads: BTreeSet<String>,
}

impl Door {
    /// A door before the moto that the environment names. Without one it is said aloud that the
    /// test does not run.
    pub(crate) fn open() -> Option<Self> {
        let Ok(moto) = std::env::var(MOTO) else {
            static SAID: Once = Once::new();
            // Written past the test runner, which shows nothing of tests that pass.
            SAID.call_once(|| {
                let text = "\n\
                    NOT RUN: the tests against DynamoDB. Start `moto_server -p PORT` and set \
                    SALES_TEST_DYNAMODB=http://127.0.0.1:PORT\n\n";
                let _ = io::stderr().write_all(text.as_bytes());
            });
            return None;
        };
        let moto = moto
            .strip_prefix("http://")
            .unwrap_or_else(|| panic!("{MOTO} has to begin with http://: {moto}"))
            .trim_end_matches('/')
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let record = Arc::clone(&seen);
        thread::spawn(move || {
            let turn = Arc::new(Mutex::new(()));
            for client in listener.incoming().flatten() {
                let (moto, record, turn) = (moto.clone(), Arc::clone(&record), Arc::clone(&turn));
                thread::spawn(move || {
                    // A client that goes away is the affair of the test.
                    let _ = pass(client, &moto, &record, &turn);
                });
            }
        });
        Some(Self { address, seen })
    }

    /// The endpoint that a client is given.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came through so far.
    #[allow(dead_code, reason = "the unit tests do not look")]
    pub(crate) fn seen(&self) -> Seen {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

/// Passes one request on, and the answer back. moto says that it closes each connection after its
/// answer, so no second request comes.
fn pass(
    mut client: TcpStream,
    moto: &str,
    record: &Mutex<Seen>,
    turn: &Mutex<()>,
) -> io::Result<()> {
    let request = read_message(&mut client)?;
    let text = String::from_utf8_lossy(&request);
    let headers = text.lines().take_while(|line| !line.is_empty());
    let mut headers = headers.filter_map(|line| line.split_once(':'));
    let target = headers.find(|(name, _)| name.eq_ignore_ascii_case(TARGET));
    let operation = target.and_then(|(_, value)| value.trim().strip_prefix(VERSION));
    if let Some(operation) = operation {
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        let reads = matches!(operation, "GetItem" | "Query") && !text.contains("\"IndexName\"");
        if reads && !text.contains("\"ConsistentRead\":true") {
            record.loose_reads.insert(operation.to_owned());
        }
        record.operations.insert(operation.to_owned());
    }
    let turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    let mut moto = TcpStream::connect(moto)?;
    moto.write_all(&request)?;
    // Not up to the end of the connection: moto takes 10 ms over closing it.
    let answer = read_message(&mut moto)?;
    drop(turn);
    client.write_all(&answer)
}

/// Reads the head of a request or an answer, and as much after it as the head says.
fn read_message(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    from.set_read_timeout(Some(PATIENCE))?;
    let mut message = Vec::new();
    let mut part = [0; 8192];
    loop {
        let read = from.read(&mut part)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        message.extend_from_slice(&part[..read]);
        let Some(head) = message.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&message[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|length| length.trim().parse::<usize>().ok());
        if message.len() >= head + 4 + length.unwrap_or(0) {
            return Ok(message);
        }
    }
}

/// Who asks; moto lets everybody in.
pub(crate) fn credentials() -> Credentials {
    Credentials::new("x", "x", None, None, "test")
}

/// A client that prepares a table. It is not the one under test, and waits for a slow machine.
pub(crate) fn client(door: &Door) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(door.url())
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// Creates the table as a deployment does, without anything in it.
pub(crate) async fn create_table(client: &Client, name: &str) {
    let attribute = |name: &str| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .unwrap()
    };
    let key = |name: &str, kind| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .unwrap()
    };
    let projection = Projection::builder()
        .projection_type(ProjectionType::Include)
        .non_key_attributes("net_cents")
        .build();
    let by_month = GlobalSecondaryIndex::builder()
        .index_name("by_month")
        .key_schema(key("month", KeyType::Hash))
        .projection(projection)
        .build()
        .unwrap();
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"))
        .attribute_definitions(attribute("month"))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(by_month)
        .send()
        .await
        .unwrap();
}

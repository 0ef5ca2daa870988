//! A stand-in for the Lambda Runtime API, to run a function's binary on this machine.
//!
//! It speaks the documented interface: the function asks for the next invocation, and posts the
//! reply or an error. See <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::Result;

/// How long a function may take to answer before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The trace that every invocation belongs to.
pub const TRACE: &str =
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

/// What a function answered.
#[derive(Debug)]
pub enum Reply {
    /// The body posted as the response of the invocation; a string where it is no JSON.
    Response(Value),
    /// The body posted as an error of the invocation.
    Error(Value),
}

/// The Runtime API of one function.
#[derive(Debug)]
pub struct RuntimeApi {
    address: SocketAddr,
    queue: mpsc::UnboundedSender<(String, String)>,
    waiting: Waiting,
}

type Waiting = Arc<Mutex<HashMap<String, oneshot::Sender<Reply>>>>;

#[derive(Clone)]
struct Shared {
    queue: Arc<AsyncMutex<mpsc::UnboundedReceiver<(String, String)>>>,
    waiting: Waiting,
}

impl RuntimeApi {
    /// Listens on a free port.
    ///
    /// # Errors
    ///
    /// When no port is to be had.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (queue, receiver) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let shared = Shared {
            queue: Arc::new(AsyncMutex::new(receiver)),
            waiting: Arc::clone(&waiting),
        };
        let base = "/2018-06-01/runtime/invocation";
        let router = Router::new()
            .route(&format!("{base}/next"), get(next))
            .route(&format!("{base}/{{id}}/response"), post(response))
            .route(&format!("{base}/{{id}}/error"), post(error))
            // Where a copy of a snapshot begins: answered at once.
            .route("/2018-06-01/runtime/restore/next", get(restored))
            .with_state(shared);
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok(Self {
            address,
            queue,
            waiting,
        })
    }

    /// The environment that Lambda gives a function.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_LAMBDA_RUNTIME_API", self.address.to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", "sales-data".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".to_owned()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ]
    }

    /// Sends one event and waits for what the function makes of it.
    ///
    /// # Errors
    ///
    /// When the function does not answer within a minute.
    pub async fn invoke(&self, event: &Value) -> Result<Reply> {
        let (sender, receiver) = oneshot::channel();
        let id = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let id = format!("00000000-0000-0000-0000-{:012}", waiting.len());
            waiting.insert(id.clone(), sender);
            id
        };
        self.queue.send((id, event.to_string()))?;
        Ok(tokio::time::timeout(PATIENCE, receiver).await??)
    }
}

async fn next(State(shared): State<Shared>) -> (StatusCode, HeaderMap, String) {
    let mut headers = HeaderMap::new();
    let Some((id, event)) = shared.queue.lock().await.recv().await else {
        return (StatusCode::GONE, headers, String::new());
    };
    let deadline = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .saturating_add(Duration::from_secs(30));
    let arn = "arn:aws:lambda:eu-central-1:000000000000:function:sales-data";
    for (name, value) in [
        ("lambda-runtime-aws-request-id", id),
        (
            "lambda-runtime-deadline-ms",
            deadline.as_millis().to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", arn.to_owned()),
        ("lambda-runtime-trace-id", TRACE.to_owned()),
    ] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    (StatusCode::OK, headers, event)
}

async fn restored() -> StatusCode {
    StatusCode::OK
}

async fn response(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    shared.settle(&id, Reply::Response(parse(&body)))
}

async fn error(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    shared.settle(&id, Reply::Error(parse(&body)))
}

fn parse(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| json!(String::from_utf8_lossy(body)))
}

impl Shared {
    fn settle(&self, id: &str, reply: Reply) -> StatusCode {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // A closed sender stays in the map, so that ids are never given twice.
        let (closed, _) = oneshot::channel();
        match waiting
            .insert(id.to_owned(), closed)
            .map(|sender| sender.send(reply))
        {
            Some(Ok(())) => StatusCode::ACCEPTED,
            Some(Err(_)) | None => StatusCode::BAD_REQUEST,
        }
    }
}

//! A stand-in for the Lambda Runtime API that costs next to nothing: it gives one event over and over,
//! and counts replies.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Outcome;

/// How long a function may take for whatever is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The Runtime API of one function.
pub(crate) struct RuntimeApi {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    event: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Events that may still be given out.
    left: u64,
    answered: u64,
    /// When the function asked for its first event.
    asked: Option<Instant>,
    /// The body of the last reply.
    last: Vec<u8>,
}

impl RuntimeApi {
    /// Listens on a free port.
    pub(crate) fn start(event: String) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            event,
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        // Both end with the program: a bench has no other end.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Ok(Self { address, shared })
    }

    /// Starts a function that this is the Runtime API of.
    pub(crate) fn function(&self, program: &str) -> Outcome<Function> {
        let child = Command::new(program)
            .env("AWS_LAMBDA_RUNTIME_API", self.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Function(child))
    }

    /// Waits until the function asks for its first event, and tells when it did.
    pub(crate) fn asked(&self) -> Outcome<Instant> {
        let state = self.shared.wait(|state| state.asked.is_some())?;
        state.asked.ok_or_else(|| "the function did not ask".into())
    }

    /// Has so many events answered, and gives the body of the last reply.
    pub(crate) fn invoke(&self, events: u64) -> Outcome<Vec<u8>> {
        let goal = {
            let mut state = self.shared.lock();
            state.left += events;
            state.answered + events
        };
        self.shared.changed.notify_all();
        let state = self.shared.wait(|state| state.answered >= goal)?;
        Ok(state.last.clone())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, until: impl Fn(&State) -> bool) -> Outcome<MutexGuard<'_, State>> {
        let (state, waited) = self
            .changed
            .wait_timeout_while(self.lock(), PATIENCE, |state| !until(state))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err("the function does not ask or answer".into());
        }
        Ok(state)
    }

    /// Answers what comes over one connection until the other side closes it.
    fn serve(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut stream = stream;
        loop {
            let (is_get, length) = head(&mut reader)?;
            if is_get {
                self.next(&mut stream)?;
                continue;
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            let accepted = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(accepted).ok()?;
            let mut state = self.lock();
            state.answered += 1;
            state.last = body;
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Gives the next event, when there may be one.
    fn next(&self, stream: &mut TcpStream) -> Option<()> {
        {
            let mut state = self.lock();
            state.asked.get_or_insert_with(Instant::now);
            self.changed.notify_all();
            let waiting = self.changed.wait_while(state, |state| state.left == 0);
            waiting.unwrap_or_else(PoisonError::into_inner).left -= 1;
        }
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).ok()? + PATIENCE;
        let reply = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
             lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
             lambda-runtime-deadline-ms: {}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-central-1:1:function:bench\r\n\
             lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n\
             content-length: {}\r\n\r\n{}",
            deadline.as_millis(),
            self.event.len(),
            self.event,
        );
        stream.write_all(reply.as_bytes()).ok()
    }
}

/// Reads the head of a request: whether it is a GET, and the length of its body.
fn head(reader: &mut BufReader<TcpStream>) -> Option<(bool, usize)> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let is_get = line.starts_with("GET ");
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let header = line.trim_end();
        if header.is_empty() {
            return Some((is_get, length));
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
}

/// The process of a function, killed when this is dropped.
pub(crate) struct Function(Child);

impl Function {
    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // Fails where the process has ended already, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

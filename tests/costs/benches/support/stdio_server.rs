//! A stdio server under measurement: asked in lock-step, as a client does that waits for each
//! reply.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::Outcome;
use super::requests::Ask;

/// How long a server may take for one reply; under an instrumenting tool it is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server for `count` requests with a pause before each, checks every reply, and waits
/// until the server has ended.
pub(crate) fn run(mut command: Command, ask: Ask, count: u64, pause: Duration) -> Outcome<()> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Where records of calls go.
        .stderr(Stdio::null())
        .spawn()?;
    let asked = ask_all(&mut child, ask, count, pause);
    if asked.is_err() {
        // It may wait for ever for a message that it did not understand.
        child.kill()?;
    }
    let status = child.wait()?;
    asked?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the server ended with {status}").into())
    }
}

/// Sends the requests; stdin is closed when this returns.
fn ask_all(child: &mut Child, ask: Ask, count: u64, pause: Duration) -> Outcome<()> {
    let mut stdin = child.stdin.take().ok_or("the server has no stdin")?;
    let stdout = BufReader::new(child.stdout.take().ok_or("the server has no stdout")?);
    // A thread of its own reads, since a pipe has no time limit.
    let (lines, replies) = mpsc::channel();
    std::thread::spawn(move || {
        for line in stdout.lines() {
            if lines.send(line).is_err() {
                break;
            }
        }
    });
    for id in 1..=count {
        std::thread::sleep(pause);
        stdin.write_all(format!("{}\n", ask.json(id)).as_bytes())?;
        let reply = replies
            .recv_timeout(PATIENCE)
            .map_err(|_| format!("no reply to {} {id}", ask.method()))??;
        ask.check(id, reply.as_bytes())?;
    }
    Ok(())
}

//! The floor of a stdio server: the tool `add` served by hand, without the SDK.
//!
//! One blocking loop over the lines of stdin. The measuring programs compare the SDK with it.

#[path = "shared/floor.rs"]
mod floor;

use std::io::{BufRead as _, Write as _};

use floor::{Floor, read, write_fault};

fn main() -> std::io::Result<()> {
    let floor = Floor::new(0);
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let (mut line, mut reply) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line)? > 0 {
        answer(&floor, &line, &mut reply);
        if !reply.is_empty() {
            reply.push(b'\n');
            output.write_all(&reply)?;
        }
        line.clear();
        reply.clear();
    }
    Ok(())
}

/// Appends the answer to one line; a notification has none.
fn answer(floor: &Floor, line: &[u8], reply: &mut Vec<u8>) {
    let message = match read(line) {
        Ok(message) => message,
        Err(fault) => return write_fault(None, fault, reply),
    };
    let Some(id) = message.id else { return };
    let answered = message
        .params()
        .and_then(|params| floor.answer(id, &message.method, &params, reply));
    if let Err(fault) = answered {
        write_fault(Some(id), fault, reply);
    }
}

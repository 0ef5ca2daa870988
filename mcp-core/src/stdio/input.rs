//! Standard input and SIGTERM, each read by a thread of its own.
//!
//! A thread that blocks in `read` costs a third less per message than tokio's standard input, which
//! moves every read to the blocking pool.

use std::io::{self, BufRead};
use std::thread;

use tokio::sync::mpsc::Sender;

/// What the outside world says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A line, without its end.
    Line(String),
    /// A line that is not UTF-8.
    NotText,
    /// A line beyond the limit, which was skipped.
    TooLong,
    /// The end of input, or SIGTERM.
    End,
}

/// Starts the threads.
pub(super) fn start(sender: Sender<Input>, limit: u32) -> io::Result<()> {
    #[cfg(unix)]
    watch_for_sigterm(sender.clone())?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    thread::Builder::new()
        .name("mcp-stdin".to_owned())
        .spawn(move || {
            let mut stdin = io::stdin().lock();
            loop {
                let input = read(&mut stdin, limit).unwrap_or(Some(Input::End));
                let Some(input) = input else { continue };
                let ended = input == Input::End;
                if sender.blocking_send(input).is_err() || ended {
                    return;
                }
            }
        })?;
    Ok(())
}

#[cfg(unix)]
fn watch_for_sigterm(sender: Sender<Input>) -> io::Result<()> {
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGTERM])?;
    thread::Builder::new()
        .name("mcp-signals".to_owned())
        .spawn(move || {
            let mut asked = false;
            for signal in &mut signals {
                // A server that is gone cannot end, and one that was asked before did not: then
                // the signal does what it does by default.
                if asked || sender.is_closed() {
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
                asked = true;
                // Waits for its turn while this thread waits for the next signal.
                let sender = sender.clone();
                thread::spawn(move || sender.blocking_send(Input::End));
            }
        })?;
    Ok(())
}

/// Reads one line; `None` for a blank one.
fn read(from: &mut impl BufRead, limit: usize) -> io::Result<Option<Input>> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let buffer = match from.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        let ended = buffer.is_empty();
        let newline = memchr::memchr(b'\n', buffer);
        let part = buffer
            .get(..newline.unwrap_or(buffer.len()))
            .unwrap_or_default();
        // One more for a carriage return before the newline, which is not part of the line.
        if too_long || line.len() + part.len() > limit.saturating_add(1) {
            too_long = true;
            line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let used = newline.map_or(buffer.len(), |at| at + 1);
        from.consume(used);
        if ended && line.is_empty() && !too_long {
            return Ok(Some(Input::End));
        }
        if newline.is_some() || ended {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if too_long || line.len() > limit {
        return Ok(Some(Input::TooLong));
    }
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    Ok(Some(
        String::from_utf8(line).map_or(Input::NotText, Input::Line),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8], limit: usize) -> Vec<Input> {
        // A small buffer, so that lines span several reads.
        let mut from = io::BufReader::with_capacity(3, text);
        let mut inputs = Vec::new();
        loop {
            match read(&mut from, limit).unwrap() {
                Some(Input::End) => return inputs,
                Some(input) => inputs.push(input),
                None => {}
            }
        }
    }

    fn line(text: &str) -> Input {
        Input::Line(text.to_owned())
    }

    #[test]
    fn lines_end_with_either_newline_or_the_input() {
        assert_eq!(
            all(b"one\ntwo\r\n\n \t\nthree", 9),
            [line("one"), line("two"), line("three")]
        );
    }

    #[test]
    fn the_limit_takes_n_and_skips_n_plus_one() {
        assert_eq!(
            all(b"12345\n123456\n12345\r\n123456\r\n1\n", 5),
            [
                line("12345"),
                Input::TooLong,
                line("12345"),
                Input::TooLong,
                line("1")
            ]
        );
        assert_eq!(all(b"1234567890", 5), [Input::TooLong]);
    }

    #[test]
    fn bytes_that_are_no_text_are_said_to_be_none() {
        assert_eq!(all(b"\xff\xfe\nok\n", 9), [Input::NotText, line("ok")]);
    }
}

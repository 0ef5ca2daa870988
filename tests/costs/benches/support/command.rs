//! What the command line of a measuring program says.

use std::str::FromStr;

use super::Outcome;

/// True under `cargo bench`, which passes `--bench`. `cargo test --all-targets` runs the same
/// program without it and must not wait for a measurement.
pub(crate) fn is_bench() -> bool {
    given("--bench")
}

/// True if the flag stands on the command line.
pub(crate) fn given(flag: &str) -> bool {
    std::env::args().skip(1).any(|argument| argument == flag)
}

/// The number after `flag`, or `otherwise` where the flag is not given.
pub(crate) fn number<N: FromStr>(flag: &str, otherwise: N) -> Outcome<N> {
    let mut arguments = std::env::args().skip_while(|argument| argument != flag);
    if arguments.next().is_none() {
        return Ok(otherwise);
    }
    arguments
        .next()
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| format!("{flag} needs a number").into())
}

//! Rules of names, texts, times and limits that are known only when a server is built.

use std::time::Duration;

use super::BuildError;
#[cfg(feature = "http")]
use crate::catalogue::Catalogue;
#[cfg(feature = "http")]
use crate::http::CallerSource;
use crate::limits::{LONGEST, Limits};
use crate::refusal::Refusal;
use crate::text;

/// Checks a name that is not known when the program is compiled.
pub(crate) fn check_name(name: &str) -> Result<(), BuildError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if name.is_empty() || name.len() > 128 || !name.bytes().all(legal) {
        let shown = text::cut(name, 40);
        return Err(BuildError::new(
            Refusal::ToolName,
            format!(
                "`{shown}` cannot be the name of a tool: use 1 to 128 ASCII letters, digits, `_`, `-` \
             and `.`"
            ),
        ));
    }
    Ok(())
}

/// Checks the name of a tool.
pub(crate) fn check_tool_name(name: &str, any: bool) -> Result<(), BuildError> {
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|first| first.is_ascii_lowercase());
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if any || (starts && name.len() <= MAX_NAME && bytes.all(legal)) {
        return Ok(());
    }
    Err(BuildError::new(
        Refusal::ToolName,
        format!(
            "not every client takes the tool name `{name}`: use a lower-case letter and up to {} \
         lower-case letters, digits and `_`, or say `protocol_names()`",
            MAX_NAME - 1
        ),
    ))
}

/// Longest name of a tool, in bytes, that leaves room for the name of the server that clients put
/// before it.
const MAX_NAME: usize = 48;

/// Longest text that clients pass on to a model in full, in characters.
const MAX_TEXT: usize = 2048;

pub(crate) fn check_text(what: &str, text: &str) -> Result<(), BuildError> {
    let length = text.trim().chars().count();
    if length > MAX_TEXT {
        return Err(BuildError::new(
            Refusal::TextTooLong,
            format!(
                "{what} {length} characters, and clients cut what is beyond {MAX_TEXT}; shorten it"
            ),
        ));
    }
    Ok(())
}

pub(crate) fn check_duration(what: &str, duration: Duration) -> Result<(), BuildError> {
    if duration.is_zero() || duration > LONGEST {
        return Err(BuildError::new(
            Refusal::LimitOutOfRange,
            format!("{what} has to be above zero and at most 24 hours"),
        ));
    }
    Ok(())
}

/// Refuses what nobody could ever use.
#[cfg(feature = "http")]
pub(super) fn check_grants(
    catalogue: &Catalogue,
    source: &dyn CallerSource,
) -> Result<(), BuildError> {
    for (kind, name, scopes, _) in catalogue.permissions() {
        if let Some(scope) = scopes.iter().find(|scope| !source.can_grant(scope)) {
            return Err(BuildError::new(
                Refusal::ScopeNotGrantable,
                format!(
                    "the {kind} `{name}` needs the scope `{scope}`, which no token of the server's issuers \
                 can have and no group is granted; grant it to a group, or name another scope"
                ),
            ));
        }
    }
    Ok(())
}

/// The fewest tokens that a result can be kept to: what it says about a cut has to fit.
const MIN_TOKENS: u32 = 100;

pub(crate) fn check_budget(what: &str, tokens: u32) -> Result<(), BuildError> {
    if tokens < MIN_TOKENS {
        return Err(BuildError::new(
            Refusal::LimitOutOfRange,
            format!(
                "{what} is {tokens} tokens, in which nothing can be said; give it at least {MIN_TOKENS}"
            ),
        ));
    }
    Ok(())
}

pub(super) fn check_limits(limits: &Limits) -> Result<(), BuildError> {
    let counts = [
        ("body_bytes", limits.body_bytes),
        ("line_bytes", limits.line_bytes),
        ("depth", u32::from(limits.depth)),
        ("arguments", u32::from(limits.arguments)),
        ("in_flight", limits.in_flight),
        ("in_flight_per_caller", limits.in_flight_per_caller),
        ("result_bytes", limits.result_bytes),
        ("batch", u32::from(limits.batch)),
        ("rounds", u32::from(limits.rounds)),
        ("remembered_clients", limits.remembered_clients),
    ];
    if let Some((name, _)) = counts.iter().find(|(_, count)| *count == 0) {
        return Err(BuildError::new(
            Refusal::LimitOutOfRange,
            format!("the limit `{name}` is zero and would refuse everything; make it at least 1"),
        ));
    }
    check_budget("the limit `result_tokens`", limits.result_tokens)?;
    let times = [
        ("call_timeout", limits.call_timeout),
        ("body_time", limits.body_time),
        ("write_stall", limits.write_stall),
        ("resumable_time", limits.resumable_time),
        ("answer_timeout", limits.answer_timeout),
        ("state_lifetime", limits.state_lifetime),
        ("keep_alive", limits.keep_alive),
    ];
    for (name, time) in times {
        check_duration(&format!("the limit `{name}`"), time)?;
    }
    Ok(())
}

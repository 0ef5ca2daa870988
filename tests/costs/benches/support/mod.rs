//! What the measuring programs of this folder share.
//!
//! Each of them is a plain program (`harness = false`): it prints what it measured and exits with
//! [`exit::MISSED`] when a bound is not kept.

#![allow(dead_code, reason = "each program uses its own part of this module")]

pub(crate) mod callgrind;
pub(crate) mod client;
pub(crate) mod command;
pub(crate) mod exit;
pub(crate) mod http_server;
pub(crate) mod median;
pub(crate) mod memory;
pub(crate) mod requests;
pub(crate) mod runtime_api;
pub(crate) mod scratch;
pub(crate) mod stdio_server;
pub(crate) mod subscription;
pub(crate) mod ticks;

/// A failed measurement ends the program; all that is left to do is to say why.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

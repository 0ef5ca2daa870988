//! The tools, by what they do beyond returning a value.

pub(crate) mod asking;
pub(crate) mod forms;
pub(crate) mod handwritten;
pub(crate) mod notifying;
pub(crate) mod plain;
pub(crate) mod rounds;

//! From the annotated item to the tokens that replace it.

mod arguments;
mod call;
mod definition;
mod expose;
mod free;
mod parts;
mod prompt;
mod resource;
#[cfg(test)]
mod snapshots;
mod texts;
mod tool;
mod uri;

pub(crate) use expose::expose;
pub(crate) use free::marked;

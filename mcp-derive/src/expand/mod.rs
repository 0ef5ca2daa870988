//! From the annotated item to the tokens that replace it.

mod arguments;
mod call;
mod definition;
mod expose;
mod free;
mod half_typed;
mod marker;
mod parts;
mod prompt;
mod resource;
#[cfg(test)]
mod size;
#[cfg(test)]
mod snapshots;
mod texts;
mod tool;
#[cfg(test)]
mod typing;
mod uri;

pub(crate) use expose::expose;
pub(crate) use free::marked;
pub(crate) use half_typed::member as half_typed_member;

//! Arguments: what a tool declares, and one pass over what a call brings.

mod bounds;
pub(crate) mod nested;
mod problem;
mod read;
mod table;

pub(crate) use bounds::NumberBounds;
pub use bounds::{Bounds, Listed, Measured, Ranged};
pub use read::{Args, as_text};
pub(crate) use table::DefaultValue;
pub use table::{Arg, ClientArg, DefaultText, Items};

//! The options of `#[tool(...)]` that other markers do not have.

use syn::{Expr, ExprLit, Lit, LitInt};

use super::{Entry, Flag};
use crate::errors::Errors;

pub(super) const KEYS: &[&str] = &[
    "read_only",
    "destructive",
    "idempotent",
    "open_world",
    "single_use",
    "budget",
];

/// What a tool does to the world.
#[derive(Default)]
pub(crate) struct ToolOptions {
    pub(crate) read_only: Option<Flag>,
    pub(crate) destructive: Option<Flag>,
    pub(crate) idempotent: Option<Flag>,
    pub(crate) open_world: Option<Flag>,
    pub(crate) single_use: Option<Flag>,
    /// The tokens of one result.
    pub(crate) budget: Option<LitInt>,
}

impl ToolOptions {
    /// Takes an entry, or gives it back when its key is none of these.
    pub(crate) fn take(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let flag = match entry.key.to_string().as_str() {
            "read_only" => &mut self.read_only,
            "destructive" => &mut self.destructive,
            "idempotent" => &mut self.idempotent,
            "open_world" => &mut self.open_world,
            "single_use" => &mut self.single_use,
            "budget" => {
                self.budget = budget(entry, errors);
                return None;
            }
            _ => return Some(entry),
        };
        *flag = Some(entry.flag(errors));
        None
    }
}

/// The fewest tokens that a result can be kept to, as `build()` of the server has it for its own.
const MIN_TOKENS: u32 = 100;

/// A number of tokens.
fn budget(entry: Entry, errors: &mut Errors) -> Option<LitInt> {
    let expr = entry.expr(errors)?;
    if let Expr::Lit(ExprLit {
        lit: Lit::Int(tokens),
        ..
    }) = &expr
        && tokens
            .base10_parse::<u32>()
            .is_ok_and(|tokens| tokens >= MIN_TOKENS)
    {
        return Some(tokens.clone());
    }
    errors.at(
        expr,
        format_args!(
            "`budget` needs a number of tokens, at least {MIN_TOKENS}\nhelp: write \
             `budget = 5_000`"
        ),
    );
    None
}

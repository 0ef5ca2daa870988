//! `range` and `length`: whether anything fits them, and whether the default does.

use quote::{ToTokens, quote};

use crate::attr::arg::{Bounds, integer};
use crate::errors::Errors;

pub(super) fn bounds_hold(bounds: &Bounds, errors: &mut Errors) {
    if bounds.key == "length" {
        for bound in [&bounds.min, &bounds.max].into_iter().flatten() {
            if integer(bound).is_some_and(|bound| bound < 0) {
                errors.at(bound, "a length is not negative\nhelp: count from 0");
                return;
            }
        }
    }
    let (Some(min), Some(max)) = (&bounds.min, &bounds.max) else {
        return;
    };
    if let (Some(low), Some(high)) = (integer(min), integer(max))
        && low > high
    {
        let key = &bounds.key;
        errors.at(
            quote!(#min #max),
            format_args!(
                "the {key} `{low}..={high}` is empty\nhelp: write the smaller number first"
            ),
        );
    }
}

/// A literal default that its own bounds would refuse on every call that leaves the argument out.
pub(super) fn default_within(default: &syn::Expr, bounds: &Bounds, errors: &mut Errors) {
    let of_length = bounds.key == "length";
    let value = if of_length {
        length_of_text(default)
    } else {
        number(default)
    };
    let Some(value) = value else { return };
    let low = bounds.min.as_ref().and_then(number);
    let high = bounds.max.as_ref().and_then(number);
    if low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high) {
        return;
    }
    let text = |bound: &Option<syn::Expr>| match bound {
        Some(bound) => bound.to_token_stream().to_string().replace(' ', ""),
        None => String::new(),
    };
    let (min, max) = (text(&bounds.min), text(&bounds.max));
    let end = if max.is_empty() {
        "..".to_owned()
    } else {
        format!("..={max}")
    };
    let what = if of_length {
        format!("the default has a length of {value}, which")
    } else {
        format!("the default {}", text(&Some(default.clone())))
    };
    errors.at(
        default,
        format_args!(
            "{what} is outside `{min}{end}`\nhelp: widen the {}, or choose a default inside it",
            bounds.key
        ),
    );
}

/// The value of a literal number. Comparing as `f64` can only take two close numbers for equal.
fn number(expr: &syn::Expr) -> Option<f64> {
    match expr {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Float(float),
            ..
        }) => float.base10_parse().ok(),
        syn::Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Neg(_),
            expr,
            ..
        }) => number(expr).map(|value| -value),
        other => integer(other)?.to_string().parse().ok(),
    }
}

fn length_of_text(expr: &syn::Expr) -> Option<f64> {
    match expr {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => u32::try_from(text.value().chars().count())
            .ok()
            .map(f64::from),
        _ => None,
    }
}

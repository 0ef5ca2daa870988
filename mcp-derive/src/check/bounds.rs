//! `range` and `length`: whether anything fits them, and whether the default does.

use quote::{ToTokens, quote};

use crate::attr::arg::{Bounds, Default_, integer};
use crate::errors::{Errors, written};
use crate::param::{Param, Source, option_of, ungroup};

pub(super) fn bounds_hold(param: &Param, bounds: &Bounds, errors: &mut Errors) {
    if bounds.key == "length" {
        for bound in [&bounds.min, &bounds.max].into_iter().flatten() {
            if integer(bound).is_some_and(|bound| bound < 0) {
                errors.at(bound, "a length is not negative\nhelp: count from 0");
                return;
            }
        }
    } else if let Some(better) = other_literals(param, bounds) {
        let Bounds { min, max, .. } = bounds;
        let (ty, key) = (written(param.ty.clone()), &bounds.key);
        errors.at(
            quote!(#min #max),
            format_args!("the {key} is not one of `{ty}` numbers\nhelp: write `{key} = {better}`"),
        );
        return;
    }
    let (Some(min), Some(max)) = (&bounds.min, &bounds.max) else {
        return;
    };
    if let (Some(low), Some(high)) = (number(min), number(max))
        && low > high
    {
        let key = &bounds.key;
        errors.at(
            quote!(#min #max),
            format_args!(
                "the {key} `{}..={}` is empty\nhelp: write the smaller number first",
                written(min.to_token_stream()),
                written(max.to_token_stream())
            ),
        );
    }
}

/// A default that its own bounds would refuse on every call that leaves the argument out, as far as
/// its value can be read here: literals, and what the language's own types begin with.
pub(super) fn default_within(
    param: &Param,
    default: &Default_,
    bounds: &Bounds,
    errors: &mut Errors,
) {
    let of_length = bounds.key == "length";
    let value = match &default.value {
        Some(value) if of_length => length_of_text(value),
        Some(value) => number(value),
        None => begins_with_zero(param, of_length).then_some(0.0),
    };
    let Some(value) = value else { return };
    let low = bounds.min.as_ref().and_then(number);
    let high = bounds.max.as_ref().and_then(number);
    if low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high) {
        return;
    }
    let text = |bound: &Option<syn::Expr>| match bound {
        Some(bound) => written(bound.to_token_stream()),
        None => String::new(),
    };
    let (min, max) = (text(&bounds.min), text(&bounds.max));
    let end = if max.is_empty() {
        "..".to_owned()
    } else {
        format!("..={max}")
    };
    let what = match &default.value {
        Some(_) | None if of_length => format!("the default has a length of {value}, which"),
        Some(value) => format!("the default {}", written(value.to_token_stream())),
        None => "the default of the type, 0,".to_owned(),
    };
    let message = format!(
        "{what} is outside `{min}{end}`\nhelp: widen the {}, or choose a default inside it",
        bounds.key
    );
    match &default.value {
        Some(value) => errors.at(value, message),
        None => errors.at(&default.key, message),
    }
}

/// Whether `Default` of the parameter's type is zero, or has no length.
fn begins_with_zero(param: &Param, of_length: bool) -> bool {
    let Ok(ty) = syn::parse2(param.ty.clone()) else {
        return false;
    };
    match ty {
        _ if matches!(param.source, Source::Text { .. }) => of_length,
        syn::Type::Path(path) if of_length => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "String" || last.ident == "Vec")
        }
        ty => has_a_point(&ty).is_some(),
    }
}

/// Whether a number of the language has a decimal point; `None` for other types.
fn has_a_point(ty: &syn::Type) -> Option<bool> {
    const INTEGERS: [&str; 10] = [
        "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize",
    ];
    let syn::Type::Path(path) = ungroup(ty) else {
        return None;
    };
    let name = path.path.get_ident()?;
    if name == "f32" || name == "f64" {
        return Some(true);
    }
    INTEGERS
        .iter()
        .any(|integer| name == integer)
        .then_some(false)
}

/// The range with literals of the parameter's type, where both are of the other kind: the compiler
/// would report each of them.
fn other_literals(param: &Param, bounds: &Bounds) -> Option<String> {
    let ty: syn::Type = syn::parse2(param.ty.clone()).ok()?;
    let wants_point = has_a_point(option_of(&ty).unwrap_or(&ty))?;
    let better = |bound: &syn::Expr| {
        let text = written(bound.to_token_stream());
        let is_plain = text.chars().all(|c| c.is_ascii_digit() || "-.".contains(c));
        match text.split_once('.') {
            None if is_plain && wants_point => Some(format!("{text}.0")),
            Some((whole, _)) if is_plain && !wants_point => Some(whole.to_owned()),
            _ => None,
        }
    };
    let (min, max) = (bounds.min.as_ref()?, bounds.max.as_ref()?);
    Some(format!("{}..={}", better(min)?, better(max)?))
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

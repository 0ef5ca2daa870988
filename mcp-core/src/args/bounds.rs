//! Bounds of numbers and lengths, typed by what they bound.

use std::borrow::Cow;
use std::fmt;

use serde_json::Number;

/// Inclusive bounds, either of which may be open.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<B> {
    /// The smallest value allowed.
    pub min: Option<B>,
    /// The largest value allowed.
    pub max: Option<B>,
}

/// [`Bounds`] as JSON numbers, for the schema.
#[derive(Clone, Debug)]
pub struct NumberBounds {
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
}

impl<B: PartialOrd> Bounds<B> {
    pub(super) fn hold(&self, value: &B) -> bool {
        self.min.as_ref().is_none_or(|min| min <= value)
            && self.max.as_ref().is_none_or(|max| value <= max)
    }
}

impl<B: IntoNumber> Bounds<B> {
    /// The bounds for the schema.
    pub fn to_schema(&self) -> NumberBounds {
        let number = |bound: Option<B>| bound.and_then(IntoNumber::into_number);
        NumberBounds {
            min: number(self.min),
            max: number(self.max),
        }
    }
}

/// A type that `range` can bound: numbers, and `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`range` cannot bound a `{Self}`",
    label = "bounds numbers of at most 64 bits",
    note = "text and lists have a `length`"
)]
pub trait Ranged {
    /// The type of the bounds.
    type Bound: IntoNumber + PartialOrd + fmt::Display;

    /// The number, if there is one.
    fn number(&self) -> Option<Self::Bound>;
}

/// A number that a schema can hold.
pub trait IntoNumber: Copy {
    /// The same number as JSON; `None` when JSON has no such number.
    fn into_number(self) -> Option<Number>;
}

macro_rules! ranged {
    ($($number:ty => $convert:expr),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Ranged for $number {
            type Bound = Self;

            fn number(&self) -> Option<Self> {
                Some(*self)
            }
        }

        impl IntoNumber for $number {
            fn into_number(self) -> Option<Number> {
                $convert(self)
            }
        }
    )*};
}

ranged! {
    u8 => |n| Some(Number::from(n)), u16 => |n| Some(Number::from(n)),
    u32 => |n| Some(Number::from(n)), u64 => |n| Some(Number::from(n)),
    usize => |n| Some(Number::from(n)),
    i8 => |n| Some(Number::from(n)), i16 => |n| Some(Number::from(n)),
    i32 => |n| Some(Number::from(n)), i64 => |n| Some(Number::from(n)),
    isize => |n| Some(Number::from(n)),
    // Through its shortest text: 0.1 stays 0.1.
    f32 => |n: f32| n.to_string().parse().ok().and_then(Number::from_f64), f64 => Number::from_f64
}

#[diagnostic::do_not_recommend]
impl<T: Ranged> Ranged for Option<T> {
    type Bound = T::Bound;

    fn number(&self) -> Option<Self::Bound> {
        self.as_ref().and_then(Ranged::number)
    }
}

/// A type whose items `items` can bound: lists, and `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`items` bounds what is in a list, and `{Self}` is none",
    label = "not a list",
    note = "take a `Vec`"
)]
pub trait Listed {
    /// The type of the items.
    type Item;
}

#[diagnostic::do_not_recommend]
impl<T> Listed for Vec<T> {
    type Item = T;
}

#[diagnostic::do_not_recommend]
impl<T: Listed> Listed for Option<T> {
    type Item = T::Item;
}

/// A type that `length` can bound: text by its characters, lists by their items.
#[diagnostic::on_unimplemented(
    message = "`length` bounds text and lists, and `{Self}` is neither",
    label = "has no length",
    note = "numbers have a `range`"
)]
pub trait Measured {
    /// Characters or items, if there is a value.
    fn length(&self) -> Option<usize>;
}

#[diagnostic::do_not_recommend]
impl Measured for str {
    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }
}

#[diagnostic::do_not_recommend]
impl Measured for String {
    fn length(&self) -> Option<usize> {
        self.as_str().length()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Measured + ?Sized> Measured for &T {
    fn length(&self) -> Option<usize> {
        (**self).length()
    }
}

#[diagnostic::do_not_recommend]
impl Measured for Cow<'_, str> {
    fn length(&self) -> Option<usize> {
        (**self).length()
    }
}

#[diagnostic::do_not_recommend]
impl<T> Measured for Vec<T> {
    fn length(&self) -> Option<usize> {
        Some(self.len())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Measured> Measured for Option<T> {
    fn length(&self) -> Option<usize> {
        self.as_ref().and_then(Measured::length)
    }
}

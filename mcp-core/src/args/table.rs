//! The argument table of a tool: what each argument is, fixed at compile time.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_core::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde_core::forward_to_deserialize_any;

use super::bounds::{Bounds, NumberBounds};

/// The most arguments a tool can declare.
pub(crate) const MAX_ARGUMENTS: usize = 16;

/// One row of a tool's argument table.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static str,
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
    /// Whether the type itself has a value for "left out".
    pub(crate) optional: fn() -> bool,
    pub(crate) default: DefaultValue,
    pub(crate) range: Option<fn() -> NumberBounds>,
    pub(crate) length: Option<Bounds<u32>>,
    /// What the text has to match.
    pub(crate) pattern: Option<&'static str>,
    /// What the items of the list have to be.
    pub(crate) items: Option<Items>,
    /// The HTTP header that repeats the argument.
    pub(crate) header: Option<&'static str>,
    /// Whether its value is recorded in clear.
    pub(crate) audit: bool,
}

/// What each item of a list has to be.
#[derive(Clone, Copy, Debug)]
pub struct Items {
    pub(crate) range: Option<fn() -> NumberBounds>,
    pub(crate) length: Option<Bounds<u32>>,
    pub(crate) pattern: Option<&'static str>,
}

impl Items {
    /// Items of which nothing is asked.
    pub const NEW: Self = Self {
        range: None,
        length: None,
        pattern: None,
    };

    /// Each item is a number within bounds.
    pub const fn range(mut self, bounds: fn() -> NumberBounds) -> Self {
        self.range = Some(bounds);
        self
    }

    /// Each item has a number of characters or items within bounds.
    pub const fn length(mut self, bounds: Bounds<u32>) -> Self {
        self.length = Some(bounds);
        self
    }

    /// Each item is text that a regular expression matches somewhere.
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }
}

/// What an argument is when the client leaves it out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DefaultValue {
    /// There is no default.
    None,
    /// The value of an expression.
    Hidden,
    /// A literal, as JSON.
    Shown(&'static str),
}

impl Arg {
    const fn new(
        name: &'static str,
        docs: &'static str,
        schema: fn(&mut SchemaGenerator) -> Schema,
        optional: fn() -> bool,
    ) -> Self {
        Self {
            name,
            docs,
            schema,
            optional,
            default: DefaultValue::None,
            range: None,
            length: None,
            pattern: None,
            items: None,
            header: None,
            audit: false,
        }
    }

    /// An argument of type `T`.
    pub const fn value<T: ClientArg<'static>>(name: &'static str, docs: &'static str) -> Self {
        Self::new(name, docs, T::schema, || T::missing().is_some())
    }

    /// Text that borrows from the request.
    pub const fn text(name: &'static str, docs: &'static str) -> Self {
        Self::new(name, docs, SchemaGenerator::subschema_for::<str>, || false)
    }

    /// Text that may be left out.
    pub const fn optional_text(name: &'static str, docs: &'static str) -> Self {
        Self::new(name, docs, SchemaGenerator::subschema_for::<str>, || true)
    }

    /// The argument may be left out; `json` is the value it then has, where it is a literal.
    pub const fn default(mut self, json: Option<&'static str>) -> Self {
        self.default = match json {
            Some(json) => DefaultValue::Shown(json),
            None => DefaultValue::Hidden,
        };
        self
    }

    /// The argument is a number within bounds.
    pub const fn range(mut self, bounds: fn() -> NumberBounds) -> Self {
        self.range = Some(bounds);
        self
    }

    /// The argument has a number of characters or items within bounds.
    pub const fn length(mut self, bounds: Bounds<u32>) -> Self {
        self.length = Some(bounds);
        self
    }

    /// The argument is text that a regular expression matches somewhere.
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// The argument is a list whose items are within bounds.
    pub const fn items(mut self, items: Items) -> Self {
        self.items = Some(items);
        self
    }

    /// The argument is repeated in the HTTP header `Mcp-Param-{header}`.
    pub const fn header(mut self, header: &'static str) -> Self {
        self.header = Some(header);
        self
    }

    /// The value of the argument is recorded in clear, in audit records.
    pub const fn audit(mut self) -> Self {
        self.audit = true;
        self
    }

    /// Whether a client may leave the argument out.
    pub(crate) fn is_optional(&self) -> bool {
        !matches!(self.default, DefaultValue::None) || (self.optional)()
    }
}

/// What an owned parameter has to be: decoded from JSON, and described by a schema.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a tool argument",
    label = "not a type that a client can send",
    note = "derive `serde::Deserialize` and `schemars::JsonSchema` (schemars 1.x) for it",
    note = "if the server supplies it, take it by reference",
    note = "guide: docs/guide/arguments.md"
)]
pub trait ClientArg<'de>: Sized {
    /// Decodes the raw JSON.
    ///
    /// # Errors
    ///
    /// When the JSON does not fit the type.
    fn parse(json: &'de str) -> Result<Self, serde_json::Error>;

    /// The value for "left out", if the type has one, as `Option` does.
    fn missing() -> Option<Self>;

    /// The schema of the JSON.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

#[diagnostic::do_not_recommend]
impl<'de, T: Deserialize<'de> + JsonSchema> ClientArg<'de> for T {
    fn parse(json: &'de str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    fn missing() -> Option<Self> {
        T::deserialize(Missing).ok()
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// A deserializer that has nothing: only a type with a value for "absent" accepts it.
struct Missing;

impl<'de> Deserializer<'de> for Missing {
    type Error = serde_core::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("missing"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A type whose default can be written as text.
#[diagnostic::on_unimplemented(
    message = "the default of a `{Self}` cannot be text",
    label = "expected a `{Self}`, found text",
    note = "write a value of the type, a number, `true` or the variant of an enum, or implement \
            `From<&str>` for it"
)]
pub trait DefaultText {
    /// The value that the text stands for.
    fn from_text(text: &'static str) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: From<&'static str>> DefaultText for T {
    fn from_text(text: &'static str) -> Self {
        text.into()
    }
}

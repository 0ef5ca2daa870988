//! The arguments of a call: one pass over the object, every violation collected.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};
use serde_core::forward_to_deserialize_any;
use serde_json::Number;
use serde_json::value::RawValue;

use crate::coerce;
use crate::inject::Request;
use crate::jsonrpc;
use crate::output::{Reply, ReplyKind};
use crate::text;
use crate::tool::Outcome;

/// The most arguments a tool can declare.
pub(crate) const MAX_ARGUMENTS: usize = 16;

/// Violations reported in one reply; a model mends these first.
const MAX_PROBLEMS: usize = 20;

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
    note = "if the server supplies it, take it by reference"
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
    fn hold(&self, value: &B) -> bool {
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
    message = "`range` bounds numbers, and `{Self}` is none",
    label = "not a number",
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

/// A type whose default can be written as text.
#[diagnostic::on_unimplemented(
    message = "the default of a `{Self}` cannot be text",
    label = "expected a `{Self}`, found text"
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

/// The text of an optional argument.
pub fn as_text<'a>(text: &'a Option<Cow<'_, str>>) -> Option<&'a str> {
    text.as_deref()
}

/// The arguments of one call, being read.
///
/// Each getter gives `None` after it has recorded what is wrong, so all violations are known
/// before [`Args::refuse`] reports them.
#[derive(Debug)]
pub struct Args<'c> {
    request: &'c Request<'c>,
    slots: [Option<&'c str>; MAX_ARGUMENTS],
    problems: Vec<String>,
}

impl<'c> Args<'c> {
    pub(crate) fn new(request: &'c Request<'c>) -> Self {
        let mut args = Self {
            request,
            slots: [None; MAX_ARGUMENTS],
            problems: Vec::new(),
        };
        let mut json = serde_json::Deserializer::from_str(request.arguments);
        let read = json.deserialize_map(Split { args: &mut args });
        if let Err(error) = read {
            // The parse of the whole message has accepted this text, so only our own limit is left.
            args.problem(error.to_string());
        }
        args
    }

    fn slot(&self, index: usize) -> Option<&'c str> {
        self.slots.get(index).copied().flatten()
    }

    /// A required argument.
    pub fn value<T: ClientArg<'c>>(&mut self, index: usize) -> Option<T> {
        match self.slot(index) {
            Some(json) => self.parse(index, json),
            None => match T::missing() {
                Some(value) => Some(value),
                None => self.missing(index),
            },
        }
    }

    /// An argument with a default, which `null` stands for as well.
    pub fn value_or<T: ClientArg<'c>>(&mut self, index: usize, default: fn() -> T) -> Option<T> {
        match self.slot(index) {
            Some(json) if json != "null" => self.parse(index, json),
            _ => Some(default()),
        }
    }

    /// Required text.
    pub fn text(&mut self, index: usize) -> Option<Cow<'c, str>> {
        match self.slot(index) {
            Some(json) => self.parse_text(index, json),
            None => self.missing(index),
        }
    }

    /// Text with a default, which `null` stands for as well.
    pub fn text_or(&mut self, index: usize, default: fn() -> &'static str) -> Option<Cow<'c, str>> {
        match self.slot(index) {
            Some(json) if json != "null" => self.parse_text(index, json),
            _ => Some(Cow::Borrowed(default())),
        }
    }

    /// Text that may be left out or `null`.
    pub fn optional_text(&mut self, index: usize) -> Option<Option<Cow<'c, str>>> {
        match self.slot(index) {
            Some(json) if json != "null" => self.parse_text(index, json).map(Some),
            _ => Some(None),
        }
    }

    /// Keeps a number that lies within the bounds.
    pub fn within<T, B: PartialOrd + fmt::Display>(
        &mut self,
        index: usize,
        value: Option<T>,
        bounds: &Bounds<B>,
        number: fn(&T) -> Option<B>,
    ) -> Option<T> {
        match number(value.as_ref()?) {
            Some(number) if !bounds.hold(&number) => {
                self.violated(index, format_args!("{number}"));
                None
            }
            _ => value,
        }
    }

    /// Keeps text or a list whose length lies within the bounds.
    pub fn measured<T>(
        &mut self,
        index: usize,
        value: Option<T>,
        bounds: &Bounds<u32>,
        length: fn(&T) -> Option<usize>,
    ) -> Option<T> {
        match length(value.as_ref()?) {
            Some(length) if !bounds.hold(&u32::try_from(length).unwrap_or(u32::MAX)) => {
                self.violated(index, format_args!("a length of {length}"));
                None
            }
            _ => value,
        }
    }

    /// Whether nothing was wrong so far.
    pub fn accepted(&self) -> bool {
        self.problems.is_empty()
    }

    /// The reply that lists everything that was wrong.
    #[cold]
    pub fn refuse<'o>(self) -> Outcome<'o> {
        let count = self.problems.len();
        let mut text = match count {
            1 => "Nothing was done: an argument is not acceptable.".to_owned(),
            _ => format!("Nothing was done: {count} arguments are not acceptable."),
        };
        for problem in &self.problems {
            text.push_str("\n- ");
            text.push_str(problem);
        }
        Outcome::now(Reply(ReplyKind::BadArguments(text)))
    }

    fn parse<T: ClientArg<'c>>(&mut self, index: usize, json: &'c str) -> Option<T> {
        match T::parse(json) {
            Ok(value) => Some(value),
            Err(error) => {
                let corrected = coerce::candidates(json, self.request.scratch)
                    .find_map(|candidate| T::parse(candidate).ok());
                if corrected.is_none() {
                    self.mismatch(index, json, &error);
                }
                corrected
            }
        }
    }

    fn parse_text(&mut self, index: usize, json: &'c str) -> Option<Cow<'c, str>> {
        let text = jsonrpc::text(json);
        if text.is_none() {
            self.violated(index, format_args!("{}", Shown(json)));
        }
        text
    }

    #[cold]
    fn missing<T>(&mut self, index: usize) -> Option<T> {
        let (name, expected) = self.expected(index);
        let problem = format!("`{name}` is required: {expected}");
        self.problem(problem);
        None
    }

    #[cold]
    fn violated(&mut self, index: usize, got: fmt::Arguments<'_>) {
        let (name, expected) = self.expected(index);
        let problem = format!("`{name}` has to be {expected}; got {got}");
        self.problem(problem);
    }

    #[cold]
    fn mismatch(&mut self, index: usize, json: &str, error: &serde_json::Error) {
        let (name, expected) = self.expected(index);
        let mut problem = format!("`{name}` has to be {expected}; got {}", Shown(json));
        if matches!(json.as_bytes().first(), Some(b'{' | b'[')) {
            // What is wrong inside a structure; the position would count from its own start.
            let detail = error.to_string();
            let detail = detail.split(" at line ").next().unwrap_or_default();
            let _ = write!(problem, " in which {}", text::cut(detail, 200));
        }
        self.problem(problem);
    }

    fn expected(&self, index: usize) -> (&'c str, &'c str) {
        let tool = self.request.tool;
        let name = tool.spec.args.get(index).map_or("", |arg| arg.name);
        let expected = tool.expects.get(index).map_or("", |text| text);
        (name, expected)
    }

    #[cold]
    fn unknown(&mut self, key: &str) {
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        let args = self.request.tool.spec.args;
        let known = args.iter().map(|arg| arg.name);
        let mut problem = format!("`{}` is not an argument of this tool", Cut(key));
        if let Some(name) = nearest(key, known.clone()) {
            let _ = write!(problem, "; did you mean `{name}`?");
        } else if args.is_empty() {
            problem.push_str(", which takes none");
        } else {
            let names: Vec<&str> = known.collect();
            let _ = write!(problem, "; it takes `{}`", names.join("`, `"));
        }
        self.problem(problem);
    }

    fn problem(&mut self, problem: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// Puts each value into the slot of its name.
struct Split<'a, 'c> {
    args: &'a mut Args<'c>,
}

impl<'c> Visitor<'c> for Split<'_, 'c> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arguments")
    }

    fn visit_map<A: MapAccess<'c>>(self, mut map: A) -> Result<(), A::Error> {
        let limit = self.args.request.limits.arguments;
        let mut count = 0_u16;
        while let Some(known) = map.next_key_seed(Name { args: self.args })? {
            count = count.saturating_add(1);
            if count > limit {
                self.args
                    .problem(format!("a call takes at most {limit} arguments"));
                map.next_value::<IgnoredAny>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(());
            }
            let Some(index) = known else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let json = map.next_value::<&'c RawValue>()?.get();
            let Some(slot) = self.args.slots.get_mut(index) else {
                continue;
            };
            if slot.replace(json).is_some() {
                let (name, _) = self.args.expected(index);
                self.args.problem(format!("`{name}` is given twice"));
            }
        }
        Ok(())
    }
}

/// Reads a key as the index of its row; an unknown one is recorded.
struct Name<'a, 'c> {
    args: &'a mut Args<'c>,
}

impl<'c> DeserializeSeed<'c> for Name<'_, 'c> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'c>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let rows = self.args.request.tool.spec.args;
        let index = rows.iter().position(|arg| arg.name == key);
        if index.is_none() {
            self.args.unknown(key);
        }
        Ok(index)
    }
}

/// JSON as it is shown in an error: scalars themselves, short; structures by their kind.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_bytes().first() {
            Some(b'{') => f.write_str("an object"),
            Some(b'[') => f.write_str("a list"),
            Some(b'"') => write!(f, "the text {}", Cut(self.0)),
            _ => write!(f, "{}", Cut(self.0)),
        }
    }
}

/// At most 40 characters of a text.
struct Cut<'a>(&'a str);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = start_of(self.0);
        f.write_str(start)?;
        f.write_str(if start.len() < self.0.len() {
            "..."
        } else {
            ""
        })
    }
}

fn start_of(text: &str) -> &str {
    text::cut(text, 40)
}

/// The known name closest to `given`, when it is close enough to be a mistake in it.
fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
    // A key can be as long as a message; no name is.
    let given = fold(start_of(given));
    known
        .map(|name| (strsim::osa_distance(&given, &fold(name)), name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

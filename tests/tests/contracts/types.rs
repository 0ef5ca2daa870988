//! The author's own types of the corpus: each shape that serde and schemars know.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A point.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Point {
    /// To the right.
    pub(crate) x: f64,
    /// Upwards.
    pub(crate) y: f64,
}

/// Nothing but optional fields.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Filter {
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default)]
    limit: u16,
    #[serde(default = "one")]
    page: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    near: Option<Point>,
}

fn one() -> u32 {
    1
}

/// Bounds of every kind, as attributes that schemars reads.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Bounded {
    #[schemars(range(min = 1, max = 99))]
    quantity: u32,
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    share: f64,
    #[schemars(length(min = 2, max = 5))]
    code: String,
    #[schemars(regex(pattern = r"^[A-Z]{2}-\d+$"))]
    number: String,
    #[schemars(length(min = 1, max = 3), inner(length(max = 4)))]
    labels: Vec<String>,
    #[schemars(extend("exclusiveMaximum" = 10))]
    below_ten: i64,
}

/// The same words as `garde` has them.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Guarded {
    #[garde(range(min = -5, max = 5))]
    level: i32,
    #[garde(length(min = 1, max = 8))]
    name: String,
}

/// The same words as `validator` has them.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Validated {
    #[validate(range(min = 1, max = 3))]
    level: u8,
    #[validate(length(equal = 5))]
    zip: String,
    #[validate(email)]
    mail: String,
}

/// Words that nothing enforces, so that no schema says them.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Unenforced {
    #[schemars(extend("multipleOf" = 5))]
    step: u32,
    #[schemars(extend("uniqueItems" = true))]
    once: Vec<u8>,
}

/// An order with lines.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Order {
    customer: String,
    #[schemars(length(min = 1))]
    lines: Vec<Line>,
    address: Address,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Line {
    /// What is ordered.
    item: String,
    #[schemars(range(min = 1))]
    count: u16,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Address {
    street: String,
    #[schemars(length(equal = 5))]
    zip: String,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Strict {
    first_name: String,
    #[serde(rename = "zip-code")]
    zip: u32,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Flattened {
    title: String,
    #[serde(flatten)]
    at: Point,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Open {
    known: u32,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct OpenCounts {
    known: u32,
    #[serde(flatten)]
    others: BTreeMap<String, u8>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Aliased {
    #[serde(alias = "quantity")]
    #[schemars(range(max = 9))]
    count: u32,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Skipping {
    kept: u8,
    #[serde(skip)]
    #[allow(dead_code, reason = "neither sent nor received")]
    own: u64,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Empty {}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct CustomerId(pub(crate) String);

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Percent(#[schemars(range(max = 100))] u8);

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Wrapped {
    inner: Point,
}

/// A number that its own code checks while it is decoded.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "u32", into = "u32")]
#[schemars(with = "u32")]
pub(crate) struct Even(u32);

impl TryFrom<u32> for Even {
    type Error = &'static str;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if number.is_multiple_of(2) {
            Ok(Self(number))
        } else {
            Err("an even number is wanted")
        }
    }
}

impl From<Even> for u32 {
    fn from(even: Even) -> Self {
        even.0
    }
}

impl Clone for Even {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Plain {
    First,
    SecondOne,
}

/// How to sort.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) enum Documented {
    /// Oldest first.
    #[serde(rename = "oldest-first")]
    Oldest,
    /// Newest first.
    Newest,
    Unsorted,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) enum Single {
    Only,
}

/// How it is paid.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Payment {
    /// By card.
    Card {
        #[schemars(length(min = 4, max = 4))]
        last_digits: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// By bill.
    Bill {
        to: Address,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    Cash,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "type")]
pub(crate) enum Holding {
    Point(Point),
    Address(Address),
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "is", content = "of")]
pub(crate) enum Adjacent {
    Name(String),
    Number(String),
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Purchase {
    cents: u32,
    #[serde(flatten)]
    by: Payment,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Basket {
    payments: Vec<Payment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund: Option<Payment>,
}

/// Which field types conflict.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind")]
pub(crate) enum Conflicting {
    Size { value: u32 },
    Name { value: String },
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) enum External {
    Circle(f64),
    Square { side: f64 },
    Nothing,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Number(i64),
    Text(String),
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "is", content = "of")]
pub(crate) enum AdjacentConflict {
    Number(u8),
    Text(String),
}

/// A type that contains itself.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Tree {
    #[schemars(length(max = 5))]
    name: String,
    children: Vec<Tree>,
}

/// Names that no vendor takes.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Umlauts {
    #[serde(rename = "größe")]
    size: u8,
}

/// Times of `chrono`.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Booking {
    from: chrono::NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<chrono::DateTime<chrono::Utc>>,
}

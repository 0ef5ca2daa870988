//! The corpus: one tool for each type, with values that it has to take and to refuse.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroI64, NonZeroU8};
use std::path::PathBuf;
use std::time::Duration;

use mcp_core::testing::Client;
use mcp_core::{BuildError, SchemaProfile, Server, ServerBuilder, server_info, tool, tools};
use serde_json::{Map, Value, json};

use super::types::*;

/// One type of the corpus.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Values that a call has to take.
    pub(crate) takes: Vec<Value>,
    /// Values that it has to refuse.
    pub(crate) refuses: Vec<Value>,
}

macro_rules! corpus {
    ($($(#[$arg:meta])* $name:ident: $ty:ty { takes $takes:tt, refuses $refuses:tt })*) => {
        $(
            /// Gives back what it was given.
            #[tool]
            fn $name(
                /// The value.
                $(#[$arg])*
                value: $ty,
            ) -> $ty {
                value
            }
        )*

        /// The types that both profiles take.
        pub(crate) fn cases() -> Vec<Case> {
            vec![$(Case {
                name: stringify!($name),
                takes: serde_json::from_value(json!($takes)).unwrap(),
                refuses: serde_json::from_value(json!($refuses)).unwrap(),
            }),*]
        }

        fn with_all(builder: ServerBuilder<()>) -> ServerBuilder<()> {
            builder$(.tools(tools![$name]))*
        }
    };
}

macro_rules! beyond_portable {
    ($($name:ident: $ty:ty { takes $takes:tt, refuses $refuses:tt })*) => {
        $(
            /// Gives back what it was given.
            #[tool]
            fn $name(
                /// The value.
                value: $ty,
            ) -> $ty {
                value
            }
        )*

        /// The types that the full profile alone takes.
        pub(crate) fn beyond_portable() -> Vec<Case> {
            vec![$(Case {
                name: stringify!($name),
                takes: serde_json::from_value(json!($takes)).unwrap(),
                refuses: serde_json::from_value(json!($refuses)).unwrap(),
            }),*]
        }

        /// What a server with each of them says by default.
        pub(crate) fn refusals() -> Vec<(&'static str, BuildError)> {
            vec![$((
                stringify!($name),
                builder().tools(tools![$name]).build().unwrap_err(),
            )),*]
        }

        fn with_these(builder: ServerBuilder<()>) -> ServerBuilder<()> {
            builder$(.tools(tools![$name]))*
        }
    };
}

fn builder() -> ServerBuilder<()> {
    Server::new(server_info!(), ())
}

/// A client of the server with the portable schemas.
pub(crate) fn portable() -> Client {
    Client::new(&with_all(builder()).build().unwrap())
}

/// A client of the server with the full ones.
pub(crate) fn full() -> Client {
    let server = with_these(with_all(builder())).schemas(SchemaProfile::Full);
    Client::new(&server.build().unwrap())
}

fn is_short(word: &str) -> Result<(), String> {
    if word.len() <= 3 {
        return Ok(());
    }
    Err(format!("{} letters are too many", word.len()))
}

fn is_sorted(list: &[u8]) -> Result<(), &'static str> {
    if list.is_sorted() {
        Ok(())
    } else {
        Err("the list is not sorted")
    }
}

corpus! {
    // Numbers.
    truth: bool { takes [true, false, "true"], refuses [0, "yes", null, []] }
    byte: u8 { takes [0, 255, "7", 7.0, "7.0"], refuses [256, -1, 1.5, "x", true, null] }
    short: i16 { takes [-32768, 32767], refuses [32768, -32769, "1.5"] }
    whole: i32 { takes [-5, 5e3], refuses [2_147_483_648_i64, {}] }
    unsigned: u32 { takes [0, 4_294_967_295_u32], refuses [4_294_967_296_i64, -1] }
    long: i64 { takes [i64::MIN, i64::MAX, "9223372036854775807"], refuses [9_223_372_036_854_775_808_u64, 0.5] }
    long_unsigned: u64 { takes [0, u64::MAX], refuses [-1, 1e30] }
    size: usize { takes [0, 1], refuses [-1] }
    huge: i128 { takes [0, -1, u64::MAX], refuses ["x", 0.5] }
    real: f64 { takes [0, -1.5, 1e300, "2.5"], refuses ["x", "NaN", null] }
    single: f32 { takes [0.5, -1], refuses [[], "one"] }
    not_zero: NonZeroU8 { takes [1, 255], refuses [0, 256] }
    not_zero_long: NonZeroI64 { takes [1, -1], refuses [0] }
    #[arg(range = 1..=60)]
    months: u32 { takes [1, 60, "60"], refuses [0, 61] }
    #[arg(range = 0.0..=1.0)]
    share: f64 { takes [0, 0.5, 1], refuses [-0.1, 1.1] }
    #[arg(default = 12, range = 1..=60)]
    with_default: u32 { takes [1, null], refuses [0] }
    percent: Percent { takes [0, 100], refuses [101, -1] }
    even: Even { takes [0, 2], refuses [1, -2] }

    // Texts.
    words: String { takes ["", "äöü", "5"], refuses [5, true, null, []] }
    shared_words: Cow<'static, str> { takes ["a"], refuses [1] }
    letter: char { takes ["a", "ä"], refuses ["", "ab", 1] }
    #[arg(length = 1..=3)]
    short_words: String { takes ["a", "äöü"], refuses ["", "abcd"] }
    #[arg(pattern = "^[a-z]+$")]
    lower: String { takes ["abc"], refuses ["", "ABC", "a b"] }
    #[arg(check = is_short)]
    checked: String { takes ["abc"], refuses ["abcd"] }
    customer: CustomerId { takes ["C-1"], refuses [1, {}] }
    path: PathBuf { takes ["/tmp"], refuses [1] }
    address: IpAddr { takes ["192.0.2.1", "::1"], refuses ["localhost", 1] }
    address_v4: Ipv4Addr { takes ["192.0.2.1"], refuses ["::1", "192.0.2"] }
    date: chrono::NaiveDate { takes ["2026-01-31"], refuses ["2026-02-31", "tomorrow", 5] }
    moment: chrono::DateTime<chrono::Utc> { takes ["2026-01-31T12:30:00Z"], refuses ["2026-01-31", "now"] }
    clock: chrono::NaiveTime { takes ["12:30:00"], refuses ["25:00:00", "noon"] }
    local_moment: chrono::NaiveDateTime { takes ["2026-01-31T12:30:00"], refuses ["2026-01-31", 0] }
    jiff_date: jiff::civil::Date { takes ["2026-01-31"], refuses ["2026-13-01", 1] }
    jiff_moment: jiff::Timestamp { takes ["2026-01-31T12:30:00Z"], refuses ["soon"] }
    jiff_duration: jiff::SignedDuration { takes ["PT1H30M"], refuses ["an hour"] }
    id: uuid::Uuid { takes ["67e55044-10b1-426f-9247-bb680e5fe0c8"], refuses ["67e55044", 1] }
    page: url::Url { takes ["https://example.com/page"], refuses ["not a url", "/page"] }
    amount: rust_decimal::Decimal { takes ["12.50", "-1", 3], refuses ["12,50", "x", {}] }

    // What may be left out.
    maybe: Option<u32> { takes [1, null, "3"], refuses [-1, "x"] }
    maybe_words: Option<String> { takes ["a", null], refuses [1] }
    maybe_list: Option<Vec<u8>> { takes [[1], null, []], refuses [[256], 1] }
    maybe_point: Option<Point> { takes [{"x": 1, "y": 2}, null], refuses [{"x": 1}, 1] }

    // Lists.
    list: Vec<u32> { takes [[], [1, 2], "[1, 2]"], refuses [[-1], ["a"], {}, 1] }
    lists: Vec<Vec<i8>> { takes [[[1], []], []], refuses [[1], [[128]]] }
    gaps: Vec<Option<String>> { takes [["a", null], []], refuses [[1]] }
    set: BTreeSet<String> { takes [["a", "b"], ["a", "a"]], refuses [[1]] }
    hash_set: HashSet<u8> { takes [[1]], refuses [["x"]] }
    three: [u8; 3] { takes [[1, 2, 3]], refuses [[1, 2], [1, 2, 3, 4]] }
    pair: (u8, u8) { takes [[1, 2]], refuses [[1], [1, 2, 3], [1, 256], {}] }
    points: Vec<Point> { takes [[{"x": 0, "y": 0}]], refuses [[{"x": 0}], [{"x": 0, "y": 0, "z": 0}]] }
    #[arg(length = 1..=2)]
    one_or_two: Vec<u8> { takes [[1], [1, 2]], refuses [[], [1, 2, 3]] }
    #[arg(items(range = 1..=9))]
    digits: Vec<u8> { takes [[1, 9], []], refuses [[0], [10]] }
    #[arg(items(length = 1..=3, pattern = "^[a-z]+$"))]
    tags: Vec<String> { takes [["abc"]], refuses [["", "a"], ["abcd"], ["A"]] }
    #[arg(check = is_sorted)]
    sorted: Vec<u8> { takes [[1, 2]], refuses [[2, 1]] }

    // Maps.
    counts: BTreeMap<String, u32> { takes [{}, {"a": 1}], refuses [{"a": -1}, [], {"a": "x"}] }
    places: HashMap<String, Point> { takes [{"home": {"x": 0, "y": 0}}], refuses [{"home": {"x": 0}}, {"home": 1}] }
    by_number: BTreeMap<u32, String> { takes [{"1": "a"}], refuses [{"x": "a"}, {"1": 1}] }
    groups: BTreeMap<String, Vec<u8>> { takes [{"a": [1]}], refuses [{"a": [256]}, {"a": 1}] }
    object: Map<String, Value> { takes [{}, {"a": [1, null]}], refuses [[], 1] }

    // Structures.
    point: Point { takes [{"x": 1, "y": -2.5}], refuses [{}, {"x": 1, "y": "up"}, {"x": 1, "y": 2, "z": 3}, []] }
    filter: Filter { takes [{}, {"text": null, "limit": 5}, {"near": {"x": 0, "y": 0}}], refuses [{"limit": -1}, {"limits": 1}, {"page": null}] }
    bounded: Bounded {
        takes [{"quantity": 1, "share": 0.5, "code": "ab", "number": "AB-1", "labels": ["a"], "below_ten": 9}],
        refuses [
            {"quantity": 0, "share": 0.5, "code": "ab", "number": "AB-1", "labels": ["a"], "below_ten": 9},
            {"quantity": 1, "share": 0, "code": "ab", "number": "AB-1", "labels": ["a"], "below_ten": 9},
            {"quantity": 1, "share": 0.5, "code": "a", "number": "AB-1", "labels": ["a"], "below_ten": 9},
            {"quantity": 1, "share": 0.5, "code": "ab", "number": "ab-1", "labels": ["a"], "below_ten": 9},
            {"quantity": 1, "share": 0.5, "code": "ab", "number": "AB-1", "labels": ["abcde"], "below_ten": 9},
            {"quantity": 1, "share": 0.5, "code": "ab", "number": "AB-1", "labels": ["a"], "below_ten": 10}
        ]
    }
    guarded: Guarded { takes [{"level": -5, "name": "a"}], refuses [{"level": 6, "name": "a"}, {"level": 0, "name": ""}] }
    validated: Validated { takes [{"level": 1, "zip": "12345", "mail": "ann@example.com"}], refuses [{"level": 4, "zip": "12345", "mail": "a@b.c"}, {"level": 1, "zip": "1234", "mail": "a@b.c"}] }
    unenforced: Unenforced { takes [{"step": 5, "once": [1]}, {"step": 4, "once": [1, 1]}], refuses [{"step": 5}] }
    order: Order {
        takes [{"customer": "C-1", "lines": [{"item": "pen", "count": 2}], "address": {"street": "a", "zip": "12345"}}],
        refuses [
            {"customer": "C-1", "lines": [], "address": {"street": "a", "zip": "12345"}},
            {"customer": "C-1", "lines": [{"item": "pen", "count": 0}], "address": {"street": "a", "zip": "12345"}},
            {"customer": "C-1", "lines": [{"item": "pen", "count": 2, "colour": "red"}], "address": {"street": "a", "zip": "1"}}
        ]
    }
    strict: Strict { takes [{"firstName": "Ann", "zip-code": 1}], refuses [{"first_name": "Ann", "zip-code": 1}, {"firstName": "Ann"}] }
    flattened: Flattened { takes [{"title": "a", "x": 0, "y": 0}], refuses [{"title": "a", "x": 0}, {"title": "a", "at": {"x": 0, "y": 0}}] }
    open: Open { takes [{"known": 1, "other": [null]}], refuses [{"other": 1}] }
    open_counts: OpenCounts { takes [{"known": 1000, "other": 1}], refuses [{"known": 1, "other": 256}] }
    aliased: Aliased { takes [{"count": 9}], refuses [{"quantity": 1}, {"quantity": 10}, {"count": 10}] }
    skipping: Skipping { takes [{"kept": 1}], refuses [{"kept": 1, "own": 1}] }
    empty: Empty { takes [{}], refuses [1] }
    wrapped: Wrapped { takes [{"x": 0, "y": 0}], refuses [{"inner": {"x": 0, "y": 0}}] }
    timeout: Duration { takes [{"secs": 1, "nanos": 0}], refuses [{"secs": 1}, 1] }
    booking: Booking { takes [{"from": "2026-01-31"}, {"from": "2026-01-31", "at": null}], refuses [{"from": "soon"}] }

    // Enums.
    plain: Plain { takes ["first", "second_one"], refuses ["First", "third", 1] }
    documented: Documented { takes ["oldest-first", "Newest", "Unsorted"], refuses ["Oldest", null] }
    only: Single { takes ["Only"], refuses ["Other"] }
    maybe_plain: Option<Plain> { takes ["first", null], refuses ["last"] }
    choices: Vec<Documented> { takes [["Newest"], []], refuses [["Newest", "x"]] }
    payment: Payment {
        takes [
            {"kind": "card", "last_digits": "1234"}, {"kind": "cash"}, {"kind": "cash", "note": null},
            {"kind": "bill", "to": {"street": "a", "zip": "12345"}, "note": "b"}
        ],
        refuses [
            {"kind": "card"}, {"kind": "card", "last_digits": "123"}, {"kind": "cheque"}, {},
            {"kind": "cash", "last_digits": "1234"}, {"kind": "bill", "to": {"street": "a", "zip": "1"}}
        ]
    }
    holding: Holding {
        takes [{"type": "Point", "x": 0, "y": 0}, {"type": "Address", "street": "a", "zip": "12345"}],
        refuses [{"type": "Point", "x": 0}, {"type": "Address", "street": "a", "zip": "12345", "x": 0}]
    }
    adjacent: Adjacent { takes [{"is": "Name", "of": "a"}, {"is": "Number", "of": "1"}], refuses [{"is": "Name"}, {"is": "Name", "of": 1}, {"of": "a"}] }
    purchase: Purchase {
        takes [{"cents": 1, "kind": "cash"}, {"cents": 1, "kind": "card", "last_digits": "1234"}],
        refuses [{"cents": 1}, {"kind": "cash"}, {"cents": -1, "kind": "cash"}, {"cents": 1, "kind": "card"}]
    }
    basket: Basket {
        takes [{"payments": []}, {"payments": [{"kind": "cash"}], "refund": {"kind": "cash"}}],
        refuses [{"payments": [{"kind": "card"}]}, {"payments": [], "refund": {}}]
    }
}

beyond_portable! {
    anything: Value { takes [1, "a", [], {}], refuses [] }
    tree: Tree { takes [{"name": "a", "children": [{"name": "b", "children": []}]}], refuses [{"name": "a"}, {"name": "a", "children": [{"name": "too long", "children": []}]}] }
    mixed_pair: (u8, String) { takes [[1, "a"]], refuses [["a", 1], [1]] }
    conflicting: Conflicting { takes [{"kind": "Size", "value": 1}, {"kind": "Name", "value": "a"}], refuses [{"kind": "Size", "value": "a"}, {"kind": "Name"}] }
    external: External { takes [{"Circle": 1}, {"Square": {"side": 1}}, "Nothing"], refuses [{"Circle": "a"}, {"Triangle": 1}, "Circle"] }
    untagged: Untagged { takes [1, "a"], refuses [true, []] }
    adjacent_conflict: AdjacentConflict { takes [{"is": "Number", "of": 1}, {"is": "Text", "of": "a"}], refuses [{"is": "Number", "of": "a"}] }
    umlauts: Umlauts { takes [{"größe": 1}], refuses [{"size": 1}] }
    any_list: Vec<Value> { takes [[1, "a"], []], refuses [1] }
}

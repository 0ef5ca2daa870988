//! A result in pages: as many items as a model is given at a time, and where the next page begins.

mod draft;

pub(crate) use draft::{Draft, open};

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_core::Serialize;
use serde_core::de::{Deserialize, Deserializer};

use crate::inject::Request;
use crate::output::{Output, Reply, ReplyKind};
use crate::schema::marks;

/// The result of a tool that can have any number of items: one page of them, and a cursor to the next.
///
/// Feature `seal`.
///
/// A page holds as many whole items as the budget of the tool allows
/// ([`Limits::result_tokens`](crate::Limits::result_tokens)). The result is an object:
///
/// - `items`: the items of this page.
/// - `next_cursor`: where the next page begins. Absent on the last page. It is sealed: it opens for the
///   same tool, the same caller and the same other arguments alone, for 24 hours, on every instance with
///   the same keys ([`ServerBuilder::seal_with`](crate::ServerBuilder::seal_with)).
/// - `remaining`: how many items come after this page, where that is known.
///
/// The tool takes an `Option<Cursor>` and gives it to [`Page::all`], or reads the position from it and
/// makes a [`Page::keyed`]. Items are taken one by one until the page is full, so an iterator that makes
/// them as it goes never has more than a page of them in memory.
///
/// An item that is larger than a whole page is an error which tells the model to narrow the call.
///
/// ```
/// use mcp_core::{Cursor, Page, SealKeys, Server, server_info, tool, tools};
///
/// /// The squares of all numbers up to a million.
/// #[tool(read_only)]
/// fn squares(cursor: Option<Cursor>) -> Page<u64> {
///     Page::all((0..1_000_000_u64).map(|n| n * n), cursor)
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let keys = SealKeys::new([("k1", [7; 32])]).unwrap();
/// let server = Server::new(server_info!(), ()).tools(tools![squares]).seal_with(keys).build();
/// # let client = mcp_core::testing::Client::new(&server.unwrap());
/// let first = client.call("squares", serde_json::json!({})).await;
/// assert_eq!(first["structuredContent"]["items"][3], 9);
/// let cursor = &first["structuredContent"]["next_cursor"];
/// let second = client.call("squares", serde_json::json!({"cursor": cursor})).await;
/// assert!(second["structuredContent"]["items"][0].as_u64() > Some(9));
/// # });
/// ```
pub struct Page<T> {
    items: Box<dyn Iterator<Item = T> + Send>,
    positions: Positions<T>,
    more: bool,
}

/// How the place after an item is named.
enum Positions<T> {
    /// By the number of items up to it.
    Counted(u64),
    /// By a key of the item.
    Keyed(Box<Key<T>>),
}

/// The key of an item as JSON.
type Key<T> = dyn Fn(&T) -> serde_json::Result<Vec<u8>> + Send;

impl<T> Page<T> {
    /// All items, from the first on, in an order that stays the same. Those before the cursor are
    /// skipped, one by one, so this is for items that are cheap to make: those in memory. Where they change
    /// between two pages, one can come twice or not at all. Example: [`Page`].
    pub fn all<I>(items: I, cursor: Option<Cursor>) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        let start = cursor.map_or(0, Cursor::into_position);
        let skipped = usize::try_from(start).unwrap_or(usize::MAX);
        Self {
            items: Box::new(items.into_iter().skip(skipped)),
            positions: Positions::Counted(start),
            more: false,
        }
    }

    /// The items that come after the cursor, which the tool has looked up by its position: the `key` of
    /// the last item of the page before. No item comes twice, and none is missed, whatever happens to
    /// others meanwhile. The tool need not look up all that there are: [`Page::more`].
    ///
    /// ```
    /// use mcp_core::{Cursor, Page, tool};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Order { number: u64 }
    ///
    /// fn select(_sql: &str, after: u64, limit: u64) -> Vec<Order> {
    ///     // Stands for a query: the index finds the place, however far it is.
    ///     (after + 1..=9_000).take(limit as usize).map(|number| Order { number }).collect()
    /// }
    ///
    /// /// All orders, oldest first.
    /// #[tool(read_only)]
    /// fn orders(cursor: Option<Cursor>) -> Page<Order> {
    ///     let after = cursor.map_or(0, Cursor::into_position);
    ///     let orders = select("WHERE number > ? ORDER BY number LIMIT ?", after, 5_000);
    ///     let more = orders.len() == 5_000;
    ///     Page::keyed(orders, |order| order.number).more(more)
    /// }
    /// # let _ = orders(None);
    /// ```
    pub fn keyed<I, K, P>(items: I, key: K) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
        K: Fn(&T) -> P + Send + 'static,
        P: Serialize,
    {
        Self {
            items: Box::new(items.into_iter()),
            positions: Positions::Keyed(Box::new(move |item| serde_json::to_vec(&key(item)))),
            more: false,
        }
    }

    /// Whether there are items beyond those handed over, so that even a page with all of them is not the
    /// last one. Example: [`Page::keyed`].
    pub fn more(mut self, more: bool) -> Self {
        self.more = more;
        self
    }
}

impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> Output for Page<T> {
    fn write(self, request: &Request<'_>) -> Reply {
        Reply(match draft::write(self, request) {
            Ok(draft) => ReplyKind::Page(Box::new(draft)),
            Err(ended) => ended,
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        let items = generator.subschema_for::<T>();
        let mut schema = json_schema!({
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": items},
                "next_cursor": {
                    "type": "string",
                    "description": "Where the next page begins; absent on the last one.",
                },
                "remaining": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "How many items come after this page, where that is known.",
                },
            },
            "required": ["items"],
        });
        schema.insert(marks::PAGE.to_owned(), true.into());
        Some(schema)
    }
}

/// Where a page begins: what the model hands back, opened.
///
/// Feature `seal`.
///
/// An argument of a tool that returns a [`Page`], as `Option<Cursor>`; absent for the first page. On the
/// wire it is a sealed text, which nobody can read or make up. The position is a number, or whatever the
/// key of [`Page::keyed`] is. A cursor that does not open is reported as any wrong argument.
///
/// ```
/// use mcp_core::Cursor;
///
/// // As a unit test makes one:
/// let cursor = Some(Cursor::new(1_000));
/// assert_eq!(cursor.map_or(0, Cursor::into_position), 1_000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<P = u64>(P);

impl<P> Cursor<P> {
    /// A cursor to this position, for tests of a tool. Example: [`Cursor`].
    pub fn new(position: P) -> Self {
        Self(position)
    }

    /// The position after which the page begins. Example: [`Cursor`].
    pub fn into_position(self) -> P {
        self.0
    }
}

/// From the position, which was sealed: the argument is opened before it is read.
impl<'de, P: Deserialize<'de>> Deserialize<'de> for Cursor<P> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        P::deserialize(from).map(Self)
    }
}

impl<P> JsonSchema for Cursor<P> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Cursor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({
            "type": "string",
            "description": "`next_cursor` of the page before, to go on after it; leave the other \
                            arguments as they were.",
        });
        schema.insert(marks::CURSOR.to_owned(), true.into());
        schema
    }
}

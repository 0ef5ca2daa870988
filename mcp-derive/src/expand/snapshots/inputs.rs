//! The inputs of the snapshots.

use proc_macro2::TokenStream;
use quote::quote;

use crate::kind::Kind;

/// A macro input: the attribute's arguments and the item.
pub(super) struct Input {
    pub(super) name: &'static str,
    attribute: Attribute,
    args: TokenStream,
    item: TokenStream,
}

/// What stands on the item.
#[derive(Clone, Copy)]
enum Attribute {
    Marker(Kind),
    Expose,
}

impl Input {
    /// A tool.
    fn new(name: &'static str, args: TokenStream, item: TokenStream) -> Self {
        Self::of(Attribute::Marker(Kind::Tool), name, args, item)
    }

    fn of(attribute: Attribute, name: &'static str, args: TokenStream, item: TokenStream) -> Self {
        Self {
            name,
            attribute,
            args,
            item,
        }
    }

    pub(super) fn expand(&self) -> TokenStream {
        self.expand_with(self.args.clone())
    }

    /// The same with `crate = my::path`.
    pub(super) fn expand_renamed(&self) -> TokenStream {
        let args = &self.args;
        self.expand_with(if args.is_empty() {
            quote!(crate = my::path)
        } else {
            quote!(#args, crate = my::path)
        })
    }

    fn expand_with(&self, args: TokenStream) -> TokenStream {
        match self.attribute {
            Attribute::Marker(kind) => crate::expand::marked(kind, args, &self.item),
            Attribute::Expose => crate::expand::expose(args, &self.item),
        }
    }
}

/// Every input. No body and no type of these says a name of the prelude, so that all such names in
/// the expansions are the macro's own.
pub(super) fn inputs() -> Vec<Input> {
    [
        signatures(),
        attributes(),
        mistakes(),
        resources(),
        prompts(),
        blocks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the parameters and the result decide.
fn signatures() -> Vec<Input> {
    vec![
        Input::new(
            "plain",
            quote!(),
            quote! {
                /// Adds two numbers.
                ///
                /// Exactly.
                pub fn add(
                    /// First summand.
                    a: i64,
                    b: i64,
                ) -> i64 {
                    a + b
                }
            },
        ),
        Input::new(
            "nothing",
            quote!(),
            quote! {
                /// Does nothing.
                fn nothing() {}
            },
        ),
        Input::new(
            "asynchronous",
            quote!(),
            quote! {
                /// Total sales for one customer, in cents.
                pub(crate) async fn get_total<'a>(
                    sales: &'a SalesDb,
                    /// Customer number.
                    customer_id: &'a str,
                    /// How many months to look back.
                    #[arg(default = 12, range = 1..=60)]
                    months: u32,
                    #[arg(default = -1.5, range = ..=0.0)] growth: f64,
                    #[arg(default = Order::Newest)] order: Order,
                    #[arg(default)] filter: Filter<'a>,
                    caller: std::option::Option<&Caller>,
                    cx: &Context,
                ) -> sdk::Answer<Total<'a>> {
                    sales.total(customer_id, months).await
                }
            },
        ),
        Input::new(
            "blocking",
            quote!(blocking, timeout = "2m"),
            quote! {
                /// Reads the table.
                fn read(
                    #[arg(name = "tableName", default = "a \"b\"\n")] table: Text,
                    #[arg(length = ..=9)] mut columns: List<u8>,
                    db: &mut_free::Db,
                ) -> Answer {
                    db.read(table, columns)
                }
            },
        ),
        Input::new(
            "texts",
            quote!(),
            quote! {
                /// Searches.
                fn search(
                    #[arg(length = 1..=200)] query: &str,
                    #[arg(length = 2..)] language: std::option::Option<&str>,
                    #[arg(default = "all")] scope: &str,
                    #[arg(length = ..=5)] tags: std::option::Option<List<Text>>,
                ) -> Text {
                    query.into()
                }
            },
        ),
    ]
}

/// What attributes decide.
fn attributes() -> Vec<Input> {
    vec![
        Input::new(
            "attributes",
            quote! {
                name = "sales.delete",
                title = texts::TITLE,
                description = "Deletes a sale.",
                read_only = false,
                destructive,
                idempotent = true,
                open_world = false,
                scopes("sales:read", "sales:write"),
                timeout = "500ms",
            },
            quote! {
                #[inline]
                #[allow(clippy::needless_pass_by_value)]
                async fn delete(#[allow(unused)] r#type: Kind) {}
            },
        ),
        Input::new(
            "conditional",
            quote!(read_only),
            quote! {
                #[cfg(feature = "extra")]
                #[doc = ::core::concat!("Only ", "sometimes.")]
                #[doc = " At least."]
                #[cfg(unix)]
                fn sometimes() -> u8 {
                    0
                }
            },
        ),
    ]
}

/// What does not compile.
fn mistakes() -> Vec<Input> {
    vec![
        Input::new(
            "mistake",
            quote!(read_onyl, timeout = "5s"),
            quote! {
                #[cfg(unix)]
                pub fn mistaken(
                    /// A number.
                    #[arg(range = 1..9)]
                    number: u8,
                    db: &Db,
                ) -> u8 {
                    number
                }
            },
        ),
        Input::new(
            "method",
            quote!(),
            quote! {
                /// A method.
                fn method(&self, number: u8) -> u8 {
                    number
                }
            },
        ),
        Input::new(
            "declaration",
            quote!(),
            quote! {
                /// No body.
                fn declared(number: u8) -> u8;
            },
        ),
    ]
}

fn resources() -> Vec<Input> {
    let resource =
        |name, args, item| Input::of(Attribute::Marker(Kind::Resource), name, args, item);
    vec![
        resource(
            "resource_fixed",
            quote!("docs://readme", mime = "text/markdown", size = 12),
            quote! {
                /// How to begin.
                pub fn readme() -> &'static str {
                    "Begin."
                }
            },
        ),
        resource(
            "resource_template",
            quote! {
                "sales://{region}/{+path}",
                name = "sales",
                title = "Sales",
                audience("user", "assistant"),
                priority = 1,
                icons("https://example.com/sales.png"),
                scopes("sales:read"),
                timeout = "5s",
            },
            quote! {
                /// What was sold.
                #[cfg(unix)]
                pub(crate) async fn sales<'a>(
                    /// Where in the region.
                    path: &'a str,
                    db: &'a Db,
                    #[arg(name = "region", complete = regions)] mut part: Region,
                ) -> sdk::Answer<Sales<'a>> {
                    db.sales(part, path).await
                }
            },
        ),
        resource(
            "resource_mistake",
            quote!("sales://{region}/{month}/{day}"),
            quote! {
                /// What was sold.
                fn sales(region: &str, year: u16) -> Text {
                    region.into()
                }
            },
        ),
    ]
}

fn prompts() -> Vec<Input> {
    let prompt = |name, args, item| Input::of(Attribute::Marker(Kind::Prompt), name, args, item);
    vec![
        prompt(
            "prompt_plain",
            quote!(),
            quote! {
                /// Drafts a letter.
                fn letter(
                    /// The language of the letter.
                    #[arg(complete = words::languages)]
                    language: &str,
                    place: std::option::Option<&str>,
                    #[arg(default = "formal")] tone: &str,
                    words: u32,
                    #[arg(default = 2)] copies: u8,
                    urgent: std::option::Option<bool>,
                    #[arg(default = "nobody")] signed: Text,
                    style: &Style,
                ) -> Text {
                    style.write(language, tone)
                }
            },
        ),
        prompt(
            "prompt_mistake",
            quote!(read_only),
            quote! {
                /// Drafts a letter.
                #[tool]
                fn letter(#[arg(range = 1..=9)] words: u8) -> Text {
                    words.into()
                }
            },
        ),
    ]
}

fn blocks() -> Vec<Input> {
    let block = |name, item| Input::of(Attribute::Expose, name, quote!(), item);
    vec![
        block(
            "expose_plain",
            quote! {
                /// What the desk does.
                #[cfg(unix)]
                impl Desk {
                    const LIMIT: u32 = 3;

                    /// Not a tool.
                    pub fn new(limit: u32) -> Self {
                        Self { limit }
                    }

                    /// Adds.
                    #[tool(read_only)]
                    pub fn add(
                        &self,
                        /// What to add.
                        #[arg(range = 1..=9, header = "Number")]
                        number: u32,
                    ) -> u32 {
                        self.limit + number
                    }

                    /// One page.
                    #[mcp_core::resource("desk://pages/{page}")]
                    pub async fn r#page(&self, page: u32, db: &Db) -> Text {
                        db.page(page).await
                    }

                    /// Asks.
                    #[cfg(feature = "extra")]
                    #[prompt]
                    fn ask(who: &str, mail: &Mail, db: &Db) -> Text {
                        mail.ask(who, db)
                    }
                }
            },
        ),
        block(
            "expose_generic",
            quote! {
                impl<R: Repo, const N: usize> Desk<R, N>
                where
                    R::Id: Number,
                {
                    /// Looks up.
                    #[tool]
                    async fn find(&self, id: R::Id, repo: &R, cx: &Context) -> Answer<R::Row> {
                        repo.find(id).await
                    }

                    /// One row.
                    #[resource("rows://{id}")]
                    fn row(&self, id: R::Id) -> R::Row {
                        self.repo.row(id)
                    }
                }
            },
        ),
        block(
            "expose_mistake",
            quote! {
                impl<R: Repo> Desk<R> {
                    /// Adds.
                    #[tool]
                    fn add(&mut self, number: u32) -> u32 {
                        number
                    }

                    /// One row.
                    #[resource("rows://{id}")]
                    fn row(&self, id: u32) -> Text {
                        self.repo.row(id)
                    }
                }
            },
        ),
    ]
}

//! The options of one marker, by its kind.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitStr};

use super::common::Common;
use super::resource::{ResourceOptions, text_of};
use super::tool::ToolOptions;
use super::{Entry, Seen, common, entries, resource, tool, unknown};
use crate::errors::Errors;
use crate::kind::Kind;

/// A marker as written.
pub(crate) struct Markup {
    pub(crate) kind: Kind,
    /// What stands between the parentheses.
    pub(crate) args: TokenStream,
    /// Where it stands.
    pub(crate) span: Span,
}

/// What a marker says.
pub(crate) struct Options {
    pub(crate) common: Common,
    pub(crate) own: Own,
}

/// The part that is different for each kind.
pub(crate) enum Own {
    Tool(ToolOptions),
    Resource(ResourceOptions),
    Prompt,
}

impl Own {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Tool(_) => Kind::Tool,
            Self::Resource(_) => Kind::Resource,
            Self::Prompt => Kind::Prompt,
        }
    }
}

impl Options {
    pub(crate) fn parse(markup: Markup, errors: &mut Errors) -> Self {
        let Markup { kind, args, span } = markup;
        let mut common = Common::default();
        let (mut own, entries) = match kind {
            Kind::Tool => (Own::Tool(ToolOptions::default()), entries(args, errors)),
            Kind::Resource => {
                let mut options = ResourceOptions::default();
                let rest = template(args, span, &mut options, errors);
                (Own::Resource(options), rest)
            }
            Kind::Prompt => (Own::Prompt, entries(args, errors)),
        };
        let mut seen = Seen::default();
        for entry in entries {
            entry.has_key(
                "a description is a `///` comment, other texts have a name, as in `title = \"...\"`",
                errors,
            );
            seen.check(&entry.key, errors);
            let rest = take(entry, &mut common, &mut own, errors);
            let meant = rest.and_then(|entry| not_ours(entry, kind, errors));
            if let Some(entry) = meant {
                take(entry, &mut common, &mut own, errors);
            }
        }
        Self { common, own }
    }
}

/// Takes an entry, or gives it back when its key is none of the marker's.
fn take(entry: Entry, common: &mut Common, own: &mut Own, errors: &mut Errors) -> Option<Entry> {
    let entry = common.take(entry, errors)?;
    match own {
        Own::Tool(options) => options.take(entry, errors),
        Own::Resource(options) => options.take(entry, errors),
        Own::Prompt => Some(entry),
    }
}

/// The keys that a marker accepts.
fn keys(kind: Kind) -> Vec<&'static str> {
    let own = match kind {
        Kind::Tool => tool::KEYS,
        Kind::Resource => resource::KEYS,
        Kind::Prompt => &[],
    };
    [common::KEYS, own].concat()
}

/// Reports a key of another marker, or of none, and gives back what was meant.
fn not_ours(entry: Entry, kind: Kind, errors: &mut Errors) -> Option<Entry> {
    let name = entry.key.to_string();
    let owner = Kind::ALL
        .into_iter()
        .find(|other| keys(*other).contains(&name.as_str()));
    match owner {
        Some(owner) => {
            errors.at(
                &entry.key,
                format_args!("`{name}` describes {owner}s, not {kind}s\nhelp: remove it"),
            );
            None
        }
        None => unknown(entry, kind.word(), &keys(kind), errors),
    }
}

/// Takes the template off the front and returns the entries after it.
fn template(
    args: TokenStream,
    span: Span,
    options: &mut ResourceOptions,
    errors: &mut Errors,
) -> Vec<Entry> {
    const HELP: &str =
        "help: begin with it, as in `#[resource(\"sales://customers/{customer_id}\")]`";
    let first = args.clone().into_iter().next();
    let split = |input: ParseStream<'_>| {
        let uri = leading_text(input);
        if uri.is_none() {
            computed(input)?;
        }
        if uri.is_some() && !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
        }
        Ok((uri, input.parse::<TokenStream>()?))
    };
    let (uri, rest) = match split.parse2(args) {
        Ok(split) => split,
        Err(error) => {
            let text = "expected `,`\nhelp: separate the options by commas";
            errors.push(syn::Error::new(error.span(), text));
            // Only the rest is lost; the template stands before it.
            return Vec::new();
        }
    };
    let before = errors.count();
    let mut entries = entries(rest, errors);
    if let Some(uri) = uri {
        options.found_by(uri, errors);
        return entries;
    }
    // Among the options stands what should stand before them.
    if let Some(at) = entries.iter().position(|entry| entry.bare_text) {
        let uri = entries.remove(at).literal(errors);
        errors.at(
            &uri,
            format_args!("the URI of a resource comes first\n{HELP}"),
        );
        options.uri = uri;
        return entries;
    }
    if errors.count() > before {
        return entries;
    }
    let text = format!("a resource needs a URI, which is a string literal\n{HELP}");
    match first {
        Some(token) => errors.at(token, text),
        None => errors.push(syn::Error::new(span, text)),
    }
    // What stands in its place has been reported.
    if let Some(entry) = entries.first()
        && !keys(Kind::Resource).contains(&entry.key.to_string().as_str())
        && (entry.is_bare() || entry.key.to_string().starts_with("uri"))
    {
        entries.remove(0);
    }
    entries
}

/// Reads over `concat!(..)` and `format!(..)`, which no marker can look into.
fn computed(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    if let Ok(Expr::Macro(_)) = ahead.parse() {
        input.parse::<Expr>()?;
        input.parse::<Option<syn::Token![,]>>()?;
    }
    Ok(())
}

/// A string literal at the front, perhaps in the invisible group of a macro's fragment.
fn leading_text(input: ParseStream<'_>) -> Option<LitStr> {
    let ahead = input.fork();
    let expr: Expr = ahead.parse().ok()?;
    let text = text_of(expr)?;
    input.parse::<Expr>().ok()?;
    Some(text)
}

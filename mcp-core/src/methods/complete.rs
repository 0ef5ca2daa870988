//! `completion/complete`.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::catalogue::Entry;
use crate::complete::{Completing, MAX_SUGGESTIONS};
use crate::dispatch::{Incoming, short};
use crate::encode::{self, Answer};
use crate::running::guarded;
use crate::text_args::TextArg;

/// The most values of other arguments that are read.
const MAX_CONTEXT: usize = 64;

/// Suggests values, without those that a redactor would change: half of one helps nobody.
#[cfg_attr(not(feature = "redact"), allow(clippy::unused_async))]
pub(crate) async fn complete(incoming: Incoming<'_>) -> Answer {
    let fields = incoming.request.fields;
    let object = |raw: Option<&str>| {
        raw.and_then(|raw| serde_json::from_str::<Value>(raw).ok())
            .filter(Value::is_object)
    };
    let (Some(reference), Some(argument)) = (object(fields.reference), object(fields.argument))
    else {
        return incoming.invalid("`params.ref` and `params.argument` have to be objects");
    };
    let text = |tree: &Value, key: &str| tree.get(key).and_then(Value::as_str).map(str::to_owned);
    let (Some(name), Some(typed)) = (text(&argument, "name"), text(&argument, "value")) else {
        return incoming.invalid("`params.argument` has to have a `name` and a `value`, both text");
    };
    let Some(given) = others(fields.context) else {
        return incoming.invalid(&format!(
            "`params.context` has to be an object whose `arguments` are at most {MAX_CONTEXT} texts"
        ));
    };
    let table = match text(&reference, "type").as_deref() {
        Some("ref/prompt") => text(&reference, "name").and_then(|name| prompt(incoming, &name)),
        Some("ref/resource") => text(&reference, "uri").and_then(|uri| template(incoming, &uri)),
        _ => {
            return incoming.invalid("`params.ref.type` has to be `ref/prompt` or `ref/resource`");
        }
    };
    let Some(table) = table else {
        let named = text(&reference, "name").or_else(|| text(&reference, "uri"));
        let named = named.unwrap_or_default();
        return incoming.invalid(&format!(
            "there is nothing to complete at `{}`",
            short(&named)
        ));
    };
    let completer = table
        .iter()
        .find(|known| known.name == name)
        .and_then(|known| known.complete);
    let completing = Completing {
        arguments: &given,
        caller: incoming.caller,
        state: incoming.server.0.handlers.state(),
    };
    let suggested = completer.map(|complete| guarded(|| complete(&typed, &completing)));
    match suggested {
        None => encode::completion(incoming, &[], false),
        Some(Ok(mut values)) => {
            let more = values.len() > MAX_SUGGESTIONS;
            values.truncate(MAX_SUGGESTIONS);
            #[cfg(feature = "redact")]
            if let Err(refused) = redact(incoming, &mut values).await {
                return refused;
            }
            encode::completion(incoming, &values, more)
        }
        Some(Err(_)) => {
            tracing::error!("a function that suggests values panicked");
            incoming.error(
                crate::protocol::code::INTERNAL,
                "the suggestions could not be made",
            )
        }
    }
}

#[cfg(feature = "redact")]
async fn redact(incoming: Incoming<'_>, values: &mut Vec<String>) -> Result<(), Answer> {
    let server = &incoming.server.0;
    let Some(redactor) = &server.result_policy.redactor else {
        return Ok(());
    };
    let mut redacted = values.clone();
    let time = crate::redact::time(&server.limits, incoming.outlet.deadline);
    if let Err(error) = crate::redact::texts(&**redactor, &mut redacted, time).await {
        tracing::error!(cause = ?error, "suggested values could not be redacted");
        let text = "the suggestions could not be made";
        return Err(incoming.error(crate::protocol::code::INTERNAL, text));
    }
    let same = values
        .iter()
        .zip(&redacted)
        .map(|(value, redacted)| value == redacted);
    let keep: Vec<bool> = same.collect();
    let mut keep = keep.into_iter();
    values.retain(|_| keep.next().unwrap_or(false));
    Ok(())
}

fn prompt(incoming: Incoming<'_>, name: &str) -> Option<&'static [TextArg]> {
    let prompts = &incoming.server.0.catalogue.prompts;
    let (_, entry) = prompts.find(name, incoming.caller)?;
    entry
        .is_granted_to(incoming.caller)
        .then_some(entry.spec.args)
}

/// The variables of a template, named as it is listed.
fn template(incoming: Incoming<'_>, uri: &str) -> Option<&'static [TextArg]> {
    let templates = &incoming.server.0.catalogue.templates;
    let mut visible = templates
        .iter()
        .filter(|entry| entry.is_granted_to(incoming.caller));
    let entry = visible.find(|entry| entry.spec.uri == uri)?;
    Some(entry.spec.variables)
}

/// The values of other arguments that the client knows; `None` when they are not what they have to
/// be.
fn others(context: Option<&str>) -> Option<Vec<(Cow<'static, str>, Cow<'static, str>)>> {
    let Some(context) = context else {
        return Some(Vec::new());
    };
    let mut context: Map<String, Value> = serde_json::from_str(context).ok()?;
    let given = match context.remove("arguments") {
        None => Map::new(),
        Some(Value::Object(given)) => given,
        Some(_) => return None,
    };
    let texts = given.into_iter().map(|(name, value)| match value {
        Value::String(text) => Some((name.into(), text.into())),
        _ => None,
    });
    let texts: Option<Vec<_>> = texts.collect();
    texts.filter(|texts| texts.len() <= MAX_CONTEXT)
}

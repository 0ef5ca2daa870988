//! `prompts/get`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::run::{Subject, authorize, run};
use crate::call::Function;
use crate::dispatch::{Incoming, short};
use crate::encode::{self, Answer};
use crate::jsonrpc;
use crate::result_policy::{self, About};
use crate::server::Target;
use crate::text_args::TextArg;

pub(crate) async fn get_prompt(incoming: Incoming<'_>) -> Answer {
    let fields = incoming.request.fields;
    let Some(name) = fields.name.and_then(jsonrpc::text) else {
        return incoming.invalid("`params.name` has to be the name of a prompt, as a string");
    };
    let prompts = &incoming.server.0.catalogue.prompts;
    let Some((index, entry)) = prompts.find(&name, incoming.caller) else {
        return incoming.invalid(&format!("there is no prompt `{}`", short(&name)));
    };
    let spec = entry.spec;
    if let Err(refused) = authorize(&incoming, entry) {
        return refused;
    }
    let arguments = fields
        .arguments
        .filter(|raw| *raw != "null")
        .unwrap_or("{}");
    let texts = match texts(spec.args, arguments) {
        Ok(texts) => texts,
        Err(problem) => return incoming.invalid(&problem),
    };
    let subject = Subject {
        function: Function {
            target: Target::Prompt(index),
            name: spec.name,
            timeout: spec.timeout,
            blocking: spec.blocking,
        },
        target: spec.name,
        arguments,
        texts: &texts,
    };
    match run(&incoming, &subject).await {
        Ok(reply) => {
            let reply = result_policy::apply(&About::new(incoming, spec.name), reply).await;
            encode::prompt(incoming, spec, reply)
        }
        Err(answer) => answer,
    }
}

/// The texts of the arguments in the order of the table.
fn texts<'r>(table: &[TextArg], arguments: &'r str) -> Result<Vec<Option<Cow<'r, str>>>, String> {
    let given: BTreeMap<String, Value> = serde_json::from_str(arguments)
        .map_err(|_| "`params.arguments` has to be an object of texts".to_owned())?;
    if let Some((name, _)) = given.iter().find(|(_, value)| !value.is_string()) {
        let name = short(name);
        return Err(format!(
            "the argument `{name}` has to be text, as all are of a prompt"
        ));
    }
    if let Some(name) = given
        .keys()
        .find(|name| table.iter().all(|known| known.name != **name))
    {
        let name = short(name);
        return Err(format!("`{name}` is not an argument of this prompt"));
    }
    let mut given = given;
    let texts = table
        .iter()
        .map(|argument| match given.remove(argument.name) {
            Some(Value::String(text)) => Some(Cow::Owned(text)),
            _ => None,
        });
    Ok(texts.collect())
}

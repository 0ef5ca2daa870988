//! The tools of a server in the forms that AWS services want them described in, to be pasted into a
//! template or a console.
//!
//! An AgentCore Gateway and an agent of Amazon Bedrock know the tools of a function only from what
//! their owner told them. What is printed here is what [`run`](crate::run) answers, so print it again
//! after the tools have changed. Example: [`gateway`].

use mcp_core::{Caller, HostError, Invocation, Server};
use serde_json::{Map, Value, json};

/// The tool schema for a Lambda target of an AgentCore Gateway, as JSON: the value of
/// `toolSchema.inlinePayload`.
///
/// A [`SchemaDefinition`] has types, properties, items and descriptions and nothing else, so bounds and
/// listed values go into the descriptions. What the server enforces, it enforces all the same.
///
/// ```
/// use mcp_core::{Server, server_info, tool, tools};
///
/// /// Greets somebody.
/// #[tool]
/// fn hello(
///     /// Who to greet.
///     name: &str,
/// ) -> String {
///     format!("Hello, {name}!")
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let server = Server::new(server_info!(), ()).tools(tools![hello]).build().unwrap();
/// let definitions = mcp_lambda_adapter::definitions::gateway(&server).await.unwrap();
/// assert!(definitions.contains(r#""name": "hello""#));
/// # });
/// ```
///
/// # Errors
///
/// When the server does not list its tools, a tool has no description, or a schema has a part without
/// a single type.
///
/// [`SchemaDefinition`]: https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SchemaDefinition.html
pub async fn gateway(server: &Server) -> Result<String, HostError> {
    let mut definitions = Vec::new();
    for tool in tools(server).await? {
        let mut definition = Map::new();
        definition.insert(
            "name".to_owned(),
            tool.get("name").cloned().unwrap_or_default(),
        );
        // Required, unlike everywhere else.
        let description = description(&tool)
            .ok_or_else(|| unfit(&tool, "description", "is missing, and a gateway wants one"))?;
        definition.insert("description".to_owned(), description.into());
        for key in ["inputSchema", "outputSchema"] {
            if let Some(schema) = tool.get(key) {
                let schema = plain(schema).map_err(|why| unfit(&tool, key, &why))?;
                definition.insert(key.to_owned(), schema);
            }
        }
        definitions.push(Value::Object(definition));
    }
    Ok(pretty(&Value::Array(definitions)))
}

/// The function schema for an action group of a Bedrock agent, as JSON: the value of
/// `functionSchema`. Tools that can destroy something ask the user for confirmation first.
///
/// ```
/// # use mcp_core::{Server, server_info, tool, tools};
/// # /// Greets.
/// # #[tool]
/// # fn hello() {}
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).tools(tools![hello]).build().unwrap();
/// let schema = mcp_lambda_adapter::definitions::agent_functions(&server).await.unwrap();
/// assert!(schema.contains(r#""functions""#));
/// # });
/// ```
///
/// # Errors
///
/// When the server does not list its tools, there are more than eleven of them, a name is not of the
/// form that functions have, or a tool takes more than five arguments, an object, or something without a
/// single type: an action group has no room for these. [`agent_openapi`] has for objects and more
/// arguments. Descriptions beyond 1,200 characters, and beyond 500 of a parameter, are cut.
pub async fn agent_functions(server: &Server) -> Result<String, HostError> {
    let tools = tools(server).await?;
    check_count(&tools)?;
    let mut functions = Vec::new();
    for tool in tools {
        let mut parameters = Map::new();
        let schema = tool.get("inputSchema").unwrap_or(&Value::Null);
        for (name, property) in properties(schema) {
            let refuse = |why: &str| unfit(&tool, name, why);
            check_name(&tool, name)?;
            let kind = kind(property).ok_or_else(|| refuse("has no single type"))?;
            if kind == "object" {
                return Err(refuse(
                    "is an object; describe the tools with OpenAPI instead",
                ));
            }
            let mut parameter = Map::new();
            parameter.insert("type".to_owned(), kind.into());
            let words = described(property);
            if !words.is_empty() {
                parameter.insert("description".to_owned(), cut(&words, 500).into());
            }
            parameter.insert("required".to_owned(), is_required(schema, name).into());
            parameters.insert(name.clone(), parameter.into());
        }
        if parameters.len() > MOST_PARAMETERS {
            let why = format!(
                "has more than {MOST_PARAMETERS} parameters; describe the tools with OpenAPI instead"
            );
            return Err(unfit(&tool, "inputSchema", &why));
        }
        let name = tool.get("name").and_then(Value::as_str).unwrap_or_default();
        check_name(&tool, name)?;
        functions.push(json!({
            "name": name,
            "description": cut(description(&tool).unwrap_or(name), 1200),
            "parameters": parameters,
            "requireConfirmation": confirmation(&tool),
        }));
    }
    Ok(pretty(&json!({ "functions": functions })))
}

/// The same tools as an OpenAPI document, for an action group that is defined with an API schema: each
/// tool is an operation `POST /name`.
///
/// ```
/// # use mcp_core::{Server, server_info, tool, tools};
/// # /// Greets.
/// # #[tool]
/// # fn hello() {}
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).tools(tools![hello]).build().unwrap();
/// let document = mcp_lambda_adapter::definitions::agent_openapi(&server).await.unwrap();
/// assert!(document.contains(r#""/hello""#));
/// # });
/// ```
///
/// # Errors
///
/// When the server does not list its tools, there are more than eleven of them, which an action group
/// has no room for, a name is not of the form that operations have, or a schema has a part without a
/// single type. Such a schema knows as little as that of a [`gateway`].
pub async fn agent_openapi(server: &Server) -> Result<String, HostError> {
    let tools = tools(server).await?;
    check_count(&tools)?;
    let mut paths = Map::new();
    for tool in tools {
        let name = tool.get("name").and_then(Value::as_str).unwrap_or_default();
        check_name(&tool, name)?;
        let schema = |key: &str| {
            let schema = tool.get(key).map(plain).transpose();
            schema.map_err(|why| unfit(&tool, key, &why))
        };
        let arguments = schema("inputSchema")?;
        let result = schema("outputSchema")?.unwrap_or_else(|| json!({ "type": "string" }));
        let operation = json!({
            "post": {
                "operationId": name,
                "description": description(&tool).unwrap_or(name),
                "x-requireConfirmation": confirmation(&tool),
                "requestBody": {
                    "required": true,
                    "content": { "application/json": { "schema": arguments } },
                },
                "responses": {
                    "200": {
                        "description": "The result of the tool.",
                        "content": { "application/json": { "schema": result } },
                    },
                },
            },
        });
        paths.insert(format!("/{name}"), operation);
    }
    // There is no version of a set of tools to be had.
    let info = json!({ "title": "Tools of an MCP server", "version": "1" });
    Ok(pretty(
        &json!({ "openapi": "3.0.0", "info": info, "paths": paths }),
    ))
}

/// Parameters of one function ([quotas]).
///
/// [quotas]: https://docs.aws.amazon.com/general/latest/gr/bedrock.html
const MOST_PARAMETERS: usize = 5;

/// Functions or operations of one action group, likewise.
const MOST_TOOLS: usize = 11;

/// Pages of a list that are asked for before something is wrong.
const MOST_PAGES: usize = 1000;

/// All tools as `tools/list` has them, for a caller who may use each.
async fn tools(server: &Server) -> Result<Vec<Map<String, Value>>, HostError> {
    let caller = Caller::local("definitions");
    let mut tools = Vec::new();
    let mut params = json!({});
    for _ in 0..MOST_PAGES {
        let message = json!({"jsonrpc": "2.0", "id": 0, "method": "tools/list", "params": params});
        let message = message.to_string();
        let answer = Invocation::new(&message)
            .caller(&caller)
            .answer(server)
            .await;
        let mut answer: Value = serde_json::from_slice(&answer.unwrap_or_default())?;
        let listed = answer.pointer_mut("/result/tools").map(Value::take);
        let Some(Value::Array(listed)) = listed else {
            return Err(HostError::new("the server does not list its tools"));
        };
        tools.extend(listed.into_iter().filter_map(|tool| match tool {
            Value::Object(tool) => Some(tool),
            _ => None,
        }));
        match answer.pointer_mut("/result/nextCursor").map(Value::take) {
            Some(cursor) => params = json!({ "cursor": cursor }),
            None => return Ok(tools),
        }
    }
    Err(HostError::new("the list of tools has no end"))
}

fn check_count(tools: &[Map<String, Value>]) -> Result<(), HostError> {
    if tools.len() <= MOST_TOOLS {
        return Ok(());
    }
    Err(HostError::new(format!(
        "an action group takes {MOST_TOOLS} tools and there are {}: split the server, or put an \
         AgentCore Gateway between",
        tools.len()
    )))
}

/// `([0-9a-zA-Z][_-]?){1,100}`, as names of functions and parameters are.
fn check_name(tool: &Map<String, Value>, name: &str) -> Result<(), HostError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric();
    let bytes = name.as_bytes();
    let starts = bytes.first().is_some_and(|byte| is_plain(*byte));
    let mut pairs = bytes.windows(2);
    let good = starts
        && bytes.len() <= 100
        && bytes
            .iter()
            .all(|byte| is_plain(*byte) || matches!(byte, b'_' | b'-'))
        && pairs.all(|pair| pair.iter().any(|byte| is_plain(*byte)));
    if good {
        return Ok(());
    }
    let why = "is a name that an agent does not take: letters and digits, with one `_` or `-` between them";
    Err(unfit(tool, name, why))
}

fn description(tool: &Map<String, Value>) -> Option<&str> {
    let description = tool.get("description").and_then(Value::as_str);
    description.filter(|text| !text.is_empty())
}

fn unfit(tool: &Map<String, Value>, what: &str, why: &str) -> HostError {
    let name = tool.get("name").and_then(Value::as_str).unwrap_or_default();
    HostError::new(format!("`{what}` of the tool `{name}` {why}"))
}

/// What the user is asked before an agent calls a tool that can destroy something.
fn confirmation(tool: &Map<String, Value>) -> &'static str {
    let hint = |name| {
        tool.get("annotations")
            .and_then(|hints| hints.get(name)?.as_bool())
    };
    // What the protocol takes a tool to do that says nothing.
    let reads = hint("readOnlyHint").unwrap_or(false);
    let destroys = hint("destructiveHint").unwrap_or(true);
    if destroys && !reads {
        "ENABLED"
    } else {
        "DISABLED"
    }
}

/// A schema with nothing but types, properties, items and descriptions.
fn plain(schema: &Value) -> Result<Value, String> {
    let Some(kind) = kind(schema) else {
        return Err("has a part without a single type".to_owned());
    };
    let mut out = Map::new();
    out.insert("type".to_owned(), kind.into());
    let description = described(schema);
    if !description.is_empty() {
        out.insert("description".to_owned(), description.into());
    }
    let mut inner = Map::new();
    for (name, property) in properties(schema) {
        inner.insert(name.clone(), plain(property)?);
    }
    if kind == "object" {
        out.insert("properties".to_owned(), inner.into());
        if let Some(required) = schema.get("required") {
            out.insert("required".to_owned(), required.clone());
        }
    }
    if let Some(items) = schema.get("items") {
        out.insert("items".to_owned(), plain(items)?);
    }
    Ok(out.into())
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|known| known == name))
}

/// The one type of a schema, leaving `null` aside.
fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            let mut kinds = kinds.by_ref().filter(|kind| *kind != "null");
            kinds.next().filter(|_| kinds.next().is_none())
        }
        _ => None,
    }
}

/// The description, followed by what the form has no place for.
fn described(schema: &Value) -> String {
    let description = schema.get("description").and_then(Value::as_str);
    let mut out = description.unwrap_or_default().to_owned();
    let mut add = |text: String| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&text);
    };
    if let Some(Value::Array(values)) = schema.get("enum") {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        add(format!("One of {}.", values.join(", ")));
    }
    for (key, words) in [
        ("minimum", "At least"),
        ("maximum", "At most"),
        ("minLength", "Characters, at least:"),
        ("maxLength", "Characters, at most:"),
        ("minItems", "Items, at least:"),
        ("maxItems", "Items, at most:"),
        ("pattern", "Matches"),
    ] {
        if let Some(bound) = schema.get(key) {
            add(format!("{words} {bound}."));
        }
    }
    out
}

/// The beginning of a text, in so many characters at most.
fn cut(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[cfg(test)]
mod tests {
    use mcp_core::{Server, server_info, tool, tools};

    use super::*;

    /// Where to.
    #[derive(serde::Deserialize, schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema counts")]
    struct Address {
        /// The street.
        street: String,
    }

    /// How.
    #[derive(serde::Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Speed {
        Slow,
        Fast,
    }

    /// Sends something.
    #[tool(destructive, scopes("send"))]
    fn send(
        /// How often.
        #[arg(range = 1..=5)]
        times: u8,
        /// How.
        speed: Option<Speed>,
        /// To whom.
        names: Vec<String>,
    ) -> u32 {
        let _ = (speed, names);
        times.into()
    }

    /// Sends something somewhere.
    #[tool(read_only)]
    fn deliver(
        /// Where to.
        to: Address,
    ) {
        drop(to);
    }

    fn server() -> Server {
        let server = Server::new(server_info!(), ()).tools(tools![send, deliver]);
        server.build().unwrap()
    }

    async fn json(text: impl Future<Output = Result<String, HostError>>) -> Value {
        serde_json::from_str(&text.await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_gateway_gets_types_and_the_rest_in_words() {
        let definitions = json(gateway(&server())).await;
        assert_eq!(definitions[0]["name"], "send");
        let properties = &definitions[0]["inputSchema"]["properties"];
        assert_eq!(
            properties["times"],
            json!({"type": "integer", "description": "How often. At least 1. At most 5."})
        );
        let speed = properties["speed"]["description"].as_str().unwrap();
        assert!(speed.contains(r#"One of "slow", "fast"."#), "{speed}");
        assert_eq!(properties["names"]["items"], json!({"type": "string"}));
        assert_eq!(
            definitions[0]["inputSchema"]["required"],
            json!(["times", "names"])
        );
        let to = &definitions[1]["inputSchema"]["properties"]["to"];
        assert_eq!(to["properties"]["street"]["type"], "string");
        // Nothing that the form does not have.
        let allowed = ["type", "description", "properties", "required", "items"];
        for key in to.as_object().unwrap().keys() {
            assert!(allowed.contains(&&**key), "{key}");
        }
    }

    #[test]
    fn names_are_those_that_agents_take() {
        for (name, good) in [
            ("a", true),
            ("get_customer-sales2", true),
            ("a_", true),
            ("", false),
            ("_a", false),
            ("a__b", false),
            ("a.b", false),
            (&*"x".repeat(100), true),
            (&*"x".repeat(101), false),
        ] {
            assert_eq!(check_name(&Map::new(), name).is_ok(), good, "{name}");
        }
    }

    #[tokio::test]
    async fn an_agent_gets_flat_parameters_or_an_openapi_document() {
        let error = agent_functions(&server()).await.unwrap_err().to_string();
        assert!(error.contains("`to` of the tool `deliver`"), "{error}");
        assert!(error.contains("OpenAPI"), "{error}");

        let flat = Server::new(server_info!(), ()).tools(tools![send]);
        let functions = json(agent_functions(&flat.build().unwrap())).await;
        let send = &functions["functions"][0];
        assert_eq!(send["requireConfirmation"], "ENABLED");
        assert_eq!(send["parameters"]["times"]["required"], true);
        assert_eq!(send["parameters"]["speed"]["required"], false);
        assert_eq!(send["parameters"]["names"]["type"], "array");

        let document = json(agent_openapi(&server())).await;
        let deliver = &document["paths"]["/deliver"]["post"];
        assert_eq!(deliver["operationId"], "deliver");
        assert_eq!(deliver["x-requireConfirmation"], "DISABLED");
        let schema = &deliver["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(schema["properties"]["to"]["type"], "object");
        // OpenAPI 3.0 as Bedrock reads it has no lists of values.
        assert!(!document.to_string().contains("\"enum\""), "{document}");
    }
}

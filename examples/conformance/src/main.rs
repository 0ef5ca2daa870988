//! The server that the official conformance suite of the protocol asks for, and a tour of what a
//! server can do, each thing in its shortest form.
//!
//! | to see how | look into |
//! | --- | --- |
//! | tools return text, pictures, sound, resources and errors | `tools/plain.rs` |
//! | tools say something before their result, and tell clients of changes | `tools/notifying.rs` |
//! | tools ask the user, the client's model and the client | `tools/asking.rs`, `tools/forms.rs` |
//! | a call goes through several rounds of questions | `tools/rounds.rs` |
//! | a tool has a schema written by hand | `tools/handwritten.rs` |
//! | resources are found by a URI or by a template of URIs | `resources.rs` |
//! | prompts take arguments, suggest values and ask | `prompts.rs` |
//!
//! The suite prescribes names, texts and schemas, and that is why they look as they do. It runs on
//! Node 22 or newer:
//!
//! ```sh
//! MCP_BIND=127.0.0.1:3939 cargo run -p conformance
//! npx -y @modelcontextprotocol/conformance@0.2.0-alpha.12 \
//!     server --url http://127.0.0.1:3939/mcp --requirements 2026-07-28
//! ```
//!
//! On Lambda it serves events, with the keys in `MCP_SEAL_KEYS`. Several containers need these too, and,
//! if they are built with the feature `redis`, hear of each other over the Redis at `MCP_REDIS_URL`.

mod media;
mod prompts;
mod resources;
#[cfg(test)]
mod tests;
mod tools;

use mcp_core::{DynamicTools, HostError, SealKeys, Server, prompts, resources, server_info, tools};

use crate::prompts::{
    test_input_required_result_prompt, test_prompt_with_arguments,
    test_prompt_with_embedded_resource, test_prompt_with_image, test_simple_prompt,
};
use crate::resources::{static_binary, static_text, template_data, watched_resource};
use crate::tools::{asking, handwritten, notifying, plain, rounds};

fn server() -> Result<Server, HostError> {
    let handwritten = DynamicTools::new();
    handwritten.add(handwritten::json_schema_2020_12_tool()?)?;
    let mut server = Server::new(server_info!().title("Conformance"), ())
        .instructions("Fixtures of the conformance suite. Each does what its name says.")
        // The suite takes the first tool to be one that needs no arguments.
        .tools(tools![
            plain::test_simple_text,
            plain::test_image_content,
            plain::test_audio_content,
            plain::test_embedded_resource,
            plain::test_multiple_content_types,
            plain::test_error_handling,
            plain::test_x_mcp_header,
        ])
        .tools(tools![
            notifying::test_tool_with_progress,
            notifying::test_tool_with_logging,
            notifying::test_logging_tool,
            notifying::test_reconnection,
            notifying::test_trigger_tool_change,
            notifying::test_trigger_prompt_change,
        ])
        .tools(tools![
            asking::test_sampling,
            asking::test_missing_capability,
            asking::test_elicitation,
            asking::test_elicitation_sep1034_defaults,
            asking::test_elicitation_sep1330_enums,
            asking::test_streaming_elicitation,
        ])
        .tools(tools![
            rounds::test_input_required_result_elicitation,
            rounds::test_input_required_result_sampling,
            rounds::test_input_required_result_list_roots,
            rounds::test_input_required_result_request_state,
            rounds::test_input_required_result_multiple_inputs,
            rounds::test_input_required_result_multi_round,
            rounds::test_input_required_result_tampered_state,
            rounds::test_input_required_result_capabilities,
        ])
        .dynamic_tools(&handwritten)
        .resources(resources![
            static_text,
            static_binary,
            watched_resource,
            template_data,
        ])
        .prompts(prompts![
            test_simple_prompt,
            test_prompt_with_arguments,
            test_prompt_with_embedded_resource,
            test_prompt_with_image,
            test_input_required_result_prompt,
        ])
        .list_changes();
    // A container that is alone makes a key by itself, a Lambda function never is.
    if let Some(keys) = SealKeys::from_env_if_set()? {
        server = server.seal_with(keys);
    }
    #[cfg(feature = "redis")]
    if std::env::var_os("MCP_REDIS_URL").is_some() {
        let redis = mcp_fargate_adapter::Redis::from_env()?;
        server = server.event_bus(redis.prefix("conformance").bus());
    }
    Ok(server.build()?)
}

#[tokio::main]
async fn main() -> Result<(), HostError> {
    // Set in the environment of every Lambda function.
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return mcp_lambda_adapter::run(server()?).await;
    }
    mcp_fargate_adapter::serve(server()?).await
}

//! What clients can read, and subscribe to.

use mcp_core::{Result, resource};

use crate::dir::LogDir;
use crate::suggestions::log_names;
use crate::tail;

/// The last lines of a log file: at most 200, from the last 64 KiB. Long lines are cut. Subscribe to
/// the URI that `list_logs` gives, to hear when the file has changed.
#[resource("logs://{name}/tail", mime = "text/plain", blocking)]
pub(crate) fn log_tail(
    /// Name of the file, as `list_logs` has it.
    #[arg(complete = log_names)]
    name: &str,
    logs: &LogDir,
) -> Result<String> {
    Ok(tail::of(&logs.open(name)?)?)
}

#[cfg(test)]
mod tests {
    use mcp_core::HostError;
    use serde_json::json;

    use super::log_tail;
    use crate::testing::Desk;

    #[tokio::test]
    async fn a_tail_is_read_as_text_by_the_name_of_its_log() -> Result<(), HostError> {
        let desk = Desk::new()?;
        desk.write("a b.log", "one\ntwo\n")?;
        let uri = log_tail::uri("a b.log");
        let read = desk.ask("resources/read", json!({"uri": uri})).await;
        assert_eq!(
            read["contents"],
            json!([{"uri": uri, "mimeType": "text/plain", "text": "one\ntwo\n"}])
        );
        Ok(())
    }

    #[tokio::test]
    async fn a_uri_does_not_lead_out_of_the_directory() -> Result<(), HostError> {
        let desk = Desk::new()?;
        desk.write("a.log", "one\n")?;
        for name in [
            "b.log",
            "..",
            "%2e%2e",
            "..%2Fa.log",
            "%2Fetc%2Fpasswd",
            "a.log%00",
        ] {
            let uri = format!("logs://{name}/tail");
            let read = desk.ask("resources/read", json!({"uri": uri})).await;
            assert_eq!(read["error"]["code"], -32602, "{read}");
        }
        Ok(())
    }
}

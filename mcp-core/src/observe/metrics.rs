//! Metrics as lines of JSON that CloudWatch reads (embedded metric format).

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::audit::{End, hex, milliseconds, write_line};
use crate::json;
use crate::platform::PlatformRequest;

/// Where counts and durations of calls go. Given to [`ServerBuilder::metrics`](crate::ServerBuilder::metrics).
///
/// Without one, the variable `MCP_METRICS` decides, `emf` or `off`; without that too, a Lambda function
/// has metrics and any other host has none.
///
/// Per call of a tool, resource, prompt or completion there is one line on standard output in the
/// [embedded metric format] of CloudWatch, which makes metrics of it: `Calls`, `Errors`, `Duration` in
/// milliseconds and `ResultBytes`. The dimensions are `service`, the server's name, and `method`, and in a
/// second set `target` as well: the name of the tool or prompt, the URI or template of the resource, as the
/// server has it. What a client names and the server does not have is no dimension.
///
/// ```
/// use mcp_core::{Metrics, Server, server_info};
///
/// let metrics = Metrics::emf("Patients");
/// assert!(Server::new(server_info!(), ()).metrics(metrics).build().is_ok());
/// ```
///
/// [embedded metric format]: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
#[derive(Debug)]
pub struct Metrics {
    chosen: Option<Chosen>,
    /// What the host has where nobody chose.
    of_host: OnceLock<Emf>,
}

#[derive(Debug)]
enum Chosen {
    Off,
    Emf(Emf),
}

/// The namespace where nobody names one.
const NAMESPACE: &str = "McpServer";

impl Metrics {
    /// Lines for CloudWatch, in this namespace: 1 to 255 characters, as CloudWatch has it. Example:
    /// [`Metrics`].
    pub fn emf(namespace: impl Into<String>) -> Self {
        Self {
            chosen: Some(Chosen::Emf(Emf {
                namespace: namespace.into(),
            })),
            of_host: OnceLock::new(),
        }
    }

    /// No metrics, whatever the host and the environment say.
    ///
    /// ```
    /// # use mcp_core::{Metrics, Server, server_info};
    /// assert!(Server::new(server_info!(), ()).metrics(Metrics::off()).build().is_ok());
    /// ```
    pub fn off() -> Self {
        Self {
            chosen: Some(Chosen::Off),
            of_host: OnceLock::new(),
        }
    }

    /// What the environment says.
    ///
    /// # Errors
    ///
    /// It says something else than `emf` or `off`.
    pub(crate) fn of_environment(value: Option<&str>) -> Result<Self, String> {
        match value {
            None | Some("") => Ok(Self {
                chosen: None,
                of_host: OnceLock::new(),
            }),
            Some("emf") => Ok(Self::emf(NAMESPACE)),
            Some("off") => Ok(Self::off()),
            Some(_) => Err("`MCP_METRICS` has to be `emf` or `off`".to_owned()),
        }
    }

    /// What is wrong with it.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        match &self.chosen {
            Some(Chosen::Emf(emf)) if !(1..=255).contains(&emf.namespace.chars().count()) => {
                Some("the namespace of the metrics has to have 1 to 255 characters")
            }
            _ => None,
        }
    }

    /// The host has metrics where nobody says otherwise.
    pub(crate) fn by_default(&self) {
        self.of_host.get_or_init(|| Emf {
            namespace: NAMESPACE.to_owned(),
        });
    }

    pub(super) fn lines(&self) -> Option<&Emf> {
        match &self.chosen {
            Some(Chosen::Emf(emf)) => Some(emf),
            Some(Chosen::Off) => None,
            None => self.of_host.get(),
        }
    }
}

/// Writes lines in the embedded metric format.
#[derive(Debug)]
pub(super) struct Emf {
    namespace: String,
}

/// What one line says.
pub(super) struct Measured<'a> {
    /// The name of the server, as JSON.
    pub(super) service: &'a str,
    pub(super) method: &'a str,
    pub(super) target: Option<&'a str>,
    pub(super) transport: &'static str,
    pub(super) platform: Option<&'a PlatformRequest>,
    pub(super) id: u128,
    pub(super) end: &'a End,
}

impl Emf {
    pub(super) fn write(&self, measured: &Measured<'_>) {
        if let Err(error) = write_line(self.line(measured, SystemTime::now()), measured.transport) {
            tracing::error!(%error, "a line of metrics could not be written");
        }
    }

    fn line(&self, measured: &Measured<'_>, now: SystemTime) -> Vec<u8> {
        let end = measured.end;
        let mut out = Vec::with_capacity(640);
        out.extend_from_slice(br#"{"_aws":{"Timestamp":"#);
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        json::value(&mut out, &since.as_millis());
        out.extend_from_slice(br#","CloudWatchMetrics":[{"Namespace":"#);
        json::string(&mut out, &self.namespace);
        out.extend_from_slice(br#","Dimensions":[["service","method"]"#);
        if measured.target.is_some() {
            out.extend_from_slice(br#",["service","method","target"]"#);
        }
        out.extend_from_slice(
            br#"],"Metrics":[{"Name":"Calls","Unit":"Count"},{"Name":"Errors","Unit":"Count"},{"Name":"Duration","Unit":"Milliseconds"}"#,
        );
        if end.bytes.is_some() {
            out.extend_from_slice(br#",{"Name":"ResultBytes","Unit":"Bytes"}"#);
        }
        out.extend_from_slice(br#"]}]},"service":"#);
        out.extend_from_slice(measured.service.as_bytes());
        out.extend_from_slice(br#","method":"#);
        json::string(&mut out, measured.method);
        if let Some(target) = measured.target {
            out.extend_from_slice(br#","target":"#);
            json::string(&mut out, target);
        }
        out.extend_from_slice(br#","Calls":1,"Errors":"#);
        out.push(if end.error_type().is_some() {
            b'1'
        } else {
            b'0'
        });
        out.extend_from_slice(br#","Duration":"#);
        milliseconds(&mut out, end.duration);
        if let Some(bytes) = end.bytes {
            out.extend_from_slice(br#","ResultBytes":"#);
            json::value(&mut out, &bytes);
        }
        // What is no dimension can be searched for and makes no metric.
        out.extend_from_slice(br#","outcome":""#);
        out.extend_from_slice(end.outcome.as_str().as_bytes());
        out.extend_from_slice(br#"","audit_id":""#);
        hex(&mut out, &measured.id.to_be_bytes());
        out.push(b'"');
        if let Some(platform) = measured.platform {
            out.extend_from_slice(br#","request_id":"#);
            json::string(&mut out, platform.id());
        }
        out.push(b'}');
        out
    }
}

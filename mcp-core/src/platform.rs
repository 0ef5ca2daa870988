//! What a platform says about a request that a host passes on.

use crate::json;
use crate::trace_context::TraceContext;

/// The request as the platform knows it: its id, and its place in a trace. A host gives it to
/// [`Invocation::platform_request`](crate::Invocation::platform_request), or puts it into the extensions of
/// an HTTP request. It goes into audit records, metrics and spans; nothing is decided by it.
///
/// ```
/// use mcp_core::PlatformRequest;
///
/// let request = PlatformRequest::new("lambda", "8f507cfc-xmpl-4697-b07a-ac58fc914c95")
///     .x_ray("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
/// # let _ = request;
/// ```
#[derive(Clone, Debug)]
pub struct PlatformRequest {
    platform: &'static str,
    id: Box<str>,
    function: Option<Box<str>>,
    pub(crate) trace: Option<TraceContext>,
}

impl PlatformRequest {
    /// A request with an id that this platform gave it. Example: [`PlatformRequest`].
    pub fn new(platform: &'static str, id: impl Into<Box<str>>) -> Self {
        Self {
            platform,
            id: id.into(),
            function: None,
            trace: None,
        }
    }

    /// The function that the platform runs, as it names it.
    ///
    /// ```
    /// # use mcp_core::PlatformRequest;
    /// let arn = "arn:aws:lambda:eu-west-1:123456789012:function:patients";
    /// let request = PlatformRequest::new("lambda", "8f507cfc").function(arn);
    /// # let _ = request;
    /// ```
    pub fn function(mut self, name: impl Into<Box<str>>) -> Self {
        self.function = Some(name.into());
        self
    }

    /// The header of AWS X-Ray that came with the request; one that is malformed counts as none.
    /// Example: [`PlatformRequest`].
    pub fn x_ray(mut self, header: &str) -> Self {
        self.trace = TraceContext::from_x_ray(header);
        self
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Appends it as fields of an object.
    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#","runtime":{"platform":"#);
        json::string(out, self.platform);
        out.extend_from_slice(br#","request_id":"#);
        json::string(out, &self.id);
        if let Some(function) = &self.function {
            out.extend_from_slice(br#","function":"#);
            json::string(out, function);
        }
        out.push(b'}');
    }
}

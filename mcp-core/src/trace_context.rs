//! The trace that a request belongs to: W3C Trace Context, and the ids of AWS X-Ray.

/// Where a request stands in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    pub(crate) trace_id: [u8; 16],
    pub(crate) span_id: [u8; 8],
    pub(crate) sampled: bool,
}

impl TraceContext {
    /// Reads a `traceparent` ([W3C Trace Context, section 3.2]). Of a later version the part that version
    /// 00 has is read; zero ids and version `ff` are none.
    ///
    /// [W3C Trace Context, section 3.2]: https://www.w3.org/TR/trace-context/#traceparent-header
    pub(crate) fn from_traceparent(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let [version] = hex(parts.next()?)?;
        let trace_id = hex(parts.next()?)?;
        let span_id = hex(parts.next()?)?;
        let [flags] = hex(parts.next()?)?;
        if version == 0xff || (version == 0 && parts.next().is_some()) {
            return None;
        }
        Self::new(trace_id, span_id, flags & 1 == 1)
    }

    /// Reads the header of AWS X-Ray, such as
    /// `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1` ([X-Ray concepts]).
    /// Its root without the version is the id of a trace.
    ///
    /// [X-Ray concepts]: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    pub(crate) fn from_x_ray(text: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut fields = text.split(';').filter_map(|field| field.split_once('='));
            let (_, value) = fields.find(|(key, _)| key.trim() == name)?;
            Some(value.trim())
        };
        let mut root = field("Root")?.split('-');
        let (version, time, rest) = (root.next()?, root.next()?, root.next()?);
        if version != "1" || time.len() != 8 || root.next().is_some() {
            return None;
        }
        let trace_id = hex(&format!("{time}{rest}"))?;
        let span_id = hex(field("Parent")?)?;
        Self::new(trace_id, span_id, field("Sampled") == Some("1"))
    }

    fn new(trace_id: [u8; 16], span_id: [u8; 8], sampled: bool) -> Option<Self> {
        let is_zero = trace_id == [0; 16] || span_id == [0; 8];
        (!is_zero).then_some(Self {
            trace_id,
            span_id,
            sampled,
        })
    }
}

/// Reads exactly `N` bytes of lower-case hexadecimal digits.
fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (to, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *to = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

    #[test]
    fn x_ray_and_w3c_name_one_trace() {
        let x_ray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        let found = TraceContext::from_x_ray(x_ray);
        assert!(found.is_some());
        assert_eq!(found, TraceContext::from_traceparent(PARENT));
        let lineage = format!("{x_ray};Lineage=1:a87bd80c:0");
        assert_eq!(TraceContext::from_x_ray(&lineage), found);
        let unsampled = x_ray.replace("Sampled=1", "Sampled=0");
        assert!(!TraceContext::from_x_ray(&unsampled).unwrap().sampled);
    }

    #[test]
    fn what_is_malformed_is_no_trace() {
        for text in [
            "",
            "00",
            "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8",
            "00-5759E988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
            "00-00000000000000000000000000000000-53995c3f42cd8ad8-01",
            "00-5759e988bd862e3fe1be46a994272793-0000000000000000-01",
            "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01-more",
            "ff-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
            "00-5759e988bd862e3fe1be46a99427279-53995c3f42cd8ad8-01",
            "00-5759e988bd862e3fe1be46a99427279ä-53995c3f42cd8ad8-01",
        ] {
            assert_eq!(TraceContext::from_traceparent(text), None, "{text}");
        }
        let later = format!("cc{}-what-ever", PARENT.trim_start_matches("00"));
        assert!(TraceContext::from_traceparent(&later).is_some());
        for text in [
            "",
            "Root=1-5759e988-bd862e3fe1be46a994272793",
            "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
            "Root=1-5759e988b-d862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
            "Self=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
        ] {
            assert_eq!(TraceContext::from_x_ray(text), None, "{text}");
        }
    }
}

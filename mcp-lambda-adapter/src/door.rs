//! The ways into the function, and which of them are open.

use std::fmt;

/// A way into the function.
///
/// Behind [`Http`](Self::Http) the server learns who calls from an authorizer, a signature or a
/// token. The others trust that AWS lets nobody invoke the function who may not: whoever holds
/// `lambda:InvokeFunction` can come through any of them. Their callers hold no scopes unless
/// [`Lambda::scopes`](crate::Lambda::scopes) says otherwise. All are open until
/// [`Lambda::doors`](crate::Lambda::doors) names those that are.
///
/// ```
/// use mcp_lambda_adapter::Door;
///
/// assert_eq!("gateway".parse(), Ok(Door::Gateway));
/// assert_eq!(Door::Http.to_string(), "http");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Door {
    /// HTTP: an API Gateway REST API or HTTP API, a Function URL, an Application Load Balancer.
    Http,
    /// An invocation with one JSON-RPC message, as `aws lambda invoke` or AWS's own MCP transport
    /// send it.
    Invoke,
    /// A Lambda target of an AgentCore Gateway: the tool is named by the client context, the event is
    /// its arguments.
    Gateway,
    /// An action group of Amazon Bedrock Agents.
    Agent,
}

impl Door {
    const ALL: [Self; 4] = [Self::Http, Self::Invoke, Self::Gateway, Self::Agent];

    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Invoke => "invoke",
            Self::Gateway => "gateway",
            Self::Agent => "agent",
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Door {
    type Err = UnknownDoor;

    fn from_str(text: &str) -> Result<Self, UnknownDoor> {
        let found = Self::ALL.into_iter().find(|door| door.name() == text);
        found.ok_or(UnknownDoor)
    }
}

/// Not the name of a door.
///
/// ```
/// use mcp_lambda_adapter::{Door, UnknownDoor};
///
/// assert_eq!("window".parse::<Door>(), Err(UnknownDoor));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownDoor;

impl fmt::Display for UnknownDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a door is `http`, `invoke`, `gateway` or `agent`")
    }
}

impl std::error::Error for UnknownDoor {}

/// The doors that are open, and what callers through them hold.
#[derive(Clone, Debug)]
pub(crate) struct Doors([Option<Vec<Box<str>>>; 4]);

impl Doors {
    pub(crate) fn all() -> Self {
        Self(std::array::from_fn(|_| Some(Vec::new())))
    }

    /// Closes every door that is not named.
    pub(crate) fn keep(&mut self, open: &[Door]) {
        for (door, scopes) in Door::ALL.into_iter().zip(&mut self.0) {
            if !open.contains(&door) {
                *scopes = None;
            }
        }
    }

    pub(crate) fn grant(&mut self, door: Door, granted: Vec<Box<str>>) {
        for (known, scopes) in Door::ALL.into_iter().zip(&mut self.0) {
            if let Some(scopes) = scopes.as_mut().filter(|_| known == door) {
                *scopes = granted;
                return;
            }
        }
    }

    /// The scopes of callers through a door, if it is open.
    pub(crate) fn scopes(&self, door: Door) -> Option<&[Box<str>]> {
        let mut doors = Door::ALL.into_iter().zip(&self.0);
        let (_, scopes) = doors.find(|(known, _)| *known == door)?;
        scopes.as_deref()
    }
}

impl fmt::Display for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = Door::ALL
            .into_iter()
            .filter(|door| self.scopes(*door).is_some());
        for (index, door) in open.enumerate() {
            let separator = if index > 0 { "," } else { "" };
            write!(f, "{separator}{door}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_doors_stay_open() {
        let mut doors = Doors::all();
        assert_eq!(doors.to_string(), "http,invoke,gateway,agent");
        doors.grant(Door::Agent, vec!["sales:read".into()]);
        doors.keep(&[Door::Http, Door::Agent]);
        assert_eq!(doors.to_string(), "http,agent");
        assert_eq!(doors.scopes(Door::Http), Some(&[][..]));
        assert_eq!(doors.scopes(Door::Agent), Some(&["sales:read".into()][..]));
        assert_eq!(doors.scopes(Door::Invoke), None);
    }
}

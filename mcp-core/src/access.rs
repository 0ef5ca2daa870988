//! Who wants to use what, for a policy to decide.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Deserializer as _, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::caller::Caller;
use crate::catalogue::ResourceEntry;
use crate::error::Error;
use crate::inject::Request;
use crate::jsonrpc;
use crate::output::{Reply, ReplyKind};
use crate::server::Target;
use crate::text_args::{TextArg, Texts};

/// What a policy decides about: one caller, and one tool, resource or prompt with its arguments. See
/// [`ServerBuilder::policy`](crate::ServerBuilder::policy).
///
/// ```
/// use mcp_core::{Access, Caller, Error, Result, Server, resource, resources, server_info};
///
/// /// What an employee earns.
/// #[resource("payroll://employees/{employee_id}")]
/// fn salary(employee_id: &str) -> Result<String> {
///     Err(Error::not_found(format!("no employee `{employee_id}`")))
/// }
///
/// /// People see what is about themselves.
/// fn own_rows(access: &Access<'_>) -> Result<()> {
///     let Some(employee) = access.argument("employee_id") else { return Ok(()) };
///     match access.caller() {
///         Some(who) if *who.subject() == *employee => Ok(()),
///         Some(who) if who.has_scope("payroll:all") => Ok(()),
///         // The same as for one who does not exist.
///         _ => Err(Error::not_found(format!("no employee `{employee}`"))),
///     }
/// }
///
/// let server = Server::new(server_info!(), ()).resources(resources![salary]).policy(own_rows);
/// assert!(server.build().is_ok());
/// ```
pub struct Access<'a> {
    caller: Option<&'a Caller>,
    kind: AccessKind,
    name: &'a str,
    given: Given<'a>,
}

/// What the client says beside the name.
enum Given<'a> {
    /// An object as raw JSON.
    Arguments(&'a str),
    /// The variables of a URI and their values.
    Variables(&'static [TextArg], &'a Texts<'a>),
}

/// What is to be used.
///
/// ```
/// use mcp_core::{Access, AccessKind, Error, Result};
///
/// fn read_only_mode(access: &Access<'_>) -> Result<()> {
///     match access.kind() {
///         AccessKind::Tool => Err(Error::new("tools are switched off for maintenance")),
///         _ => Ok(()),
///     }
/// }
/// # let _ = read_only_mode;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessKind {
    /// A tool is called.
    Tool,
    /// A resource is read, or its changes are subscribed to.
    Resource,
    /// A prompt is asked for.
    Prompt,
}

/// A function that decides.
pub(crate) type Policy = dyn Fn(&Access<'_>) -> Result<(), Error> + Send + Sync;

impl From<Target> for AccessKind {
    fn from(target: Target) -> Self {
        match target {
            Target::Tool(_) => Self::Tool,
            Target::Resource(_) => Self::Resource,
            Target::Prompt(_) => Self::Prompt,
        }
    }
}

impl<'a> Access<'a> {
    pub(crate) fn new(kind: AccessKind, name: &'a str, request: &'a Request<'a>) -> Self {
        let given = match kind {
            AccessKind::Resource => Given::Variables(request.input.texts, request.texts),
            AccessKind::Tool | AccessKind::Prompt => Given::Arguments(request.arguments),
        };
        Self {
            caller: request.caller,
            kind,
            name,
            given,
        }
    }

    /// The same for a resource whose changes the caller wants to hear of.
    pub(crate) fn to_changes(
        entry: &ResourceEntry,
        values: &'a Texts<'a>,
        caller: Option<&'a Caller>,
    ) -> Self {
        Self {
            caller,
            kind: AccessKind::Resource,
            name: entry.spec.name,
            given: Given::Variables(entry.spec.variables, values),
        }
    }

    /// What the policy lets nobody do, as the reply; `None` for what may go on.
    pub(crate) fn refused_by(&self, policy: &Policy) -> Option<Reply> {
        policy(self)
            .err()
            .map(|error| Reply(ReplyKind::Forbidden(error)))
    }

    /// Who asks; `None` for an anonymous caller. Example: [`Access`].
    pub fn caller(&self) -> Option<&'a Caller> {
        self.caller
    }

    /// Whether it is a tool, a resource or a prompt. Example: [`AccessKind`].
    pub fn kind(&self) -> AccessKind {
        self.kind
    }

    /// The name of the tool, resource or prompt; of a resource that is not its URI, but what its list
    /// entry calls it.
    ///
    /// ```
    /// # use mcp_core::{Access, Error, Result};
    /// fn payments_are_closed(access: &Access<'_>) -> Result<()> {
    ///     match access.name() {
    ///         "pay" | "refund" => Err(Error::new("payments open again at nine")),
    ///         _ => Ok(()),
    ///     }
    /// }
    /// # let _ = payments_are_closed;
    /// ```
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// An argument as text: the characters of a string, the JSON of anything else, so that `5` and
    /// `"5"` are the same. For a resource, a variable of its URI. `None` when it is not there or is
    /// given twice: a policy that needs it refuses then. Example: [`Access`].
    pub fn argument(&self, name: &str) -> Option<Cow<'a, str>> {
        match self.given {
            Given::Variables(variables, values) => {
                let mut variables = variables.iter();
                let index = variables.position(|variable| variable.name == name)?;
                values.get(index)?.as_deref().map(Cow::Borrowed)
            }
            Given::Arguments(object) => {
                let raw = field(object, name)?;
                if raw.starts_with('"') {
                    return jsonrpc::text(raw);
                }
                Some(Cow::Borrowed(raw))
            }
        }
    }
}

/// The value of a field that is given once.
fn field<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    struct Field<'n>(&'n str);

    impl<'de> Visitor<'de> for Field<'_> {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some((key, value)) = map.next_entry::<Cow<'de, str>, &RawValue>()? {
                if key == self.0 && found.replace(value).is_some() {
                    return Err(A::Error::custom("given twice"));
                }
            }
            Ok(found)
        }
    }

    let mut json = serde_json::Deserializer::from_str(object);
    json.deserialize_map(Field(name)).ok()?.map(RawValue::get)
}

impl fmt::Debug for Access<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_found_once() {
        assert_eq!(field(r#"{"a":1,"b":"x"}"#, "b"), Some(r#""x""#));
        assert_eq!(field(r#"{"a":1,"\u0062":[2]}"#, "b"), Some("[2]"));
        assert_eq!(field(r#"{"a":1}"#, "b"), None);
        assert_eq!(field(r#"{"b":1,"b":1}"#, "b"), None);
        assert_eq!(field(r#"{"b":1,"\u0062":2}"#, "b"), None);
    }
}

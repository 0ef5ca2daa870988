//! Who asks.

use std::fmt;
use std::sync::Arc;

/// The identity on whose behalf a call runs, as far as the server knows it.
///
/// A tool that takes `&Caller` refuses anonymous calls; `Option<&Caller>` admits them. A caller is
/// never built from what the client says about itself: it comes from the host (the local user, the
/// platform in front) or from a source that verified it.
///
/// ```
/// use mcp_core::Caller;
///
/// let ann = Caller::for_tests("ann").with_scopes(["sales:read"]);
/// assert_eq!(ann.subject(), "ann");
/// assert!(ann.has_scope("sales:read") && !ann.has_scope("sales:write"));
/// ```
#[derive(Clone)]
pub struct Caller(Arc<Identity>);

#[derive(Clone)]
struct Identity {
    subject: Box<str>,
    scopes: Scopes,
    groups: Box<[Box<str>]>,
    tenant: Option<Box<str>>,
    provenance: Provenance,
}

#[derive(Clone)]
enum Scopes {
    /// The local user, who owns the process and everything it can reach.
    All,
    These(Box<[Box<str>]>),
}

/// Who vouches for a caller.
///
/// ```
/// use mcp_core::{Caller, Provenance};
///
/// assert_eq!(Caller::local("me").provenance(), Provenance::Local);
/// assert_eq!(Caller::for_tests("ann").provenance(), Provenance::Test);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Provenance {
    /// The operator of this process: standard input, or a loopback address.
    Local,
    /// The platform in front of the server, in a way of its own: a runtime that checked the call.
    Platform,
    /// An authorizer of the gateway in front of the server, which checked a token.
    Authorizer,
    /// AWS Identity and Access Management: a signed request, or the right to invoke a function.
    Iam,
    /// A source that the server's author supplied.
    Custom,
    /// A unit test.
    Test,
}

impl Caller {
    /// The local user of a process that serves standard input or a loopback address.
    ///
    /// Holds every scope until [`Caller::with_scopes`] narrows it.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let me = Caller::local("me");
    /// assert!(me.has_scope("anything"));
    /// assert!(!me.with_scopes(["sales:read"]).has_scope("anything"));
    /// ```
    pub fn local(subject: impl Into<Box<str>>) -> Self {
        Self::build(subject.into(), Scopes::All, Provenance::Local)
    }

    /// A caller for unit tests. Holds no scope until [`Caller::with_scopes`] adds some. Example:
    /// [`Caller`].
    pub fn for_tests(subject: impl Into<Box<str>>) -> Self {
        Self::new(subject, Provenance::Test)
    }

    /// A caller that somebody vouches for, without scopes.
    ///
    /// For hosts and caller sources. Nothing is checked here: whoever calls this says that the
    /// subject was verified.
    ///
    /// ```
    /// # use mcp_core::{Caller, Provenance};
    /// let ann = Caller::new("ann", Provenance::Custom);
    /// assert!(!ann.has_scope("sales:read"));
    /// ```
    pub fn new(subject: impl Into<Box<str>>, provenance: Provenance) -> Self {
        Self::build(subject.into(), Scopes::These(Box::default()), provenance)
    }

    fn build(subject: Box<str>, scopes: Scopes, provenance: Provenance) -> Self {
        Self(Arc::new(Identity {
            subject,
            scopes,
            groups: Box::default(),
            tenant: None,
            provenance,
        }))
    }

    /// The same caller, holding exactly these scopes. What it held before is gone.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_scopes(["a"]).with_scopes(["b"]);
    /// assert!(ann.has_scope("b") && !ann.has_scope("a"));
    /// ```
    pub fn with_scopes<I>(self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Box<str>>,
    {
        let scopes = Scopes::These(scopes.into_iter().map(Into::into).collect());
        Self(Arc::new(Identity {
            scopes,
            ..Arc::unwrap_or_clone(self.0)
        }))
    }

    /// The same caller as a member of exactly these groups.
    ///
    /// Groups are for the function to look at; what a caller may use is a matter of scopes.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_groups(["managers"]);
    /// assert!(ann.in_group("managers") && !ann.in_group("admins"));
    /// ```
    pub fn with_groups<I>(self, groups: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Box<str>>,
    {
        let groups = groups.into_iter().map(Into::into).collect();
        Self(Arc::new(Identity {
            groups,
            ..Arc::unwrap_or_clone(self.0)
        }))
    }

    /// The same caller, of this tenant.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_tenant("acme");
    /// assert_eq!(ann.tenant(), Some("acme"));
    /// ```
    pub fn with_tenant(self, tenant: impl Into<Box<str>>) -> Self {
        let tenant = Some(tenant.into());
        Self(Arc::new(Identity {
            tenant,
            ..Arc::unwrap_or_clone(self.0)
        }))
    }

    /// The identifier of the person or program, unique within what vouches for it: two sources may
    /// use one identifier for two people. Example: [`Caller`].
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Whether the caller was granted `scope`.
    ///
    /// Compared byte by byte, as scopes of OAuth are ([RFC 6749, section 3.3]); there are no
    /// wildcards.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_scopes(["sales:*"]);
    /// assert!(ann.has_scope("sales:*") && !ann.has_scope("sales:read"));
    /// ```
    ///
    /// [RFC 6749, section 3.3]: https://www.rfc-editor.org/rfc/rfc6749#section-3.3
    pub fn has_scope(&self, scope: &str) -> bool {
        match &self.0.scopes {
            Scopes::All => true,
            Scopes::These(granted) => granted.iter().any(|held| **held == *scope),
        }
    }

    /// Whether whoever vouches for the caller says that they are a member of `group`. Compared byte
    /// by byte. Example: [`Caller::with_groups`].
    pub fn in_group(&self, group: &str) -> bool {
        self.0.groups.iter().any(|held| **held == *group)
    }

    /// The tenant on whose behalf the call runs, where the host knows it. Example:
    /// [`Caller::with_tenant`].
    pub fn tenant(&self) -> Option<&str> {
        self.0.tenant.as_deref()
    }

    /// Bytes that are equal for the same person or program and for nobody else: what is left with
    /// a client is bound to them.
    pub(crate) fn principal(&self) -> Vec<u8> {
        let tenant = self.0.tenant.as_deref().unwrap_or_default();
        // The length keeps a tenant from reaching into the subject.
        let (provenance, length) = (self.0.provenance, tenant.len());
        let mut principal = format!("{provenance:?}:{length}:{tenant}:").into_bytes();
        principal.extend_from_slice(self.0.subject.as_bytes());
        principal
    }

    /// Who vouches for this identity. Example: [`Provenance`].
    pub fn provenance(&self) -> Provenance {
        self.0.provenance
    }
}

/// Leaves the subject and the scopes out: debug output ends up in logs.
impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("provenance", &self.0.provenance)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_user_holds_every_scope_until_narrowed() {
        let local = Caller::local("me");
        assert!(local.has_scope("anything"));
        assert!(!local.with_scopes(["a"]).has_scope("anything"));
    }

    #[test]
    fn a_new_caller_holds_none() {
        assert!(!Caller::new("x", Provenance::Platform).has_scope(""));
    }

    #[test]
    fn debug_output_names_nobody() {
        assert!(!format!("{:?}", Caller::local("ann@example.com")).contains("ann"));
    }
}

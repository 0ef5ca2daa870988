//! Who asks.

use std::fmt;
use std::sync::Arc;

use serde_core::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The identity on whose behalf a call runs, as far as the server knows it.
///
/// A tool that takes `&Caller` refuses anonymous calls; `Option<&Caller>` admits them. A caller is
/// never built from what the client says about itself: it comes from the host (the local user, the
/// platform in front) or from a source that verified it, such as a verifier of tokens.
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
    issuer: Option<Box<str>>,
    client: Option<Box<str>>,
    scopes: Scopes,
    groups: Box<[Box<str>]>,
    tenant: Option<Box<str>>,
    token_id: Option<Box<str>>,
    claims: Map<String, Value>,
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
    /// This server, which verified a token itself.
    Token,
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
            issuer: None,
            client: None,
            scopes,
            groups: Box::default(),
            tenant: None,
            token_id: None,
            claims: Map::new(),
            provenance,
        }))
    }

    /// The same caller with something else said about it.
    fn with(mut self, change: impl FnOnce(&mut Identity)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
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
        self.with(|identity| identity.scopes = scopes)
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
        self.with(|identity| identity.groups = groups)
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
        self.with(|identity| identity.tenant = tenant)
    }

    /// The same caller, as this issuer knows it: what a subject means depends on who issued it.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_issuer("https://id.example.com");
    /// assert_eq!(ann.issuer(), Some("https://id.example.com"));
    /// ```
    pub fn with_issuer(self, issuer: impl Into<Box<str>>) -> Self {
        let issuer = Some(issuer.into());
        self.with(|identity| identity.issuer = issuer)
    }

    /// The same caller through this client: the application that the token was issued to.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_client_id("desktop");
    /// assert_eq!(ann.client_id(), Some("desktop"));
    /// ```
    pub fn with_client_id(self, client: impl Into<Box<str>>) -> Self {
        let client = Some(client.into());
        self.with(|identity| identity.client = client)
    }

    /// The same caller, known by a token with this id.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_token_id("t-1");
    /// assert_eq!(ann.token_id(), Some("t-1"));
    /// ```
    pub fn with_token_id(self, id: impl Into<Box<str>>) -> Self {
        let id = Some(id.into());
        self.with(|identity| identity.token_id = id)
    }

    /// The same caller with the claims of its token, for the function to look at. They decide
    /// nothing here: scopes, groups and tenant are set by themselves. Example: [`Caller::claim`].
    pub fn with_claims(self, claims: Map<String, Value>) -> Self {
        self.with(|identity| identity.claims = claims)
    }

    /// The identifier of the person or program, unique within what vouches for it: two issuers may
    /// use one identifier for two people. Example: [`Caller`].
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Who issued the subject, where somebody did: the `iss` of a token. Example:
    /// [`Caller::with_issuer`].
    pub fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// The application that the token was issued to, where it says so. Example:
    /// [`Caller::with_client_id`].
    pub fn client_id(&self) -> Option<&str> {
        self.0.client.as_deref()
    }

    /// The id of the token, where it has one, to find this use of it in other logs. Example:
    /// [`Caller::with_token_id`].
    pub fn token_id(&self) -> Option<&str> {
        self.0.token_id.as_deref()
    }

    /// A claim of the caller's token; `None` when it has none of this name, or one of another type.
    ///
    /// ```
    /// use mcp_core::Caller;
    /// use serde_json::{Map, Value};
    ///
    /// let claims = Map::from_iter([("cost_center".to_owned(), Value::from(42))]);
    /// let ann = Caller::for_tests("ann").with_claims(claims);
    /// assert_eq!(ann.claim::<u32>("cost_center"), Some(42));
    /// assert_eq!(ann.claim::<String>("cost_center"), None);
    /// ```
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.0.claims.get(name)?).ok()
    }

    /// The scopes that the caller was granted. The local user, who holds every scope until
    /// narrowed, has none to name.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_scopes(["a", "b"]);
    /// assert_eq!(ann.scopes().collect::<Vec<_>>(), ["a", "b"]);
    /// ```
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let granted = match &self.0.scopes {
            Scopes::All => &[][..],
            Scopes::These(granted) => granted,
        };
        granted.iter().map(|scope| &**scope)
    }

    /// The groups that the caller is a member of.
    ///
    /// ```
    /// # use mcp_core::Caller;
    /// let ann = Caller::for_tests("ann").with_groups(["managers"]);
    /// assert_eq!(ann.groups().collect::<Vec<_>>(), ["managers"]);
    /// ```
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.0.groups.iter().map(|group| &**group)
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
        let mut principal = format!("{:?}", self.0.provenance).into_bytes();
        for part in [&self.0.issuer, &self.0.tenant] {
            let part = part.as_deref().unwrap_or_default();
            // The length keeps one part from reaching into the next.
            principal.extend_from_slice(format!(":{}:{part}", part.len()).as_bytes());
        }
        principal.push(b':');
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
    fn one_subject_of_two_issuers_is_two_principals() {
        let ann = || Caller::new("ann", Provenance::Token);
        let principals = [
            ann().principal(),
            ann().with_issuer("a").principal(),
            ann().with_issuer("b").principal(),
            ann().with_tenant("a").principal(),
            Caller::new("ann", Provenance::Authorizer).principal(),
        ];
        for (index, one) in principals.iter().enumerate() {
            assert!(!principals[..index].contains(one));
        }
        // What is not part of who it is: another token of the same person.
        let other = ann().with_issuer("a").with_token_id("2").with_scopes(["x"]);
        assert_eq!(other.principal(), principals[1]);
    }

    #[test]
    fn debug_output_names_nobody() {
        assert!(!format!("{:?}", Caller::local("ann@example.com")).contains("ann"));
    }
}

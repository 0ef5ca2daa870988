//! An issuer of tokens, and what its tokens have to say.

use super::claims::Claims;
use super::keys::Jwks;
use super::token::TokenError;
use crate::caller::{Caller, Provenance};

/// An issuer of tokens, and which of its tokens are for this server.
///
/// The names of the settings are those of the JWT authorizer of AgentCore ([inbound JWT authorizer]). A
/// token has to be meant for this server ([MCP authorization]), and where that stands depends on the
/// issuer:
///
/// | issuer | how a token says that it is for this server | scopes | groups |
/// | --- | --- | --- | --- |
/// | [`cognito`](Self::cognito) | `token_use` is `access`, `client_id` is allowed, and a scope belongs to the [`resource_server`](Self::resource_server) | `scope` | `cognito:groups` |
/// | [`entra`](Self::entra) | `aud`, and it permits something: `scp` or `roles` | `scp` | `roles` |
/// | [`okta`](Self::okta), [`auth0`](Self::auth0), [`oidc`](Self::oidc) | `aud` | `scope` or `scp` | `groups` |
///
/// The keys are [given](Self::keys) or, with the feature `jwks`, fetched from the issuer.
///
/// ```
/// use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};
///
/// # let jwks = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
/// #     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
/// let okta = Issuer::okta("example.okta.com", "default")
///     .keys(Jwks::parse(jwks)?)
///     .allowed_audience(["api://payroll"])
///     .grant("managers", ["payroll:team"]);
/// let tokens = TokenVerifier::new([okta])?;
/// # let _ = tokens;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [inbound JWT authorizer]: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html
/// [MCP authorization]: https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
#[derive(Clone, Debug)]
pub struct Issuer {
    pub(super) url: String,
    pub(super) keys: Option<Jwks>,
    pub(super) jwks_url: Option<String>,
    audience: Vec<String>,
    clients: Vec<String>,
    scopes: Vec<String>,
    claims: Vec<(String, String)>,
    kind: Kind,
    dedicated_clients: bool,
    scope_prefix: Option<String>,
    groups_claim: String,
    tenant_claim: Option<String>,
    grants: Vec<(String, Vec<Box<str>>)>,
}

/// How access tokens differ from other tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By their audience.
    Oidc,
    /// By a claim that says what they are for; they name no audience.
    Cognito,
    /// By what they permit. An application that signs users in and has an API is the audience of ID
    /// tokens, too, and those permit nothing.
    Entra,
}

impl Issuer {
    /// Any issuer of access tokens that name their audience, by its URL: the `iss` of its tokens,
    /// character by character.
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let keycloak = Issuer::oidc("https://id.example.com/realms/staff")
    ///     .jwks_url("https://id.example.com/realms/staff/protocol/openid-connect/certs")
    ///     .allowed_audience(["https://payroll.example.com/mcp"]);
    /// # let _ = keycloak;
    /// ```
    pub fn oidc(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            keys: None,
            jwks_url: None,
            audience: Vec::new(),
            clients: Vec::new(),
            scopes: Vec::new(),
            claims: Vec::new(),
            kind: Kind::Oidc,
            dedicated_clients: false,
            scope_prefix: None,
            groups_claim: "groups".to_owned(),
            tenant_claim: None,
            grants: Vec::new(),
        }
    }

    /// A user pool of Amazon Cognito, such as `eu-central-1_AbCdEf123`. Its access tokens name no
    /// audience ([access token]), so it needs [`allowed_clients`](Self::allowed_clients) and a
    /// [`resource_server`](Self::resource_server). Example: [the module](crate::jwt).
    ///
    /// [access token]: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    pub fn cognito(pool: &str) -> Self {
        let region = pool.split('_').next().unwrap_or_default();
        let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
        let url = format!("https://cognito-idp.{region}.amazonaws.com{suffix}/{pool}");
        Self {
            jwks_url: Some(format!("{url}/.well-known/jwks.json")),
            kind: Kind::Cognito,
            groups_claim: "cognito:groups".to_owned(),
            ..Self::oidc(url)
        }
    }

    /// A tenant of Microsoft Entra ID, with tokens of version 2.0 ([access tokens]): the application
    /// has `requestedAccessTokenVersion` 2 in its manifest, and its client id is the audience. The
    /// caller's tenant is the `tid` of the token.
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let application = "00001111-aaaa-2222-bbbb-3333cccc4444";
    /// let entra = Issuer::entra("aaaabbbb-0000-cccc-1111-dddd2222eeee")
    ///     .allowed_audience([application])
    ///     .scope_prefix(format!("api://{application}/"));
    /// # let _ = entra;
    /// ```
    ///
    /// [access tokens]: https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
    pub fn entra(tenant: &str) -> Self {
        let base = format!("https://login.microsoftonline.com/{tenant}");
        Self {
            jwks_url: Some(format!("{base}/discovery/v2.0/keys")),
            kind: Kind::Entra,
            groups_claim: "roles".to_owned(),
            tenant_claim: Some("tid".to_owned()),
            ..Self::oidc(format!("{base}/v2.0"))
        }
    }

    /// A custom authorization server of Okta, by the domain of the organisation and the id of the
    /// server, such as `default`. Example: [`Issuer`].
    pub fn okta(domain: &str, server: &str) -> Self {
        let url = format!("https://{domain}/oauth2/{server}");
        Self {
            jwks_url: Some(format!("{url}/v1/keys")),
            ..Self::oidc(url)
        }
    }

    /// A tenant of Auth0, by its domain. The audience is the identifier of the API.
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let auth0 = Issuer::auth0("example.eu.auth0.com")
    ///     .allowed_audience(["https://payroll.example.com/mcp"]);
    /// # let _ = auth0;
    /// ```
    pub fn auth0(domain: &str) -> Self {
        Self {
            jwks_url: Some(format!("https://{domain}/.well-known/jwks.json")),
            ..Self::oidc(format!("https://{domain}/"))
        }
    }

    /// Uses these keys, and fetches none. Example: [`Issuer`].
    pub fn keys(mut self, keys: Jwks) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Where the keys are fetched from, unless [`Issuer::keys`] gives them: an `https:` URL, or
    /// `http:` on a loopback address. Takes the feature `jwks`. Example: [`Issuer::oidc`].
    pub fn jwks_url(mut self, url: impl Into<String>) -> Self {
        self.jwks_url = Some(url.into());
        self
    }

    /// Accepts tokens whose `aud` names one of these: the public URL of this server, or what the
    /// issuer calls it. Scheme and host are compared without case, and a slash at the end makes no
    /// difference. Example: [`Issuer::oidc`].
    pub fn allowed_audience<I>(mut self, audience: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.audience = audience.into_iter().map(Into::into).collect();
        self
    }

    /// Accepts tokens that were issued to one of these clients: `client_id`, `azp` or `cid`. Without
    /// it, to any, except at Cognito. Example: [the module](crate::jwt).
    pub fn allowed_clients<I>(mut self, clients: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.clients = clients.into_iter().map(Into::into).collect();
        self
    }

    /// Accepts tokens that have at least one of these scopes, for the server as a whole. What a tool
    /// needs is said where the tool is.
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let okta = Issuer::okta("example.okta.com", "default")
    ///     .allowed_audience(["api://payroll"])
    ///     .allowed_scopes(["payroll:read", "payroll:write"]);
    /// # let _ = okta;
    /// ```
    pub fn allowed_scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Accepts tokens where a claim is this text, or a list with it. May be called several times.
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let okta = Issuer::okta("example.okta.com", "default")
    ///     .allowed_audience(["api://payroll"])
    ///     .custom_claim("department", "hr");
    /// # let _ = okta;
    /// ```
    pub fn custom_claim(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.claims.push((name.into(), value.into()));
        self
    }

    /// The identifier of the resource server in Cognito: accepts tokens that have a scope of it. A
    /// scope `identifier/payroll:read` of a token is `payroll:read` here. Make it the public URL of
    /// this server: clients that name the resource ([RFC 8707]) get no token otherwise.
    /// Example: [the module](crate::jwt).
    ///
    /// [RFC 8707]: https://www.rfc-editor.org/rfc/rfc8707
    pub fn resource_server(mut self, identifier: &str) -> Self {
        self.scope_prefix = Some(format!("{}/", identifier.trim_end_matches('/')));
        self
    }

    /// For app clients of Cognito that serve nothing but this server: accepts their tokens without a
    /// scope of a resource server. Users who sign in without the hosted pages have such tokens; their
    /// scopes come from [groups](Self::grant).
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let pool = Issuer::cognito("eu-central-1_AbCdEf123")
    ///     .allowed_clients(["1h57kf5cpq17m0eml12EXAMPLE"])
    ///     .dedicated_clients()
    ///     .grant("staff", ["payroll:read"]);
    /// # let _ = pool;
    /// ```
    pub fn dedicated_clients(mut self) -> Self {
        self.dedicated_clients = true;
        self
    }

    /// What the issuer writes before each scope of this server, such as `api://payroll/`. Clients are
    /// told to ask for scopes with it, and tools name them without it. Example: [`Issuer::entra`].
    pub fn scope_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.scope_prefix = Some(prefix.into());
        self
    }

    /// The claim that lists the caller's groups. Example: [`Issuer::tenant_claim`].
    pub fn groups_claim(mut self, name: impl Into<String>) -> Self {
        self.groups_claim = name.into();
        self
    }

    /// The claim that names the caller's tenant.
    ///
    /// ```
    /// # use mcp_core::jwt::Issuer;
    /// let auth0 = Issuer::auth0("example.eu.auth0.com")
    ///     .allowed_audience(["https://payroll.example.com/mcp"])
    ///     .groups_claim("https://example.com/groups")
    ///     .tenant_claim("org_id");
    /// # let _ = auth0;
    /// ```
    pub fn tenant_claim(mut self, name: impl Into<String>) -> Self {
        self.tenant_claim = Some(name.into());
        self
    }

    /// Gives the members of a group these scopes, beside those of their tokens. May be called several
    /// times. Example: [`Issuer`].
    pub fn grant<I>(mut self, group: impl Into<String>, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Box<str>>,
    {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.grants.push((group.into(), scopes));
        self
    }

    /// What keeps this issuer from being used safely, in words that say what to change.
    pub(super) fn mistake(&self) -> Option<String> {
        let url = &self.url;
        if self.kind == Kind::Cognito {
            if self.clients.is_empty() {
                return Some(format!(
                    "`{url}` needs `allowed_clients`: tokens of Cognito name no audience, and those of \
                     all its clients would be accepted"
                ));
            }
            if self.scope_prefix.is_none() && !self.dedicated_clients {
                return Some(format!(
                    "`{url}` needs a `resource_server`, of which tokens have to have a scope, or \
                     `dedicated_clients`, if its clients serve nothing but this server"
                ));
            }
            return None;
        }
        let mistake = if self.audience.is_empty() {
            "`allowed_audience`: tokens that are meant for other servers would be accepted"
        } else if self.dedicated_clients {
            "no `dedicated_clients`, which is for Cognito; its tokens name their audience"
        } else {
            return None;
        };
        Some(format!("`{url}` needs {mistake}"))
    }

    /// What clients write before the scopes they ask for.
    pub(super) fn advertised_prefix(&self) -> &str {
        self.scope_prefix.as_deref().unwrap_or_default()
    }

    /// Whether clients can ask the issuer for scopes of this server.
    pub(super) fn knows_our_scopes(&self) -> bool {
        self.kind != Kind::Cognito || self.scope_prefix.is_some()
    }

    /// Whether some token of this issuer may hold the scope, as far as that is known.
    pub(super) fn can_grant(&self, scope: &str) -> bool {
        let mut granted = self.grants.iter().flat_map(|(_, scopes)| scopes);
        self.knows_our_scopes() || granted.any(|known| **known == *scope)
    }

    /// The caller of a token whose signature, issuer and times are right, if it is for this server.
    pub(super) fn caller(&self, claims: Claims) -> Result<Caller, TokenError> {
        let client = claims.text(&["client_id", "azp", "cid", "appid"]);
        self.check(&claims, client)?;
        // A token of the client credentials flow has no subject at some issuers.
        let subject = claims
            .text(&["sub"])
            .or(client)
            .ok_or(TokenError::Malformed)?;
        let groups = claims.items(&self.groups_claim);
        let granted = self
            .grants
            .iter()
            .filter(|(group, _)| groups.contains(&group.as_str()));
        let mut scopes: Vec<Box<str>> = self.scopes_of(&claims);
        scopes.extend(granted.flat_map(|(_, scopes)| scopes.iter().cloned()));

        let mut caller = Caller::new(subject, Provenance::Token)
            .with_issuer(self.url.as_str())
            .with_scopes(scopes)
            .with_groups(groups);
        if let Some(client) = client {
            caller = caller.with_client_id(client);
        }
        if let Some(id) = claims.text(&["jti", "uti"]) {
            caller = caller.with_token_id(id);
        }
        if let Some(tenant) = &self.tenant_claim {
            // Where tenants are kept apart, somebody without one belongs nowhere.
            let tenant = claims.text(&[tenant]).ok_or(TokenError::Claim)?;
            caller = caller.with_tenant(tenant);
        }
        Ok(caller.with_claims(claims.0))
    }

    /// The scopes of a token, without what the issuer writes before them.
    fn scopes_of(&self, claims: &Claims) -> Vec<Box<str>> {
        let prefix = self.advertised_prefix();
        let mut words = claims.words("scope");
        words.extend(claims.words("scp"));
        let bare = |word: &str| word.strip_prefix(prefix).unwrap_or(word).into();
        words.into_iter().map(bare).collect()
    }

    fn check(&self, claims: &Claims, client: Option<&str>) -> Result<(), TokenError> {
        if claims.are_of_an_id_token() {
            return Err(TokenError::IdToken);
        }
        match self.kind {
            Kind::Cognito => self.check_cognito(claims)?,
            Kind::Oidc | Kind::Entra if !self.names_us(claims) => return Err(TokenError::Audience),
            Kind::Entra if claims.words("scp").is_empty() && claims.words("roles").is_empty() => {
                return Err(TokenError::IdToken);
            }
            Kind::Oidc | Kind::Entra => {}
        }
        let is_allowed = |client| self.clients.iter().any(|known| known == client);
        if !self.clients.is_empty() && !client.is_some_and(is_allowed) {
            return Err(TokenError::Client);
        }
        if !self.scopes.is_empty() {
            let held = self.scopes_of(claims);
            let is_held = |scope: &String| held.iter().any(|held| **held == **scope);
            if !self.scopes.iter().any(is_held) {
                return Err(TokenError::Scope);
            }
        }
        let fits = |(name, value): &(String, String)| claims.says(name, value);
        if !self.claims.iter().all(fits) {
            return Err(TokenError::Claim);
        }
        Ok(())
    }

    /// Tokens of Cognito say what they are for by a claim, and whom they are for by their scopes.
    fn check_cognito(&self, claims: &Claims) -> Result<(), TokenError> {
        if claims.text(&["token_use"]) != Some("access") {
            return Err(TokenError::Claim);
        }
        if let Some(prefix) = &self.scope_prefix {
            // One for a named resource has an audience as well.
            let resource = prefix.trim_end_matches('/');
            let audience = claims.items("aud");
            if !audience.is_empty() && !audience.iter().any(|named| is_same(named, resource)) {
                return Err(TokenError::Audience);
            }
            let words = claims.words("scope");
            let is_ours = |word: &&str| {
                word.strip_prefix(prefix)
                    .is_some_and(|scope| !scope.is_empty())
            };
            if !self.dedicated_clients && !words.iter().any(is_ours) {
                return Err(TokenError::Audience);
            }
        }
        Ok(())
    }

    /// Whether `aud` names this server.
    fn names_us(&self, claims: &Claims) -> bool {
        let named = claims.items("aud");
        let is_named = |known: &String| named.iter().any(|named| is_same(known, named));
        self.audience.iter().any(is_named)
    }
}

/// Whether two names of a resource are the same: scheme and host of a URL without case, and without
/// a slash at the end.
fn is_same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|name| name.strip_suffix('/').unwrap_or(name));
    if one == other {
        return true;
    }
    let split = |name: &str| {
        let start = name.find("://")? + 3;
        let length = name.get(start..)?.find('/').unwrap_or(name.len() - start);
        Some(start + length)
    };
    let (Some(end), Some(other_end)) = (split(one), split(other)) else {
        return false;
    };
    let (Some((host, path)), Some((other_host, other_path))) =
        (one.split_at_checked(end), other.split_at_checked(other_end))
    else {
        return false;
    };
    host.eq_ignore_ascii_case(other_host) && path == other_path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_resource_may_be_written_in_several_ways() {
        for (one, other) in [
            ("https://a.example/mcp", "https://a.example/mcp"),
            ("https://a.example/mcp", "HTTPS://A.example/mcp"),
            ("https://a.example", "https://a.example/"),
            ("api://x", "api://x"),
            ("client", "client"),
        ] {
            assert!(is_same(one, other) && is_same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("https://a.example/mcp", "https://a.example/MCP"),
            ("https://a.example/mcp", "https://a.example"),
            ("https://a.example", "https://a.example.evil.example"),
            ("client", "Client"),
            ("client", "https://client"),
        ] {
            assert!(
                !is_same(one, other) && !is_same(other, one),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn presets_know_their_issuers() {
        let pool = Issuer::cognito("cn-north-1_Ab");
        assert_eq!(
            pool.url,
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Ab"
        );
        let pool = Issuer::cognito("eu-central-1_Ab");
        assert_eq!(
            pool.url,
            "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab"
        );
        assert_eq!(Issuer::auth0("a.auth0.com").url, "https://a.auth0.com/");
        assert_eq!(
            Issuer::okta("a.okta.com", "b").url,
            "https://a.okta.com/oauth2/b"
        );
        assert_eq!(
            Issuer::entra("t").url,
            "https://login.microsoftonline.com/t/v2.0"
        );
    }

    #[test]
    fn an_issuer_without_an_audience_is_refused_with_what_is_missing() {
        let pool = Issuer::cognito("eu-central-1_Ab");
        for (issuer, missing) in [
            (Issuer::oidc("https://a"), "`allowed_audience`"),
            (
                Issuer::oidc("https://a")
                    .allowed_audience(["b"])
                    .dedicated_clients(),
                "Cognito",
            ),
            (pool.clone().resource_server("r"), "`allowed_clients`"),
            (pool.clone().allowed_clients(["c"]), "`resource_server`"),
        ] {
            let mistake = issuer.mistake().unwrap();
            assert!(mistake.contains(missing), "{mistake}");
        }
        let pool = pool.allowed_clients(["c"]);
        assert_eq!(pool.clone().resource_server("r").mistake(), None);
        assert_eq!(pool.dedicated_clients().mistake(), None);
    }

    #[test]
    fn scopes_that_no_token_can_have_are_known() {
        let pool = Issuer::cognito("eu-central-1_Ab").allowed_clients(["c"]);
        let grouped = pool.clone().dedicated_clients().grant("g", ["a"]);
        assert!(grouped.can_grant("a") && !grouped.can_grant("b"));
        assert!(pool.resource_server("r").can_grant("b"));
    }
}

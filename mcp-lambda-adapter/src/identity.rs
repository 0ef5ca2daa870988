//! Whom the front door verified. Nothing here comes from what a client says about itself.

use std::borrow::Cow;

use lambda_runtime::Context;
use mcp_core::{Caller, Provenance};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The authorizer of an HTTP API or a Function URL.
#[derive(Deserialize)]
struct Authorizer<'a> {
    #[serde(borrow, default)]
    jwt: Option<Jwt<'a>>,
    #[serde(borrow, default)]
    iam: Option<Iam<'a>>,
    #[serde(default)]
    lambda: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Jwt<'a> {
    #[serde(borrow)]
    claims: &'a RawValue,
}

/// Who signed a request, as HTTP APIs and Function URLs have it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Iam<'a> {
    #[serde(borrow, default)]
    user_arn: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    cognito_identity: Option<CognitoIdentity<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CognitoIdentity<'a> {
    #[serde(borrow, default)]
    identity_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    amr: Option<Vec<Cow<'a, str>>>,
}

/// Who signed a request, as REST APIs have it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RestIdentity<'a> {
    #[serde(borrow, default)]
    user_arn: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    cognito_identity_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    cognito_authentication_type: Option<Cow<'a, str>>,
}

/// How an identity pool calls somebody who did not sign in.
const GUEST: &str = "unauthenticated";

/// The caller of a request through an HTTP API or a Function URL.
pub(crate) fn of_http_api(authorizer: &RawValue) -> Option<Caller> {
    let authorizer: Authorizer<'_> = serde_json::from_str(authorizer.get()).ok()?;
    if let Some(jwt) = authorizer.jwt {
        return of_claims(&serde_json::from_str(jwt.claims.get()).ok()?);
    }
    if let Some(iam) = authorizer.iam {
        let Some(cognito) = iam.cognito_identity else {
            return of_signature(None, iam.user_arn.as_deref());
        };
        let how = cognito.amr.unwrap_or_default();
        return of_signature(cognito.identity_id.as_deref(), iam.user_arn.as_deref())
            .filter(|_| !how.iter().any(|how| how == GUEST));
    }
    of_authorizer(&authorizer.lambda?)
}

/// The caller of a request through a REST API.
pub(crate) fn of_rest_api(
    authorizer: Option<&RawValue>,
    identity: Option<&RawValue>,
) -> Option<Caller> {
    if let Some(authorizer) = authorizer {
        let fields: Map<String, Value> = serde_json::from_str(authorizer.get()).ok()?;
        match fields.get("claims") {
            Some(Value::Object(claims)) => return of_claims(claims),
            _ if fields.contains_key("principalId") => return of_authorizer(&fields),
            // What is there without an authorizer says nothing about the caller.
            _ => {}
        }
    }
    let identity: RestIdentity<'_> = serde_json::from_str(identity?.get()).ok()?;
    of_signature(
        identity.cognito_identity_id.as_deref(),
        identity.user_arn.as_deref(),
    )
    .filter(|_| identity.cognito_authentication_type.as_deref() != Some(GUEST))
}

/// The subject, scopes and groups of a token that the gateway checked.
fn of_claims(claims: &Map<String, Value>) -> Option<Caller> {
    // A token of the client credentials flow has no subject at some issuers.
    let subject = text(claims, &["sub", "client_id"])?;
    Some(with_grants(subject, claims))
}

/// What an author's own Lambda authorizer put into its context. A REST API names the principal;
/// beside it, and in an HTTP API alone, fields with the names of claims are taken as such.
fn of_authorizer(fields: &Map<String, Value>) -> Option<Caller> {
    let subject = text(fields, &["sub", "principalId"])?;
    let caller = with_grants(subject, fields);
    Some(match text(fields, &["tenant"]) {
        Some(tenant) => caller.with_tenant(tenant),
        None => caller,
    })
}

fn with_grants(subject: &str, claims: &Map<String, Value>) -> Caller {
    let scopes = claims.get("scope").or_else(|| claims.get("scp"));
    let scopes = scopes.map(|scopes| list(scopes, Some(' ')));
    let groups = match (claims.get("cognito:groups"), claims.get("groups")) {
        // Names of Cognito's groups have no spaces.
        (Some(groups), _) => Some(list(groups, Some(','))),
        (None, groups) => groups.map(|groups| list(groups, None)),
    };
    let (scopes, groups) = (scopes.unwrap_or_default(), groups.unwrap_or_default());
    let mut caller = Caller::new(subject, Provenance::Authorizer)
        .with_scopes(scopes)
        .with_groups(groups);
    if let Some(issuer) = text(claims, &["iss"]) {
        caller = caller.with_issuer(issuer);
    }
    if let Some(client) = text(claims, &["client_id", "azp", "cid", "appid"]) {
        caller = caller.with_client_id(client);
    }
    if let Some(id) = text(claims, &["jti", "uti"]) {
        caller = caller.with_token_id(id);
    }
    caller.with_claims(claims.clone())
}

/// The identity that IAM verified. All users of a Cognito identity pool sign with one role, so
/// there it is the identity of the pool that tells them apart.
fn of_signature(cognito: Option<&str>, arn: Option<&str>) -> Option<Caller> {
    let subject = cognito.or(arn).filter(|subject| !subject.is_empty())?;
    Some(Caller::new(subject, Provenance::Iam))
}

/// Somebody who may invoke the function: whoever it is, IAM let them.
pub(crate) fn of_invocation(context: &Context, otherwise: String) -> Caller {
    let subject = match &context.identity {
        Some(identity) if !identity.identity_id.is_empty() => identity.identity_id.clone(),
        _ => otherwise,
    };
    let caller = Caller::new(subject, Provenance::Iam);
    match &context.tenant_id {
        Some(tenant) => caller.with_tenant(tenant.as_str()),
        None => caller,
    }
}

fn text<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<&'a str> {
    let mut values = names.iter().filter_map(|name| fields.get(*name)?.as_str());
    values.find(|text| !text.is_empty())
}

/// A list in one of the forms in which gateways write it: an array; or, where no item can have the
/// separator in it, `[a b]` or a text with separators. Without a separator a text is one item, since
/// what an issuer calls a group may have anything in it.
fn list(value: &Value, separator: Option<char>) -> Vec<Box<str>> {
    let split = |text: &str, separator: char| {
        let parts = text.split(separator).map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(Into::into).collect()
    };
    match (value, separator) {
        (Value::Array(items), _) => {
            let items = items.iter().filter_map(Value::as_str);
            items.map(Into::into).collect()
        }
        (Value::String(text), Some(separator)) => {
            let inside = text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'));
            inside.map_or_else(|| split(text, separator), |inside| split(inside, ' '))
        }
        (Value::String(text), None) => vec![text.as_str().into()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http_api(text: &str) -> Option<Caller> {
        of_http_api(serde_json::from_str(text).unwrap())
    }

    fn rest_api(authorizer: &str, identity: &str) -> Option<Caller> {
        of_rest_api(
            serde_json::from_str(authorizer).unwrap(),
            serde_json::from_str(identity).unwrap(),
        )
    }

    #[test]
    fn a_token_gives_its_subject_scopes_and_groups() {
        let text = r#"{"jwt":{"claims":{"sub":"ann","scope":"a b","exp":1,"iss":"https://id",
            "client_id":"app","jti":"7","cognito:groups":"[admins users]"},"scopes":["c"]}}"#;
        let ann = http_api(text).unwrap();
        assert_eq!(
            (ann.subject(), ann.provenance()),
            ("ann", Provenance::Authorizer)
        );
        assert!(ann.has_scope("a") && ann.has_scope("b") && !ann.has_scope("c"));
        assert!(ann.in_group("admins") && ann.in_group("users"));
        assert_eq!(ann.issuer(), Some("https://id"));
        assert_eq!((ann.client_id(), ann.token_id()), (Some("app"), Some("7")));
        assert_eq!(ann.claim::<u32>("exp"), Some(1));
    }

    #[test]
    fn lists_come_in_several_forms() {
        for (scopes, groups) in [
            (r#""a b""#, r#""x,y""#),
            (r#""[a b]""#, r#""[x y]""#),
            (r#"["a","b"]"#, r#"["x","y"]"#),
        ] {
            let claims =
                format!(r#"{{"claims":{{"sub":"s","scp":{scopes},"cognito:groups":{groups}}}}}"#);
            let caller = rest_api(&claims, "null").unwrap();
            assert!(caller.has_scope("a") && caller.has_scope("b"), "{claims}");
            assert!(caller.in_group("x") && caller.in_group("y"), "{claims}");
        }
        // One scope may have commas in it.
        let caller = rest_api(r#"{"claims":{"sub":"s","scope":"a,b"}}"#, "null").unwrap();
        assert!(caller.has_scope("a,b") && !caller.has_scope("a"));
    }

    #[test]
    fn no_group_is_made_of_a_part_of_another_s_name() {
        for groups in [r#""[not admins]""#, r#""not,admins""#, r#""not admins""#] {
            let caller = http_api(&format!(
                r#"{{"jwt":{{"claims":{{"sub":"s","groups":{groups}}}}}}}"#
            ));
            assert!(!caller.unwrap().in_group("admins"), "{groups}");
        }
        let caller = http_api(r#"{"jwt":{"claims":{"sub":"s","groups":["not admins","b"]}}}"#);
        let caller = caller.unwrap();
        assert!(caller.in_group("not admins") && caller.in_group("b"));
    }

    #[test]
    fn a_guest_of_an_identity_pool_is_nobody() {
        let v2 = r#"{"iam":{"userArn":"arn","cognitoIdentity":{"identityId":"eu:1","amr":["unauthenticated"]}}}"#;
        assert!(http_api(v2).is_none());
        let v1 = r#"{"userArn":"arn","cognitoIdentityId":"eu:1","cognitoAuthenticationType":"unauthenticated"}"#;
        assert!(rest_api("null", v1).is_none());
    }

    #[test]
    fn a_program_is_its_client() {
        let caller = http_api(r#"{"jwt":{"claims":{"client_id":"p","scope":"a"}}}"#).unwrap();
        assert_eq!(caller.subject(), "p");
    }

    #[test]
    fn a_signature_gives_an_identity_without_scopes() {
        let arn = "arn:aws:iam::1:user/ann";
        let v2 = http_api(&format!(
            r#"{{"iam":{{"userArn":"{arn}","cognitoIdentity":null}}}}"#
        ));
        let v1 = rest_api(
            "null",
            &format!(r#"{{"userArn":"{arn}","sourceIp":"1.2.3.4"}}"#),
        );
        for caller in [v1.unwrap(), v2.unwrap()] {
            assert_eq!(
                (caller.subject(), caller.provenance()),
                (arn, Provenance::Iam)
            );
            assert!(!caller.has_scope("a"));
        }
    }

    #[test]
    fn users_of_an_identity_pool_are_told_apart() {
        let v2 = http_api(r#"{"iam":{"userArn":"arn","cognitoIdentity":{"identityId":"eu:1"}}}"#);
        let v1 = rest_api("null", r#"{"userArn":"arn","cognitoIdentityId":"eu:1"}"#);
        assert_eq!(v2.unwrap().subject(), "eu:1");
        assert_eq!(v1.unwrap().subject(), "eu:1");
    }

    #[test]
    fn a_lambda_authorizer_names_the_principal_and_more() {
        let fields = r#"{"principalId":"u","scope":"a","tenant":"t1","integrationLatency":3}"#;
        let v1 = rest_api(fields, r#"{"userArn":null}"#).unwrap();
        let v2 = http_api(r#"{"lambda":{"sub":"u","scope":"a","tenant":"t1"}}"#).unwrap();
        for caller in [v1, v2] {
            assert_eq!((caller.subject(), caller.tenant()), ("u", Some("t1")));
            assert!(caller.has_scope("a"));
        }
    }

    #[test]
    fn anything_else_gives_nobody() {
        for text in [
            "{}",
            r#"{"lambda":{"role":"x"}}"#,
            r#"{"lambda":null}"#,
            r#"{"jwt":{"claims":{}}}"#,
            r#"{"jwt":{"claims":{"sub":""}}}"#,
            r#"{"iam":{"userArn":null}}"#,
        ] {
            assert!(http_api(text).is_none(), "{text}");
        }
        for (authorizer, identity) in [
            ("null", "null"),
            ("{}", r#"{"sourceIp":"1.2.3.4","userArn":null}"#),
            (r#"{"claims":null}"#, r#"{"userArn":""}"#),
            (r#"{"integrationLatency":3}"#, "null"),
        ] {
            assert!(rest_api(authorizer, identity).is_none(), "{authorizer}");
        }
    }
}

//! Whom the front door verified.

use std::borrow::Cow;
use std::collections::BTreeMap;

use mcp_core::{Caller, Provenance};
use serde::Deserialize;
use serde_json::Value;

/// `requestContext.authorizer`. A Lambda authorizer's own fields are not read: what they mean is
/// its author's business.
#[derive(Deserialize)]
pub(crate) struct Authorizer<'a> {
    #[serde(borrow, default)]
    jwt: Option<Jwt<'a>>,
    #[serde(borrow, default)]
    iam: Option<Iam<'a>>,
}

#[derive(Deserialize)]
struct Jwt<'a> {
    #[serde(borrow, default)]
    claims: BTreeMap<Cow<'a, str>, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Iam<'a> {
    #[serde(borrow, default)]
    user_arn: Option<Cow<'a, str>>,
}

/// The verified caller, if the authorizer names one.
pub(crate) fn caller(authorizer: &Authorizer<'_>) -> Option<Caller> {
    if let Some(jwt) = &authorizer.jwt {
        let claim = |name: &str| jwt.claims.get(name).and_then(Value::as_str);
        // A token of the client credentials flow has no subject at some issuers.
        let subject = claim("sub").or_else(|| claim("client_id"))?;
        let scopes = claim("scope").or_else(|| claim("scp")).unwrap_or_default();
        let caller = Caller::new(subject, Provenance::Platform);
        // The gateway writes a claim that is a list as `[a b]`.
        let scopes = scopes.trim_start_matches('[').trim_end_matches(']');
        return Some(caller.with_scopes(scopes.split_whitespace()));
    }
    let arn = authorizer.iam.as_ref()?.user_arn.as_deref()?;
    Some(Caller::new(arn, Provenance::Platform))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Caller> {
        caller(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_token_gives_its_subject_and_scopes() {
        let text = r#"{"jwt":{"claims":{"sub":"ann","scope":"a b","exp":1},"scopes":["c"]}}"#;
        let ann = of(text).unwrap();
        assert_eq!(ann.subject(), "ann");
        assert!(ann.has_scope("a") && ann.has_scope("b") && !ann.has_scope("c"));
    }

    #[test]
    fn a_list_of_scopes_comes_in_brackets() {
        let bob = of(r#"{"jwt":{"claims":{"sub":"bob","scp":"[a b]"}}}"#).unwrap();
        assert!(bob.has_scope("a") && bob.has_scope("b"));
    }

    #[test]
    fn a_signature_gives_an_identity_without_scopes() {
        let role = of(r#"{"iam":{"userArn":"arn:aws:iam::1:user/ann"}}"#).unwrap();
        assert_eq!(role.subject(), "arn:aws:iam::1:user/ann");
        assert!(!role.has_scope("a"));
    }

    #[test]
    fn anything_else_gives_nobody() {
        for text in [
            "{}",
            r#"{"lambda":{"principalId":"x"}}"#,
            r#"{"jwt":{"claims":{}}}"#,
        ] {
            assert!(of(text).is_none(), "{text}");
        }
    }
}

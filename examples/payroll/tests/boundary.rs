//! What Alice, Bob and their manager see, and what they cannot tell: the same through every door.

mod doors;

use mcp_core::testing::TestIssuer;
use mcp_tests::Result;
use serde_json::{Value, json};

use crate::doors::{Door, URL, Way};

const POOL: &str = "eu-central-1_Example";
const POOL_URL: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example";
const WAYS: [Way; 3] = [Way::Http, Way::Authorizer, Way::Signature];

/// A user pool with a resource server, and tokens for whoever asks.
struct Pool(TestIssuer);

impl Pool {
    fn new() -> Self {
        Self(TestIssuer::new(POOL_URL))
    }

    /// An access token as the hosted pages issue it.
    fn token(&self, username: &str, scopes: &[&str]) -> String {
        let named = scopes.iter().map(|scope| format!("{URL}/{scope}"));
        let scope = std::iter::once("openid".to_owned()).chain(named);
        self.0.token(json!({
            "sub": format!("00000000-0000-4000-8000-{:0>12}", username.len()),
            "username": username,
            "token_use": "access",
            "client_id": "payroll-app",
            "scope": scope.collect::<Vec<_>>().join(" "),
        }))
    }

    async fn door(&self, way: Way) -> Result<Door> {
        let environment = [
            ("PAYROLL_USER_POOL", POOL.to_owned()),
            ("PAYROLL_CLIENTS", "payroll-app".to_owned()),
            ("PAYROLL_RESOURCE_SERVER", URL.to_owned()),
            ("MCP_JWKS", self.0.jwks()),
        ];
        Door::open(way, &environment).await
    }
}

fn names(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| item["name"].as_str()).collect()
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap_or_default()
}

async fn get_salary(door: &Door, token: &str, username: &str) -> Result<doors::Answer> {
    door.call(token, "get_salary", json!({"username": username}))
        .await
}

async fn read(door: &Door, token: &str, username: &str) -> Result<doors::Answer> {
    let uri = format!("payroll://employees/{username}");
    door.ask(Some(token), "resources/read", json!({"uri": uri}))
        .await
}

#[tokio::test]
async fn alice_sees_her_own_row_and_nothing_else() -> Result<()> {
    let pool = Pool::new();
    let alice = pool.token("alice", &["payroll:read"]);
    for way in WAYS {
        let door = pool.door(way).await?;
        let listed = door.ask(Some(&alice), "tools/list", json!({})).await?;
        assert_eq!(
            names(&listed.result()["tools"]),
            ["get_salary", "total_salaries"],
            "{way:?}"
        );
        assert_eq!(listed.result()["cacheScope"], "private");
        let listed = door
            .ask(Some(&alice), "resources/templates/list", json!({}))
            .await?;
        assert_eq!(
            names(&listed.result()["resourceTemplates"]),
            ["employee_record"]
        );
        let listed = door.ask(Some(&alice), "prompts/list", json!({})).await?;
        assert_eq!(names(&listed.result()["prompts"]), [""; 0]);

        let own = get_salary(&door, &alice, "alice").await?;
        assert_eq!(
            own.result()["structuredContent"]["salary_cents"],
            6_210_000,
            "{own:?}"
        );
        let own = read(&door, &alice, "alice").await?;
        let record = own.result()["contents"][0]["text"]
            .as_str()
            .unwrap_or_default();
        assert!(record.contains("6210000"), "{own:?}");

        // Bob's row answers like that of somebody who does not exist, by every way to it.
        let bob = get_salary(&door, &alice, "bob").await?;
        assert_eq!(text(bob.result()), "no employee `bob`", "{way:?}");
        assert_eq!(
            bob.with("bob", "zed"),
            get_salary(&door, &alice, "zed").await?
        );
        let bob = read(&door, &alice, "bob").await?;
        assert!(bob.body["error"].is_object(), "{bob:?}");
        assert_eq!(bob.with("bob", "zed"), read(&door, &alice, "zed").await?);

        let reference = json!({"type": "ref/resource", "uri": "payroll://employees/{username}"});
        let params = json!({"ref": reference, "argument": {"name": "username", "value": ""}});
        let suggested = door
            .ask(Some(&alice), "completion/complete", params)
            .await?;
        assert_eq!(suggested.result()["completion"]["values"], json!(["alice"]));
    }
    Ok(())
}

#[tokio::test]
async fn a_manager_sees_a_team_through_a_scope_and_no_other_team() -> Result<()> {
    let pool = Pool::new();
    let mia = pool.token("mia", &["payroll:read", "payroll:team"]);
    // Holds the scope of a manager, and leads another team.
    let noor = pool.token("noor", &["payroll:read", "payroll:team"]);
    for way in WAYS {
        let door = pool.door(way).await?;
        let team = door.call(&mia, "list_team", json!({})).await?;
        let members = team.result()["structuredContent"]["members"]
            .as_array()
            .cloned();
        let members: Vec<Value> = members.unwrap_or_default();
        let of_team: Vec<_> = members
            .iter()
            .filter_map(|row| row["username"].as_str())
            .collect();
        assert_eq!(of_team, ["alice", "bob", "mia"], "{way:?}");

        let bob = get_salary(&door, &mia, "bob").await?;
        assert_eq!(bob.result()["structuredContent"]["salary_cents"], 5_840_000);
        let carol = get_salary(&door, &mia, "carol").await?;
        assert_eq!(
            carol.with("carol", "zed"),
            get_salary(&door, &mia, "zed").await?
        );
        let bob = get_salary(&door, &noor, "bob").await?;
        assert_eq!(
            bob.with("bob", "zed"),
            get_salary(&door, &noor, "zed").await?
        );

        let arguments = json!({"name": "review", "arguments": {"username": "carol"}});
        let review = door.ask(Some(&mia), "prompts/get", arguments).await?;
        assert!(review.body["error"].is_object(), "{review:?}");
        let arguments = json!({"name": "review", "arguments": {"username": "bob"}});
        let review = door.ask(Some(&mia), "prompts/get", arguments).await?;
        assert_eq!(
            review.result()["messages"].as_array().map(Vec::len),
            Some(1)
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_a_token_has_no_scope_for_is_not_there() -> Result<()> {
    let pool = Pool::new();
    // For this server, since it has a scope of it; no tool needs that one.
    let visitor = pool.token("alice", &["payroll:visit"]);
    for way in WAYS {
        let door = pool.door(way).await?;
        let listed = door.ask(Some(&visitor), "tools/list", json!({})).await?;
        assert_eq!(
            names(&listed.result()["tools"]),
            ["total_salaries"],
            "{way:?}"
        );
        for method in ["resources/templates/list", "prompts/list"] {
            let listed = door.ask(Some(&visitor), method, json!({})).await?;
            let (field, _) = method.split_once("/list").unwrap_or_default();
            let field = field.replace("resources/templates", "resourceTemplates");
            assert_eq!(listed.result()[field], json!([]), "{way:?} {method}");
        }
        let hidden = get_salary(&door, &visitor, "alice").await?;
        let missing = door
            .call(&visitor, "got_salary", json!({"username": "alice"}))
            .await?;
        assert_eq!(hidden.with("get_salary", "got_salary"), missing, "{way:?}");
        assert!(hidden.body["error"].is_object(), "{hidden:?}");
        let hidden = read(&door, &visitor, "alice").await?;
        let params = json!({"uri": "payroll://employee/alice"});
        let missing = door.ask(Some(&visitor), "resources/read", params).await?;
        assert_eq!(hidden.with("employees", "employee"), missing, "{way:?}");
        let argument = json!({"name": "username", "value": ""});
        let complete = |name: &str| {
            let params = json!({"ref": {"type": "ref/prompt", "name": name}, "argument": argument});
            door.ask(Some(&visitor), "completion/complete", params)
        };
        let hidden = complete("review").await?;
        assert_eq!(
            hidden.with("review", "revues"),
            complete("revues").await?,
            "{way:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn more_scopes_are_asked_for_where_a_tool_says_so() -> Result<()> {
    let pool = Pool::new();
    let mia = pool.token("mia", &["payroll:team"]);
    let ida = pool.token("ida", &["payroll:all"]);
    for way in WAYS {
        let door = pool.door(way).await?;
        let refused = door.call(&mia, "total_salaries", json!({})).await?;
        assert_eq!(refused.status, 403, "{way:?} {refused:?}");
        let challenge = refused.challenge.unwrap_or_default();
        assert_eq!(
            challenge,
            format!(
                "Bearer error=\"insufficient_scope\", \
                 resource_metadata=\"https://payroll.example.com/.well-known/oauth-protected-resource/mcp\", \
                 scope=\"{URL}/payroll:all\""
            )
        );
        let total = door.call(&ida, "total_salaries", json!({})).await?;
        assert_eq!(text(total.result()), "34190000", "{way:?}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_has_no_token_is_told_where_to_get_one() -> Result<()> {
    let pool = Pool::new();
    let forged = Pool::new().token("alice", &["payroll:read"]);
    for way in WAYS {
        let door = pool.door(way).await?;
        let refused = door.ask(None, "tools/list", json!({})).await?;
        assert_eq!(refused.status, 401, "{way:?}");
        let metadata = "https://payroll.example.com/.well-known/oauth-protected-resource/mcp";
        let scopes = format!("{URL}/payroll:read {URL}/payroll:team");
        let challenge = format!(r#"Bearer resource_metadata="{metadata}", scope="{scopes}""#);
        assert_eq!(refused.challenge, Some(challenge));

        let path = metadata
            .strip_prefix("https://payroll.example.com")
            .unwrap_or_default();
        let document = door.get(path).await?;
        assert_eq!(document.status, 200, "{way:?}");
        assert_eq!(document.body["resource"], URL);
        assert_eq!(document.body["authorization_servers"], json!([POOL_URL]));

        let refused = door.ask(Some(&forged), "tools/list", json!({})).await?;
        assert_eq!(refused.status, 401, "{way:?}");
        let challenge = refused.challenge.unwrap_or_default();
        assert!(
            challenge.starts_with(r#"Bearer error="invalid_token""#),
            "{challenge}"
        );
        if way == Way::Authorizer {
            // What a gateway says it checked is nothing without the token itself.
            let alice = pool.token("alice", &["payroll:read"]);
            assert_eq!(door.claim(&alice).await?.status, 401);
        }
    }
    Ok(())
}

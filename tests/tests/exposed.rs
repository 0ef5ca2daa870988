//! Methods of the state as tools, resources and prompts, of a generic state as well.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Mutex;

use mcp_core::{
    Caller, Completing, Context, Error, Message, Result, Server, State, expose, server_info, tool,
    tools,
};
use mcp_tests::asker::{Asker, MODERN, REVISIONS};
use serde_json::{Value, json};

/// Where names are kept, by something that names them.
trait Repo: Send + Sync + 'static {
    type Id: FromStr + Display + Ord + Send + Sync + Clone;

    fn names(&self) -> BTreeMap<Self::Id, String>;
}

struct Desk<R: Repo> {
    repo: R,
    served: Mutex<Vec<String>>,
}

#[expose]
impl<R: Repo> Desk<R> {
    fn new(repo: R) -> Self {
        Self {
            repo,
            served: Mutex::default(),
        }
    }

    /// Serves somebody.
    #[tool(title = "Serve")]
    async fn serve(
        &self,
        /// Whom.
        #[arg(length = 1..)]
        name: &str,
        /// How often.
        #[arg(default = 1, range = 1..=3)]
        times: u8,
        cx: &Context,
    ) -> Result<usize> {
        tokio::task::yield_now().await;
        if cx.is_cancelled() || !self.repo.names().values().any(|known| known == name) {
            return Err(Error::new(format!("nobody is called {name}")));
        }
        let mut served = self.served.lock().unwrap();
        served.extend(std::iter::repeat_n(name.to_owned(), times.into()));
        Ok(served.len())
    }

    /// Whom it served, on a thread of its own.
    #[tool(read_only, blocking, scopes("desk:read"))]
    fn served(&self) -> Vec<String> {
        self.served.lock().unwrap().clone()
    }

    /// One name.
    #[resource("names://{id}", mime = "text/plain")]
    fn name(&self, #[arg(complete = Self::ids)] id: R::Id) -> Result<String> {
        let name = self.repo.names().remove(&id);
        name.ok_or_else(|| Error::not_found(format!("nobody has the id {id}")))
    }

    /// How many names there are.
    #[resource("names://")]
    fn count(&self) -> usize {
        self.repo.names().len()
    }

    /// Greets somebody.
    #[prompt]
    async fn greet(&self, id: R::Id, tone: Option<&str>) -> Result<[Message; 1]> {
        tokio::task::yield_now().await;
        let name = self.name(id)?;
        let tone = tone.unwrap_or("friendly");
        Ok([Message::user(format!("Write a {tone} greeting to {name}."))])
    }

    /// Without the state.
    #[tool]
    fn whoami(caller: Option<&Caller>) -> String {
        caller.map_or("nobody", Caller::subject).to_owned()
    }

    fn ids(typed: &str, with: &Completing<'_>) -> Vec<String> {
        let Some(desk) = with.state::<Self>() else {
            return Vec::new();
        };
        let ids = desk.repo.names().into_keys().map(|id| id.to_string());
        ids.filter(|id| id.starts_with(typed)).collect()
    }
}

struct Numbered;

impl Repo for Numbered {
    type Id = u16;

    fn names(&self) -> BTreeMap<u16, String> {
        [(1, "Ann".to_owned()), (12, "Bob".to_owned())].into()
    }
}

struct Named;

impl Repo for Named {
    type Id = String;

    fn names(&self) -> BTreeMap<String, String> {
        [("ä/ö %2F".to_owned(), "Cem".to_owned())].into()
    }
}

fn asker_of<R: Repo>(repo: R) -> Asker {
    let server = Server::new(server_info!(), Desk::new(repo)).exposed();
    Asker::new(&server.build().unwrap())
}

async fn names(asker: &Asker, method: &str, key: &str) -> Vec<String> {
    let entries = asker.entries(MODERN, method, key).await;
    let name = |entry: &String| {
        let entry: Value = serde_json::from_str(entry).unwrap();
        entry["name"].as_str().unwrap().to_owned()
    };
    entries.iter().map(name).collect()
}

#[tokio::test]
async fn marked_methods_are_listed_in_the_order_written_and_others_are_not() {
    let asker = asker_of(Numbered);
    let tools = names(&asker, "tools/list", "tools").await;
    assert_eq!(tools, ["serve", "served", "whoami"]);
    assert_eq!(
        names(&asker, "resources/list", "resources").await,
        ["count"]
    );
    let templates = names(&asker, "resources/templates/list", "resourceTemplates");
    assert_eq!(templates.await, ["name"]);
    assert_eq!(names(&asker, "prompts/list", "prompts").await, ["greet"]);
}

#[tokio::test]
async fn a_tool_that_is_a_method_works_with_the_state_and_checks_its_arguments() {
    let asker = asker_of(Numbered);
    for (before, revision) in REVISIONS.into_iter().enumerate() {
        let call = async |name: &str, arguments: Value| {
            let params = json!({"name": name, "arguments": arguments});
            asker.ask(revision, "tools/call", params).await
        };
        let result = call("serve", json!({"name": "Ann", "times": 2})).await;
        let served = 2 * (before + 1);
        assert_eq!(
            result["content"][0]["text"],
            served.to_string(),
            "{revision}"
        );
        let refused = call("serve", json!({"name": "", "times": 4})).await;
        let text = refused["content"][0]["text"].as_str().unwrap();
        assert!(
            text.contains("2 problems") && refused["isError"] == true,
            "{text}"
        );
        let unknown = call("serve", json!({"name": "Cem"})).await;
        assert_eq!(unknown["content"][0]["text"], "nobody is called Cem");
        let all = call("served", json!({})).await;
        let all: Vec<String> =
            serde_json::from_str(all["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(all.len(), served);
        assert_eq!(call("whoami", json!({})).await["content"][0]["text"], "me");
    }
}

#[tokio::test]
async fn scopes_of_a_method_count() {
    let server = Server::new(server_info!(), Desk::new(Numbered)).exposed();
    let asker = Asker::named(&server.build().unwrap(), "ann", []);
    assert_eq!(
        names(&asker, "tools/list", "tools").await,
        ["serve", "whoami"]
    );
    let code = asker.code(MODERN, "tools/call", json!({"name": "served"}));
    assert_eq!(code.await, -32602);
}

async fn read(asker: &Asker, uri: &str) -> Value {
    let mut read = asker
        .ask(MODERN, "resources/read", json!({"uri": uri}))
        .await;
    match read.get("error") {
        Some(error) => error["code"].clone(),
        None => read["contents"][0]["text"].take(),
    }
}

// [RSRC-5c]
#[tokio::test]
async fn a_resource_that_is_a_method_is_read_at_the_uri_that_its_builder_gives() {
    let numbered = asker_of(Numbered);
    assert_eq!(Desk::<Numbered>::name_uri(12), "names://12");
    assert_eq!(
        read(&numbered, &Desk::<Numbered>::name_uri(12)).await,
        "Bob"
    );
    assert_eq!(
        read(&numbered, &Desk::<Numbered>::name_uri(2)).await,
        -32602
    );
    assert_eq!(read(&numbered, "names://twelve").await, -32602);
    assert_eq!(read(&numbered, &Desk::<Numbered>::count_uri()).await, "2");
    let uri = Desk::<Named>::name_uri("ä/ö %2F".to_owned());
    assert_eq!(uri, "names://%C3%A4%2F%C3%B6%20%252F");
    assert_eq!(read(&asker_of(Named), &uri).await, "Cem");
}

#[tokio::test]
async fn a_prompt_that_is_a_method_takes_values_of_the_types_of_the_state() {
    let asker = asker_of(Numbered);
    let get = async |arguments: Value| {
        let params = json!({"name": "greet", "arguments": arguments});
        asker.ask(MODERN, "prompts/get", params).await
    };
    let got = get(json!({"id": "1", "tone": "brief"})).await;
    let text = "Write a brief greeting to Ann.";
    assert_eq!(got["messages"][0]["content"]["text"], text);
    assert_eq!(get(json!({"id": "one"})).await["error"]["code"], -32602);
    assert_eq!(
        get(json!({"id": "2"})).await["error"]["message"],
        "nobody has the id 2"
    );
}

#[tokio::test]
async fn suggestions_come_from_the_state() {
    let complete = async |asker: &Asker, typed: &str| {
        let reference = json!({"type": "ref/resource", "uri": "names://{id}"});
        let params = json!({"ref": reference, "argument": {"name": "id", "value": typed}});
        let answer = asker.ask(MODERN, "completion/complete", params).await;
        answer["completion"]["values"].clone()
    };
    assert_eq!(complete(&asker_of(Numbered), "1").await, json!(["1", "12"]));
    assert_eq!(complete(&asker_of(Numbered), "12").await, json!(["12"]));
    assert_eq!(complete(&asker_of(Named), "ä").await, json!(["ä/ö %2F"]));
}

struct Db(&'static str);

#[derive(State)]
struct App {
    db: Db,
}

#[expose]
impl App {
    /// A method that borrows a field of its own state.
    #[tool]
    fn first(&self, db: &Db) -> bool {
        std::ptr::eq(&raw const self.db, db)
    }
}

/// A function beside the methods.
#[tool]
fn second(db: &Db) -> &'static str {
    db.0
}

#[tokio::test]
async fn methods_and_functions_serve_together() {
    let app = App { db: Db("the same") };
    let server = Server::new(server_info!(), app)
        .exposed()
        .tools(tools![second]);
    let asker = Asker::new(&server.build().unwrap());
    assert_eq!(
        names(&asker, "tools/list", "tools").await,
        ["first", "second"]
    );
    for (name, text) in [("first", "true"), ("second", "the same")] {
        let result = asker.ask(MODERN, "tools/call", json!({"name": name})).await;
        assert_eq!(result["content"][0]["text"], text);
    }
    let app = App { db: Db("") };
    let twice = Server::new(server_info!(), app).exposed().exposed().build();
    assert!(
        twice
            .unwrap_err()
            .to_string()
            .contains("two tools are named `first`")
    );
}

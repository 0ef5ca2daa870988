//! Lists in pages: every entry once and in order, whoever asks and whatever changes meanwhile, and
//! cursors that are of use to nobody else and for nothing else.

use mcp_core::{
    Contents, DynamicTool, DynamicTools, SealKeys, Server, prompt, prompts, resource, resources,
    server_info, tool, tools,
};
use mcp_tests::asker::{Asker, MODERN, REVISIONS};
use serde_json::{Value, json};

/// First.
#[tool]
fn t1() {}

/// Only for some.
#[tool(scopes("some"))]
fn t2() {}

/// Third.
#[tool]
fn t3() {}

macro_rules! entries {
    ($($prompt:ident $resource:ident $uri:literal $template:ident $many:literal $($scope:literal)?;)*) => {$(
        /// A prompt.
        #[prompt($(scopes($scope))?)]
        fn $prompt() -> &'static str {
            ""
        }

        /// A resource.
        #[resource($uri $(, scopes($scope))?)]
        fn $resource() -> &'static str {
            ""
        }

        /// A template.
        #[resource($many $(, scopes($scope))?)]
        fn $template(x: &str) -> &str {
            x
        }
    )*};
}

entries! {
    p1 r1 "a://1" m1 "a://1/{x}";
    p2 r2 "a://2" m2 "a://2/{x}" "some";
    p3 r3 "a://3" m3 "a://3/{x}";
    p4 r4 "a://4" m4 "a://4/{x}";
    p5 r5 "a://5" m5 "a://5/{x}";
}

/// The method of each list, its key and the names in it.
const LISTS: [(&str, &str, [&str; 5]); 4] = [
    ("tools/list", "tools", ["t1", "t2", "t3", "t4", "t5"]),
    ("prompts/list", "prompts", ["p1", "p2", "p3", "p4", "p5"]),
    (
        "resources/list",
        "resources",
        ["r1", "r2", "r3", "r4", "r5"],
    ),
    (
        "resources/templates/list",
        "resourceTemplates",
        ["m1", "m2", "m3", "m4", "m5"],
    ),
];

fn dynamic(name: &str) -> DynamicTool {
    let schema = r#"{"type":"object"}"#;
    let tool = DynamicTool::new(name, schema, |_| {
        Box::pin(async { Ok(Contents::default()) })
    });
    tool.unwrap().description("Comes and goes.")
}

fn registry() -> DynamicTools {
    let registry = DynamicTools::new();
    registry.add(dynamic("t4")).unwrap();
    registry.add(dynamic("t5")).unwrap();
    registry
}

fn keys(secret: u8) -> SealKeys {
    SealKeys::new([("k1", [secret; 32])]).unwrap()
}

fn server_of(page_size: u16, registry: &DynamicTools) -> Server {
    Server::new(server_info!(), ())
        .tools(tools![t1, t2, t3])
        .dynamic_tools(registry)
        .prompts(prompts![p1, p2, p3, p4, p5])
        .resources(resources![r1, m1, r2, m2, r3, m3, r4, m4, r5, m5])
        .page_size(page_size)
        .seal_with(keys(1))
        .build()
        .unwrap()
}

async fn page(asker: &Asker, revision: &str, method: &str, cursor: Option<&str>) -> Value {
    let params = cursor.map_or_else(|| json!({}), |cursor| json!({"cursor": cursor}));
    asker.ask(revision, method, params).await
}

/// The names on a page.
fn names(page: &Value, key: &str) -> Vec<String> {
    let entries = page[key].as_array().unwrap_or_else(|| panic!("{page}"));
    let name = |entry: &Value| entry["name"].as_str().unwrap().to_owned();
    entries.iter().map(name).collect()
}

/// The cursor to the next page; one that is there is a text.
fn next(page: &Value) -> Option<&str> {
    let cursor = page.get("nextCursor")?.as_str().unwrap();
    assert!(!cursor.is_empty());
    Some(cursor)
}

/// All pages from the first to the last.
async fn pages(asker: &Asker, revision: &str, method: &str) -> Vec<Value> {
    let mut pages = vec![page(asker, revision, method, None).await];
    while let Some(cursor) = next(pages.last().unwrap()) {
        let page = page(asker, revision, method, Some(cursor)).await;
        pages.push(page);
        assert!(pages.len() < 10, "it goes on for ever");
    }
    pages
}

// [PAGE-1]
#[tokio::test]
async fn every_entry_is_on_one_page_in_the_order_of_the_whole_list() {
    for (size, expected) in [
        (1, &[1, 1, 1, 1, 1][..]),
        (2, &[2, 2, 1]),
        (3, &[3, 2]),
        (4, &[4, 1]),
        (5, &[5]),
        (6, &[5]),
        (u16::MAX, &[5]),
    ] {
        let asker = Asker::new(&server_of(size, &registry()));
        for revision in REVISIONS {
            for (method, key, all) in LISTS {
                let pages = pages(&asker, revision, method).await;
                let pages: Vec<_> = pages.iter().map(|page| names(page, key)).collect();
                let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
                assert_eq!(sizes, expected, "{revision} {method} {size}");
                assert_eq!(pages.concat(), all);
            }
        }
    }
}

// [CACHE-2]
#[tokio::test]
async fn a_caller_with_fewer_scopes_has_full_pages_of_what_they_see() {
    let server = server_of(2, &registry());
    let everything = Asker::named(&server, "ann", ["some"]);
    let less = Asker::named(&server, "ann", []);
    for (method, key, all) in LISTS {
        let seen: Vec<&str> = all
            .iter()
            .copied()
            .filter(|it| !it.ends_with('2'))
            .collect();
        for (asker, expected) in [(&everything, &all[..]), (&less, &seen)] {
            let pages = pages(asker, MODERN, method).await;
            let listed: Vec<_> = pages.iter().flat_map(|page| names(page, key)).collect();
            assert_eq!(listed, expected);
            assert_eq!(pages.len(), expected.len().div_ceil(2), "{method}");
            for page in &pages {
                assert_eq!(page["cacheScope"], "private");
                assert_eq!(page["ttlMs"], pages[0]["ttlMs"]);
            }
        }
        // Scopes that change between two pages neither repeat an entry nor leave one out.
        let first = page(&everything, MODERN, method, None).await;
        let rest = page(&less, MODERN, method, next(&first)).await;
        assert_eq!(names(&rest, key), all[2..4]);
    }
}

#[tokio::test]
async fn a_list_that_everybody_may_see_is_public_on_every_page() {
    let server = Server::new(server_info!(), ())
        .prompts(prompts![p1, p3, p4])
        .page_size(1)
        .seal_with(keys(1))
        .anonymous()
        .build()
        .unwrap();
    let pages = pages(&Asker::new(&server), MODERN, "prompts/list").await;
    let scopes: Vec<&str> = pages
        .iter()
        .map(|page| page["cacheScope"].as_str().unwrap())
        .collect();
    assert_eq!(scopes, ["public"; 3]);
}

#[tokio::test]
async fn tools_that_come_and_go_between_pages_do_not_move_the_others() {
    let registry = registry();
    registry.add(dynamic("t6")).unwrap();
    let asker = Asker::new(&server_of(2, &registry));
    let first = page(&asker, MODERN, "tools/list", None).await;
    let second = page(&asker, MODERN, "tools/list", next(&first)).await;
    assert_eq!(names(&second, "tools"), ["t3", "t4"]);
    // One that was listed, the one that comes next, a new one, and one in the place of another.
    assert!(registry.remove("t4") && registry.remove("t5"));
    registry.add(dynamic("t7")).unwrap();
    registry.replace(dynamic("t6")).unwrap();
    let third = page(&asker, MODERN, "tools/list", next(&second)).await;
    assert_eq!(names(&third, "tools"), ["t6", "t7"]);
    assert_eq!(next(&third), None);
    // Nothing is left behind the cursor.
    assert!(registry.remove("t6") && registry.remove("t7"));
    let third = page(&asker, MODERN, "tools/list", next(&second)).await;
    assert_eq!(names(&third, "tools"), [""; 0]);
    assert_eq!(next(&third), None);
}

// [PAGE-2]
#[tokio::test]
async fn a_cursor_is_good_for_its_list_and_caller_alone() {
    let server = server_of(2, &registry());
    let ann = Asker::named(&server, "ann", []);
    let bob = Asker::named(&server, "bob", []);
    for (method, _, _) in LISTS {
        let first = page(&ann, MODERN, method, None).await;
        let cursor = next(&first).unwrap();
        for (other, _, _) in LISTS {
            let error = page(&ann, MODERN, other, Some(cursor)).await;
            let expected = if other == method {
                Value::Null
            } else {
                json!(-32602)
            };
            assert_eq!(error["error"]["code"], expected, "{method} {other}");
        }
        let error = page(&bob, MODERN, method, Some(cursor)).await;
        assert_eq!(error["error"]["code"], -32602);
        // The same name, but somebody else vouches for it.
        let other = Asker::local(&server, "ann");
        let error = page(&other, MODERN, method, Some(cursor)).await;
        assert_eq!(error["error"]["code"], -32602);
    }
}

// [PAGE-2]
#[tokio::test]
async fn a_cursor_that_the_server_did_not_make_is_refused() {
    let asker = Asker::new(&server_of(2, &registry()));
    let stranger = Server::new(server_info!(), ())
        .tools(tools![t1, t2, t3])
        .prompts(prompts![p1, p2, p3])
        .resources(resources![r1, r2, r3, m1, m2, m3])
        .page_size(2)
        .seal_with(keys(2))
        .build()
        .unwrap();
    let whole = Server::new(server_info!(), ())
        .tools(tools![t1, t2, t3])
        .build()
        .unwrap();
    for revision in REVISIONS {
        for (method, _, _) in LISTS {
            let own = page(&asker, revision, method, None).await;
            let own = next(&own).unwrap();
            let foreign = page(&Asker::new(&stranger), revision, method, None).await;
            let mut changed = own.to_owned();
            let last = changed.pop().unwrap();
            let shorter = changed.clone();
            changed.push(if last == 'A' { 'B' } else { 'A' });
            let longer = format!("{own}A");
            for cursor in [
                json!(""),
                json!("2"),
                json!("x".repeat(100_000)),
                json!(shorter),
                json!(longer),
                json!(changed),
                json!(next(&foreign)),
                json!(2),
                json!([own]),
                json!({}),
                json!(false),
            ] {
                let code = asker.code(revision, method, json!({"cursor": cursor}));
                assert_eq!(code.await, -32602, "{revision} {method} {cursor}");
            }
            let first = asker.ask(revision, method, json!({"cursor": null})).await;
            assert!(first.get("error").is_none() && next(&first).is_some());
        }
        // A list that comes whole has no cursors at all.
        let whole = Asker::new(&whole);
        let list = page(&whole, revision, "tools/list", None).await;
        assert_eq!((names(&list, "tools").len(), next(&list)), (3, None));
        let code = whole.code(revision, "tools/list", json!({"cursor": ""}));
        assert_eq!(code.await, -32602);
    }
}

#[tokio::test]
async fn a_cursor_is_good_at_every_instance_with_the_same_keys() {
    let first = Asker::new(&server_of(2, &registry()));
    let second = Asker::new(&server_of(2, &registry()));
    for (method, key, all) in LISTS {
        let begun = page(&first, MODERN, method, None).await;
        let rest = page(&second, MODERN, method, next(&begun)).await;
        assert_eq!(names(&rest, key), all[2..4], "{method}");
    }
}

#[tokio::test]
async fn without_keys_lists_come_whole_until_the_host_is_alone() {
    let server = Server::new(server_info!(), ())
        .tools(tools![t1, t2, t3])
        .page_size(2)
        .build()
        .unwrap();
    let asker = Asker::new(&server);
    let whole = pages(&asker, MODERN, "tools/list").await;
    assert_eq!(whole.len(), 1);
    assert!(server.single_process());
    let pages = pages(&asker, MODERN, "tools/list").await;
    assert_eq!(pages.len(), 2);
}

//! What a client finds, whatever the documents are.

use mcp_core::testing::Client;
use mcp_core::{HostError, Server};
use serde_json::{Value, json};

use crate::documents::{Documents, MAX_BYTES, Source};
use crate::embedded::{CHUNK, Embedded};
use crate::resources;

/// The server of the example, for documents below a prefix.
fn server(prefix: &str, embedded: Embedded) -> Result<Server, HostError> {
    let server = crate::server(Documents::new(prefix, Source::Embedded(embedded))?)?;
    server.single_process();
    Ok(server)
}

/// A client of documents with these names, each as long as it says.
fn client_of<'n>(
    prefix: &str,
    files: impl IntoIterator<Item = (&'n str, usize)>,
) -> Result<Client, HostError> {
    let files = files.into_iter();
    let files = files.map(|(name, bytes)| (name.to_owned(), vec![b'x'; bytes]));
    Ok(Client::new(&server(prefix, Embedded::of(files))?))
}

fn example() -> Result<Client, HostError> {
    Ok(Client::new(&server("", Embedded::example())?))
}

/// All keys of all pages, and how many pages they were.
async fn keys(client: &Client, folder: Option<&str>) -> (Vec<String>, usize) {
    let mut arguments = match folder {
        Some(folder) => json!({"folder": folder}),
        None => json!({}),
    };
    let (mut keys, mut pages) = (Vec::new(), 0);
    loop {
        let result = client.call("list_documents", arguments.clone()).await;
        let page = &result["structuredContent"];
        let items = page["items"]
            .as_array()
            .unwrap_or_else(|| panic!("{result}"));
        keys.extend(
            items
                .iter()
                .map(|it| it["key"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        match page.get("next_cursor") {
            Some(cursor) => arguments["cursor"] = cursor.clone(),
            None => return (keys, pages),
        }
    }
}

async fn fetch(client: &Client, key: &str) -> Value {
    client.call("fetch_document", json!({"key": key})).await
}

async fn read(client: &Client, uri: &str) -> Value {
    client.request("resources/read", json!({"uri": uri})).await
}

#[tokio::test]
async fn the_list_has_what_is_in_a_folder_and_below_it() -> Result<(), HostError> {
    let client = example()?;
    let (all, _) = keys(&client, None).await;
    assert_eq!(all.len(), 6);
    let (handbook, _) = keys(&client, Some("handbook/")).await;
    assert_eq!(handbook, all[..3]);
    assert_eq!(keys(&client, Some("hand")).await.0, [""; 0]);

    let listed = client
        .call("list_documents", json!({"folder": "policies"}))
        .await;
    assert_eq!(
        listed["structuredContent"]["items"],
        json!([{
            "key": "policies/retention.txt",
            "uri": "documents:///policies/retention.txt",
            "bytes": include_bytes!("../data/policies/retention.txt").len(),
            "mime_type": "text/plain",
        }])
    );
    let refused = client
        .call("list_documents", json!({"folder": "../.."}))
        .await;
    assert_eq!(refused["isError"], true, "{refused}");
    Ok(())
}

#[tokio::test]
async fn pages_have_each_document_once_however_many_there_are() -> Result<(), HostError> {
    let names: Vec<_> = (0..=2 * CHUNK)
        .map(|number| format!("d/{number:05}.md"))
        .collect();
    let client = client_of("d/", names.iter().map(|name| (name.as_str(), 1)))?;
    let (found, pages) = keys(&client, None).await;
    assert!(found.iter().map(|key| format!("d/{key}")).eq(names));
    assert!(pages > 2, "{pages}");
    Ok(())
}

#[tokio::test]
async fn what_is_no_document_is_not_listed_and_not_looked_through_for_ever() -> Result<(), HostError>
{
    let markers = |count| (0..count).map(|number| (format!("m/{number:05}/"), Vec::new()));
    // At most ten times as many as a source names at a time.
    for (count, found) in [(10 * CHUNK - 1, true), (10 * CHUNK, false)] {
        let last = [("m/z.md".to_owned(), vec![b'x'])];
        let client = Client::new(&server("", Embedded::of(markers(count).chain(last)))?);
        let result = client.call("list_documents", json!({})).await;
        assert_eq!(result["isError"] == true, !found, "{result}");
        if found {
            assert_eq!(result["structuredContent"]["items"][0]["key"], "m/z.md");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_text_is_text_a_picture_a_picture_and_the_rest_bytes() -> Result<(), HostError> {
    let client = example()?;
    let text = fetch(&client, "products/prices.csv").await;
    let prices = include_str!("../data/products/prices.csv");
    assert_eq!(text["content"], json!([{"type": "text", "text": prices}]));
    let picture = fetch(&client, "handbook/seating.png").await;
    assert_eq!(picture["content"][0]["type"], "image");
    assert_eq!(picture["content"][0]["mimeType"], "image/png");

    let uri = "documents:///handbook/seating.png";
    let resource = read(&client, uri).await;
    assert_eq!(resource["contents"][0]["mimeType"], "image/png");
    assert_eq!(
        resource["contents"][0]["blob"],
        picture["content"][0]["data"]
    );
    let resource = read(&client, "documents:///products/x200.json").await;
    assert_eq!(resource["contents"][0]["mimeType"], "application/json");
    assert!(
        resource["contents"][0]["text"]
            .as_str()
            .unwrap()
            .contains("X200")
    );

    let names = ["a.pdf", "b.md", "c"].map(str::to_owned);
    let files = names
        .into_iter()
        .zip([vec![1, 2], vec![0xff], b"plain".to_vec()]);
    let client = Client::new(&server("", Embedded::of(files))?);
    let embedded = |uri: &str, mime: &str, blob: &str| json!([{"type": "resource", "resource": {"uri": uri, "mimeType": mime, "blob": blob}}]);
    let pdf = fetch(&client, "a.pdf").await;
    assert_eq!(
        pdf["content"],
        embedded("documents:///a.pdf", "application/pdf", "AQI=")
    );
    let no_text = fetch(&client, "b.md").await;
    let expected = embedded("documents:///b.md", "application/octet-stream", "/w==");
    assert_eq!(no_text["content"], expected);
    assert_eq!(fetch(&client, "c").await["content"][0]["text"], "plain");
    assert_eq!(
        read(&client, "documents:///c").await["contents"][0]["mimeType"],
        "text/plain"
    );
    Ok(())
}

#[tokio::test]
async fn a_long_text_comes_in_parts_and_as_a_resource_whole() -> Result<(), HostError> {
    let lines: Vec<_> = (0..20_000).map(|number| format!("line {number}")).collect();
    let text = lines.join("\n");
    let files = [("long.txt".to_owned(), text.clone().into_bytes())];
    let client = Client::new(&server("", Embedded::of(files))?);
    let (mut all, mut offset) = (String::new(), json!(0));
    loop {
        let arguments = json!({"key": "long.txt", "offset": offset});
        let part = client.call("fetch_document", arguments).await;
        all.push_str(part["content"][0]["text"].as_str().unwrap());
        let Some(note) = part["content"][1]["text"].as_str() else {
            break;
        };
        let (_, next) = note.split_once("`offset` ").unwrap();
        offset = json!(next.trim_end_matches(".]"));
    }
    assert_eq!(all, text);
    let resource = read(&client, "documents:///long.txt").await;
    assert_eq!(resource["contents"][0]["text"], text);

    let arguments = json!({"key": "long.txt", "offset": text.len()});
    let beyond = client.call("fetch_document", arguments).await;
    assert_eq!(beyond["isError"], true, "{beyond}");
    Ok(())
}

#[tokio::test]
async fn a_document_of_n_bytes_is_read_and_one_of_n_plus_one_is_an_error() -> Result<(), HostError>
{
    for end in ["txt", "pdf"] {
        let [most, more] = [format!("most.{end}"), format!("more.{end}")];
        let files = [(most.as_str(), MAX_BYTES), (more.as_str(), MAX_BYTES + 1)];
        let client = client_of("", files)?;
        assert_ne!(fetch(&client, &most).await["isError"], true);
        let whole = read(&client, &resources::uri(&most)).await;
        let contents = &whole["contents"][0];
        match end {
            "txt" => assert_eq!(contents["text"].as_str().map(str::len), Some(MAX_BYTES)),
            _ => assert!(contents["blob"].as_str().unwrap().len() > MAX_BYTES),
        }
        let refused = fetch(&client, &more).await;
        assert_eq!(refused["isError"], true);
        let text = refused["content"][0]["text"].as_str().unwrap();
        assert!(text.contains("1048576 bytes"), "{text}");
        let refused = read(&client, &resources::uri(&more)).await;
        assert!(refused.to_string().contains("1048576 bytes"), "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn nothing_outside_of_the_prefix_is_listed_or_read() -> Result<(), HostError> {
    let files = [
        "public/a.md",
        "public/x/b.md",
        "public-not.md",
        "secret/c.md",
    ];
    let client = client_of("public/", files.map(|name| (name, 1)))?;
    assert_eq!(keys(&client, None).await.0, ["a.md", "x/b.md"]);
    assert_ne!(fetch(&client, "x/b.md").await["isError"], true);
    for key in [
        "../secret/c.md",
        "x/../../secret/c.md",
        "/secret/c.md",
        "secret/c.md",
        "../public-not.md",
        "public/a.md",
        "..",
        "x//b.md",
        "x/./b.md",
    ] {
        let refused = fetch(&client, key).await;
        let text = refused["content"][0]["text"].as_str().unwrap();
        assert!(
            text.starts_with(&format!("no document `{key}`")),
            "{refused}"
        );
        let refused = read(&client, &format!("documents:///{key}")).await;
        assert_eq!(refused["error"]["code"], -32602, "{refused}");
        let encoded = key.replace('.', "%2e").replace('/', "%2F");
        let refused = read(&client, &format!("documents:///{encoded}")).await;
        assert_eq!(refused["error"]["code"], -32602, "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn every_key_of_the_list_is_read_by_its_uri() -> Result<(), HostError> {
    let names = [
        "100%.md",
        "%41",
        "a b/c:d",
        "q?x=1#y",
        "ü/\u{1f600}.txt",
        "a+b&c=d;e,f",
        "[x]\\y",
    ];
    let client = client_of("", names.map(|name| (name, 3)))?;
    let listed = client.call("list_documents", json!({})).await;
    let items = listed["structuredContent"]["items"].as_array().unwrap();
    assert_eq!(items.len(), names.len());
    for item in items {
        let (key, uri) = (item["key"].as_str().unwrap(), item["uri"].as_str().unwrap());
        assert_eq!(
            fetch(&client, key).await["content"][0]["text"].as_str(),
            Some("xxx"),
            "{key}"
        );
        let resource = read(&client, uri).await;
        assert_eq!(resource["contents"][0]["text"], "xxx", "{key}: {resource}");
    }
    Ok(())
}

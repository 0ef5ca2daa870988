//! The tools, called as the functions they are.

use std::fs;

use mcp_core::{Error, HostError, Result};
use serde_json::json;

use super::{list_logs, search_logs};
use crate::lines::{CUT, MAX_LINE};
use crate::records::SearchPage;
use crate::testing::Desk;

/// The first page of what is found.
fn search(desk: &Desk, name: &str, pattern: &str) -> Result<SearchPage> {
    search_logs(name, pattern, false, None, 100, &desk.logs)
}

fn texts(page: &SearchPage) -> Vec<&str> {
    page.lines.iter().map(|line| line.line.as_str()).collect()
}

/// The text a refused call shows the model; empty when it was not refused.
fn refusal<T>(outcome: Result<T>) -> String {
    let refused: Option<Error> = outcome.err();
    let text = refused.and_then(|error| error.public_text().map(str::to_owned));
    text.unwrap_or_default()
}

#[test]
fn logs_are_listed_by_name_with_their_sizes_and_uris() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("b.log", "12345")?;
    desk.write("a b%.log", "")?;
    fs::create_dir(desk.path("c"))?;
    let listed = list_logs(&desk.logs).unwrap();
    let logs: Vec<_> = listed
        .logs
        .iter()
        .map(|log| (log.name.as_str(), log.uri.as_str(), log.bytes))
        .collect();
    assert_eq!(
        logs,
        [
            ("a b%.log", "logs://a%20b%25.log/tail", 0),
            ("b.log", "logs://b.log/tail", 5),
        ]
    );
    assert!(!listed.more);
    Ok(())
}

#[test]
fn the_age_of_a_log_counts_from_its_last_line() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "a")?;
    let file = fs::File::options().append(true).open(desk.path("a.log"))?;
    let now = std::time::SystemTime::now();
    let hour = std::time::Duration::from_secs(3600);
    for (modified, range) in [(now - hour, 3600..7200), (now + hour, 0..1)] {
        file.set_modified(modified)?;
        let age = list_logs(&desk.logs).unwrap().logs[0].age_seconds;
        assert!(range.contains(&age), "{age}");
    }
    Ok(())
}

#[test]
fn the_newest_lines_come_first_with_their_places() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "ERROR one\nfine\nERROR two\nERROR three")?;
    let page = search(&desk, "a.log", "ERROR").unwrap();
    let found: Vec<_> = page
        .lines
        .iter()
        .map(|line| (line.at, line.line.as_str()))
        .collect();
    assert_eq!(
        found,
        [(25, "ERROR three"), (15, "ERROR two"), (0, "ERROR one")]
    );
    assert_eq!(page.next_cursor, None);
    assert!(search(&desk, "a.log", "WARN").unwrap().lines.is_empty());
    Ok(())
}

#[test]
fn a_pattern_is_taken_literally_and_case_counts_unless_told() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "a.*b \u{c9}\nA.*B \u{e9}\naxxb\n")?;
    assert_eq!(
        texts(&search(&desk, "a.log", "a.*b").unwrap()),
        ["a.*b \u{c9}"]
    );
    let either = search_logs("a.log", "A.*b", true, None, 100, &desk.logs).unwrap();
    assert_eq!(texts(&either), ["A.*B \u{e9}", "a.*b \u{c9}"]);
    // Other letters are compared as they are.
    let exact = search_logs("a.log", "\u{e9}", true, None, 100, &desk.logs).unwrap();
    assert_eq!(texts(&exact), ["A.*B \u{e9}"]);
    Ok(())
}

#[test]
fn pages_go_on_while_the_file_grows() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let lines: Vec<_> = (1..=25).map(|number| format!("line {number}")).collect();
    desk.write("a.log", lines.join("\n") + "\n")?;
    let (mut found, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = search_logs("a.log", "line", false, cursor.as_deref(), 10, &desk.logs).unwrap();
        assert!(page.lines.len() <= 10);
        found.extend(page.lines.into_iter().map(|line| line.line));
        desk.append("a.log", "line of later\n")?;
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    found.reverse();
    assert_eq!(found, lines);
    Ok(())
}

#[test]
fn a_cursor_is_refused_after_a_truncation_even_once_the_file_has_grown_again()
-> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "10:01 one\n10:02 two\n10:03 three\n")?;
    let page = search_logs("a.log", "1", false, None, 1, &desk.logs).unwrap();
    let cursor = page.next_cursor.as_deref();
    assert!(cursor.is_some());
    let longer = "11:01 of another day\n".repeat(10);
    for contents in ["", "11:01 one\n", &longer] {
        desk.write("a.log", contents)?;
        let text = refusal(search_logs("a.log", "1", false, cursor, 1, &desk.logs));
        assert!(
            text.contains("`a.log`") && text.contains("truncated or rotated"),
            "{text}"
        );
    }
    Ok(())
}

#[test]
fn after_a_rotation_a_cursor_goes_on_in_the_renamed_file_only() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "10:01 one\n10:02 two\n")?;
    let page = search_logs("a.log", "1", false, None, 1, &desk.logs).unwrap();
    let cursor = page.next_cursor.as_deref();
    desk.rename("a.log", "a.log.1")?;
    let text = refusal(search_logs("a.log", "1", false, cursor, 1, &desk.logs));
    assert!(text.contains("no log `a.log`"), "{text}");

    desk.write("a.log", "11:01 three\n11:02 four\n11:03 five\n")?;
    let text = refusal(search_logs("a.log", "1", false, cursor, 1, &desk.logs));
    assert!(text.contains("another name"), "{text}");
    let rest = search_logs("a.log.1", "1", false, cursor, 9, &desk.logs).unwrap();
    assert_eq!(texts(&rest), ["10:01 one"]);
    Ok(())
}

#[test]
fn a_bad_cursor_and_an_unknown_name_are_refused() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "one\n")?;
    for cursor in ["", "3", "3-", "yesterday"] {
        let text = refusal(search_logs(
            "a.log",
            "o",
            false,
            Some(cursor),
            1,
            &desk.logs,
        ));
        assert!(text.contains("`next_cursor`"), "{cursor:?}: {text}");
    }
    for name in ["b.log", "../a.log"] {
        let text = refusal(search(&desk, name, "o"));
        assert!(
            text.contains(name) && text.contains("`list_logs`"),
            "{text}"
        );
    }
    Ok(())
}

#[test]
fn what_is_not_utf_8_is_found_around_it() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", b"before \xff\x00 needle\n")?;
    assert_eq!(
        texts(&search(&desk, "a.log", "needle").unwrap()),
        ["before \u{fffd}\0 needle"]
    );
    Ok(())
}

/// A byte of a file can be six bytes of an answer, and the whole directory one answer.
#[tokio::test]
async fn the_largest_answers_are_within_the_limit_of_the_server() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let line = "\u{1}".repeat(2 * MAX_LINE) + "\n";
    desk.write("a.log", line.repeat(1000))?;
    let arguments = json!({"name": "a.log", "pattern": "\u{1}", "limit": 100});
    let params = json!({"name": "search_logs", "arguments": arguments});
    let found = desk.ask("tools/call", params).await;
    let lines = found["structuredContent"]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 100);
    assert!(lines[0]["line"].as_str().unwrap().ends_with(CUT));
    let short = "\u{1}".repeat(MAX_LINE - 1) + "\n";
    desk.write("a.log", short.repeat(1000))?;
    assert_eq!(desk.read("logs://a.log/tail").await, short.repeat(49));

    for number in 0..500 {
        desk.write(&format!("{}{number:03}", "\u{20ac}".repeat(84)), "")?;
    }
    let params = json!({"name": "list_logs", "arguments": {}});
    let listed = desk.ask("tools/call", params).await;
    let logs = listed["structuredContent"]["logs"].as_array().map(Vec::len);
    assert!(logs.is_some_and(|logs| logs >= 499), "{listed}");
    Ok(())
}

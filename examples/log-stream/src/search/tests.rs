//! Windows and their borders.

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};

use super::{WINDOW, WINDOWS, Wanted, backwards};
use crate::lines::{CUT, MAX_LINE};

fn file(contents: &str) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(contents.as_bytes())?;
    Ok(file)
}

fn wanted(text: &str) -> Wanted {
    Wanted::new(text, false)
}

fn window() -> usize {
    usize::try_from(WINDOW).unwrap()
}

/// Everything that is found, page after page.
fn all(file: &File, text: &str, limit: usize) -> io::Result<Vec<(u64, String)>> {
    let (mut reached, mut all) = (file.metadata()?.len(), Vec::new());
    while reached > 0 {
        let found = backwards(file, reached, &wanted(text), limit)?;
        assert!(found.lines.len() <= limit && found.reached < reached);
        reached = found.reached;
        all.extend(found.lines.into_iter().map(|line| (line.at, line.line)));
    }
    Ok(all)
}

#[test]
fn every_line_is_found_once_whatever_a_page_holds() -> io::Result<()> {
    // Of lengths that share no factor with that of a window, the last one unfinished.
    let mut contents = String::new();
    let mut expected = Vec::new();
    for number in 0..6000 {
        let line = format!("{number} {}", "x".repeat(number % 211));
        expected.push((u64::try_from(contents.len()).unwrap(), line.clone()));
        contents += &line;
        contents += if number % 2 == 0 { "\n" } else { "\r\n" };
    }
    contents.truncate(contents.trim_end().len());
    assert!(contents.len() > 2 * window());
    expected.reverse();
    let file = file(&contents)?;
    for limit in [1, 7, 100] {
        assert_eq!(all(&file, " ", limit)?, expected, "{limit}");
    }
    let even: Vec<_> = all(&file, "99", 100)?;
    expected.retain(|(_, line)| line.contains("99"));
    assert_eq!(even, expected);
    Ok(())
}

#[test]
fn lines_that_begin_or_end_with_a_window_are_found() -> io::Result<()> {
    for padding in window() - 12..=window() + 2 {
        let text = format!("first\nneedle\n{}\n", "x".repeat(padding));
        let found = all(&file(&text)?, "needle", 10)?;
        assert_eq!(found, [(6, "needle".to_owned())], "{padding}");
    }
    Ok(())
}

#[test]
fn a_page_searches_so_far_and_says_where_it_stopped() -> io::Result<()> {
    let line = format!("{}\n", "x".repeat(1023));
    let reach = WINDOWS * WINDOW;
    let lines = usize::try_from(reach).unwrap() / line.len();
    let file = file(&format!("needle\n{}", line.repeat(lines)))?;
    let end = file.metadata()?.len();
    let first = backwards(&file, end, &wanted("needle"), 10)?;
    assert!(first.lines.is_empty());
    // Less by the first line of each window, which may be a part of one.
    assert!(
        (7..=WINDOWS * 1024 + 7).contains(&first.reached),
        "{}",
        first.reached
    );
    let second = backwards(&file, first.reached, &wanted("needle"), 10)?;
    assert_eq!((second.lines.len(), second.reached), (1, 0));
    Ok(())
}

#[test]
fn an_endless_line_is_searched_in_pieces_and_shown_around_the_text() -> io::Result<()> {
    let filler = "x".repeat(3 * window());
    let file = file(&format!("old needle\n{filler}needle{filler}\nnew needle"))?;
    let found = all(&file, "needle", 10)?;
    let [new, long, old] = found.as_slice() else {
        panic!("{} lines", found.len());
    };
    assert_eq!(
        (new.1.as_str(), old.1.as_str()),
        ("new needle", "old needle")
    );
    assert!(
        long.1.contains("needle") && long.1.starts_with(CUT),
        "{}",
        long.1
    );
    assert!(long.1.len() <= MAX_LINE + 2 * CUT.len());
    Ok(())
}

#[test]
fn a_file_that_shrinks_meanwhile_is_an_error() -> io::Result<()> {
    let error = backwards(&file("needle\n")?, 1000, &wanted("needle"), 1).err();
    assert_eq!(
        error.map(|error| error.kind()),
        Some(ErrorKind::UnexpectedEof)
    );
    Ok(())
}

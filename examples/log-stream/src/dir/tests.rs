//! What is a log, and what is not.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use mcp_core::{HostError, Result};

use super::{LogDir, MAX_ENTRIES, MAX_NAME};
use crate::testing::Desk;

/// The text with which a name is refused; empty when it is not.
fn refusal(desk: &Desk, name: &str) -> String {
    let refused = desk.logs.open(name).err();
    let text = refused.and_then(|error| error.public_text().map(str::to_owned));
    text.unwrap_or_default()
}

#[test]
fn a_log_is_found_and_opened_by_its_name() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let longest = "x".repeat(MAX_NAME);
    for name in ["a.log", "b c;d.log", "..c..", "\u{e9}%2Fd", &longest] {
        // The third is a hidden file.
        desk.write(name, name)?;
        if name.starts_with('.') {
            assert!(refusal(&desk, name).contains(name));
            continue;
        }
        let mut text = String::new();
        desk.logs.open(name).unwrap().read_to_string(&mut text)?;
        assert_eq!(text, name);
    }
    let names: Vec<_> = desk.logs.logs()?.files.into_keys().collect();
    assert_eq!(names, ["a.log", "b c;d.log", &longest, "\u{e9}%2Fd"]);
    assert_eq!(desk.logs.names_like("", 9)?, names);
    assert_eq!(desk.logs.names_like("b", 9)?, ["b c;d.log"]);
    assert_eq!(desk.logs.names_like("", 1)?, ["a.log"]);
    Ok(())
}

#[test]
fn no_name_leads_out_of_the_directory() -> Result<(), HostError> {
    let desk = Desk::new()?;
    fs::create_dir(desk.path("logs"))?;
    desk.write("secret", "secret")?;
    desk.write("logs/a.log", "a")?;
    let inner = LogDir::at(&desk.path("logs"))?;
    let absolute = desk.path("secret").display().to_string();
    let long = "x".repeat(MAX_NAME + 1);
    for name in [
        "",
        ".",
        "..",
        "../secret",
        "..\\secret",
        "a.log/../../secret",
        "./a.log",
        "a.log/",
        "a.log\0",
        "a.log\n",
        &absolute,
        &long,
    ] {
        let refused = inner.open(name).unwrap_err();
        let text = refused.public_text().unwrap_or_default();
        assert!(
            text.contains("no log") && text.contains("list_logs"),
            "{name:?}: {text}"
        );
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn only_plain_files_are_logs() -> Result<(), HostError> {
    use std::os::unix::fs::symlink;

    let (outside, desk) = (Desk::new()?, Desk::new()?);
    outside.write("secret", "secret")?;
    desk.write("a.log", "a")?;
    fs::create_dir(desk.path("folder"))?;
    symlink(outside.path("secret"), desk.path("out"))?;
    symlink("a.log", desk.path("in"))?;
    symlink("nowhere", desk.path("dangling"))?;
    // Whoever opened this to read would wait for a writer.
    let made = std::process::Command::new("mkfifo")
        .arg(desk.path("pipe"))
        .status()?;
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(desk.path("socket"))?;

    for name in ["folder", "out", "in", "dangling", "pipe", "socket"] {
        let text = refusal(&desk, name);
        assert!(
            text.contains(name) && text.contains("no plain file"),
            "{name}: {text}"
        );
    }
    let names: Vec<_> = desk.logs.logs()?.files.into_keys().collect();
    assert_eq!(names, ["a.log"]);
    assert_eq!(desk.logs.names_like("", 9)?, names);
    Ok(())
}

#[test]
fn of_n_entries_all_are_looked_at_and_of_n_plus_one_there_are_more() -> Result<(), HostError> {
    let desk = Desk::new()?;
    for number in 1..MAX_ENTRIES {
        desk.write(&format!("{number}.log"), "")?;
    }
    // Entries that are no logs count, too: they cost as much.
    fs::create_dir(desk.path("folder"))?;
    let logs = desk.logs.logs()?;
    assert_eq!((logs.files.len(), logs.more), (MAX_ENTRIES - 1, false));
    desk.write("one more", "")?;
    let logs = desk.logs.logs()?;
    assert!(logs.files.len() < MAX_ENTRIES + 1 && logs.more);
    Ok(())
}

#[test]
fn a_server_without_a_directory_says_what_to_set() {
    let missing = Path::new("/no/such/directory");
    for (path, named) in [
        (None, "/var/log/app"),
        (Some(missing.as_os_str()), "/no/such/directory"),
        (Some(OsStr::new("")), "``"),
        (Some(OsStr::new("Cargo.toml")), "`Cargo.toml`"),
    ] {
        let refused = LogDir::named(path).err().unwrap().to_string();
        assert!(
            refused.contains("`LOG_DIR`") && refused.contains(named),
            "{refused}"
        );
    }
}

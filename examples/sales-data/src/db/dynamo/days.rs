//! Days as the table has them: ISO dates, which compare as text.

use std::time::SystemTime;

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};

use super::TableError;

/// Today, by the clock of the world.
pub(super) fn today() -> Result<String, TableError> {
    let now = DateTime::from(SystemTime::now()).fmt(DateTimeFormat::DateTime);
    let now = now.map_err(|_| TableError::Clock)?;
    let (day, _) = now.split_once('T').ok_or(TableError::Clock)?;
    Ok(day.to_owned())
}

/// The same day `months` earlier; the last of that month when it has no such day.
pub(super) fn months_before(day: &str, months: u32) -> Option<String> {
    let mut parts = day.split('-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let since = year * 12 + month - 1 - i64::from(months);
    let (year, month) = (since.div_euclid(12), since.rem_euclid(12) + 1);
    let day = day.min(length(year, month));
    // A year before the first has a sign, which comes before all digits.
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// How many days a month has.
const fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, Result};

    use super::{months_before, today};

    #[test]
    fn months_are_counted_back_as_sqlite_does() -> Result<()> {
        let sqlite = Connection::open_in_memory()?;
        let sql = "SELECT date(?1, '-' || ?2 || ' months', 'floor')";
        let mut statement = sqlite.prepare(sql)?;
        for day in ["2026-10-30", "2026-03-31", "2024-02-29", "2026-01-01"] {
            for months in (0..=120).chain([1200, 20_000]) {
                let expected: String = statement.query_row((day, months), |row| row.get(0))?;
                assert_eq!(months_before(day, months), Some(expected), "{day} {months}");
            }
        }
        Ok(())
    }

    #[test]
    fn today_is_what_sqlite_says() -> Result<()> {
        let sqlite = Connection::open_in_memory()?;
        let now = || sqlite.query_row("SELECT date('now')", [], |row| row.get::<_, String>(0));
        // The day may end in between.
        let (before, day, after) = (now()?, today().unwrap(), now()?);
        assert!(before <= day && day <= after, "{before} {day} {after}");
        Ok(())
    }
}

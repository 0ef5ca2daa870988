//! When an invocation has to be answered.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The longest invocation there is lasts 15 minutes; emulators make up times far beyond.
const PLAUSIBLE: Duration = Duration::from_secs(24 * 60 * 60);

/// When a call has to end, by the deadline in milliseconds since 1970: so much earlier that its
/// answer can be sent. `None` for a deadline that has passed or lies further ahead than any
/// invocation lasts.
pub(crate) fn of(milliseconds: u64, now: SystemTime, margin: Duration) -> Option<Instant> {
    let deadline = UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))?;
    let left = deadline
        .duration_since(now)
        .ok()
        .filter(|left| !left.is_zero() && *left < PLAUSIBLE)?;
    // A function with a very short timeout has some time for its work as well.
    let margin = margin.min(left / 2);
    Instant::now().checked_add(left.saturating_sub(margin))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARGIN: Duration = Duration::from_millis(750);

    #[test]
    fn deadlines_that_no_invocation_has_are_unknown() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        // What `cargo lambda watch` sends: ten minutes after the beginning of 1970.
        assert!(of(600_000, now, MARGIN).is_none());
        assert!(of(1_000_000_000, now, MARGIN).is_none());
        assert!(of(1_000_000_000 + 24 * 3_600_000, now, MARGIN).is_none());
        assert!(of(1_000_000_000 + 24 * 3_600_000 - 1, now, MARGIN).is_some());
        assert!(of(1_000_000_001, now, MARGIN).is_some());
        assert!(of(u64::MAX, now, MARGIN).is_none());
    }

    #[test]
    fn the_margin_is_kept_and_never_more_than_half() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (left, kept) in [(3_000, 2_250), (1_500, 750), (600, 300)] {
            let before = Instant::now();
            let deadline = of(1_000_000_000 + left, now, MARGIN).unwrap();
            let time = deadline.duration_since(before);
            assert!(time >= Duration::from_millis(kept), "{left}: {time:?}");
            assert!(time < Duration::from_millis(kept + 200), "{left}: {time:?}");
        }
    }
}

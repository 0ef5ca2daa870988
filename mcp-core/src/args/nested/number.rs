//! Bounds of numbers, exact where they are whole.

use std::cmp::Ordering;

use serde_json::Number;

/// A bound of a number.
#[derive(Debug)]
pub(super) struct Bound {
    whole: Option<i128>,
    near: f64,
    /// Whether the bound itself is outside.
    exclusive: bool,
}

impl Bound {
    pub(super) fn new(number: &Number, exclusive: bool) -> Option<Self> {
        let text = number.to_string();
        Some(Self {
            whole: text.parse().ok(),
            near: text.parse().ok()?,
            exclusive,
        })
    }

    /// Whether a JSON number lies on the outer side of the bound, which is `outer` of it. False when
    /// the JSON is no number.
    pub(super) fn is_passed(&self, json: &str, outer: Ordering) -> bool {
        match self.compare(json) {
            Some(Ordering::Equal) => self.exclusive,
            side => side == Some(outer),
        }
    }

    /// Whether a JSON number is the bound itself.
    pub(super) fn is_equal(&self, json: &str) -> bool {
        self.compare(json) == Some(Ordering::Equal)
    }

    fn compare(&self, json: &str) -> Option<Ordering> {
        if let (Some(bound), Ok(value)) = (self.whole, json.parse::<i128>()) {
            return Some(value.cmp(&bound));
        }
        json.parse::<f64>().ok()?.partial_cmp(&self.near)
    }
}

/// Whether a JSON number is whole, `5.0` and `5e3` included.
pub(super) fn is_whole(json: &str) -> bool {
    json.parse::<i128>().is_ok() || json.parse::<f64>().is_ok_and(|value| value.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_exactly() {
        let bound = Bound::new(&9_007_199_254_740_993_u64.into(), false).unwrap();
        assert_eq!(bound.compare("9007199254740992"), Some(Ordering::Less));
        assert_eq!(bound.compare("9007199254740993"), Some(Ordering::Equal));
        let thousand = Bound::new(&1000.into(), false).unwrap();
        assert_eq!(thousand.compare("1e3"), Some(Ordering::Equal));
        assert_eq!(thousand.compare("null"), None);
    }

    #[test]
    fn an_exclusive_bound_is_outside() {
        let at = |exclusive| Bound::new(&0.into(), exclusive).unwrap();
        assert!(!at(false).is_passed("0", Ordering::Less));
        assert!(at(true).is_passed("0", Ordering::Less));
        assert!(at(true).is_passed("0.0", Ordering::Less));
        assert!(!at(true).is_passed("0.1", Ordering::Less));
    }

    #[test]
    fn whole_numbers_may_have_a_point() {
        assert!(is_whole("5") && is_whole("5.0") && is_whole("5e3") && is_whole("-0.0"));
        assert!(!is_whole("5.5") && !is_whole("true"));
    }
}

//! The middle of a few measurements.

/// The median; of an even count the upper one of the two in the middle. Nothing has the median 0.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

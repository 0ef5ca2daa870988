//! Small changes to a value, most of which break a promise of its schema.

use fastrand::Rng;
use serde_json::Value;

use super::generate::any;

/// Changes one place of a value.
pub(crate) fn mutate(value: &mut Value, rng: &mut Rng) {
    let inside = match value {
        Value::Array(list) if !list.is_empty() && rng.u8(..3) > 0 => {
            let index = rng.usize(..list.len());
            list.get_mut(index)
        }
        Value::Object(map) if !map.is_empty() && rng.u8(..3) > 0 => {
            let index = rng.usize(..map.len());
            map.values_mut().nth(index)
        }
        _ => None,
    };
    match inside {
        Some(inside) => mutate(inside, rng),
        None => here(value, rng),
    }
}

fn here(value: &mut Value, rng: &mut Rng) {
    match rng.u8(..8) {
        0 => *value = Value::Null,
        1 => *value = any(rng, 2),
        2 => *value = Value::String(as_text(value)),
        _ => match value {
            Value::Bool(truth) => *truth = !*truth,
            Value::Number(number) => *value = another_number(number.as_f64().unwrap_or(0.0), rng),
            Value::String(text) => another_text(text, rng),
            Value::Array(list) => match rng.u8(..4) {
                0 => list.push(any(rng, 2)),
                1 => drop(list.pop()),
                2 => list.extend(list.clone()),
                _ => list.reverse(),
            },
            Value::Object(map) => {
                let key = map.keys().nth(rng.usize(..map.len().max(1))).cloned();
                match (rng.u8(..4), key) {
                    (0, Some(key)) => drop(map.remove(&key)),
                    (1, Some(key)) => {
                        let value = map.remove(&key).unwrap_or_default();
                        map.insert(format!("{key}s"), value);
                    }
                    (2, Some(key)) => drop(map.insert(key, any(rng, 2))),
                    _ => drop(map.insert("undeclared".to_owned(), any(rng, 2))),
                }
            }
            Value::Null => *value = any(rng, 2),
        },
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any number will do")]
fn another_number(number: f64, rng: &mut Rng) -> Value {
    match rng.u8(..8) {
        0 => (number as i64).saturating_add(1).into(),
        1 => (number as i64).saturating_sub(1).into(),
        2 => (number + 0.5).into(),
        3 => number.trunc().into(),
        4 => (-number).into(),
        5 => u64::MAX.into(),
        6 => 1e19.into(),
        _ => 0.into(),
    }
}

fn another_text(text: &mut String, rng: &mut Rng) {
    match rng.u8(..5) {
        0 => text.push('x'),
        1 => drop(text.pop()),
        2 => *text = text.repeat(3),
        3 => *text = text.to_uppercase(),
        _ => text.clear(),
    }
}

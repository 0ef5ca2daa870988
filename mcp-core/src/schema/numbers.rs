//! Numbers in schemas: formats that no validator knows become bounds.

use serde_json::{Map, Value};

/// The bounds that a numeric format stands for; `None` when it is not one.
fn of_format(format: &str) -> Option<(Option<i64>, Option<i64>)> {
    Some(match format {
        "uint8" => (Some(0), Some(i64::from(u8::MAX))),
        "uint16" => (Some(0), Some(i64::from(u16::MAX))),
        "uint32" => (Some(0), Some(i64::from(u32::MAX))),
        "int8" => (Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        "int16" => (Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX))),
        "int32" => (Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX))),
        "uint" | "uint64" | "uint128" => (Some(0), None),
        "int" | "int64" | "int128" | "float" | "double" => (None, None),
        _ => return None,
    })
}

/// Puts bounds into the place of a numeric format.
pub(super) fn plain(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str);
    let Some((min, max)) = format.and_then(of_format) else {
        return;
    };
    schema.remove("format");
    if let Some(min) = min {
        schema.entry("minimum").or_insert_with(|| min.into());
    }
    if let Some(max) = max {
        schema.entry("maximum").or_insert_with(|| max.into());
    }
}

/// The bound of whole numbers that says the same as an exclusive one; `None` for other numbers.
pub(super) fn inclusive(bound: &Value, step: i64) -> Option<Value> {
    bound.as_i64()?.checked_add(step).map(Value::from)
}

/// Whether a schema is that of a number that cannot be 0, which decoding enforces.
pub(super) fn excludes_zero(schema: &Map<String, Value>) -> bool {
    let excluded = schema.get("not").and_then(|not| not.get("const"));
    schema.get("type").is_some_and(|kind| kind == "integer") && excluded.is_some_and(|it| *it == 0)
}

//! The members of an object, without a parser: for text that one has already found to be JSON.

use std::borrow::Cow;

/// The members of an object that is known to be valid JSON: each key, and its value as it is written. What
/// is no object has none.
pub(crate) fn members(raw: &str) -> Members<'_> {
    Members {
        rest: raw.trim_ascii_start().strip_prefix('{').unwrap_or_default(),
    }
}

/// The iterator of [`members`].
pub(crate) struct Members<'r> {
    rest: &'r str,
}

impl<'r> Iterator for Members<'r> {
    type Item = (Cow<'r, str>, &'r str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_ascii_start();
        let rest = rest.strip_prefix(',').unwrap_or(rest).trim_ascii_start();
        let (end, escaped) = end_of_string(rest)?;
        let (key, rest) = rest.split_at_checked(end)?;
        let rest = rest
            .trim_ascii_start()
            .strip_prefix(':')?
            .trim_ascii_start();
        let (value, rest) = rest.split_at_checked(end_of_value(rest)?)?;
        self.rest = rest;
        let key = if escaped {
            Cow::Owned(serde_json::from_str(key).ok()?)
        } else {
            Cow::Borrowed(key.get(1..end - 1)?)
        };
        Some((key, value))
    }
}

/// Where a string ends, its quotation marks counted, and whether it holds escapes.
fn end_of_string(text: &str) -> Option<(usize, bool)> {
    let mut bytes = text.bytes().enumerate();
    let (_, b'"') = bytes.next()? else {
        return None;
    };
    let mut escaped = false;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some((at + 1, escaped)),
            b'\\' => {
                escaped = true;
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

fn end_of_value(text: &str) -> Option<usize> {
    match text.as_bytes().first()? {
        b'"' => end_of_string(text).map(|(end, _)| end),
        b'{' | b'[' => end_of_nested(text),
        _ => text
            .bytes()
            .position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'))
            .filter(|length| *length > 0),
    }
}

fn end_of_nested(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match text.as_bytes().get(at)? {
            b'"' => {
                at += end_of_string(text.get(at..)?)?.0;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn members_are_those_that_a_parser_finds() {
        for raw in [
            "{}",
            " { } ",
            r#"{"a":1,"b":2}"#,
            "{\n\t\"a\" : -1.5e3 ,\r\n \"b\":true}",
            r#"{"a":"x,}\"]y\\","b":{"c":["}",{"d":"\\\""}]},"c":[]}"#,
            r#"{"A\"":null,"ä":"ö","":"","\\":[[],[{}]],"z" : "𝄞" }"#,
            r#"{"a":{"a":1},"a":2}"#,
        ] {
            let found: Vec<_> = members(raw).collect();
            let mut parsed = Vec::new();
            let mut from = serde_json::Deserializer::from_str(raw);
            serde_core::Deserializer::deserialize_map(&mut from, All(&mut parsed)).unwrap();
            let found: Vec<_> = found
                .iter()
                .map(|(key, value)| (key.to_string(), (*value).to_owned()))
                .collect();
            assert_eq!(found, parsed, "{raw}");
        }
    }

    #[test]
    fn what_is_no_object_has_none_and_nothing_broken_panics() {
        for raw in ["", "null", "[1,2]", r#""{\"a\":1}""#, "7"] {
            assert_eq!(members(raw).count(), 0, "{raw}");
        }
        let whole = r#"{"a":"x\"ä","b":{"c":[1,"}"]},"d" : 1.5}"#;
        for (end, _) in whole.char_indices() {
            assert!(members(&whole[..end]).count() <= 3);
            assert!(members(&whole[end..]).count() <= 3);
        }
        assert_eq!(members("{\"a\":]}").count(), 0);
    }

    struct All<'a>(&'a mut Vec<(String, String)>);

    impl<'de> serde_core::de::Visitor<'de> for All<'_> {
        type Value = ();

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde_core::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<String>()? {
                let value = map.next_value::<&RawValue>()?;
                self.0.push((key, value.get().to_owned()));
            }
            Ok(())
        }
    }
}

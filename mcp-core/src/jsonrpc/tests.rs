//! What the parse takes, refuses and says.

use super::*;

fn fault(text: &str) -> (i32, &'static str) {
    match parse(text, 64) {
        Ok(_) => panic!("accepted {text}"),
        Err(malformed) => (malformed.code, malformed.message),
    }
}

#[test]
fn a_call_is_borrowed_field_by_field() {
    let message = parse(
        r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"add","x":1,
            "arguments":{"a":1},"_meta":{"progressToken":7,"other":[]}}}"#,
        64,
    )
    .ok()
    .unwrap();
    assert_eq!(message.id, Some(Id("\"a\"")));
    assert!(matches!(message.method, Some(Cow::Borrowed("tools/call"))));
    let Some(Params::Fields(fields)) = message.params else {
        panic!("no fields")
    };
    assert_eq!(fields.name, Some("\"add\""));
    assert_eq!(fields.arguments, Some(r#"{"a":1}"#));
    let Some(Meta::Keys(keys)) = fields.meta else {
        panic!("no meta")
    };
    assert_eq!(keys.progress_token, Some("7"));
}

// [RPC-2]
#[test]
fn ids_keep_their_type_and_others_are_refused() {
    for id in ["1", "-3", "\"x\"", "\"\""] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        assert_eq!(parse(&text, 64).ok().unwrap().id, Some(Id(id)));
    }
    for id in ["null", "1.5", "1e3", "[]", "true"] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        assert_eq!(fault(&text).0, code::INVALID_REQUEST, "{id}");
    }
}

// [RPC-4] [ERR-5]
#[test]
fn what_is_wrong_is_said_and_the_id_survives() {
    assert_eq!(fault("{").0, code::PARSE);
    assert_eq!(fault(r#"{"jsonrpc":"2.0","method":"a"} x"#).0, code::PARSE);
    assert_eq!(
        fault("[]").1,
        "batches are for revision 2025-03-26 only; send one message at a time"
    );
    assert_eq!(fault("7").0, code::INVALID_REQUEST);
    let twice = r#"{"jsonrpc":"2.0","id":9,"method":"a","method":"b"}"#;
    let malformed = parse(twice, 64).err().unwrap();
    assert_eq!(malformed.id, Some(Id("9")));
    assert_eq!(malformed.message, "a key of the message is given twice");
    assert!(
        fault(r#"{"jsonrpc":"2.0","id":1,"Method":"a","method":"a"}"#)
            .1
            .contains("no other")
    );
    assert!(
        fault(r#"{"jsonrpc":"2.0","id":1,"result":{},"method":"a"}"#)
            .1
            .contains("a response has")
    );
}

#[test]
fn params_of_another_type_and_repeated_fields_are_marked() {
    for params in [
        "[1]",
        "7",
        "null",
        "\"x\"",
        "true",
        r#"{"name":"a","name":"b"}"#,
    ] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":{params}}}"#);
        let message = parse(&text, 64).ok().unwrap();
        assert!(
            matches!(message.params, Some(Params::NotAnObject)),
            "{params}"
        );
    }
}

#[test]
fn depth_is_bounded_at_n_and_n_plus_one() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"jsonrpc":"2.0","method":"a","params":{{"name":{open}{close}}}}}"#)
    };
    assert!(parse(&nested(62), 64).is_ok());
    assert_eq!(fault(&nested(63)).1, "the message nests too deeply");
}

#[test]
fn an_id_of_n_bytes_is_taken_and_one_of_n_plus_one_is_not() {
    for (length, good) in [(MAX_ID, true), (MAX_ID + 1, false)] {
        let id = format!("\"{}\"", "x".repeat(length - 2));
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        assert_eq!(parse(&text, 64).is_ok(), good, "{length}");
    }
}

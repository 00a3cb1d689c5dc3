//! Canonical JSON, tested: the specification's cases, then properties over any value.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::canonical::{EncodeError, INTEGER_MAX, check, encode, find_member};

fn text(value: &Value) -> String {
    String::from_utf8(encode(value).unwrap()).unwrap()
}

#[test]
fn keys_are_sorted_by_utf_16_units() {
    // U+1F600 is a surrogate pair in UTF-16 and so comes before U+FB33, though not in bytes.
    let value = json!({"\u{fb33}": 1, "\u{1f600}": 2, "\u{20ac}": 3, "1": 4, "\r": 5, "\u{80}": 6});
    let expected = "{\"\\r\":5,\"1\":4,\"\u{80}\":6,\"\u{20ac}\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}";
    assert_eq!(text(&value), expected);
    assert_eq!(check(expected.as_bytes()), Ok(()));
}

#[test]
fn only_what_must_be_is_escaped_in_its_shortest_form() {
    let value = json!("\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}\u{2028}é");
    let expected = "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}\u{2028}é\"";
    assert_eq!(text(&value), expected);
    assert_eq!(check(expected.as_bytes()), Ok(()));
}

#[test]
fn numbers_that_readers_would_change_are_refused() {
    assert_eq!(encode(&json!(1.0)), Err(EncodeError::Float));
    assert_eq!(encode(&json!(INTEGER_MAX + 1)), Err(EncodeError::IntegerRange));
    assert_eq!(encode(&json!(u64::MAX)), Err(EncodeError::IntegerRange));
    assert_eq!(
        text(&json!([INTEGER_MAX, -INTEGER_MAX, 0])),
        format!("[{INTEGER_MAX},-{INTEGER_MAX},0]")
    );
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth| (0..depth).fold(json!(0), |inner, _| json!([inner]));
    let deepest = encode(&nested(120)).unwrap();
    assert_eq!(check(&deepest), Ok(()));
    assert_eq!(encode(&nested(121)), Err(EncodeError::TooDeep));
    assert!(check(&[b"[", &deepest[..], b"]"].concat()).is_err());
    assert!(check(&b"[".repeat(100_000)).is_err());
}

#[test]
fn other_texts_of_the_same_value_are_refused() {
    for bad in [
        "",
        " 1",
        "1 ",
        "{\"a\": 1}",
        "{\"b\":1,\"a\":1}",
        "{\"a\":1,\"a\":1}",
        "[1,]",
        "{\"a\":1,}",
        "[1",
        "{\"a\"}",
        "01",
        "-0",
        "-",
        "1.0",
        "1e3",
        "9007199254740992",
        "99999999999999999999",
        "\"\\/\"",
        "\"\\u0041\"",
        "\"\\u000A\"",
        "\"\\u001F\"",
        "\"\\u000a\"",
        "\"\\x\"",
        "\"\\u00",
        "\"a",
        "\"\n\"",
        "tru",
        "nul",
        "True",
        "{1:2}",
        "[1 ,2]",
        "\u{feff}1",
        "1}",
        "{\"a\":1]",
    ] {
        assert!(check(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(check(b"\"\xff\"").is_err());
}

#[test]
fn a_member_of_the_outermost_object_is_found() {
    let found = find_member(br#"{"a":{"log":"no"},"log":"yes"}"#, "log").unwrap();
    assert_eq!(found, Some(&br#""yes""#[..]));
    assert_eq!(find_member(br#"[{"log":"no"}]"#, "log").unwrap(), None);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-INTEGER_MAX..=INTEGER_MAX).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_encoded_is_canonical_and_is_the_same_value(value in any_value()) {
        let bytes = encode(&value).unwrap();
        prop_assert_eq!(check(&bytes), Ok(()));
        prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
    }

    /// The checker and the encoder agree: accepted bytes are exactly what encoding gives.
    #[test]
    fn what_passes_the_check_is_its_own_encoding(value in any_value(), at: usize, byte: u8) {
        let mut bytes = encode(&value).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        if check(&bytes).is_ok() {
            let read: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(encode(&read).unwrap(), bytes);
        }
    }

    #[test]
    fn no_text_panics(bytes: Vec<u8>) {
        let _ = check(&bytes);
    }
}

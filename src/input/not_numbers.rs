//! Replaces `NaN` and `Infinity`, which many programs write into JSON although it has neither.

use std::borrow::Cow;

/// JSON with `null` for `NaN`, `Infinity` and `-Infinity` outside of strings.
pub fn with_null_for_nan(json: &str) -> Cow<'_, str> {
    const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let bytes = json.as_bytes();
    let (mut mended, mut copied) = (String::new(), 0);
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => in_string = !in_string,
            b'\\' if in_string => at += 1,
            b'-' | b'I' | b'N' if !in_string => {
                if let Some(none) = NO_NUMBERS.iter().find(|none| bytes[at..].starts_with(none.as_bytes())) {
                    mended += &json[copied..at];
                    mended += "null";
                    at += none.len();
                    copied = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    match copied {
        0 => Cow::Borrowed(json),
        _ => Cow::Owned(mended + &json[copied..]),
    }
}

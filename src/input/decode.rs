//! Bytes → text: UTF-8, or what a byte order mark, a page's own declaration or the user says.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8};
use regex::bytes::Regex;

/// Looks up an encoding by its label, such as `utf-8`, `windows-1252` or `koi8-r`.
pub fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        format!("'{label}' is no encoding known to the WHATWG standard; try utf-8 or windows-1252")
    })
}

/// Text of a plain file. Its byte order mark, if any, decides over `wanted`, and is not part of the text.
///
/// # Errors
/// Says where the bytes stop being valid, and what to do.
pub fn decode(bytes: &[u8], wanted: Option<&'static Encoding>) -> Result<String, String> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, mark),
        None => (wanted.unwrap_or(UTF_8), 0),
    };
    if (encoding == UTF_8 || encoding.is_single_byte())
        && let Some(at) = bytes.iter().position(|&byte| byte == 0)
    {
        return Err(format!("looks like binary data, not text (a zero byte at byte {at})"));
    }
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text[mark..].to_owned()),
            Err(error) => {
                let at = error.valid_up_to();
                let line = 1 + bytes[..at].iter().filter(|&&b| b == b'\n').count();
                Err(format!(
                    "is not valid UTF-8 at byte {at} (line {line}); name its encoding, for example --encoding windows-1252"
                ))
            }
        };
    }
    match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
        Some(text) => Ok(text.into_owned()),
        None => Err(format!("is not valid {}; name its encoding with --encoding", encoding.name())),
    }
}

/// The start of a file as UTF-8, for whoever recognises it: transcoded where a byte order mark says UTF-16, and without a
/// mark. What is not valid in it is replaced.
pub fn start_as_utf8(start: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(start) {
        Some((encoding, mark)) if encoding != UTF_8 => {
            let (text, _) = encoding.decode_without_bom_handling(&start[mark..]);
            Cow::Owned(text.into_owned().into_bytes())
        }
        Some((_, mark)) => Cow::Borrowed(&start[mark..]),
        None => Cow::Borrowed(start),
    }
}

/// Text of a web page: as [`decode`], but the page may declare its encoding in its first 1,024 bytes.
pub fn decode_html(bytes: &[u8], wanted: Option<&'static Encoding>) -> Result<String, String> {
    static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]+)"#).expect("a valid pattern")
    });
    let start = &bytes[..bytes.len().min(1024)];
    let declared = DECLARED.captures(start).and_then(|found| Encoding::for_label(&found[1]));
    // A page that was read as bytes and says UTF-16 is not UTF-16, or this could not have been read.
    let declared = declared.map(Encoding::output_encoding);
    decode(bytes, wanted.or(declared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_decide() {
        assert_eq!(decode(b"\xef\xbb\xbfMali", None).unwrap(), "Mali");
        assert_eq!(decode(b"\xff\xfeM\0a\0", None).unwrap(), "Ma");
        assert_eq!(decode(b"\xfe\xff\0M\0a", encoding("koi8-r").ok()).unwrap(), "Ma");
    }

    #[test]
    fn the_user_or_the_page_may_name_the_encoding() {
        let bytes = b"caf\xe9";
        assert!(decode(bytes, None).unwrap_err().contains("byte 3 (line 1)"));
        assert_eq!(decode(bytes, encoding("windows-1252").ok()).unwrap(), "café");
        let page = b"<html><meta charset=\"iso-8859-1\"><p>caf\xe9</p>";
        assert!(decode_html(page, None).unwrap().contains("café"));
        assert!(encoding("klingon").unwrap_err().contains("klingon"));
    }

    #[test]
    fn binary_is_recognised() {
        assert!(decode(b"\x7fELF\x02\0\0", None).unwrap_err().contains("binary"));
    }
}

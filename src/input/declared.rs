//! The encoding that a web page or an XML file declares.

use std::sync::LazyLock;

use encoding_rs::Encoding;
use regex::bytes::Regex;

/// Bytes of a page in which a declaration of its encoding is searched. Browsers search the first 1,024, and decode the page
/// again where a declaration comes later.
const HEAD: usize = 64 << 10;
/// Most comments, scripts and `meta` elements that are searched.
const MOST_PARTS: usize = 200;

/// The encoding that a page declares, after <https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>.
pub fn by_page(bytes: &[u8]) -> Option<&'static Encoding> {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?is-u)<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)|<(?P<meta>meta)[\s/][^>]*>|<body\b",
        )
        .expect("a valid pattern")
    });
    static CHARSET: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i-u)charset\s*=\s*["']?\s*([a-z0-9_:.+-]+)"#).expect("a valid pattern")
    });
    let head = &bytes[..bytes.len().min(HEAD)];
    let parts = PARTS.captures_iter(head).take(MOST_PARTS);
    let meta = parts
        .take_while(|part| !part[0].eq_ignore_ascii_case(b"<body"))
        .filter(|part| part.name("meta").is_some())
        .find_map(|part| CHARSET.captures(part.get(0)?.as_bytes()).and_then(by_label));
    meta.or_else(|| by_xml(bytes))
}

/// The encoding that an XML declaration names.
pub fn by_xml(bytes: &[u8]) -> Option<&'static Encoding> {
    static XML: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9_:.+-]+)"#).expect("a valid pattern")
    });
    XML.captures(&bytes[..bytes.len().min(HEAD)]).and_then(by_label)
}

/// The encoding with the label that was found. A label of UTF-16 gives UTF-8: the label was found as single bytes, so the
/// page is not in UTF-16.
fn by_label(found: regex::bytes::Captures) -> Option<&'static Encoding> {
    Encoding::for_label(found.get(1)?.as_bytes()).map(Encoding::output_encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_broken_declarations_declare_nothing() {
        for part in ["<!--", "<script", "<meta x ", "<meta x>", "<!-- -->"] {
            assert_eq!(by_page(part.repeat(HEAD).as_bytes()), None, "{part}");
        }
    }
}

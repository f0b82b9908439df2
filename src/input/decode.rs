//! Decodes bytes to text. The encoding is UTF-8, or the one that a byte order mark, a web page or the user names.
//!
//! For plain text and records, bytes that are not valid are an error. Web pages are decoded as browsers do: such bytes are
//! replaced, and a warning tells what was replaced or guessed.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::declared;

/// The encoding with a label, such as `utf-8`, `windows-1252` or `koi8-r` (<https://encoding.spec.whatwg.org>).
///
/// # Errors
/// When there is none with this label.
pub fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        format!("'{label}' is no encoding known to the WHATWG standard; try utf-8 or windows-1252")
    })
}

/// The text of a file. A byte order mark goes before `wanted`, and is not part of the text.
///
/// # Errors
/// When the bytes are not valid; the message says where and what to do.
pub fn decode(bytes: &[u8], wanted: Option<&'static Encoding>) -> Result<String, String> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, mark),
        None => (wanted.unwrap_or(UTF_8), 0),
    };
    if encoding == UTF_8 || encoding.is_single_byte() {
        check_not_binary(bytes)?;
    }
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text[mark..].to_owned()),
            Err(error) => {
                let at = error.valid_up_to();
                let line = 1 + bytes[..at].iter().filter(|&&b| b == b'\n').count();
                let example = guess(bytes).name().to_ascii_lowercase();
                Err(format!(
                    "is not valid UTF-8 at byte {at} (line {line}); name its encoding, for example `encoding` {example}"
                ))
            }
        };
    }
    match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
        Some(text) => Ok(text.into_owned()),
        None => Err(format!("is not valid {}; name its encoding with `encoding`", encoding.name())),
    }
}

fn check_not_binary(bytes: &[u8]) -> Result<(), String> {
    let Some(at) = bytes.iter().position(|&byte| byte == 0) else { return Ok(()) };
    // In UTF-16, the letters of European languages have one zero byte each.
    let start = &bytes[..bytes.len().min(1024)];
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count() * 4;
    let advice = match (zeros(0), zeros(1)) {
        (0, odd) if odd > start.len() => "; if it is UTF-16, say so with `encoding` utf-16le",
        (even, 0) if even > start.len() => "; if it is UTF-16, say so with `encoding` utf-16be",
        _ => "",
    };
    Err(format!("looks like binary data, not text (a zero byte at byte {at}){advice}"))
}

/// The most likely encoding of bytes that are not valid UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The first bytes of a file as UTF-8, by which its format is recognised: UTF-16 with a byte order mark is converted, and
/// the mark is left out. What is not valid is replaced.
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

/// The text of a web page, decoded as browsers do, and warnings about what was replaced or guessed. The encoding is that of
/// a byte order mark; else `wanted`; else what the page declares in a `meta` element of its head or in its XML
/// declaration; else UTF-8 if most bytes are valid; else the most likely one.
///
/// # Errors
/// When the bytes are binary data, or more than a twentieth of the characters is not valid.
pub fn decode_html(bytes: &[u8], wanted: Option<&'static Encoding>) -> Result<(String, Vec<String>), String> {
    decode_leniently(bytes, wanted.or_else(|| declared::by_page(bytes)))
}

/// As [`decode_html`], for XML: only the XML declaration at its beginning counts.
///
/// # Errors
/// As for [`decode_html`].
pub fn decode_xml(bytes: &[u8], wanted: Option<&'static Encoding>) -> Result<(String, Vec<String>), String> {
    decode_leniently(bytes, wanted.or_else(|| declared::by_xml(bytes)))
}

fn decode_leniently(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
) -> Result<(String, Vec<String>), String> {
    let mut warnings = Vec::new();
    let (encoding, mark) = match (Encoding::for_bom(bytes), declared) {
        (Some((encoding, mark)), _) => (encoding, mark),
        (None, Some(encoding)) => (encoding, 0),
        (None, None) => (undeclared(bytes, &mut warnings), 0),
    };
    if encoding == UTF_8 || encoding.is_single_byte() {
        check_not_binary(bytes)?;
    }
    let (text, replaced) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if replaced {
        let (all, bad) = text.chars().fold((0usize, 0usize), |(all, bad), c| {
            (all + 1, bad + usize::from(c == char::REPLACEMENT_CHARACTER))
        });
        let name = encoding.name();
        if bad * 20 > all {
            return Err(format!(
                "is not encoded in {name}: {bad} of {all} characters are not valid; name its encoding with `encoding`"
            ));
        }
        warnings.push(format!("{bad} of {all} characters are not valid {name}; � stands for each"));
    }
    Ok((text.into_owned(), warnings))
}

/// The encoding of a page that declares none.
fn undeclared(bytes: &[u8], warnings: &mut Vec<String>) -> &'static Encoding {
    if is_mostly_utf8(bytes) {
        return UTF_8;
    }
    let guessed = guess(bytes);
    warnings.push(format!(
        "the encoding is not declared, and was guessed to be {}; if letters are wrong, name it with \
         `encoding`",
        guessed.name()
    ));
    guessed
}

/// Whether bytes are UTF-8 but for a few of them: text in other encodings hardly ever has valid multi-byte characters.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 4 * bad
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
        let error = decode(bytes, None).unwrap_err();
        assert!(error.contains("byte 3 (line 1)") && error.ends_with("`encoding` windows-1252"), "{error}");
        assert_eq!(decode(bytes, encoding("windows-1252").ok()).unwrap(), "café");
        let page = b"<html><meta charset=\"iso-8859-1\"><p>caf\xe9</p>";
        let (text, warnings) = decode_html(page, None).unwrap();
        assert!(text.contains("café") && warnings.is_empty());
        assert!(encoding("klingon").unwrap_err().contains("klingon"));
    }

    #[test]
    fn a_page_is_decoded_as_browsers_do() {
        let late = format!(
            "<head>{}<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=koi8-r'>",
            "<meta x=y>".repeat(150)
        );
        for (page, text) in [
            (late.as_str(), "ш"),
            ("<?xml version='1.0' encoding='koi8-r'?><html>", "ш"),
            ("<?xml version='1.0' encoding='windows-1252'?><meta charset=koi8-r>", "ш"),
            (
                "<!-- <meta charset=koi8-r> --><script>'<meta charset=koi8-r>'</script><meta charset=latin1>",
                "Û",
            ),
            ("<metadata charset=koi8-r><meta charset=latin1>", "Û"),
            ("<body><meta charset=koi8-r>", "Û"),
            ("<meta charset=utf-16><body>", "�"),
        ] {
            let bytes = [page.as_bytes(), b"<p>", b"text ".repeat(20).as_slice(), b"\xdb"].concat();
            let (decoded, _) = decode_html(&bytes, None).unwrap();
            assert!(decoded.ends_with(text), "{page}: {decoded}");
        }
    }

    #[test]
    fn a_page_has_warnings_about_what_was_replaced_or_guessed() {
        let read = |bytes: &[u8]| decode_html(bytes, None);
        let bad =
            [b"<meta charset=utf-8><p>".as_slice(), "Ein Satz, schön.".repeat(9).as_bytes(), b" caf\xe9 "]
                .concat();
        let (text, warnings) = read(&bad).unwrap();
        assert!(
            text.contains("caf\u{fffd} ") && warnings[0].contains("1 of ") && warnings.len() == 1,
            "{warnings:?}"
        );
        let undeclared = &bad[b"<meta charset=utf-8>".len()..];
        assert!(read(undeclared).unwrap().0.contains("schön"), "UTF-8 but for one byte");
        let (text, warnings) = read(b"<p>\x93Caf\xe9\x94 owners agreed.").unwrap();
        assert!(text.contains("“Café”"), "{text}");
        assert!(
            warnings[0].contains("guessed to be windows-1252; if letters are wrong, name it with `encoding`")
        );
        assert_eq!(read("<p>schön, ça".as_bytes()).unwrap().1, [""; 0]);
        let error =
            read(&[b"<meta charset=utf-8>".as_slice(), &b"\x82\xb1".repeat(50)].concat()).unwrap_err();
        assert!(error.contains("is not encoded in UTF-8"), "{error}");
    }

    #[test]
    fn binary_is_recognised() {
        assert!(decode(b"\x7fELF\x02\0\0", None).unwrap_err().contains("binary"));
        assert!(decode_html(b"<p>\0", None).unwrap_err().contains("binary"));
        assert!(decode(b"M\0a\0l\0i\0", None).unwrap_err().ends_with("say so with `encoding` utf-16le"));
        assert!(decode(b"\0M\0a\0l\0i", None).unwrap_err().ends_with("say so with `encoding` utf-16be"));
    }
}

//! Reads HTTP responses in web archives: the header, and the body as it was sent, in chunks or compressed.

use std::io::Read;

use encoding_rs::Encoding;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::{LARGEST, MOST_FIELDS, value};

/// The bytes of a page, and the encoding that the server named.
pub type Page = (Vec<u8>, Option<&'static Encoding>);

/// The page in a response, decompressed, and the encoding that its header names. `None` where it is no page, or its status
/// is not 200.
///
/// # Errors
/// When it is no response, or its body is damaged.
pub fn page(mut block: Vec<u8>) -> Result<Option<Page>, String> {
    // Programs that capture HTTP/2 and HTTP/3 write its head as text; the parser knows version 1 only.
    if let Some(version) = [&b"HTTP/2 "[..], b"HTTP/3 ", b"HTTP/2.0 "].iter().find(|v| block.starts_with(v)) {
        block.splice(..version.len(), *b"HTTP/1.1 ");
    }
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    // Many servers do not keep to the standard.
    let mut parser = httparse::ParserConfig::default();
    parser
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true);
    parser
        .ignore_invalid_headers_in_responses(true)
        .allow_multiple_spaces_in_response_status_delimiters(true);
    let length = match parser.parse_response(&mut response, &block) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Err("the head of its response is cut off".into()),
        Err(error) => return Err(format!("the head of its response is damaged: {error}")),
    };
    let field = |name: &str| value(response.headers, name).unwrap_or_default().to_ascii_lowercase();
    if response.code != Some(200) {
        return Ok(None);
    }
    let content = field("Content-Type");
    let (chunked, packed) = (field("Transfer-Encoding").contains("chunked"), field("Content-Encoding"));
    if !content.is_empty() && !is_page(&content, b"") {
        return Ok(None);
    }
    let mut body = block[length..].to_vec();
    drop(block);
    if chunked && let Some(whole) = joined(&body) {
        body = whole;
    }
    for packing in packed.split(',').rev() {
        body = unpacked(packing.trim(), body)?;
    }
    Ok(is_page(&content, &body).then(|| (body, charset(&content))))
}

/// Whether a body is a web page, by its content type, or without one by its first bytes.
pub fn is_page(content: &str, body: &[u8]) -> bool {
    let kind = content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "" => super::page::recognise(&body[..body.len().min(1024)]),
        kind => matches!(kind, "text/html" | "application/xhtml+xml"),
    }
}

/// The encoding in `text/html; charset=utf-8`.
pub fn charset(content: &str) -> Option<&'static Encoding> {
    let content = content.to_ascii_lowercase();
    let (_, label) = content.split_once("charset=")?;
    let label = label.split([';', ',']).next()?.trim().trim_matches(['"', '\'']);
    Encoding::for_label(label.as_bytes())
}

/// A body in chunks, joined; each chunk follows its length in hexadecimal digits. `None` where it is not in chunks: some
/// crawlers join them but keep the field. Where the connection was cut, the chunks before that are kept.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = rest.iter().take(1024).position(|byte| *byte == b'\n');
        let line = std::str::from_utf8(&rest[..end.unwrap_or(0)]).unwrap_or_default();
        let digits = line.split(';').next().unwrap_or_default().trim();
        let Some(length) = usize::from_str_radix(digits, 16).ok() else {
            return (!whole.is_empty()).then_some(whole);
        };
        let data = &rest[end.map_or(0, |end| end + 1)..];
        if length == 0 {
            return Some(whole);
        }
        let chunk = &data[..length.min(data.len())];
        whole.extend_from_slice(chunk);
        rest = &data[chunk.len()..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(whole);
        }
    }
}

/// A body, decompressed if it is compressed: some crawlers decompress it but keep the field.
fn unpacked(packing: &str, body: Vec<u8>) -> Result<Vec<u8>, String> {
    let bytes = body.as_slice();
    let attempt = match packing {
        "gzip" | "x-gzip" if bytes.starts_with(&[0x1f, 0x8b]) => limited(MultiGzDecoder::new(bytes)),
        "deflate" => match limited(ZlibDecoder::new(bytes)) {
            Err(_) => limited(DeflateDecoder::new(bytes)),
            unpacked => unpacked,
        },
        "br" => limited(brotli_decompressor::Decompressor::new(bytes, 64 << 10)),
        "zstd" => zstd::Decoder::new(bytes).and_then(limited),
        _ => return Ok(body),
    };
    match attempt {
        Ok(unpacked) => Ok(unpacked),
        // The crawler had decompressed it.
        Err(_) if super::page::recognise(&bytes[..bytes.len().min(1024)]) => Ok(body),
        Err(error) => Err(format!("its body is damaged ({packing}): {error}")),
    }
}

/// Reads one byte more than an article may have, which is enough to know that it is too large.
fn limited(stream: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

//! Checks how large the streams of a PDF are when they are decompressed. The library decompresses them whole, and a stream
//! of a megabyte may give gigabytes.

use std::io::{self, Read};
use std::sync::LazyLock;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Object};
use regex::bytes::Regex;

/// Most decompressed bytes of all streams but pictures.
const LARGEST_UNPACKED: u64 = 256 << 20;
/// Most decompressed bytes of all pictures, which are not decompressed to read text.
const LARGEST_PICTURES: u64 = 2 << 30;
/// Most bytes of a stream in LZW, which may grow to some 2,700 times its size.
const LARGEST_LZW: usize = 1 << 20;
/// Filters that do not make data larger, and filters of pictures.
const HARMLESS: [&[u8]; 13] = [
    b"ASCII85Decode",
    b"A85",
    b"ASCIIHexDecode",
    b"AHx",
    b"Crypt",
    b"DCTDecode",
    b"DCT",
    b"JPXDecode",
    b"CCITTFaxDecode",
    b"CCF",
    b"JBIG2Decode",
    b"None",
    b"Identity",
];

/// Checks the streams of a PDF.
///
/// # Errors
/// When they are too large when decompressed, or that cannot be known.
pub fn check(bytes: &[u8]) -> Result<(), String> {
    static STREAM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?-u)stream\r?\n?").expect("a valid pattern"));
    static ENCRYPTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?-u)/Encrypt\s").expect("a valid pattern"));
    static PICTURE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?-u)/Subtype\s*/Image\b").expect("a valid pattern"));
    static LZW: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?-u)/LZW(?:Decode)?\b").expect("a valid pattern"));
    // Encrypted streams cannot be decompressed here, so only the size of the file can be checked.
    if ENCRYPTED.is_match(bytes) && bytes.len() > 8 << 20 {
        return Err("is encrypted and larger than 8 MiB; save it without encryption".into());
    }
    let too_much = || {
        format!("has streams that unpack to more than {} MiB, which no article takes", LARGEST_UNPACKED >> 20)
    };
    let (mut unpacked, mut pictures, mut before) = (0u64, 0u64, 0);
    for found in STREAM.find_iter(bytes) {
        if bytes[..found.start()].ends_with(b"end") {
            before = found.end();
            continue;
        }
        let about = plain_names(&bytes[before..found.start()]);
        before = found.end();
        check_filters(&about)?;
        let data = &bytes[found.end()..];
        let picture = PICTURE.is_match(&about);
        let (sum, most) = match picture {
            true => (&mut pictures, LARGEST_PICTURES),
            false => (&mut unpacked, LARGEST_UNPACKED),
        };
        let room = most - *sum;
        let size = match unpacked_size(ZlibDecoder::new(data), room) {
            0 => unpacked_size(DeflateDecoder::new(data), room),
            size => size,
        };
        if size > room {
            return Err(too_much());
        }
        *sum += size;
        if !picture && LZW.is_match(&about) {
            let length = position_of(data, b"endstream").unwrap_or(data.len());
            if length > LARGEST_LZW {
                return Err(too_much());
            }
        }
    }
    Ok(())
}

/// How many bytes a stream gives until it ends or is damaged, counted up to `most` + 1.
fn unpacked_size(stream: impl Read, most: u64) -> u64 {
    let mut counted = ByteCount(0);
    let _ = io::copy(&mut stream.take(most.saturating_add(1)), &mut counted);
    counted.0
}

/// Counts the bytes that are written.
struct ByteCount(u64);

impl io::Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a sequence of bytes begins.
fn position_of(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Refuses streams with two filters that make data larger: they may grow to a million times their size.
fn check_filters(about: &[u8]) -> Result<(), String> {
    static FILTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?-u)/(?:Filter|F)\s*(?:\[([^\]]*)\]|(\d+\s+\d+\s+R))").expect("a valid pattern")
    });
    for found in FILTER.captures_iter(about) {
        let names = found.get(1).map_or(&b""[..], |names| names.as_bytes());
        let growing = names
            .split(|byte| *byte == b'/')
            .skip(1)
            .filter(|name| !HARMLESS.contains(&name.trim_ascii()))
            .count();
        if growing > 1 || found.get(2).is_some() {
            return Err("has streams that are packed more than once, or in a way that cannot be told".into());
        }
    }
    Ok(())
}

/// Replaces the codes in names: `/Fl#61te` is `/Flate`.
fn plain_names(about: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(about.len());
    let mut rest = about;
    while let [first, after @ ..] = rest {
        let coded =
            after.get(..2).filter(|_| *first == b'#').and_then(|digits| std::str::from_utf8(digits).ok());
        match coded.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                rest = &after[2..];
            }
            None => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

/// Checks the content of a page, which may be several streams one after another.
///
/// # Errors
/// When it has the same stream many times, or too many streams.
pub fn check_page(page: &Dict) -> Result<(), String> {
    let Some(contents) = page.get::<Array>(b"Contents".as_slice()) else { return Ok(()) };
    let mut references: Vec<_> = contents
        .raw_iter()
        .take(100_001)
        .filter_map(|content: MaybeRef<Object>| match content {
            MaybeRef::Ref(reference) => Some((reference.obj_number, reference.gen_number)),
            MaybeRef::NotRef(_) => None,
        })
        .collect();
    let count = references.len();
    references.sort_unstable();
    references.dedup();
    match count > 100_000 || count - references.len() > 4 {
        true => Err("has a page that repeats its own content, which no article does".into()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn with_stream(about: &str, data: &[u8]) -> Vec<u8> {
        [b"%PDF-1.4\n1 0 obj<<", about.as_bytes(), b">>stream\n", data, b"\nendstream endobj"].concat()
    }

    #[test]
    fn streams_that_are_too_large_are_refused() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        let zeros = vec![0; 1 << 20];
        (0..=LARGEST_UNPACKED >> 20).for_each(|_| encoder.write_all(&zeros).unwrap());
        let bomb = encoder.finish().unwrap();
        assert!(
            check(&with_stream("/Filter/FlateDecode", &bomb))
                .unwrap_err()
                .contains("unpack to more than 256 MiB")
        );
        assert!(check(&with_stream("/Subtype /Image/Filter/FlateDecode", &bomb)).is_ok());
        for twice in [
            "/Filter[/FlateDecode/FlateDecode]",
            "/Filter [ /Fl /LZW ]",
            "/Filter[/Fl#61teDecode /Fl#61teDecode]",
            "/Filter 7 0 R",
        ] {
            assert!(
                check(&with_stream(twice, b"x")).unwrap_err().contains("packed more than once"),
                "{twice}"
            );
        }
        assert!(check(&with_stream("/Filter[/ASCII85Decode/FlateDecode]", b"x")).is_ok());
        assert!(check(&with_stream("/Filter/LZWDecode", &vec![b'x'; LARGEST_LZW + 1])).is_err());
    }
}

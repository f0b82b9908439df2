//! Converts a stream of records to UTF-8 as it is read, where its separators would else not be single bytes.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

/// A stream of records in which separators, quotes and line ends are single bytes, and the encoding in which each record
/// still has to be decoded (`None`: UTF-8). Single-byte encodings stay as they are, so that a record that is not valid does
/// not cost the others; all others are converted to UTF-8.
///
/// # Errors
/// When the first bytes cannot be read.
pub fn records(
    mut stream: Box<dyn Read>,
    wanted: Option<&'static Encoding>,
) -> io::Result<(Box<dyn Read>, Option<&'static Encoding>)> {
    let start = read_mark(&mut stream)?;
    let (encoding, mark) = match Encoding::for_bom(&start) {
        Some((encoding, mark)) => (Some(encoding), mark),
        None => (wanted, 0),
    };
    let mut utf8 = Utf8Stream { stream, decoder: None, ready: Vec::new(), given: 0 };
    let stays = encoding.is_none_or(|encoding| encoding.is_single_byte() || encoding == UTF_8);
    if !stays {
        utf8.decoder = encoding.map(Encoding::new_decoder_without_bom_handling);
    }
    utf8.decode(&start[mark..], false);
    Ok((Box::new(utf8), encoding.filter(|encoding| stays && *encoding != UTF_8)))
}

/// The first bytes of a stream, as long as they may be a byte order mark, which has two or three bytes.
fn read_mark(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    while start.len() < 3 && matches!(start.first(), None | Some(0xef | 0xff | 0xfe)) {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(0) => break,
            Ok(_) => start.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(start)
}

/// A stream that is converted to UTF-8. What is not valid becomes the byte [`NOT_VALID`], so that decoding the record
/// fails.
struct Utf8Stream {
    stream: Box<dyn Read>,
    /// `None` where the bytes stay as they are.
    decoder: Option<Decoder>,
    /// Bytes that are converted.
    ready: Vec<u8>,
    /// How many of them were read.
    given: usize,
}

/// A byte that UTF-8 never has.
const NOT_VALID: u8 = 0xff;

impl Utf8Stream {
    /// Converts bytes of the stream.
    fn decode(&mut self, mut bytes: &[u8], last: bool) {
        let Some(decoder) = &mut self.decoder else {
            self.ready.extend_from_slice(bytes);
            return;
        };
        loop {
            let most =
                decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3);
            let filled = self.ready.len();
            self.ready.resize(filled + most, 0);
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(bytes, &mut self.ready[filled..], last);
            self.ready.truncate(filled + written);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.ready.push(NOT_VALID),
            }
        }
    }
}

impl Read for Utf8Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() && self.decoder.is_none() {
            return self.stream.read(buffer);
        }
        while self.given == self.ready.len() {
            (self.ready, self.given) = (Vec::new(), 0);
            let mut bytes = vec![0; 8 << 10];
            let read = self.stream.read(&mut bytes)?;
            self.decode(&bytes[..read], read == 0);
            if read == 0 {
                // A decoder must not be used after its last call.
                self.decoder = None;
                break;
            }
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{SHIFT_JIS, UTF_16LE, WINDOWS_1252};
    use proptest::prelude::*;

    fn transcoded(bytes: &[u8], wanted: Option<&'static Encoding>) -> (Vec<u8>, Option<&'static Encoding>) {
        let (mut stream, left) = records(Box::new(io::Cursor::new(bytes.to_vec())), wanted).unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        (text, left)
    }

    #[test]
    fn records_are_transcoded_where_their_separators_are_not_bytes() {
        assert_eq!(transcoded(b"\xef\xbb\xbfa\xe9", None), (b"a\xe9".to_vec(), None));
        assert_eq!(transcoded(b"\xff\xfea\0\xe9\0", Some(WINDOWS_1252)), ("aé".as_bytes().to_vec(), None));
        assert_eq!(transcoded(b"\xfe\xff\0a\xd8\0\0b", None).0, b"a\xffb");
        assert_eq!(transcoded(b"a\xe9", Some(WINDOWS_1252)), (b"a\xe9".to_vec(), Some(WINDOWS_1252)));
        assert_eq!(
            transcoded(b"\x83\x7c\x83", Some(SHIFT_JIS)),
            ([b"\xe3\x83\x9d", &[NOT_VALID][..]].concat(), None)
        );
        assert_eq!(transcoded(b"", Some(UTF_16LE)), (Vec::new(), None));
    }

    proptest! {
        #[test]
        fn every_text_is_read_from_utf_16(text in "\\PC{0,200}", repeat in 1usize..200) {
            let text = text.repeat(repeat);
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            prop_assert_eq!(&transcoded(&bytes, Some(UTF_16LE)).0, text.strip_prefix('\u{feff}').unwrap_or(&text).as_bytes());
        }
    }
}

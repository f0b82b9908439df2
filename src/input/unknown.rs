//! Knows kinds of files that are not read but are often given, and what to do with them.

/// What certain files begin with, and what to do with them.
const BEGINNINGS: [(&[u8], &str); 16] = [
    (b"\xd0\xcf\x11\xe0", "it is of an older Office, or has a password: save it as .docx, a table as .csv"),
    (b"bplist00", "it is a page that Safari saved: save it as .html or .pdf"),
    (b"filedesc://", "it is a web archive of an older kind (ARC): convert it to WARC"),
    (b"window.YTD.", "it is of an archive of X: take out what stands before its first [, and name it .json"),
    (b"SQLite format 3", "it is a database: export its table as .csv"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"ID3", RECORDING),
    (b"OggS", RECORDING),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ", ARCHIVE),
];

/// What is in certain archives of ZIP, how their names end, and what to do with them.
const INSIDE: [(&[u8], &[&str], &str); 4] = [
    (b"application/epub", &["epub"], "it is an electronic book: save its chapters as .html or .txt"),
    (b"xl/", &["xlsx", "xlsm", "ods"], "it is a workbook: save its table as .csv"),
    (b"ppt/", &["pptx", "odp"], "it is a presentation: save it as .pdf"),
    (b"Index/Document.iwa", &["pages"], "it is a document of Pages: save it as .docx"),
];

const PICTURE: &str = "it is a picture: put its text into a file first (OCR)";
const RECORDING: &str =
    "it is a recording: put what is spoken into a file first; subtitles (.srt, .vtt) are read";
const ARCHIVE: &str = "it is packed: unpack it first, and name the files or their folder";

/// What to do with a file whose name has this ending and that begins with these bytes; `None` where it is of no kind that
/// is known here.
pub fn advice(ending: Option<&str>, start: &[u8]) -> Option<&'static str> {
    if start.starts_with(b"PK\x03\x04") {
        let has = |name: &[u8]| start.windows(name.len()).any(|part| part == name);
        let is_kind = |endings: &[&str]| ending.is_some_and(|ending| endings.contains(&ending));
        let kind = INSIDE.iter().find(|(name, endings, _)| has(name) || is_kind(endings));
        return Some(kind.map_or(ARCHIVE, |(_, _, advice)| *advice));
    }
    let is_film = start.get(4..8) == Some(b"ftyp".as_slice()) || start.starts_with(b"RIFF");
    let begins = BEGINNINGS.iter().find(|(begin, _)| start.starts_with(begin)).map(|(_, advice)| *advice);
    begins.or_else(|| is_film.then_some(RECORDING))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_advice() {
        for (start, word) in [
            (b"PK\x03\x04....mimetypeapplication/epub+zip".as_slice(), "electronic book"),
            (b"PK\x03\x04....xl/workbook.xml", ".csv"),
            (b"PK\x03\x04....notes/a.txt", "unpack it"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", ".docx"),
            (b"\x89PNG\r\n", "OCR"),
            (b"\0\0\0\x20ftypisom", "subtitles"),
            (b"filedesc://a.arc 0.0.0.0", "WARC"),
        ] {
            assert!(advice(None, start).unwrap().contains(word), "{word}");
        }
        assert!(advice(Some("pages"), b"PK\x03\x04").unwrap().contains("Pages"));
        assert_eq!(advice(Some("log"), b"Some text."), None);
    }
}

//! Reads separated values with a header (CSV, TSV): one article for each record, streamed.

use std::io::Read;

use super::split::RecordSplitter;
use super::{Articles, Fields, InputError, InputOptions, decode, failed, fields, listed, transcoded};

/// Whether the first line is a header: several short names, among them one of a column with text.
pub fn recognise(start: &[u8]) -> bool {
    let first =
        start.trim_ascii_start().split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    if first.starts_with(b"sep=") {
        return true;
    }
    let fields = Fields::default();
    let names = names(first, separator(first, &fields));
    // In prose, a space follows each comma.
    let is_name = |name: &String| {
        name.len() <= 40
            && !name.starts_with(' ')
            && !name.ends_with(['.', '?', '!'])
            && name.split(' ').count() <= 3
    };
    names.len() > 1 && names.iter().all(is_name) && has_text(&names, &fields) && first.len() < start.len()
}

/// The articles of a stream, one for each record below the header. Articles without an id get `<stem>:<line>`.
pub fn articles(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Articles {
    open(stream, place, stem, options).unwrap_or_else(|reason| failed(InputError::new(place, reason)))
}

fn open(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Result<Articles, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    let (stream, encoding) = transcoded::records(stream, options.encoding).map_err(unreadable)?;
    let mut splitter = RecordSplitter::new(stream);
    let first = splitter.first_line().map_err(unreadable)?;
    // Spreadsheet programs may write the separator in a line before the header.
    let declared = first.strip_prefix(b"sep=").filter(|rest| rest.len() == 1).map(|rest| rest[0]);
    splitter.separator = options.separator.or(declared).unwrap_or_else(|| separator(&first, &options.fields));
    if declared.is_some() {
        let _ = splitter.next();
    }
    let header = header(&mut splitter, encoding)?;
    let Some(text_column) = options.fields.texts().iter().find_map(|name| column(&header, name)) else {
        return Err(format!(
            "has no column '{}' (columns: {}); name it with `text_field`, or what separates the columns with `separator`",
            options.fields.text,
            listed(&header)
        ));
    };
    let (place, stem, options) = (place.to_owned(), stem.to_owned(), options.clone());
    let columns: Vec<(String, Option<usize>)> =
        options.fields.names().iter().map(|name| ((*name).to_owned(), column(&header, name))).collect();
    let mut ended = false;
    Ok(Box::new(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut record = match splitter.next()? {
            Ok(record) => record,
            Err(broken) => {
                // Where the next record begins is not known.
                ended = true;
                return Some(Err(InputError::at_end(broken.place(&place), broken.to_string())));
            }
        };
        // Spreadsheet programs may write empty cells beyond the last column.
        while record.cells.len() > header.len() && record.cells.last().is_some_and(Vec::is_empty) {
            record.cells.pop();
        }
        let article = || {
            let cell = |column: usize| decode::decode(&record.cells[column], encoding);
            if record.cells.len() != header.len() {
                return Err(format!(
                    "has {} cells where the header has {}",
                    record.cells.len(),
                    header.len()
                ));
            }
            let field = |name: &str| {
                let (_, column) = columns.iter().find(|(known, _)| known == name)?;
                cell((*column)?).ok()
            };
            fields::article(&cell(text_column)?, &format!("{stem}:{}", record.line), &options, field)
        };
        Some(article().map_err(|reason| InputError::new(format!("{place}, line {}", record.line), reason)))
    })))
}

/// The names of the columns, which the next record has.
fn header(
    splitter: &mut RecordSplitter,
    encoding: Option<&'static encoding_rs::Encoding>,
) -> Result<Vec<String>, String> {
    match splitter.next() {
        None => Err("is empty".into()),
        Some(Ok(header)) => header.cells.iter().map(|name| decode::decode(name, encoding)).collect(),
        Some(Err(broken)) => Err(broken.to_string()),
    }
}

/// The column with this name, or else with one that differs in case or in white space around it.
fn column(header: &[String], name: &str) -> Option<usize> {
    let like = |column: &String| column.trim().to_lowercase() == name.to_lowercase();
    header.iter().position(|column| column == name).or_else(|| header.iter().position(like))
}

/// The separator of the first line: of comma, tab, semicolon and bar the one that gives a column with text; of several,
/// the one that gives most columns.
fn separator(first: &[u8], fields: &Fields) -> u8 {
    let rated = [b',', b'\t', b';', b'|'].map(|separator| {
        let names = names(first, separator);
        ((has_text(&names, fields), names.len()), separator)
    });
    // If several are equal, the first.
    rated.into_iter().rev().max_by_key(|(rating, _)| *rating).map_or(b',', |(_, separator)| separator)
}

/// The names in the first line.
fn names(first: &[u8], separator: u8) -> Vec<String> {
    let mut splitter = RecordSplitter::new(Box::new(std::io::Cursor::new(first.to_vec())));
    splitter.separator = separator;
    let cells = splitter.next().and_then(Result::ok).map_or(Vec::new(), |record| record.cells);
    cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
}

fn has_text(names: &[String], fields: &Fields) -> bool {
    fields.texts().iter().any(|name| column(names, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Article;
    use proptest::prelude::*;

    fn read_with(bytes: &[u8], options: InputOptions) -> Vec<Result<Article, String>> {
        let stream = Box::new(std::io::Cursor::new(bytes.to_vec()));
        articles(stream, "file", "file", &options).map(|article| article.map_err(|e| e.to_string())).collect()
    }

    fn read(bytes: &[u8]) -> Vec<Result<Article, String>> {
        read_with(bytes, InputOptions::default())
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        read(bytes)
            .into_iter()
            .map(|article| article.map_or_else(|error| error, |article| article.text))
            .collect()
    }

    #[test]
    fn csv_fields_have_names_and_newlines() {
        let fields = Fields { id: "Body ID".into(), text: "articleBody".into(), ..Default::default() };
        let bytes = b"Body ID,articleBody\n0,\"One.\n\nStill one.\"\n1,Two.\n2,a,b\n3,\"\"\n";
        let found = read_with(bytes, InputOptions { fields, ..InputOptions::default() });
        assert_eq!(found[0].as_ref().unwrap().text, "One.\n\nStill one.");
        assert_eq!(found[1].as_ref().unwrap().id, "1");
        assert!(found[2].as_ref().unwrap_err().contains("line 6: has 3 cells where the header has 2"));
        assert!(found[3].as_ref().unwrap_err().contains("has no text"));
        let wrong = read(b"a,b\n1,2\n");
        assert!(wrong[0].as_ref().unwrap_err().contains("no column 'text' (columns: a, b)"));
    }

    #[test]
    fn the_header_tells_the_separator() {
        assert_eq!(
            texts(b"id;title;text\r\n1;V;\"He said \"\"no\"\"; so, he left.\"\r\n"),
            ["He said \"no\"; so, he left."]
        );
        assert_eq!(
            texts(b"id\ttitle\ttext\n1\tV\tHe said \"no\".\n2\tT\t\"We leave\" said he.\n"),
            ["He said \"no\".", "\"We leave\" said he.",]
        );
        assert_eq!(texts(b"id|text\n1|a, b; c\n"), ["a, b; c"]);
        assert_eq!(texts(b"text\n\"a, b; c\"\n\nd\n"), ["a, b; c", "d"]);
        assert_eq!(texts(b"sep=;\nid;text, long;text\n1;x;a,b\n"), ["a,b"]);
        assert_eq!(texts("\u{feff}\"ID\", \"Text \"\n1, \"a, b\"\n".as_bytes()), ["a, b"]);
        let options = InputOptions { separator: Some(b'^'), ..InputOptions::default() };
        assert_eq!(read_with(b"id^text\n1^a\n", options)[0].as_ref().unwrap().text, "a");
        assert!(texts(b"id\n1\n")[0].contains("what separates the columns with `separator`"));
        assert_eq!(texts(b"")[0], "file: is empty");
    }

    #[test]
    fn quotes_behind_a_backslash_are_part_of_the_text() {
        let mysql = b"\"id\",\"title\",\"text\"\n\"1\",\\N,\"He said \\\"no\\\", so \\\\ he left.\\\nIt rained.\"\n\"2\",\"T\",\"\\\"We leave\\\", he said: \\\"now\\\"\"\n";
        assert_eq!(
            texts(mysql),
            ["He said \"no\", so \\ he left.\nIt rained.", "\"We leave\", he said: \"now\""]
        );
        assert_eq!(read(mysql)[0].as_ref().unwrap().title, None);
        // Where a cell may be read as the standard has it, a backslash is only a backslash.
        assert_eq!(texts(b"text,x\n\"in C:\\\",1\n\"a \\\"\"b\\\"\"\",2\n"), ["in C:\\", "a \\\"b\\\""]);
        assert_eq!(texts(b"text,x\n\"a \\\"b\\\" c\",1\n\"in C:\\\",2\n"), ["a \"b\" c", "in C:\\"]);
        assert_eq!(texts(b"text\tx\n\"a \\\"b\\\"\t1\n\"c\"\t2\n"), ["\"a \\\"b\\\"", "c"]);
        assert_eq!(texts(b"text,x\n\"a \\\"b\\\",1\nc,2\n"), ["\"a \\\"b\\\"", "c"]);
    }

    #[test]
    fn lines_may_end_as_on_an_old_mac_and_cells_may_be_empty_beyond_the_last_column() {
        let found = read(b"title;text\rA;a\r\"B\";\"b\rc\"\rD;d;;\r");
        let found: Vec<Article> = found.into_iter().map(Result::unwrap).collect();
        let ids: Vec<&str> = found.iter().map(|article| article.id.as_str()).collect();
        assert_eq!(ids, ["file:2", "file:3", "file:5"]);
        assert_eq!((found[1].text.as_str(), found[2].text.as_str()), ("b\rc", "d"));
        assert!(recognise(b"title;text\rA;a\r"));
    }

    #[test]
    fn a_header_is_recognised_by_its_names() {
        for start in ["id,text\n1,a\n", "\"Title\";\"Text\"\r\n", "sep=;\nid;text", "url\tmaintext\n"] {
            assert!(recognise(start.as_bytes()), "{start}");
        }
        for start in [
            "text\na",
            "id,text",
            "Text, said he, is all.\nMore",
            "The text, which is long, and so on\n",
            "text,a b c d e f\n",
            "No text,he said.\n",
            "",
        ] {
            assert!(!recognise(start.as_bytes()), "{start}");
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_an_error() {
        let found = read(b"id,text\n1,Emmanuel Macron left Mali.\n2,\"\n3,Angela Merkel left Berlin.\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].as_ref().unwrap().id, "1");
        let error = found[1].as_ref().unwrap_err();
        assert!(error.starts_with("file, line 3: a quote that opens in line 3 is never closed"), "{error}");
    }

    #[test]
    fn utf_16_is_read_by_its_mark() {
        let utf16: Vec<u8> =
            "\u{feff}id,text\r\n1,schön\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(texts(&utf16), ["schön"]);
    }

    proptest! {
        /// What the `csv` crate writes comes back.
        #[test]
        fn what_a_library_writes_is_read(
            cells in prop::collection::vec("[\\PC\n\r\",;\t|]{0,12}", 1..30),
            separator in prop::sample::select(b",;|\t".to_vec()),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            writer.write_record(["id", "text"]).unwrap();
            for cell in &cells {
                writer.write_record(["1", &format!("x{cell}")]).unwrap();
            }
            let options = InputOptions { html_fields: super::super::HtmlFields::Never, ..InputOptions::default() };
            let found = read_with(&writer.into_inner().unwrap(), options);
            let found: Vec<String> = found.into_iter().map(|article| article.unwrap().text).collect();
            prop_assert_eq!(found, cells.iter().map(|cell| format!("x{cell}")).collect::<Vec<_>>());
        }
    }
}

//! Separated values with a header (CSV): one article for each record, streamed.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use super::{Articles, InputError, InputOptions, LARGEST, checked, decode, failed, fields, listed};

/// One article for each record below the header.
pub fn articles(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Articles {
    let (place, stem, options) = (place.to_owned(), stem.to_owned(), options.clone());
    let taken = Rc::new(Cell::new(0));
    let stream = Limited { stream, taken: taken.clone() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(stream));
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => return failed(InputError::new(place, format!("is not CSV: {error}"))),
    };
    let header: Vec<String> = header
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').to_owned())
        .collect();
    if header.is_empty() {
        return failed(InputError::new(place, "is empty"));
    }
    let Some(text_column) = header.iter().position(|name| *name == options.fields.text) else {
        let reason = format!(
            "has no column '{}' (columns: {}); name it with --text-field",
            options.fields.text,
            listed(&header)
        );
        return failed(InputError::new(place, reason));
    };
    let mut records = reader.into_byte_records();
    let records = std::iter::from_fn(move || {
        taken.set(0);
        records.next()
    });
    Box::new(records.map(move |record| {
        let record = record.map_err(|error| InputError::new(&place, format!("is not CSV: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let at = || format!("{place}, line {line}");
        let cell = |column: usize| decode::decode(record.get(column).unwrap_or_default(), options.encoding);
        if record.len() != header.len() {
            let reason = format!("has {} cells where the header has {}", record.len(), header.len());
            return Err(InputError::new(at(), reason));
        }
        let text = cell(text_column).map_err(|reason| InputError::new(at(), reason))?;
        let field = |name: &str| header.iter().position(|n| n == name).and_then(|column| cell(column).ok());
        checked(fields::article(text, &format!("{stem}:{line}"), &options, field))
            .map_err(|reason| InputError::new(at(), reason))
    }))
}

/// Fails when more is read for one record than an article may have: a quote that is never closed, or a small
/// packed file that unpacks to a huge one, must not fill the memory.
struct Limited {
    stream: Box<dyn Read>,
    /// Bytes since the last record was asked for.
    taken: Rc<Cell<u64>>,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken.get() > LARGEST {
            let reason = format!("a record is longer than {} MiB; the rest was not read", LARGEST >> 20);
            return Err(io::Error::other(reason));
        }
        let read = self.stream.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, Format, stream_articles};
    use super::*;
    use crate::Article;

    fn read(format: &str, bytes: &'static [u8], fields: Fields) -> Vec<Result<Article, String>> {
        let options = InputOptions { fields, ..Default::default() };
        stream_articles(Box::new(bytes), Format::named(format).unwrap(), "file", "file", &options)
            .map(|article| article.map_err(|error| error.to_string()))
            .collect()
    }

    #[test]
    fn a_bad_line_costs_no_other() {
        let lines = b"{\"id\": 7, \"text\": \"One.\", \"title\": \"T\"}\n\nnonsense\n{\"body\": \"x\"}\n{\"text\": \"Two.\"}";
        let found = read("jsonl", lines, Fields::default());
        assert_eq!(found.len(), 4);
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.title.as_deref()), ("7", Some("T")));
        assert!(found[1].as_ref().unwrap_err().starts_with("file, line 3: is not a JSON object"));
        assert!(found[2].as_ref().unwrap_err().contains("(fields: body); name it with --text-field"));
        assert_eq!(found[3].as_ref().unwrap().id, "file:5");
    }

    #[test]
    fn a_line_that_is_too_long_costs_no_other() {
        let line = |text: &'static str| io::Cursor::new(text);
        let long = |bytes| io::repeat(b'x').take(bytes).chain(line("\n"));
        let stream = line("{\"text\": \"One.\"}\n").chain(long(LARGEST)).chain(long(LARGEST + 9));
        let stream = stream.chain(line("{\"text\": \"Two.\"}\n"));
        let found: Vec<_> = stream_articles(
            Box::new(stream),
            Format::named("jsonl").unwrap(),
            "file",
            "file",
            &InputOptions::default(),
        )
        .collect();
        for error in found[1..3].iter().map(|found| found.as_ref().unwrap_err()) {
            assert!(error.reason.starts_with("is longer than 64 MiB"), "{error}");
        }
        assert_eq!(found[3].as_ref().unwrap().id, "file:4");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn csv_fields_have_names_and_newlines() {
        let fields = Fields { id: "Body ID".into(), text: "articleBody".into(), ..Default::default() };
        let bytes = b"Body ID,articleBody\n0,\"One.\n\nStill one.\"\n1,Two.\n2,a,b\n3,\"\"\n";
        let found = read("csv", bytes, fields);
        assert_eq!(found[0].as_ref().unwrap().text, "One.\n\nStill one.");
        assert_eq!(found[1].as_ref().unwrap().id, "1");
        assert!(found[2].as_ref().unwrap_err().contains("line 6: has 3 cells where the header has 2"));
        assert!(found[3].as_ref().unwrap_err().contains("has no text"));
        let wrong = read("csv", b"a,b\n1,2\n", Fields::default());
        assert!(wrong[0].as_ref().unwrap_err().contains("no column 'text' (columns: a, b)"));
    }
}

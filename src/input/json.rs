//! Reads JSON: one article for each object, streamed. Objects may be in lines, in an array, or one after another.

use std::io::Read;

use encoding_rs::Encoding;

use super::object::Object;
use super::unparsed::{Position, Problem, Unparsed};
use super::values::UnparsedValues;
use super::{Articles, InputError, InputOptions, decode, failed, fields, transcoded, wrapped};
use crate::article::Article;

/// Whether content begins as an object, an array of objects or an empty array.
pub fn recognise(start: &[u8]) -> bool {
    let is_object = |start: &[u8]| {
        let inside = start.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        inside.is_some_and(|inside| inside.starts_with(b"\"") || inside.starts_with(b"}"))
    };
    let list = start.trim_ascii_start().strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    is_object(start) || list.is_some_and(|list| is_object(list) || list == b"]")
}

/// The articles of a stream. Those without an id get `<stem>:<line>`, or `<stem>:<item>` in an array; the article of a file
/// with a single object gets `stem`.
pub fn articles(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Articles {
    read(stream, place, stem, options, true)
}

/// As [`articles`], but the id of a record never depends on records that follow, which may not be there yet.
pub fn lines(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Articles {
    read(stream, place, stem, options, false)
}

fn read(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions, alone: bool) -> Articles {
    let (stream, encoding) = match transcoded::records(stream, options.encoding) {
        Ok(opened) => opened,
        Err(error) => return failed(InputError::new(place, format!("cannot be read: {error}"))),
    };
    let (place, stem, options) = (place.to_owned(), stem.to_owned(), options.clone());
    let mut values = UnparsedValues::new(stream);
    let mut first = true;
    // Records of an object that wraps a list of them, in reverse order: where the object is, and their ids and texts.
    let mut inside: Vec<(Position, String, String)> = Vec::new();
    Box::new(std::iter::from_fn(move || {
        let at = |found: Position| format!("{place}, {found}");
        let read = |bytes: &[u8], id: &str, encoding: Option<&'static Encoding>, found: Position| {
            let article = parse(bytes, id, encoding, &options);
            article.map_err(|(id, reason)| InputError { id, ..InputError::new(at(found), reason) })
        };
        if let Some((found, id, record)) = inside.pop() {
            return Some(read(record.as_bytes(), &id, None, found));
        }
        let value = values.next()?;
        let alone = std::mem::take(&mut first) && alone && is_line(&value) && values.is_at_end();
        Some(match value {
            Ok(Unparsed { bytes, at: found }) => {
                let id = if alone { stem.clone() } else { format!("{stem}:{}", found.number()) };
                let mut article = read(&bytes, &id, encoding, found);
                if article.is_err()
                    && let Some(records) = wrapped::records(&bytes, encoding, &options)
                {
                    if records.is_empty() {
                        article = Err(InputError::new(at(found), wrapped::NO_RECORDS));
                    }
                    let records = records.into_iter().enumerate().rev();
                    inside = records.map(|(n, record)| (found, format!("{id}:{}", n + 1), record)).collect();
                }
                match inside.pop() {
                    Some((found, id, record)) => read(record.as_bytes(), &id, None, found),
                    None => article,
                }
            }
            Err((found, reason)) if values.is_broken() => Err(InputError::at_end(at(found), reason)),
            Err((found, reason)) => Err(InputError::new(at(found), reason)),
        })
    }))
}

fn is_line(value: &Result<Unparsed, Problem>) -> bool {
    matches!(value, Ok(Unparsed { at: Position::Line(_), .. }))
}

/// The article of an object, or why there is none, with the object's id where it can be read.
fn parse(
    bytes: &[u8],
    fallback_id: &str,
    encoding: Option<&'static Encoding>,
    options: &InputOptions,
) -> Result<Article, (Option<String>, String)> {
    let text = decode::decode(bytes, encoding).map_err(|reason| (None, reason))?;
    let wanted = options.fields.names();
    let object =
        Object::parse(&text, &wanted).map_err(|error| (None, format!("is not a JSON object: {error}")))?;
    let field = |name: &str| object.get(name).map(str::to_owned);
    let texts = options.fields.texts();
    let found = || texts.iter().filter_map(|name| object.text(name));
    let article = match found().find(|text| !text.trim().is_empty()).or_else(|| found().next()) {
        Some(text) => fields::article(text, fallback_id, options, field),
        None if object.is_list(texts[0]) => Err(format!(
            "has a list of other things than text in its field '{0}'; name the field of each that holds text, such as \
             `text_field` {0}.text",
            texts[0]
        )),
        None => Err(format!(
            "has no text in a field '{}' (fields: {}); name it with `text_field`",
            texts[0],
            object.names()
        )),
    };
    article.map_err(|reason| (field(&options.fields.id), reason))
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, Format, LARGEST, stream_articles};
    use super::*;
    use std::io;

    fn read(format: &str, bytes: &[u8], text: &str) -> Vec<Result<Article, String>> {
        let fields = Fields { text: text.into(), ..Fields::default() };
        let options = InputOptions { fields, ..Default::default() };
        let stream = Box::new(io::Cursor::new(bytes.to_vec()));
        stream_articles(stream, Format::named(format).unwrap(), "file", "file", &options)
            .map(|article| article.map_err(|error| error.to_string()))
            .collect()
    }

    fn ids(format: &str, bytes: &str) -> Vec<String> {
        let found = read(format, bytes.as_bytes(), "text").into_iter();
        found.map(|article| article.map_or_else(|error| error, |article| article.id)).collect()
    }

    #[test]
    fn a_bad_line_does_not_cost_the_others() {
        let lines = b"{\"id\": 7, \"text\": \"One.\", \"title\": \"T\"}\n\nnonsense\n{\"lead\": \"x\"}\n{\"text\": \"Two.\"}";
        let found = read("jsonl", lines, "text");
        assert_eq!(found.len(), 4);
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.title.as_deref()), ("7", Some("T")));
        assert!(found[1].as_ref().unwrap_err().starts_with("file, line 3: is not a JSON object"));
        assert!(found[2].as_ref().unwrap_err().contains("(fields: lead); name it with `text_field`"));
        assert_eq!(found[3].as_ref().unwrap().id, "file:5");
    }

    #[test]
    fn the_list_of_a_news_service_is_read_record_by_record() {
        let newsapi = "{\"status\":\"ok\",\"articles\":[\n{\"title\":\"A\",\"content\":\"One.\"},\n{\"title\":\"B\",\"content\":\"Two.\"}]}";
        assert_eq!(ids("json", newsapi), ["file:1", "file:2"]);
        let found = read("json", newsapi.as_bytes(), "text");
        assert_eq!(found[1].as_ref().unwrap().title.as_deref(), Some("B"));
        let guardian = "{\"response\": {\"status\": \"ok\", \"results\": [{\"id\": \"x\", \"text\": \"One.\"}, {\"no\": 1}]}}";
        let found = read("json", guardian.as_bytes(), "text");
        assert_eq!(found[0].as_ref().unwrap().id, "x");
        assert!(found[1].as_ref().unwrap_err().contains("has no text in a field 'text' (fields: no)"));
        for answer in
            ["{\"status\": \"ok\", \"articles\": []}", "{\"response\": {\"docs\": [], \"meta\": {}}}"]
        {
            let found = read("json", answer.as_bytes(), "text");
            let error = found[0].as_ref().unwrap_err();
            assert!(found.len() == 1 && error.ends_with("its list of them is empty"), "{error}");
        }
        let record = read("json", b"{\"title\": \"A\", \"lead\": \"One.\", \"items\": []}", "text");
        assert!(record[0].as_ref().unwrap_err().contains("(fields: title, lead, items)"));
    }

    #[test]
    fn the_record_of_a_hit_is_read() {
        let hit = |id: &str| {
            format!(
                "{{\"_index\": \"news\", \"_id\": \"{id}\", \"_source\": {{\"title\": \"T\", \"text\": \"One.\"}}}}"
            )
        };
        let answer =
            format!("{{\"took\": 3, \"hits\": {{\"total\": 2, \"hits\": [{}, {}]}}}}", hit("x"), hit("y"));
        assert_eq!(ids("json", &answer), ["x", "y"]);
        let found = read("jsonl", format!("{}\n{}\n", hit("x"), hit("y")).as_bytes(), "text");
        assert_eq!(found[1].as_ref().unwrap().title.as_deref(), Some("T"));
        assert_eq!(ids("jsonl", "{\"_source\": {\"text\": \"One.\", \"id\": 7}, \"_id\": \"x\"}"), ["7"]);
        let diffbot = "{\"request\": {}, \"objects\": [{\"title\": \"A\", \"text\": \"One.\", \"siteName\": \"Paper\"}]}";
        assert_eq!(
            read("json", diffbot.as_bytes(), "text")[0].as_ref().unwrap().source.as_deref(),
            Some("Paper")
        );
    }

    #[test]
    fn posts_of_social_networks_are_read() {
        let told = |json: &str| {
            let found = read("json", json.as_bytes(), "text").remove(0).unwrap();
            [found.title.unwrap_or_default(), found.source.unwrap_or_default(), found.text].join("|")
        };
        for (json, wanted) in [
            (
                r#"{"name": "Port", "messages": [{"id": 2, "text": ["In ", {"type": "bold", "text": "Lima"}, " it rained."]}]}"#,
                "||In Lima it rained.",
            ),
            (
                r#"{"kind": "Listing", "data": {"after": null, "children": [{"kind": "t3", "data": {"title": "Rain", "selftext": "It rained."}}]}}"#,
                "Rain||It rained.",
            ),
            (
                r#"{"feed": [{"post": {"author": {"displayName": "The Paper"}, "record": {"text": "It rained."}}}]}"#,
                "|The Paper|It rained.",
            ),
            (r#"{"data": {"id": "1", "text": "It rained."}, "includes": {}}"#, "||It rained."),
            (
                r##"{"success": true, "data": {"markdown": "# Rain\n\nIt **rained** in [Lima](https://example.org)."}}"##,
                "Rain||It rained in Lima.",
            ),
        ] {
            assert_eq!(told(json), wanted, "{json}");
        }
        let error =
            read("json", br#"{"data": {"id": "1", "lead": "It rained."}}"#, "text").remove(0).unwrap_err();
        assert!(error.contains("(fields: data)"), "{error}");
    }

    #[test]
    fn a_line_that_is_too_long_does_not_cost_the_others() {
        let line = |text: &'static str| io::Cursor::new(text);
        let long = |bytes| io::repeat(b'x').take(bytes).chain(line("\n"));
        let stream = line("{\"text\": \"One.\"}\n").chain(long(LARGEST)).chain(long(LARGEST + 9));
        let stream = stream.chain(line("{\"text\": \"Two.\"}\n"));
        let found: Vec<_> = lines(Box::new(stream), "file", "file", &InputOptions::default()).collect();
        for error in found[1..3].iter().map(|found| found.as_ref().unwrap_err()) {
            assert!(error.reason.starts_with("is longer than 64 MiB"), "{error}");
        }
        assert_eq!(found[3].as_ref().unwrap().id, "file:4");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn an_array_of_any_size_is_read_item_by_item() {
        let item = |n: u64| format!("{{\"id\": {n}, \"text\": \"{}\"}},", "word ".repeat(20_000));
        let items = (0..700).map(move |n| io::Cursor::new(item(n).into_bytes()));
        let stream: Box<dyn Read> = Box::new(Chained { parts: Box::new(items), part: None });
        let stream = io::Cursor::new(b"[").chain(stream).chain(io::Cursor::new(b"7, {\"text\": \"End.\"}]"));
        let mut found = articles(Box::new(stream), "file", "file", &InputOptions::default());
        assert_eq!(found.by_ref().take(700).filter(Result::is_ok).count(), 700);
        assert!(
            found
                .next()
                .unwrap()
                .unwrap_err()
                .to_string()
                .starts_with("file, item 701: is not a JSON object")
        );
        assert_eq!(found.next().unwrap().unwrap().id, "file:702");
        assert!(found.next().is_none());
    }

    /// Some hundred megabytes that are not in memory together.
    struct Chained {
        parts: Box<dyn Iterator<Item = io::Cursor<Vec<u8>>>>,
        part: Option<io::Cursor<Vec<u8>>>,
    }

    impl Read for Chained {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            loop {
                if let Some(read) =
                    self.part.as_mut().map(|part| part.read(buffer)).transpose()?.filter(|n| *n > 0)
                {
                    return Ok(read);
                }
                self.part = self.parts.next();
                if self.part.is_none() {
                    return Ok(0);
                }
            }
        }
    }

    #[test]
    fn ids_come_from_the_record_or_else_from_its_position() {
        assert_eq!(ids("json", "{\n \"text\": \"a\"\n}\n"), ["file"]);
        assert_eq!(ids("json", "{\"text\": \"a\"}"), ["file"]);
        assert_eq!(ids("jsonl", "{\"text\": \"a\"}"), ["file:1"]);
        assert_eq!(ids("json", "{\"text\": \"a\"}\n{\"id\": 0, \"text\": \"a\"}"), ["file:1", "0"]);
        assert_eq!(ids("json", "[{\"text\": \"a\"}]"), ["file:1"]);
        assert_eq!(
            ids("jsonl", "\u{feff}[\n{\"text\": \"a\"},\n{\"text\": \"b\", \"id\": \"x\"}\n]\n"),
            ["file:1", "x"]
        );
        assert_eq!(ids("json", "[]"), [""; 0]);
        assert!(
            ids("json", "[\"a\"]")[0].starts_with("file, item 1: is not a JSON object: invalid type: string")
        );
    }

    #[test]
    fn records_of_other_programs_are_known() {
        let newsplease = "{\n \"authors\": [\"Jane Roe\"],\n \"date_publish\": \"2017-01-13 00:00:00\",\n \"maintext\": \"A.\",\n \
                          \"title\": \"T\",\n \"url\": \"https://example.com/a\", \"source_domain\": \"example.com\"}";
        for text in ["maintext", "text"] {
            let found = read("json", newsplease.as_bytes(), text).remove(0).unwrap();
            let Article { id, title, source, url, published, text, .. } = found;
            assert_eq!((id.as_str(), text.as_str(), title.as_deref()), ("file", "A.", Some("T")));
            assert_eq!(
                (source.as_deref(), url.as_deref()),
                (Some("example.com"), Some("https://example.com/a"))
            );
            assert_eq!(published.as_deref(), Some("2017-01-13 00:00:00"));
        }
        let ld = "{\"@context\": \"https://schema.org\", \"@type\": \"NewsArticle\", \"headline\": \"H\", \"articleBody\": \"B.\",\
                  \"datePublished\": \"2024-01-01\", \"publisher\": {\"name\": \"The Paper\"}}";
        let found = read("json", ld.as_bytes(), "text").remove(0).unwrap();
        assert_eq!((found.title.as_deref(), found.source.as_deref()), (Some("H"), Some("The Paper")));
        assert_eq!((found.text.as_str(), found.published.as_deref()), ("B.", Some("2024-01-01")));
        let guardian = "{\"id\": \"world/a\", \"webTitle\": \"T\", \"fields\": {\"bodyText\": \"D.\"}}";
        let found = read("json", guardian.as_bytes(), "text").remove(0).unwrap();
        assert_eq!((found.text.as_str(), found.title.as_deref()), ("D.", Some("T")));
        let eventregistry = "{\"title\": \"T\", \"body\": \"E.\", \"source\": {\"title\": \"The Paper\"}}";
        let found = read("json", eventregistry.as_bytes(), "text").remove(0).unwrap();
        assert_eq!((found.text.as_str(), found.source.as_deref()), ("E.", Some("The Paper")));
        let wordpress = "[{\"id\": 5, \"title\": {\"rendered\": \"T\"}, \"content\": {\"rendered\": \"<p>F.</p>\", \"protected\": false}}]";
        let found = read("json", wordpress.as_bytes(), "text").remove(0).unwrap();
        assert_eq!((found.id.as_str(), found.text.as_str(), found.title.as_deref()), ("5", "F.", Some("T")));
        let trafilatura = "{\"title\": \"T\", \"hostname\": \"example.org\", \"source\": \"https://example.org/a\",\
                           \"source-hostname\": \"The Paper\", \"date\": \"2024-01-01\", \"text\": \"C.\"}";
        let found = read("json", trafilatura.as_bytes(), "text").remove(0).unwrap();
        assert_eq!(
            (found.source.as_deref(), found.url.as_deref()),
            (Some("The Paper"), Some("https://example.org/a"))
        );
    }

    #[test]
    fn text_may_be_a_list_or_inside_other_fields() {
        let text = |json: &str, field: &str| {
            read("jsonl", json.as_bytes(), field).remove(0).map(|article| article.text)
        };
        assert_eq!(text("{\"text\": [\"A.\", \"B.\"]}", "text").unwrap(), "A.\n\nB.");
        assert_eq!(text("{\"a\": {\"b\": \"C.\"}}", "a.b").unwrap(), "C.");
        assert_eq!(text("{\"a\": [{\"b\": \"C.\"}, {\"b\": \"D.\"}]}", "a.b").unwrap(), "C.\n\nD.");
        assert!(text("{\"a\": [{\"b\": \"C.\"}]}", "a").unwrap_err().contains("`text_field` a.text"));
        assert_eq!(text("{\"text\": \"A.\", \"n\": NaN}", "text").unwrap(), "A.");
    }

    #[test]
    fn utf_16_is_read_by_its_mark_and_other_encodings_by_their_names() {
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let found = read("jsonl", &utf16("\u{feff}{\"text\": \"schön\"}\r\n{\"text\": \"b\"}\r\n"), "text");
        assert_eq!(found[0].as_ref().unwrap().text, "schön");
        assert_eq!(found.len(), 2);
        let found = read("jsonl", b"{\"text\": \"caf\xe9\"}\n{\"text\": \"b\"}", "text");
        assert!(found[0].as_ref().unwrap_err().contains("`encoding`") && found[1].is_ok());
        let options = InputOptions { encoding: Some(encoding_rs::SHIFT_JIS), ..InputOptions::default() };
        let stream = Box::new(&b"[{\"text\": \"\x83\x7b\x83\x5c\"}]"[..]);
        assert_eq!(articles(stream, "file", "file", &options).next().unwrap().unwrap().text, "ボソ");
    }
}

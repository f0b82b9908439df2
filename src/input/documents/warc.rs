//! Reads WARC, the format of web archives (ISO 28500): each HTML page that was fetched successfully is an article.
//!
//! An archive is a sequence of records, each a header with fields and a block of bytes. *Responses* hold what a server sent,
//! and *conversions* the plain text of a page (the WET files of Common Crawl). Records are read one at a time. The existing
//! libraries keep whole records in memory whatever their size, and stop at the first damaged one, so this is our own parser;
//! headers are parsed by `httparse`.

mod http;

use std::io::{BufRead, BufReader, Read};

use encoding_rs::Encoding;

use super::super::{Articles, InputError, InputOptions, LARGEST, page};
use super::dates;
use crate::article::Article;
use crate::panics::caught;

/// Largest header of a record or of a response, in bytes.
const LARGEST_HEAD: usize = 64 << 10;
/// Most fields of such a header.
const MOST_FIELDS: usize = 200;

/// Whether content begins as a WARC record.
pub fn recognise(start: &[u8]) -> bool {
    start.starts_with(b"WARC/1.") || start.starts_with(b"WARC/0.")
}

/// The articles of an archive. Their ids are those of their records, or else `<stem>:<number>`, counted from 1.
pub fn articles(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Articles {
    let (place, stem, options) = (place.to_owned(), stem.to_owned(), options.clone());
    let mut records =
        WarcRecords { stream: BufReader::with_capacity(64 << 10, stream), number: 0, broken: false };
    let (mut passed_over, mut found, mut over) = (0u64, false, false);
    Box::new(std::iter::from_fn(move || {
        loop {
            if over {
                return None;
            }
            let record = match records.next() {
                Some(record) => record,
                None => {
                    over = true;
                    let reason = match passed_over {
                        0 => "holds no records".to_owned(),
                        _ => format!(
                            "holds no HTML page that was fetched whole ({passed_over} records of other kinds)"
                        ),
                    };
                    return (!found).then(|| Err(InputError::new(&place, reason)));
                }
            };
            let number = records.number;
            let error = |reason: String| InputError::new(format!("{place}, record {number}"), reason);
            let article = match record {
                Ok(None) => {
                    passed_over += 1;
                    continue;
                }
                Ok(Some(record)) => {
                    let id = record.id.clone();
                    let read = || record.article(&format!("{stem}:{number}"), &options);
                    let article =
                        caught(read).unwrap_or_else(|panic| Err(format!("reading it broke off: {panic}")));
                    article.map_err(|reason| InputError { id, ..error(reason) })
                }
                Err(reason) => Err(error(reason)),
            };
            found = true;
            return Some(article);
        }
    }))
}

/// The records of an archive, one by one.
struct WarcRecords {
    stream: BufReader<Box<dyn Read>>,
    /// Number of the record that was read last, counted from 1.
    number: u64,
    /// Whether nothing more can be read.
    broken: bool,
}

/// A record that holds an article.
struct WarcRecord {
    id: Option<String>,
    url: Option<String>,
    date: Option<String>,
    body: Body,
}

/// The content of a record.
enum Body {
    /// A web page, and the encoding that the server named.
    Page(Vec<u8>, Option<&'static Encoding>),
    /// Plain text in UTF-8.
    Text(Vec<u8>),
}

impl WarcRecords {
    /// The next record; `Ok(None)` for one that holds no article.
    fn next(&mut self) -> Option<Result<Option<WarcRecord>, String>> {
        if self.broken {
            return None;
        }
        self.number += 1;
        match self.record() {
            Ok(found) => found.map(Ok),
            Err(reason) => Some(Err(reason)),
        }
    }

    /// The next record; `Some(None)` for one that holds no article, `None` at the end.
    ///
    /// # Errors
    /// When the record is damaged. The next call goes on with the next line that begins a record.
    fn record(&mut self) -> Result<Option<Option<WarcRecord>>, String> {
        let Some(head) = self.head()? else { return Ok(None) };
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let fields = match head.iter().position(|byte| *byte == b'\n') {
            Some(end) => httparse::parse_headers(&head[end + 1..], &mut fields),
            None => Err(httparse::Error::Status),
        };
        let Ok(httparse::Status::Complete((_, fields))) = fields else {
            return Err("its head is damaged".into());
        };
        let field = |name: &str| value(fields, name);
        let Some(length) = field("Content-Length").and_then(|length| length.parse::<u64>().ok()) else {
            return Err("has no Content-Length, so that its end is not known".into());
        };
        let kind = field("WARC-Type").unwrap_or_default().to_ascii_lowercase();
        let content = field("Content-Type").unwrap_or_default();
        let url = field("WARC-Target-URI").map(|url| url.trim_matches(['<', '>']).to_owned());
        // Look-ups of names (`dns:`) are responses, too.
        let is_lookup = kind == "response" && url.as_ref().is_some_and(|url| !url.starts_with("http"));
        if is_lookup || !may_hold_article(&kind, &content) {
            self.skip(length)?;
            return Ok(Some(None));
        }
        let id = field("WARC-Record-ID").map(|id| {
            let id = id.trim_matches(['<', '>']);
            id.strip_prefix("urn:uuid:").unwrap_or(id).trim().to_owned()
        });
        let id = id.filter(|id| !id.is_empty());
        let date = field("WARC-Date").and_then(|date| dates::published(&date));
        let most = length.min(LARGEST + LARGEST_HEAD as u64);
        let block = self.block(length, most)?;
        let body = match kind.as_str() {
            "response" => match http::page(block)? {
                Some((body, encoding)) => Body::Page(body, encoding),
                None => return Ok(Some(None)),
            },
            "resource" => Body::Page(block, http::charset(&content)),
            _ => Body::Text(block),
        };
        let size = match &body {
            Body::Page(bytes, _) | Body::Text(bytes) => bytes.len() as u64,
        };
        if length > most || size > LARGEST {
            return Err(format!("is larger than {} MiB, the most one article may have", LARGEST >> 20));
        }
        Ok(Some(Some(WarcRecord { id, url, date, body })))
    }

    /// The block of a record, which has `length` bytes. Of a longer one only the first `most`; the others are skipped.
    fn block(&mut self, length: u64, most: u64) -> Result<Vec<u8>, String> {
        let mut block = Vec::new();
        self.stream
            .by_ref()
            .take(most)
            .read_to_end(&mut block)
            .map_err(|error| self.lost(&error.to_string()))?;
        if (block.len() as u64) < most {
            return Err(self.lost("it is cut off"));
        }
        self.skip(length - most)?;
        Ok(block)
    }

    /// The reason why nothing more can be read.
    fn lost(&mut self, reason: &str) -> String {
        self.broken = true;
        format!("cannot be read: {reason}; the rest was not read")
    }

    /// The header of the next record: from the line with the version to the blank line after the fields.
    fn head(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut head = Vec::new();
        let mut strange = false;
        loop {
            let from = head.len();
            let most = (LARGEST_HEAD - from) as u64;
            let count = match self.stream.by_ref().take(most).read_until(b'\n', &mut head) {
                Ok(count) => count,
                Err(error) => return Err(self.lost(&error.to_string())),
            };
            let line = head[from..].trim_ascii();
            if from == 0 && !recognise(line) {
                // Between records there are blank lines; anything else is the rest of a damaged record.
                strange |= !line.is_empty();
                head.clear();
                if count == 0 {
                    self.broken = true;
                    return if strange {
                        Err("is no WARC record, nor does one follow".into())
                    } else {
                        Ok(None)
                    };
                }
                continue;
            }
            if count == 0 {
                self.broken = true;
                return Err(if head.len() >= LARGEST_HEAD {
                    "its head is too large".into()
                } else {
                    "its head is cut off".into()
                });
            }
            if line.is_empty() {
                return Ok(Some(head));
            }
        }
    }

    fn skip(&mut self, length: u64) -> Result<(), String> {
        match std::io::copy(&mut self.stream.by_ref().take(length), &mut std::io::sink()) {
            Ok(skipped) if skipped == length => Ok(()),
            Ok(_) => Err(self.lost("it is cut off")),
            Err(error) => Err(self.lost(&error.to_string())),
        }
    }
}

/// The value of a field, whose name may be written in any case.
fn value(fields: &[httparse::Header], name: &str) -> Option<String> {
    let field = fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
    let value = String::from_utf8_lossy(field.value).trim().to_owned();
    (!value.is_empty()).then_some(value)
}

/// Whether a record of this kind, with content of this type, may hold an article.
fn may_hold_article(kind: &str, content: &str) -> bool {
    match kind {
        "response" => content.is_empty() || content.to_ascii_lowercase().starts_with("application/http"),
        "resource" => http::is_page(content, b""),
        "conversion" => content.to_ascii_lowercase().starts_with("text/plain"),
        _ => false,
    }
}

impl WarcRecord {
    fn article(self, fallback_id: &str, options: &InputOptions) -> Result<Article, String> {
        let id = self.id.as_deref().unwrap_or(fallback_id);
        let mut article = match self.body {
            Body::Page(bytes, encoding) => page::article(id, &bytes, encoding, options)?,
            Body::Text(bytes) => Article::new(id, String::from_utf8_lossy(&bytes).trim_end()),
        };
        if article.text.trim().is_empty() {
            return Err("has no text".into());
        }
        article.url = self.url.or(article.url);
        article.published = article.published.or(self.date);
        Ok(article)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder};
    use std::io::Write;

    fn record(kind: &str, number: usize, more: &str, block: &[u8]) -> Vec<u8> {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:0000-{number}>\r\nWARC-Date: 2020-01-0{number}T10:00:00Z\r\nWARC-Target-URI: http://example.org/{number}\r\n{more}Content-Length: {}\r\n\r\n",
            block.len()
        );
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    }

    fn response(number: usize, head: &str, body: &[u8]) -> Vec<u8> {
        let block = [head.replace('\n', "\r\n").as_bytes(), b"\r\n\r\n", body].concat();
        record("response", number, "Content-Type: application/http; msgtype=response\r\n", &block)
    }

    fn html(name: &str) -> String {
        let body =
            format!("{name} said on Thursday that it would withdraw its soldiers from Mali. ").repeat(6);
        format!(
            "<html><head><title>{name} leaves</title></head><body><article><p>{body}</p></article></body></html>"
        )
    }

    fn read(bytes: Vec<u8>) -> Vec<Result<Article, String>> {
        articles(Box::new(std::io::Cursor::new(bytes)), "a.warc", "a", &InputOptions::default())
            .map(|article| article.map_err(|error| error.to_string()))
            .collect()
    }

    #[test]
    fn html_responses_are_articles_and_other_records_are_skipped() {
        let ok = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8";
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(html("Spain").as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(html("Italy").as_bytes()).unwrap();
        let deflate = deflate.finish().unwrap();
        let page = html("Österreich");
        let (first, second) = page.as_bytes().split_at(70);
        let chunked = [
            format!("{:x};x=y\r\n", first.len()).as_bytes(),
            first,
            format!("\r\n{:X}\r\n", second.len()).as_bytes(),
            second,
            b"\r\n0\r\n\r\n",
        ]
        .concat();
        let bytes = [
            record("warcinfo", 1, "", b"software: x"),
            response(1, ok, html("France").as_bytes()),
            response(2, &format!("{ok}\nContent-Encoding: gzip"), &gzip),
            response(3, &format!("{ok}\nTransfer-Encoding: chunked"), &chunked),
            response(
                4,
                &format!("{}\nContent-Encoding: deflate", ok.replace("1.1 200 OK", "2 200")),
                &deflate,
            ),
            // A crawler that decompressed the body but kept the field.
            response(
                5,
                &format!("{ok}\nContent-Encoding: gzip\nTransfer-Encoding: chunked"),
                html("Malta").as_bytes(),
            ),
            response(6, "HTTP/1.1 404 Not Found\nContent-Type: text/html", html("Nobody").as_bytes()),
            response(6, "HTTP/1.1 200 OK\nContent-Type: text/css", b"p {}"),
            record("request", 7, "Content-Type: application/http\r\n", b"GET / HTTP/1.1\r\n\r\n"),
            record("conversion", 8, "Content-Type: text/plain\r\n", b"Plain text."),
            record("resource", 9, "Content-Type: text/html\r\n", html("Chad").as_bytes()),
        ]
        .concat();
        assert!(recognise(&bytes));
        let found: Vec<Article> = read(bytes).into_iter().map(Result::unwrap).collect();
        let names = ["France", "Spain", "Österreich", "Italy", "Malta", "Plain", "Chad"];
        assert_eq!(found.len(), names.len());
        for (article, name) in found.iter().zip(names) {
            assert!(article.text.starts_with(name), "{name}: {}", article.text);
        }
        assert_eq!((found[1].id.as_str(), found[1].url.as_deref()), ("0000-2", Some("http://example.org/2")));
        assert_eq!(
            (found[1].title.as_deref(), found[1].published.as_deref()),
            (Some("Spain leaves"), Some("2020-01-02T10:00:00Z"))
        );
    }

    #[test]
    fn a_damaged_record_does_not_cost_the_others() {
        let ok = "HTTP/1.1 200 OK\nContent-Type: text/html";
        let good = |number: usize| response(number, ok, html("France").as_bytes());
        let bytes = [
            good(1),
            b"WARC/1.0\r\nno field\r\n\r\n".to_vec(),
            response(2, "nonsense", b"x"),
            b"WARC/1.0\r\nWARC-Type: response\r\n\r\nlost block\r\n\r\n".to_vec(),
            response(
                3,
                &format!("{ok}\nContent-Encoding: gzip"),
                &[0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8],
            ),
            good(4),
            good(5)[..300].to_vec(),
        ]
        .concat();
        let found = read(bytes);
        let good: Vec<usize> = (0..found.len()).filter(|&n| found[n].is_ok()).collect();
        assert_eq!(good, [0, 5], "{found:?}");
        let errors: Vec<&str> =
            found.iter().filter_map(|found| found.as_ref().err().map(String::as_str)).collect();
        assert!(errors[0].starts_with("a.warc, record 2: its head is damaged"), "{errors:?}");
        assert!(errors[4].contains("record 7: cannot be read: it is cut off"), "{errors:?}");
        let nothing = read(record("warcinfo", 1, "", b"x"));
        assert!(nothing[0].as_ref().unwrap_err().contains("no HTML page that was fetched whole (1 records"));
        assert!(read(b"text".to_vec())[0].is_err() && read(Vec::new())[0].is_err());
    }
}

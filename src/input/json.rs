//! JSON: one article for each object, streamed.

use std::io::{BufRead, BufReader, Read};

use super::object::Object;
use super::{Articles, InputError, InputOptions, LARGEST, checked, decode, fields};
use crate::article::Article;

/// Whether bytes begin as an object does.
pub fn recognise(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    start.strip_prefix(b"{").is_some_and(|behind| behind.trim_ascii_start().starts_with(b"\""))
}

/// One article for each line that is not blank. Articles without an id get `<stem>:<line>`.
pub fn articles(stream: Box<dyn Read>, place: &str, stem: &str, options: &InputOptions) -> Articles {
    let (place, stem, options) = (place.to_owned(), stem.to_owned(), options.clone());
    let mut reader = BufReader::new(stream);
    let (mut number, mut broken) = (0usize, false);
    Box::new(
        std::iter::from_fn(move || {
            if broken {
                return None;
            }
            let mut line = Vec::new();
            number += 1;
            let at = format!("{place}, line {number}");
            match reader.by_ref().take(LARGEST + 1).read_until(b'\n', &mut line) {
                Ok(0) => None,
                Ok(n) if n as u64 > LARGEST => {
                    let reason =
                        format!("is longer than {} MiB, the most one article may have", LARGEST >> 20);
                    // Where that fails, so does the next line.
                    if !line.ends_with(b"\n") {
                        let _ = reader.skip_until(b'\n');
                    }
                    Some(Some(Err(InputError::new(at, reason))))
                }
                Ok(_) if line.trim_ascii().is_empty() => Some(None),
                Ok(_) => {
                    let article = parse_line(line, &format!("{stem}:{number}"), &options);
                    Some(Some(
                        article.map_err(|(id, reason)| InputError { id, ..InputError::new(at, reason) }),
                    ))
                }
                Err(error) => {
                    broken = true;
                    Some(Some(Err(InputError::new(at, format!("cannot be read: {error}")))))
                }
            }
        })
        .flatten(),
    )
}

/// The article of a line, or the id, where that much can be read, and the reason.
fn parse_line(
    line: Vec<u8>,
    fallback_id: &str,
    options: &InputOptions,
) -> Result<Article, (Option<String>, String)> {
    let text = decode::decode(&line, options.encoding).map_err(|reason| (None, reason))?;
    let object = Object::parse(&text, &options.fields.names())
        .map_err(|error| (None, format!("is not a JSON object: {error}")))?;
    let field = |name: &str| object.get(name).map(str::to_owned);
    let wanted = &options.fields.text;
    let article = match object.text(wanted) {
        Some(text) => checked(fields::article(text.to_owned(), fallback_id, options, field)),
        None => Err(format!(
            "has no text in a field '{wanted}' (fields: {}); name it with --text-field",
            object.names()
        )),
    };
    article.map_err(|reason| (field(&options.fields.id), reason))
}

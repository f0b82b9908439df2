//! Finds the records inside of an object of JSON: the answers of news services and exports of social networks wrap a list of
//! them, or one.

use encoding_rs::Encoding;
use serde_json::Value;

use super::{InputOptions, decode};

/// Fields in which the answers of news services have their lists of articles: NewsAPI, the Guardian, Bing, Elasticsearch and
/// others; and those of social networks their lists of posts.
const WRAPPERS: [&str; 21] = [
    "articles",
    "children",
    "data",
    "docs",
    "documents",
    "entries",
    "feed",
    "hits",
    "items",
    "messages",
    "news",
    "objects",
    "orderedItems",
    "posts",
    "records",
    "response",
    "results",
    "statuses",
    "stories",
    "tweets",
    "value",
];

/// Why the answer of a news service gives no article.
pub const NO_RECORDS: &str = "is an answer without articles: its list of them is empty";

/// The field of a hit of Elasticsearch that holds the record; beside it is the record's id.
const RECORD_OF_HIT: &str = "_source";
const ID_OF_HIT: &str = "_id";

/// The record of a hit of Elasticsearch with its id; any other value as it is.
fn without_hit(value: Value) -> Value {
    let mut hit = match value {
        Value::Object(hit) => hit,
        other => return other,
    };
    match hit.remove(RECORD_OF_HIT) {
        Some(Value::Object(mut record)) => {
            if let Some(id) = hit.remove(ID_OF_HIT) {
                record.entry("id").or_insert(id);
            }
            Value::Object(record)
        }
        Some(other) => {
            hit.insert(RECORD_OF_HIT.to_owned(), other);
            Value::Object(hit)
        }
        None => Value::Object(hit),
    }
}

/// The records in a list inside of an object: "{"status": "ok", "articles": [{…}, …]}"; or the record of a hit, or the one
/// record inside: "{"code": 200, "data": {"text": "…"}}". There are none where the list is empty and the object is no record
/// itself; `None` where there is no list.
pub fn records(
    bytes: &[u8],
    encoding: Option<&'static Encoding>,
    options: &InputOptions,
) -> Option<Vec<String>> {
    fn list<'v>(
        value: &'v Value,
        depth: usize,
        texts: &[&str],
        fits: fn(&[Value]) -> bool,
    ) -> Option<&'v [Value]> {
        match value {
            Value::Array(items) if depth > 0 && fits(items) => Some(items),
            Value::Object(hit) if hit.get(RECORD_OF_HIT).is_some_and(Value::is_object) => {
                Some(std::slice::from_ref(value))
            }
            Value::Object(record)
                if depth > 0 && texts.iter().any(|name| record.get(*name).is_some_and(Value::is_string)) =>
            {
                Some(std::slice::from_ref(value))
            }
            Value::Object(fields) if depth < 3 => fields
                .iter()
                .filter(|(name, _)| WRAPPERS.contains(&name.as_str()))
                .find_map(|(_, value)| list(value, depth + 1, texts, fits)),
            _ => None,
        }
    }
    let text = decode::decode(bytes, encoding).ok()?;
    let value: Value = serde_json::from_str(&text).ok()?;
    let (names, texts) = (options.fields.names(), options.fields.texts());
    let is_record = names.iter().any(|name| value.get(*name).is_some());
    let empty = || list(&value, 0, &texts, <[Value]>::is_empty).filter(|_| !is_record);
    let records = list(&value, 0, &texts, |items| items.iter().any(Value::is_object)).or_else(empty)?;
    Some(records.iter().map(|record| without_hit(record.clone()).to_string()).collect())
}

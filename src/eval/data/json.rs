//! Reads entities in the JSON or JSON Lines of annotation tools and data sets. A row is a text with spans, or a list of
//! tokens with their tags.
//!
//! | from | text | spans |
//! |---|---|---|
//! | doccano | `text` | `label`, `labels` or `entities`: `[start, end, type]`, or objects with `start_offset`, `end_offset`, `label` |
//! | Label Studio | `data.text` | `annotations[].result[].value`: `start`, `end`, `labels`; its short form has `label[]` of such values |
//! | spaCy, Prodigy | `text` | `ents` or `spans`: `start`, `end`, `label`; or a pair `[text, {"entities": [[start, end, type]]}]` |
//! | Hugging Face | `tokens` | `ner_tags` or `tags`: the names of the tags |
//!

use std::path::Path;

use serde_json::Value;

use super::EvalError;
use super::annotated::AnnotatedText;
use super::labels::Labels;
use super::marked::{MarkedSpan, Notes, typed};
use super::rows::{Row, RowFields, kind, number, rows};
use super::tags::{is_tag, mentions, no_tag};

/// The fields that may hold the spans of a row.
const SPANS: [&str; 6] = ["labels", "label", "entities", "spans", "ents", "annotations"];

/// Parses the texts of a file; also gives notes on how they were read.
///
/// # Errors
/// When the text is no JSON, or a row is in none of the formats of the table above.
pub fn parse(
    path: &Path,
    text: &str,
    labels: &mut Labels,
) -> Result<(Vec<AnnotatedText>, Vec<String>), EvalError> {
    let rows = unwrapped(rows(path, text)?);
    if rows.iter().any(|row| tokens(row).is_some()) {
        return sentences(path, &rows, labels);
    }
    let mut notes = Notes::default();
    let texts =
        rows.iter().map(|row| document(row, labels, &mut notes).map_err(|reason| row.error(path, reason)));
    let texts = texts.collect::<Result<_, _>>()?;
    Ok((texts, notes.into_lines()))
}

/// The rows inside of `{"annotations": [[text, {"entities": …}], …]}`, which annotation tools for spaCy write.
fn unwrapped(mut rows: Vec<Row>) -> Vec<Row> {
    let pairs = match rows.as_mut_slice() {
        [Row { value: Value::Object(only), .. }] if !only.contains_key("text") => {
            match only.get_mut("annotations") {
                Some(Value::Array(pairs)) if pairs.iter().any(Value::is_array) => std::mem::take(pairs),
                _ => return rows,
            }
        }
        _ => return rows,
    };
    let pairs = pairs.into_iter().enumerate().filter(|(_, value)| !value.is_null());
    pairs.map(|(number, value)| Row { place: super::FilePosition::Record(number + 1), value }).collect()
}

/// A text with its spans.
fn document(row: &Row, labels: &mut Labels, notes: &mut Notes) -> Result<AnnotatedText, String> {
    let (text, spans) = match &row.value {
        Value::Array(pair) => match pair.as_slice() {
            [Value::String(text), Value::Object(said)] => (text.as_str(), plain(RowFields(said))?),
            _ => return Err("is a list, and no pair of a text and its entities".into()),
        },
        _ => {
            let fields = row.fields()?;
            refuse(fields)?;
            match fields.get("data") {
                Some(data) => label_studio(data, fields, notes)?,
                None => (fields.text(&["text"])?, plain(fields)?),
            }
        }
    };
    let name = row.place.to_string();
    let entities = typed(text, spans, labels, notes)?;
    Ok(AnnotatedText { name, text: text.to_owned(), tokens: None, entities })
}

/// Gives an error for formats that look similar but are not supported.
fn refuse(fields: RowFields) -> Result<(), String> {
    let known: [(&str, &str); 3] = [
        (
            "paragraphs",
            "is in spaCy 2's format for training; write a line of JSON for each document: json.dumps(doc.to_json())",
        ),
        (
            "content",
            "has `content`, as Dataturks writes it; name it `text`, with `labels` as [start, end, type], end exclusive",
        ),
        ("ner_tags", "has `ner_tags` and no `tokens`"),
    ];
    match known.iter().find(|(field, _)| fields.get(field).is_some() && fields.get("text").is_none()) {
        Some((_, reason)) => Err(reason.to_string()),
        None => Ok(()),
    }
}

/// The spans of a row of doccano, spaCy or Prodigy, or of Label Studio's short form.
fn plain(fields: RowFields<'_>) -> Result<Vec<MarkedSpan<'_>>, String> {
    // A list that is not empty goes first: a field of these names may also hold something else, such as the class of the
    // text.
    let filled = |name: &&str| matches!(fields.get(name), Some(Value::Array(list)) if !list.is_empty());
    let (name, value) = match SPANS.into_iter().find(filled) {
        Some(name) => fields.first(&[name])?,
        None => fields.first(&SPANS)?,
    };
    match value {
        Value::Array(list) => {
            list.iter().map(|span| marked(span).map_err(|reason| format!("`{name}`: {reason}"))).collect()
        }
        Value::Null => Ok(Vec::new()),
        other => Err(format!("`{name}` is {}, and no list of spans", kind(other))),
    }
}

/// One span: `[start, end, type]`, or an object.
fn marked(span: &Value) -> Result<MarkedSpan<'_>, String> {
    match span {
        Value::Array(parts) => match parts.as_slice() {
            [start, end, label, ..] => {
                let at =
                    |value: &Value| offset(value).ok_or_else(|| format!("{span} is no [start, end, type]"));
                Ok(MarkedSpan { start: at(start)?, end: at(end)?, label: label_of(label)?, quoted: None })
            }
            _ => Err(format!("{span} is no [start, end, type]")),
        },
        Value::Object(fields) => {
            let fields = RowFields(fields);
            let at = |names: &[&str]| {
                let (name, value) = fields.first(names)?;
                offset(value).ok_or_else(|| format!("`{name}` is {value}, and no place in a text"))
            };
            let (_, label) = fields.first(&["label", "labels", "type", "entity", "entity_group", "tag"])?;
            Ok(MarkedSpan {
                start: at(&["start", "start_offset", "start_char", "from"])?,
                end: at(&["end", "end_offset", "end_char", "to"])?,
                label: label_of(label)?,
                quoted: fields.get("text").and_then(Value::as_str),
            })
        }
        other => Err(format!("a span is {}", kind(other))),
    }
}

fn offset(value: &Value) -> Option<usize> {
    let number = number(value)?;
    (number.fract() == 0.0 && (0.0..1e15).contains(&number)).then_some(number as usize)
}

/// The label of a span, which may be a number. A list must have one label.
fn label_of(value: &Value) -> Result<String, String> {
    match value {
        Value::String(label) => Ok(label.clone()),
        Value::Number(label) => Ok(label.to_string()),
        Value::Array(labels) => match labels.as_slice() {
            [one] => label_of(one),
            labels => Err(format!("a span has {} labels, and one is needed", labels.len())),
        },
        other => Err(format!("a label is {}", kind(other))),
    }
}

/// The text and the spans of a task of Label Studio.
fn label_studio<'a>(
    data: &'a Value,
    task: RowFields<'a>,
    notes: &mut Notes,
) -> Result<(&'a str, Vec<MarkedSpan<'a>>), String> {
    let data = data.as_object().ok_or_else(|| format!("`data` is {}, and not an object", kind(data)))?;
    let strings = || data.values().filter_map(Value::as_str);
    let text = match (data.get("text").and_then(Value::as_str), strings().count()) {
        (Some(text), _) => text,
        (None, 1) => strings().next().expect("there is one"),
        _ => {
            return Err(
                "is a task of Label Studio whose `data` has no `text`; name the field of the text so".into(),
            );
        }
    };
    let (_, annotations) = task.first(&["annotations", "completions"])?;
    let annotations = annotations.as_array().ok_or("`annotations` is no list")?;
    let set = |annotation: &Value, field: &str| annotation.get(field).and_then(Value::as_bool) == Some(true);
    let kept: Vec<&Value> =
        annotations.iter().filter(|annotation| !set(annotation, "was_cancelled")).collect();
    notes.several += usize::from(kept.len() > 1);
    let truth = kept.iter().find(|annotation| set(annotation, "ground_truth")).or(kept.first());
    let Some(annotation) = truth else {
        return Err("is a task of Label Studio without an annotation; export the annotated ones only".into());
    };
    let results =
        annotation.get("result").and_then(Value::as_array).ok_or("an annotation has no `result`")?;
    let mut spans = Vec::new();
    for result in results {
        match (result.get("type").and_then(Value::as_str), result.get("value")) {
            // Only these are spans; relations and choices have no words.
            (Some("labels") | None, Some(value)) => spans.push(marked(value)?),
            (Some(kind @ ("hypertextlabels" | "paragraphlabels")), _) => {
                return Err(format!(
                    "has {kind} of Label Studio, which are no offsets in a text; label plain text"
                ));
            }
            _ => {}
        }
    }
    Ok((text, spans))
}

/// The fields that may hold the tags of a row of tokens.
const TAGS: [&str; 4] = ["ner_tags", "tags", "ner", "labels"];

/// The tokens of a row, if it has a list of words and tags for them.
fn tokens(row: &Row) -> Option<Vec<&str>> {
    let fields = row.fields().ok()?;
    let (_, list) = fields.first(&["tokens", "words"]).ok()?;
    let tokens: Vec<&str> = list.as_array()?.iter().map(Value::as_str).collect::<Option<_>>()?;
    let (_, tags) = fields.first(&TAGS).ok()?;
    let tagged = tags.as_array()?.iter().all(|tag| tag.is_string() || tag.is_number());
    (tagged && !tokens.is_empty()).then_some(tokens)
}

/// Rows of tokens with their tags.
fn sentences(
    path: &Path,
    rows: &[Row],
    labels: &mut Labels,
) -> Result<(Vec<AnnotatedText>, Vec<String>), EvalError> {
    let mut tokens_of = Vec::with_capacity(rows.len());
    let mut tags_of = Vec::with_capacity(rows.len());
    for row in rows {
        let (tokens, tags) = tagged(row).map_err(|reason| row.error(path, reason))?;
        tokens_of.push(tokens);
        tags_of.push(tags);
    }
    let (entities, notes) = mentions(&tags_of, labels);
    let each = rows.iter().zip(&tokens_of).zip(entities);
    let texts = each
        .map(|((row, tokens), entities)| AnnotatedText::of_tokens(row.place.to_string(), tokens, entities));
    Ok((texts.collect(), notes))
}

fn tagged(row: &Row) -> Result<(Vec<&str>, Vec<&str>), String> {
    let tokens = tokens(row).ok_or("has no `tokens` (a list of words) with tags, as other rows have")?;
    let (name, tags) = row.fields()?.first(&TAGS)?;
    let tags = tags.as_array().ok_or_else(|| format!("`{name}` is {}, and no list", kind(tags)))?;
    if tags.iter().any(Value::is_number) {
        return Err(format!("`{name}` has numbers; write the names that they stand for, such as B-PER"));
    }
    let words: Vec<&str> = tags.iter().map(|tag| tag.as_str().unwrap_or_default()).collect();
    if words.len() != tokens.len() {
        return Err(format!("has {} tokens and {} tags", tokens.len(), words.len()));
    }
    match words.iter().find(|tag| !is_tag(tag)) {
        Some(odd) => Err(no_tag(odd)),
        None => match tokens.iter().any(|token| token.trim().is_empty()) {
            true => Err("has a token of no letters".into()),
            false => Ok((tokens, words)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::eval::data::labels::LabelMap;

    fn read(text: &str) -> Result<(Vec<AnnotatedText>, Vec<String>), String> {
        let map = LabelMap::default();
        parse(Path::new("data"), text, &mut Labels::new(&map)).map_err(|error| error.to_string())
    }

    /// The words of each entity with its type.
    fn found(text: &str) -> Vec<(String, &'static str)> {
        let (texts, _) = read(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let each = texts.iter().flat_map(|text| text.entities.iter().map(move |entity| (text, entity)));
        each.map(|(text, entity)| (entity.span.of(&text.text).to_owned(), entity.kind.name())).collect()
    }

    #[test]
    fn rows_of_every_tool_give_the_same_entities() {
        let text = "“Ana” met the UN.";
        let rows = [
            format!(r#"{{"id": 1, "text": "{text}", "label": [[1, 4, "PER"], [14, 16, "ORG"]]}}"#),
            format!(r#"{{"text": "{text}", "labels": [[14, 16, "ORG"], [1, 4, "PERSON"]], "Comments": []}}"#),
            format!(
                r#"{{"text": "{text}", "entities": [{{"id": 5, "label": "PER", "start_offset": 1, "end_offset": 4}},
                 {{"id": 6, "label": "ORG", "start_offset": 14, "end_offset": 16}}], "relations": []}}"#
            ),
            format!(
                r#"[{{"id": 9, "data": {{"text": "{text}"}}, "annotations": [{{"was_cancelled": true, "result": []}}, {{"result": [
                 {{"type": "labels", "value": {{"start": 1, "end": 4, "text": "Ana", "labels": ["PER"]}}}},
                 {{"type": "choices", "value": {{"choices": ["News"]}}}}, {{"type": "relation", "labels": ["x"]}},
                 {{"type": "labels", "value": {{"start": 14, "end": 16, "text": "UN", "labels": ["ORG"]}}}}]}}]}}]"#
            ),
            format!(
                r#"[{{"text": "{text}", "label": [{{"start": 1, "end": 4, "text": "Ana", "labels": ["PER"]}},
                 {{"start": 14, "end": 16, "text": "UN", "labels": ["ORG"]}}], "annotator": 1}}]"#
            ),
            format!(
                r#"{{"text": "{text}", "ents": [{{"start": 1, "end": 4, "label": "PERSON"}}, {{"start": 14, "end": 16, "label": "ORG"}}],
                 "tokens": [{{"id": 0, "start": 0, "end": 1}}]}}"#
            ),
            format!(
                r#"{{"text": "{text}", "spans": [{{"start": 1, "end": 4, "token_start": 1, "label": "PER"}},
                 {{"start": 14, "end": 16, "label": "ORG"}}], "tokens": [{{"text": "“"}}], "answer": "accept"}}"#
            ),
            format!(r#"[["{text}", {{"entities": [[1, 4, "PER"], [14, 16, "ORG"]]}}]]"#),
            format!(r#"["{text}", {{"entities": [[1, 4, "PER"], [14, 16, "ORG"]]}}]"#),
            format!(
                r#"{{"classes": ["PER"], "annotations": [["{text}", {{"entities": [[1, 4, "PER"], [14, 16, "ORG"]]}}], null]}}"#
            ),
            r#"{"tokens": ["“", "Ana", "”", "met", "the", "UN"], "ner_tags": ["O", "B-PER", "O", "O", "O", "S-ORG"]}"#.into(),
        ];
        for row in &rows[..rows.len() - 1] {
            assert_eq!(found(row), [("Ana".into(), "PER"), ("UN".into(), "ORG")], "{row}");
        }
        let (texts, _) = read(&rows[rows.len() - 1]).unwrap();
        let spans: Vec<Span> = texts[0].entities.iter().map(|entity| entity.span).collect();
        assert_eq!(spans, [Span::new(1, 2), Span::new(5, 6)]);
    }

    #[test]
    fn offsets_in_utf16_are_recognised_by_the_quoted_words() {
        let row = r#"[{"data": {"body": "🙂🙂 Ana left. "}, "annotations": [{"result": [
            {"type": "labels", "value": {"start": 5, "end": 9, "text": "Ana ", "labels": ["PER"]}}]}, {"result": []}]}]"#;
        let (texts, notes) = read(row).unwrap();
        assert_eq!(texts[0].entities[0].span.of(&texts[0].text), "Ana");
        let notes = notes.join("\n");
        for part in [
            "1 texts of the data count",
            "1 mentions of the data began",
            "1 texts of the data were annotated",
        ] {
            assert!(notes.contains(part), "{part} in {notes}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong_with_a_row() {
        for (row, reason) in [
            (r#"{"text": "Ana", "labels": [[0, 4, "PER"]]}"#, "data:1: 0..4 is no place in the text"),
            (r#"{"text": "Ana", "labels": [[2, 1, "PER"]]}"#, "2..1 is no place"),
            (r#"{"text": "Ana", "labels": [[-1, 1, "PER"]]}"#, "is no [start, end, type]"),
            (r#"{"text": "Ana", "labels": [[0, 1.5, "PER"]]}"#, "is no [start, end, type]"),
            (r#"{"text": "Ana", "labels": "PER"}"#, "`labels` is a string, and no list of spans"),
            (r#"{"text": "Ana"}"#, "missing field `labels` or"),
            (r#"{"text": "A  a", "labels": [[1, 3, "PER"]]}"#, "1..3 is only white space"),
            (r#"{"text": "Ana", "spans": [{"start": 0, "end": 3}]}"#, "missing field `label` or"),
            (
                r#"{"text": "Ana", "label": [{"start": 0, "end": 3, "text": "Bob", "labels": ["PER"]}]}"#,
                "0..3 is \"Ana\", and not \"Bob\"",
            ),
            (
                r#"{"text": "Ana", "label": [{"start": 0, "end": 3, "labels": ["PER", "ORG"]}]}"#,
                "a span has 2 labels",
            ),
            (r#"{"content": "Ana", "annotation": []}"#, "Dataturks"),
            (r#"{"id": 1, "paragraphs": []}"#, "json.dumps(doc.to_json())"),
            (r#"{"tokens": ["Ana"], "ner_tags": [1]}"#, "write the names that they stand for"),
            (r#"{"tokens": ["Ana"], "ner_tags": ["B-PER", "O"]}"#, "has 1 tokens and 2 tags"),
            (r#"{"tokens": ["Ana"], "ner_tags": ["PER"]}"#, "'PER' is no BIO tag"),
            (
                r#"[{"data": {"text": "Ana"}, "annotations": []}]"#,
                "data, record 1: is a task of Label Studio without",
            ),
            (r#"[{"data": {"a": "Ana", "b": ""}, "annotations": []}]"#, "whose `data` has no `text`"),
            (
                r#"[{"data": {"text": "<p>Ana"}, "annotations": [{"result": [{"type": "hypertextlabels", "value": {}}]}]}]"#,
                "label plain text",
            ),
            (r#"[1]"#, "is neither JSON"),
            (r#"[[1]]"#, "is a list, and no pair"),
        ] {
            let error = read(row).unwrap_err();
            assert!(error.contains(reason), "{reason} in {error}");
        }
    }
}

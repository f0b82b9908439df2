//! Reads entities in the format of brat: a text in a `.txt` file, and its annotations in an `.ann` file of the same name.
//!
//! A line `T1⇥Person 0 5⇥Maria` marks a span in code points. Lines for relations, events, attributes and notes are not
//! read. A folder is read with all folders in it.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::annotated::{AnnotatedText, EntityData, EntityDataOptions, overlaps};
use super::labels::Labels;
use super::marked::{MarkedSpan, Notes, typed};
use super::{EvalError, read_any};
use crate::eval::text::OffsetTable;

fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// Whether a path is a folder, or one of the two files of a text in the format of brat.
pub fn is_brat(path: &Path) -> bool {
    path.is_dir() || ends_in(path, "ann") || (ends_in(path, "txt") && path.with_extension("ann").is_file())
}

/// The `.txt` and `.ann` files of each text, in the order of their paths.
///
/// # Errors
/// When a folder has a text without an `.ann` file, or no annotations at all.
pub fn pairs(path: &Path) -> Result<Vec<(PathBuf, PathBuf)>, EvalError> {
    let pair = |one: &Path| (one.with_extension("txt"), one.with_extension("ann"));
    if !path.is_dir() {
        return Ok(vec![pair(path)]);
    }
    let mut pairs = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let file = entry.map_err(|error| EvalError::new(path, error))?.into_path();
        if ends_in(&file, "ann") {
            pairs.push(pair(&file));
        } else if ends_in(&file, "txt") && !file.with_extension("ann").is_file() {
            let reason =
                "has no .ann file beside it; make an empty one if there is nothing to find in the text";
            return Err(EvalError::new(&file, reason));
        }
    }
    match pairs.is_empty() {
        true => Err(EvalError::new(
            path,
            "has no annotations; a folder needs brat's pairs of .txt and .ann files",
        )),
        false => Ok(pairs),
    }
}

/// Reads one pair, given by either file, or all pairs of a folder.
///
/// # Errors
/// When a file is missing, or a line cannot be read.
pub fn read_texts(path: &Path, options: &EntityDataOptions) -> Result<EntityData, EvalError> {
    let mut labels = Labels::new(&options.map);
    let mut notes = Notes::default();
    let mut texts = Vec::new();
    for (text, marks) in pairs(path)? {
        let name = marks.strip_prefix(path).ok().filter(|rest| !rest.as_os_str().is_empty());
        let name = name.or(marks.file_name().map(Path::new)).unwrap_or(&marks).with_extension("");
        let (text, lines) = (read_any(&text, options.encoding)?, read_any(&marks, options.encoding)?);
        texts.push(parse(&marks, &name.display().to_string(), text, &lines, &mut labels, &mut notes)?);
    }
    let mut notes = notes.into_lines();
    notes.extend(labels.finish().map_err(|reason| EvalError::new(path, reason))?);
    notes.extend(overlaps(&texts));
    Ok(EntityData { texts, notes })
}

/// Parses one text and the lines of its `.ann` file, whose path is `path`.
///
/// # Errors
/// When a line is not valid.
pub fn parse(
    path: &Path,
    name: &str,
    text: String,
    lines: &str,
    labels: &mut Labels,
    notes: &mut Notes,
) -> Result<AnnotatedText, EvalError> {
    let places = OffsetTable::code_points(&text);
    let mut spans = Vec::new();
    for (number, line) in lines.lines().enumerate().filter(|(_, line)| line.starts_with('T')) {
        spans.push(marked(line, &text, &places).map_err(|reason| EvalError::line(path, number + 1, reason))?);
    }
    let entities = typed(&text, spans, labels, notes).map_err(|reason| EvalError::new(path, reason))?;
    Ok(AnnotatedText { name: name.to_owned(), text, tokens: None, entities })
}

/// A line `T1⇥Person 0 5⇥Maria`.
fn marked<'a>(line: &'a str, text: &str, places: &OffsetTable) -> Result<MarkedSpan<'a>, String> {
    let bad = || format!("is no line like 'T1⇥Person 0 5⇥Maria': {line:?}");
    let mut columns = line.splitn(3, '\t');
    let place = columns.nth(1).ok_or_else(bad)?;
    let (label, ranges) = place.split_once(' ').ok_or_else(bad)?;
    let range = |range: &str| -> Option<(usize, usize)> {
        let (start, end) = range.split_once(' ')?;
        Some((start.parse().ok()?, end.parse().ok()?))
    };
    let ranges: Vec<(usize, usize)> = ranges.split(';').map(range).collect::<Option<_>>().ok_or_else(bad)?;
    // brat splits a span at the end of a line into parts; only white space is between them.
    let joined = |pair: &[(usize, usize)]| {
        let (end, start) = (pair[0].1, pair[1].0);
        let blank = || places.span(end, start).is_some_and(|between| between.of(text).trim().is_empty());
        end == start || blank()
    };
    if !ranges.windows(2).all(joined) {
        return Err(format!(
            "marks words that do not stand together ({place}); mark each part by itself, or leave it out"
        ));
    }
    let (start, end) = (ranges[0].0, ranges[ranges.len() - 1].1);
    Ok(MarkedSpan { start, end, label: label.to_owned(), quoted: columns.next() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::data::labels::LabelMap;

    fn read(text: &str, lines: &str) -> Result<Vec<String>, String> {
        let map = LabelMap::default();
        let (mut labels, mut notes) = (Labels::new(&map), Notes::default());
        let found = parse(Path::new("a.ann"), "a", text.into(), lines, &mut labels, &mut notes);
        let found = found.map_err(|error| error.to_string())?;
        Ok(found.entities.iter().map(|e| format!("{} {}", e.span.of(text), e.kind.name())).collect())
    }

    #[test]
    fn spans_are_read_and_other_lines_are_not() {
        let text = "“Ana” of the United\nNations";
        let lines = "T1\tPerson 1 4\tAna\nT2\tORG 13 19;20 27\tUnited Nations\nR1\tOf Arg1:T1 Arg2:T2\nA1\tNegation T1\n#1\tNote T1\tT9\n";
        assert_eq!(read(text, lines).unwrap(), ["Ana PER", "United\nNations ORG"]);
        assert_eq!(read(text, "").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_span_is_named() {
        let text = "North and South Korea";
        for (line, reason) in [
            (
                "T1\tLOC 0 5;16 21\tNorth Korea",
                "a.ann:1: marks words that do not stand together (LOC 0 5;16 21)",
            ),
            ("T1\tLOC 16 21;0 5\tKorea North", "do not stand together"),
            ("T1 LOC 0 5 North", "is no line like"),
            ("T1\tLOC 0\tNorth", "is no line like"),
            ("T1\tLOC 0 99\tNorth", "0..99 is no place in the text"),
            ("T1\tLOC 1 5\tNorth", "1..5 is \"orth\", and not \"North\""),
            ("T1\tLOC 0 18446744073709551616\tNorth", "is no line like"),
        ] {
            let error = read(text, line).unwrap_err();
            assert!(error.contains(reason), "{reason} in {error}");
        }
    }
}

//! Reads entities in columns, the format of the CoNLL shared tasks: a token and its tag on a line, a blank line between
//! sentences.
//!
//! A line with a tab is split at tabs only, any other line at ASCII white space; other white space, such as the no-break
//! space, is part of a token. Of more than two columns, the first and the last are read, unless the first numbers the
//! tokens or the last has no tags. The last column of CoNLL-U may have the tag as `NER=…`.

use std::collections::BTreeMap;
use std::path::Path;

use super::EvalError;
use super::annotated::{AnnotatedText, Columns};
use super::labels::Labels;
use super::tags::{is_tag, mentions, no_tag};

/// A line with a token, split into columns; a blank line has none.
struct TokenLine<'a> {
    /// Counted from 1.
    number: usize,
    columns: Vec<&'a str>,
}

impl TokenLine<'_> {
    fn is_comment(&self, usual: usize) -> bool {
        let tagged = self.columns.len() == usual && self.columns.last().is_some_and(|tag| is_tag(tag));
        self.columns[0].starts_with('#') && !tagged
    }
}

/// Parses the sentences of a file; also gives notes on how they were read.
///
/// # Errors
/// When a line has no token or another number of columns than most lines, or a tag is not valid.
pub fn parse(
    path: &Path,
    text: &str,
    columns: Option<Columns>,
    labels: &mut Labels,
) -> Result<(Vec<AnnotatedText>, Vec<String>), EvalError> {
    let (sentences, width) = sentences(path, text)?;
    let columns = match columns {
        Some(columns) if columns.token.max(columns.tag) >= width => {
            return Err(EvalError::new(path, format!("has {width} columns, and not those that were named")));
        }
        Some(columns) => columns,
        None => guess(&sentences, width),
    };
    let mut notes = Vec::new();
    if width > 2 {
        let Columns { token, tag } = columns;
        notes.push(format!(
            "of {width} columns, {} is read as the token and {} as its tag",
            token + 1,
            tag + 1
        ));
    }
    let tags: Vec<Vec<&str>> =
        sentences.iter().map(|sentence| tags(path, sentence, columns)).collect::<Result<_, _>>()?;
    let (entities, more) = mentions(&tags, labels);
    notes.extend(more);
    let texts = sentences.iter().zip(entities).map(|(sentence, entities)| {
        let tokens: Vec<&str> = sentence.iter().map(|line| line.columns[columns.token]).collect();
        AnnotatedText::of_tokens(format!("line {}", sentence[0].number), &tokens, entities)
    });
    Ok((texts.collect(), notes))
}

/// The lines of each sentence, and the number of their columns.
fn sentences<'a>(path: &Path, text: &'a str) -> Result<(Vec<Vec<TokenLine<'a>>>, usize), EvalError> {
    let lines = || {
        let lines = text
            .lines()
            .enumerate()
            .map(|(number, line)| TokenLine { number: number + 1, columns: split(line) });
        lines.map(|line| match line.columns.first() {
            // A document begins here, so the sentence before it ends.
            Some(token) if token.starts_with("-DOCSTART-") => TokenLine { columns: Vec::new(), ..line },
            _ => line,
        })
    };
    let width = usual_width(lines());
    let mut sentences: Vec<Vec<TokenLine>> = vec![Vec::new()];
    for line in lines() {
        match line.columns.as_slice() {
            [] => sentences.push(Vec::new()),
            _ if line.is_comment(width) => {}
            ["", ..] => return Err(EvalError::line(path, line.number, "has a tag and no token")),
            [only] => {
                let reason = format!("has one column; a token and its tag are needed: {only:?}");
                return Err(EvalError::line(path, line.number, reason));
            }
            columns if columns.len() != width => {
                let reason = format!(
                    "has {} columns, and most lines have {width}; where tokens have blanks in them, tabs must stand between columns",
                    columns.len()
                );
                return Err(EvalError::line(path, line.number, reason));
            }
            _ => sentences.last_mut().expect("there is one").push(line),
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    match sentences.is_empty() {
        true => Err(EvalError::new(path, "has no sentence")),
        false => Ok((sentences, width)),
    }
}

/// The columns of a line; a blank line has none. Several tabs between two columns, which align them, count as one.
fn split(line: &str) -> Vec<&str> {
    if line.trim_ascii().is_empty() || !line.contains('\t') {
        return line.split_ascii_whitespace().collect();
    }
    let columns = line.split('\t').map(str::trim_ascii).enumerate();
    columns.filter(|(number, column)| *number == 0 || !column.is_empty()).map(|(_, column)| column).collect()
}

/// The number of columns that most lines have; the larger number if two are equally common.
fn usual_width<'a>(lines: impl Iterator<Item = TokenLine<'a>>) -> usize {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for line in lines.filter(|line| line.columns.first().is_some_and(|token| !token.starts_with('#'))) {
        *widths.entry(line.columns.len()).or_default() += 1;
    }
    widths.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(2, |(width, _)| width)
}

/// Guesses which columns hold the token and the tag; see the opening of this file.
fn guess(sentences: &[Vec<TokenLine>], width: usize) -> Columns {
    let lines = || sentences.iter().flatten();
    let numbers = |from: usize| {
        let counts = |sentence: &Vec<TokenLine>| {
            sentence.iter().enumerate().all(|(at, line)| line.columns[0].parse() == Ok(at + from))
        };
        sentences.iter().all(counts)
    };
    let numbered =
        width > 2 && sentences.iter().any(|sentence| sentence.len() > 1) && (numbers(0) || numbers(1));
    let token = usize::from(numbered);
    let last = width - 1;
    let holds_tags = |column: usize| lines().any(|line| tag(line.columns[column]).is_some());
    let all_tags = |column: &usize| lines().all(|line| is_tag(line.columns[*column]));
    let tag = match holds_tags(last) {
        true => last,
        false => (token + 1..last).rev().find(all_tags).unwrap_or(last),
    };
    Columns { token, tag }
}

/// The tag in a column: all of it, or the value of `NER=…` in CoNLL-U.
fn tag(column: &str) -> Option<&str> {
    if is_tag(column) {
        return Some(column);
    }
    let features = column.split('|').filter_map(|feature| feature.split_once('='));
    let named = features.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("ner"));
    named.map(|(_, tag)| tag).filter(|tag| is_tag(tag))
}

fn tags<'a>(path: &Path, sentence: &[TokenLine<'a>], columns: Columns) -> Result<Vec<&'a str>, EvalError> {
    let tags = sentence.iter().map(|line| {
        let column = line.columns[columns.tag];
        tag(column).ok_or_else(|| EvalError::line(path, line.number, no_tag(column)))
    });
    tags.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::eval::data::labels::LabelMap;

    fn read(text: &str, columns: Option<&str>) -> Result<(Vec<AnnotatedText>, Vec<String>), String> {
        let map = LabelMap::default();
        let columns = columns.map(|columns| Columns::parse(columns).unwrap());
        parse(Path::new("data"), text, columns, &mut Labels::new(&map)).map_err(|error| error.to_string())
    }

    /// The words of each entity of each sentence.
    fn found(text: &str, columns: Option<&str>) -> Vec<Vec<String>> {
        let (texts, _) = read(text, columns).unwrap();
        let words = |text: &AnnotatedText| {
            let tokens = text.tokens.as_ref().unwrap();
            let of = |span: Span| text.text[tokens[span.start].start..tokens[span.end - 1].end].to_owned();
            text.entities.iter().map(|entity| of(entity.span)).collect()
        };
        texts.iter().map(words).collect()
    }

    #[test]
    fn only_tabs_and_ascii_white_space_separate_columns() {
        let texts = read("New\u{a0}York B-LOC\n10\u{2009}000 O\nParis B-LOC\n", None).unwrap().0;
        assert_eq!(texts[0].text, "New\u{a0}York 10\u{2009}000 Paris");
        assert_eq!(texts[0].tokens.as_ref().unwrap().len(), 3);
        assert_eq!(
            found("New\u{a0}York B-LOC\nand  O\nParis   B-LOC\r\n", None),
            [["New\u{a0}York", "Paris"]]
        );
        assert_eq!(found("Peter Blackburn\tB-PER\nmet\t\tO\nin Paris\tO\n", None), [["Peter Blackburn"]]);
        assert!(
            read("New York B-LOC\nand O\nso O", None)
                .unwrap_err()
                .contains("data:1: has 3 columns, and most")
        );
    }

    #[test]
    fn comments_and_document_starts_are_no_tokens() {
        let text = "# id 7 domain=news\n# text = In Paris O\n-DOCSTART- -X- O\nParis B-LOC\n-DOCSTART-\n# O\n#tag O\nRome B-LOC\n";
        assert_eq!(found(text, None), [vec!["Paris"], vec!["Rome"]]);
        assert_eq!(read(text, None).unwrap().0[1].text, "# #tag Rome");
    }

    #[test]
    fn columns_are_guessed_or_given() {
        let conll = "Paris NNP B-NP B-LOC\nis VBZ B-VP O\n";
        assert_eq!(found(conll, None), [["Paris"]]);
        let germeval = "#\thttp://example.org\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tParis\tI-ORG\tB-LOC\n";
        assert_eq!(found(germeval, None), [["Paris"]]);
        assert_eq!(found(germeval, Some("2,3")), [["Bank of Paris"]]);
        let notes = read(germeval, None).unwrap().1;
        assert_eq!(notes[0], "of 4 columns, 2 is read as the token and 4 as its tag");
        let annotated = "1\tParis\tB-LOC\t-\tanna\n2\tis\tO\t-\tanna\n";
        assert_eq!(found(annotated, None), [["Paris"]]);
        let conllu = "1\tParis\tparis\tPROPN\tNNP\t_\t0\troot\t_\tstart_char=0|ner=S-LOC\n2\tis\tbe\tAUX\tVBZ\t_\t1\tcop\t_\tner=O\n";
        assert_eq!(found(conllu, None), [["Paris"]]);
        assert!(read(conll, Some("1,9")).unwrap_err().contains("has 4 columns"));
        for bad in ["1", "0,1", "2,2", "a,b", "1,2,3"] {
            assert!(Columns::parse(bad).is_err(), "{bad}");
        }
    }
}

//! Entities in two columns: a token and its BIO tag on a line, a blank line between sentences (the format of
//! the CoNLL shared tasks). Where there are more columns, the first and the last count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::read;
use crate::article::Span;
use crate::entities::EntityType;
use crate::eval::EvalError;
use crate::eval::metrics::spans::{Typed, from_bio};

/// Tokens of one sentence with the entities among them, as spans of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Line of its first token, from 1.
    pub line: usize,
    pub tokens: Vec<String>,
    pub entities: Vec<Typed>,
}

impl Sentence {
    /// The tokens joined by blanks, and the byte span of each.
    pub fn text(&self) -> (String, Vec<Span>) {
        let mut text = String::new();
        let mut spans = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            spans.push(Span::new(text.len(), text.len() + token.len()));
            text.push_str(token);
        }
        (text, spans)
    }
}

/// What the labels of a file mean: `organisation=ORG,event=MISC,money=O`. The names of our types need no entry.
#[derive(Debug, Clone, Default)]
pub struct LabelMap(BTreeMap<String, Option<EntityType>>);

impl LabelMap {
    /// # Errors
    /// When an entry is not `name=TYPE`, with PER, ORG, LOC, MISC or O.
    pub fn parse(argument: &str) -> Result<Self, String> {
        let entries = argument.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let parsed = entries.map(|entry| {
            let (name, kind) = entry.split_once('=').ok_or_else(|| format!("'{entry}' is not NAME=TYPE"))?;
            let kind = match kind.trim() {
                "O" => None,
                kind => Some(kind.parse().map_err(|_| format!("'{kind}' is not PER, ORG, LOC, MISC or O"))?),
            };
            Ok((name.trim().to_lowercase(), kind))
        });
        parsed.collect::<Result<_, String>>().map(Self)
    }

    fn kind(&self, label: &str) -> Option<Option<EntityType>> {
        let ours = || label.to_uppercase().parse().ok().map(Some);
        self.0.get(&label.to_lowercase()).copied().or_else(ours)
    }
}

/// Sentences of a file, and how many `I-` tags in it follow nothing of their type. Those begin an entity, as the
/// scorer of the shared tasks has it.
pub fn read_conll(path: &Path, map: &LabelMap) -> Result<(Vec<Sentence>, usize), EvalError> {
    let text = read(path)?;
    let mut sentences = Vec::new();
    let mut unknown = BTreeSet::new();
    let mut stray = 0;
    let mut open = Open::default();
    for (number, line) in text.lines().enumerate() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        match columns.as_slice() {
            [] => sentences.extend(std::mem::take(&mut open).close()),
            ["-DOCSTART-", ..] => {}
            [token, .., tag] => {
                let tag = open.tag(tag, map, &mut unknown, &mut stray);
                let tag = tag.map_err(|reason| EvalError::line(path, number + 1, reason))?;
                open.line.get_or_insert(number + 1);
                open.tokens.push(token.to_string());
                open.tags.push(tag);
            }
            [_] => {
                let reason = format!("has one column; a token and its tag are needed: {line:?}");
                return Err(EvalError::line(path, number + 1, reason));
            }
        }
    }
    sentences.extend(open.close());
    if !unknown.is_empty() {
        let names: Vec<String> = unknown.iter().map(|name| format!("{name}=…")).collect();
        let reason = format!(
            "has labels that are not PER, ORG, LOC or MISC; say what they are (O for none): --map {}",
            names.join(",")
        );
        return Err(EvalError::new(path, reason));
    }
    match sentences.is_empty() {
        true => Err(EvalError::new(path, "has no sentence")),
        false => Ok((sentences, stray)),
    }
}

/// A sentence whose end was not yet seen.
#[derive(Default)]
struct Open {
    line: Option<usize>,
    tokens: Vec<String>,
    tags: Vec<Option<(bool, EntityType)>>,
}

impl Open {
    /// `(begins, type)`, or `None` for a token outside of entities.
    fn tag(
        &self,
        tag: &str,
        map: &LabelMap,
        unknown: &mut BTreeSet<String>,
        stray: &mut usize,
    ) -> Result<Option<(bool, EntityType)>, String> {
        if tag == "O" {
            return Ok(None);
        }
        let parts =
            tag.split_once('-').filter(|(begin, label)| ["B", "I"].contains(begin) && !label.is_empty());
        let Some((begin, label)) = parts else {
            return Err(format!("'{tag}' is no BIO tag (O, B-… or I-…)"));
        };
        let Some(kind) = map.kind(label) else {
            unknown.insert(label.to_owned());
            return Ok(None);
        };
        let follows = matches!(self.tags.last(), Some(Some((_, before))) if Some(*before) == kind);
        if begin == "I" && kind.is_some() && !follows {
            *stray += 1;
        }
        Ok(kind.map(|kind| (begin == "B", kind)))
    }

    fn close(self) -> Option<Sentence> {
        let line = self.line?;
        Some(Sentence { line, tokens: self.tokens, entities: from_bio(&self.tags) })
    }
}

/// Predictions for `gold`, which must be about the same tokens.
pub fn read_predictions(
    path: &Path,
    map: &LabelMap,
    gold: &[Sentence],
) -> Result<Vec<Vec<Typed>>, EvalError> {
    let (sentences, _) = read_conll(path, map)?;
    for (given, wanted) in sentences.iter().zip(gold) {
        if given.tokens != wanted.tokens {
            let reason = format!("the sentence differs from that at line {} of the data", wanted.line);
            return Err(EvalError::line(path, given.line, reason));
        }
    }
    match sentences.len() == gold.len() {
        true => Ok(sentences.into_iter().map(|sentence| sentence.entities).collect()),
        false => {
            let reason = format!("has {} sentences, and the data has {}", sentences.len(), gold.len());
            Err(EvalError::new(path, reason))
        }
    }
}

/// Spans of bytes as spans of the tokens that they touch.
pub fn to_tokens(spans: &[Typed], tokens: &[Span]) -> Vec<Typed> {
    let each = spans.iter().filter_map(|typed| {
        let start = tokens.iter().position(|token| token.overlaps(typed.span))?;
        let end = tokens.iter().rposition(|token| token.overlaps(typed.span))? + 1;
        Some(Typed { span: Span::new(start, end), kind: typed.kind })
    });
    each.collect()
}

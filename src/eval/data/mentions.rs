//! Stance towards marked mentions, in JSON Lines as NewsMTSC has it (Hamborg and Donnay 2021): `sentence`,
//! `mention`, `from`, `to` (code points), `polarity` −1, 0 or 1.

use std::path::Path;

use serde::Deserialize;

use super::records;
use crate::article::Span;
use crate::eval::EvalError;
use crate::eval::text::{byte_offset, slice};
use crate::stance::Label;

/// A sentence and a place in it that somebody judged.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedMention {
    /// Line in the file, from 1.
    pub line: usize,
    pub sentence: String,
    /// Bytes of the sentence.
    pub span: Span,
    pub label: Label,
}

#[derive(Deserialize)]
struct Record {
    sentence: String,
    mention: String,
    from: usize,
    to: usize,
    polarity: f64,
}

/// Reads the mentions of a file.
pub fn read_mentions(path: &Path) -> Result<Vec<JudgedMention>, EvalError> {
    let records = records::<Record>(path)?.into_iter().map(|(line, record)| {
        let bad = |reason: String| EvalError::line(path, line, reason);
        let Record { sentence, mention, from, to, polarity } = record;
        match slice(&sentence, from, to) {
            Some(found) if found == mention && from < to => {}
            Some(found) => return Err(bad(format!("{from}..{to} is {found:?}, and not {mention:?}"))),
            None => return Err(bad(format!("{from}..{to} is no place in the sentence"))),
        }
        let label = match polarity {
            1.0 => Label::Favor,
            0.0 => Label::Neutral,
            -1.0 => Label::Against,
            other => return Err(bad(format!("polarity {other} is not -1, 0 or 1"))),
        };
        let bytes = |at| byte_offset(&sentence, at).unwrap_or(sentence.len());
        Ok(JudgedMention { line, span: Span::new(bytes(from), bytes(to)), label, sentence })
    });
    records.collect()
}

/// Labels for the mentions of `gold`, which must be the same ones in the same order.
pub fn read_predictions(path: &Path, gold: &[JudgedMention]) -> Result<Vec<Label>, EvalError> {
    let given = read_mentions(path)?;
    if given.len() != gold.len() {
        return Err(EvalError::new(
            path,
            format!("has {} mentions, and the data has {}", given.len(), gold.len()),
        ));
    }
    for (given, wanted) in given.iter().zip(gold) {
        if (&given.sentence, given.span) != (&wanted.sentence, wanted.span) {
            let reason = format!("the mention is not that of line {} of the data", wanted.line);
            return Err(EvalError::line(path, given.line, reason));
        }
    }
    Ok(given.into_iter().map(|mention| mention.label).collect())
}

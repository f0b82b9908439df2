//! Stance towards marked mentions: a sentence, a place in it, and what somebody said of it.
//!
//! Rows have `sentence`, `mention`, `from`, `to` (code points) and `polarity`, as NewsMTSC (Hamborg and Donnay 2021) is
//! given away; or `sentence_normalized` and a list of `targets`, as its repository has it. A row may name the *holder*:
//! who it is that stands so towards the mention (`source`, `source_from`, `source_to`).

use super::Place;
use super::polarity::{polarity, probabilities};
use super::rows::{Fields, Row, kind, number};
use crate::article::Span;
use crate::eval::text::Places;
use crate::stance::Label;

/// A sentence and a place in it that somebody judged.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedMention {
    pub place: Place,
    /// What reports call it, such as "line 3".
    pub name: String,
    pub sentence: String,
    /// Bytes of the sentence.
    pub span: Span,
    /// Whose stance it is: bytes of the sentence; `None` where the data does not say.
    pub holder: Option<Span>,
    pub label: Label,
    /// In the order of [`Label::ALL`]; `None` where the data gives none.
    pub probabilities: Option<[f64; 4]>,
}

/// The mentions of one row.
pub fn mentions(row: &Row) -> Result<Vec<JudgedMention>, String> {
    let fields = row.fields()?;
    let Some(targets) = fields.get("targets") else {
        return Ok(vec![mention(row.place, fields)?]);
    };
    let (_, sentence) = fields.first(&["sentence_normalized", "sentence"])?;
    let sentence = sentence.as_str().ok_or("the sentence is no string")?;
    let targets = targets.as_array().ok_or_else(|| format!("`targets` is {}, and no list", kind(targets)))?;
    let each = targets.iter().enumerate().map(|(number, target)| {
        let name = format!("{}, target {}", row.place, number + 1);
        let judged = || {
            let target = Fields(target.as_object().ok_or("is no object")?);
            let label = match target.number("polarity")? {
                2.0 => Label::Against,
                4.0 => Label::Neutral,
                6.0 => Label::Favor,
                other => {
                    return Err(format!("polarity {other} is not 2, 4 or 6 (negative, neutral, positive)"));
                }
            };
            let span = words_at(sentence, target, ["mention", "from", "to"])?;
            let sentence = sentence.to_owned();
            Ok(JudgedMention {
                place: row.place,
                name: name.clone(),
                sentence,
                span,
                holder: None,
                label,
                probabilities: None,
            })
        };
        judged().map_err(|reason: String| format!("target {}: {reason}", number + 1))
    });
    each.collect()
}

fn mention(place: Place, fields: Fields) -> Result<JudgedMention, String> {
    let sentence = fields.text(&["sentence"])?;
    let span = words_at(sentence, fields, ["mention", "from", "to"])?;
    let has_holder = fields.get("source_from").is_some_and(|at| number(at).is_some());
    let holder =
        has_holder.then(|| words_at(sentence, fields, ["source", "source_from", "source_to"])).transpose()?;
    Ok(JudgedMention {
        place,
        name: place.to_string(),
        sentence: sentence.to_owned(),
        span,
        holder,
        label: polarity(fields)?,
        probabilities: probabilities(fields)?,
    })
}

/// Bytes of a place in the sentence, given by its words, start and end.
fn words_at(sentence: &str, fields: Fields, [words, from, to]: [&str; 3]) -> Result<Span, String> {
    let words = fields.text(&[words])?;
    let (from, to) = (fields.offset(from)?, fields.offset(to)?);
    match Places::code_points(sentence).span(from, to) {
        Some(span) if span.of(sentence) == words => Ok(span),
        Some(span) => Err(format!("{from}..{to} is {:?}, and not {words:?}", span.of(sentence))),
        None => Err(format!("{from}..{to} is no place in the sentence")),
    }
}

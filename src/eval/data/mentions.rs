//! Reads rows with the stance of a sentence towards a marked mention in it.
//!
//! Rows have `sentence`, `mention`, `from`, `to` (code points) and `polarity`, as in the distributed NewsMTSC (Hamborg and
//! Donnay 2021); or `sentence_normalized` and a list of `targets`, as in its repository. A row may name the *holder*, who
//! has this stance towards the mention (`source`, `source_from`, `source_to`).

use super::FilePosition;
use super::polarity::{polarity, probabilities};
use super::rows::{Row, RowFields, kind, number};
use crate::article::Span;
use crate::eval::text::OffsetTable;
use crate::stance::Label;

/// A mention in a sentence with the stance towards it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedMention {
    /// Where the row is in the file.
    pub place: FilePosition,
    /// Its name in reports, such as "line 3".
    pub name: String,
    /// The sentence.
    pub sentence: String,
    /// The mention, in bytes of the sentence.
    pub span: Span,
    /// The mention of the holder, in bytes of the sentence; `None` if the data has none.
    pub holder: Option<Span>,
    /// The stance.
    pub label: Label,
    /// The probabilities in the order of [`Label::ALL`]; `None` if the data has none.
    pub probabilities: Option<[f64; 4]>,
}

/// Reads the mentions of one row.
///
/// # Errors
/// What is wrong with the row.
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
            let target = RowFields(target.as_object().ok_or("is no object")?);
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

fn mention(place: FilePosition, fields: RowFields) -> Result<JudgedMention, String> {
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

/// The bytes of a span of the sentence that the fields give by its words, start and end.
fn words_at(sentence: &str, fields: RowFields, [words, from, to]: [&str; 3]) -> Result<Span, String> {
    let words = fields.text(&[words])?;
    let (from, to) = (fields.offset(from)?, fields.offset(to)?);
    match OffsetTable::code_points(sentence).span(from, to) {
        Some(span) if span.of(sentence) == words => Ok(span),
        Some(span) => Err(format!("{from}..{to} is {:?}, and not {words:?}", span.of(sentence))),
        None => Err(format!("{from}..{to} is no place in the sentence")),
    }
}

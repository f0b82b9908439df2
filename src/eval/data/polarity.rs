//! Reads the label of stance of a row, and the probabilities that a system gives for it.

use serde_json::Value;

use super::rows::{RowFields, number};
use crate::stance::Label;

/// The label in the field `polarity`: −1, 0 or 1, or a word such as "against" or "negative".
///
/// # Errors
/// When the field is missing or has another value.
pub fn polarity(fields: RowFields) -> Result<Label, String> {
    let (_, value) = fields.first(&["polarity"])?;
    let word = value.as_str().unwrap_or_default().trim().to_lowercase();
    match (word.as_str(), number(value)) {
        ("favor" | "positive", _) | (_, Some(1.0)) => Ok(Label::Favor),
        ("neutral", _) | (_, Some(0.0)) => Ok(Label::Neutral),
        ("against" | "negative", _) | (_, Some(-1.0)) => Ok(Label::Against),
        (_, Some(other)) => Err(format!("polarity {other} is not -1, 0 or 1")),
        _ => Err(format!("polarity {value} is not -1, 0 or 1")),
    }
}

/// The probabilities in the field `scores`, an object with `favor`, `neutral` and `against`; in the order of
/// [`Label::ALL`].
///
/// # Errors
/// When they are not probabilities that add up to 1.
pub fn probabilities(fields: RowFields) -> Result<Option<[f64; 4]>, String> {
    let scores = match fields.get("scores") {
        None | Some(Value::Null) => return Ok(None),
        Some(scores) => RowFields(scores.as_object().ok_or("`scores` is no object")?),
    };
    let [favor, neutral, against] = ["favor", "neutral", "against"].map(|label| scores.number(label));
    let all = [favor?, neutral?, against?, 0.0];
    match all.iter().all(|p| (0.0..=1.0).contains(p)) && (all.iter().sum::<f64>() - 1.0).abs() < 0.01 {
        true => Ok(Some(all)),
        false => Err("`scores` are no probabilities that add up to 1".into()),
    }
}

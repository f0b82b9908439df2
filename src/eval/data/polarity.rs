//! The label of a judged row, and the probabilities that a system gives for it.

use serde_json::Value;

use super::rows::{Fields, number};
use crate::stance::Label;

/// The label of a row's `polarity`: −1, 0 or 1, or the word for it.
pub fn polarity(fields: Fields) -> Result<Label, String> {
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

/// What a row says that each label's probability is: `scores` with `favor`, `neutral` and `against`.
pub fn probabilities(fields: Fields) -> Result<Option<[f64; 4]>, String> {
    let scores = match fields.get("scores") {
        None | Some(Value::Null) => return Ok(None),
        Some(scores) => Fields(scores.as_object().ok_or("`scores` is no object")?),
    };
    let [favor, neutral, against] = ["favor", "neutral", "against"].map(|label| scores.number(label));
    let all = [favor?, neutral?, against?, 0.0];
    match all.iter().all(|p| (0.0..=1.0).contains(p)) && (all.iter().sum::<f64>() - 1.0).abs() < 0.01 {
        true => Ok(Some(all)),
        false => Err("`scores` are no probabilities that add up to 1".into()),
    }
}

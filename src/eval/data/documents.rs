//! Stance of whole articles towards a target: `text`, `target`, `polarity`, and, where the target has other names,
//! `aliases`.

use serde_json::Value;

use super::Place;
use super::polarity::{polarity, probabilities};
use super::rows::{Fields, Row};
use crate::Article;
use crate::eval::metrics::rouge::tokens;
use crate::stance::{Label, Target};

/// An article and a target that somebody judged it by.
#[derive(Debug, Clone)]
pub struct JudgedDocument {
    pub place: Place,
    pub article: Article,
    /// The name that the data gives the target is one of the words for it.
    pub target: Target,
    pub label: Label,
    /// In the order of [`Label::ALL`]; `None` where the data gives none.
    pub probabilities: Option<[f64; 4]>,
}

/// The article of one row.
pub fn document(row: &Row) -> Result<JudgedDocument, String> {
    let fields = row.fields()?;
    let text = fields.text(&["text"])?;
    if tokens(text, false).is_empty() {
        return Err("`text` has no words".into());
    }
    let name = fields.text(&["target"])?;
    let words: Vec<&str> = std::iter::once(name).chain(aliases(fields)?).collect();
    let target = Target::new(name, &words)
        .map_err(|_| format!("the target {name:?} and each of its aliases need a letter or a digit"))?;
    Ok(JudgedDocument {
        place: row.place,
        article: Article::new(row.id(), text),
        target,
        label: polarity(fields)?,
        probabilities: probabilities(fields)?,
    })
}

fn aliases(fields: Fields<'_>) -> Result<Vec<&str>, String> {
    match fields.get("aliases") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(aliases)) => {
            let aliases: Option<Vec<&str>> = aliases.iter().map(Value::as_str).collect();
            aliases.ok_or_else(|| "`aliases` has something that is no string".into())
        }
        Some(_) => Err("`aliases` is no list of strings".into()),
    }
}

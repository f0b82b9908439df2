//! Reads rows with the stance of a whole article towards a target: `text`, `target`, `polarity`, and `aliases` if the
//! target has other names.

use serde_json::Value;

use super::FilePosition;
use super::polarity::{polarity, probabilities};
use super::rows::{Row, RowFields};
use crate::Article;
use crate::eval::metrics::rouge::tokens;
use crate::stance::{Label, Target};

/// An article with its stance towards a target.
#[derive(Debug, Clone)]
pub struct JudgedDocument {
    /// Where the row is in the file.
    pub place: FilePosition,
    /// The article.
    pub article: Article,
    /// The target. The name that the data gives it is also one of the words for it.
    pub target: Target,
    /// The stance.
    pub label: Label,
    /// The probabilities in the order of [`Label::ALL`]; `None` if the data has none.
    pub probabilities: Option<[f64; 4]>,
}

/// Reads the article of one row.
///
/// # Errors
/// What is wrong with the row.
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

fn aliases(fields: RowFields<'_>) -> Result<Vec<&str>, String> {
    match fields.get("aliases") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(aliases)) => {
            let aliases: Option<Vec<&str>> = aliases.iter().map(Value::as_str).collect();
            aliases.ok_or_else(|| "`aliases` has something that is no string".into())
        }
        Some(_) => Err("`aliases` is no list of strings".into()),
    }
}

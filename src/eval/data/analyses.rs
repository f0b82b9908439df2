//! Reads stored results on the articles of the gold, in the form that `wirelens analyze` writes as JSON or JSON Lines.

use std::collections::HashMap;
use std::path::Path;

use super::{read, records};
use crate::Article;
use crate::analysis::Analysis;
use crate::eval::EvalError;
use crate::eval::text::slice;

/// The analyses of the articles, in the order of `articles`.
///
/// # Errors
/// When an analysis is missing, comes twice, is of another article, or has offsets that do not give the words it quotes.
pub fn read_analyses(path: &Path, articles: &[&Article]) -> Result<Vec<Analysis>, EvalError> {
    let text = read(path, None)?;
    let analyses: Vec<Analysis> = if text.trim_start().starts_with('[') {
        serde_json::from_str(&text).map_err(|error| EvalError::new(path, error))?
    } else {
        records(path)?.into_iter().map(|(_, analysis)| analysis).collect()
    };
    let mut by_id = HashMap::new();
    for analysis in analyses {
        let id = analysis.id.clone();
        let Some(article) = articles.iter().find(|article| article.id == id) else {
            return Err(EvalError::new(path, format!("'{id}' is not in the gold")));
        };
        check_quotes(article, &analysis)
            .map_err(|reason| EvalError::new(path, format!("'{id}': {reason}")))?;
        if by_id.insert(id.clone(), analysis).is_some() {
            return Err(EvalError::new(path, format!("'{id}' comes twice")));
        }
    }
    let each = articles.iter().map(|article| {
        let id = &article.id;
        by_id.remove(id).ok_or_else(|| EvalError::new(path, format!("'{id}' of the gold is missing")))
    });
    each.collect()
}

/// Checks that offsets give the quoted words, since wrong offsets would be scored against other words.
fn check_quotes(article: &Article, analysis: &Analysis) -> Result<(), String> {
    let mentions = analysis.entities.iter().flatten().flat_map(|entity| &entity.mentions);
    let evidence = analysis.stance.iter().flatten().flat_map(|stance| &stance.evidence);
    let quotes = mentions
        .map(|mention| (mention.start, mention.end, &mention.text))
        .chain(evidence.map(|evidence| (evidence.start, evidence.end, &evidence.text)));
    for (start, end, quote) in quotes {
        match slice(&article.text, start, end) {
            Some(found) if found == quote && start < end => {}
            Some(found) => return Err(format!("{start}..{end} is {found:?}, and not {quote:?}")),
            None => return Err(format!("{start}..{end} is no place in the article")),
        }
    }
    Ok(())
}

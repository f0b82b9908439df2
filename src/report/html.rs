//! Analyses as one HTML page with the text of each article, in which entities, quotes and the sentences of the summary are
//! marked. The page is written at the end of the run.

use std::io::{self, Write};

use serde_json::json;

use super::Report;
use super::page::{MarkedArticle, write_page};
use crate::{Analysis, Article};

/// Keeps the analyses until the end.
#[derive(Default)]
pub struct HtmlReport {
    analyses: Vec<Analysis>,
}

impl Report for HtmlReport {
    fn article(&mut self, _: &mut dyn Write, article: &Article, analysis: &Analysis) -> io::Result<()> {
        self.analyses.push(Analysis { text: Some(article.text.clone()), ..analysis.clone() });
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let each = self.analyses.iter().enumerate();
        let articles: Vec<_> = each
            .map(|(number, analysis)| MarkedArticle::new(number, analysis).content(|_| Vec::new()))
            .collect();
        write_page(out, "analyses.html", json!({"articles": articles}))
    }
}

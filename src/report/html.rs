//! Analyses as one page, with every article laid open. It is written at the end.

use std::io::{self, Write};

use serde_json::json;

use super::Report;
use super::page::{OpenArticle, write_page};
use crate::{Analysis, Article};

#[derive(Default)]
pub struct Html {
    analyses: Vec<Analysis>,
}

impl Report for Html {
    fn article(&mut self, _: &mut dyn Write, article: &Article, analysis: &Analysis) -> io::Result<()> {
        self.analyses.push(Analysis { text: Some(article.text.clone()), ..analysis.clone() });
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let each = self.analyses.iter().enumerate();
        let articles: Vec<_> = each
            .map(|(number, analysis)| OpenArticle::new(number, analysis).content(|_| Vec::new()))
            .collect();
        write_page(out, "analyses.html", json!({"articles": articles}))
    }
}

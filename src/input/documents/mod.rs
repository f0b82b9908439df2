//! Reads articles from documents: web archives, e-mail, PDF, word processors, formats of news agencies, and exports of news
//! databases.
//!
//! A *document* is an article with the fields, markup and layout of its format. Each module reads one format: it gives the
//! text alone, and the title, source, web address and date where the format has them. A file may hold many documents; one
//! that is damaged does not cost the others.

pub mod agency;
pub mod dates;
pub mod docx;
pub mod factiva;
pub mod lexis;
mod lines;
pub mod mail;
pub mod pdf;
mod reply;
pub mod rtf;
pub mod sgml;
pub mod story;
mod tree;
pub mod warc;

use crate::article::Article;

/// For each document of a file its article, or why there is none.
pub type Documents = Vec<Result<Article, String>>;

/// Adds warnings about a file to each of its articles.
fn with_warnings(warnings: Vec<String>, mut documents: Documents) -> Documents {
    for article in documents.iter_mut().flatten() {
        article.warnings.extend(warnings.iter().cloned());
    }
    documents
}

//! Documents as people have them → articles: archives of web pages, mail, PDF, word processors, the formats of news
//! agencies, and the exports of news databases.
//!
//! A *document* here is one article with what surrounds it: fields, markup, a layout. Each file of this folder reads one
//! format, gives the text without all that, and keeps what it says of title, source, address and date. Files may hold
//! many documents; one that is damaged costs no other.

pub mod agency;
pub mod dates;
pub mod docx;
pub mod factiva;
pub mod lexis;
mod lines;
pub mod mail;
pub mod pdf;
pub mod rtf;
pub mod sgml;
pub mod story;
mod tree;
pub mod warc;

use crate::article::Article;

/// What a file of many documents gives: for each an article, or why there is none.
pub type Documents = Vec<Result<Article, String>>;

/// Warnings about a file stand with each of its articles.
fn with(warnings: Vec<String>, mut documents: Documents) -> Documents {
    for article in documents.iter_mut().flatten() {
        article.warnings.extend(warnings.iter().cloned());
    }
    documents
}

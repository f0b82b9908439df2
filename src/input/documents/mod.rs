//! Reads articles from documents: web archives, e-mail, PDF, word processors, formats of news agencies, exports of news
//! databases, and subtitles.
//!
//! A *document* is an article with the fields, markup and layout of its format. Each module reads one format: it gives the
//! text alone, and the title, source, web address and date where the format has them. A file may hold many documents; one
//! that is damaged does not cost the others.

pub mod agency;
mod archive;
pub mod dates;
pub mod docx;
pub mod factiva;
pub mod lexis;
mod lines;
pub mod mail;
pub mod mailbox;
pub mod odt;
pub mod pages;
pub mod pdf;
pub mod proquest;
mod reply;
pub mod rtf;
pub mod sgml;
pub mod story;
pub mod subtitles;
mod tree;
pub mod warc;

use crate::article::Article;

/// For each document of a file its article, or why there is none.
pub type Documents = Vec<Result<Article, String>>;

/// The documents of a download of a news database, from the paragraphs of the file of a word processor or of a PDF, one a
/// line; any other file is one article.
fn split(article: Article, lines: &str, stem: &str) -> Documents {
    let found = factiva::split(lines, stem).or_else(|| proquest::split(lines, stem));
    found.unwrap_or_else(|| lexis::split(article, stem))
}

/// Adds warnings about a file to each of its articles.
fn with_warnings(warnings: Vec<String>, mut documents: Documents) -> Documents {
    for article in documents.iter_mut().flatten() {
        article.warnings.extend(warnings.iter().cloned());
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_of_news_databases_are_split() {
        let lexis = |number: usize, title: &str, text: &str| {
            format!(
                "{number} of 2 DOCUMENTS\nPost\nJanuary 1{number}, 2010 Monday\n{title}\nBYLINE: Jane Roe\nLENGTH: 5 words\n{text}\nLOAD-DATE: January 11, 2010\nCopyright 2010 Post Limited\nAll Rights Reserved\n"
            )
        };
        let factiva = |number: usize, title: &str, text: &str| {
            format!(
                "{title}\n5 words\n1{number} January 2010\nPost\nEnglish\n(c) 2010 Post\n{text}\nDocument EXAM00002010011{number}ed1d0003x\n"
            )
        };
        let proquest = |number: usize, title: &str, text: &str| {
            format!(
                "Document {number} of 2\n{title}\nPublication info: Post\nFull text: {text}\nTitle: {title}\nPublication title: Post\nPublication date: Jan 1{number}, 2010\n"
            )
        };
        for export in [lexis as fn(usize, &str, &str) -> String, factiva, proquest] {
            let first = export(1, "Strike ends", "Dockers left.\nIt rained.");
            let text = first + export(2, "Bank waits", "It waited.").as_str();
            let article = Article::new("x", text.replace('\n', "\n\n"));
            let told = split(article, &text, "x").into_iter().map(|article| {
                let Article { title, source, published, text, .. } = article.unwrap();
                [title.unwrap(), source.unwrap(), published.unwrap(), text].join("|")
            });
            let wanted = [
                "Strike ends|Post|2010-01-11|Dockers left.\n\nIt rained.",
                "Bank waits|Post|2010-01-12|It waited.",
            ];
            assert_eq!(told.collect::<Vec<_>>(), wanted);
        }
        let other = Article::new("x", "1 of 2 DOCUMENTS\n\nAn essay.");
        assert_eq!(split(other.clone(), &other.text, "x"), [Ok(other)]);
    }
}

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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The page of an article of one letter, with these findings.
    fn page(findings: &[(&str, Value)]) -> String {
        let mut analysis = json!({
            "schema_version": 1, "id": "a", "title": null, "source": null, "url": null, "published": null,
            "language": null, "characters": 1, "tokens": 1, "warnings": []
        });
        for (name, finding) in findings {
            analysis[*name] = finding.clone();
        }
        let analysis: Analysis = serde_json::from_value(analysis).unwrap();
        let (mut report, mut out) = (HtmlReport::default(), Vec::<u8>::new());
        report.article(&mut out, &Article::new("a", "X"), &analysis).unwrap();
        report.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_tells_what_was_looked_for_and_not_found_and_nothing_of_the_rest() {
        let said = [
            ("summary", "<p>No sentences.</p>"),
            ("entities", "<p>Nobody and nothing is named.</p>"),
            ("stance", "<p>No target was given, and none was found.</p>"),
            ("quotes", "<p>Nobody is quoted.</p>"),
        ];
        let nothing = json!({ "method": "extractive", "model": "compact", "text": "", "sentences": [] });
        for (name, words) in said {
            let empty = if name == "summary" { nothing.clone() } else { json!([]) };
            let page = page(&[(name, empty)]);
            for (other, of_other) in said {
                assert_eq!(page.contains(of_other), other == name, "{name}, {other}: {page}");
            }
            assert!(page.contains(words) && page.contains("1 character</p>"), "{page}");
        }
    }

    #[test]
    fn a_page_explains_only_the_marks_that_it_has() {
        let place = json!({ "start": 0, "end": 1, "text": "X", "score": 0.9 });
        let findings = [
            (
                "summary",
                json!({ "method": "extractive", "model": "compact", "text": "X", "sentences": [place] }),
            ),
            ("entities", json!([{ "name": "X", "type": "PER", "mentions": [place] }])),
            (
                "quotes",
                json!([{ "speaker": null, "mention": null, "cue": null, "content": [place], "direct": true, "score": 0.5 }]),
            ),
        ];
        let marks = [
            ("summary", "A bar before a sentence"),
            ("entities", "A click on a name"),
            ("entities", "<input type=\"checkbox\""),
            ("quotes", "Dotted line"),
        ];
        for finding in findings {
            let page = page(std::slice::from_ref(&finding));
            for (of, words) in marks {
                assert_eq!(page.contains(words), finding.0 == of, "{}, {words}: {page}", finding.0);
            }
        }
    }
}

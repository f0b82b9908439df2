//! How much of a summary is copied from its article (coverage and density of Newsroom, Grusky et al. 2018), and how much
//! its sentences repeat each other (redundancy, Bommasani and Cardie 2020).
//!
//! Words are those of the ROUGE tokenizer, unstemmed.

use super::rouge::{rouge, tokens};
use super::share;

/// How much of a summary is copied, and how much shorter it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fragments {
    /// Share of the summary's words that are in a fragment copied from the article, between 0 and 1.
    pub coverage: f64,
    /// Mean length, in words, of the copied fragment that a word of the summary is in.
    pub density: f64,
    /// Words of the article for each word of the summary; 0 for an empty summary.
    pub compression: f64,
}

/// Measures the fragments that a greedy search finds (figure 3 of Grusky et al. 2018).
pub fn fragments(article: &str, summary: &str) -> Fragments {
    let (article, summary) = (tokens(article, false), tokens(summary, false));
    let (mut copied, mut squares) = (0, 0);
    let mut i = 0;
    while i < summary.len() {
        let longest = (0..article.len())
            .map(|j| summary[i..].iter().zip(&article[j..]).take_while(|(a, b)| a == b).count())
            .max()
            .unwrap_or(0);
        copied += longest;
        squares += longest * longest;
        i += longest.max(1);
    }
    let words = summary.len() as f64;
    Fragments {
        coverage: share(copied as f64, words),
        density: share(squares as f64, words),
        compression: share(article.len() as f64, words),
    }
}

/// Mean ROUGE-L F1 of all pairs of sentences; 0 for fewer than two.
pub fn redundancy(sentences: &[String]) -> f64 {
    let pairs =
        sentences.iter().enumerate().flat_map(|(i, a)| sentences[i + 1..].iter().map(move |b| (a, b)));
    let scores: Vec<f64> = pairs.map(|(a, b)| rouge(a, b, false).rouge_l.f1).collect();
    share(scores.iter().sum(), scores.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_counted_as_in_the_paper() {
        let article = "The troops will leave Mali this year, said Macron in Paris.";
        let found = fragments(article, "Macron said troops will leave Mali.");
        // "macron", "said", and "troops will leave mali": 1 + 1 + 16 over 6 words.
        assert_eq!(found, Fragments { coverage: 1.0, density: 3.0, compression: 11.0 / 6.0 });
        assert_eq!(fragments(article, "Nothing else"), Fragments { compression: 5.5, ..Default::default() });
        assert_eq!(fragments(article, ""), Fragments::default());
        assert_eq!(fragments("", "words"), Fragments::default());
    }

    #[test]
    fn redundancy_is_the_likeness_of_sentences() {
        let sentences = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect::<Vec<_>>();
        assert_eq!(redundancy(&sentences(&["a b c", "a b c"])), 1.0);
        assert_eq!(redundancy(&sentences(&["a b c", "d e f", "g"])), 0.0);
        assert_eq!(redundancy(&sentences(&["alone"])), 0.0);
        assert_eq!(redundancy(&[]), 0.0);
    }
}

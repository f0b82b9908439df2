//! ROUGE-N, ROUGE-L and ROUGE-Lsum (Lin 2004), equal to Google's `rouge-score` 0.1.2, stemming included.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{f1, share};
use crate::article::stem;

/// Precision, recall and F1, each between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RougeScore {
    /// Share of the candidate that the reference has.
    pub precision: f64,
    /// Share of the reference that the candidate has.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

impl RougeScore {
    fn of(hits: usize, candidate: usize, reference: usize) -> Self {
        let precision = share(hits as f64, candidate as f64);
        let recall = share(hits as f64, reference as f64);
        Self { precision, recall, f1: f1(precision, recall) }
    }
}

/// The four scores of one candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rouge {
    /// Of single words.
    pub rouge1: RougeScore,
    /// Of pairs of words.
    pub rouge2: RougeScore,
    /// Of the longest common subsequence of the whole texts.
    #[serde(rename = "rougeL")]
    pub rouge_l: RougeScore,
    /// Of the longest common subsequences of their sentences.
    #[serde(rename = "rougeLsum")]
    pub rouge_lsum: RougeScore,
}

/// The words of a text: runs of ASCII letters and digits in lower case. With `stemmed`, words of more than three
/// characters are stemmed.
pub fn tokens(text: &str, stemmed: bool) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| if stemmed && word.len() > 3 { stem(word) } else { word.to_owned() })
        .collect()
}

/// Scores a candidate against one reference. For ROUGE-Lsum, a line is a sentence.
pub fn rouge(reference: &str, candidate: &str, stemmed: bool) -> Rouge {
    let lines =
        |text: &str| -> Vec<Vec<String>> { text.split('\n').map(|line| tokens(line, stemmed)).collect() };
    let (reference_lines, candidate_lines) = (lines(reference), lines(candidate));
    let (reference, candidate) = (reference_lines.concat(), candidate_lines.concat());
    let longest = lcs_table(&reference, &candidate)[reference.len()][candidate.len()];
    Rouge {
        rouge1: ngrams(&reference, &candidate, 1),
        rouge2: ngrams(&reference, &candidate, 2),
        rouge_l: RougeScore::of(longest, candidate.len(), reference.len()),
        rouge_lsum: summary_level(&reference_lines, &candidate_lines),
    }
}

/// Scores a candidate against several references: each score is that of the reference with the best F1, and of the first
/// one among equals. All scores are 0 without references.
pub fn rouge_multi(references: &[String], candidate: &str, stemmed: bool) -> Rouge {
    let each: Vec<Rouge> = references.iter().map(|one| rouge(one, candidate, stemmed)).collect();
    let best = |of: fn(&Rouge) -> RougeScore| {
        each.iter().map(of).fold(None, |best: Option<RougeScore>, score| match best {
            Some(best) if best.f1 >= score.f1 => Some(best),
            _ => Some(score),
        })
    };
    Rouge {
        rouge1: best(|r| r.rouge1).unwrap_or_default(),
        rouge2: best(|r| r.rouge2).unwrap_or_default(),
        rouge_l: best(|r| r.rouge_l).unwrap_or_default(),
        rouge_lsum: best(|r| r.rouge_lsum).unwrap_or_default(),
    }
}

fn ngrams(reference: &[String], candidate: &[String], n: usize) -> RougeScore {
    let count = |words: &[String]| -> HashMap<Vec<String>, usize> {
        let mut counts = HashMap::new();
        for ngram in words.windows(n) {
            *counts.entry(ngram.to_vec()).or_insert(0) += 1;
        }
        counts
    };
    let (wanted, given) = (count(reference), count(candidate));
    let hits = wanted.iter().map(|(ngram, times)| (*times).min(given.get(ngram).copied().unwrap_or(0))).sum();
    RougeScore::of(hits, given.values().sum(), wanted.values().sum())
}

/// `table[i][j]`: length of the longest common subsequence of the first `i` and the first `j` words.
fn lcs_table(reference: &[String], candidate: &[String]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; candidate.len() + 1]; reference.len() + 1];
    for (i, wanted) in reference.iter().enumerate() {
        for (j, given) in candidate.iter().enumerate() {
            table[i + 1][j + 1] = match wanted == given {
                true => table[i][j] + 1,
                false => table[i][j + 1].max(table[i + 1][j]),
            };
        }
    }
    table
}

/// Marks the words of the reference that are in one longest common subsequence. Of several it is the one that
/// `rouge-score` takes.
fn lcs_members(reference: &[String], candidate: &[String], members: &mut [bool]) {
    let table = lcs_table(reference, candidate);
    let (mut i, mut j) = (reference.len(), candidate.len());
    while i > 0 && j > 0 {
        if reference[i - 1] == candidate[j - 1] {
            members[i - 1] = true;
            (i, j) = (i - 1, j - 1);
        } else if table[i][j - 1] > table[i - 1][j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
}

/// ROUGE-Lsum: section 3.2 of the paper. A word is not counted more often than it occurs, as in version 1.5.5 of the
/// original program.
fn summary_level(reference: &[Vec<String>], candidate: &[Vec<String>]) -> RougeScore {
    let count = |sentences: &[Vec<String>]| -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for word in sentences.concat() {
            *counts.entry(word).or_insert(0) += 1;
        }
        counts
    };
    let (mut wanted, mut given) = (count(reference), count(candidate));
    let mut hits = 0;
    for sentence in reference {
        let mut members = vec![false; sentence.len()];
        for other in candidate {
            lcs_members(sentence, other, &mut members);
        }
        for (word, _) in sentence.iter().zip(&members).filter(|(_, member)| **member) {
            if let (Some(wanted @ 1..), Some(given @ 1..)) = (wanted.get_mut(word), given.get_mut(word)) {
                (*wanted, *given, hits) = (*wanted - 1, *given - 1, hits + 1);
            }
        }
    }
    let length = |sentences: &[Vec<String>]| sentences.iter().map(Vec::len).sum();
    RougeScore::of(hits, length(candidate), length(reference))
}

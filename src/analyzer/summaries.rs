//! Summaries: sentences that the pack's salience head chooses, or a text that an encoder-decoder writes. A generated text is
//! read like an article, so that its names, numbers and vectors can be compared with those of the article.

use std::collections::{HashMap, HashSet};

use super::prepared::PreparedArticle;
use super::results::{ReadSentence, place};
use super::{Analyzer, Request};
use crate::analysis::{self, GeneratedSentence, Method, SummarySentence, round};
use crate::article::{CodePoints, Sentence, Span, on_one_line, sentences, without_bullet};
use crate::entities::Entity;
use crate::jobs::summarizer::{Summarizer, Written};
use crate::model::ModelError;
use crate::reader::{Passage, ReaderOutputs, Reading};
use crate::summary::{
    self, Length,
    support::{SourceArticle, Support},
};

/// A generated summary with the readings of its sentences.
pub(super) struct GeneratedSummary {
    written: Written,
    sentences: Vec<Sentence>,
    readings: Vec<Reading>,
}

/// Least probability of entailment of a supported sentence.
const MIN_ENTAILMENT: f64 = 0.5;

impl Analyzer {
    /// The summaries that the summary model writes, one for each article.
    pub(super) fn generate(
        &self,
        summarizer: &Summarizer,
        prepared: &[PreparedArticle],
        readings: &[Vec<Reading>],
        request: &Request,
    ) -> Result<Vec<Option<GeneratedSummary>>, ModelError> {
        let articles: Vec<Vec<String>> = prepared
            .iter()
            .zip(readings)
            .map(|(prepared, readings)| {
                let text = &prepared.article.text;
                let candidates = summary::candidates(text, &prepared.sentences, &vectors(readings), 1);
                candidates.iter().map(|candidate| on_one_line(candidate.span.of(text))).collect()
            })
            .collect();
        let articles: Vec<Vec<&str>> =
            articles.iter().map(|sentences| sentences.iter().map(String::as_str).collect()).collect();
        let written = summarizer.summarize(&articles, request.summary_length.words())?;
        let split: Vec<Vec<Sentence>> = written.iter().map(|written| sentences(&written.text)).collect();
        let passages: Vec<Passage> = written
            .iter()
            .zip(&split)
            .flat_map(|(written, sentences)| sentences.iter().map(|s| Passage::of(s.span.of(&written.text))))
            .collect();
        let wanted = ReaderOutputs { vectors: true, ..ReaderOutputs::ENTITIES };
        let mut found = self.read(passages, wanted)?.into_iter();
        let summaries = written.into_iter().zip(split).map(|(written, sentences)| {
            let readings = found.by_ref().take(sentences.len()).collect();
            Some(GeneratedSummary { written, sentences, readings })
        });
        Ok(summaries.collect())
    }

    /// The extractive summary of an article.
    pub(super) fn extract(
        &self,
        prepared: &PreparedArticle,
        readings: &[Reading],
        points: &CodePoints,
        length: Length,
    ) -> Result<analysis::Summary, ModelError> {
        let text = &prepared.article.text;
        let candidates =
            summary::candidates(text, &prepared.sentences, &vectors(readings), length.sentences());
        let salience = self.reader.salience(&summary::features(&candidates))?;
        let chosen = summary::select(&candidates, &salience, length);
        let sentences: Vec<SummarySentence> = chosen
            .into_iter()
            .map(|index| {
                let span = candidates[index].span;
                let start = span.end - without_bullet(span.of(text)).len();
                let place = place(Span::new(start, span.end), text, points);
                let score = round(salience[index]);
                SummarySentence { start: place.start, end: place.end, text: place.text, score }
            })
            .collect();
        let texts: Vec<String> = sentences.iter().map(|sentence| on_one_line(&sentence.text)).collect();
        let text = texts.join(" ");
        let (method, model) = (Method::Extractive, self.pack_name.clone());
        Ok(analysis::Summary { method, model, text, sentences, generated: Vec::new(), levels: None })
    }

    /// The sentences of an article with their vectors and salience.
    pub(super) fn read_sentences(
        &self,
        prepared: &PreparedArticle,
        readings: &[Reading],
    ) -> Result<Vec<ReadSentence>, ModelError> {
        let text = &prepared.article.text;
        let points = CodePoints::new(text);
        let candidates = summary::candidates(text, &prepared.sentences, &vectors(readings), 1);
        let salience = self.reader.salience(&summary::features(&candidates))?;
        let mut known: HashMap<Span, f64> =
            candidates.iter().zip(salience).map(|(candidate, salience)| (candidate.span, salience)).collect();
        let sentences = prepared.sentences.iter().zip(readings).map(|(sentence, reading)| ReadSentence {
            place: place(sentence.span, text, &points),
            role: sentence.role,
            vector: reading.vector.clone(),
            salience: known.remove(&sentence.span).map_or(0.0, round),
        });
        Ok(sentences.collect())
    }

    /// Checks a generated summary against the article. Gives the summary, and warnings about unsupported sentences. With
    /// `faithful`, unsupported sentences are left out.
    pub(super) fn check(
        &self,
        draft: &GeneratedSummary,
        prepared: &PreparedArticle,
        readings: &[Reading],
        entities: &[Entity],
        points: &CodePoints,
        faithful: bool,
    ) -> Result<(analysis::Summary, Vec<String>), ModelError> {
        let text = &prepared.article.text;
        let vectors = readings.iter().map(|reading| reading.vector.as_slice());
        let source_article = SourceArticle::new(text, entities, vectors);
        let supports: Vec<(&str, Support)> = draft
            .sentences
            .iter()
            .zip(&draft.readings)
            .map(|(sentence, reading)| {
                let written = sentence.span.of(&draft.written.text);
                let names = reading.entities.iter().map(|entity| entity.span.of(written));
                (written, source_article.support(written, names, &reading.vector))
            })
            .collect();
        let entailments = self.entailments(&supports, prepared)?;
        let sentences = supports.into_iter().zip(entailments).map(|((written, support), entailment)| {
            let source = support.nearest.first().map(|&n| place(prepared.sentences[n].span, text, points));
            GeneratedSentence {
                text: written.to_owned(),
                source,
                similarity: round(support.similarity),
                entailment: entailment.map(round),
                supported: support.unsupported.is_empty() && entailment.is_none_or(|p| p >= MIN_ENTAILMENT),
                unsupported: support.unsupported,
            }
        });
        let mut generated: Vec<GeneratedSentence> = sentences.collect();
        let warnings = warnings(draft, &generated, faithful);
        if faithful {
            generated.retain(|sentence| sentence.supported);
        }
        let texts: Vec<&str> = generated.iter().map(|sentence| sentence.text.as_str()).collect();
        let summary = analysis::Summary {
            method: Method::Abstractive,
            model: self.summarizer.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
            text: texts.join(" "),
            sentences: Vec::new(),
            generated,
            levels: Some(draft.written.levels),
        };
        Ok((summary, warnings))
    }

    /// For each generated sentence the probability that its nearest sentences, in the article's order, entail it; `None`
    /// without an NLI model or nearest sentences.
    fn entailments(
        &self,
        supports: &[(&str, Support)],
        prepared: &PreparedArticle,
    ) -> Result<Vec<Option<f64>>, ModelError> {
        let Some(nli) = &self.nli else { return Ok(vec![None; supports.len()]) };
        let premise = |support: &Support| {
            let mut nearest = support.nearest.clone();
            nearest.sort_unstable();
            let sentences: Vec<&str> = nearest.iter().map(|&n| &*prepared.read[n]).collect();
            sentences.join(" ")
        };
        let has_nearest = |support: &Support| !support.nearest.is_empty();
        let pairs: Vec<(String, &str)> = supports
            .iter()
            .filter(|(_, support)| has_nearest(support))
            .map(|(written, support)| (premise(support), *written))
            .collect();
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(premise, written)| (premise.as_str(), *written)).collect();
        let mut found = nli.entailment(&pairs)?.into_iter();
        Ok(supports
            .iter()
            .map(|(_, support)| if has_nearest(support) { found.next() } else { None })
            .collect())
    }
}

/// Warnings about unsupported sentences, and about a summary that reached its greatest length.
fn warnings(draft: &GeneratedSummary, generated: &[GeneratedSentence], faithful: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    let doubtful = generated.iter().filter(|sentence| !sentence.supported).count();
    if doubtful > 0 {
        let mut seen: HashSet<&str> = HashSet::new();
        let missing = generated.iter().flat_map(|sentence| &sentence.unsupported).map(String::as_str);
        let names: Vec<&str> = missing.filter(|name| seen.insert(*name)).collect();
        let what = if names.is_empty() {
            "the article does not entail it".into()
        } else {
            format!("the article does not have {}", names.join(", "))
        };
        let done = if faithful { "dropped" } else { "marked" };
        let total = generated.len();
        warnings
            .push(format!("{doubtful} of {total} sentences of the summary {done} as unsupported: {what}"));
    }
    if draft.written.cut {
        warnings.push("the summary came to its greatest length without an end, and was cut".into());
    }
    warnings
}

/// The vectors of the sentences.
fn vectors(readings: &[Reading]) -> Vec<&[f32]> {
    readings.iter().map(|reading| reading.vector.as_slice()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_names_each_missing_word_once() {
        let sentence = |unsupported: &[&str]| GeneratedSentence {
            text: "It rained.".into(),
            source: None,
            similarity: 0.5,
            entailment: None,
            unsupported: unsupported.iter().map(|word| word.to_string()).collect(),
            supported: unsupported.is_empty(),
        };
        let written = Written { text: String::new(), levels: 1, cut: false };
        let draft = GeneratedSummary { written, sentences: Vec::new(), readings: Vec::new() };
        let generated = [sentence(&["Paris", "5"]), sentence(&["Paris"]), sentence(&[])];
        let told =
            "2 of 3 sentences of the summary marked as unsupported: the article does not have Paris, 5";
        assert_eq!(warnings(&draft, &generated, false), [told]);
    }
}

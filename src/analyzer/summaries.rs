//! Summaries: sentences chosen by the pack's salience head, or a text that an encoder-decoder writes and that is then
//! read like an article, to see what of it the article bears out.

use std::collections::HashMap;

use super::results::{ReadSentence, place, round};
use super::{Analyzer, Prepared, Request};
use crate::analysis::{self, GeneratedSentence, Method, SummarySentence};
use crate::article::{CodePoints, Sentence, Span, on_one_line, sentences};
use crate::entities::Entity;
use crate::jobs::summarizer::{Summarizer, Written};
use crate::model::ModelError;
use crate::reader::{Passage, Reading, Wanted};
use crate::summary::{self, Length, support::Sources};

/// A generated summary, read.
pub(super) struct Draft {
    written: Written,
    sentences: Vec<Sentence>,
    readings: Vec<Reading>,
}

/// Probability of entailment below which a sentence is not taken for supported.
const ENTAILED: f64 = 0.5;

impl Analyzer {
    /// What the summary model writes of each article.
    pub(super) fn drafts(
        &self,
        summarizer: &Summarizer,
        prepared: &[Prepared],
        readings: &[Vec<Reading>],
        request: &Request,
    ) -> Result<Vec<Option<Draft>>, ModelError> {
        let articles: Vec<Vec<String>> = prepared
            .iter()
            .zip(readings)
            .map(|(prepared, readings)| {
                let text = &prepared.article.text;
                let candidates = summary::candidates(text, &prepared.sentences, &vectors(readings));
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
        let wanted = Wanted { vectors: true, ..Wanted::ENTITIES };
        let mut found = self.read(passages, wanted)?.into_iter();
        let drafts = written.into_iter().zip(split).map(|(written, sentences)| {
            let readings = found.by_ref().take(sentences.len()).collect();
            Some(Draft { written, sentences, readings })
        });
        Ok(drafts.collect())
    }

    /// The pack's choice of sentences.
    pub(super) fn extract(
        &self,
        prepared: &Prepared,
        readings: &[Reading],
        points: &CodePoints,
        length: Length,
    ) -> Result<analysis::Summary, ModelError> {
        let text = &prepared.article.text;
        let candidates = summary::candidates(text, &prepared.sentences, &vectors(readings));
        let salience = self.reader.salience(&summary::features(&candidates))?;
        let chosen = summary::select(&candidates, &salience, length);
        let sentences: Vec<SummarySentence> = chosen
            .into_iter()
            .map(|index| {
                let place = place(candidates[index].span, text, points);
                let score = round(salience[index]);
                SummarySentence { start: place.start, end: place.end, text: place.text, score }
            })
            .collect();
        let texts: Vec<String> = sentences.iter().map(|sentence| on_one_line(&sentence.text)).collect();
        let text = texts.join(" ");
        let (method, model) = (Method::Extractive, self.pack_name.clone());
        Ok(analysis::Summary { method, model, text, sentences, generated: Vec::new(), levels: None })
    }

    /// The sentences of an article as they were read.
    pub(super) fn read_sentences(
        &self,
        prepared: &Prepared,
        readings: &[Reading],
    ) -> Result<Vec<ReadSentence>, ModelError> {
        let text = &prepared.article.text;
        let points = CodePoints::new(text);
        let candidates = summary::candidates(text, &prepared.sentences, &vectors(readings));
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

    /// A generated summary with what bears each sentence out, and warnings of what does not.
    pub(super) fn check(
        &self,
        draft: &Draft,
        prepared: &Prepared,
        readings: &[Reading],
        entities: &[Entity],
        points: &CodePoints,
        faithful: bool,
    ) -> Result<(analysis::Summary, Vec<String>), ModelError> {
        let text = &prepared.article.text;
        let vectors = readings.iter().map(|reading| reading.vector.as_slice());
        let sources = Sources::new(text, entities, vectors);
        let mut generated = Vec::new();
        for (sentence, reading) in draft.sentences.iter().zip(&draft.readings) {
            let says = sentence.span.of(&draft.written.text);
            let names = reading.entities.iter().map(|entity| entity.span.of(says));
            let support = sources.support(says, names, &reading.vector);
            let entailment = self.entailment(says, &support.nearest, prepared)?;
            let source = support.nearest.first().map(|&n| place(prepared.sentences[n].span, text, points));
            generated.push(GeneratedSentence {
                text: says.to_owned(),
                source,
                similarity: round(support.similarity),
                entailment: entailment.map(round),
                supported: support.unsupported.is_empty() && entailment.is_none_or(|p| p >= ENTAILED),
                unsupported: support.unsupported,
            });
        }
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

    /// How likely the nearest sentences, in the article's order, entail a generated one; none without an NLI model.
    fn entailment(
        &self,
        says: &str,
        nearest: &[usize],
        prepared: &Prepared,
    ) -> Result<Option<f64>, ModelError> {
        let Some(nli) = self.nli.as_ref().filter(|_| !nearest.is_empty()) else { return Ok(None) };
        let mut nearest = nearest.to_vec();
        nearest.sort_unstable();
        let premise: Vec<&str> = nearest.iter().map(|&n| &*prepared.read[n]).collect();
        Ok(nli.entailment(&[(&premise.join(" "), says)])?.first().copied())
    }
}

fn warnings(draft: &Draft, generated: &[GeneratedSentence], faithful: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    let doubtful = generated.iter().filter(|sentence| !sentence.supported).count();
    if doubtful > 0 {
        let mut names: Vec<&str> =
            generated.iter().flat_map(|sentence| &sentence.unsupported).map(String::as_str).collect();
        names.dedup();
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

fn vectors(readings: &[Reading]) -> Vec<&[f32]> {
    readings.iter().map(|reading| reading.vector.as_slice()).collect()
}

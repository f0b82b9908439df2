//! Named entities by any token classifier (**tagger**): texts → tokens → labels → words → entities.
//!
//! Words and entities are built exactly as in `TokenClassificationPipeline` of `transformers`, so that a checkpoint
//! gives the same entities. Two things are added: schemes with end labels (BIOES, BILOU), and long texts, which are
//! split into overlapping windows.

use std::str::FromStr;

use serde::Serialize;
use tch::{Device, Kind, Tensor};
use tokenizers::{Encoding, ModelWrapper, Tokenizer, TruncationParams};

use crate::article::Span;
use crate::compute::Compute;
use crate::compute::inputs::{Inputs, batches, softmax};
use crate::entities::schemes::{self, Tag};
use crate::families::{Classifier, token_classifier};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// How the label of a word is chosen from those of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregation {
    /// The label of its first token
    #[default]
    First,
    /// The label with the highest mean probability
    Average,
    /// The label of the token with the highest probability
    Max,
}

impl FromStr for Aggregation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" => Ok(Self::First),
            "average" => Ok(Self::Average),
            "max" => Ok(Self::Max),
            _ => Err(format!("'{text}' is no aggregation; use first, average or max")),
        }
    }
}

/// A named entity in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged {
    /// Where it is in the text.
    pub span: Span,
    /// Its type, in the model's own words.
    pub label: String,
    /// Mean probability of the labels of its words.
    pub score: f64,
}

/// A loaded token classifier with its tokenizer.
pub struct Tagger {
    model: Box<dyn Classifier>,
    tokenizer: Tokenizer,
    /// Meaning of each label.
    tags: Vec<Tag>,
    device: Device,
    pad: i64,
    batch_tokens: usize,
    max_tokens: usize,
    /// How many tokens neighbouring windows share.
    stride: usize,
    aggregation: Aggregation,
}

/// How many tokens neighbouring windows share; fewer for a model with a short input.
const STRIDE: usize = 64;

/// A token with the probabilities of its labels.
struct ScoredToken {
    span: Span,
    probabilities: Vec<f64>,
    /// Whether it continues the word of the token before it.
    is_subword: bool,
}

/// The tokens of a part of a text, with a row of logits for each.
type ScoredWindow<'a> = (&'a Encoding, &'a Vec<Vec<f32>>);

impl Tagger {
    /// Loads a checkpoint. `batch_tokens` is the most tokens in a batch, padding included.
    ///
    /// # Errors
    /// When the checkpoint cannot be loaded, or is no token classifier.
    pub fn load(
        checkpoint: &Checkpoint,
        compute: &Compute,
        batch_tokens: usize,
        aggregation: Aggregation,
    ) -> Result<Self, ModelError> {
        let model = token_classifier(checkpoint, compute)?;
        let tags = schemes::parse(&checkpoint.labels()?);
        let mut tokenizer = checkpoint.tokenizer()?;
        let max_tokens = checkpoint.max_tokens();
        let stride = STRIDE.min(max_tokens / 4);
        let windows = TruncationParams { max_length: max_tokens, stride, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(windows)).map_err(|error| ModelError::Tokenizer(error.to_string()))?;
        Ok(Self {
            model,
            tokenizer,
            tags,
            device: compute.device,
            pad: checkpoint.value("pad_token_id").as_i64().unwrap_or(0),
            batch_tokens,
            max_tokens,
            stride,
            aggregation,
        })
    }

    /// The entities of each text, in order.
    ///
    /// # Errors
    /// When the tokenizer or the model reports one.
    pub fn read(&self, texts: &[&str]) -> Result<Vec<Vec<Tagged>>, ModelError> {
        let encodings: Vec<Encoding> =
            texts.iter().map(|text| self.encode(text)).collect::<Result<_, _>>()?;
        let windows: Vec<(usize, &Encoding)> = encodings
            .iter()
            .enumerate()
            .flat_map(|(i, whole)| {
                std::iter::once(whole).chain(whole.get_overflowing()).map(move |window| (i, window))
            })
            .collect();
        let logits = self.logits(&windows.iter().map(|(_, window)| *window).collect::<Vec<_>>())?;
        let mut scored: Vec<Vec<ScoredWindow>> = texts.iter().map(|_| Vec::new()).collect();
        for ((text, window), rows) in windows.iter().zip(&logits) {
            scored[*text].push((window, rows));
        }
        Ok(texts.iter().zip(scored).map(|(text, windows)| self.entities(text, &windows)).collect())
    }

    /// The logits of each input: a row for each token, special tokens included, with one number per label.
    ///
    /// # Errors
    /// When the model reports one.
    pub fn logits(&self, encodings: &[&Encoding]) -> Result<Vec<Vec<Vec<f32>>>, ModelError> {
        let lengths: Vec<usize> = encodings.iter().map(|encoding| encoding.len()).collect();
        let mut found = vec![Vec::new(); encodings.len()];
        for batch in batches(&lengths, self.batch_tokens) {
            let members: Vec<&Encoding> = batch.iter().map(|&i| encodings[i]).collect();
            let logits = self.model.logits(&Inputs::new(&members, self.pad, self.device))?;
            let logits: Tensor = logits.to_kind(Kind::Float).to_device(Device::Cpu);
            for (row, &i) in batch.iter().enumerate() {
                let rows = logits.get(row as i64).narrow(0, 0, lengths[i] as i64).contiguous();
                let flat = Vec::<f32>::try_from(rows.view(-1))?;
                found[i] = flat.chunks(self.tags.len()).map(<[f32]>::to_vec).collect();
            }
        }
        Ok(found)
    }

    /// The tokens of a text. Those of further windows are in [`Encoding::get_overflowing`].
    ///
    /// # Errors
    /// When the tokenizer reports one.
    pub fn encode(&self, text: &str) -> Result<Encoding, ModelError> {
        self.tokenizer.encode(text, true).map_err(|error| ModelError::Tokenizer(error.to_string()))
    }

    /// The entities of a text.
    fn entities(&self, text: &str, windows: &[ScoredWindow]) -> Vec<Tagged> {
        let tokens = self.tokens(text, windows);
        let mut words: Vec<(Span, usize, f64)> = Vec::new();
        let mut open: Vec<&ScoredToken> = Vec::new();
        for token in &tokens {
            if !token.is_subword && !open.is_empty() {
                words.push(self.word(&open));
                open.clear();
            }
            open.push(token);
        }
        if !open.is_empty() {
            words.push(self.word(&open));
        }
        let mut groups: Vec<Vec<(Span, usize, f64)>> = Vec::new();
        for word in words {
            match groups.last_mut() {
                Some(group) if self.tags[word.1].continues(&self.tags[group[group.len() - 1].1]) => {
                    group.push(word)
                }
                _ => groups.push(vec![word]),
            }
        }
        let entities = groups.iter().filter_map(|group| {
            let label = self.tags[group[0].1].name.clone()?;
            let score = group.iter().map(|word| word.2).sum::<f64>() / group.len() as f64;
            Some(Tagged { span: Span::new(group[0].0.start, group[group.len() - 1].0.end), label, score })
        });
        entities.collect()
    }

    /// The tokens of a text. A token in two windows is taken from the one in which it is farther from the edge.
    fn tokens(&self, text: &str, windows: &[ScoredWindow]) -> Vec<ScoredToken> {
        let mut found: Vec<(usize, ScoredToken)> = Vec::new();
        let mut start = 0;
        for (window, rows) in windows {
            let own: Vec<usize> =
                (0..window.len()).filter(|&i| window.get_special_tokens_mask()[i] == 0).collect();
            for (position, &i) in own.iter().enumerate() {
                let distance = position.min(own.len() - 1 - position);
                let (from, to) = window.get_offsets()[i];
                let scored = ScoredToken {
                    span: Span::new(from, to),
                    probabilities: softmax(&rows[i]),
                    is_subword: self.is_subword(text, window, i),
                };
                match found.get_mut(start + position) {
                    Some(known) if known.0 >= distance => {}
                    Some(known) => *known = (distance, scored),
                    None => found.push((distance, scored)),
                }
            }
            let specials = window.len() - own.len();
            start += (self.max_tokens - specials).saturating_sub(self.stride);
        }
        found.into_iter().map(|(_, scored)| scored).collect()
    }

    /// Whether a token continues the word before it. If the vocabulary does not mark that, a token without a blank
    /// before it does, as in the reference; a full stop then belongs to the word before it.
    fn is_subword(&self, text: &str, encoding: &Encoding, i: usize) -> bool {
        let (start, end) = encoding.get_offsets()[i];
        let token = &encoding.get_tokens()[i];
        let (prefix, unknown) = match self.tokenizer.get_model() {
            ModelWrapper::WordPiece(model) => {
                (model.continuing_subword_prefix.as_str(), Some(model.unk_token.as_str()))
            }
            ModelWrapper::BPE(model) => {
                (model.continuing_subword_prefix.as_deref().unwrap_or(""), model.unk_token.as_deref())
            }
            ModelWrapper::WordLevel(model) => ("", Some(model.unk_token.as_str())),
            ModelWrapper::Unigram(_) => {
                // The name is private in the tokenizer's model; DeBERTa uses the second one.
                let known = |name: &&str| self.tokenizer.token_to_id(name).is_some();
                ("", ["<unk>", "[UNK]"].into_iter().find(known))
            }
        };
        let unknown = unknown.and_then(|unknown| self.tokenizer.token_to_id(unknown));
        if unknown == Some(encoding.get_ids()[i]) {
            false
        } else if prefix.is_empty() {
            let before = text[..start].chars().next_back();
            let first = text[start..].chars().next();
            start > 0 && before != Some(' ') && first != Some(' ')
        } else {
            token.chars().count() != text[start..end].chars().count()
        }
    }

    /// Span, number of the label, and score of a word from its tokens.
    fn word(&self, pieces: &[&ScoredToken]) -> (Span, usize, f64) {
        let best = |probabilities: &[f64]| -> (usize, f64) {
            probabilities
                .iter()
                .copied()
                .enumerate()
                .fold((0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a })
        };
        let (label, score) = match self.aggregation {
            Aggregation::First => best(&pieces[0].probabilities),
            Aggregation::Average => {
                let mean = |label: usize| {
                    pieces.iter().map(|piece| piece.probabilities[label]).sum::<f64>() / pieces.len() as f64
                };
                best(&(0..self.tags.len()).map(mean).collect::<Vec<_>>())
            }
            Aggregation::Max => pieces
                .iter()
                .map(|piece| best(&piece.probabilities))
                .fold((0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a }),
        };
        (Span::new(pieces[0].span.start, pieces[pieces.len() - 1].span.end), label, score)
    }
}

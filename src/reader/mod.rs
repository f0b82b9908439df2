//! The one reading: sentences → tokens → batches of like length → one encoder pass → findings of the heads.
//!
//! Each sentence is read once. Sentences of many articles share batches under a budget of tokens, so
//! that short and long ones do not pay for each other; the order of the input is restored at the end.
//! A sentence longer than the model is read in overlapping windows, and each of its words is judged
//! in the window that shows most of its surroundings.

mod batches;
mod heads;
mod tokens;

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use serde_json::Value;
use tch::{Kind, Tensor, no_grad};

use crate::article::Span;
use crate::compute::{Compute, memory};
use crate::entities::EntityMention;
use crate::entities::bio::{self, BioLabels};
use crate::entities::{brackets, case};
use crate::families::encoder::{Encoder, Shape};
use crate::families::{self, EncoderError};
use crate::model::ModelError;
use crate::model::pack::{EncoderSpec, MANIFEST, Pack};
use batches::Window;
use heads::Heads;
use tokens::{Encoded, Tokens};

/// A sentence to read: its text, and the places in it whose stance is wanted besides the named entities.
#[derive(Clone)]
pub struct Passage<'a> {
    pub text: &'a str,
    /// Byte spans in `text`.
    pub mentions: Vec<Span>,
}

/// How the sentence stands towards one mention.
#[derive(Debug, Clone, PartialEq)]
pub struct MentionStance {
    /// Byte span in the passage.
    pub span: Span,
    /// Probabilities in the order against, neutral, favor.
    pub probabilities: [f64; 3],
}

/// What one reading of a sentence gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Word pieces, without [CLS] and [SEP].
    pub tokens: usize,
    pub entities: Vec<EntityMention>,
    /// One for each entity and each wanted mention.
    pub stances: Vec<MentionStance>,
    /// Mean of the token vectors; empty when the sentence has no tokens.
    pub vector: Vec<f32>,
}

/// What is wanted of a reading. The encoder pass is needed for all of it; each head is asked only for what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub entities: bool,
    /// The stance towards each entity that was found, and towards the mentions that are given.
    pub stance: bool,
    pub vectors: bool,
}

impl Wanted {
    pub const ALL: Self = Self { entities: true, stance: true, vectors: true };
}

/// A loaded pack: tokenizer, encoder and heads on one device.
pub struct Reader {
    tokens: Tokens,
    encoder: Box<dyn Encoder>,
    heads: Heads,
    labels: BioLabels,
    compute: Compute,
    shape: Shape,
    max_tokens: usize,
    batch_tokens: usize,
}

/// Word pieces whose passages share batches; bounds memory for articles of any length.
const GROUP_TOKENS: usize = 32_768;

/// Passages with their tokens, as many at a time as are read together.
struct Groups<'a> {
    tokens: &'a Tokens,
    passages: &'a [Passage<'a>],
}

impl<'a> Iterator for Groups<'a> {
    type Item = Result<Vec<(&'a Passage<'a>, Encoded)>, ModelError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut group, mut size) = (Vec::new(), 0);
        while let Some((passage, rest)) = self.passages.split_first()
            && size < GROUP_TOKENS
        {
            let encoded = match self.tokens.encode(passage.text) {
                Ok(encoded) => encoded,
                Err(error) => return Some(Err(error)),
            };
            size += encoded.len();
            group.push((passage, encoded));
            self.passages = rest;
        }
        (!group.is_empty()).then_some(Ok(group))
    }
}

impl Reader {
    /// Verifies the pack and loads it. `batch_tokens` is the budget of a batch, padding included.
    pub fn load(pack: &Pack, compute: Compute, batch_tokens: usize) -> Result<Self, ModelError> {
        let manifest = &pack.manifest;
        let bad_manifest = |reason: String| ModelError::pack(&pack.path(MANIFEST), reason);
        let labels = BioLabels::parse(&manifest.heads.entities).map_err(bad_manifest)?;
        if manifest.heads.stance != ["against", "neutral", "favor"] {
            let reason = "heads.stance must be [\"against\", \"neutral\", \"favor\"]";
            return Err(bad_manifest(reason.into()));
        }
        let EncoderSpec { family, weights, config, tokenizer, max_tokens, .. } = &manifest.encoder;
        pack.verify_but(&[weights, config, tokenizer])?;
        let bad_config = |reason: String| ModelError::pack(&pack.path(config), reason);
        let settings: Value = serde_json::from_slice(&pack.read(config)?)
            .map_err(|error| bad_config(format!("is not JSON: {error}")))?;
        let precision = |name: &str| match name.starts_with(family) {
            // A third of all numbers, of which a batch takes some rows: they are turned to the precision of the pass then.
            true if name.ends_with("word_embeddings.weight") => None,
            true => Some(compute.kind),
            // Probabilities are what users compare, and the heads are a few percent of the work.
            false => Some(Kind::Float),
        };
        let (tokens, tensors) = thread::scope(|scope| {
            // Both take their time, and the tokenizer some memory that is free again before the last of the weights come.
            let bad_tokenizer = |reason: String| ModelError::pack(&pack.path(tokenizer), reason);
            let tokens = scope.spawn(move || Tokens::parse(&pack.read(tokenizer)?).map_err(bad_tokenizer));
            let tensors = pack.weights(precision, compute.device);
            (tokens.join().unwrap_or_else(|panic| resume_unwind(panic)), tensors)
        });
        let (tokens, mut tensors) = (tokens?, tensors?);
        let encoder = families::encoder(family, &settings, &mut tensors).map_err(|error| match error {
            EncoderError::Family(reason) => bad_manifest(reason),
            EncoderError::Config(reason) => bad_config(reason),
        })?;
        let shape = encoder.shape();
        if shape.longest < *max_tokens as i64 {
            return Err(bad_manifest("max_tokens exceeds the encoder's positions".into()));
        }
        let attention = manifest.heads.stance_attention_heads.into();
        let heads =
            Heads::take(&mut tensors, shape.hidden, labels.len() as i64, attention).map_err(bad_manifest)?;
        tensors.finish(|_| false, |_, _| false)?;
        if tokens.vocabulary() as i64 > shape.vocabulary {
            let reason =
                format!("knows {} tokens where the encoder has {}", tokens.vocabulary(), shape.vocabulary);
            return Err(ModelError::pack(&pack.path(tokenizer), reason));
        }
        Ok(Self { tokens, encoder, heads, labels, compute, shape, max_tokens: *max_tokens, batch_tokens })
    }

    pub fn compute(&self) -> &Compute {
        &self.compute
    }

    /// Reads all passages; the answer has their order. While the model reads a group of them, the next is tokenized.
    pub fn read(&self, passages: &[Passage], wanted: Wanted) -> Result<Vec<Reading>, ModelError> {
        let tokens = &self.tokens;
        let mut readings = Vec::with_capacity(passages.len());
        thread::scope(|scope| {
            let (sender, groups) = mpsc::sync_channel(1);
            scope.spawn(move || {
                // Where nobody receives any more, reading has failed, and its error is the one to tell.
                for group in (Groups { tokens, passages }) {
                    if sender.send(group).is_err() {
                        break;
                    }
                }
            });
            for group in groups {
                readings.extend(no_grad(|| self.read_group(&group?, wanted))?);
            }
            Ok(readings)
        })
    }

    /// Batch by batch. A passage is read as soon as all its windows have been seen, so that of the token vectors
    /// only those of the last batch are kept, and those a long passage waits for.
    fn read_group(&self, group: &[(&Passage, Encoded)], wanted: Wanted) -> Result<Vec<Reading>, ModelError> {
        let lengths: Vec<usize> = group.iter().map(|(_, encoded)| encoded.len()).collect();
        let windows = batches::windows(&lengths, self.max_tokens);
        let batches = batches::plan(&windows, self.batch_tokens);
        let mut unseen = vec![0usize; group.len()];
        windows.iter().for_each(|window| unseen[window.passage] += 1);
        let mut seen: Vec<Vec<Seen>> = group.iter().map(|_| Vec::new()).collect();
        let mut readings = vec![Reading::default(); group.len()];
        let mut states = BTreeMap::new();
        for (number, members) in batches.iter().enumerate() {
            let rows: Vec<&Window> = members.iter().map(|&w| &windows[w]).collect();
            let (found, vectors) = self.see(group, &rows, number, wanted)?;
            states.insert(number, vectors);
            let mut whole = Vec::with_capacity(members.len());
            for (window, found) in rows.iter().zip(found) {
                seen[window.passage].push(found);
                unseen[window.passage] -= 1;
                if unseen[window.passage] == 0 {
                    whole.push(window.passage);
                }
            }
            for &passage in &whole {
                seen[passage].sort_by_key(|window| window.pieces.start);
                let (input, encoded) = &group[passage];
                readings[passage] = self.read_words(input.text, encoded, &seen[passage], wanted);
            }
            if wanted.stance {
                self.judge_mentions(group, &whole, &seen, &states, &mut readings)?;
            }
            states.retain(|&batch, _| batches[batch].iter().any(|&w| unseen[windows[w].passage] > 0));
            whole.into_iter().for_each(|passage| seen[passage] = Vec::new());
        }
        memory::release();
        Ok(readings)
    }

    /// Entity logits of the first window of a text: for each word piece, one number per label of the pack.
    /// For checks of parity with other implementations.
    pub fn entity_logits(&self, text: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        let passage = Passage { text, mentions: Vec::new() };
        let encoded = self.tokens.encode(text)?;
        let windows = batches::windows(&[encoded.len()], self.max_tokens);
        let Some(first) = windows.first() else {
            return Ok(Vec::new());
        };
        let (seen, _) = no_grad(|| self.see(&[(&passage, encoded)], &[first], 0, Wanted::ALL))?;
        Ok(seen[0].logits.chunks(self.labels.len()).map(<[f32]>::to_vec).collect())
    }

    /// The encoder pass over one batch: what each of its windows gave, and the token vectors.
    fn see(
        &self,
        group: &[(&Passage, Encoded)],
        windows: &[&Window],
        number: usize,
        wanted: Wanted,
    ) -> Result<(Vec<Seen>, States), ModelError> {
        let rows: Vec<(&Encoded, &Window)> = windows.iter().map(|w| (&group[w.passage].1, *w)).collect();
        let Shape { pad, types, hidden, .. } = self.shape;
        let inputs = batches::inputs(&rows, &self.tokens, pad, types, self.compute.device);
        let output = self.encoder.encode(&inputs).to_kind(Kind::Float);
        let rows_of = |wanted: bool, numbers: &dyn Fn() -> Tensor| match wanted {
            true => to_rows(&numbers()),
            false => Ok(Vec::new()),
        };
        let logits = rows_of(wanted.entities, &|| self.heads.entities(&output))?;
        let means = rows_of(wanted.vectors, &|| heads::mean_over(&output, &inputs.mask))?;
        let (width, labels, hidden) = (inputs.width() as usize, self.labels.len(), hidden as usize);
        let part = |numbers: &[f32], start: usize, count: usize| match numbers.is_empty() {
            true => Vec::new(),
            false => numbers[start..start + count].to_vec(),
        };
        let seen = windows.iter().enumerate().map(|(row, window)| Seen {
            batch: number,
            row,
            pieces: window.pieces.clone(),
            // The first token is a special one.
            logits: part(&logits, (row * width + 1) * labels, window.pieces.len() * labels),
            mean: part(&means, row * hidden, hidden),
        });
        Ok((seen.collect(), States { output, mask: inputs.mask }))
    }

    /// Entities and sentence vector of one passage from the windows it was seen in.
    fn read_words(&self, text: &str, encoded: &Encoded, seen: &[Seen], wanted: Wanted) -> Reading {
        let entities = if wanted.entities { self.entities(text, encoded, seen) } else { Vec::new() };
        let total: usize = seen.iter().map(|window| window.pieces.len()).sum();
        let mut vector = vec![0.0; seen.first().map_or(0, |window| window.mean.len())];
        for window in seen {
            let share = window.pieces.len() as f32 / total as f32;
            for (sum, value) in vector.iter_mut().zip(&window.mean) {
                *sum += share * value;
            }
        }
        Reading { tokens: encoded.len(), entities, stances: Vec::new(), vector }
    }

    fn entities(&self, text: &str, encoded: &Encoded, seen: &[Seen]) -> Vec<EntityMention> {
        let labels = self.labels.len();
        let mut scores = Vec::with_capacity(encoded.words.len());
        for word in &encoded.words {
            let window = best_window(seen, word.pieces.start..word.pieces.start + 1);
            let at = (word.pieces.start - window.pieces.start) * labels;
            scores.push(bio::log_softmax(&window.logits[at..at + labels]));
        }
        let found = self.labels.decode(&scores).into_iter().filter_map(|found| {
            let (first, last) = (found.words.start, found.words.end - 1);
            let span = Span::new(encoded.words[first].span.start, encoded.words[last].span.end);
            let span = case::fitted(text, span)?;
            Some(EntityMention { span, kind: found.kind, score: found.score, label: None })
        });
        brackets::closed(text, found.collect())
    }

    /// Runs the stance head over every entity and every wanted mention of the given passages, batch by batch.
    fn judge_mentions(
        &self,
        group: &[(&Passage, Encoded)],
        passages: &[usize],
        seen: &[Vec<Seen>],
        states: &BTreeMap<usize, States>,
        readings: &mut [Reading],
    ) -> Result<(), ModelError> {
        let mut wanted: BTreeMap<usize, Vec<Judgement>> = BTreeMap::new();
        for &passage in passages {
            let (input, encoded) = &group[passage];
            let mut spans: Vec<Span> = readings[passage].entities.iter().map(|e| e.span).collect();
            spans.extend(&input.mentions);
            spans.sort();
            spans.dedup();
            for span in spans {
                let Some(pieces) = encoded.pieces_in(span) else {
                    continue;
                };
                let window = best_window(&seen[passage], pieces.clone());
                // A mention cut by the window's edge is judged by what the window holds of it.
                let start = pieces.start.max(window.pieces.start) - window.pieces.start + 1;
                let end = pieces.end.min(window.pieces.end) - window.pieces.start + 1;
                let judgement = Judgement { passage, span, row: window.row, tokens: start..end };
                wanted.entry(window.batch).or_default().push(judgement);
            }
        }
        for (batch, judgements) in wanted {
            let States { output, mask } = &states[&batch];
            let context = self.heads.stance_context(output);
            // Each mention takes a copy of its row, so that the budget of a batch holds for these, too.
            let room = self.batch_tokens / output.size()[1] as usize;
            for some in judgements.chunks(room.max(1)) {
                let rows: Vec<i64> = some.iter().map(|judgement| judgement.row as i64).collect();
                let spans: Vec<Range<usize>> = some.iter().map(|j| j.tokens.clone()).collect();
                let logits = self.heads.stance(output, mask, &context, &rows, &spans);
                let probabilities = to_rows(&logits.softmax(-1, Kind::Float))?;
                for (judgement, p) in some.iter().zip(probabilities.chunks(3)) {
                    readings[judgement.passage].stances.push(MentionStance {
                        span: judgement.span,
                        probabilities: [p[0].into(), p[1].into(), p[2].into()],
                    });
                }
            }
        }
        for &passage in passages {
            readings[passage].stances.sort_by_key(|stance| stance.span);
        }
        Ok(())
    }

    /// Salience of the sentences of one article, each a probability that it belongs in a summary, from the numbers that
    /// are known of it.
    ///
    /// # Errors
    /// When the pack's head takes another count of numbers.
    pub fn salience<const N: usize>(&self, features: &[[f32; N]]) -> Result<Vec<f64>, ModelError> {
        if features.is_empty() {
            return Ok(Vec::new());
        }
        let takes = self.heads.salience_features();
        if takes != N as i64 {
            let reason = format!(
                "the salience head of the pack takes {takes} numbers of a sentence, and there are {N}"
            );
            return Err(ModelError::Encoder(reason));
        }
        let features = Tensor::from_slice(features.as_flattened()).view([-1, takes]);
        let scores = no_grad(|| self.heads.salience(&features.to_device(self.compute.device)));
        Ok(to_rows(&scores)?.into_iter().map(f64::from).collect())
    }
}

/// What the encoder gave for one window of a passage.
struct Seen {
    batch: usize,
    row: usize,
    /// Pieces of the passage that the window holds.
    pieces: Range<usize>,
    /// Entity logits, `pieces.len()` rows of one number per label.
    logits: Vec<f32>,
    mean: Vec<f32>,
}

/// Token vectors of a batch, (windows, width, hidden), and its mask.
struct States {
    output: Tensor,
    mask: Tensor,
}

/// A mention to judge: where it is in its batch, and whose it is.
struct Judgement {
    passage: usize,
    span: Span,
    row: usize,
    tokens: Range<usize>,
}

/// The window that shows most on the poorer side of `pieces`. Windows overlap by a quarter, so that at
/// most two hold the first of the pieces: the last two that start no later.
fn best_window(seen: &[Seen], pieces: Range<usize>) -> &Seen {
    let end = seen.partition_point(|window| window.pieces.start <= pieces.start);
    seen[end.saturating_sub(2)..end]
        .iter()
        .max_by_key(|window| {
            let before = pieces.start as i64 - window.pieces.start as i64;
            let after = window.pieces.end as i64 - pieces.end as i64;
            before.min(after)
        })
        .expect("a passage with words was seen in a window")
}

/// All numbers of a tensor, row after row.
fn to_rows(tensor: &Tensor) -> Result<Vec<f32>, ModelError> {
    let flat = tensor.to_device(tch::Device::Cpu).to_kind(Kind::Float).contiguous().view(-1);
    Ok(Vec::<f32>::try_from(flat)?)
}

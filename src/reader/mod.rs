//! Inference with a pack: sentences → word pieces → batches → one encoder pass → outputs of the heads.
//!
//! A *reading* is what this gives for one sentence. Each sentence goes through the encoder once, whatever is wanted of it.
//! Sentences of many articles share batches; a batch has sentences of similar length, up to a budget of tokens, so that
//! little is spent on padding. The results have the order of the input. A sentence that is longer than the encoder allows
//! is split into overlapping windows; the outputs for a word come from the window with most context around it.

mod batches;
mod heads;
mod joint;
mod load;
mod mentions;
mod reading;
mod stances;
mod tokens;
mod words;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use tch::{Kind, Tensor, no_grad};

use crate::article::Span;
use crate::compute::{Compute, memory};
use crate::entities::bio::{self, BioLabels};
use crate::entities::{self, EntityMention, case};
use crate::families::encoder::{Encoder, EncoderShape};
use crate::model::ModelError;
use crate::model::pack::{EncoderSpec, MANIFEST, Pack};
use crate::stance::ArticleStance;
use batches::{Groups, Window};
use heads::{Heads, PART_LABELS, Position};
use joint::JointReader;
pub use joint::JointReading;
use load::load_encoder;
pub use reading::{HeldStance, MentionStance, Passage, ReaderOutputs, Reading};
use tokens::{Encoded, PackTokenizer};

/// A loaded pack: tokenizer, encoder and heads on one device.
pub struct Reader {
    tokens: PackTokenizer,
    encoder: Box<dyn Encoder>,
    heads: Heads,
    position: Option<Position>,
    labels: BioLabels,
    compute: Compute,
    shape: EncoderShape,
    max_tokens: usize,
    batch_tokens: usize,
    pack: Pack,
    /// What reads two sentences together, from its first use on; `None` inside where the pack has none.
    joint: OnceCell<Option<JointReader>>,
}

impl Reader {
    /// Verifies the pack and loads it. `batch_tokens` is the largest number of tokens of a batch, padding included.
    ///
    /// # Errors
    /// When a file of the pack is missing or damaged, or the pack does not fit this program.
    pub fn load(pack: &Pack, compute: Compute, batch_tokens: usize) -> Result<Self, ModelError> {
        let manifest = &pack.manifest;
        let bad_manifest = |reason: String| ModelError::pack(&pack.path(MANIFEST), reason);
        let labels = BioLabels::parse(&manifest.heads.entities).map_err(bad_manifest)?;
        let EncoderSpec { weights, config, tokenizer, max_tokens, base, .. } = &manifest.encoder;
        // These are checked when they are read.
        let base = base.as_ref().map(|base| &base.weights);
        let position = manifest.position.as_ref().map(|position| &position.weights);
        let read: Vec<&String> =
            [weights, config, tokenizer].into_iter().chain(base).chain(position).collect();
        pack.verify_except(&read)?;
        let (tokens, encoder) = thread::scope(|scope| {
            // Both take long, so they run at the same time. The memory that parsing the tokenizer needs is free again before
            // the last weights are read.
            let bad_tokenizer = |reason: String| ModelError::pack(&pack.path(tokenizer), reason);
            let tokens =
                scope.spawn(move || PackTokenizer::parse(&pack.read(tokenizer)?).map_err(bad_tokenizer));
            let encoder = load_encoder(pack, &compute, None);
            (tokens.join().unwrap_or_else(|panic| resume_unwind(panic)), encoder)
        });
        let (tokens, (encoder, mut tensors)) = (tokens?, encoder?);
        let shape = encoder.shape();
        if shape.longest < *max_tokens as i64 {
            return Err(bad_manifest("max_tokens exceeds the encoder's positions".into()));
        }
        let heads = Heads::take(&mut tensors, &manifest.heads, shape.hidden, labels.len() as i64)
            .map_err(bad_manifest)?;
        tensors.finish(|_| false, |_, _| false)?;
        let position = match &manifest.position {
            Some(spec) => {
                let mut tensors = pack.weights(&spec.weights, |_| Some(Kind::Float), compute.device)?;
                let position = Position::take(&mut tensors, &manifest.heads, shape.hidden)
                    .map_err(|reason| ModelError::pack(&pack.path(&spec.weights), reason))?;
                tensors.finish(|_| false, |_, _| false)?;
                Some(position)
            }
            None => None,
        };
        if tokens.vocabulary() as i64 > shape.vocabulary {
            let reason =
                format!("knows {} tokens where the encoder has {}", tokens.vocabulary(), shape.vocabulary);
            return Err(ModelError::pack(&pack.path(tokenizer), reason));
        }
        Ok(Self {
            tokens,
            encoder,
            heads,
            position,
            labels,
            compute,
            shape,
            max_tokens: *max_tokens,
            batch_tokens,
            pack: pack.clone(),
            joint: OnceCell::new(),
        })
    }

    /// Reads pairs of sentences, both of a pair together; the results have their order. `None` where the pack cannot do this.
    /// What it needs is loaded at the first call.
    ///
    /// # Errors
    /// When a file of the pack is damaged, a text cannot be tokenized, or the computation fails.
    pub fn read_jointly(&self, pairs: &[(&str, &str)]) -> Result<Option<Vec<JointReading>>, ModelError> {
        let joint = match self.joint.get() {
            Some(joint) => joint,
            None => {
                let loaded = JointReader::load(&self.pack, &self.compute)?;
                self.joint.get_or_init(|| loaded)
            }
        };
        let read = joint
            .as_ref()
            .map(|joint| no_grad(|| joint.read(&self.tokens, &self.compute, self.batch_tokens, pairs)));
        read.transpose()
    }

    /// The device, precision and threads that it computes with.
    pub fn compute(&self) -> &Compute {
        &self.compute
    }

    /// The regression from the tones of sentences to the stance of their article; `None` where the pack has none.
    pub fn article_tone(&self) -> Option<&ArticleStance> {
        self.heads.article.as_ref()
    }

    /// The regression from the positions of sentences to that of their article; `None` where the pack tells no positions.
    pub fn article_position(&self) -> Option<&ArticleStance> {
        self.position.as_ref().map(|position| &position.article)
    }

    /// Whether the pack has a head for sources, cues and contents of quotes.
    pub fn finds_parts(&self) -> bool {
        self.heads.attribution.is_some()
    }

    /// Whether the pack has a head for the stance of a holder towards a target.
    pub fn finds_holders(&self) -> bool {
        self.heads.directed.is_some()
    }

    /// Reads all passages; the readings have their order. The next group of passages is tokenized while the encoder works on
    /// a group.
    ///
    /// # Errors
    /// When a text cannot be tokenized, or the computation fails.
    pub fn read(&self, passages: &[Passage], wanted: ReaderOutputs) -> Result<Vec<Reading>, ModelError> {
        let tokens = &self.tokens;
        let mut readings = Vec::with_capacity(passages.len());
        thread::scope(|scope| {
            let (sender, groups) = mpsc::sync_channel(1);
            scope.spawn(move || {
                // A send fails only after reading has failed, whose error is returned below.
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

    /// Reads a group batch by batch. A passage is finished as soon as all its windows went through the encoder, so that token
    /// vectors are kept only of the last batch and of batches with windows of unfinished passages.
    fn read_group(
        &self,
        group: &[(&Passage, Encoded)],
        wanted: ReaderOutputs,
    ) -> Result<Vec<Reading>, ModelError> {
        let lengths: Vec<usize> = group.iter().map(|(_, encoded)| encoded.len()).collect();
        let windows = batches::windows(&lengths, self.max_tokens);
        let batches = batches::plan(&windows, self.batch_tokens);
        let mut remaining = vec![0usize; group.len()];
        windows.iter().for_each(|window| remaining[window.passage] += 1);
        let mut outputs: Vec<Vec<WindowOutput>> = group.iter().map(|_| Vec::new()).collect();
        let mut readings = vec![Reading::default(); group.len()];
        let mut states = BTreeMap::new();
        for (number, members) in batches.iter().enumerate() {
            let rows: Vec<&Window> = members.iter().map(|&w| &windows[w]).collect();
            let (found, vectors) = self.encode_batch(group, &rows, number, wanted)?;
            states.insert(number, vectors);
            let mut whole = Vec::with_capacity(members.len());
            for (window, found) in rows.iter().zip(found) {
                outputs[window.passage].push(found);
                remaining[window.passage] -= 1;
                if remaining[window.passage] == 0 {
                    whole.push(window.passage);
                }
            }
            for &passage in &whole {
                outputs[passage].sort_by_key(|window| window.pieces.start);
                let (input, encoded) = &group[passage];
                readings[passage] = self.read_words(input.text, encoded, &outputs[passage], wanted);
            }
            self.add_stances(group, &whole, &outputs, &states, wanted, &mut readings)?;
            states.retain(|&batch, _| batches[batch].iter().any(|&w| remaining[windows[w].passage] > 0));
            whole.into_iter().for_each(|passage| outputs[passage] = Vec::new());
        }
        memory::release();
        Ok(readings)
    }

    /// Entity logits of the first window of a text: one row for each word piece, one number for each label of the pack. For
    /// comparing with other implementations.
    ///
    /// # Errors
    /// When the text cannot be tokenized, or the computation fails.
    pub fn entity_logits(&self, text: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        let passage = Passage::of(text);
        let encoded = self.tokens.encode(text)?;
        let windows = batches::windows(&[encoded.len()], self.max_tokens);
        let Some(first) = windows.first() else {
            return Ok(Vec::new());
        };
        let (outputs, _) =
            no_grad(|| self.encode_batch(&[(&passage, encoded)], &[first], 0, ReaderOutputs::ALL))?;
        Ok(outputs[0].logits.chunks(self.labels.len()).map(<[f32]>::to_vec).collect())
    }

    /// The encoder pass over one batch: the outputs for each of its windows, and the token vectors.
    fn encode_batch(
        &self,
        group: &[(&Passage, Encoded)],
        windows: &[&Window],
        number: usize,
        wanted: ReaderOutputs,
    ) -> Result<(Vec<WindowOutput>, TokenVectors), ModelError> {
        let rows: Vec<(&Encoded, &Window)> = windows.iter().map(|w| (&group[w.passage].1, *w)).collect();
        let EncoderShape { pad, types, hidden, .. } = self.shape;
        let inputs = batches::inputs(&rows, &self.tokens, pad, types, self.compute.device);
        let output = self.encoder.encode(&inputs).to_kind(Kind::Float);
        let rows_of = |wanted: bool, numbers: &dyn Fn() -> Tensor| match wanted {
            true => to_rows(&numbers()),
            false => Ok(Vec::new()),
        };
        let logits = rows_of(wanted.entities, &|| self.heads.entities.forward(&output))?;
        let vectors = rows_of(wanted.vectors, &|| self.heads.sentence_vectors(&output, &inputs.mask))?;
        let parts = match self.heads.attribution.as_ref().filter(|_| wanted.parts) {
            Some(head) => to_rows(&head.forward(&output))?,
            None => Vec::new(),
        };
        let (width, labels, hidden) = (inputs.width() as usize, self.labels.len(), hidden as usize);
        let part = |numbers: &[f32], start: usize, count: usize| match numbers.is_empty() {
            true => Vec::new(),
            false => numbers[start..start + count].to_vec(),
        };
        let outputs = windows.iter().enumerate().map(|(row, window)| WindowOutput {
            batch: number,
            row,
            pieces: window.pieces.clone(),
            // The first token is `[CLS]`.
            logits: part(&logits, (row * width + 1) * labels, window.pieces.len() * labels),
            parts: part(&parts, (row * width + 1) * PART_LABELS, window.pieces.len() * PART_LABELS),
            vector: part(&vectors, row * hidden, hidden),
        });
        Ok((outputs.collect(), TokenVectors { output, mask: inputs.mask }))
    }

    /// Entities, parts of quotes and vector of one passage from the outputs for its windows.
    fn read_words(
        &self,
        text: &str,
        encoded: &Encoded,
        outputs: &[WindowOutput],
        wanted: ReaderOutputs,
    ) -> Reading {
        let entities = if wanted.entities { self.entities(text, encoded, outputs) } else { Vec::new() };
        let total: usize = outputs.iter().map(|window| window.pieces.len()).sum();
        let mut vector = vec![0.0; outputs.first().map_or(0, |window| window.vector.len())];
        for window in outputs {
            let share = window.pieces.len() as f32 / total as f32;
            for (sum, value) in vector.iter_mut().zip(&window.vector) {
                *sum += share * value;
            }
        }
        let parts = match wanted.parts && self.finds_parts() {
            true => words::parts(encoded, outputs),
            false => Vec::new(),
        };
        Reading { tokens: encoded.len(), entities, parts, vector, ..Reading::default() }
    }

    /// The named entities of a passage.
    fn entities(&self, text: &str, encoded: &Encoded, outputs: &[WindowOutput]) -> Vec<EntityMention> {
        let logits = words::of_words(encoded, outputs, self.labels.len(), |window| &window.logits);
        let scores: Vec<Vec<f64>> = logits.map(bio::log_softmax).collect();
        let found = self.labels.decode(&scores).into_iter().filter_map(|found| {
            let (first, last) = (found.words.start, found.words.end - 1);
            let span = Span::new(encoded.words[first].span.start, encoded.words[last].span.end);
            let span = case::fitted(text, span)?;
            Some(EntityMention { span, kind: found.kind, score: found.score, label: None })
        });
        entities::corrected(text, found)
    }

    /// The salience of the sentences of one article, which is the probability that a sentence belongs in a summary.
    /// `features` has one row for each sentence ([`crate::summary::features`]).
    ///
    /// # Errors
    /// When the pack's salience head takes another number of features.
    pub fn salience<const N: usize>(&self, features: &[[f32; N]]) -> Result<Vec<f64>, ModelError> {
        if features.is_empty() {
            return Ok(Vec::new());
        }
        let takes = self.heads.salience_features();
        if takes != N as i64 {
            let reason = format!(
                "the salience head of the pack takes {takes} features of a sentence, and this program computes {N}"
            );
            return Err(ModelError::Encoder(reason));
        }
        let features = Tensor::from_slice(features.as_flattened()).view([-1, takes]);
        let scores = no_grad(|| self.heads.salience(&features.to_device(self.compute.device)));
        Ok(to_rows(&scores)?.into_iter().map(f64::from).collect())
    }
}

/// The outputs for one window of a passage.
struct WindowOutput {
    /// Index of its batch.
    batch: usize,
    /// Its row in the batch.
    row: usize,
    /// The word pieces of the passage that are in the window.
    pieces: Range<usize>,
    /// Entity logits: a row of one number per label for each word piece.
    logits: Vec<f32>,
    /// Attribution logits: a row of [`PART_LABELS`] for each word piece.
    parts: Vec<f32>,
    /// The sentence vector of the window.
    vector: Vec<f32>,
}

/// The token vectors of a batch.
struct TokenVectors {
    /// (windows, width, hidden).
    output: Tensor,
    /// (windows, width): 1 for tokens, 0 for padding.
    mask: Tensor,
}

/// The window with most context on the shorter side of `pieces`. Windows overlap by a quarter, so at most two of them have
/// the first of the pieces: the last two that do not start later.
fn best_window(outputs: &[WindowOutput], pieces: Range<usize>) -> &WindowOutput {
    let end = outputs.partition_point(|window| window.pieces.start <= pieces.start);
    outputs[end.saturating_sub(2)..end]
        .iter()
        .max_by_key(|window| {
            let before = pieces.start as i64 - window.pieces.start as i64;
            let after = window.pieces.end as i64 - pieces.end as i64;
            before.min(after)
        })
        .expect("a passage with words has a window")
}

/// All numbers of a tensor, row by row.
fn to_rows(tensor: &Tensor) -> Result<Vec<f32>, ModelError> {
    let flat = tensor.to_device(tch::Device::Cpu).to_kind(Kind::Float).contiguous().view(-1);
    Ok(Vec::<f32>::try_from(flat)?)
}

//! The one reading: sentences → tokens → batches of like length → one encoder pass → findings of the heads.
//!
//! Each sentence is read once. Sentences of many articles share batches under a budget of tokens, so
//! that short and long ones do not pay for each other; the order of the input is restored at the end.
//! A sentence longer than the model is read in overlapping windows, and each of its words is judged
//! in the window that shows most of its surroundings.

mod batches;
mod heads;
mod judgements;
mod mentions;
mod tokens;
mod words;

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
use crate::families::encoder::{Encoder, EncoderShape};
use crate::families::{self, EncoderError};
use crate::model::ModelError;
use crate::model::pack::{EncoderSpec, MANIFEST, Pack};
use crate::quotes::Part;
use crate::stance::ArticleStance;
use batches::Window;
use heads::{Heads, PART_LABELS};
use tokens::{Encoded, Tokens};

/// A sentence to read: its text, and what is to be judged in it besides the named entities. Spans are bytes of `text`.
#[derive(Clone, Default)]
pub struct Passage<'a> {
    pub text: &'a str,
    /// Places whose stance is wanted.
    pub mentions: Vec<Span>,
    /// A holder and a target each: what the one thinks of the other is wanted.
    pub pairs: Vec<(Span, Span)>,
}

impl<'a> Passage<'a> {
    /// One of whose mentions nothing is asked.
    pub fn of(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }
}

/// How the sentence stands towards one mention.
#[derive(Debug, Clone, PartialEq)]
pub struct MentionStance {
    /// Byte span in the passage.
    pub span: Span,
    /// Probabilities in the order against, neutral, favor.
    pub probabilities: [f64; 3],
}

/// What a mention, the holder, thinks of another, the target.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldStance {
    /// Byte spans in the passage.
    pub holder: Span,
    pub target: Span,
    /// Probabilities in the order against, neutral, favor. Neutral: the sentence says nothing between these two.
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
    /// One for each pair that was wanted.
    pub held: Vec<HeldStance>,
    /// Who says what, and by which words, in the order of the text.
    pub parts: Vec<Part>,
    /// The sentence's vector: its cosine with another tells how near they are in meaning. Empty without tokens.
    pub vector: Vec<f32>,
}

/// What is wanted of a reading. The encoder pass is needed for all of it; each head is asked only for what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub entities: bool,
    /// The stance towards each entity that was found, and towards the mentions that are given.
    pub stance: bool,
    /// What entities of the sentence hold of the others, and of the mentions that are given.
    pub holders: bool,
    /// Sources, cues and contents of what is said.
    pub parts: bool,
    pub vectors: bool,
}

impl Wanted {
    pub const ALL: Self = Self { entities: true, stance: true, holders: true, parts: true, vectors: true };
    /// The encoder pass alone.
    pub const NOTHING: Self =
        Self { entities: false, stance: false, holders: false, parts: false, vectors: false };
    pub const ENTITIES: Self = Self { entities: true, ..Self::NOTHING };
}

/// A loaded pack: tokenizer, encoder and heads on one device.
pub struct Reader {
    tokens: Tokens,
    encoder: Box<dyn Encoder>,
    heads: Heads,
    labels: BioLabels,
    compute: Compute,
    shape: EncoderShape,
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
        let EncoderSpec { family, weights, config, tokenizer, max_tokens, .. } = &manifest.encoder;
        pack.verify_except(&[weights, config, tokenizer])?;
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
        let heads = Heads::take(&mut tensors, &manifest.heads, shape.hidden, labels.len() as i64)
            .map_err(bad_manifest)?;
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

    /// How the pack sums up an article's judged mentions; `None` where it has not learned that.
    pub fn article_stance(&self) -> Option<&ArticleStance> {
        self.heads.article.as_ref()
    }

    /// Whether the pack finds sources, cues and contents of what is said.
    pub fn finds_parts(&self) -> bool {
        self.heads.attribution.is_some()
    }

    /// Whether the pack tells what one mention holds of another.
    pub fn finds_holders(&self) -> bool {
        self.heads.directed.is_some()
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
            self.judge(group, &whole, &seen, &states, wanted, &mut readings)?;
            states.retain(|&batch, _| batches[batch].iter().any(|&w| unseen[windows[w].passage] > 0));
            whole.into_iter().for_each(|passage| seen[passage] = Vec::new());
        }
        memory::release();
        Ok(readings)
    }

    /// Entity logits of the first window of a text: for each word piece, one number per label of the pack.
    /// For checks of parity with other implementations.
    pub fn entity_logits(&self, text: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        let passage = Passage::of(text);
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
        let seen = windows.iter().enumerate().map(|(row, window)| Seen {
            batch: number,
            row,
            pieces: window.pieces.clone(),
            // The first token is a special one.
            logits: part(&logits, (row * width + 1) * labels, window.pieces.len() * labels),
            parts: part(&parts, (row * width + 1) * PART_LABELS, window.pieces.len() * PART_LABELS),
            vector: part(&vectors, row * hidden, hidden),
        });
        Ok((seen.collect(), States { output, mask: inputs.mask }))
    }

    /// Entities and sentence vector of one passage from the windows it was seen in.
    fn read_words(&self, text: &str, encoded: &Encoded, seen: &[Seen], wanted: Wanted) -> Reading {
        let entities = if wanted.entities { self.entities(text, encoded, seen) } else { Vec::new() };
        let total: usize = seen.iter().map(|window| window.pieces.len()).sum();
        let mut vector = vec![0.0; seen.first().map_or(0, |window| window.vector.len())];
        for window in seen {
            let share = window.pieces.len() as f32 / total as f32;
            for (sum, value) in vector.iter_mut().zip(&window.vector) {
                *sum += share * value;
            }
        }
        let parts = match wanted.parts && self.finds_parts() {
            true => words::parts(encoded, seen),
            false => Vec::new(),
        };
        Reading { tokens: encoded.len(), entities, parts, vector, ..Reading::default() }
    }

    fn entities(&self, text: &str, encoded: &Encoded, seen: &[Seen]) -> Vec<EntityMention> {
        let logits = words::of_words(encoded, seen, self.labels.len(), |window| &window.logits);
        let scores: Vec<Vec<f64>> = logits.map(bio::log_softmax).collect();
        let found = self.labels.decode(&scores).into_iter().filter_map(|found| {
            let (first, last) = (found.words.start, found.words.end - 1);
            let span = Span::new(encoded.words[first].span.start, encoded.words[last].span.end);
            let span = case::fitted(text, span)?;
            Some(EntityMention { span, kind: found.kind, score: found.score, label: None })
        });
        brackets::closed(text, found.collect())
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
    /// Attribution logits, [`PART_LABELS`] a row.
    parts: Vec<f32>,
    /// The vector of what the window shows.
    vector: Vec<f32>,
}

/// Token vectors of a batch, (windows, width, hidden), and its mask.
struct States {
    output: Tensor,
    mask: Tensor,
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

//! An encoder-decoder as the search sees it: it encodes inputs, and scores the next token of each text.

use rust_bert::RustBertError;
use tch::{Tensor, nn::VarStore};

use crate::compute::inputs::Inputs;

/// When a beam search ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// As soon as there are as many finished texts as beams.
    Early,
    /// When the best open beam, judged by its present length, is no better than the finished texts.
    Likely,
    /// When it cannot become better at any length.
    Sure,
}

/// How a text is searched for. Lengths are in tokens and count the one that the decoder is started with.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    pub min_length: usize,
    pub max_length: usize,
    /// 1 is greedy.
    pub beams: usize,
    /// No n-gram of so many tokens comes twice; 0 allows all.
    pub no_repeat_ngram: usize,
    /// Exponent of the length that a text's log probability is divided by (Wu et al. 2016).
    pub length_penalty: f64,
    pub stop: Stop,
    /// What the decoder is started with.
    pub start: i64,
    /// Tokens that end a text.
    pub ends: Vec<i64>,
    /// What has to come behind the start.
    pub first: Option<i64>,
    /// What has to come last where the text has not ended by then.
    pub last: Option<i64>,
}

/// Keys and values of each layer for the tokens so far, and for the input: rust-bert's own type for each family.
pub type Cache<L> = Option<Vec<(Option<L>, Option<L>)>>;

/// A layer's keys and values, (rows, heads, length, width).
pub trait Layer: Send {
    fn reorder(&mut self, rows: &Tensor);
}

macro_rules! layers {
    ($($layer:ty),*) => {$(
        impl Layer for $layer {
            fn reorder(&mut self, rows: &Tensor) {
                self.prev_key = self.prev_key.index_select(0, rows);
                self.prev_value = self.prev_value.index_select(0, rows);
            }
        }
    )*};
}
layers!(rust_bert::bart::LayerState, rust_bert::t5::LayerState, rust_bert::prophetnet::LayerState);

/// What a decoder looks at: the encoded input (rows, width, hidden), its mask (rows, width), and the last token of each
/// row (rows, 1).
pub struct View<'a> {
    pub memory: &'a Tensor,
    pub mask: &'a Tensor,
    pub last: &'a Tensor,
}

pub type Encode<M> = fn(&M, &Tensor, &Tensor) -> Result<Tensor, RustBertError>;
pub type Step<M, L> = fn(&M, &View, Cache<L>) -> Result<(Tensor, Cache<L>), RustBertError>;

/// An encoder-decoder of rust-bert with its weights.
pub struct Writer<M, L> {
    pub model: M,
    pub encode: Encode<M>,
    pub step: Step<M, L>,
    /// Owns the weights.
    pub store: VarStore,
}

impl<M, L> Writer<M, L> {
    /// (inputs, width, hidden)
    pub fn encode(&self, inputs: &Inputs) -> Result<Tensor, RustBertError> {
        (self.encode)(&self.model, &inputs.ids, &inputs.mask)
    }

    /// Scores of the next token, (rows, 1, vocabulary).
    pub fn step(&self, view: &View, cache: Cache<L>) -> Result<(Tensor, Cache<L>), RustBertError> {
        (self.step)(&self.model, view, cache)
    }
}

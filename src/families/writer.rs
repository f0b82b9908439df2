//! An encoder-decoder as the search uses it: it encodes inputs, and scores the next token of each text.

use rust_bert::RustBertError;
use tch::{Tensor, nn::VarStore};

use crate::compute::inputs::Inputs;

/// When a beam search ends (`early_stopping` of `transformers`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyStopping {
    /// As soon as there are as many finished texts as beams (`true`).
    Yes,
    /// When the best unfinished text, scored at its present length, is not better than the finished ones (`false`).
    Heuristic,
    /// When no unfinished text can become better at any length (`"never"`).
    Never,
}

/// Settings of the search for the best text. Lengths are in tokens and include the start token.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// A text does not end before it has this length.
    pub min_length: usize,
    /// A text that has this length ends.
    pub max_length: usize,
    /// Number of beams; with 1 the search is greedy.
    pub beams: usize,
    /// No sequence of this many tokens occurs twice in a text; 0 allows all.
    pub no_repeat_ngram: usize,
    /// Exponent of the length that a text's log probability is divided by (Wu et al. 2016).
    pub length_penalty: f64,
    /// When the search ends.
    pub stop: EarlyStopping,
    /// The start token.
    pub start: i64,
    /// Tokens that end a text.
    pub ends: Vec<i64>,
    /// The token that must follow the start token, if any.
    pub first: Option<i64>,
    /// The token that must come last if a text reaches `max_length`, if any.
    pub last: Option<i64>,
}

/// Keys and values of each layer: first for the tokens so far, then for the input. The types are rust-bert's.
pub type DecoderCache<L> = Option<Vec<(Option<L>, Option<L>)>>;

/// Keys and values of a layer, (rows, heads, length, width).
pub trait LayerCache: Send {
    /// Replaces the rows by those with the given numbers.
    fn reorder(&mut self, rows: &Tensor);
}

macro_rules! layers {
    ($($layer:ty),*) => {$(
        impl LayerCache for $layer {
            fn reorder(&mut self, rows: &Tensor) {
                self.prev_key = self.prev_key.index_select(0, rows);
                self.prev_value = self.prev_value.index_select(0, rows);
            }
        }
    )*};
}
layers!(rust_bert::bart::LayerState, rust_bert::t5::LayerState, rust_bert::prophetnet::LayerState);

/// The input of a decoder for one step.
pub struct DecoderInput<'a> {
    /// The encoded input, (rows, width, hidden).
    pub memory: &'a Tensor,
    /// Its mask, (rows, width).
    pub mask: &'a Tensor,
    /// The last token of each row, (rows, 1).
    pub last: &'a Tensor,
}

/// Encodes token ids with a mask, each (inputs, width).
pub type Encode<M> = fn(&M, &Tensor, &Tensor) -> Result<Tensor, RustBertError>;
/// Scores the next token of each row, and returns the new cache.
pub type Step<M, L> =
    fn(&M, &DecoderInput, DecoderCache<L>) -> Result<(Tensor, DecoderCache<L>), RustBertError>;

/// An encoder-decoder of rust-bert with its weights.
pub struct EncoderDecoder<M, L> {
    /// The model.
    pub model: M,
    /// How its encoder is called.
    pub encode: Encode<M>,
    /// How its decoder is called.
    pub step: Step<M, L>,
    /// Keeps the weights alive.
    pub store: VarStore,
}

impl<M, L> EncoderDecoder<M, L> {
    /// The encoded inputs, (inputs, width, hidden).
    ///
    /// # Errors
    /// When libtorch or rust-bert reports one.
    pub fn encode(&self, inputs: &Inputs) -> Result<Tensor, RustBertError> {
        (self.encode)(&self.model, &inputs.ids, &inputs.mask)
    }

    /// Scores of the next token, (rows, 1, vocabulary), and the new cache.
    ///
    /// # Errors
    /// When libtorch or rust-bert reports one.
    pub fn step(
        &self,
        input: &DecoderInput,
        cache: DecoderCache<L>,
    ) -> Result<(Tensor, DecoderCache<L>), RustBertError> {
        (self.step)(&self.model, input, cache)
    }
}

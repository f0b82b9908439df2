//! Joint readings: two sentences in one input of the encoder, `[CLS] a [SEP] b [SEP]`, so that its attention compares them
//! word by word (a *cross-encoder*, Reimers and Gurevych 2019).
//!
//! The encoder is that of the pack with an update of low rank for each linear layer (Hu et al. 2021), and has a head of its
//! own. `scripts/train/joint.py` trains both. A joint reading costs an encoder pass for each pair, so it is for pairs whose
//! sentence vectors are already similar.

use tch::Kind;

use super::batches::{self, Window};
use super::tokens::{Encoded, PackTokenizer};
use super::{load_encoder, to_rows};
use crate::compute::{Compute, memory};
use crate::families::encoder::{Encoder, EncoderShape, Linear};
use crate::model::ModelError;
use crate::model::pack::Pack;

/// What a joint reading tells of two sentences, as logits: 0 is a probability of one half.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointReading {
    /// Whether one is a paraphrase of the other, as the annotators of MSRP (Dolan and Brockett 2005) see it.
    pub paraphrase: f32,
    /// Whether both state the same fact, among more that each may state.
    pub fact: f32,
}

/// Number of outputs of the head. The third, how similar two headlines are, is only trained for the sake of the others.
const OUTPUTS: i64 = 3;

/// Most word pieces of a sentence that are read; the few longer ones are cut. Two of them fit, with a separator and the special
/// tokens, into [`POSITIONS`].
const LONGEST: usize = 254;
/// The longest input, in tokens, that the encoder must take.
const POSITIONS: i64 = 512;

/// The encoder and head for joint readings.
pub struct JointReader {
    encoder: Box<dyn Encoder>,
    shape: EncoderShape,
    hidden: Linear,
    out: Linear,
}

impl JointReader {
    /// Loads the encoder of a pack with its updates; `None` where the pack has none.
    ///
    /// # Errors
    /// When a file of the pack is missing or damaged, or the updates do not fit the encoder.
    pub fn load(pack: &Pack, compute: &Compute) -> Result<Option<Self>, ModelError> {
        let Some(spec) = &pack.manifest.joint else { return Ok(None) };
        // The update is added in single precision, whatever the precision of the encoder.
        let updates = pack.weights(&spec.weights, |_| Some(Kind::Float), compute.device)?;
        let (encoder, mut tensors) = load_encoder(pack, compute, Some(updates))?;
        let shape = encoder.shape();
        if shape.longest < POSITIONS {
            let reason = format!(
                "is for inputs of {POSITIONS} tokens, and the encoder takes {} at most",
                shape.longest
            );
            return Err(ModelError::pack(&pack.path(&spec.weights), reason));
        }
        let read = Self {
            hidden: Linear::take(&mut tensors, "joint.hidden", shape.hidden, shape.hidden).packed(),
            out: Linear::take(&mut tensors, "joint.out", shape.hidden, OUTPUTS).packed(),
            encoder,
            shape,
        };
        // The heads of single sentences are in the same file as the encoder.
        tensors.finish(|_| false, |name, _| !name.starts_with("joint."))?;
        Ok(Some(read))
    }

    /// Reads pairs of sentences together; the results have their order. Which sentence of a pair is given first makes no
    /// difference: the shorter one is read first.
    ///
    /// # Errors
    /// When a text cannot be tokenized, or the computation fails.
    pub fn read(
        &self,
        tokens: &PackTokenizer,
        compute: &Compute,
        batch_tokens: usize,
        pairs: &[(&str, &str)],
    ) -> Result<Vec<JointReading>, ModelError> {
        let inputs: Vec<Encoded> =
            pairs.iter().map(|pair| joined(tokens, *pair)).collect::<Result<_, _>>()?;
        let windows: Vec<Window> = inputs
            .iter()
            .enumerate()
            .map(|(passage, input)| Window { passage, pieces: 0..input.len() })
            .collect();
        let mut found = vec![JointReading { paraphrase: 0.0, fact: 0.0 }; pairs.len()];
        for members in batches::plan(&windows, batch_tokens) {
            let rows: Vec<(&Encoded, &Window)> = members.iter().map(|&n| (&inputs[n], &windows[n])).collect();
            let EncoderShape { pad, types, .. } = self.shape;
            let batch = batches::inputs(&rows, tokens, pad, types, compute.device);
            let states = self.encoder.encode(&batch).select(1, 0).to_kind(Kind::Float);
            let logits = to_rows(&self.out.forward(&self.hidden.forward(&states).tanh()))?;
            for (member, logits) in members.into_iter().zip(logits.chunks(OUTPUTS as usize)) {
                found[member] = JointReading { paraphrase: logits[0], fact: logits[1] };
            }
        }
        memory::release();
        Ok(found)
    }
}

/// The word pieces of two sentences with a separator between them.
fn joined(tokens: &PackTokenizer, (a, b): (&str, &str)) -> Result<Encoded, ModelError> {
    let length = |text: &str| text.chars().count();
    let (first, second) = if (length(a), a) <= (length(b), b) { (a, b) } else { (b, a) };
    Ok(Encoded::joined(tokens.encode(first)?, tokens.encode(second)?, tokens.last, LONGEST))
}

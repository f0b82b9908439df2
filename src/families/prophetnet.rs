//! ProphetNet (Qi et al. 2020).
//!
//! rust-bert's implementation does not hide padding, so inputs are computed one by one.

use rust_bert::RustBertError;
use rust_bert::prophetnet::{ProphetNetConfig, ProphetNetForConditionalGeneration};

use super::generator::{Generate, loaded};
use super::writer::Search;
use super::{EMPTY, Family};
use crate::compute::Compute;
use crate::compute::inputs::Inputs;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["prophetnet"], generator: Some(generator), ..EMPTY };

fn generator(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Generate>, ModelError> {
    let config: ProphetNetConfig = checkpoint.config()?;
    let model = loaded(
        checkpoint,
        compute,
        &[("lm_head.weight", "prophetnet.word_embeddings.weight")],
        |store| ProphetNetForConditionalGeneration::new(store.root(), &config),
        |model: &ProphetNetForConditionalGeneration, ids, _| model.encode(Some(ids), None, None),
        |model, view, cache| {
            let (memory, last) = (Some(view.memory), Some(view.last));
            let found = model.forward_t(None, None, None, last, None, memory, cache, None, false)?;
            Ok((found.logits, found.next_decoder_cache))
        },
    )?;
    Ok(Box::new(OneByOne(model)))
}

/// Generates for the inputs of a batch one by one.
struct OneByOne(Box<dyn Generate>);

impl Generate for OneByOne {
    fn generate(&self, inputs: &Inputs, search: &Search) -> Result<Vec<Vec<i64>>, RustBertError> {
        let mut found = Vec::new();
        for row in 0..inputs.ids.size()[0] {
            found.extend(self.0.generate(&inputs.row(row), search)?);
        }
        Ok(found)
    }
}

//! Files of a checkpoint → the variables of a rust-bert model, with nothing left over on either side.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;
use tch::{Tensor, nn::VarStore, no_grad};

use super::ModelError;
use super::tensors::Tensors;

/// Variables and the tensors that stand in for them where a file holds what is shared only once.
pub type Tied = &'static [(&'static str, &'static str)];

/// Reads the files of a checkpoint. Checkpoints converted from TensorFlow have the names of its layer norm.
///
/// # Errors
/// As for [`Tensors::read`].
pub fn read_checkpoint(files: &[PathBuf]) -> Result<Tensors, ModelError> {
    Ok(Tensors::read(files)?.rename(|name| {
        name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")
    }))
}

/// Whether a tensor that no variable wants may be left over. Checkpoints of the hub carry more than the model: tables of
/// position numbers and of computed positions, second copies of shared tables, heads for training, and a bias that nobody
/// trains as long as it is zero.
pub fn is_harmless(name: &str, tensor: &Tensor) -> bool {
    static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)(^|\.)position_ids$ | (^|\.)pooler\. | ^cls\. | ^lm_head\. | ^lm_loss\. | ^lm_predictions\. | ^predictions\.
            | ^mask_predictions\. | ^generator_ | ^discriminator_predictions\. | ^sop_classifier\. | ^qa_outputs\.
            | (^|\.)(encoder|decoder)\.embed_(tokens|positions)\.weight$ | ^(mems|mask_emb)$ | ^transformer\.mask_emb$
            | ^deberta\.embeddings\.position_embeddings\.",
        )
        .expect("a valid pattern")
    });
    let idle_bias =
        || name == "final_logits_bias" && i64::try_from(tensor.count_nonzero(None)).is_ok_and(|n| n == 0);
    HARMLESS.is_match(name) || idle_bias()
}

/// Fills a store from the files of a checkpoint. Variables with one of `unused` in their names may be left as they are.
///
/// # Errors
/// When a variable has no tensor, a tensor no variable, or a pair differs in shape: each is named.
pub fn fill_checkpoint(
    store: &VarStore,
    files: &[PathBuf],
    unused: &[&str],
    tied: Tied,
) -> Result<(), ModelError> {
    let mut tensors = read_checkpoint(files)?;
    for (variable, source) in tied {
        tensors.tie(variable, source);
    }
    for (name, mut variable) in store.variables() {
        let tensor = tensors.take(&name, &variable.size());
        no_grad(|| variable.f_copy_(&tensor))?;
    }
    tensors.finish(|name| unused.iter().any(|part| name.contains(part)), is_harmless)
}

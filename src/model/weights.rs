//! Copies the weights of a checkpoint into the variables of a rust-bert model, and checks that each has its counterpart.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;
use tch::{Tensor, nn::VarStore, no_grad};

use super::ModelError;
use super::tensors::Tensors;

/// Pairs of a variable and the tensor it shares. A file may hold a shared tensor only once, under the second name.
pub type Tied = &'static [(&'static str, &'static str)];

/// Reads the files of a checkpoint. Layer norms of checkpoints converted from TensorFlow (`gamma`, `beta`) get their
/// usual names.
///
/// # Errors
/// As for [`Tensors::read`].
pub fn read_checkpoint(files: &[PathBuf]) -> Result<Tensors, ModelError> {
    Ok(Tensors::read(files)?.rename(|name| {
        name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")
    }))
}

/// Whether a tensor may be left over although no variable of the model takes it.
///
/// Checkpoints of the hub hold more than the model needs: tables of position numbers and of computed positions, copies
/// of shared tables, heads for pretraining, and an untrained bias, which is all zeros.
pub fn is_ignorable(name: &str, tensor: &Tensor) -> bool {
    static IGNORABLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)(^|\.)position_ids$ | (^|\.)pooler\. | ^cls\. | ^lm_head\. | ^lm_loss\. | ^lm_predictions\. | ^predictions\.
            | ^mask_predictions\. | ^generator_ | ^discriminator_predictions\. | ^sop_classifier\. | ^qa_outputs\.
            | (^|\.)(encoder|decoder)\.embed_(tokens|positions)\.weight$ | ^(mems|mask_emb)$ | ^transformer\.mask_emb$
            | ^deberta\.embeddings\.position_embeddings\.",
        )
        .expect("a valid pattern")
    });
    let untrained_bias =
        || name == "final_logits_bias" && i64::try_from(tensor.count_nonzero(None)).is_ok_and(|n| n == 0);
    IGNORABLE.is_match(name) || untrained_bias()
}

/// Fills a store from the files of a checkpoint. A variable may be missing in the files if its name contains one of
/// `unused`.
///
/// # Errors
/// When a variable has no tensor, a tensor has no variable, or their shapes differ: the message names them.
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
    tensors.finish(|name| unused.iter().any(|part| name.contains(part)), is_ignorable)
}

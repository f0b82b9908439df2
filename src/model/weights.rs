//! Weights → the variables of a rust-bert model, with nothing left over on either side.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;
use tch::{Tensor, nn::VarStore, no_grad};

use super::ModelError;

/// Copies the tensors of a file into the variables of several stores, converting their precision.
///
/// # Errors
/// When a variable has no tensor, a tensor no variable, or a pair differs in shape: each is named.
pub fn fill(stores: &[&VarStore], path: &Path) -> Result<(), ModelError> {
    let mut tensors = read(path)?;
    let missing = copy(stores, &mut tensors, path)?;
    judge(missing, tensors.into_keys().collect(), path)
}

/// Variables and the tensors that stand in for them where a file holds what is shared only once.
pub type Tied = &'static [(&'static str, &'static str)];

/// Fills a store from the files of a checkpoint. Variables with one of `unused` in their names may be left as they are.
/// What checkpoints of the hub carry beyond the model is let pass: tables of position numbers and of
/// computed positions, second copies of shared tables, heads for training, and a bias that nobody trains as long as it is zero.
///
/// # Errors
/// As for [`fill`].
pub fn fill_checkpoint(
    store: &VarStore,
    files: &[PathBuf],
    unused: &[&str],
    tied: Tied,
) -> Result<(), ModelError> {
    static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)(^|\.)position_ids$ | (^|\.)pooler\. | ^cls\. | ^lm_head\. | ^lm_loss\. | ^lm_predictions\. | ^predictions\.
            | ^mask_predictions\. | ^generator_ | ^discriminator_predictions\. | ^sop_classifier\. | ^qa_outputs\.
            | (^|\.)(encoder|decoder)\.embed_(tokens|positions)\.weight$ | ^(mems|mask_emb)$ | ^transformer\.mask_emb$
            | ^deberta\.embeddings\.position_embeddings\.",
        )
        .expect("a valid pattern")
    });
    let mut tensors = BTreeMap::new();
    for file in files {
        // Checkpoints converted from TensorFlow have the names of its layer norm.
        let renamed = |name: String| {
            name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")
        };
        tensors.extend(read(file)?.into_iter().map(|(name, tensor)| (renamed(name), tensor)));
    }
    for (variable, source) in tied {
        if let Some(shared) = tensors.get(*source).map(Tensor::shallow_clone) {
            tensors.entry((*variable).to_owned()).or_insert(shared);
        }
    }
    let shown = &files[0];
    let missing = copy(&[store], &mut tensors, shown)?
        .into_iter()
        .filter(|name| !unused.iter().any(|part| name.contains(part)));
    let idle_bias = |name: &str, tensor: &Tensor| {
        name == "final_logits_bias" && i64::try_from(tensor.count_nonzero(None)).is_ok_and(|n| n == 0)
    };
    let surplus =
        tensors.iter().filter(|(name, tensor)| !HARMLESS.is_match(name) && !idle_bias(name, tensor));
    judge(missing.collect(), surplus.map(|(name, _)| name.clone()).collect(), shown)
}

/// The tensors of a file by name.
fn read(path: &Path) -> Result<BTreeMap<String, Tensor>, ModelError> {
    let bad = |what: &str, error| ModelError::pack(path, format!("is not a {what} file: {error}"));
    let tensors = match path.extension().is_some_and(|extension| extension == "ot") {
        true => Tensor::load_multi(path).map_err(|error| bad("rust-bert", error))?,
        false => Tensor::read_safetensors(path).map_err(|error| bad("safetensors", error))?,
    };
    Ok(tensors.into_iter().collect())
}

/// Moves tensors into the variables of their names; gives back the variables that have none.
fn copy(
    stores: &[&VarStore],
    tensors: &mut BTreeMap<String, Tensor>,
    path: &Path,
) -> Result<Vec<String>, ModelError> {
    let mut missing = Vec::new();
    for store in stores {
        for (name, mut variable) in store.variables() {
            let Some(tensor) = tensors.remove(&name) else {
                missing.push(name);
                continue;
            };
            if tensor.size() != variable.size() {
                let (found, wanted) = (tensor.size(), variable.size());
                let reason = format!("has '{name}' in shape {found:?} where the model has {wanted:?}");
                return Err(ModelError::pack(path, reason));
            }
            no_grad(|| variable.f_copy_(&tensor))?;
        }
    }
    Ok(missing)
}

fn judge(mut missing: Vec<String>, surplus: Vec<String>, path: &Path) -> Result<(), ModelError> {
    missing.sort();
    if missing.is_empty() && surplus.is_empty() {
        return Ok(());
    }
    let reason =
        format!("does not fit the model: missing {}; surplus {}", some_of(&missing), some_of(&surplus));
    Err(ModelError::pack(path, reason))
}

/// Up to five names and how many more there are.
fn some_of(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    match names.len() {
        0 => "none".into(),
        n if n > 5 => format!("{} and {} more", shown.join(", "), n - 5),
        _ => shown.join(", "),
    }
}

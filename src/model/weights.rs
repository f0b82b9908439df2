//! safetensors → the variables of a rust-bert model, with nothing left over on either side.

use std::path::Path;

use tch::{Tensor, nn::VarStore, no_grad};

use super::ModelError;

/// Copies the tensors of a file into the variables of several stores, converting their precision.
///
/// # Errors
/// When a variable has no tensor, a tensor no variable, or a pair differs in shape: each is named.
pub fn fill(stores: &[&VarStore], path: &Path) -> Result<(), ModelError> {
    let bad = |reason: String| ModelError::pack(path, reason);
    let mut tensors: std::collections::BTreeMap<String, Tensor> = Tensor::read_safetensors(path)
        .map_err(|error| bad(format!("is not a safetensors file: {error}")))?
        .into_iter()
        .collect();
    let mut missing = Vec::new();
    for store in stores {
        for (name, mut variable) in store.variables() {
            let Some(tensor) = tensors.remove(&name) else {
                missing.push(name);
                continue;
            };
            if tensor.size() != variable.size() {
                let (found, wanted) = (tensor.size(), variable.size());
                return Err(bad(format!("has '{name}' in shape {found:?} where the model has {wanted:?}")));
            }
            no_grad(|| variable.f_copy_(&tensor))?;
        }
    }
    missing.sort();
    let surplus: Vec<&str> = tensors.keys().map(String::as_str).collect();
    if !missing.is_empty() || !surplus.is_empty() {
        return Err(bad(format!(
            "does not fit the model: missing {}; surplus {}",
            some_of(&missing),
            some_of(&surplus)
        )));
    }
    Ok(())
}

/// Up to five names and how many more there are.
fn some_of<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(AsRef::as_ref).collect();
    match names.len() {
        0 => "none".into(),
        n if n > 5 => format!("{} and {} more", shown.join(", "), n - 5),
        _ => shown.join(", "),
    }
}

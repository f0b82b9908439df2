//! Chooses the files that hold the weights of a model: one rule for pulling, verifying and loading.
//!
//! Weights are in one safetensors file, in several (**shards**, with an index), or in rust-bert's `.ot` format. A
//! Python pickle can run code when it is read, so it is never chosen.

/// Weights in one file.
pub(super) const SAFETENSORS: &str = "model.safetensors";
/// Index of weights in shards.
pub(super) const INDEX: &str = "model.safetensors.index.json";
/// Weights in rust-bert's format.
pub(super) const OT: &str = "rust_model.ot";
/// Endings of pickles.
const PICKLES: [&str; 5] = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];

/// The files of the weights, by name.
#[derive(Debug, PartialEq, Eq)]
pub enum Weights<'a> {
    /// All in one file.
    One(&'a str),
    /// In several files.
    Shards {
        /// The index, which says which shard holds which weight.
        index: &'a str,
        /// The shards in order.
        shards: Vec<&'a str>,
    },
}

/// Why no weights can be chosen.
#[derive(Debug, PartialEq, Eq)]
pub enum NoWeights {
    /// There are no files of weights.
    None,
    /// There are only pickles, with these names.
    Pickles(Vec<String>),
    /// Some shards are missing.
    Incomplete {
        /// How many shards are there.
        shards: usize,
    },
}

/// Chooses from the names of all files of a model: one safetensors file, else its shards, else `.ot`.
///
/// # Errors
/// When there are no weights, only pickles, or not all shards.
pub fn choose_weights<'a>(names: &[&'a str]) -> Result<Weights<'a>, NoWeights> {
    let has = |wanted: &str| names.iter().copied().find(|name| *name == wanted);
    if let Some(one) = has(SAFETENSORS) {
        return Ok(Weights::One(one));
    }
    if let Some(index) = has(INDEX) {
        return Ok(Weights::Shards { index, shards: shards(names)? });
    }
    if let Some(one) = has(OT) {
        return Ok(Weights::One(one));
    }
    let is_pickle = |name: &&&str| PICKLES.iter().any(|end| name.ends_with(end));
    let pickles: Vec<String> = names.iter().filter(is_pickle).map(|name| name.to_string()).collect();
    Err(if pickles.is_empty() { NoWeights::None } else { NoWeights::Pickles(pickles) })
}

/// The shards `model-00001-of-00003.safetensors` and so on, in order: all of them or an error.
fn shards<'a>(names: &[&'a str]) -> Result<Vec<&'a str>, NoWeights> {
    let number = |text: &str| (text.len() == 5).then(|| text.parse::<usize>().ok()).flatten();
    let shard = |name: &'a str| -> Option<(usize, usize, &'a str)> {
        let (at, of) = name.strip_prefix("model-")?.strip_suffix(".safetensors")?.split_once("-of-")?;
        Some((number(at)?, number(of)?, name))
    };
    let mut shards: Vec<(usize, usize, &str)> = names.iter().filter_map(|name| shard(name)).collect();
    shards.sort_unstable();
    let total = shards.first().map_or(0, |&(_, total, _)| total);
    let complete = total > 0
        && shards.len() == total
        && shards.iter().zip(1..).all(|(&(at, of, _), expected)| at == expected && of == total);
    if !complete {
        return Err(NoWeights::Incomplete { shards: shards.len() });
    }
    Ok(shards.into_iter().map(|(_, _, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_preferred_to_shards_and_shards_to_ot() {
        let parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        let all = [OT, parts[1], INDEX, parts[0], SAFETENSORS, "pytorch_model.bin"];
        assert_eq!(choose_weights(&all), Ok(Weights::One(SAFETENSORS)));
        let without_one: Vec<&str> = all.into_iter().filter(|name| *name != SAFETENSORS).collect();
        assert_eq!(
            choose_weights(&without_one),
            Ok(Weights::Shards { index: INDEX, shards: parts.to_vec() })
        );
        assert_eq!(choose_weights(&without_one[..3]), Err(NoWeights::Incomplete { shards: 1 }));
        assert_eq!(choose_weights(&[OT, "pytorch_model.bin"]), Ok(Weights::One(OT)));
        assert_eq!(
            choose_weights(&["pytorch_model.bin"]),
            Err(NoWeights::Pickles(vec!["pytorch_model.bin".into()]))
        );
        assert_eq!(choose_weights(&["config.json"]), Err(NoWeights::None));
    }
}

//! Which files of a repository or a folder make up a model, and which are never touched.

use super::StoreError;
use crate::model::files::{INDEX, NoWeights, Weights, weights};

const CONFIG: &str = "config.json";
/// What tokenizers of the known families are made of, and settings that belong to the model.
const BESIDE: [&str; 12] = [
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "bpe.codes",
    "spiece.model",
    "spm.model",
    "sentencepiece.bpe.model",
];

/// Chooses from the names of all files at `place` (a reference or a folder, for the error).
///
/// # Errors
/// When there is no configuration, or no weights in a form that is accepted.
pub(super) fn choose<'a>(
    names: impl IntoIterator<Item = &'a str>,
    place: &str,
) -> Result<Vec<&'a str>, StoreError> {
    let names: Vec<&str> = names.into_iter().collect();
    let has = |wanted: &str| names.iter().copied().find(|name| *name == wanted);
    let not_a_model = |reason: String| StoreError::NotAModel { place: place.into(), reason };
    let config = has(CONFIG).ok_or_else(|| {
        not_a_model("it has no config.json; choose a model in the form that transformers writes".into())
    })?;
    let mut chosen = vec![config];
    chosen.extend(BESIDE.iter().filter_map(|name| has(name)));
    match weights(&names) {
        Ok(Weights::One(file)) => chosen.push(file),
        Ok(Weights::Parts { index, parts }) => {
            chosen.push(index);
            chosen.extend(parts);
        }
        Err(NoWeights::None) => {
            return Err(not_a_model("it has no weights: neither model.safetensors nor rust_model.ot".into()));
        }
        Err(NoWeights::Pickles(files)) => {
            return Err(StoreError::OnlyPickle { place: place.into(), files });
        }
        Err(NoWeights::Incomplete { parts }) => {
            return Err(not_a_model(format!(
                "it has {parts} of the parts of its weights that {INDEX} speaks of; pull it again"
            )));
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_weights_are_chosen_and_pickles_never() {
        let all = [
            "README.md",
            "config.json",
            "pytorch_model.bin",
            "vocab.txt",
            "rust_model.ot",
            "model.safetensors",
        ];
        assert_eq!(choose(all, "x").unwrap(), ["config.json", "vocab.txt", "model.safetensors"]);
        assert_eq!(
            choose(all[..5].iter().copied(), "x").unwrap(),
            ["config.json", "vocab.txt", "rust_model.ot"]
        );
        assert!(matches!(choose(all[..4].iter().copied(), "x"), Err(StoreError::OnlyPickle { .. })));
        assert!(choose(["config.json"], "x").unwrap_err().to_string().contains("no weights"));
        assert!(choose(["model.safetensors"], "x").unwrap_err().to_string().contains("no config.json"));
        assert!(choose(["config.json", "../model.safetensors"], "x").is_err());
    }

    #[test]
    fn weights_in_parts_are_all_there_or_refused() {
        let parts = ["model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors"];
        let names = [&["config.json", INDEX][..], &parts].concat();
        assert_eq!(choose(names.clone(), "x").unwrap()[2..], [parts[1], parts[0]]);
        assert!(choose(names[..3].iter().copied(), "x").unwrap_err().to_string().contains("1 of the parts"));
    }
}

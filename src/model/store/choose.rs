//! Chooses the files of a repository or folder that make up a model. All others are neither pulled nor read.

use super::StoreError;
use crate::model::files::{INDEX, NoWeights, Weights, choose_weights};

const CONFIG: &str = "config.json";
/// Files of tokenizers and of settings; a model has some of them.
const OPTIONAL: [&str; 12] = [
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

/// Chooses from the names of all files at `place`, which is a reference or a folder and is named in errors.
///
/// # Errors
/// When there is no configuration, or there are no weights in an accepted format.
pub(super) fn choose_files<'a>(
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
    chosen.extend(OPTIONAL.iter().filter_map(|name| has(name)));
    match choose_weights(&names) {
        Ok(Weights::One(file)) => chosen.push(file),
        Ok(Weights::Shards { index, shards }) => {
            chosen.push(index);
            chosen.extend(shards);
        }
        Err(NoWeights::None) => {
            return Err(not_a_model("it has no weights: neither model.safetensors nor rust_model.ot".into()));
        }
        Err(NoWeights::Pickles(files)) => {
            return Err(StoreError::OnlyPickle { place: place.into(), files });
        }
        Err(NoWeights::Incomplete { shards }) => {
            return Err(not_a_model(format!(
                "it has {shards} of the parts of its weights that {INDEX} lists; pull it again"
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
        assert_eq!(choose_files(all, "x").unwrap(), ["config.json", "vocab.txt", "model.safetensors"]);
        assert_eq!(
            choose_files(all[..5].iter().copied(), "x").unwrap(),
            ["config.json", "vocab.txt", "rust_model.ot"]
        );
        assert!(matches!(choose_files(all[..4].iter().copied(), "x"), Err(StoreError::OnlyPickle { .. })));
        assert!(choose_files(["config.json"], "x").unwrap_err().to_string().contains("no weights"));
        assert!(choose_files(["model.safetensors"], "x").unwrap_err().to_string().contains("no config.json"));
        assert!(choose_files(["config.json", "../model.safetensors"], "x").is_err());
    }

    #[test]
    fn weights_in_parts_are_all_there_or_refused() {
        let parts = ["model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors"];
        let names = [&["config.json", INDEX][..], &parts].concat();
        assert_eq!(choose_files(names.clone(), "x").unwrap()[2..], [parts[1], parts[0]]);
        assert!(
            choose_files(names[..3].iter().copied(), "x").unwrap_err().to_string().contains("1 of the parts")
        );
    }
}

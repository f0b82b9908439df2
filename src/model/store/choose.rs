//! Which files of a repository or a folder make up a model, and which are never touched.
//!
//! Weights are data: safetensors, one file or several, or rust-bert's `.ot`. A pickle is a program, and is not
//! fetched, not even to look at it.

use super::StoreError;

const CONFIG: &str = "config.json";
const SAFETENSORS: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";
const OT: &str = "rust_model.ot";
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
const PICKLES: [&str; 5] = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];

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
    if let Some(weights) = has(SAFETENSORS) {
        chosen.push(weights);
    } else if let Some(index) = has(INDEX) {
        let shards = shards(&names).map_err(not_a_model)?;
        chosen.push(index);
        chosen.extend(shards);
    } else if let Some(weights) = has(OT) {
        chosen.push(weights);
    } else {
        let is_pickle = |name: &&&str| PICKLES.iter().any(|end| name.ends_with(end));
        let pickles: Vec<String> = names.iter().filter(is_pickle).map(|name| name.to_string()).collect();
        return Err(if pickles.is_empty() {
            not_a_model("it has no weights: neither model.safetensors nor rust_model.ot".into())
        } else {
            StoreError::OnlyPickle { place: place.into(), files: pickles }
        });
    }
    Ok(chosen)
}

/// The parts `model-00001-of-00003.safetensors` and so on: all of them or an error.
fn shards<'a>(names: &[&'a str]) -> Result<Vec<&'a str>, String> {
    let number = |text: &str| (text.len() == 5).then(|| text.parse::<usize>().ok()).flatten();
    let part = |name: &'a str| -> Option<(usize, usize, &'a str)> {
        let (at, of) = name.strip_prefix("model-")?.strip_suffix(".safetensors")?.split_once("-of-")?;
        Some((number(at)?, number(of)?, name))
    };
    let mut parts: Vec<(usize, usize, &str)> = names.iter().filter_map(|name| part(name)).collect();
    parts.sort_unstable();
    let total = parts.first().map_or(0, |&(_, total, _)| total);
    let complete = total > 0
        && parts.len() == total
        && parts.iter().zip(1..).all(|(&(at, of, _), expected)| at == expected && of == total);
    if !complete {
        return Err(format!(
            "it has {} of the parts of its weights that {INDEX} speaks of; pull it again",
            parts.len()
        ));
    }
    Ok(parts.into_iter().map(|(_, _, name)| name).collect())
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

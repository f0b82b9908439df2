//! Stance by **natural language inference** (NLI): does the sentence entail "The author supports …"?
//!
//! Zero-shot classification (Yin et al. 2019) as in `ZeroShotClassificationPipeline` of `transformers`: one hypothesis
//! for each label, and a softmax over the entailment logits of the hypotheses. Any proposition can be a target, without
//! training for it.

use serde::{Deserialize, Serialize};
use tch::{Device, Kind};
use tokenizers::{Encoding, Tokenizer, TruncationParams, TruncationStrategy};

use crate::compute::Compute;
use crate::compute::inputs::{Inputs, batches, softmax};
use crate::families::{Classifier, sequence_classifier};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::stance::Scores;

/// A template of the hypothesis for each label; `{}` stands for the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    favor: String,
    neutral: String,
    against: String,
}

impl Templates {
    /// Parses TOML with `favor`, `neutral` and `against`.
    ///
    /// # Errors
    /// When a template is missing, or does not have exactly one `{}`.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let templates: Self = toml::from_str(toml).map_err(|error| error.to_string())?;
        let all =
            [("favor", &templates.favor), ("neutral", &templates.neutral), ("against", &templates.against)];
        match all.iter().find(|(_, template)| template.matches("{}").count() != 1) {
            Some((name, _)) => Err(format!("'{name}' must have one {{}}, where the target goes")),
            None => Ok(templates),
        }
    }

    /// The hypotheses about a target, in the order favor, neutral, against.
    pub(crate) fn hypotheses(&self, target: &str) -> [String; 3] {
        [&self.favor, &self.neutral, &self.against].map(|template| template.replace("{}", target))
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::parse(include_str!("templates.toml")).expect("the templates in the program are valid")
    }
}

/// A loaded NLI model with its tokenizer.
///
/// A pair is a premise and a hypothesis.
pub struct Nli {
    model: Box<dyn Classifier>,
    tokenizer: Tokenizer,
    templates: Templates,
    /// Number of outputs.
    labels: usize,
    /// Number of the output that means entailment.
    entailment: usize,
    device: Device,
    pad: i64,
    batch_tokens: usize,
}

impl Nli {
    /// Loads a checkpoint. `batch_tokens` is the most tokens in a batch, padding included. The configuration tells
    /// which output means entailment, because the order differs between checkpoints.
    ///
    /// # Errors
    /// When the checkpoint cannot be loaded, or has no label that starts with "entail".
    pub fn load(
        checkpoint: &Checkpoint,
        compute: &Compute,
        batch_tokens: usize,
        templates: Templates,
    ) -> Result<Self, ModelError> {
        let model = sequence_classifier(checkpoint, compute)?;
        let labels = checkpoint.labels()?;
        let entailment = labels.iter().position(|label| label.to_lowercase().starts_with("entail"));
        let entailment = entailment.ok_or_else(|| {
            let reason =
                format!("has no label 'entailment' among {}: is it an NLI model?", labels.join(", "));
            ModelError::pack(&checkpoint.config_path(), reason)
        })?;
        let mut tokenizer = checkpoint.tokenizer()?;
        // A long premise is truncated, the hypothesis never.
        let cut = TruncationParams {
            max_length: checkpoint.max_tokens(),
            strategy: TruncationStrategy::OnlyFirst,
            ..TruncationParams::default()
        };
        tokenizer.with_truncation(Some(cut)).map_err(|error| ModelError::Tokenizer(error.to_string()))?;
        Ok(Self {
            model,
            tokenizer,
            templates,
            labels: labels.len(),
            entailment,
            device: compute.device,
            pad: checkpoint.value("pad_token_id").as_i64().unwrap_or(0),
            batch_tokens,
        })
    }

    /// The stance of each sentence towards its target, for pairs of a sentence and a target.
    ///
    /// # Errors
    /// When the tokenizer or the model reports one.
    pub fn stances(&self, pairs: &[(&str, &str)]) -> Result<Vec<Scores>, ModelError> {
        let hypotheses: Vec<[String; 3]> =
            pairs.iter().map(|(_, target)| self.templates.hypotheses(target)).collect();
        let inputs: Vec<(&str, &str)> = pairs
            .iter()
            .zip(&hypotheses)
            .flat_map(|((sentence, _), three)| {
                three.iter().map(move |hypothesis| (*sentence, hypothesis.as_str()))
            })
            .collect();
        let logits = self.logits(&inputs)?;
        let scores = logits.chunks(3).map(|three| {
            let entailed: Vec<f32> = three.iter().map(|row| row[self.entailment]).collect();
            let shares = softmax(&entailed);
            Scores { favor: shares[0], neutral: shares[1], against: shares[2] }
        });
        Ok(scores.collect())
    }

    /// The probability that each premise entails its hypothesis.
    ///
    /// # Errors
    /// When the tokenizer or the model reports one.
    pub fn entailment(&self, pairs: &[(&str, &str)]) -> Result<Vec<f64>, ModelError> {
        Ok(self.logits(pairs)?.iter().map(|row| softmax(row)[self.entailment]).collect())
    }

    /// The tokens of a pair.
    ///
    /// # Errors
    /// When the tokenizer reports one.
    pub fn encode(&self, pair: (&str, &str)) -> Result<Encoding, ModelError> {
        self.tokenizer.encode(pair, true).map_err(|error| ModelError::Tokenizer(error.to_string()))
    }

    /// The logits of each pair, one per label of the model.
    ///
    /// # Errors
    /// When the tokenizer or the model reports one.
    pub fn logits(&self, pairs: &[(&str, &str)]) -> Result<Vec<Vec<f32>>, ModelError> {
        let encodings: Vec<Encoding> =
            pairs.iter().map(|&pair| self.encode(pair)).collect::<Result<_, _>>()?;
        let lengths: Vec<usize> = encodings.iter().map(Encoding::len).collect();
        let mut found = vec![Vec::new(); pairs.len()];
        for batch in batches(&lengths, self.batch_tokens) {
            let members: Vec<&Encoding> = batch.iter().map(|&i| &encodings[i]).collect();
            let logits = self.model.logits(&Inputs::new(&members, self.pad, self.device))?;
            let flat = Vec::<f32>::try_from(
                logits.to_kind(Kind::Float).to_device(Device::Cpu).contiguous().view(-1),
            )?;
            for (row, &i) in flat.chunks(self.labels).zip(&batch) {
                found[i] = row.to_vec();
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_need_exactly_one_placeholder() {
        let found = Templates::default().hypotheses("the junta");
        assert!(found.iter().all(|hypothesis| hypothesis.contains("the junta")));
        let bad = |toml: &str| Templates::parse(toml).unwrap_err();
        assert!(
            bad("favor = \"{}\"\nneutral = \"x\"\nagainst = \"{}\"").contains("'neutral' must have one {}")
        );
        assert!(bad("favor = \"{}\"").contains("missing field"));
    }
}

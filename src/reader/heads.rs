//! The heads of a pack, which turn the token vectors of the encoder into findings. `scripts/train/model.py` defines and
//! names them; docs/training.md has a table of them.
//!
//! They compute in single precision, whatever the precision of the encoder: they are a few percent of the work, and users
//! compare their probabilities.

use tch::Tensor;

use super::mentions::{MentionHead, mean_over};
use crate::families::encoder::Linear;
use crate::model::pack::HeadsSpec;
use crate::model::tensors::Tensors;
use crate::quotes::PartKind;
use crate::stance::ArticleStance;

/// The heads of a pack. Packs of version 1 have none of the optional ones.
pub struct Heads {
    /// BIO labels of named entities.
    pub entities: Linear,
    /// The stance of a sentence towards a mention.
    pub stance: MentionHead,
    /// The stance of one mention, the holder, towards another, the target.
    pub directed: Option<MentionHead>,
    /// O, B and I labels for source, cue and content of quotes.
    pub attribution: Option<Linear>,
    /// The vector of a sentence from the vector of `[CLS]` and the mean of the token vectors; without it, that mean is taken.
    sentence: Option<Linear>,
    /// The article's own stance from the stances of its sentences.
    pub article: Option<ArticleStance>,
    salience: Salience,
}

/// The probability that a sentence belongs in a summary, from its features.
struct Salience {
    hidden: Linear,
    out: Linear,
    /// How many features of a sentence it takes.
    features: i64,
}

/// Number of outputs of the attribution head for a word: O, B and I for each kind of part.
pub const PART_LABELS: usize = 3 * PartKind::ALL.len();

impl Heads {
    /// Takes the tensors of the heads. `hidden` is the hidden size of the encoder, `labels` the number of labels of the entity
    /// head. All other sizes are those of `spec` or of the tensors.
    ///
    /// # Errors
    /// When `spec` has labels that this program does not know. Tensors with wrong shapes are reported by
    /// [`Tensors::finish`].
    pub fn take(tensors: &mut Tensors, spec: &HeadsSpec, hidden: i64, labels: i64) -> Result<Self, String> {
        let attention: i64 = spec.stance_attention_heads.into();
        if attention < 1 || hidden % attention != 0 {
            return Err(format!(
                "heads.stance_attention_heads is {attention}, which does not divide {hidden}"
            ));
        }
        let known = |what: &str, found: &[String], wanted: &[&str]| match found == wanted {
            true => Ok(()),
            false => Err(format!("heads.{what} must be {wanted:?}")),
        };
        let stances = ["against", "neutral", "favor"];
        known("stance", &spec.stance, &stances)?;
        if let Some(labels) = &spec.directed {
            known("directed", labels, &stances)?;
        }
        if let Some(parts) = &spec.attribution {
            known("attribution", parts, &PartKind::ALL.map(PartKind::name))?;
        }
        let size = tensors.size("salience.hidden.weight").unwrap_or_default();
        let (units, features) = (size.first().copied().unwrap_or(0), size.get(1).copied().unwrap_or(0));
        let directed = spec.directed.as_ref();
        let attribution = spec.attribution.as_ref();
        Ok(Self {
            stance: MentionHead::take(tensors, "stance", hidden, attention, 1),
            directed: directed.map(|_| MentionHead::take(tensors, "directed", hidden, attention, 2)),
            article: match tensors.size("article.weight") {
                Some(_) => Some(article(tensors, "article")?),
                None => None,
            },
            sentence: tensors
                .size("sentence.weight")
                .map(|_| Linear::take(tensors, "sentence", 2 * hidden, hidden).packed()),
            entities: Linear::take(tensors, "entities", hidden, labels).packed(),
            attribution: attribution
                .map(|_| Linear::take(tensors, "attribution", hidden, PART_LABELS as i64).packed()),
            salience: Salience {
                hidden: Linear::take(tensors, "salience.hidden", features, units).packed(),
                out: Linear::take(tensors, "salience.out", units, 1).packed(),
                features,
            },
        })
    }

    /// Vectors of sentences (n, hidden), from token vectors (n, tokens, hidden) and their mask (n, tokens).
    pub fn sentence_vectors(&self, states: &Tensor, mask: &Tensor) -> Tensor {
        let means = mean_over(states, mask);
        match &self.sentence {
            Some(head) => head.forward(&Tensor::cat(&[states.select(1, 0), means], -1)),
            None => means,
        }
    }

    /// How many features of a sentence the salience head takes.
    pub fn salience_features(&self) -> i64 {
        self.salience.features
    }

    /// The salience of the sentences of one article: (sentences, features) → probabilities (sentences).
    pub fn salience(&self, features: &Tensor) -> Tensor {
        let inner = self.salience.hidden.forward(features).tanh();
        self.salience.out.forward(&inner).squeeze_dim(-1).sigmoid()
    }
}

/// What tells positions: what a sentence says for or against a target, whoever is told to say so, and what the article as a
/// whole says. `scripts/train/positions.py` has what they learn from.
pub struct Position {
    /// The position of a sentence towards a mention.
    pub head: MentionHead,
    /// The position of the article from those of its sentences.
    pub article: ArticleStance,
}

impl Position {
    /// Takes the tensors below `position`. `hidden` is the hidden size of the encoder.
    ///
    /// # Errors
    /// When the weights of the regression cannot be read. Tensors with wrong shapes are reported by [`Tensors::finish`].
    pub fn take(tensors: &mut Tensors, spec: &HeadsSpec, hidden: i64) -> Result<Self, String> {
        let attention = spec.stance_attention_heads.into();
        Ok(Self {
            head: MentionHead::take(tensors, "position", hidden, attention, 1),
            article: article(tensors, "position.article")?,
        })
    }
}

/// The regression for the stance of an article. Its weights become plain numbers, because `stance` does not use tensors.
fn article(tensors: &mut Tensors, name: &str) -> Result<ArticleStance, String> {
    let (labels, features) = (ArticleStance::LABELS, ArticleStance::FEATURES);
    let numbers = |tensor: Tensor| -> Result<Vec<f64>, String> {
        let flat = tensor.to_kind(tch::Kind::Double).to_device(tch::Device::Cpu).view(-1);
        Vec::<f64>::try_from(flat).map_err(|error| format!("article weights cannot be read: {error}"))
    };
    let weight = numbers(tensors.take(&format!("{name}.weight"), &[labels as i64, features as i64]))?;
    let bias = numbers(tensors.take(&format!("{name}.bias"), &[labels as i64]))?;
    Ok(ArticleStance::new(&weight, &bias))
}

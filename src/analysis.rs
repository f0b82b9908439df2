//! The result of an analysis: the data types of the JSON that Wirelens writes.
//!
//! `start` and `end` count Unicode code points of the article's text as it was read, `end` exclusive, so that Python's
//! `text[start:end]` gives `text`. Within one `schema_version` fields are added, and never changed or removed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::Span;
use crate::entities::EntityType;
use crate::stance::{Label, Scores};

/// The version of the fields below.
pub const SCHEMA_VERSION: u32 = 1;

/// The findings in one article. Those that were not asked for are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Analysis {
    /// Version of the fields of this object.
    pub schema_version: u32,
    /// File name without extension, or the id that the record has.
    pub id: String,
    /// Title, where the input has one.
    pub title: Option<String>,
    /// Name of the outlet, where the input has one.
    pub source: Option<String>,
    /// Web address, where the input has one.
    pub url: Option<String>,
    /// Date of publication as the input has it.
    pub published: Option<String>,
    /// ISO 639-1 code (639-3 where there is none) of the detected language; null when it could not be detected.
    pub language: Option<String>,
    /// Number of Unicode code points of the text.
    pub characters: usize,
    /// Number of word pieces that the model read.
    pub tokens: usize,
    /// The summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    /// The named entities, in the order of their first mentions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<Entity>>,
    /// The stance towards each target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Vec<TargetStance>>,
    /// The quotes, in the order of their contents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Vec<Quote>>,
    /// Reasons why some findings may be wrong or incomplete.
    pub warnings: Vec<String>,
    /// The text of the article, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[cfg(any(test, feature = "eval"))]
impl Analysis {
    /// The analysis of an article of which nothing but its id is known.
    pub(crate) fn without_findings(id: &str) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            id: id.to_owned(),
            title: None,
            source: None,
            url: None,
            published: None,
            language: None,
            characters: 0,
            tokens: 0,
            summary: None,
            entities: None,
            stance: None,
            quotes: None,
            warnings: Vec::new(),
            text: None,
        }
    }
}

/// How a summary is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Whole sentences of the article, verbatim and in the article's order.
    Extractive,
    /// Sentences written by a model; each is checked against the article.
    Abstractive,
}

/// A summary of the article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// How it is made.
    pub method: Method,
    /// Name of the pack, or of the model that wrote it.
    pub model: String,
    /// The sentences, joined by blanks, without line breaks inside them.
    pub text: String,
    /// The sentences that are taken from the article.
    pub sentences: Vec<SummarySentence>,
    /// The sentences that a model wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generated: Vec<GeneratedSentence>,
    /// 1 where the model that wrote it read the whole article at once. A long article is summarised in parts; each further
    /// level is a summary of the summaries of the level before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
}

impl Summary {
    /// The texts of all sentences, of either method.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let taken = self.sentences.iter().map(|sentence| sentence.text.as_str());
        taken.chain(self.generated.iter().map(|sentence| sentence.text.as_str()))
    }
}

/// A sentence that a model wrote, and how far the article supports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedSentence {
    /// The sentence.
    pub text: String,
    /// The sentence of the article that is nearest to it; null where the article has none.
    pub source: Option<Place>,
    /// Cosine of the vectors of the two sentences.
    pub similarity: f64,
    /// Probability that the nearest sentences entail it; null without an NLI model.
    pub entailment: Option<f64>,
    /// Its names and numbers that the article does not have.
    pub unsupported: Vec<String>,
    /// Whether the article has all its names and numbers and, where there is an NLI model, entails it.
    pub supported: bool,
}

/// A sentence of the article that was chosen for the summary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SummarySentence {
    /// First code point.
    pub start: usize,
    /// Behind the last code point.
    pub end: usize,
    /// The sentence.
    pub text: String,
    /// Probability that the sentence belongs in a summary.
    pub score: f64,
}

/// A person, organisation, place or other named thing, with all its mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// The fullest form that the article uses.
    pub name: String,
    /// The type: `PER`, `ORG`, `LOC` or `MISC`.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// The places where the article names it, in order.
    pub mentions: Vec<Mention>,
}

/// A place where the article names an entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// First code point.
    pub start: usize,
    /// Behind the last code point.
    pub end: usize,
    /// The words of the article.
    pub text: String,
    /// Mean probability of the labels of its words.
    pub score: f64,
    /// The model's own name of the type, where it is another than Wirelens' (such as `GPE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// The stance of the article towards one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetStance {
    /// Name of the target.
    pub target: String,
    /// The stance.
    pub label: Label,
    /// Probabilities of the labels; null where the target is absent.
    pub scores: Option<Scores>,
    /// Every sentence that mentions the target, strongest first; what the target says itself stands last.
    pub evidence: Vec<Evidence>,
}

/// A sentence that mentions a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// First code point of the sentence.
    pub start: usize,
    /// Behind its last code point.
    pub end: usize,
    /// The sentence.
    pub text: String,
    /// The mention that was classified; of several in the sentence, the one with the highest probability of the label.
    pub mention: Place,
    /// The stance of the sentence.
    pub label: Label,
    /// Probability of the label.
    pub score: f64,
    /// Probabilities of all three labels.
    #[serde(default)]
    pub scores: Option<Scores>,
    /// Who says the words around the mention, where somebody is said to.
    pub speaker: Option<String>,
    /// The person or organisation in the sentence that has this stance; null where it is the author's or nobody's.
    #[serde(default)]
    pub holder: Option<Holder>,
}

/// An entity of a sentence that is for or against the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Holder {
    /// Name of the entity.
    pub name: String,
    /// Its stance: favor or against.
    pub label: Label,
    /// Probability of the label.
    pub score: f64,
}

/// A direct or indirect quote: who says what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// Name of the speaker's entity; null where the speaker is no entity of the article.
    pub speaker: Option<String>,
    /// The words for the speaker, such as "she" or "the French president".
    pub mention: Option<Place>,
    /// The words that show that it is said, such as "warned" or "according to"; null where only a colon or quotation marks
    /// show it.
    pub cue: Option<Place>,
    /// What is said, in order; more than one place where other words stand between.
    pub content: Vec<Place>,
    /// Whether all of the content stands between quotation marks.
    pub direct: bool,
    /// Mean probability of its parts; 0.5 where only quotation marks show it.
    pub score: f64,
}

/// A place in the article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// First code point.
    pub start: usize,
    /// Behind the last code point.
    pub end: usize,
    /// The words of the article.
    pub text: String,
}

impl Place {
    /// The span in code points.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// A probability with four decimals, as all results have it. More are not meaningful, and would differ between machines.
pub(crate) fn round(probability: f64) -> f64 {
    (probability * 1e4).round() / 1e4
}

/// Probabilities with four decimals.
pub(crate) fn rounded(scores: Scores) -> Scores {
    let Scores { favor, neutral, against } = scores;
    Scores { favor: round(favor), neutral: round(neutral), against: round(against) }
}

/// The JSON Schema of an [`Analysis`], generated from the types.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Analysis).into()
}

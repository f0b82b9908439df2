//! The result of an analysis: plain data, the contract with everything that reads Wirelens' output.
//!
//! `start` and `end` count Unicode code points of the article's text as it was read, end exclusive, so
//! that Python's `text[start:end]` gives `text`. Fields are added to, never changed, within one
//! `schema_version`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::Span;
use crate::entities::EntityType;
use crate::stance::{Label, Scores};

pub const SCHEMA_VERSION: u32 = 1;

/// Everything Wirelens has to say about one article. Findings that were not asked for are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Analysis {
    pub schema_version: u32,
    /// File name without extension, or the record's own id.
    pub id: String,
    pub title: Option<String>,
    pub source: Option<String>,
    pub url: Option<String>,
    pub published: Option<String>,
    /// ISO 639-1 code (639-3 where there is none) of the detected language; null when it cannot be told.
    pub language: Option<String>,
    /// Unicode code points of the text.
    pub characters: usize,
    /// Word pieces the model read.
    pub tokens: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<Entity>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Vec<TargetStance>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Vec<Quote>>,
    /// What a reader of these findings should know before trusting them.
    pub warnings: Vec<String>,
    /// The text itself, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Whole sentences of the article, verbatim and in its order.
    Extractive,
    /// Written by a model; each sentence is compared with the article.
    Abstractive,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub method: Method,
    /// Name of the pack, or of the model that wrote.
    pub model: String,
    /// The sentences, joined by blanks, and without the line breaks that only fold them.
    pub text: String,
    /// Those taken from the article.
    pub sentences: Vec<SummarySentence>,
    /// Those that a model wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generated: Vec<GeneratedSentence>,
    /// 1 where the model that wrote saw the article at once; each further level summarised summaries of its parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
}

impl Summary {
    /// The sentences, whoever wrote them.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let taken = self.sentences.iter().map(|sentence| sentence.text.as_str());
        taken.chain(self.generated.iter().map(|sentence| sentence.text.as_str()))
    }
}

/// A sentence that a model wrote, and what in the article bears it out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedSentence {
    pub text: String,
    /// The sentence of the article that is nearest to it; null where the article has none.
    pub source: Option<Place>,
    /// Cosine of the vectors of the two.
    pub similarity: f64,
    /// Probability that the nearest sentences entail it; null without an NLI model.
    pub entailment: Option<f64>,
    /// Its names and numbers that the article does not have.
    pub unsupported: Vec<String>,
    /// Whether all its names and numbers are the article's, and it is entailed where that was asked.
    pub supported: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SummarySentence {
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// Probability that the sentence belongs in a summary.
    pub score: f64,
}

/// A person, organisation, place or other name, with every place where the article names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: EntityType,
    pub mentions: Vec<Mention>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// Mean probability of the labels of its words.
    pub score: f64,
    /// The type as the model calls it, where its types are not ours (such as `GPE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// How the article stands towards one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetStance {
    pub target: String,
    pub label: Label,
    /// Null where the target is absent.
    pub scores: Option<Scores>,
    /// Every sentence that mentions the target, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A sentence that mentions a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// The mention that was judged.
    pub mention: Place,
    pub label: Label,
    /// Probability of the label.
    pub score: f64,
    /// Probabilities of all three labels.
    #[serde(default)]
    pub scores: Option<Scores>,
    /// Who says it, where the text names one.
    pub speaker: Option<String>,
    /// Whose stance it is by the sentence, and what they think of the target; null where it is the author's or nobody's.
    #[serde(default)]
    pub holder: Option<Holder>,
}

/// Somebody in the sentence, and what they think of the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Holder {
    /// As the entities have it.
    pub name: String,
    /// Favor or against.
    pub label: Label,
    /// Probability of the label.
    pub score: f64,
}

/// Somebody is told to say something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// Who says it, by the article's name for them; null where it has none.
    pub speaker: Option<String>,
    /// The words that stand for the speaker, as "she" or "the French president".
    pub mention: Option<Place>,
    /// The words that tell that it is said, as "warned" or "according to"; null where nothing but a colon or quotation marks
    /// shows it.
    pub cue: Option<Place>,
    /// The words that tell what is said, in order; more than one where others stand between them.
    pub content: Vec<Place>,
    /// Whether all of the content stands between quotation marks.
    pub direct: bool,
    /// Mean probability of its parts.
    pub score: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

impl Place {
    /// In code points.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The JSON Schema of an [`Analysis`], generated from the types.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Analysis).into()
}

//! The result of an analysis: plain data, the contract with everything that reads Wirelens' output.
//!
//! `start` and `end` count Unicode code points of the article's text as it was read, end exclusive, so
//! that Python's `text[start:end]` gives `text`. Fields are added to, never changed, within one
//! `schema_version`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub method: Method,
    /// Name of the pack.
    pub model: String,
    /// The sentences, joined by blanks.
    pub text: String,
    pub sentences: Vec<SummarySentence>,
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
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// The JSON Schema of an [`Analysis`], generated from the types.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Analysis).into()
}

//! The result of a comparison: plain data, the contract with everything that reads it.
//!
//! Places count Unicode code points, as in an [`Analysis`](crate::Analysis). Fields are added to, never changed, within
//! one `schema_version`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Evidence, Quote};
use crate::entities::EntityType;
use crate::stance::{Label, Scores};

pub const SCHEMA_VERSION: u32 = 1;

/// What several outlets tell of one or more events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    pub schema_version: u32,
    pub events: Vec<Event>,
    /// What a reader should know before trusting the comparison.
    pub warnings: Vec<String>,
}

/// One event as outlets tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// The most telling sentence of the digest.
    pub title: String,
    pub articles: Vec<ComparedArticle>,
    /// In the order of their first articles.
    pub outlets: Vec<String>,
    /// The event in few words: sentences of the outlets, in an order that reads.
    pub digest: Vec<Sentence>,
    /// Those of most outlets first.
    pub shared: Vec<Fact>,
    /// What a single outlet reports, most telling first.
    pub only_here: Vec<OnlyHere>,
    pub differences: Vec<Difference>,
    /// Passages that outlets have nearly word for word, as from a news agency.
    pub reuse: Vec<Reuse>,
    pub names: Vec<NameRow>,
    pub quoted: Vec<SpeakerRow>,
    pub leanings: Vec<LeaningRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedArticle {
    pub id: String,
    pub outlet: String,
    pub title: Option<String>,
    pub url: Option<String>,
    pub published: Option<String>,
    pub warnings: Vec<String>,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sentence {
    /// Id of the article.
    pub article: String,
    pub outlet: String,
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// Whether it repeats, nearly word for word, a sentence that stands before it in the same list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
}

/// A fact that several outlets tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// The best wording, which is one of the sentences.
    pub text: String,
    /// Those that carry it.
    pub outlets: Vec<String>,
    /// The best wording first.
    pub sentences: Vec<Sentence>,
    /// Mean probability that two of its sentences tell the same.
    pub score: f64,
}

/// What one outlet alone reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OnlyHere {
    pub outlet: String,
    pub sentences: Vec<Sentence>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DifferenceKind {
    /// Another number of the same thing.
    Quantity,
    /// Another year of the same thing.
    Date,
    /// The same words said by somebody else.
    Attribution,
}

/// What is given differently. Which of them is right is not said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    pub kind: DifferenceKind,
    /// What it is about: the words that the sentences share.
    pub about: String,
    /// Two or more.
    pub sides: Vec<Side>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// As the outlets write it.
    pub value: String,
    pub outlets: Vec<String>,
    pub sentences: Vec<Sentence>,
}

/// A passage that several outlets have nearly word for word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reuse {
    pub words: usize,
    pub outlets: Vec<String>,
    /// The passage in each article.
    pub passages: Vec<Sentence>,
}

/// Who is named where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NameRow {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Mentions by each outlet, in the order of the event's outlets.
    pub mentions: Vec<usize>,
}

/// Who is quoted where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpeakerRow {
    /// By name, else in the words of the text.
    pub speaker: String,
    /// By each outlet, in the order of the event's outlets.
    pub quotes: Vec<Vec<ArticleQuote>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleQuote {
    pub article: String,
    #[serde(flatten)]
    pub quote: Quote,
}

/// How outlets stand towards a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeaningRow {
    pub target: String,
    /// By each outlet, in the order of the event's outlets; null where it never mentions the target.
    pub outlets: Vec<Option<Leaning>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Leaning {
    pub label: Label,
    pub scores: Scores,
    /// Mean over the sentences in the outlet's own voice; null where there are none.
    pub own_voice: Option<Scores>,
    /// Mean over the sentences that somebody else is told to say; null where there are none.
    pub quoted: Option<Scores>,
    pub evidence: Vec<ArticleEvidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleEvidence {
    pub article: String,
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// The JSON Schema of a [`Comparison`], generated from the types.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Comparison).into()
}

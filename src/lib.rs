//! Wirelens reads news articles once with a pretrained transformer and answers four questions from
//! that single reading: what does the article say (a summary), whom and what does it name (entities), who says
//! what in it (quotes), and how does it stand towards the things the reader cares about (stance). Articles of one
//! event are compared ([`compare`]).
//!
//! Data moves left to right and never back:
//!
//! ```text
//! input → Article → sentences → reader (one encoder pass) → entities, quotes, stance, summary → Analysis → report
//! ```
//!
//! [`Article`] in, [`Analysis`] out: these two are the public language of the crate. Several of them make a
//! [`Comparison`](compare::Comparison).
//!
//! ```
//! use wirelens::{Analyzer, Article, ModelOptions, Pack, Request};
//!
//! let pack = Pack::find(None)?;
//! let analyzer = Analyzer::load(&pack, ModelOptions::default())?;
//! let article = Article::new("note", "Emmanuel Macron met Olaf Scholz in Berlin on Tuesday.");
//! let analyses = analyzer.analyze(&[article], &Request::default())?;
//! let names: Vec<&str> = analyses[0].entities.iter().flatten().map(|e| e.name.as_str()).collect();
//! assert_eq!(names, ["Emmanuel Macron", "Olaf Scholz", "Berlin"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analysis;
pub mod batch;
pub mod compare;
#[cfg(feature = "eval")]
pub mod eval;
pub mod input;
#[cfg(feature = "html")]
pub mod report;

// For the program, the tests and the measurements of this repository; no promise is made about them to anybody else.
#[doc(hidden)]
pub mod article;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod compute;
#[doc(hidden)]
pub mod entities;
#[doc(hidden)]
pub mod families;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod fuzzing;
#[doc(hidden)]
pub mod jobs;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod quotes;
#[doc(hidden)]
pub mod reader;
#[doc(hidden)]
pub mod stance;
#[doc(hidden)]
pub mod summary;

mod analyzer;
// Only the program sets the hook.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
mod panics;

pub use analysis::Analysis;
pub use analyzer::{Analyzer, ModelFolder, ModelOptions, ReadSentence, Request, Task};
pub use article::Article;
pub use compute::{ComputeError, DeviceChoice, PrecisionChoice};
pub use entities::EntityType;
pub use jobs::{nli::Templates, summarizer::Writing, tagger::Aggregation};
pub use model::{ModelError, pack::Pack};
pub use stance::{Label, Scores, Target, TargetError};
pub use summary::Length;

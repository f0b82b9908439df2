//! The **jobs** that a checkpoint chosen by the user can do instead of the pack, one file each: entities by a token
//! classifier, stance by natural language inference, summaries by a generator.

pub mod nli;
pub mod summarizer;
pub mod tagger;

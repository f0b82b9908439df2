//! The subject of a verb in a sentence, by the words around it: no parser, but more than the nearest name.
//!
//! A sentence is a row of [`Token`]s, in which a name or a quotation is one. From a verb the row is walked to the left,
//! over adverbs, phrases with a preposition ("of the CDU", "in a statement") and insertions between commas ("who met
//! Emmanuel Macron on Monday"), to the noun or name that the verb belongs to.

mod chain;
mod phrase;
mod small_words;
mod subject;
mod token;

pub use chain::chain;
pub use phrase::Subject;
pub use small_words::is_determiner;
pub use subject::{main_subject, subject_before, subject_behind};
pub use token::{Kind, Token, tokens};

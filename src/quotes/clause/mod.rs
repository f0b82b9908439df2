//! Finds the subject of a verb in a sentence, by rules over word classes, without a parser.
//!
//! A sentence is a list of [`Token`]s; a name or a quotation is one token. The search goes from a verb to the left. It
//! skips adverbs, prepositional phrases ("of the CDU", "in a statement") and insertions between commas ("who met Emmanuel
//! Macron on Monday"), and ends at the noun or name that is the subject.

mod chain;
mod phrase;
mod several;
mod source;
mod subject;
mod token;
mod word_classes;

pub use chain::chain;
pub use phrase::{Subject, phrase_start};
pub use source::head_of_source;
pub use subject::{ends_clause, main_subject, names_as_subjects, subject_before, subject_behind};
pub use token::{Token, TokenKind, tokens};
pub use word_classes::{
    FORMS_OF_BE, FORMS_OF_HAVE, PLURALS, RELATIVE_PRONOUNS, ends_as_adverb, is_article, is_determiner,
    is_office_or_group, is_past_form, is_preposition, starts_phrase,
};

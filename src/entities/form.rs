//! A form: one of the ways in which an article writes a name, with all its mentions.

use super::EntityMention;
use super::gender::Gender;
use super::names::Name;
use super::person::PersonName;

/// Mentions with one spelling, and of people with one form of address.
pub struct Form {
    pub name: Name,
    /// The same taken apart as that of a person.
    pub person: PersonName,
    /// What "Mr" or "Mrs" before a family name says.
    pub address: Option<Gender>,
    pub mentions: Vec<EntityMention>,
}

/// Follows owners to the form that owns itself, or back to the start of a circle.
pub fn root_of(owner: &[usize], start: usize) -> usize {
    let mut at = start;
    for _ in 0..owner.len() {
        if owner[at] == at {
            return at;
        }
        at = owner[at];
    }
    start
}

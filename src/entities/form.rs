//! A *form*: one spelling of a name in an article, with all its mentions.

use super::EntityMention;
use super::gender::Gender;
use super::names::Name;
use super::person::PersonName;

/// Mentions with one spelling, and of people with one form of address.
pub struct Form {
    /// The name, for comparison with other names.
    pub name: Name,
    /// The name, for comparison with names of people.
    pub person: PersonName,
    /// The gender that a form of address ("Mr", "Mrs") before a family name shows.
    pub address: Option<Gender>,
    /// At least one, in the order of the text.
    pub mentions: Vec<EntityMention>,
}

/// The root of `start`: `owner[i]` is the item that item `i` is joined to, and a root is its own owner. Gives `start` back
/// where the owners form a circle.
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

//! How an article uses letter case, which decides whether a capital letter shows that a name is meant.

/// How an article uses letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextCase {
    /// It has capital and small letters, or its script has no letter case.
    Usual,
    /// It has no capital letter, so that an alias with a capital has to match small letters.
    AllSmall,
    /// It has no small letter, so that a capital does not show a name.
    AllCapitals,
}

impl TextCase {
    /// The letter case of an article.
    pub fn of(text: &str) -> Self {
        match (text.contains(char::is_uppercase), text.contains(char::is_lowercase)) {
            (false, true) => Self::AllSmall,
            (true, false) if mostly_cased(text) => Self::AllCapitals,
            _ => Self::Usual,
        }
    }
}

/// Whether more than nine tenths of the letters have a case: "北约 (NATO)" is no text in capitals.
fn mostly_cased(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    10 * letters().filter(|c| c.is_uppercase() || c.is_lowercase()).count() > 9 * letters().count()
}

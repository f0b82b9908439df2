//! How an article uses letter case, and so what a capital in it can prove.

/// How an article uses letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// As usual; also where the script has none.
    Usual,
    /// It has no capital letter, so an alias cannot ask for one.
    AllSmall,
    /// It has no small letter, so its capitals say nothing.
    AllCapitals,
}

impl Case {
    pub fn of(text: &str) -> Self {
        match (text.contains(char::is_uppercase), text.contains(char::is_lowercase)) {
            (false, true) => Self::AllSmall,
            (true, false) if mostly_cased(text) => Self::AllCapitals,
            _ => Self::Usual,
        }
    }
}

/// Whether hardly a letter is without case: "北约 (NATO)" is no text in capitals.
fn mostly_cased(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    10 * letters().filter(|c| c.is_uppercase() || c.is_lowercase()).count() > 9 * letters().count()
}

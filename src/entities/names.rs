//! When two names may be names of the same thing, judged by their spelling alone.

use unicode_segmentation::UnicodeSegmentation;

/// Words that stand before a person's name and are no part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "sir",
    "dame",
    "lord",
    "lady",
    "prof",
    "professor",
    "president",
    "minister",
    "premier",
    "chancellor",
    "general",
    "gen",
    "colonel",
    "col",
    "captain",
    "capt",
    "major",
    "lieutenant",
    "lt",
    "sergeant",
    "sgt",
    "admiral",
    "king",
    "queen",
    "prince",
    "princess",
    "pope",
    "senator",
    "sen",
    "rep",
    "gov",
    "governor",
    "judge",
    "justice",
    "sheikh",
    "imam",
];

/// Words that say what kind of thing a name names: "Operation Barkhane" and "Barkhane" are one.
const KINDS: &[&str] = &[
    "operation",
    "task",
    "force",
    "forces",
    "mission",
    "group",
    "company",
    "corporation",
    "corp",
    "inc",
    "ltd",
    "plc",
    "party",
    "agency",
    "newspaper",
    "city",
    "state",
    "republic",
    "province",
    "region",
    "river",
    "lake",
    "mount",
    "county",
    "district",
    "university",
    "bank",
    "club",
    "fc",
];

/// Small words that initials pass over.
const SMALL: &[&str] =
    &["of", "the", "and", "for", "in", "on", "to", "a", "de", "du", "des", "la", "le", "et"];

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Words in small letters, without a leading article, a title or a possessive.
    pub words: Vec<String>,
    /// All letters and digits, in small letters: "U.N." and "UN", "MINUSMA" and "Minusma" are equal.
    pub key: String,
    /// First letters of the words that are not small.
    initials: String,
    /// `words` without those that only say what kind of thing it is.
    core: Vec<String>,
    /// Whether it is written like an acronym: one word of capitals, full stops between them or not.
    is_acronym: bool,
}

impl Name {
    pub fn new(surface: &str) -> Self {
        let bare = strip_possessive(surface.trim());
        let mut words: Vec<String> =
            bare.unicode_words().map(|word| strip_possessive(word).to_lowercase()).collect();
        while words.len() > 1 && (words[0] == "the" || TITLES.contains(&words[0].as_str())) {
            words.remove(0);
        }
        let letters: Vec<char> = bare.chars().filter(|c| c.is_alphabetic()).collect();
        let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
        let is_acronym = !bare.contains(char::is_whitespace)
            && (2..=10).contains(&letters.len())
            && capitals == letters.len();
        let initials = words
            .iter()
            .filter(|word| !SMALL.contains(&word.as_str()))
            .filter_map(|word| word.chars().next())
            .collect();
        let key = words.concat().chars().filter(|c| c.is_alphanumeric()).collect();
        let core = words.iter().filter(|word| !KINDS.contains(&word.as_str())).cloned().collect();
        Self { words, key, initials, core, is_acronym }
    }

    /// "Macron" for "Emmanuel Macron": the words that end a longer name of a person.
    pub fn is_surname_of(&self, full: &Name) -> bool {
        self.words.len() < full.words.len() && full.words.ends_with(&self.words)
    }

    /// "EU" for "European Union".
    pub fn is_acronym_of(&self, long: &Name) -> bool {
        self.is_acronym && long.words.len() > 1 && self.key == long.initials
    }

    /// Whether this can stand in brackets behind its long form: written like an acronym, and its first
    /// letter among those of the long form's words.
    pub fn may_abbreviate(&self, long: &Name) -> bool {
        let first = self.key.chars().next();
        self.is_acronym && long.words.len() > 1 && first.is_some_and(|c| long.initials.contains(c))
    }

    /// "Barkhane" for "Operation Barkhane": the longer name without words that only say what it is.
    pub fn is_core_of(&self, long: &Name) -> bool {
        self.words.len() < long.words.len() && self.words == long.core
    }

    /// Long names that differ in a letter or two, such as "Stabilisation" and "Stabilization".
    pub fn is_variant_of(&self, other: &Name) -> bool {
        // What is cheap comes first: an article of megabytes has many pairs of names.
        self.key.len() >= 12
            && self.key.len().abs_diff(other.key.len()) <= 2
            && self.key.chars().next() == other.key.chars().next()
            && self.words.len() == other.words.len()
            && digits(&self.key).eq(digits(&other.key))
            && strsim::normalized_levenshtein(&self.key, &other.key) >= 0.93
    }
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

/// "Mali's" → "Mali", "allies'" → "allies".
fn strip_possessive(word: &str) -> &str {
    ["'s", "’s", "'S", "’S", "'", "’"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text)
    }

    #[test]
    fn spelling_variants_share_a_key() {
        for (a, b) in [
            ("MINUSMA", "Minusma"),
            ("U.N.", "UN"),
            ("the Sahel", "Sahel"),
            ("Mali's", "Mali"),
            ("Mali’s", "Mali"),
        ] {
            assert_eq!(name(a).key, name(b).key, "{a} {b}");
        }
        assert_ne!(name("Niger").key, name("Nigeria").key);
    }

    #[test]
    fn short_forms_are_recognised() {
        assert!(name("Macron").is_surname_of(&name("Emmanuel Macron")));
        assert!(!name("Emmanuel").is_surname_of(&name("Emmanuel Macron")));
        assert!(name("EU").is_acronym_of(&name("European Union")));
        assert!(name("U.N.").is_acronym_of(&name("United Nations")));
        assert!(!name("Eu").is_acronym_of(&name("European Union")));
        assert!(name("Barkhane").is_core_of(&name("Operation Barkhane")));
        assert!(name("Takuba").is_core_of(&name("Task Force Takuba")));
        assert!(!name("Union").is_core_of(&name("European Union")));
        assert!(name("Stabilization Mission").is_variant_of(&name("Stabilisation Mission")));
        assert!(!name("South Korea").is_variant_of(&name("North Korea")));
    }
}

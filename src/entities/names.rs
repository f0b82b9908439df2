//! Whether two names may be names of the same thing, by their spelling alone: acronyms, short forms, spelling variants.
//! Names of people are in `person`.

mod known;

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use super::EntityType;
use super::letters::{folded, folded_wide, is_invisible, without_possessive};
use super::members::are_member_and_group;
use known::{KNOWN_AS, MORE_PAPERS, OWN_ACRONYMS, PAPERS};

/// Words for the kind of thing that a name names: "Operation Barkhane" and "Barkhane" are the same.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "operation", "task", "force", "forces", "mission", "group", "company", "party", "agency",
    "newspaper", "islands", "city", "state", "republic", "province", "region", "river", "lake", "mount", "district",
    "university", "school", "news", "bank", "club", "fc", "hurricane", "typhoon", "cyclone", "storm", "tropical", "front", "media", "movement",
    "network", "program", "programme", "caucus",
];

/// What a longer name may have in front, besides the places and organisations that the article names: "House Freedom Caucus",
/// "Department of Homeland Security".
#[rustfmt::skip]
const OWNERS: &[&str] = &[
    "us", "un", "unitednations", "eu", "uk", "congressional", "federal", "house", "senate", "state", "departmentof", "usdepartmentof",
    "ministryof",
];

/// Members of parties, who are not only those of "House Republicans".
const PARTISANS: &[&str] = &["conservatives", "democrats", "greens", "liberals", "republicans", "socialists"];

/// Lands that rivers and lakes are named after: "Lake Chad", "Colorado River".
#[rustfmt::skip]
const LANDS: &[&str] = &[
    "alabama", "arkansas", "chad", "colorado", "congo", "connecticut", "delaware", "gambia", "illinois", "iowa", "jordan",
    "kansas", "lebanon", "michigan", "minnesota", "mississippi", "missouri", "moscow", "nicaragua", "niger", "ohio",
    "ontario", "senegal", "tennessee", "victoria", "wisconsin",
];

/// Legal forms of companies.
#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    "ab", "ag", "asa", "bhd", "co", "corp", "corporation", "gmbh", "holding", "holdings", "inc", "incorporated", "kk",
    "limited", "llc", "llp", "lp", "ltd", "nv", "oyj", "plc", "pty", "sa", "se", "spa",
];

/// Words that have no letter in an acronym.
const SMALL: &[&str] =
    &["of", "the", "and", "for", "in", "on", "to", "a", "de", "du", "des", "la", "le", "et"];

/// A name, split into words for comparison with other names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Folded words, without a leading "the", possessive endings, or an acronym in brackets at the end.
    pub words: Vec<String>,
    /// All letters and digits, folded: "U.N." and "UN", "MINUSMA" and "Minusma", "Mélenchon" and "Melenchon" are equal.
    pub key: String,
    /// The key with umlauts as two letters; `None` where the name has none.
    pub wide_key: Option<String>,
    /// The acronym that the name itself gives in brackets: "who" in "World Health Organization (WHO)".
    acronym: Option<String>,
    /// First letters of the words, without those of [`SMALL`] words.
    initials: String,
    /// First letters of all words.
    all_initials: String,
    /// The initials with both letters of "US": "usaid" of "U.S. Agency for International Development".
    owned_initials: Option<String>,
    /// `words` without those for the kind of thing ([`KINDS`]).
    core: Vec<String>,
    /// Whether a legal form ends it: "Toyota Motor Corp".
    is_company: bool,
    /// The words in alphabetical order, without those of [`SMALL`].
    sorted: Vec<String>,
    /// Whether it has an "of" or "for".
    has_of: bool,
    /// The key of what is before the comma in "Parkland, Fla".
    before_comma: Option<String>,
    /// Whether it [looks like an acronym](looks_like_acronym).
    is_acronym: bool,
}

/// The words of a name as they are written, without possessive endings and a leading "the".
fn words_of(name: &str) -> Vec<&str> {
    let mut words: Vec<&str> = name.unicode_words().map(strip_possessive).collect();
    if words.len() > 1 && folded(words[0]) == "the" {
        words.remove(0);
    }
    // "United States Navy" is the "U.S. Navy".
    let starts: Vec<String> = words.iter().take(3).map(|word| folded(word)).collect();
    if starts.len() == 3 && starts[..2] == ["united", "states"] && starts[2] != "of" {
        words.remove(0);
        words[0] = "US";
    }
    words
}

impl Name {
    /// Splits a name as it is written in a text.
    pub fn new(surface: &str) -> Self {
        let visible: String = surface.chars().filter(|&c| !is_invisible(c)).collect();
        let bare = strip_possessive(visible.trim());
        let (bare, acronym) = match bare.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
            Some((long, short)) if looks_like_acronym(short) => {
                (long.trim_end(), Some(letters_of(&folded(short))))
            }
            _ => (bare, None),
        };
        let surfaces = words_of(bare);
        let words: Vec<String> = surfaces.iter().map(|word| folded(word)).collect();
        let initials: String = words
            .iter()
            .filter(|word| !SMALL.contains(&word.as_str()))
            .filter_map(|word| word.chars().next())
            .collect();
        let all_initials = words.iter().filter_map(|word| word.chars().next()).collect();
        let wide: String =
            surfaces.iter().map(|word| folded_wide(word).unwrap_or_else(|| folded(word))).collect();
        // "Dolce and Gabbana" is "Dolce & Gabbana".
        let key_words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "and").collect();
        let key = letters_of(&if key_words.is_empty() { words.concat() } else { key_words.concat() });
        let wide_key = letters_of(&wide);
        let is_form = |word: &String| LEGAL_FORMS.contains(&word.as_str());
        let is_company = words.len() > 1 && words.last().is_some_and(is_form);
        let is_kind = |word: &String| KINDS.contains(&word.as_str()) || is_form(word);
        let core = words.iter().filter(|word| !is_kind(word)).cloned().collect();
        let wide_key = (wide_key != key).then_some(wide_key);
        // "U.S. Department of Justice" is the "Justice Department".
        let owner = usize::from(words.len() > 2 && letters_of(&words[0]) == "us");
        let mut sorted: Vec<String> =
            words.iter().skip(owner).filter(|word| !SMALL.contains(&word.as_str())).cloned().collect();
        sorted.sort();
        let owned_initials = (owner == 1).then(|| format!("us{}", initials.get(1..).unwrap_or_default()));
        let has_of = words.iter().any(|word| word == "of" || word == "for");
        let before_comma = bare.split_once(", ").map(|(place, _)| letters_of(&folded(place)));
        let is_acronym = looks_like_acronym(bare);
        Self {
            words,
            key,
            wide_key,
            acronym,
            initials,
            all_initials,
            owned_initials,
            core,
            is_company,
            sorted,
            has_of,
            before_comma,
            is_acronym,
        }
    }

    /// The keys of the acronyms that this name may have: "eu" of "European Union", "dj" and "doj" of "Department of Justice", "ice" of
    /// "U.S. Immigration and Customs Enforcement". "us" is none of "U.S. Steel".
    pub fn acronyms(&self) -> impl Iterator<Item = &str> {
        let first = self.words.first().map(|word| letters_of(word)).unwrap_or_default();
        let is_owned = ["us", "uk"].contains(&first.as_str());
        let owned = is_owned.then(|| self.initials.get(1..)).flatten();
        let all_owned = is_owned.then(|| self.all_initials.get(1..)).flatten();
        let spelled = [
            Some(self.initials.as_str()),
            Some(&self.all_initials),
            self.owned_initials.as_deref(),
            owned,
            all_owned,
            self.initials_of_subject(owned),
        ];
        let all =
            spelled.into_iter().flatten().filter(|letters| letters.len() > 1).chain(self.acronym.as_deref());
        all.filter(move |acronym| self.words.len() > 1 && *acronym != first)
    }

    /// The initials of what a department is for, at least three: "hhs" of "Health and Human Services Department". `owned` are the
    /// initials without whose department it is.
    fn initials_of_subject<'a>(&'a self, owned: Option<&'a str>) -> Option<&'a str> {
        let initials = owned.unwrap_or(&self.initials);
        let is_department = |word: Option<&String>| {
            word.is_some_and(|word| ["department", "ministry"].contains(&word.as_str()))
        };
        let subject = match (is_department(self.words.first()), is_department(self.words.last())) {
            (true, _) => initials.get(1..),
            (_, true) => initials.get(..initials.len().saturating_sub(1)),
            _ => None,
        };
        subject.filter(|letters| letters.len() > 2)
    }

    /// Whether this is the last part of a longer name: "Macron" of "Emmanuel Macron".
    pub fn is_surname_of(&self, full: &Name) -> bool {
        self.words.len() < full.words.len() && full.words.ends_with(&self.words)
    }

    /// Whether this is one of the [acronyms](Self::acronyms) of a longer name.
    pub fn is_acronym_of(&self, long: &Name) -> bool {
        let is_meant = match self.own_name() {
            Some(name) => long.key == name || long.acronym.as_ref() == Some(&self.key),
            None => long.acronyms().any(|acronym| acronym == self.key),
        };
        self.is_acronym && is_meant
    }

    /// The key of the name that this acronym always stands for, if any.
    fn own_name(&self) -> Option<&'static str> {
        OWN_ACRONYMS.iter().find(|(short, _)| *short == self.key).map(|(_, name)| *name)
    }

    /// Whether two letters and the initials of a longer name are the same by chance, because only one of them names a place: "D.C."
    /// and "Department of Commerce".
    pub fn has_initials_by_chance(&self, kind: EntityType, long_kind: EntityType) -> bool {
        let is_place = |kind| kind == EntityType::Loc;
        self.key.len() == 2 && is_place(kind) != is_place(long_kind) && self.own_name().is_none()
    }

    /// Whether this may be an acronym in brackets behind its long form: it is written like an acronym, and its first letter
    /// is the first letter of one of the words of the long form.
    pub fn may_abbreviate(&self, long: &Name) -> bool {
        let first = self.key.chars().next();
        self.is_acronym && long.words.len() > 1 && first.is_some_and(|c| long.initials.contains(c))
    }

    /// Whether this is a longer name without the words for its kind: "Barkhane" of "Operation Barkhane".
    pub fn is_core_of(&self, long: &Name) -> bool {
        // Mexico City is not Mexico.
        let city_of_country = long.words.last().is_some_and(|word| word == "city")
            && ["mexico", "kuwait", "guatemala", "panama", "oklahoma", "kansas"].contains(&self.key.as_str());
        // Nor is a religion its extremists.
        let is_religion = long.key == "islamicstate";
        // "Mission, Texas" is a town, and no mission.
        let is_place = long.before_comma.is_some();
        !city_of_country
            && !is_religion
            && !is_place
            && self.words.len() < long.words.len()
            && self.words == long.core
    }

    /// Whether a word of the longer name makes it the name of another thing: "Gaza" and "Gaza City", "Michigan" and "Michigan
    /// State", "Chad" and "Lake Chad". `kind` is the type of both.
    pub fn is_apart_from(&self, long: &Name, kind: EntityType) -> bool {
        let is_water = long.words.iter().any(|word| ["lake", "mount", "river"].contains(&word.as_str()));
        if kind == EntityType::Loc && is_water {
            return LANDS.contains(&self.key.as_str());
        }
        match (kind, long.words.last().map(String::as_str)) {
            (EntityType::Loc, Some("city")) => !["newyork", "vatican"].contains(&self.key.as_str()),
            (EntityType::Org, Some("state")) => true,
            _ => false,
        }
    }

    /// Whether this is the full name of a newspaper: "Washington Post".
    pub fn is_newspaper(&self) -> bool {
        let is_last = |word: &String| PAPERS.contains(&word.as_str()) || MORE_PAPERS.contains(&word.as_str());
        self.words.len() > 1 && self.words.last().is_some_and(is_last)
    }

    /// Whether this is the name of a company without its last words: "Toyota" of "Toyota Motor Corp".
    pub fn is_company_of(&self, long: &Name) -> bool {
        let all_kinds = self.words.iter().all(|word| KINDS.contains(&word.as_str()));
        long.is_company
            && self.words.len() < long.words.len()
            && !all_kinds
            && long.words.starts_with(&self.words)
    }

    /// Whether both are known to name the same: "ISIS" and "Islamic State".
    pub fn is_known_as(&self, other: &Name) -> bool {
        KNOWN_AS.contains(&(&self.key, &other.key))
    }

    /// The keys of names that are known to name the same.
    pub fn known_as(&self) -> impl Iterator<Item = &'static str> {
        KNOWN_AS.iter().filter(|(short, _)| *short == self.key).map(|(_, long)| *long)
    }

    /// Whether this is the name of a body without whose body it is: "Freedom Caucus" of "House Freedom Caucus". `named` are the
    /// keys of the places, peoples and organisations that the article names. Courts are left apart: "Supreme Court" beside "Texas
    /// Supreme Court" is mostly another one.
    pub fn is_body_of(&self, long: &Name, named: &HashSet<&str>) -> bool {
        if !self.is_surname_of(long) {
            return false;
        }
        let owner = letters_of(&long.words[..long.words.len() - self.words.len()].concat());
        // "U.S. Navy" and "U.S. Supreme Court" are mostly called "Navy" and "Supreme Court".
        if owner == "us" {
            return true;
        }
        if self.words.len() < 2 || self.words.iter().any(|word| word == "court") {
            return false;
        }
        OWNERS.contains(&owner.as_str()) || named.contains(owner.as_str())
    }

    /// Whether this is a name without what the longer one is for: "Sheikh Hamad Award" of "Sheikh Hamad Award for Translation".
    pub fn is_before_for_of(&self, long: &Name) -> bool {
        let next = long.words.get(self.words.len());
        self.words.len() > 1 && next.is_some_and(|next| next == "for") && long.words.starts_with(&self.words)
    }

    /// Whether this is the last word of the name of a team or another group of people: "Packers" of "Green Bay Packers",
    /// "United" of "Manchester United", or of a newspaper: "Post" of "Washington Post". Other last words, as in "Justice Department",
    /// do not mean one of their kind.
    pub fn is_nickname_of(&self, long: &Name) -> bool {
        let [word] = &self.words[..] else { return false };
        let plural = word.chars().count() >= 5
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !PARTISANS.contains(&word.as_str());
        let is_nickname = plural || word == "united" || PAPERS.contains(&word.as_str());
        is_nickname && long.words.len() > 1 && long.words.last() == Some(word)
    }

    /// Whether this names the members of a party ("Conservatives" of "Conservative Party"), or one of them where the party itself is
    /// not among the keys of all names, `named` ("Democrat" of "Democrats").
    pub fn is_member_of(&self, other: &Name, named: &HashSet<&str>) -> bool {
        let ([member], [first, rest @ ..]) = (&self.words[..], &other.words[..]) else { return false };
        match rest {
            [] => {
                let is_one = member.len() < first.len() && are_member_and_group(member, first);
                is_one && !named.contains(format!("{member}party").as_str())
            }
            [kind] => kind == "party" && member.strip_suffix('s') == Some(first),
            _ => false,
        }
    }

    /// Whether this is the name of a party without that word: "Likud" of "Likud Party".
    pub fn is_party_of(&self, long: &Name) -> bool {
        long.words.len() == 2 && long.words[1] == "party" && self.is_core_of(long)
    }

    /// Whether both have the same words, one of them around an "of" or "for": "Department of Education" and "Education
    /// Department".
    pub fn is_reordered(&self, other: &Name) -> bool {
        self.has_of != other.has_of && self.sorted.len() > 1 && self.sorted == other.sorted
    }

    /// Whether this is the name of a place without the region that the longer one has behind a comma, or with a shorter form of it:
    /// "Parkland" or "Parkland, Fla" of "Parkland, Florida".
    pub fn is_before_comma_of(&self, long: &Name) -> bool {
        // "Fla" has letters of "Florida" in their order.
        let abbreviates = |short: &str, long: &str| {
            let mut letters = long.chars();
            short.len() < long.len()
                && short.get(..1) == long.get(..1)
                && short.chars().all(|c| letters.any(|letter| letter == c))
        };
        let region = |name: &Name, place: &str| name.key.strip_prefix(place).unwrap_or_default().to_owned();
        match (&self.before_comma, &long.before_comma) {
            (None, Some(place)) => *place == self.key,
            (Some(one), Some(other)) => one == other && abbreviates(&region(self, one), &region(long, one)),
            _ => false,
        }
    }

    /// Whether both are long names that differ in one or two letters: "Stabilisation Mission", "Stabilization Mission".
    pub fn is_variant_of(&self, other: &Name) -> bool {
        // Cheap comparisons come first: an article of megabytes has many pairs of names.
        self.key.len() >= 12
            // "Northern Macedonia" and "Northern Macedonian" are a country and its people.
            && !self.key.starts_with(&other.key)
            && !other.key.starts_with(&self.key)
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

fn letters_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a word is written like an acronym: two to ten letters, the first and the last of them and most of all capitals,
/// with or without full stops ("UN", "U.N.", "AfD").
fn looks_like_acronym(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let capital = |c: &&char| c.is_uppercase();
    let outer = [letters.first(), letters.last()].into_iter().flatten().all(|c| c.is_uppercase());
    let most = 2 * letters.iter().filter(capital).count() > letters.len();
    !word.contains(char::is_whitespace) && (2..=10).contains(&letters.len()) && outer && most
}

/// A word without a possessive ending, of the plural as well: "Mali's" → "Mali", "allies'" → "allies".
pub(super) fn strip_possessive(word: &str) -> &str {
    let bare = without_possessive(word);
    if bare.len() < word.len() { bare } else { word.strip_suffix(['\'', '’']).unwrap_or(word) }
}

#[cfg(test)]
mod tests;

//! Names of people: their parts, and whether a short name fits a longer one.
//!
//! The *core* of a name is its words without what is written before a name but is no part of it: forms of address,
//! offices, photo credits.

use super::gender::{self, Gender};
use super::letters::{folded, is_hyphen};
use super::names::strip_possessive;
use crate::article::trailing_word;

/// Forms of address and abbreviated offices, behind which a name has to follow.
const ADDRESSES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "sen", "sens", "rep", "reps", "gov", "gen", "lt", "col", "capt", "sgt",
    "rev", "prof", "adm", "amb", "cmdr",
];

/// Other words that are written before a person's name and are no part of it.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "admiral", "ambassador", "archbishop", "ayatollah", "bishop", "captain", "cardinal", "chancellor", "colonel", "congressman",
    "congresswoman", "dame", "democrat", "frau", "general", "governor", "herr", "imam", "judge", "justice", "king", "lady",
    "lieutenant", "lord", "madame", "major", "mayor", "minister", "mme", "monsieur", "pope", "premier", "president", "prince",
    "princess", "professor", "queen", "republican", "reverend", "secretary", "senator", "sergeant", "sheikh", "sir", "spokesman",
    "spokesperson", "spokeswoman",
];

/// Words in small letters that join the parts of a name, and with which a name may begin: "van Gogh".
pub const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "ibn", "la",
    "le", "ter", "van", "von", "zu",
];

/// Other words that join the parts of a name, but with which a name that is found does not begin.
const JOINING: &[&str] = &["ap", "das", "e", "of", "ould", "ten", "the", "y"];

/// What may follow a family name.
const SUFFIXES: &[&str] =
    &["jr", "junior", "sr", "senior", "ii", "iii", "iv", "v", "vi", "vii", "viii", "xiv", "xvi"];

/// News agencies and other words of photo credits, which web pages put before a caption without punctuation.
#[rustfmt::skip]
const CREDITS: &[&str] = &[
    "AFP", "AP", "EPA", "EFE", "ANSA", "DPA", "dpa", "TASS", "ANI", "PTI", "IANS", "PA", "UPI", "Reuters", "REUTERS",
    "Getty", "Images", "IMAGES", "Xinhua", "Shutterstock", "Alamy", "Anadolu", "Agency", "Kyodo", "Yonhap", "Photo",
    "PHOTO", "Photos", "Photograph", "Photography", "Image", "Picture", "Pictures", "Credit", "CREDIT", "File",
    "FILE", "Courtesy", "Handout", "Pool", "via", "VIA",
];

/// Family names of China, Korea and Vietnam, where the family name comes first; folded and sorted.
#[rustfmt::skip]
const FAMILY_FIRST: &[&str] = &[
    "ahn", "bae", "baek", "ban", "bo", "bui", "byun", "cai", "cao", "cha", "chang", "chen", "cheng", "cho", "choe",
    "choi", "chong", "chow", "chu", "chun", "chung", "dang", "deng", "ding", "dinh", "do", "dong", "duong", "fan",
    "fang", "feng", "fu", "gao", "geng", "gong", "gu", "guo", "ha", "han", "hao", "he", "ho", "hong", "hou", "hu",
    "hua", "huang", "huynh", "hwang", "im", "jang", "jeon", "jeong", "ji", "jia", "jiang", "jin", "jo", "joo", "ju",
    "jung", "kang", "kim", "ko", "koh", "kong", "kwon", "lai", "lam", "le", "lee", "lei", "leung", "li", "liang",
    "lim", "lin", "ling", "liu", "long", "lu", "luo", "luong", "ly", "ma", "mao", "meng", "mo", "moon", "na", "nam",
    "ngo", "nguyen", "nie", "noh", "oh", "pan", "park", "peng", "pham", "phan", "pyo", "qian", "qiao", "qin", "qiu",
    "ren", "rhee", "ri", "roh", "ryu", "seo", "seong", "shao", "shen", "shi", "shim", "shin", "sim", "so", "sohn",
    "son", "song", "su", "suh", "sun", "tan", "tang", "tao", "tian", "to", "tran", "trinh", "truong", "tsai", "vo",
    "vu", "wan", "wang", "wei", "wen", "won", "wong", "woo", "wu", "xi", "xia", "xiang", "xiao", "xie", "xiong", "xu",
    "xue", "yan", "yang", "yao", "ye", "yeo", "yi", "yim", "yin", "yoo", "yoon", "you", "yu", "yuan", "yun", "zeng",
    "zhang", "zhao", "zheng", "zhong", "zhou", "zhu", "zou",
];

/// Short forms of given names, each with the names that it may stand for; folded.
#[rustfmt::skip]
const NICKNAMES: &[(&str, &str)] = &[
    ("abe", "abraham"), ("al", "albert alan alfred"), ("alex", "alexander alexandra"), ("andy", "andrew"), ("ben", "benjamin"),
    ("bernie", "bernard"), ("bill", "william"), ("bob", "robert"), ("charlie", "charles"), ("chris", "christopher"),
    ("chuck", "charles"), ("cindy", "cynthia"), ("dan", "daniel"), ("dave", "david"), ("debbie", "deborah"), ("dick", "richard"),
    ("don", "donald"), ("doug", "douglas"), ("ed", "edward edwin"), ("fred", "frederick"), ("greg", "gregory"),
    ("jeff", "jeffrey"), ("jerry", "gerald jerome"), ("jim", "james"), ("joe", "joseph"), ("josh", "joshua"), ("kate", "katherine"),
    ("ken", "kenneth"), ("larry", "lawrence"), ("liz", "elizabeth"), ("matt", "matthew"), ("mike", "michael"), ("nick", "nicholas"),
    ("pat", "patrick patricia"), ("pete", "peter"), ("phil", "philip phillip"), ("ray", "raymond"), ("rick", "richard"),
    ("rob", "robert"), ("ron", "ronald"), ("sam", "samuel"), ("steve", "steven stephen"), ("sue", "susan"), ("ted", "edward theodore"),
    ("tim", "timothy"), ("tom", "thomas"), ("tony", "anthony"), ("will", "william"),
];

/// How a shorter name is part of a longer one, the best fit first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is the whole name in another form: without a middle name, or with an initial.
    Whole,
    /// It is the family name.
    Family,
    /// It is another part, such as the given name.
    Part,
}

/// A person's name, split into its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// The words of the core, folded; a name with hyphens is several words.
    pub words: Vec<String>,
    /// What follows the family name: "jr", "iii".
    pub suffix: Option<String>,
    /// The gender that a form of address before the name shows.
    pub gender: Option<Gender>,
}

impl PersonName {
    /// Splits a name as it is written in a text.
    pub fn new(surface: &str) -> Self {
        let surface = strip_possessive(without_credit(surface.trim()));
        let parts = surface.split(|c: char| c.is_whitespace() || c == '.' || c == ',').flat_map(|part| {
            let mut pieces: Vec<String> = part.split(is_hyphen).map(trimmed).collect();
            // "el-Sisi" and "al-Sisi" are the same name.
            if pieces.len() > 1 && pieces[0] == "el" {
                pieces[0] = "al".into();
            }
            pieces
        });
        let mut words: Vec<String> = parts.filter(|word| !word.is_empty()).collect();
        let mut gender = None;
        while words.len() > 1 && (words[0] == "the" || is_before_name(&words[0])) {
            gender = gender.or(gender::of_word(&words[0]));
            words.remove(0);
        }
        let suffix = words.pop_if(|last| SUFFIXES.contains(&last.as_str()));
        if words.is_empty() {
            words.extend(suffix.clone());
        }
        let suffix = suffix.filter(|suffix| words[..] != [suffix.clone()]);
        Self { words, suffix, gender }
    }

    /// All letters and digits; two spellings of one name have the same key.
    pub fn key(&self) -> String {
        let words = self.words.iter().chain(&self.suffix).map(String::as_str);
        words.collect::<String>().chars().filter(|c| c.is_alphanumeric()).collect()
    }

    /// The words without particles at the start: "gaulle" of "de Gaulle".
    fn without_particles(&self) -> &[String] {
        let joins = |word: &str| PARTICLES.contains(&word) || JOINING.contains(&word);
        let first = self.words.iter().position(|word| !joins(word));
        &self.words[first.unwrap_or(0)..]
    }

    /// Whether this has more than a family name or a given name.
    pub fn is_full(&self) -> bool {
        self.without_particles().len() > 1
    }

    /// Whether the family name comes first, as in China, Korea and Vietnam.
    pub(super) fn is_family_first(&self) -> bool {
        let first = |word: &String| FAMILY_FIRST.binary_search(&word.as_str()).is_ok();
        (2..=3).contains(&self.words.len()) && first(&self.words[0])
    }

    /// The gender that the given name shows.
    pub fn gender_of_given_name(&self) -> Option<Gender> {
        let given = self.words.first().filter(|_| self.is_full() && !self.is_family_first())?;
        gender::of_given_name(given)
    }

    /// Whether and how this may be a shorter name of the person called `long`.
    pub fn fit(&self, long: &Self) -> Option<Fit> {
        let (a, b) = (self.without_particles(), long.words.as_slice());
        if a.is_empty() || (self.suffix.is_some() && self.suffix != long.suffix) {
            return None;
        }
        if a.len() == 1 && b == a {
            // "King Charles" fits "Charles III", but "Trump" does not fit "Trump Jr."
            let numbered =
                long.suffix.as_ref().is_some_and(|suffix| suffix.chars().all(|c| "ivx".contains(c)));
            return (numbered && self.suffix.is_none()).then_some(Fit::Whole);
        }
        if a.len() > 1 && is_same_with_more(a, b) {
            // "Donald Trump" is not "Donald Trump Jr."
            return (self.suffix == long.suffix).then_some(Fit::Whole);
        }
        if a.len() >= b.len() {
            return None;
        }
        if b.ends_with(a) || (long.is_family_first() && a == &b[..1]) {
            return Some(Fit::Family);
        }
        let telling = a[0].chars().count() > 1 && !is_before_name(&a[0]);
        (telling && b.windows(a.len()).any(|part| part == a)).then_some(Fit::Part)
    }

    /// Whether this is another full name with at least two more words before it, which are probably another person's name:
    /// "Ann Lee Boris Johnson" for "Boris Johnson".
    pub fn has_stranger_before(&self, other: &Self) -> bool {
        other.is_full() && self.words.ends_with(&other.words) && self.words.len() >= other.words.len() + 2
    }
}

/// A part of a name, folded, without punctuation around it.
fn trimmed(part: &str) -> String {
    folded(part.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether `b` is the name `a` with further middle names, or with full names in place of initials.
fn is_same_with_more(a: &[String], b: &[String]) -> bool {
    let ([a_first, a_middle @ .., a_last], [b_first, b_middle @ .., b_last]) = (a, b) else { return false };
    let initial_of = |short: &String, name: &String| {
        short == name || (short.chars().count() == 1 && name.starts_with(short.as_str()))
    };
    let same = |x: &String, y: &String| initial_of(x, y) || initial_of(y, x);
    let nickname = |x: &str, y: &str| {
        NICKNAMES.iter().any(|(short, long)| *short == x && long.split(' ').any(|name| name == y))
    };
    let letters = |words: &[String]| words.iter().map(String::len).sum::<usize>();
    a_last == b_last
        && (initial_of(a_first, b_first) || nickname(a_first, b_first))
        && a_middle.len() <= b_middle.len()
        && a_middle.iter().zip(b_middle).all(|(x, y)| same(x, y))
        && (a.len(), letters(a)) < (b.len(), letters(b))
}

/// Whether a text is only a form of address or an abbreviated office, behind which a name has to follow: "Mr.", "Sen".
pub fn is_address(text: &str) -> bool {
    ADDRESSES.contains(&text.trim_end_matches('.').to_lowercase().as_str())
}

/// Whether a text ends with a form of address and its full stop, behind which a name has to follow: "… met Mr. ".
pub fn ends_with_address(text: &str) -> bool {
    text.trim_end().strip_suffix('.').is_some_and(|before| is_address(trailing_word(before)))
}

/// Whether a folded word is a form of address or an office, which may stand before a person's name.
fn is_before_name(word: &str) -> bool {
    ADDRESSES.contains(&word) || TITLES.contains(&word)
}

/// Whether a word may stand before a person's name: "President", "Mr.".
pub fn is_title(word: &str) -> bool {
    is_before_name(&trimmed(word))
}

/// The family name in a full name: "Macron" of "President Emmanuel Macron". `None` where the name has one word, or a suffix
/// such as "Jr.".
pub fn family_name(surface: &str) -> Option<&str> {
    let bare = strip_possessive(without_title(without_credit(surface)));
    let name = PersonName::new(bare);
    let mut words = bare.split_whitespace();
    let family = if name.is_family_first() { words.next() } else { words.next_back() };
    family.filter(|word| name.is_full() && name.suffix.is_none() && word.chars().all(char::is_alphabetic))
}

/// A name without forms of address and offices before it: "President Macron" → "Macron".
pub fn without_title(surface: &str) -> &str {
    let mut rest = surface.trim();
    while let Some((first, behind)) = rest.split_once(char::is_whitespace)
        && is_title(first)
    {
        rest = behind.trim_start();
    }
    rest
}

/// A name without a photo credit before or behind it: "AFP Emmanuel Macron" → "Emmanuel Macron".
pub fn without_credit(surface: &str) -> &str {
    let is_credit = |word: &str| {
        let mut parts =
            word.split(['/', '-', '|', ':', '©', '(', ')']).filter(|part| !part.is_empty()).peekable();
        parts.peek().is_none() || parts.all(|part| CREDITS.contains(&part))
    };
    let mut rest = surface.trim();
    while let Some((first, behind)) = rest.split_once(char::is_whitespace)
        && is_credit(first)
        && !behind.trim().is_empty()
    {
        rest = behind.trim_start();
    }
    // At the end, only words that cannot be a family name are removed.
    while let Some((before, last)) = rest.rsplit_once(char::is_whitespace)
        && is_credit(last)
        && !["Agency", "File", "Photo", "Picture", "Pool", "Pa"].contains(&last)
        && !before.trim().is_empty()
    {
        rest = before.trim_end();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(short: &str, long: &str) -> Option<Fit> {
        PersonName::new(short).fit(&PersonName::new(long))
    }

    #[test]
    fn lists_are_sorted() {
        assert!(FAMILY_FIRST.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn short_names_fit_long_ones() {
        for (short, long, wanted) in [
            ("Macron", "Emmanuel Macron", Fit::Family),
            ("Macron’s", "Emmanuel Macron", Fit::Family),
            ("Mr. Macron", "Emmanuel Macron", Fit::Family),
            ("Sens. Harris", "Kamala Harris", Fit::Family),
            ("Amb. Taylor", "Bill Taylor", Fit::Family),
            ("Melenchon", "Jean-Luc Mélenchon", Fit::Family),
            ("Xi", "Xi Jinping", Fit::Family),
            ("Yoon", "Yoon Suk Yeol", Fit::Family),
            ("Kim", "Kim Jong-un", Fit::Family),
            ("Nguyen", "Nguyễn Phú Trọng", Fit::Family),
            ("de Gaulle", "Charles de Gaulle", Fit::Family),
            ("Gaulle", "Charles de Gaulle", Fit::Family),
            ("von der Leyen", "Ursula von der Leyen", Fit::Family),
            ("Van Persie", "Robin van Persie", Fit::Family),
            ("al-Sisi", "Abdel Fattah el-Sisi", Fit::Family),
            ("Sisi", "Abdel Fattah el-Sisi", Fit::Family),
            ("Kennedy", "Robert F. Kennedy Jr.", Fit::Family),
            ("Trump Jr.", "Donald Trump Jr.", Fit::Family),
            ("Kramp-Karrenbauer", "Annegret Kramp-Karrenbauer", Fit::Family),
            ("López Obrador", "Andrés Manuel López Obrador", Fit::Family),
            ("John Kennedy", "John F. Kennedy", Fit::Whole),
            ("John F. Kennedy", "John Fitzgerald Kennedy", Fit::Whole),
            ("J. Kennedy", "John Kennedy", Fit::Whole),
            ("J.K. Rowling", "Joanne K. Rowling", Fit::Whole),
            ("George Bush", "George W. Bush", Fit::Whole),
            ("Mike Bloomberg", "Michael Bloomberg", Fit::Whole),
            ("King Charles", "King Charles III", Fit::Whole),
            ("Boris", "Boris Johnson", Fit::Part),
            ("Lula", "Luiz Inácio Lula da Silva", Fit::Part),
            ("Pedro Sánchez", "Pedro Sánchez Pérez-Castejón", Fit::Part),
            ("Prince Mohammed", "Mohammed bin Salman", Fit::Part),
        ] {
            assert_eq!(fit(short, long), Some(wanted), "{short} {long}");
        }
    }

    #[test]
    fn different_names_do_not_fit() {
        for (short, long) in [
            ("Rachel Johnson", "Boris Johnson"),
            ("George W. Bush", "George H. W. Bush"),
            ("Donald Trump", "Donald Trump Jr."),
            ("Trump Jr.", "Donald Trump"),
            ("Trump", "Trump Jr."),
            ("Kennedy Sr.", "Robert Kennedy Jr."),
            ("Emmanuel Macron", "Macron"),
            ("Mac", "Emmanuel Macron"),
            ("J", "John Kennedy"),
            ("Jane Kennedy", "John F. Kennedy"),
            ("Macron", "Macron"),
        ] {
            assert_eq!(fit(short, long), None, "{short} {long}");
        }
    }

    #[test]
    fn credits_are_no_part_of_a_name() {
        for (surface, name) in [
            ("AFP Emmanuel Macron", "Emmanuel Macron"),
            ("AFP/Getty Images Emmanuel Macron", "Emmanuel Macron"),
            ("Reuters Macron", "Macron"),
            ("Photo: AP Emmanuel Macron", "Emmanuel Macron"),
            ("Emmanuel Macron Getty Images", "Emmanuel Macron"),
            ("Emmanuel Macron", "Emmanuel Macron"),
            ("Getty", "Getty"),
        ] {
            assert_eq!(without_credit(surface), name);
        }
    }
}

//! Lists of words by word class: prepositions, conjunctions, determiners, auxiliaries, adverbs, and some nouns and verbs.

use super::token::{Token, TokenKind};
use crate::article::{MONTHS, TIME_WORDS, WEEKDAYS};
use crate::entities::gender::Gender;
use crate::quotes::cues::cue;

/// Words that begin a prepositional phrase.
pub(super) const PREPOSITIONS: &[&str] = &[
    "of",
    "for",
    "from",
    "at",
    "in",
    "to",
    "with",
    "by",
    "on",
    "against",
    "about",
    "near",
    "under",
    "behind",
    "than",
    "like",
    "into",
    "over",
    "through",
    "during",
    "after",
    "before",
    "between",
    "among",
    "across",
    "without",
    "within",
    "via",
    "outside",
    "inside",
    "toward",
    "towards",
    "since",
    "despite",
    "following",
    "amid",
    "alongside",
    "off",
    "around",
];
/// Words that begin a subordinate clause.
pub(super) const SUBORDINATORS: &[&str] = &[
    "that", "because", "while", "when", "if", "as", "although", "though", "whether", "where", "until",
    "unless", "once", "how", "why", "what", "whereas",
];
/// Words that join two clauses or phrases.
pub(super) const CONJUNCTIONS: &[&str] = &["and", "but", "or", "yet", "then"];
/// Words that begin a noun phrase.
pub(super) const DETERMINERS: &[&str] = &[
    "the", "a", "an", "his", "her", "its", "their", "this", "that", "these", "those", "some", "many",
    "several", "two", "three", "four", "five", "one", "another", "other", "most", "all", "no", "any", "both",
    "our", "my", "your",
];
/// Nouns in the plural that do not end in "s".
pub const PLURALS: &[&str] = &["media", "men", "people", "police", "women"];
/// Words for offices and professions that stand before the name of the person who has them.
#[rustfmt::skip]
pub(super) const OFFICES: &[&str] = &[
    "president", "minister", "chancellor", "premier", "secretary", "secretary-general", "commissioner", "spokesman",
    "spokeswoman", "spokesperson", "general", "colonel", "major", "captain", "sergeant", "commander", "admiral",
    "ambassador", "governor", "mayor", "senator", "congressman", "congresswoman", "representative", "leader",
    "chairman", "chairwoman", "chair", "director", "king", "queen", "pope", "prince", "princess", "bishop",
    "archbishop", "cardinal", "chief", "executive", "boss", "founder", "co-founder", "manager", "coach", "head",
    "prime", "foreign", "defence", "defense", "finance", "interior", "deputy", "vice", "former", "acting", "striker",
    "midfielder", "defender", "goalkeeper", "analyst", "economist", "professor", "editor", "lawyer", "attorney",
    "prosecutor", "judge", "officer", "speaker", "lawmaker", "legislator", "candidate", "star", "player", "author",
    "writer", "actor", "actress", "singer", "scientist", "researcher", "owner", "activist", "correspondent",
    "aide", "adviser", "advisor", "ally", "assistant", "biographer", "counsel", "counselor", "critic", "opponent", "pollster",
    "rival", "strategist", "supporter", "surrogate",
    "auditor", "ayatollah", "brigadier", "ceo", "cfo", "chairperson", "comptroller", "congressperson", "constable", "coo",
    "coroner", "councillor", "councilman", "councilor", "councilwoman", "dean", "detective", "diplomat", "duchess", "duke",
    "earl", "emir", "emperor", "envoy", "imam", "inspector", "lieutenant", "marshal", "mediator", "negotiator", "nominee",
    "ombudsman", "pastor", "priest", "principal", "rabbi", "reverend", "sheikh", "sheriff", "sultan", "superintendent",
    "treasurer", "undersecretary", "whip",
    "anchor", "artist", "astronaut", "billionaire", "businessman", "businesswoman", "campaigner", "columnist", "comedian",
    "commentator", "designer", "doctor", "driver", "engineer", "entrepreneur", "epidemiologist", "expert", "farmer",
    "filmmaker", "historian", "investor", "journalist", "meteorologist", "musician", "nurse", "organiser", "organizer",
    "photographer", "physicist", "pilot", "poet", "presenter", "psychologist", "rapper", "reporter", "resident", "scholar",
    "sociologist", "student", "surgeon", "teacher", "trader", "veteran", "virologist", "volunteer", "voter", "witness",
];
/// Those of them that only say what an office is for: "Secretary of Defense".
pub(super) const OFFICE_FIELDS: &[&str] = &["foreign", "defence", "defense", "finance", "interior"];
/// What stands between the name of a person and the office of somebody who works for them: "Clinton campaign manager".
#[rustfmt::skip]
pub(super) const STAFF: &[&str] = &[
    "campaign", "communications", "legal", "longtime", "media", "national", "personal", "policy", "political", "press",
    "security", "senior", "team", "top", "transition",
];
/// What acts in the name of a person whose name stands before it: "the Trump administration".
#[rustfmt::skip]
pub(super) const GROUPS: &[&str] = &[
    "administration", "advisers", "advisors", "aides", "allies", "associates", "attorneys", "backers", "cabinet", "camp", "campaign",
    "critics", "donors", "family", "foundation", "government", "lawmakers", "lawyers", "leaders", "loyalists", "officials", "opponents",
    "senators", "staffers", "supporters", "surrogates", "team", "voters",
];
/// Auxiliary verbs; of those with "n't" the part before the apostrophe.
pub(super) const AUXILIARIES: &[&str] = &[
    "has", "have", "had", "is", "are", "was", "were", "be", "been", "being", "will", "would", "could",
    "should", "may", "might", "must", "can", "did", "do", "does", "hasn", "didn", "doesn", "wouldn",
    "having",
];
/// Finite forms of "be".
pub const FORMS_OF_BE: &[&str] = &["is", "are", "was", "were"];
/// Finite forms of "have".
pub const FORMS_OF_HAVE: &[&str] = &["has", "have", "had"];
/// Pronouns that begin a relative clause. "That" is not among them, because it begins other clauses, too.
pub const RELATIVE_PRONOUNS: &[&str] = &["who", "whose", "which"];
/// Auxiliaries of the passive.
pub(super) const BE: &[&str] = &["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"];
/// Adverbs that do not end in "-ly", and the "t" of "n't".
pub(super) const ADVERBS: &[&str] = &[
    "also",
    "later",
    "then",
    "once",
    "twice",
    "again",
    "never",
    "not",
    "even",
    "just",
    "still",
    "already",
    "now",
    "often",
    "always",
    "ever",
    "further",
    "earlier",
    "first",
    "soon",
    "sometimes",
    "too",
    "instead",
    "famously",
    "only",
    "so",
    "both",
    "simply",
    "t",
    "yesterday",
    "today",
    "tonight",
    "afterwards",
    "afterward",
    "meanwhile",
    "recently",
    "however",
    "long",
    "together",
    "very",
];
/// Nouns for times, besides months and days of the week.
/// Words that may begin an insertion behind a name: "Angela Merkel, who …", "…, the chancellor, …", "…, now in Berlin, …".
pub(super) const INSERTIONS: &[&str] = &[
    "who",
    "whose",
    "which",
    "the",
    "a",
    "an",
    "his",
    "her",
    "its",
    "their",
    "now",
    "then",
    "once",
    "formerly",
    "himself",
    "herself",
    "like",
    "along",
    "together",
    "including",
    "for",
    "in",
    "at",
    "on",
    "of",
    "from",
    "with",
    "after",
    "when",
    "while",
    "as",
    "asked",
    "citing",
    "one",
    "also",
    "too",
    "however",
    "meanwhile",
    "though",
];

/// Whether a token is a word of a list.
pub(super) fn is(list: &[&str], token: &Token) -> bool {
    token.kind == TokenKind::Word && list.contains(&token.lower.as_str())
}

/// Whether a word, in small letters, is an article.
pub fn is_article(word: &str) -> bool {
    ["a", "an", "the"].contains(&word)
}

/// Whether a word is a determiner, in any letter case: "The", "two", "his".
pub fn is_determiner(word: &str) -> bool {
    DETERMINERS.contains(&word.to_lowercase().as_str())
}

/// Whether a word, in small letters, begins a prepositional phrase or a clause.
pub fn starts_phrase(word: &str) -> bool {
    [PREPOSITIONS, SUBORDINATORS, CONJUNCTIONS, AUXILIARIES].iter().any(|list| list.contains(&word))
}

/// Whether a token is a word for a time: "Monday", "January", "week". "May" is not, because it is mostly a verb.
pub(super) fn is_date(token: &Token) -> bool {
    is(&TIME_WORDS, token) || is(&WEEKDAYS, token) || (is(&MONTHS, token) && token.lower != "may")
}

/// Whether a token tells the age of the person named behind it: "18-year-old".
pub(super) fn is_age(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.lower.ends_with("-year-old")
}

/// Nouns that end as adverbs do.
const NOUNS_IN_LY: &[&str] =
    &["assembly", "daily", "elderly", "family", "monopoly", "rally", "reply", "supply", "tally", "weekly"];

/// Whether a word, in small letters, is an adverb by its ending: "broadly".
pub fn ends_as_adverb(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ly") && !NOUNS_IN_LY.contains(&word)
}

/// Whether a word, in small letters, begins a prepositional phrase.
pub fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.contains(&word)
}

/// Whether a word, in small letters, is for the office of a person or for a group of people: "president", "aides".
pub fn is_office_or_group(word: &str) -> bool {
    OFFICES.contains(&word) || GROUPS.contains(&word)
}

/// Whether a token is an adverb, by the list or by the ending "-ly".
pub(super) fn is_adverb(token: &Token) -> bool {
    is(ADVERBS, token) || (token.kind == TokenKind::Word && ends_as_adverb(&token.lower) && !token.is_capital)
}

/// Past forms of verbs that do not end in "-ed".
#[rustfmt::skip]
const PASTS: &[&str] = &[
    "beat", "began", "bought", "broke", "brought", "built", "came", "caught", "cut", "drew", "fell", "fought", "gave", "heard", "held",
    "hit", "kept", "left", "led", "lost", "made", "met", "paid", "put", "ran", "sent", "set", "shot", "shut", "sold", "sought", "spent",
    "spoke", "struck", "took", "went", "won",
];

/// Whether a token has the form of a verb in the past: "arrested", "took".
pub fn is_past_form(token: &Token) -> bool {
    let word = token.lower.as_str();
    let is_regular = word.len() > 3 && word.ends_with("ed") && !word.ends_with("eed") && word != "hundred";
    token.kind == TokenKind::Word
        && !token.is_capital
        && ((is_regular && !word.contains('-'))
            || PASTS.contains(&word)
            || cue(word).is_some_and(|cue| cue.is_past))
}

/// The gender of "he" or "she"; `None` for any other word. `word` is in small letters.
pub(super) fn pronoun(word: &str) -> Option<Gender> {
    match word {
        "he" => Some(Gender::Male),
        "she" => Some(Gender::Female),
        _ => None,
    }
}

//! Who says what a sentence says: the speaker of a quotation or of reported speech.
//!
//! Rules over verbs of saying ([`super::cues`]) and their subjects ([`super::clause`]), in the spirit of the syntactic
//! patterns of Pouliquen, Steinberger and Best (2007), "Automatic Detection of Quotations in Multilingual News". A
//! speaker is a name of the article where the subject is one; a pronoun or an office stands for whom the article spoke
//! of last; nouns such as "the statement" stand for themselves.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{
    Kind, Subject, Token, chain, is_determiner, main_subject, subject_before, subject_behind, tokens,
};
use super::cues::cue;
use super::quotations::quotations;
use crate::article::{Sentence, Span};
use crate::entities::gender::Gender;
use crate::entities::{Entity, EntityType};

/// Documents and offices that speak without a name of their own.
static VOICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:statement|communiqu[eé]|spokes(?:man|woman|person|people)|declaration|report|ministry|government|signatories|presidency|sources?|officials?|aides?|lawyers?|analysts?|experts?|critics|witnesses)\b")
        .expect("a valid pattern")
});

const OFFICE: &str = r"president|prime\s+minister|minister|chancellor|premier|secretary[\s-]general|secretary|commissioner|spokes(?:man|woman|person)|general|colonel|commander|ambassador|governor|mayor|senator|leader|chairman|chairwoman|director|king|queen|pope";
/// "French President Emmanuel", "spokesman Colonel Abdoulaye": an office before a name.
static OFFICE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i:\b({OFFICE}))(?:\s+\p{{Lu}}[\p{{L}}.]*)?\s+$")).expect("a valid pattern")
});
/// "Olivier Salgado, the spokesman": an office behind a name.
static OFFICE_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^,\s+(?:the|a|an|its|their)?\s*(?:[\p{{L}}'’-]+\s+){{0,2}}(?i:({OFFICE}))\b"))
        .expect("a valid pattern")
});
/// "The French president": an office in place of a name.
static OFFICE_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^(?i:(?:the|his|her|its|their)\s+)?(?:[\p{{L}}'’-]+\s+){{0,2}}(?i:({OFFICE}))$"))
        .expect("a valid pattern")
});

/// Bytes around a name in which its office stands.
const NEAR: usize = 80;

/// Who holds which office, as the article introduces them.
struct Offices(Vec<(String, String)>);

impl Offices {
    fn of(text: &str, names: &[(Span, &Entity)]) -> Self {
        let people = names.iter().filter(|(_, entity)| entity.kind == EntityType::Per);
        let held = people.flat_map(|(span, entity)| {
            // A window, because an article of megabytes has many names.
            let (from, to) = (span.start.saturating_sub(NEAR), (span.end + NEAR).min(text.len()));
            let before = OFFICE_BEFORE.captures(&text[text.floor_char_boundary(from)..span.start]);
            let behind = OFFICE_BEHIND.captures(&text[span.end..text.ceil_char_boundary(to)]);
            let offices = [before, behind]
                .into_iter()
                .flatten()
                .filter_map(|found| Some(found.get(1)?.as_str().to_lowercase()));
            offices.map(|office| (office, entity.name.clone())).collect::<Vec<_>>()
        });
        Self(held.collect())
    }

    /// The only holder of an office.
    fn holder(&self, office: &str) -> Option<&str> {
        let mut holders =
            self.0.iter().filter(|(held, _)| *held == office.to_lowercase()).map(|(_, name)| name.as_str());
        let first = holders.next()?;
        holders.all(|other| other == first).then_some(first)
    }
}

/// What a sentence says of its speaker.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Attribution<'a> {
    Name(&'a Entity),
    /// A noun, or a pronoun that stands for nobody known: bytes of the article.
    Unnamed(Option<Span>),
}

/// The speaker, if any, of each sentence of an article.
pub struct Speakers(Vec<Option<String>>);

impl Speakers {
    /// `entities` are those of the whole article.
    pub fn find(text: &str, sentences: &[Sentence], entities: &[Entity]) -> Self {
        let names = names(entities);
        let offices = Offices::of(text, &names);
        let mut focus = Focus(Vec::new());
        let quoted = quoted(text, sentences);
        let mut found: Vec<Option<Attribution>> = Vec::with_capacity(sentences.len());
        let mut announced: Vec<Option<Attribution>> = Vec::with_capacity(sentences.len());
        for (number, sentence) in sentences.iter().enumerate() {
            let inside = sentence.span.of(text);
            let view = View::new(inside, within(&names, sentence.span), &quoted[number]);
            let said = view.attribution(&focus, &offices).map(|attribution| match attribution {
                Attribution::Unnamed(Some(span)) => Attribution::Unnamed(Some(Span::new(
                    sentence.span.start + span.start,
                    sentence.span.start + span.end,
                ))),
                other => other,
            });
            focus.update(&view, said);
            // "Macron said:" says nothing by itself, and tells who speaks next.
            let announces = view.announces();
            let before =
                number.checked_sub(1).and_then(|before| announced[before]).filter(|_| said.is_none());
            // "“Who?” Macron demanded.": a sentence for the segmenter, but what is said stands before it.
            let trails = said.is_some()
                && view.trails()
                && number.checked_sub(1).is_some_and(|before| {
                    sentences[before].paragraph == sentence.paragraph
                        && sentences[before].span.of(text).ends_with(['”', '"', '’', '\''])
                        && is_bare(&sentences[before], &quoted[before])
                });
            if trails && found[number - 1].is_none() {
                found[number - 1] = said;
            }
            found.push(if announces || trails { None } else { said.or(before) });
            announced.push(said.filter(|_| announces));
        }
        carry(text, sentences, &quoted, &mut found);
        transcript(text, sentences, &names, &mut found);
        let holder = |span: Span| {
            OFFICE_ALONE.captures(span.of(text)).and_then(|c| offices.holder(c.get(1)?.as_str()))
        };
        let speaker = |attribution: Option<Attribution>| match attribution? {
            Attribution::Name(entity) => Some(entity.name.clone()),
            Attribution::Unnamed(span) => {
                let span = span?;
                let voice = || VOICE.is_match(span.of(text)).then(|| voice(span.of(text)));
                holder(span).map(str::to_owned).or_else(voice)
            }
        };
        Self(found.into_iter().map(speaker).collect())
    }

    pub fn of(&self, sentence: usize) -> Option<&str> {
        self.0[sentence].as_deref()
    }
}

/// A noun as a speaker, with a small letter where only the start of the sentence gave it a capital.
fn voice(noun: &str) -> String {
    let noun = noun.split_whitespace().collect::<Vec<_>>().join(" ");
    match noun.split_once(' ') {
        Some((first, rest)) if is_determiner(first) => format!("{} {rest}", first.to_lowercase()),
        _ if !noun.contains(' ') => noun.to_lowercase(),
        _ => noun,
    }
}

/// Named entities with their places, in order.
fn names(entities: &[Entity]) -> Vec<(Span, &Entity)> {
    let each = entities.iter().flat_map(|entity| entity.mentions.iter().map(move |m| (m.span, entity)));
    let mut names: Vec<(Span, &Entity)> = each.collect();
    names.sort_by_key(|(span, _)| *span);
    names
}

/// Those in a sentence, with their places in it.
fn within<'a>(names: &[(Span, &'a Entity)], sentence: Span) -> Vec<(Span, &'a Entity)> {
    let first = names.partition_point(|(span, _)| span.start < sentence.start);
    let inside = names[first..].iter().take_while(|(span, _)| span.end <= sentence.end);
    let place = |span: &Span| Span::new(span.start - sentence.start, span.end - sentence.start);
    inside.map(|(span, entity)| (place(span), *entity)).collect()
}

/// The quoted places of each sentence, in bytes of it. Quotations run over the sentences of a paragraph.
fn quoted(text: &str, sentences: &[Sentence]) -> Vec<Vec<Span>> {
    let mut found = Vec::with_capacity(sentences.len());
    for paragraph in sentences.chunk_by(|a, b| a.paragraph == b.paragraph) {
        let (start, end) = (paragraph[0].span.start, paragraph[paragraph.len() - 1].span.end);
        let quotes = quotations(&text[start..end]);
        let mut from = 0;
        for sentence in paragraph {
            let (first, last) = (sentence.span.start - start, sentence.span.end - start);
            while quotes.get(from).is_some_and(|quote| quote.end <= first) {
                from += 1;
            }
            let here = quotes[from..].iter().take_while(|quote| quote.start < last);
            let place = |quote: &Span| Span::new(quote.start.max(first) - first, quote.end.min(last) - first);
            found.push(here.map(place).collect());
        }
    }
    found
}

/// Whether a sentence is all quotation.
fn is_bare(sentence: &Sentence, quotes: &[Span]) -> bool {
    quotes.iter().map(|quote| quote.end - quote.start).sum::<usize>() * 10
        > (sentence.span.end - sentence.span.start) * 9
}

/// Sentences that are all quotation have the speaker who stands with the rest of it: behind it in the same paragraph,
/// before it, or in a line of its own.
fn carry(text: &str, sentences: &[Sentence], quoted: &[Vec<Span>], found: &mut [Option<Attribution>]) {
    let bare: Vec<bool> =
        sentences.iter().zip(quoted).map(|(sentence, quotes)| is_bare(sentence, quotes)).collect();
    // Backwards: "“We go. We go now,” he said.", where the quotation runs on.
    for number in (0..sentences.len().saturating_sub(1)).rev() {
        let next = number + 1;
        let same = sentences[number].paragraph == sentences[next].paragraph;
        let runs_on = quoted[number]
            .last()
            .is_some_and(|quote| quote.end == sentences[number].span.end - sentences[number].span.start)
            && quoted[next].first().is_some_and(|quote| quote.start == 0)
            && !text[..sentences[number].span.end].ends_with(['”', '"', '»']);
        let signed = is_signature(sentences[next].span.of(text));
        if found[number].is_none() && bare[number] && ((same && runs_on) || signed) {
            found[number] = found[next];
        }
    }
    for number in 1..sentences.len() {
        if found[number].is_some() || !bare[number] {
            continue;
        }
        let before = number - 1;
        let same = sentences[number].paragraph == sentences[before].paragraph;
        // A quotation that goes on in the next paragraph has not been closed before it.
        let left_open = sentences[number].paragraph == sentences[before].paragraph + 1
            && quoted[before]
                .last()
                .is_some_and(|quote| quote.end == sentences[before].span.end - sentences[before].span.start);
        if same || left_open {
            found[number] = found[before];
        }
    }
}

/// Labelled paragraphs, as interviews have them, at the least: one "PENCE: …" makes no transcript.
const LABELS: usize = 2;

/// "WALLACE: …": in a transcript, a paragraph's label names who says all of it, and what follows up to the next label.
fn transcript<'a>(
    text: &str,
    sentences: &[Sentence],
    names: &[(Span, &'a Entity)],
    found: &mut [Option<Attribution<'a>>],
) {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^["“'‘]?((?:[\p{Lu}][\p{Lu}.'’-]+\s?){1,4}|(?:\p{Lu}[\p{L}.'’-]+\s?){1,4}):\s"#)
            .expect("a valid pattern")
    });
    let paragraphs: Vec<std::ops::Range<usize>> = sentences
        .chunk_by(|a, b| a.paragraph == b.paragraph)
        .scan(0, |from, chunk| {
            *from += chunk.len();
            Some(*from - chunk.len()..*from)
        })
        .collect();
    // `None` where a label is nobody's that the article names: what follows is not the speaker's before.
    let label = |paragraph: &std::ops::Range<usize>| -> Option<Option<Attribution<'a>>> {
        let span = sentences[paragraph.start].span;
        let found = LABEL.captures(span.of(text))?.get(1)?;
        let place = Span::new(span.start + found.start(), span.start + found.end());
        let first = names.partition_point(|(name, _)| name.end <= place.start);
        let named = names.get(first).filter(|(name, _)| name.end <= place.end);
        Some(named.map(|(_, entity)| Attribution::Name(entity)))
    };
    let labels: Vec<Option<Option<Attribution>>> = paragraphs.iter().map(label).collect();
    if labels.iter().flatten().flatten().count() < LABELS {
        return;
    }
    let mut speaker = None;
    for (paragraph, label) in paragraphs.into_iter().zip(labels) {
        speaker = label.unwrap_or(speaker);
        let quoted = text[sentences[paragraph.start].span.start..].starts_with(['"', '“', '\'', '‘']);
        if label.is_none() && !quoted {
            speaker = None;
        }
        if let Some(speaker) = speaker {
            found[paragraph].fill(Some(speaker));
        }
    }
}

/// "– Emmanuel Macron" alone.
fn is_signature(sentence: &str) -> bool {
    sentence.starts_with(['–', '—', '―', '-']) && sentence.split_whitespace().count() <= 12
}

/// The people that the article speaks of just now, the likeliest to be "he" or "she" first.
struct Focus<'a>(Vec<&'a Entity>);

impl<'a> Focus<'a> {
    const PEOPLE: usize = 6;

    fn resolve(&self, gender: Gender) -> Option<&'a Entity> {
        self.0.iter().find(|entity| entity.gender.is_none_or(|known| known == gender)).copied()
    }

    /// The speaker comes first, then the subject of the sentence, then its other people in order.
    fn update(&mut self, view: &View<'a, '_>, said: Option<Attribution<'a>>) {
        let mut people: Vec<&Entity> = Vec::new();
        if let Some(Attribution::Name(entity)) = said {
            people.push(entity);
        }
        if let Some(Subject::Name(entity)) = main_subject(&view.tokens, view.tokens.len()) {
            people.push(entity);
        }
        people.extend(view.names.iter().map(|(_, entity)| *entity));
        people.append(&mut self.0);
        for entity in people.into_iter().filter(|entity| entity.kind == EntityType::Per) {
            if self.0.len() < Self::PEOPLE && !self.0.iter().any(|known| std::ptr::eq(*known, entity)) {
                self.0.push(entity);
            }
        }
    }
}

/// A sentence taken apart.
struct View<'a, 't> {
    text: &'t str,
    tokens: Vec<Token<'a>>,
    names: Vec<(Span, &'a Entity)>,
    /// Whether it is a heading whose words have capitals.
    title_case: bool,
}

/// Verbs of a sentence that are looked at, at most: a text without full stops is one sentence.
const VERBS: usize = 64;
/// Tokens behind a verb at the end of a sentence that still belong to it: "Macron told reporters in Berlin on Monday".
const TAIL: usize = 10;

impl<'a, 't> View<'a, 't> {
    fn new(text: &'t str, names: Vec<(Span, &'a Entity)>, quotes: &[Span]) -> Self {
        let tokens = tokens(text, &names, quotes);
        let long =
            || tokens.iter().filter(|token| token.kind == Kind::Word && token.lower.chars().count() > 3);
        let large = long().filter(|token| token.is_capital).count();
        let title_case = large > 1 && 5 * large >= 4 * long().count();
        Self { text, tokens, names, title_case }
    }

    fn attribution(&self, focus: &Focus<'a>, offices: &Offices) -> Option<Attribution<'a>> {
        let subject = self
            .before_colon()
            .or_else(|| self.signature())
            .or_else(|| self.of_verb())
            .or_else(|| self.source())?;
        Some(self.attributed(subject, focus, offices))
    }

    fn attributed(&self, subject: Subject<'a>, focus: &Focus<'a>, offices: &Offices) -> Attribution<'a> {
        match subject {
            Subject::Name(entity) => Attribution::Name(entity),
            Subject::Noun(span) => {
                let office = OFFICE_ALONE.captures(span.of(self.text)).and_then(|found| found.get(1));
                let holder = office.and_then(|office| offices.holder(office.as_str()));
                let known = holder.and_then(|name| focus.0.iter().find(|entity| entity.name == name));
                known.map_or(Attribution::Unnamed(Some(span)), |entity| Attribution::Name(entity))
            }
            Subject::Pronoun(gender, at) => {
                // "Macron's plan failed, he said."
                let before = self.tokens[..at].iter().filter_map(|token| match token.kind {
                    Kind::Name(entity) if entity.kind == EntityType::Per => Some(entity),
                    _ => None,
                });
                let mut here = before.filter(|entity| entity.gender == Some(gender));
                here.next()
                    .or_else(|| focus.resolve(gender))
                    .map_or(Attribution::Unnamed(None), Attribution::Name)
            }
        }
    }

    /// Whether the sentence ends with a colon and quotes nothing itself.
    fn announces(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.kind == Kind::Colon)
            && self.tokens.iter().all(|token| token.kind != Kind::Quote)
    }

    /// Whether the sentence is but a speaker and a verb.
    fn trails(&self) -> bool {
        let verb =
            self.tokens.iter().rposition(|token| token.kind == Kind::Word && cue(&token.lower).is_some());
        self.tokens.len() <= 8
            && verb.is_some_and(|verb| verb + 1 == self.tokens.len() || self.tokens.len() - verb <= 4)
            && self.tokens.iter().all(|token| token.kind != Kind::Quote)
    }

    /// "Emmanuel Macron: “…”"
    fn before_colon(&self) -> Option<Subject<'a>> {
        let colon = self.tokens.iter().take(8).position(|token| token.kind == Kind::Colon)?;
        let quotes = matches!(self.tokens.get(colon + 1).map(|token| token.kind), Some(Kind::Quote));
        let before = &self.tokens[..colon];
        let name = before.iter().position(|token| matches!(token.kind, Kind::Name(_)))?;
        let plain = before.iter().enumerate().all(|(number, token)| match token.kind {
            Kind::Name(_) => number >= name,
            Kind::Word => cue(&token.lower).is_none() && (number > name || token.is_capital),
            Kind::Comma => number > name,
            _ => false,
        });
        let alone = colon == name + 1 || before[name + 1].kind == Kind::Comma;
        // Without marks, what follows has to be more than a title: "Trump: the film".
        let long = self.tokens.len() >= colon + 8;
        match before[name].kind {
            Kind::Name(entity) if plain && alone && (quotes || (long && entity.kind == EntityType::Per)) => {
                Some(Subject::Name(entity))
            }
            _ => None,
        }
    }

    /// "“…” – Emmanuel Macron", and "– Emmanuel Macron" behind a quotation of its own.
    fn signature(&self) -> Option<Subject<'a>> {
        let dash = self.tokens.iter().rposition(|token| token.kind == Kind::Dash)?;
        let quoted = dash.checked_sub(1).is_none_or(|before| self.tokens[before].kind == Kind::Quote);
        let behind = &self.tokens[dash + 1..];
        let name = behind.iter().position(|token| matches!(token.kind, Kind::Name(_)))?;
        let plain = behind[..name].iter().all(|token| token.kind == Kind::Word && token.is_capital);
        let ends = behind.get(name + 1).is_none_or(|token| token.kind == Kind::Comma);
        let verbless = behind.iter().all(|token| cue(&token.lower).is_none());
        match behind[name].kind {
            Kind::Name(entity) if quoted && plain && ends && verbless => Some(Subject::Name(entity)),
            _ => None,
        }
    }

    /// The subject of the verb that governs the sentence: one at its end behind a comma or a quotation, else the first.
    fn of_verb(&self) -> Option<Subject<'a>> {
        let verbs: Vec<usize> = (0..self.tokens.len()).filter(|&at| self.is_cue(at)).collect();
        let mut at_end =
            verbs.iter().copied().filter(|&verb| self.tokens.len() - verb <= TAIL).filter_map(|verb| {
                let (subject, opens) = self.subject_of(verb)?;
                opens.then_some(subject)
            });
        let last = at_end.next_back();
        last.or_else(|| verbs.iter().take(VERBS).find_map(|&verb| Some(self.subject_of(verb)?.0)))
    }

    fn is_cue(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let Some(cue) = cue(&token.lower).filter(|_| token.kind == Kind::Word) else { return false };
        // "the New York state", "a police report": the bare form is a verb behind an auxiliary or a plural only.
        let verbal = !cue.is_base
            || at.checked_sub(1).is_some_and(|before| {
                let before = &self.tokens[before];
                before.kind == Kind::Word
                    && (before.lower.ends_with('s')
                        || chain(&self.tokens, at).start < at
                        || before.lower == "to"
                        || before.lower == "people")
            });
        verbal && (self.title_case || !(token.is_capital && at > 0 && !self.is_inverted(at)))
    }

    /// Whether a quotation or a comma stands directly before a verb, or nothing.
    fn is_inverted(&self, verb: usize) -> bool {
        verb == 0 || matches!(self.tokens[verb - 1].kind, Kind::Quote | Kind::Comma | Kind::Dash)
    }

    /// The subject of a verb of saying, and whether it follows what is said.
    fn subject_of(&self, verb: usize) -> Option<(Subject<'a>, bool)> {
        let tokens = &self.tokens;
        let cue = cue(&tokens[verb].lower)?;
        let mut chain = chain(tokens, verb);
        let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
        // "was quoted as saying"
        let quoted_as = cue.is_participle
            && verb >= 2
            && word(verb - 1) == "as"
            && ["quoted", "cited", "reported", "heard", "recorded"].contains(&word(verb - 2));
        if quoted_as {
            chain = super::clause::chain(tokens, verb - 2);
            chain.is_passive = false;
        } else if cue.is_past && chain.is_passive {
            return None;
        }
        if chain.is_infinitive && !(chain.start >= 2 && ["on", "continued"].contains(&word(chain.start - 2)))
        {
            return None;
        }
        if chain.is_infinitive {
            // "went on to say"
            chain.start =
                super::clause::chain(tokens, chain.start - 2 - usize::from(word(chain.start - 2) == "on"))
                    .start;
        }
        if cue.needs_content && !self.has_content(verb) {
            return None;
        }
        if cue.is_participle && !quoted_as && chain.start == verb {
            let named = verb.checked_sub(1).map(|before| tokens[before].kind);
            return match named {
                Some(Kind::Name(entity)) => Some((Subject::Name(entity), false)),
                Some(Kind::Comma) => Some((main_subject(tokens, verb)?, false)),
                _ => None,
            };
        }
        // "The programme, called EB-5, …" is no inversion.
        let quoted = self.tokens[..verb].iter().any(|token| token.kind == Kind::Quote);
        let inverts = quoted
            || !["called", "described", "labeled", "compared", "accused", "proposed"].contains(&word(verb));
        if inverts && self.is_inverted(chain.start) && self.quotes_before(chain.start) {
            let behind = subject_behind(tokens, verb + 1);
            if let Some(subject) = behind {
                return Some((subject, true));
            }
        }
        let subject = subject_before(tokens, chain.start)?;
        Some((subject, self.follows_content(subject)))
    }

    /// Whether what is said stands before an inverted verb.
    fn quotes_before(&self, verb: usize) -> bool {
        match verb.checked_sub(1) {
            None => true,
            Some(before) if self.tokens[before].kind == Kind::Comma => {
                // "Merkel, who met him, said": no name but the subject may open the sentence.
                subject_before(&self.tokens, verb).is_none()
            }
            Some(_) => true,
        }
    }

    /// Whether a comma or a quotation stands before the subject, and something before that.
    fn follows_content(&self, subject: Subject<'a>) -> bool {
        let at = match subject {
            Subject::Name(entity) => {
                self.tokens.iter().rposition(|t| matches!(t.kind, Kind::Name(e) if std::ptr::eq(e, entity)))
            }
            Subject::Pronoun(_, at) => Some(at),
            Subject::Noun(span) => self.tokens.iter().position(|token| token.span.start == span.start),
        };
        let mut before = at.into_iter().flat_map(|at| self.tokens[..at].iter().rev());
        let marks = before.find(|token| {
            !(token.kind == Kind::Word
                && (token.is_capital || ["the", "a", "an"].contains(&token.lower.as_str())))
        });
        marks.is_some_and(|token| matches!(token.kind, Kind::Comma | Kind::Quote))
    }

    /// Whether a content goes with the verb: a quotation, "that …", or the verb ends its clause.
    fn has_content(&self, verb: usize) -> bool {
        let next = self.tokens.get(verb + 1);
        let clause = |token: &Token| match token.kind {
            Kind::Word => {
                ["that", "in", "on", "whether", "if", "why", "how", "what"].contains(&token.lower.as_str())
            }
            Kind::Quote | Kind::Colon | Kind::Comma | Kind::Stop => true,
            _ => false,
        };
        let quoted = self.tokens.iter().any(|token| token.kind == Kind::Quote);
        next.is_none_or(clause) || (quoted && self.is_inverted(verb))
    }

    /// "according to Emmanuel Macron"
    fn source(&self) -> Option<Subject<'a>> {
        let tokens = &self.tokens;
        let at = tokens.windows(2).position(|pair| pair[0].lower == "according" && pair[1].lower == "to")?;
        subject_behind(tokens, at + 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::sentences;
    use crate::entities::Mention;

    fn speakers(text: &str, names: &[(&str, EntityType)]) -> Vec<Option<String>> {
        let entities: Vec<Entity> = names
            .iter()
            .map(|&(name, kind)| {
                let surname = name.rsplit(' ').next().unwrap();
                let mentions = text
                    .match_indices(surname)
                    .map(|(at, _)| Mention {
                        span: Span::new(at, at + surname.len()),
                        score: 1.0,
                        label: None,
                    })
                    .collect();
                Entity { name: name.into(), kind, gender: None, mentions }
            })
            .collect();
        Speakers::find(text, &sentences(text), &entities).0
    }

    #[test]
    fn speakers_stand_before_after_or_behind_a_pronoun() {
        use EntityType::*;
        let names =
            [("Emmanuel Macron", Per), ("Abdoulaye Maiga", Per), ("Olivier Salgado", Per), ("MINUSMA", Org)];
        let cases = [
            ("“We cannot remain,” Macron told reporters on Thursday.", Some("Emmanuel Macron")),
            (
                "“They must leave,” government spokesman Colonel Abdoulaye Maiga said on Friday.",
                Some("Abdoulaye Maiga"),
            ),
            ("“They must leave,” said spokesman Abdoulaye Maiga.", Some("Abdoulaye Maiga")),
            (
                "Olivier Salgado, the spokesman for the MINUSMA mission in Mali, said it would adapt.",
                Some("Olivier Salgado"),
            ),
            ("\"The conditions are no longer met,\" the statement said.", Some("the statement")),
            ("The junta must go, according to Macron.", Some("Emmanuel Macron")),
            ("Takuba, like others, declared it was over, MINUSMA said in a statement.", Some("MINUSMA")),
            ("Macron met the junta.", None),
            ("“Macron said so,” the crowd sang.", None),
        ];
        for (text, speaker) in cases {
            assert_eq!(speakers(text, &names)[0].as_deref(), speaker, "{text}");
        }
        let text = "French President Emmanuel Macron came. The French president said he was late.";
        let whole = [("Emmanuel Macron", Per)];
        let found = speakers(&text.replace("Emmanuel Macron", "Macron"), &whole);
        assert_eq!(found[1].as_deref(), Some("Emmanuel Macron"));
        let text = "Salgado, the spokesman for the UN, came. The spokesman said no more.";
        assert_eq!(speakers(text, &names)[1].as_deref(), Some("Olivier Salgado"));
        let text = "President Macron met President Maiga. The president said so.";
        assert_eq!(speakers(text, &names)[1], None);
        let text = "Macron came to Paris. \"We are leaving Mali,\" he said.";
        assert_eq!(speakers(text, &names)[1].as_deref(), Some("Emmanuel Macron"));
    }

    /// The speaker of each sentence, where the names are found wherever they stand, in full or by the family name.
    fn who(text: &str) -> Vec<Option<String>> {
        use EntityType::*;
        let people = [
            ("Angela Merkel", Per, Some(Gender::Female)),
            ("Emmanuel Macron", Per, Some(Gender::Male)),
            ("Olaf Scholz", Per, Some(Gender::Male)),
            ("Lockheed", Org, None),
            ("NATO", Org, None),
            ("CDU", Org, None),
            ("Berlin", Loc, None),
            ("Russia", Loc, None),
            ("French", Misc, None),
        ];
        let entities: Vec<Entity> = people
            .iter()
            .map(|&(name, kind, gender)| {
                let surname = name.rsplit(' ').next().unwrap();
                let place = |(at, _): (usize, &str)| {
                    let start = if text[..at].ends_with(&name[..name.len() - surname.len()]) {
                        at + surname.len() - name.len()
                    } else {
                        at
                    };
                    Mention { span: Span::new(start, at + surname.len()), score: 1.0, label: None }
                };
                let mentions: Vec<Mention> = text.match_indices(surname).map(place).collect();
                Entity { name: name.into(), kind, gender, mentions }
            })
            .collect();
        Speakers::find(text, &sentences(text), &entities).0
    }

    #[test]
    fn the_subject_of_the_verb_speaks() {
        const MERKEL: Option<&str> = Some("Angela Merkel");
        for (text, speaker) in [
            ("Angela Merkel, who met Emmanuel Macron on Monday, said the talks were good.", MERKEL),
            ("Angela Merkel, the chancellor, who met Macron, Scholz and others on Monday, said no.", MERKEL),
            ("Angela Merkel, 67, said the talks were good.", MERKEL),
            ("Angela Merkel, speaking to Macron in Berlin, said no.", MERKEL),
            ("Angela Merkel of the CDU said no.", MERKEL),
            ("Angela Merkel on Monday said no to Macron.", MERKEL),
            ("Angela Merkel in a statement said no.", MERKEL),
            ("Angela Merkel met Macron on Monday and said no.", MERKEL),
            ("Angela Merkel met Macron, saying the talks were good.", MERKEL),
            ("On Monday, Angela Merkel told Macron that Scholz had said no.", MERKEL),
            ("Macron came, and Merkel said no.", MERKEL),
            ("German Chancellor Angela Merkel said no.", MERKEL),
            ("“We go,” said Angela Merkel, who met Macron.", MERKEL),
            ("“We go,” said the chancellor, Angela Merkel.", MERKEL),
            ("“We go,” Merkel told Macron.", MERKEL),
            ("The talks with Macron were good, Merkel said.", MERKEL),
            ("Merkel was quoted as saying that Macron was right.", MERKEL),
            ("The talks were good, according to Merkel.", MERKEL),
            ("According to Chancellor Angela Merkel, Macron was right.", MERKEL),
            ("Asked about Macron, Merkel said no.", MERKEL),
            ("Merkel went on to say that Macron was right.", MERKEL),
            ("“We go.” – Angela Merkel", MERKEL),
            ("Angela Merkel: “We go.”", MERKEL),
            ("“We go,” Merkel quipped.", MERKEL),
            ("Merkel complained that Macron was late.", MERKEL),
            ("Merkel suggested that Macron was late.", MERKEL),
            ("Merkel tweeted: “We go.”", MERKEL),
            ("Merkel has also warned that Macron is late.", MERKEL),
            ("Macron, Merkel insisted, was late.", MERKEL),
            ("‘We go,’ Merkel posted on Monday.", MERKEL),
            ("NATO said it would stay.", Some("NATO")),
            ("Russia said it would stay.", Some("Russia")),
            ("Macron's spokesman said that Merkel was late.", None),
            ("A spokesman for Emmanuel Macron said he was late.", None),
            ("“He is late,” said a spokesman for Emmanuel Macron.", None),
            ("The head of an office in Berlin said Merkel was late.", None),
            ("In Berlin, a spokesman for Emmanuel Macron said he was late.", None),
            ("When she met Emmanuel Macron, an official said he was late.", None),
            ("Macron is late, a spokesman said.", None),
            ("Angela Merkel, the chancellor of Germany, said he was late.", MERKEL),
            ("Two former Lockheed workers said they were late.", None),
            ("French officials said Merkel was late.", None),
            ("“He is late,” said two Lockheed workers.", None),
            ("Macron was late, according to a lawyer for Merkel.", None),
            ("Macron was late, according to Merkel's aide.", None),
            ("Macron smiled when asked about Merkel.", None),
            ("Macron wrote a letter to Merkel.", None),
            ("Merkel was told that the talks were good.", None),
            ("Merkel was asked about Macron.", None),
            ("It can be said that Merkel was late.", None),
            ("Merkel is said to be late.", None),
            ("Merkel declined to say who was late.", None),
            ("Macron read a book on Merkel.", None),
            ("Macron met Merkel.", None),
        ] {
            let found = who(text);
            let entity = found[0].as_deref().filter(|name| {
                ["Angela Merkel", "Emmanuel Macron", "NATO", "Russia", "Lockheed"].contains(name)
            });
            assert_eq!(entity, speaker, "{text}: {found:?}");
        }
    }

    #[test]
    fn paragraphs_of_a_transcript_have_labels() {
        let text = "MERKEL: We go. We go now.\n\nMACRON: We stay.\n\nIt was late.";
        let found = who(&text.replace("MERKEL", "Merkel").replace("MACRON", "Macron"));
        let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, [Some("Angela Merkel"), Some("Angela Merkel"), Some("Emmanuel Macron"), None]);
    }

    #[test]
    fn what_only_announces_or_follows_says_nothing() {
        let found = who("Merkel said:\n“We go.”");
        assert_eq!(found, [None, Some("Angela Merkel".into())]);
    }

    #[test]
    fn pronouns_stand_for_the_subject_before() {
        for (text, speaker) in [
            ("Angela Merkel met Emmanuel Macron. “The talks were good,” she said.", "Angela Merkel"),
            ("Angela Merkel met Emmanuel Macron. “The talks were good,” he said.", "Emmanuel Macron"),
            ("Olaf Scholz met Emmanuel Macron. “The talks were good,” he said.", "Olaf Scholz"),
            ("Angela Merkel, who met Emmanuel Macron, left. She said the talks were good.", "Angela Merkel"),
            ("“We go,” Macron told Scholz. He added that it was late.", "Emmanuel Macron"),
        ] {
            assert_eq!(who(text)[1].as_deref(), Some(speaker), "{text}");
        }
    }

    #[test]
    fn quotations_run_over_sentences_and_paragraphs() {
        for (text, speaker) in [
            ("“We go. We go now,” Merkel said.", "Angela Merkel"),
            ("“We go,” Merkel said. “We go now. We all go.”", "Angela Merkel"),
            ("Merkel said: “We go.\n\n“We go now.”", "Angela Merkel"),
            ("“We go now. We all go.”\n– Angela Merkel", "Angela Merkel"),
        ] {
            let found = who(text);
            assert!(found.iter().all(|name| name.as_deref() == Some(speaker)), "{text}: {found:?}");
        }
    }
}

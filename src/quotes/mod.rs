//! Who says what: direct and indirect quotes, and the speaker of each sentence.
//!
//! A *quote*, or attribution, has three parts (Pareti 2012): the *content*, which is what is said; the *cue*, the words
//! that show that it is said ("said", "according to"); and the *source*, the words for the speaker.
//!
//! The reader's attribution head finds these parts in each sentence. Here they are put together (`assemble`), and the
//! source is resolved to an entity of the article. Where the pack has no such head, or the head is not sure of a speaker, rules over
//! verbs of saying (`speaker`) find one.

mod assemble;
mod checks;
mod clause;
mod contents;
mod cues;
mod extent;
mod missed;
mod parts;
mod second_cues;
mod speaker;
mod trim;
mod turns;

use std::collections::HashSet;

use crate::article::{Sentence, Span, ends_like_a_sentence, is_title_case, on_one_line, trailing_word};
use crate::entities::{Entity, is_address, without_title};
use assemble::{asks_subject, assemble};
use checks::says;
use contents::{Quotations, joined};
use extent::is_next;
use missed::with_missed_sources;
use parts::QuoteParts;
pub use parts::{Part, PartKind};
use speaker::{Speakers, mentions_in_order, mentions_within, phrase_of};
use turns::with_turns;

/// A quote: who says what. Spans are bytes of the article.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// What is said, in the order of the text; at least one span.
    pub content: Vec<Span>,
    /// The words that show that it is said.
    pub cue: Option<Span>,
    /// The words for the speaker.
    pub source: Option<Span>,
    /// The name of the speaker's entity, where the speaker is one of the article's entities.
    pub speaker: Option<String>,
    /// Whether all of the content stands between quotation marks.
    pub is_direct: bool,
    /// Mean probability of its parts; 0.5 where only quotation marks show it.
    pub score: f64,
}

/// The quotes and speakers of an article.
#[derive(Debug, Clone, Default)]
pub struct QuotedSpeech {
    /// In the order of their contents; empty where the pack has no attribution head.
    pub quotes: Vec<Quote>,
    /// For each sentence its speaker, if any: the name of an entity, or words such as "the statement".
    pub speakers: Vec<Option<String>>,
    /// The names that are the subject of a verb in their sentence.
    pub subjects: HashSet<Span>,
}

impl QuotedSpeech {
    /// Who says what stands at `place` in `sentence`, which has this number in the article: the speaker of the quote around it. Where the
    /// sentence has quotes and none is around it, nobody; where it has none, the speaker of the sentence.
    pub fn speaker_at(&self, text: &str, sentence: &Sentence, number: usize, place: Span) -> Option<String> {
        if let Some(quote) = self.quote_around(text, place) {
            let several = quote.source.map(|source| source.of(text)).filter(|source| names_several(source));
            return several
                .map(on_one_line)
                .or_else(|| quote.speaker.clone())
                .or_else(|| quote.source.and_then(|source| phrase_of(source.of(text))))
                .or_else(|| self.speakers[number].clone());
        }
        let has_quotes = self.quote_around(text, sentence.span).is_some();
        self.speakers[number].clone().filter(|_| !has_quotes)
    }

    /// The first quote with a content that shares a byte with `place`. What "was made public" is nobody's words: quotes with a cue
    /// that has no verb of saying are left out, unless they are direct.
    pub fn quote_around(&self, text: &str, place: Span) -> Option<&Quote> {
        let is_said = |quote: &Quote| quote.is_direct || quote.cue.is_none_or(|cue| says(cue.of(text)));
        let covers = |quote: &Quote| quote.content.iter().any(|content| content.overlaps(place));
        self.quotes.iter().find(|quote| covers(quote) && is_said(quote))
    }

    /// Puts the quotes of an article together and finds the speakers of its sentences. `entities` are those of the whole
    /// article; `parts` are those of each sentence, with spans of the article.
    pub fn find(text: &str, sentences: &[Sentence], entities: &[Entity], parts: &[Vec<Part>]) -> Self {
        let names = mentions_in_order(entities);
        let quotations = Quotations::new(text, sentences);
        let parts_of = |((sentence, marks), parts): ((&Sentence, &Vec<Span>), &Vec<Part>)| {
            if is_headline(sentence.span.of(text)) {
                return Vec::new();
            }
            let found = with_whole_names(trim::corrected(text, parts), &names);
            with_missed_sources(text, sentence.span, &names, marks, found)
        };
        let parts: Vec<Vec<Part>> =
            sentences.iter().zip(&quotations.marks).zip(parts).map(parts_of).collect();
        let mut assembled = assemble(text, sentences, &parts);
        quotations.complete(&mut assembled);
        let sources = sources_by_sentence(&assembled, &quotations, sentences.len());
        let found = Speakers::find(text, sentences, &quotations.marks, &names, &sources);
        let known: HashSet<&str> = entities.iter().map(|entity| entity.name.as_str()).collect();
        let whole = assembled.into_iter().map(|quote| {
            let (source, speaker) = match quote.source {
                Some(source) => (Some(source), found.of_source(source).map(String::from)),
                None => {
                    let number = quotations.sentence_of(quote.content[0]);
                    let sentence = sentences[number].span;
                    let is_asked = quote.cue.is_some_and(|cue| asks_subject(text, cue));
                    let speaks = |name: &String| {
                        !is_asked && !is_only_in_content(text, sentence, &quote, name, &names)
                    };
                    let speaker = found.name_of_sentence(number, &known).filter(speaks);
                    let named = |name: &str| name_before_cue(sentence, &quote, name, &names);
                    (speaker.as_deref().and_then(named), speaker)
                }
            };
            Quote {
                is_direct: quote.content.iter().all(|span| quotations.contain(*span)),
                score: quote.score(),
                content: joined(text, &quote.content),
                cue: quote.cue,
                source,
                speaker,
            }
        });
        // Without a cue, only what stands in quotation marks or behind a colon is a quote; a name alone is none.
        let is_quote = |quote: &Quote| {
            (quote.cue.is_some() || quotations.announce(&quote.content))
                && ((quote.is_direct && quote.cue.is_some()) || !is_name(text, &quote.content, &names))
        };
        let whole = whole.filter(is_quote).flat_map(|quote| quotations.with_sentences_apart(quote));
        let is_announcement =
            |quote: &Quote| !quote.is_direct && quote.content.iter().any(|span| span.of(text).ends_with(':'));
        let whole = whole.filter(|quote| {
            !is_announcement(quote) && !quotations.is_heading(quote) && !is_unsaid(text, quote)
        });
        let mut quotes = with_turns(&found.turns, each_once(text, whole.collect()));
        quotations.add_second_halves(&mut quotes);
        if !quotes.is_empty() {
            quotations.add_missed(&found, &mut quotes);
        }
        let speakers = speakers_of_sentences(text, sentences, &quotes, &found, &known);
        Self { speakers, subjects: found.subjects, quotes }
    }
}

/// The sources of quotes by the sentence in which they begin, for each of the `count` sentences; as bytes of the article.
fn sources_by_sentence(quotes: &[QuoteParts], quotations: &Quotations, count: usize) -> Vec<Vec<Span>> {
    let mut sources: Vec<Vec<Span>> = vec![Vec::new(); count];
    for source in quotes.iter().filter_map(|quote| quote.source) {
        let here = &mut sources[quotations.sentence_of(source)];
        // Several cues may have one source.
        if here.last() != Some(&source) {
            here.push(source);
        }
    }
    sources
}

/// The speaker of each sentence: that of a sure quote in it, or else the one that the rules find. `known` are the names of entities.
fn speakers_of_sentences(
    text: &str,
    sentences: &[Sentence],
    quotes: &[Quote],
    found: &Speakers,
    known: &HashSet<&str>,
) -> Vec<Option<String>> {
    let speaker = |(number, sentence): (usize, &Sentence)| {
        let here = || {
            let covers = move |quote: &&Quote| quote.content.iter().any(|c| c.shares_half(sentence.span));
            let here = quotes.iter().filter(covers);
            here.filter_map(|quote| Some((quote.speaker.as_deref()?, quote)))
        };
        let read = here().find(|(_, quote)| is_sure(text, quote)).map(|(speaker, _)| speaker);
        // A name that only the rules find is wrong about as often as right.
        let by_rules = found.of_sentence(number).filter(|speaker| {
            quotes.is_empty() || !known.contains(speaker) || here().any(|(other, _)| other == *speaker)
        });
        read.or(by_rules).map(String::from)
    };
    sentences.iter().enumerate().map(speaker).collect()
}

/// Whether a sentence has a name only in what the cue of a quote says. Who is named there does not say it: "It is alleged that Macron
/// said so".
fn is_only_in_content(
    text: &str,
    sentence: Span,
    quote: &QuoteParts,
    name: &str,
    names: &[(Span, &Entity)],
) -> bool {
    let Some(cue) = quote.cue else { return false };
    let here = mentions_within(names, sentence).iter();
    let mut mentions = here.filter(|(_, entity)| entity.name == name).map(|(span, _)| *span).peekable();
    // The head may take the name behind "according to" for the start of what is said.
    let is_behind = |span: Span| trailing_word(cue.of(text)) == "to" && is_next(text, cue, span);
    let is_inside = |span: Span| {
        let is_named = is_next(text, span, cue) || is_behind(span);
        quote.content.iter().any(|content| content.contains(span)) && !is_named
    };
    mentions.peek().is_some() && mentions.all(is_inside)
}

/// The last mention of a speaker before the cue of a quote and outside of what is said: "Merkel only this month | announced it".
fn name_before_cue(
    sentence: Span,
    quote: &QuoteParts,
    speaker: &str,
    names: &[(Span, &Entity)],
) -> Option<Span> {
    let cue = quote.cue.filter(|cue| sentence.contains(*cue))?;
    let before = mentions_within(names, Span::new(sentence.start, cue.start));
    let is_free = |span: Span| !quote.content.iter().any(|content| content.overlaps(span));
    let is_named = |(span, entity): &&(Span, &Entity)| entity.name == speaker && is_free(*span);
    before.iter().rfind(is_named).map(|(span, _)| *span)
}

/// Words that only begin what is said.
const OPENERS: &[&str] =
    &["how", "if", "that", "to", "what", "when", "where", "whether", "which", "who", "why"];

/// Whether a quote has nothing of what is said but the word before it: in "Macron tweeted that, “We go now,”" the quotation is a quote
/// of its own. Nor does an article alone say anything.
fn is_unsaid(text: &str, quote: &Quote) -> bool {
    let words = quote.content.iter().flat_map(|span| span.of(text).split_whitespace());
    let mut words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    !quote.is_direct && words.all(|word| OPENERS.contains(&word.as_str()) || clause::is_article(&word))
}

/// Whether a sentence is a headline in title case, as those of other articles are between the paragraphs of a web page: "Trump Says He
/// Wants to Meet Kim".
fn is_headline(sentence: &str) -> bool {
    is_title_case(sentence) && !ends_like_a_sentence(sentence)
}

/// The quotes without those that have the content and the speaker of another one: that with a verb of saying is kept, else the surest.
fn each_once(text: &str, quotes: Vec<Quote>) -> Vec<Quote> {
    let rank = |quote: &Quote| (quote.cue.is_some_and(|cue| says(cue.of(text))), quote.score);
    let mut kept: Vec<Quote> = Vec::new();
    for quote in quotes {
        // They are in the order of their contents.
        let mut near =
            kept.iter_mut().rev().take_while(|other| other.content[0].start >= quote.content[0].start);
        match near.find(|other| other.content == quote.content && other.speaker == quote.speaker) {
            Some(other) if rank(other) < rank(&quote) => *other = quote,
            Some(_) => {}
            None => kept.push(quote),
        }
    }
    kept
}

/// Whether words for a speaker are a list of names: "Carson, Fiorina and Huckabee", "Mr. Rubio and Senator Ted Cruz".
pub fn names_several(words: &str) -> bool {
    let mut names = words.split(" and ").flat_map(|part| part.split(", "));
    let is_name = |name: &str| {
        name.split_whitespace().next().is_some()
            && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
    };
    words.contains(" and ") && names.all(|name| is_name(name.trim_end_matches(',')))
}

/// Whether a content is only a name: "''Donald Trump.''", or "Mr. Bush" in "kind words about Mr. Bush".
fn is_name(text: &str, content: &[Span], names: &[(Span, &Entity)]) -> bool {
    let [content] = content else { return false };
    let first = names.partition_point(|(name, _)| name.end <= content.start);
    let Some((name, _)) = names.get(first).filter(|(name, _)| content.contains(*name)) else { return false };
    let before = without_title(text[content.start..name.start].trim_matches(|c: char| !c.is_alphanumeric()));
    let is_rest = |rest: &str| !rest.contains(char::is_alphanumeric) || is_address(rest.trim());
    is_rest(before) && is_rest(text[name.end..content.end].trim_start_matches("'s").trim_start_matches("’s"))
}

/// The parts of a sentence, where each source that ends inside a name has all of it: "The New York Times" in place of "The New".
fn with_whole_names(mut parts: Vec<Part>, names: &[(Span, &Entity)]) -> Vec<Part> {
    // "Said" of "Said Musallam" says nothing.
    let is_in_name = |span: Span| {
        let first = names.partition_point(|(name, _)| name.end <= span.start);
        names.get(first).is_some_and(|(name, _)| name.contains(span))
    };
    parts.retain(|part| part.kind != PartKind::Cue || !is_in_name(part.span));
    for number in 0..parts.len() {
        let Part { kind, span, .. } = parts[number];
        let first = names.partition_point(|(name, _)| name.end <= span.start);
        let touched = names[first..].iter().take_while(|(name, _)| name.start < span.end);
        let whole = touched
            .fold(span, |whole, (name, _)| Span::new(whole.start.min(name.start), whole.end.max(name.end)));
        let is_free =
            parts.iter().enumerate().all(|(other, part)| other == number || !part.span.overlaps(whole));
        if kind == PartKind::Source && is_free {
            parts[number].span = whole;
        }
    }
    parts
}

/// Least score of a quote whose speaker is that of its sentences, whatever the rules find; chosen on PolNeAR's dev part.
const MIN_SCORE: f64 = 0.65;
/// The same where its words name the speaker directly beside the cue.
const MIN_SCORE_OF_NAMED: f64 = 0.5;

/// Whether a quote is sure enough that its speaker is that of its sentences: "Macron warned" needs a lower score than "he warned".
fn is_sure(text: &str, quote: &Quote) -> bool {
    quote.score >= MIN_SCORE || (quote.score >= MIN_SCORE_OF_NAMED && is_named_beside_cue(text, quote))
}

/// Whether the source of a quote has a word of its speaker's name, and nothing but a comma stands between it and the cue.
fn is_named_beside_cue(text: &str, quote: &Quote) -> bool {
    let (Some(source), Some(cue), Some(speaker)) = (quote.source, quote.cue, &quote.speaker) else {
        return false;
    };
    let is_of_name = |word: &str| {
        word.starts_with(char::is_uppercase) && speaker.split_whitespace().any(|other| other == word)
    };
    let between = text.get(source.end..cue.start).or_else(|| text.get(cue.end..source.start));
    between.is_some_and(|between| between.trim_start_matches([' ', ',']).is_empty())
        && source.of(text).split(|c: char| !c.is_alphanumeric()).any(is_of_name)
}

#[cfg(test)]
mod tests;

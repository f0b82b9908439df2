//! Tests of quotes that are put together from the parts of an article.

use super::*;
use crate::article::sentences;
use crate::entities::{EntityType, Mention};

/// The source and the speaker of a sentence "… said it rains", whose source was found as `source`.
fn said(text: &str, source: &str, name: &str, kind: EntityType) -> (Option<String>, Option<String>) {
    let place = |part: &str| first(text, part);
    let parts = [(PartKind::Source, source), (PartKind::Cue, "said"), (PartKind::Content, "it rains")];
    let parts = parts.map(|(kind, part)| Part { kind, span: place(part), score: 1.0 });
    let mentions = vec![Mention { span: place(name), score: 1.0, label: None }];
    let entities = [Entity { name: name.into(), kind, gender: None, mentions }];
    let quote = QuotedSpeech::find(text, &sentences(text), &entities, &[parts.to_vec()]).quotes.remove(0);
    (quote.source.map(|span| span.of(text).to_owned()), quote.speaker)
}

/// The first place of some words in a text.
fn first(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap();
    Span::new(start, start + words.len())
}

#[test]
fn a_source_has_whole_names() {
    let times = "The New York Times".to_owned();
    let found = said("The New York Times said it rains.", "The New", "New York Times", EntityType::Org);
    assert_eq!(found, (Some(times), Some("New York Times".to_owned())));
}

#[test]
fn quotations_without_parts_are_quotes() {
    let text = "Ann Poe said it rains. “We all go home. They never go home.”\n\n“You go to the new house?” Ann Poe asked.";
    let place = |part: &str| first(text, part);
    let part = |kind, part| Part { kind, span: place(part), score: 1.0 };
    let read = vec![
        part(PartKind::Source, "Ann Poe"),
        part(PartKind::Cue, "said"),
        part(PartKind::Content, "it rains"),
    ];
    let sentences = sentences(text);
    let mut parts = vec![read, vec![part(PartKind::Content, "“We all go home")]];
    parts.resize(sentences.len(), Vec::new());
    let mentions = text.match_indices("Ann Poe").map(|(at, name)| Mention {
        span: Span::new(at, at + name.len()),
        score: 1.0,
        label: None,
    });
    let entities = [Entity {
        name: "Ann Poe".into(),
        kind: EntityType::Per,
        gender: None,
        mentions: mentions.collect(),
    }];
    let found = QuotedSpeech::find(text, &sentences, &entities, &parts).quotes;
    let found: Vec<(Vec<&str>, Option<&str>)> = found
        .iter()
        .map(|quote| (quote.content.iter().map(|span| span.of(text)).collect(), quote.speaker.as_deref()))
        .collect();
    let ann = Some("Ann Poe");
    assert_eq!(
        found,
        [
            (vec!["it rains"], ann),
            (vec!["“We all go home. They never go home.”"], ann),
            (vec!["“You go to the new house?”"], ann)
        ]
    );
}

#[test]
fn indirect_and_direct_speech_are_two_quotes() {
    let text = "Ann said it rains. “It has always rained here.” She left.";
    let place = |part: &str| first(text, part);
    let part = |kind, part| Part { kind, span: place(part), score: 1.0 };
    let read =
        vec![part(PartKind::Source, "Ann"), part(PartKind::Cue, "said"), part(PartKind::Content, "it rains")];
    let sentences = sentences(text);
    let mut parts = vec![read, vec![part(PartKind::Content, "“It has always rained here.”")]];
    parts.resize(sentences.len(), Vec::new());
    let mentions = vec![Mention { span: place("Ann"), score: 1.0, label: None }];
    let entities = [Entity { name: "Ann".into(), kind: EntityType::Per, gender: None, mentions }];
    let found = QuotedSpeech::find(text, &sentences, &entities, &parts).quotes;
    let found: Vec<(&str, bool, Option<&str>)> = found
        .iter()
        .map(|quote| (quote.content[0].of(text), quote.is_direct, quote.speaker.as_deref()))
        .collect();
    let ann = Some("Ann");
    assert_eq!(found, [("it rains", false, ann), ("“It has always rained here.”", true, ann)]);
}

#[test]
fn what_is_said_once_is_one_quote() {
    let text = "The court issued its ruling, concluding: “It rains.”";
    let place = |part: &str| first(text, part);
    let quote = |cue, content, score| Quote {
        content: vec![place(content)],
        cue: Some(place(cue)),
        source: None,
        speaker: Some("The court".into()),
        is_direct: true,
        score,
    };
    let (issued, concluding) =
        (quote("issued its", "“It rains.”", 0.9), quote("concluding", "“It rains.”", 0.6));
    let found = each_once(text, vec![issued.clone(), concluding.clone()]);
    assert_eq!(found, [concluding]);
    let other = quote("issued its", "ruling", 0.9);
    assert_eq!(each_once(text, vec![other.clone(), issued.clone()]), [other, issued]);
}

#[test]
fn headlines_have_no_quotes() {
    assert!(is_headline("Trump Says He Wants To Meet His Whistleblower"));
    assert!(!is_headline("Macron says France will leave"));
    assert!(!is_headline("“Make America Great Again,” Donald Trump Said."));
}

#[test]
fn lists_of_names_are_several_speakers() {
    for (words, wanted) in [
        ("Carson, Fiorina and Huckabee", true),
        ("Mr. Rubio and Senator Ted Cruz", true),
        ("Ann Poe, head of arms and trade", false),
        ("Ann Poe", false),
    ] {
        assert_eq!(names_several(words), wanted, "{words}");
    }
}

#[test]
fn who_is_named_in_what_is_said_does_not_say_it() {
    let text = "It is alleged that Ann Poe said it rains.";
    let part = |kind, words| Part { kind, span: first(text, words), score: 1.0 };
    let parts =
        vec![part(PartKind::Cue, "is alleged"), part(PartKind::Content, "that Ann Poe said it rains")];
    let mentions = vec![Mention { span: first(text, "Ann Poe"), score: 1.0, label: None }];
    let entities = [Entity { name: "Ann Poe".into(), kind: EntityType::Per, gender: None, mentions }];
    let found = QuotedSpeech::find(text, &sentences(text), &entities, &[parts]);
    assert_eq!(found.quotes[0].speaker, None);
    assert_eq!(found.speakers, [None]);
}

#[test]
fn a_party_is_a_speaker() {
    let found = said("Democrats said it rains.", "Democrats", "Democrats", EntityType::Misc);
    assert_eq!(found.1.as_deref(), Some("Democrats"));
}

#[test]
fn what_the_head_reads_comes_before_the_rules() {
    let text = "Ann Poe said it rains. Bo Lee accused her of lies.";
    let part = |kind, words, score| Part { kind, span: first(text, words), score };
    let entity = |name: &str| Entity {
        name: name.into(),
        kind: EntityType::Per,
        gender: None,
        mentions: vec![Mention { span: first(text, name), score: 1.0, label: None }],
    };
    let entities = [entity("Ann Poe"), entity("Bo Lee")];
    let speakers = |score: Option<f64>| {
        let read = score.map(|score| {
            let parts =
                [(PartKind::Source, "Ann Poe"), (PartKind::Cue, "said"), (PartKind::Content, "it rains")];
            parts.map(|(kind, words)| part(kind, words, score)).to_vec()
        });
        let parts = [read.unwrap_or_default(), Vec::new()];
        QuotedSpeech::find(text, &sentences(text), &entities, &parts).speakers
    };
    let (ann, bo) = (Some("Ann Poe".to_owned()), Some("Bo Lee".to_owned()));
    assert_eq!(speakers(None), [ann.clone(), bo]);
    assert_eq!(speakers(Some(0.9)), [ann.clone(), None]);
    assert_eq!(speakers(Some(0.3)), [ann, None], "the rules agree");
}

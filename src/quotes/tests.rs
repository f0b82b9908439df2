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

/// A person who is named once, at the first place of the name.
fn person(text: &str, name: &str) -> Entity {
    let mentions = vec![Mention { span: first(text, name), score: 1.0, label: None }];
    Entity { name: name.into(), kind: EntityType::Per, gender: None, mentions }
}

/// What is found in a text where the head found some words as parts, each at its first place.
fn read(text: &str, entities: &[Entity], parts: &[(PartKind, &str)], score: f64) -> QuotedSpeech {
    let parts: Vec<Part> =
        parts.iter().map(|(kind, words)| Part { kind: *kind, span: first(text, words), score }).collect();
    let sentences = sentences(text);
    let of = |sentence: &Sentence| {
        parts.iter().copied().filter(|part| sentence.span.overlaps(part.span)).collect::<Vec<Part>>()
    };
    let parts: Vec<Vec<Part>> = sentences.iter().map(of).collect();
    QuotedSpeech::find(text, &sentences, entities, &parts)
}

#[test]
fn a_name_is_known_by_its_words() {
    let ann = "Ann Poe".to_owned();
    let found = said("(Ann Poe said it rains.)", "Ann Poe", "Ann Poe", EntityType::Per);
    assert_eq!(found, (Some(ann.clone()), Some(ann)), "brackets have no tokens");
    let text = "Democrats left. On Monday all Democrats said it rains.";
    let democrats = Entity { kind: EntityType::Misc, ..person(text, "Democrats") };
    let start = text.rfind("Democrats").unwrap();
    let span = Span::new(start, start + "Democrats".len());
    let part = |kind, span| Part { kind, span, score: 1.0 };
    let parts = vec![
        part(PartKind::Source, span),
        part(PartKind::Cue, first(text, "said")),
        part(PartKind::Content, first(text, "it rains")),
    ];
    let found = QuotedSpeech::find(text, &sentences(text), &[democrats], &[Vec::new(), parts]);
    assert_eq!(found.quotes[0].speaker.as_deref(), Some("Democrats"), "the second one is no mention");
}

#[test]
fn a_word_before_a_quotation_is_no_quote() {
    use PartKind::{Content, Cue, Source};
    let text = "Ann tweeted that, “We all go home now.”";
    let quotation = "“We all go home now.”";
    let parts = [(Source, "Ann"), (Cue, "tweeted"), (Content, "that"), (Content, quotation)];
    let found = read(text, &[person(text, "Ann")], &parts, 1.0);
    let contents: Vec<&str> = found.quotes.iter().map(|quote| quote.content[0].of(text)).collect();
    assert_eq!(contents, [quotation]);
}

#[test]
fn a_name_beside_the_cue_needs_a_lower_score() {
    use PartKind::{Content, Cue, Source};
    let text = "Ann Poe floated a plan.";
    let parts = [(Source, "Ann Poe"), (Cue, "floated"), (Content, "a plan")];
    for (score, speaker) in [(0.45, None), (0.55, Some("Ann Poe"))] {
        let found = read(text, &[person(text, "Ann Poe")], &parts, score);
        assert_eq!(found.speakers[0].as_deref(), speaker, "{score}");
    }
}

#[test]
fn the_turn_of_a_transcript_is_one_quote() {
    use PartKind::{Content, Cue, Source};
    let text =
        "Angela Merkel met Emmanuel Macron.\n\nMERKEL: It rains. She said so.\n\nMACRON: No, it pours.";
    let parts = [(Source, "MERKEL"), (Content, "It rains"), (Source, "She"), (Cue, "said"), (Content, "so")];
    let found = read(text, &[person(text, "Angela Merkel"), person(text, "Emmanuel Macron")], &parts, 1.0);
    let found: Vec<(&str, Option<&str>)> =
        found.quotes.iter().map(|quote| (quote.content[0].of(text), quote.speaker.as_deref())).collect();
    assert_eq!(found, [("It rains. She said so.", Some("Angela Merkel"))]);
}

#[test]
fn a_country_before_a_colon_speaks_no_turn() {
    use PartKind::{Content, Cue, Source};
    let text = "It rained.\n\nFrance: Ministers said it is late.\n\nSpain: Nobody spoke on Monday.";
    let countries = ["France", "Spain"].map(|name| Entity { kind: EntityType::Loc, ..person(text, name) });
    let parts = [(Source, "Ministers"), (Cue, "said"), (Content, "it is late")];
    let found = read(text, &countries, &parts, 1.0);
    let contents: Vec<&str> = found.quotes.iter().map(|quote| quote.content[0].of(text)).collect();
    assert_eq!(contents, ["it is late"]);
}

#[test]
fn the_speaker_of_a_sentence_is_a_source_before_the_cue() {
    use PartKind::{Content, Cue};
    let source = |text: &str, cue: &str, content: &str| {
        let found = read(text, &[person(text, "Ann Poe")], &[(Cue, cue), (Content, content)], 1.0);
        let quote = &found.quotes[0];
        (quote.source.map(|span| span.of(text).to_owned()), quote.speaker.clone())
    };
    let ann = Some("Ann Poe".to_owned());
    let text = "Ann Poe only this month announced it rains.";
    assert_eq!(source(text, "announced", "it rains"), (ann.clone(), ann));
    let text = "Asked about the rain, Ann Poe said no.";
    assert_eq!(source(text, "Asked about", "the rain"), (None, None));
}

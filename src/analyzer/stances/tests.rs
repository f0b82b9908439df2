//! Tests of the stances of an article: whose words a sentence has, and what is read of a target.

use super::*;
use crate::analyzer::prepared::prepare;
use crate::article::Article;

#[test]
fn a_quote_is_of_the_target_whatever_words_name_its_speaker() {
    let article = Article::new("a", "“This is a victory for Trump,” he said.");
    let prepared = prepare(&article, &Request::default());
    let points = CodePoints::new(&article.text);
    let at = |words: &str| {
        let start = article.text.find(words).unwrap();
        Span::new(start, start + words.len())
    };
    let is_own = |speaker: &str| {
        let quote = Quote {
            content: vec![at("This is a victory for Trump,")],
            cue: Some(at("said")),
            source: Some(at("he")),
            speaker: Some(speaker.into()),
            is_direct: true,
            score: 0.9,
        };
        let speech = QuotedSpeech { quotes: vec![quote], ..QuotedSpeech::default() };
        let context = StanceContext::new(&prepared, &[], &[], &speech, &points);
        let scores = Scores::new([0.1, 0.2, 0.7]);
        let mention = at("Trump");
        let found = SentenceStance { sentence: 0, mention, label: Label::Favor, score: 0.7, scores };
        context.is_own_statement(&found, &HashSet::from(["Donald Trump".to_owned()]))
    };
    assert!(is_own("Donald Trump"));
    assert!(!is_own("Ann Poe"));
}

#[test]
fn what_others_say_whom_the_target_is_named_for_is_not_its_own() {
    for (source, speaker, wanted) in [
        ("Trump critics", None, false),
        ("Trump's lawyer", Some("Ann Poe"), false),
        ("Donald Trump", Some("Donald Trump"), true),
        ("Donald Trump", None, true),
        ("Pence and Trump", Some("Mike Pence"), true),
    ] {
        let article = Article::new("a", format!("{source} said it rains."));
        let prepared = prepare(&article, &Request::default());
        let points = CodePoints::new(&article.text);
        let at = |words: &str| {
            let start = article.text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let quote = Quote {
            content: vec![at("it rains")],
            cue: Some(at("said")),
            source: Some(at(source)),
            speaker: speaker.map(String::from),
            is_direct: false,
            score: 0.9,
        };
        let speech = QuotedSpeech { quotes: vec![quote], ..QuotedSpeech::default() };
        let context = StanceContext::new(&prepared, &[], &[], &speech, &points);
        let scores = Scores::new([0.1, 0.2, 0.7]);
        let found =
            SentenceStance { sentence: 0, mention: at("Trump"), label: Label::Favor, score: 0.7, scores };
        let names = HashSet::from(["Donald Trump".to_owned()]);
        assert_eq!(context.is_own_statement(&found, &names), wanted, "{source}");
    }
}

#[test]
fn a_target_is_a_person_whatever_part_of_the_name_is_its_alias() {
    let text = "Donald Trump left. President Trump is in Iran, where the Trump administration is disliked.";
    let mentions = |names: &[&str]| -> Vec<Span> {
        let found = names.iter().flat_map(|name| text.match_indices(*name));
        found.map(|(at, name)| Span::new(at, at + name.len())).collect()
    };
    let found = mentions(&["Donald Trump", "Trump is", "Trump ad"]).into_iter();
    // The article names the person by the first and the last word, and by the last one alone.
    let spans = found.enumerate().map(|(number, span)| match number {
        0 => span,
        _ => Span::new(span.start, span.start + "Trump".len()),
    });
    let mention = |span| entities::Mention { span, score: 0.9, label: None };
    let person = entities::Entity {
        name: "Donald Trump".into(),
        kind: EntityType::Per,
        gender: None,
        mentions: spans.map(mention).collect(),
    };
    let judgement = |aliases: &[&str]| Judgement::of(text, &mentions(aliases), std::slice::from_ref(&person));
    for aliases in [&["Trump"][..], &["Donald"], &["President Trump"], &["Donald Trump", "Iran"]] {
        assert_eq!(judgement(aliases), Judgement::Tone, "{aliases:?}");
    }
    for aliases in [&["Iran"][..], &["Trump administration"], &["Iran", "Trump administration"]] {
        assert_eq!(judgement(aliases), Judgement::Position, "{aliases:?}");
    }
}

//! Tests of the rules for subjects: lists of names, names behind a comma or a dash, clauses.

use super::tests::{by_rules, speakers, who};
use crate::article::Span;
use crate::entities::{Entity, EntityType, Mention};

/// Checks the speaker of one sentence each.
fn check(cases: &[(&str, Option<&str>)]) {
    for (text, speaker) in cases {
        let found = who(text);
        assert_eq!(found[0].as_deref(), *speaker, "{text}");
    }
}

#[test]
fn of_several_speakers_the_first_is_taken() {
    check(&[
        ("Macron and Merkel said the talks were good.", Some("Emmanuel Macron")),
        ("“We go,” Macron, Scholz and Merkel said.", Some("Emmanuel Macron")),
        ("“We go,” Macron, Scholz, and Merkel said.", Some("Emmanuel Macron")),
        ("On Monday Macron and German Chancellor Angela Merkel said no.", Some("Emmanuel Macron")),
        ("In Berlin, Macron and Scholz said no.", Some("Emmanuel Macron")),
        ("Russia, NATO and the CDU said no.", Some("Russia")),
        ("Macron and his wife said no.", Some("Emmanuel Macron")),
        ("Macron and his German counterpart, Olaf Scholz, said no.", Some("Emmanuel Macron")),
        ("Lawyers for Macron and Merkel said no.", Some("Lawyers for Macron and Merkel")),
        ("Macron and Merkel's spokesman said no.", Some("Merkel's spokesman")),
        ("French and NATO officials said no.", Some("French and NATO officials")),
        ("Macron and other officials on Monday said no.", Some("Emmanuel Macron")),
        ("Macron came, and Merkel said no.", Some("Angela Merkel")),
        ("Macron met Scholz in Berlin and Merkel said no.", Some("Angela Merkel")),
    ]);
}

#[test]
fn lawyers_and_heads_are_named_behind_a_comma() {
    check(&[
        ("Macron's lawyer, Olaf Scholz, said Macron was late.", Some("Olaf Scholz")),
        ("“We go,” Macron's spokeswoman, former judge Angela Merkel, said.", Some("Angela Merkel")),
        ("“We go,” said the head of NATO, Olaf Scholz.", Some("Olaf Scholz")),
        ("“We go,” said the lawyer of the president, Emmanuel Macron.", Some("the lawyer")),
        ("Macron's former chief of staff Olaf Scholz said no.", Some("Olaf Scholz")),
        ("Secretary of Defense Angela Merkel said no.", Some("Angela Merkel")),
        ("Berlin teacher Angela Merkel left, saying no.", Some("Angela Merkel")),
        ("One farmer, 34-year-old Angela Merkel, said no.", Some("Angela Merkel")),
    ]);
}

#[test]
fn an_insertion_may_stand_between_dashes() {
    check(&[
        ("Merkel — who met Macron on Monday — said Scholz was late.", Some("Angela Merkel")),
        ("It is late — too late — Merkel said.", Some("Angela Merkel")),
    ]);
}

#[test]
fn a_phrase_before_a_comma_may_belong_to_what_is_said() {
    check(&[
        ("She said that on Monday, Macron rejected the plan.", None),
        ("Merkel said that on Monday, Macron rejected the plan.", Some("Angela Merkel")),
        ("Merkel said that last week, Macron rejected the plan.", Some("Angela Merkel")),
        ("Merkel said if elected, Macron would reject the plan.", Some("Angela Merkel")),
        ("Officials warned that under the plan it would be late, Macron said.", Some("Emmanuel Macron")),
    ]);
}

#[test]
fn a_clause_behind_after_or_by_has_a_speaker_of_its_own() {
    check(&[
        ("Shares fell after Lockheed said it was late.", Some("Lockheed")),
        ("Shares fell after police said it was late.", Some("police")),
        ("Residents who fled after the army said no.", Some("Residents who fled after the army")),
        ("Macron was criticised by Merkel, who said he was late.", Some("Angela Merkel")),
        ("A spokesman for Merkel, who said no, left.", Some("a spokesman for Merkel")),
    ]);
}

#[test]
fn whom_others_quote_speaks() {
    check(&[
        ("NATO quoted Macron as saying that Merkel was late.", Some("Emmanuel Macron")),
        ("Macron was quoted by NATO as saying that Merkel was late.", Some("Emmanuel Macron")),
        ("NATO quoted an official as saying that Merkel was late.", Some("an official")),
    ]);
}

#[test]
fn words_behind_a_determiner_are_no_verbs() {
    check(&[("Macron left his post on Monday.", None)]);
}

#[test]
fn an_agency_speaks_by_its_name() {
    let found = speakers("The Tass news agency said it rained.", &[("Tass", EntityType::Org)]);
    assert_eq!(found[0].as_deref(), Some("Tass"));
}

#[test]
fn it_may_stand_for_the_organisation_that_spoke() {
    let found = speakers("Ten people died, NATO said. It blamed the rain.", &[("NATO", EntityType::Org)]);
    assert_eq!(found[1].as_deref(), Some("NATO"));
}

#[test]
fn somebody_without_a_name_goes_on() {
    let text = "A spokesman for Macron said it rained. He added that it was late.";
    assert_eq!(who(text)[1], None);
    assert_eq!(
        who("Macron said it rained. He added that it was late.")[1].as_deref(),
        Some("Emmanuel Macron")
    );
}

#[test]
fn the_age_of_somebody_stands_for_the_person_before() {
    let text = "Macron came. “It was good,” the 34-year-old said.";
    assert_eq!(who(text)[1].as_deref(), Some("Emmanuel Macron"));
}

#[test]
fn a_party_with_an_abbreviation_is_no_single_person() {
    let text = "Macron came. Republicans said the GOP would win.";
    let entity = |name: &str, kind, words: &[&str]| {
        let place = |words: &&str| {
            let start = text.find(*words).unwrap();
            Mention { span: Span::new(start, start + words.len()), score: 1.0, label: None }
        };
        Entity { name: name.into(), kind, gender: None, mentions: words.iter().map(place).collect() }
    };
    let entities = [
        entity("Macron", EntityType::Per, &["Macron"]),
        entity("Republicans", EntityType::Misc, &["Republicans", "GOP"]),
    ];
    assert_eq!(by_rules(text, &entities)[1].as_deref(), Some("Republicans"));
}

#[test]
fn labels_of_a_transcript_may_have_a_title_a_particle_or_a_role() {
    let text = "Olaf Scholz met Angela Merkel and Ursula von der Leyen.\n\nOLAF SCHOLZ, HOST: We go.\n\n\
        CHANCELLOR ANGELA MERKEL: We stay.\n\nUrsula von der Leyen: We go.";
    let people = ["Olaf Scholz", "Angela Merkel", "Ursula von der Leyen"].map(|name| (name, EntityType::Per));
    let found = speakers(text, &people);
    let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
    assert_eq!(found, [None, Some("Olaf Scholz"), Some("Angela Merkel"), Some("Ursula von der Leyen")]);
}

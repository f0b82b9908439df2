//! Tests of the people and bodies for whom a pronoun stands.

use super::tests::{speakers, who};
use crate::entities::EntityType;

#[test]
fn pronouns_stand_for_the_subject_before() {
    for (text, speaker) in [
        ("Angela Merkel met Emmanuel Macron. “The talks were good,” she said.", "Angela Merkel"),
        ("Angela Merkel met Emmanuel Macron. “The talks were good,” he said.", "Emmanuel Macron"),
        ("Olaf Scholz met Emmanuel Macron. “The talks were good,” he said.", "Olaf Scholz"),
        ("Angela Merkel, who met Emmanuel Macron, left. She said the talks were good.", "Angela Merkel"),
        ("“We go,” Macron told Scholz. He added that it was late.", "Emmanuel Macron"),
        ("Emmanuel Macron came. “The talks were good,” the French said.", "Emmanuel Macron"),
        ("Olaf Scholz came. Asked about Macron, he said no.", "Olaf Scholz"),
        ("Olaf Scholz came. In talks with French President Emmanuel Macron, he said no.", "Olaf Scholz"),
        ("Emmanuel Macron met Olaf Scholz. He accused Macron of delay.", "Olaf Scholz"),
        (
            "Emmanuel Macron met Olaf Scholz. He noted that there was an issue with Macron’s microphone.",
            "Emmanuel Macron",
        ),
    ] {
        assert_eq!(who(text)[1].as_deref(), Some(speaker), "{text}");
    }
}

#[test]
fn it_stands_for_the_organisation_that_was_the_subject() {
    use EntityType::{Org, Per};
    for (text, speaker) in [
        ("NATO left the city. It said the talks had failed. It added that it would rain.", Some("NATO")),
        ("Angela Merkel left NATO. It is said that the talks failed. It said so.", None),
        ("It rained. The company sued NATO. It said the talks had failed.", None),
    ] {
        let found = speakers(text, &[("NATO", Org), ("Angela Merkel", Per)]);
        assert_eq!(found[2].as_deref(), speaker, "{text}");
    }
}

#[test]
fn a_pronoun_stands_for_the_subject_of_its_sentence() {
    use EntityType::Per;
    let names = [("Trump", Per), ("Jackson", Per)];
    let text = "Jackson left. Trump had not heard of it, but he called Jackson brave.";
    assert_eq!(speakers(text, &names)[1].as_deref(), Some("Trump"));
}

#[test]
fn a_pronoun_may_mean_somebody_without_a_name() {
    use EntityType::Per;
    let text = "Lin came. One resident said it would rain. “It is dry,” she said.";
    assert_eq!(speakers(text, &[("Lin", Per)])[2], None);
}

#[test]
fn a_pronoun_shows_the_gender_of_a_person_once() {
    use EntityType::Per;
    let text = "Lin and Cole came. “It is dry,” she said. “It will rain,” he said.";
    let found = speakers(text, &[("Maya Lin", Per), ("Sam Cole", Per)]);
    let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
    assert_eq!(found, [None, Some("Maya Lin"), Some("Sam Cole")]);
}

//! Tests of the offices by which an article speaks of people whom it has named.

use super::tests::{by_rules, speakers};
use crate::article::Span;
use crate::entities::EntityType::{self, Loc, Org, Per};
use crate::entities::gender::Gender;
use crate::entities::{Entity, Mention};

const NAMES: &[(&str, EntityType)] =
    &[("Sam Reed", Per), ("Boeing", Org), ("UN", Org), ("Kremlin", Org), ("Texas", Loc), ("Florida", Loc)];

#[test]
fn a_spokesman_speaks_for_one_body() {
    for (introduced, noun, is_reed) in [
        ("UN spokesman Sam Reed came.", "The UN spokesman", true),
        ("UN spokesman Sam Reed came.", "The spokesman", true),
        ("UN spokesman Sam Reed came.", "The army spokesman", false),
        ("Police spokesman Sam Reed came.", "The army spokesman", false),
        ("Military spokesman Sam Reed came.", "The army spokesman", true),
        ("Israeli military spokesman Sam Reed came.", "The Israeli army spokesman", true),
        ("Sam Reed, a spokesman for the UN, came to Boeing.", "The Boeing spokesman", false),
        ("Sam Reed, a spokesman for the UN, came to Boeing.", "The UN spokesman", true),
        ("Kremlin spokesman Sam Reed came to Boeing.", "The Boeing spokesman", false),
        ("Texas Gov. Sam Reed came to Florida.", "The Florida governor", false),
        ("Texas Gov. Sam Reed came to Florida.", "The Texas governor", true),
        ("Texas Gov. Sam Reed came to Florida.", "The Republican governor", true),
    ] {
        let found = speakers(&format!("{introduced} {noun} said it was late."), NAMES);
        assert_eq!(found[1].as_deref() == Some("Sam Reed"), is_reed, "{introduced} {noun}: {found:?}");
    }
}

#[test]
fn many_titles_are_offices() {
    for (title, noun) in [
        ("House Speaker", "The speaker"),
        ("Tesla chief executive", "The CEO"),
        ("Secretary of State", "The secretary of state"),
        ("Police Chief", "The police chief"),
        ("Chief Justice", "The chief justice"),
        ("Rep.", "The congressman"),
        ("County Sheriff", "The sheriff"),
        ("Police Commissioner", "The commissioner"),
        ("Archbishop", "The archbishop"),
        ("Ayatollah", "The ayatollah"),
        ("Ombudsman", "The ombudsman"),
        ("school superintendent", "The superintendent"),
        ("singer", "The singer"),
    ] {
        let found = speakers(&format!("On Monday {title} Sam Reed came. {noun} said it was late."), NAMES);
        assert_eq!(found[1].as_deref(), Some("Sam Reed"), "{title}");
    }
    let found =
        speakers("Sam Reed, chief executive of Boeing, came. The Boeing CEO said it was late.", NAMES);
    assert_eq!(found[1].as_deref(), Some("Sam Reed"));
}

#[test]
fn an_office_ends_with_its_sentence() {
    let names = &[("Sam Reed", Per), ("Ann Poe", Per)];
    for (stop, is_reed) in [(".", true), ("", false)] {
        let text = format!("Attorney General Sam Reed met the attorney general{stop} Ann Poe came.");
        let found = speakers(&format!("{text} The attorney general said it was late."), names);
        assert_eq!(found.last().unwrap().as_deref() == Some("Sam Reed"), is_reed, "{text}");
    }
}

#[test]
fn he_is_the_holder_of_an_office_that_is_the_subject() {
    let names = &[("Sam Reed", Per), ("Jack Poe", Per)];
    for (noun, speaker) in [("The former president", "Sam Reed"), ("The plan", "Jack Poe")] {
        let text = format!("Former President Sam Reed came. {noun} did not name Jack Poe, but he said no.");
        assert_eq!(speakers(&text, names)[1].as_deref(), Some(speaker), "{text}");
    }
}

#[test]
fn the_secretary_of_state_has_no_other_field() {
    let text = "Secretary of State Sam Reed came. The defense secretary said it was late.";
    assert_ne!(speakers(text, NAMES)[1].as_deref(), Some("Sam Reed"));
}

#[test]
fn his_lawyer_is_not_hers() {
    for (noun, speaker) in [("Her lawyer", Some("Sam Reed")), ("His lawyer", Some("his lawyer"))] {
        let text = format!("Ann Poe's lawyer Sam Reed came. {noun} said it was late.");
        let person = |name: &str, gender| {
            let start = text.find(name).unwrap();
            let mention = Mention { span: Span::new(start, start + name.len()), score: 1.0, label: None };
            Entity { name: name.into(), kind: Per, gender, mentions: vec![mention] }
        };
        let entities = [person("Ann Poe", Some(Gender::Female)), person("Sam Reed", None)];
        assert_eq!(by_rules(&text, &entities)[1].as_deref(), speaker, "{noun}");
    }
}

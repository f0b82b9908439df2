//! Names in articles: which names are the same person, where targets are mentioned, and who speaks. With the bundled pack,
//! on many small texts in one run.

use crate::common::{results, wirelens};
use serde_json::{Value, json};

/// Results of `wirelens analyze` for texts, one article each, towards targets.
fn analyzed(texts: &[&str], targets: &[&str]) -> Vec<Value> {
    let lines: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| json!({"id": number.to_string(), "text": text}).to_string())
        .collect();
    let mut command = wirelens();
    command.args(["analyze", "-"]).args(targets.iter().flat_map(|target| ["--target", target]));
    results(command.write_stdin(lines.join("\n")), 0)
}

/// Names of the people of a result, with their numbers of mentions.
fn people(result: &Value) -> Vec<(&str, usize)> {
    let entities = result["entities"].as_array().unwrap().iter().filter(|entity| entity["type"] == "PER");
    entities
        .map(|entity| (entity["name"].as_str().unwrap(), entity["mentions"].as_array().unwrap().len()))
        .collect()
}

/// The mentions of a target that a result shows as evidence, in order; one for each sentence.
fn mentions<'a>(result: &'a Value, target: &str) -> Vec<&'a str> {
    let stance =
        result["stance"].as_array().unwrap().iter().find(|stance| stance["target"] == target).unwrap();
    let mut evidence: Vec<&Value> = stance["evidence"].as_array().unwrap().iter().collect();
    evidence.sort_by_key(|evidence| evidence["start"].as_u64());
    assert_eq!(evidence.is_empty(), stance["label"] == "absent");
    evidence.iter().map(|evidence| evidence["mention"]["text"].as_str().unwrap()).collect()
}

fn warned(result: &Value, words: &str) -> bool {
    result["warnings"].as_array().unwrap().iter().any(|warning| warning.as_str().unwrap().contains(words))
}

#[test]
fn people_are_grouped_by_all_their_names() {
    let cases: [(&str, &[(&str, usize)]); 6] = [
        (
            "Emmanuel Macron arrived in Berlin on Monday. His wife Brigitte Macron visited a school. Macron later met Angela Merkel. Mrs. Macron spoke to pupils. Mr. Macron said the talks were useful.",
            &[("Emmanuel Macron", 3), ("Brigitte Macron", 2), ("Angela Merkel", 1)],
        ),
        (
            "Xi Jinping met Joe Biden in Bali. Xi said that China was ready to talk.",
            &[("Xi Jinping", 2), ("Joe Biden", 1)],
        ),
        ("Yoon Suk Yeol came to Seoul. Yoon said that he was ready.", &[("Yoon Suk Yeol", 2)]),
        ("John F. Kennedy came to Dallas. John Kennedy was the president.", &[("John F. Kennedy", 2)]),
        ("Jean-Luc Mélenchon spoke in Paris. Melenchon left early.", &[("Jean-Luc Mélenchon", 2)]),
        (
            "Boris Johnson left London. Rachel Johnson, a columnist, stayed. Mr Johnson was tired.",
            &[("Boris Johnson", 2), ("Rachel Johnson", 1)],
        ),
    ];
    let found = analyzed(&cases.map(|(text, _)| text), &["x"]);
    for (result, (text, wanted)) in found.iter().zip(cases) {
        assert_eq!(people(result), wanted, "{text}");
    }
}

#[test]
fn targets_are_found_where_they_are_mentioned_and_nowhere_else() {
    let cases: [(&str, &str, &[&str]); 17] = [
        ("AT&T", "AT&T fell on Monday.", &["AT&T"]),
        ("S&P", "The S&P 500 rose on Monday.", &["S&P"]),
        ("9/11", "Much changed after 9/11 in New York.", &["9/11"]),
        ("Côte d'Ivoire", "Côte d’Ivoire won on Monday.", &["Côte d’Ivoire"]),
        ("Erdogan", "President Recep Tayyip Erdoğan spoke in Ankara.", &["Erdoğan"]),
        ("Berlin", "The minister came to Ber\u{AD}lin on Monday.", &["Ber\u{AD}lin"]),
        ("US", "He told us that the plan would hurt us all.", &[]),
        ("US", "The US said on Monday that it would help.", &["US"]),
        ("IS", "It is late, and it is raining.", &[]),
        ("WHO", "Who knows who will come?", &[]),
        ("Apple", "He ate an apple in the park.", &[]),
        ("Apple", "Apple pie is what he likes best.", &[]),
        ("Apple", "Apple said on Monday that its sales had risen.", &["Apple"]),
        ("Turkey", "They had a turkey for dinner.", &[]),
        ("May", "It may rain on Monday.", &[]),
        ("withdrawal", "Withdrawals are near.", &["Withdrawals"]),
        (
            "Boris Johnson",
            "Boris Johnson left London on Monday. Mr Johnson was tired. His sister Rachel Johnson stayed.",
            &["Boris Johnson", "Johnson"],
        ),
    ];
    let mut targets: Vec<&str> = cases.iter().map(|(target, ..)| *target).collect();
    targets.dedup();
    let found = analyzed(&cases.map(|(_, text, _)| text), &targets);
    for (result, (target, text, wanted)) in found.iter().zip(cases) {
        assert_eq!(mentions(result, target), wanted, "{target}: {text}");
    }
}

#[test]
fn ambiguous_letter_case_gets_a_warning() {
    let texts = [
        "he told us that the plan would hurt us all",
        "HE TOLD US THAT THE PLAN WOULD HURT US ALL",
        "The withdrawal began on Monday.",
    ];
    let found = analyzed(&texts, &["US", "Withdrawal"]);
    for result in &found[..2] {
        assert!(
            !mentions(result, "US").is_empty() && warned(result, "where it mentions 'US' is a guess"),
            "{result}"
        );
    }
    assert!(
        mentions(&found[2], "Withdrawal").is_empty() && warned(&found[2], "give 'withdrawal'"),
        "{}",
        found[2]
    );
    assert!(!warned(&found[2], "guess"));
}

#[test]
fn the_speaker_is_the_subject() {
    let cases = [
        ("Angela Merkel, who met Emmanuel Macron on Monday, said the plan was good.", Some("Angela Merkel")),
        (
            "In Berlin, a spokesman for Emmanuel Macron said the plan was good.",
            Some("a spokesman for Emmanuel Macron"),
        ),
        ("Two former Lockheed workers said the plan was good.", Some("two former Lockheed workers")),
        ("Angela Merkel met Emmanuel Macron. “The plan is good,” she said.", Some("Angela Merkel")),
        ("“The plan is good.” – Emmanuel Macron", Some("Emmanuel Macron")),
        ("Emmanuel Macron: “The plan is good.”", Some("Emmanuel Macron")),
        ("Emmanuel Macron smiled when asked about the plan.", None),
        ("Emmanuel Macron complained that the plan was late.", Some("Emmanuel Macron")),
    ];
    let found = analyzed(&cases.map(|(text, _)| text), &["plan"]);
    for (result, (text, speaker)) in found.iter().zip(cases) {
        assert_eq!(result["stance"][0]["evidence"][0]["speaker"].as_str(), speaker, "{text}");
    }
}

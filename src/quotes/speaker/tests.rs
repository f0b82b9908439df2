//! Tests of the rules for speakers, on sentences and short articles.

use super::*;
use crate::article::sentences;
use crate::entities::gender::Gender;
use crate::entities::{EntityType, Mention};

pub(super) fn by_rules(text: &str, entities: &[Entity]) -> Vec<Option<String>> {
    let sentences = sentences(text);
    let sources = vec![Vec::new(); sentences.len()];
    Speakers::find(text, &sentences, &quoted(text, &sentences), &mentions_in_order(entities), &sources)
        .of_sentences
}

pub(super) fn speakers(text: &str, names: &[(&str, EntityType)]) -> Vec<Option<String>> {
    let entities: Vec<Entity> = names
        .iter()
        .map(|&(name, kind)| {
            let surname = name.rsplit(' ').next().unwrap();
            let mentions = text
                .match_indices(surname)
                .map(|(at, _)| Mention { span: Span::new(at, at + surname.len()), score: 1.0, label: None })
                .collect();
            Entity { name: name.into(), kind, gender: None, mentions }
        })
        .collect();
    by_rules(text, &entities)
}

#[test]
fn speakers_are_names_nouns_offices_and_pronouns() {
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
        ("Representatives for Macron and Maiga did not immediately respond to requests for comment.", None),
        ("Maiga didn’t respond to requests for comment.", None),
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
    // A spokesman is introduced by "a", and nobody speaks of himself by name.
    let text = "Salgado, the spokesman for the UN, came. A spokesman for Mali said no more.";
    assert_ne!(speakers(text, &names)[1].as_deref(), Some("Olivier Salgado"));
    let text = "Macron came, and later Maiga left. “Maiga was not to blame,” he said.";
    assert_eq!(speakers(text, &names)[1].as_deref(), Some("Emmanuel Macron"));
    let text = "President Macron met President Maiga. The president said so.";
    assert_eq!(speakers(text, &names)[1], None);
    let text = "Macron came to Paris. \"We are leaving Mali,\" he said.";
    assert_eq!(speakers(text, &names)[1].as_deref(), Some("Emmanuel Macron"));
}

/// The speaker of each sentence. The names are found in full or by the family name.
pub(super) fn who(text: &str) -> Vec<Option<String>> {
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
    by_rules(text, &entities)
}

#[test]
fn the_speaker_is_the_subject_of_the_verb() {
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
        ("NATO Secretary of State Angela Merkel said Macron was late.", MERKEL),
        ("Lockheed Chief Executive Angela Merkel said no.", MERKEL),
        ("Macron adviser Angela Merkel said no.", MERKEL),
        ("Macron campaign spokeswoman Angela Merkel said Scholz was late.", MERKEL),
        ("“We go,” said Macron aide Angela Merkel.", MERKEL),
        ("According to Macron Defense Secretary Angela Merkel, Scholz was late.", MERKEL),
        ("One minister, Angela Merkel of the CDU, said no.", MERKEL),
        ("The office of President Emmanuel Macron said Merkel was late.", None),
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
        ("Angela Merkel, whose plan Macron criticised, said it was good.", MERKEL),
        ("Angela Merkel, whose government said so, told Macron no.", MERKEL),
        ("Angela Merkel said that after the talks, Macron rejected the plan.", MERKEL),
        ("Macron smiled because the talks were good, Merkel said.", MERKEL),
        ("The man who killed Emmanuel Macron said Merkel was late.", None),
        ("The court that had convicted Macron said Merkel was late.", None),
        ("“We go,” Merkel wrote to Macron on Monday.", MERKEL),
        ("Merkel said that German President Emmanuel Macron told Scholz no.", MERKEL),
    ] {
        let found = who(text);
        let entity = found[0]
            .as_deref()
            .filter(|name| ["Angela Merkel", "Emmanuel Macron", "NATO", "Russia", "Lockheed"].contains(name));
        assert_eq!(entity, speaker, "{text}: {found:?}");
    }
}

#[test]
fn groups_without_a_name_are_speakers() {
    for (text, speaker) in [
        ("Police said 12 people were missing.", "police"),
        ("Two residents said the shops were closed.", "two residents"),
        ("The company said so.", "the company"),
        ("The family said so.", "the family"),
        ("Police say Macron told them so.", "police"),
        ("The report claims Macron lied.", "the report"),
        ("Police arrested Macron on Monday, saying the plan failed.", "police"),
        ("The government has suspended flights to Berlin, saying it was late.", "the government"),
        ("Two residents who fled to Berlin said it was late.", "two residents who fled to Berlin"),
    ] {
        assert_eq!(who(text)[0].as_deref(), Some(speaker), "{text}");
    }
    let democrats = [("Democrats", EntityType::Misc), ("Emmanuel Macron", EntityType::Per)];
    let found = speakers("Democrats say Macron told them so.", &democrats);
    assert_eq!(found[0].as_deref(), Some("Democrats"));
}

#[test]
fn plural_nouns_are_no_verbs() {
    for text in ["Police received reports of gunshots on Monday.", "The government faces claims of fraud."] {
        assert_eq!(who(text)[0], None, "{text}");
    }
}

#[test]
fn who_is_accused_says_nothing() {
    for text in ["Five soldiers accused of a plot were arrested.", "The company posted a loss on Monday."] {
        assert_eq!(who(text)[0], None, "{text}");
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
fn answers_of_an_interview_are_those_of_the_person_it_introduces() {
    let text = "Angela Merkel met our reporter; Merkel had met Emmanuel Macron before.\n\nQ: Why do you go?\n\nA: It is late. \
        It is cold.\n\nQ: And Macron?\n\nA: He stays.\n\nThe interview was shortened.";
    let found = who(text);
    let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
    let merkel = Some("Angela Merkel");
    assert_eq!(found, [None, None, merkel, merkel, None, merkel, None]);
}

#[test]
fn a_label_in_capitals_is_the_person_with_that_family_name() {
    let text = "Angela Merkel met Emmanuel Macron.\n\n\"MERKEL: We go.\n\n\"MACRON: We stay.";
    let found = who(text);
    let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
    assert_eq!(found, [None, Some("Angela Merkel"), Some("Emmanuel Macron")]);
}

#[test]
fn of_several_with_one_office_the_qualifier_tells_who() {
    use EntityType::Per;
    let names = [("Donald Trump", Per), ("Hillary Clinton", Per), ("Mike Pence", Per)];
    let came = "GOP presidential nominee Donald Trump met Democratic nominee Hillary Clinton and Indiana Gov. Mike Pence.";
    for (said, speaker) in [
        ("The Republican nominee said so.", Some("Donald Trump")),
        ("The Democratic nominee said so.", Some("Hillary Clinton")),
        ("The nominee said so.", None),
        ("The Indiana governor said so.", Some("Mike Pence")),
        ("The former governor said so.", None),
    ] {
        assert_eq!(speakers(&format!("{came} {said}"), &names)[1].as_deref(), speaker, "{said}");
    }
}

#[test]
fn an_office_is_that_of_its_whole_name_and_rank() {
    let names = [("Emmanuel Macron", EntityType::Per)];
    for (text, speaker) in [
        ("Israeli Prime Minister Macron came. The prime minister said he was late.", "Emmanuel Macron"),
        ("Prime Minister Macron came. The defence minister said he was late.", "the defence minister"),
        ("Vice President Macron came. The president said it was late.", "the president"),
        ("Vice-President Macron came. The president said it was late.", "the president"),
        ("Vice President Macron came. The vice president said it was late.", "Emmanuel Macron"),
        ("US President Macron came. The French president said it was late.", "the president"),
        ("US President Macron came. The American president said it was late.", "Emmanuel Macron"),
        ("Foreign Minister Macron came. The defense minister said it was late.", "the minister"),
    ] {
        let found = speakers(&format!("Talks began on Monday. {text}"), &names)[2].clone();
        let by_office = found.as_deref() == Some("Emmanuel Macron");
        assert_eq!(by_office, speaker == "Emmanuel Macron", "{text}: {found:?}");
    }
}

#[test]
fn an_office_before_a_verb_is_not_that_of_the_name_before_it() {
    use EntityType::Per;
    let text = "She is a daughter of Omar Haddad, the interior minister says.";
    assert_eq!(speakers(text, &[("Omar Haddad", Per)])[0].as_deref(), Some("the interior minister"));
}

#[test]
fn what_acts_in_the_name_of_a_person_is_not_the_person() {
    use EntityType::Per;
    for (text, speaker) in [
        ("The Trump administration said it would rain.", "the Trump administration"),
        ("It will rain, according to the Trump campaign.", "the Trump campaign"),
        ("“It will rain,” the Trump campaign said.", "the Trump campaign"),
        ("The Trump family said it would rain.", "the Trump family"),
    ] {
        assert_eq!(speakers(text, &[("Donald Trump", Per)])[0].as_deref(), Some(speaker), "{text}");
    }
}

#[test]
fn what_somebody_does_is_part_of_their_phrase() {
    use EntityType::Per;
    let text = "The woman accusing Brett Kavanaugh of assault says she will not testify.";
    assert_eq!(speakers(text, &[("Brett Kavanaugh", Per)])[0].as_deref(), None);
    let text = "A lawyer representing Brett Kavanaugh said no.";
    assert_eq!(
        speakers(text, &[("Brett Kavanaugh", Per)])[0].as_deref(),
        Some("a lawyer representing Brett Kavanaugh")
    );
    let text = "The officials accusing Brett Kavanaugh of assault said he would testify.";
    assert_eq!(
        speakers(text, &[("Brett Kavanaugh", Per)])[0].as_deref(),
        Some("the officials accusing Brett Kavanaugh of assault")
    );
}

#[test]
fn an_announcement_names_the_next_speaker() {
    let found = who("Merkel said:\n“We go.”");
    assert_eq!(found, [None, Some("Angela Merkel".into())]);
    let found = who("French guest Angela Merkel issued the following statement:\n\n“We go home now.”");
    assert_eq!(found, [None, Some("Angela Merkel".into())]);
}

#[test]
fn quotations_run_over_sentences_and_paragraphs() {
    for (text, speaker) in [
        ("“We go. We go now,” Merkel said.", "Angela Merkel"),
        ("“We go,” Merkel said. “We go now. We all go.”", "Angela Merkel"),
        ("Merkel said: “We go.\n\n“We go now.”", "Angela Merkel"),
        ("“We go now. We all go.”\n– Angela Merkel", "Angela Merkel"),
        ("“We go,” said Merkel, the chancellor.\n\n“We go now.”", "Angela Merkel"),
        ("Merkel said it would rain.\n\n“We go now.”", "Angela Merkel"),
        ("'We go,' Merkel said. 'We go now.'\n\n'We all go.'", "Angela Merkel"),
    ] {
        let found = who(text);
        assert!(found.iter().all(|name| name.as_deref() == Some(speaker)), "{text}: {found:?}");
    }
}

//! `wirelens compare`: what outlets share and where they differ, in every output format, and errors for bad input.

use std::fs;

use crate::common::{articles, root, stderr, stdout, wirelens};
use serde_json::{Value, json};

fn comparison(arguments: &[&str], input: Option<&str>, code: i32) -> Value {
    let mut command = wirelens();
    command.arg("compare").args(arguments).args(["--format", "json"]);
    if let Some(input) = input {
        command.write_stdin(input);
    }
    let found: Value = serde_json::from_str(&stdout(&mut command, code)).expect("output is JSON");
    let schema =
        jsonschema::validator_for(&wirelens::compare::comparison::json_schema()).expect("a valid schema");
    let errors: Vec<String> = schema.iter_errors(&found).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    found
}

/// Records of outlets that tell the same, each with sentences of its own.
fn records(own: &[(&str, &str)]) -> String {
    let shared = "French troops will leave Mali within six months, President Emmanuel Macron said in Paris on Thursday. \
        The government of Niger agreed to host the European special forces.";
    let rows = own.iter().enumerate().map(|(number, (outlet, text))| {
        json!({"id": number.to_string(), "source": outlet, "text": format!("{text} {shared}")}).to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn five_outlets_share_facts_and_every_offset_gives_its_sentence() {
    let found = comparison(&[articles().to_str().unwrap()], None, 0);
    let event = &found["events"][0];
    assert_eq!(event["outlets"].as_array().unwrap().len(), 5);
    let text = |article: &str| -> Vec<char> {
        fs::read_to_string(articles().join(format!("{article}.txt"))).unwrap().chars().collect()
    };
    let mut places = 0;
    let mut check = |sentence: &Value| {
        let text = text(sentence["article"].as_str().unwrap());
        let span = sentence["start"].as_u64().unwrap() as usize..sentence["end"].as_u64().unwrap() as usize;
        let there: String = text[span].iter().collect();
        assert_eq!(
            there.split_whitespace().collect::<Vec<_>>().join(" "),
            sentence["text"].as_str().unwrap()
        );
        places += 1;
    };
    for fact in event["shared"].as_array().unwrap() {
        assert!(fact["outlets"].as_array().unwrap().len() > 1, "{fact}");
        assert_eq!(fact["text"], fact["sentences"][0]["text"]);
        fact["sentences"].as_array().unwrap().iter().for_each(&mut check);
    }
    event["digest"].as_array().unwrap().iter().for_each(&mut check);
    for only in event["only_here"].as_array().unwrap() {
        only["sentences"].as_array().unwrap().iter().for_each(&mut check);
    }
    assert!(places > 20, "{places}");
    // The words of the statement are in two articles, and the 4,300 soldiers in the Sahel are not the 2,400 in Mali.
    assert!(event["reuse"].as_array().unwrap().iter().any(|reuse| reuse["words"].as_u64().unwrap() > 12));
    assert_eq!(event["differences"], json!([]));
    let mali = event["names"].as_array().unwrap().iter().find(|row| row["name"] == "Mali").unwrap();
    assert!(mali["mentions"].as_array().unwrap().iter().all(|count| count.as_u64().unwrap() > 0));
}

#[test]
fn different_numbers_of_the_same_thing_are_reported_and_rounded_ones_are_not() {
    let told =
        |number: &str| format!("France has {number} soldiers in Mali as part of the Barkhane operation.");
    let (one, other, round) = (told("2,412"), told("2,538"), told("some 2,400"));
    let found = comparison(&["-"], Some(&records(&[("A", &one), ("B", &other)])), 0);
    let differences = found["events"][0]["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 1, "{differences:?}");
    let sides: Vec<&str> = differences[0]["sides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side["value"].as_str().unwrap())
        .collect();
    assert_eq!(sides, ["2,412 soldiers", "2,538 soldiers"]);
    // Nor are they one fact, although nearly all their words are the same.
    let shared = found["events"][0]["shared"].as_array().unwrap();
    assert!(shared.iter().all(|fact| !fact["text"].as_str().unwrap().contains("soldiers")), "{shared:?}");
    let found = comparison(&["-"], Some(&records(&[("A", &one), ("B", &round)])), 0);
    assert_eq!(found["events"][0]["differences"], json!([]));
}

#[test]
fn text_of_an_agency_counts_once_and_is_marked_as_copied() {
    let own = ("Reporters waited at the airport.", "Families were waiting in the rain.");
    let found = comparison(&["-"], Some(&records(&[("A", own.0), ("B", own.1)])), 0);
    let event = &found["events"][0];
    let copies =
        event["shared"].as_array().unwrap().iter().flat_map(|fact| fact["sentences"].as_array().unwrap());
    assert!(copies.filter(|sentence| sentence["copy"] == true).count() >= 2, "{}", event["shared"]);
    assert_eq!(event["reuse"][0]["outlets"], json!(["A", "B"]));
    let digest: Vec<&str> = event["digest"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sentence| sentence["text"].as_str().unwrap())
        .collect();
    let different: std::collections::BTreeSet<&&str> = digest.iter().collect();
    assert_eq!(different.len(), digest.len(), "{digest:?}");
}

#[test]
fn articles_of_several_events_are_grouped_into_events() {
    let fire = "A fire destroyed the old market hall of Bergen on Monday night, and forty firefighters could not save it. Mayor Marit Warncke \
        said in Bergen that the hall would be built again.";
    let rows = [("A", fire), ("B", fire)].map(|(outlet, text)| {
        json!({"id": format!("fire {outlet}"), "source": outlet, "text": text}).to_string()
    });
    let input = records(&[("A", "Reporters waited."), ("B", "Families waited.")]) + "\n" + &rows.join("\n");
    let found = comparison(&["--events", "-"], Some(&input), 0);
    let sizes: Vec<usize> = found["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["articles"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [2, 2]);
}

#[test]
fn unusual_input_gets_a_clear_result_or_error() {
    let one = records(&[("A", "Reporters waited.")]);
    let found = comparison(&["-"], Some(&one), 0);
    assert!(
        found["warnings"][0].as_str().unwrap().contains("all articles are of one outlet, 'A'"),
        "{found}"
    );
    let same = records(&[("A", "Reporters waited."), ("B", "Reporters waited.")]);
    let found = comparison(&["-"], Some(&same), 0);
    assert!(found["events"][0]["only_here"].as_array().unwrap().is_empty());
    // A record that is no article does not stop the others.
    let broken = format!("{same}\n{{\"id\": 9, \"text\": \n");
    let mut command = wirelens();
    command.args(["compare", "--format", "json", "-"]).write_stdin(broken);
    assert!(stderr(&mut command, 1).contains("1 of 3 articles could not be read"));
    let found = comparison(&["-"], Some("{\"id\": 1, \"text\": \"\"}"), 1);
    assert!(found["warnings"][0].as_str().unwrap().contains("nothing to compare"), "{found}");
}

#[test]
fn outlets_are_named_by_record_address_or_file() {
    let row = |more: Value| {
        let mut row = json!({"id": "x", "text": "French troops will leave Mali within six months, the president said."});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row.to_string()
    };
    let input = [
        row(json!({"source": "The Paper"})),
        row(json!({"url": "https://www.news.example/a"})),
        row(json!({})),
    ]
    .join("\n");
    let found = comparison(&["-"], Some(&input), 0);
    assert_eq!(found["events"][0]["outlets"], json!(["The Paper", "news.example", "x (3)"]));
    let ids: Vec<&str> = found["events"][0]["articles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|article| article["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["x", "x (2)", "x (3)"]);
}

#[test]
fn the_page_loads_no_other_file_and_escapes_hostile_text() {
    let hostile = "<script>alert(1)</script> <img src=x onerror=alert(2)> </script> \u{202e}evil \u{1b}[2J";
    let input = records(&[("<b>A</b>", hostile), ("B\"'onclick=", hostile)]);
    let mut command = wirelens();
    command.args(["compare", "--format", "html", "-"]).write_stdin(input);
    let page = stdout(&mut command, 0);
    assert!(page.contains("default-src 'none'") && page.contains("script-src 'sha256-"));
    assert_eq!(page.matches("<script").count(), 1);
    for tag in ["<img", "<b>A", "onclick=\"", "\u{202e}", "\u{1b}"] {
        assert!(!page.contains(tag), "{tag}");
    }
    for outside in ["src=", "<link", "@import", "url("] {
        assert!(!page.replace("&lt;img src=x", "").contains(outside), "{outside}");
    }
    // Every link within the page has a target.
    let ids: std::collections::HashSet<&str> =
        page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let links: Vec<&str> =
        page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(links.len() > 20, "{}", links.len());
    for link in links {
        assert!(ids.contains(link), "{link}");
    }
}

#[test]
fn text_and_markdown_have_the_main_results() {
    for (format, section) in [("text", "Shared facts"), ("markdown", "### Shared facts")] {
        let mut command = wirelens();
        command.arg("compare").arg(articles()).args(["--format", format, "--words", "60"]);
        let targets = root().join("eval/targets.toml");
        let found = stdout(command.arg("--targets").arg(targets), 0);
        for words in [section, "Only here", "Given differently", "Who is quoted", "wagner"] {
            assert!(found.contains(words), "{words}: {found}");
        }
    }
}

#[test]
fn json_has_all_that_one_outlet_alone_tells_and_text_says_how_much_more_there_is() {
    let own = "Fishermen in Piraeus sold forty tonnes of sardines to a cannery on Monday. A new bridge over the river Lim opened \
        after nine years of work. Teachers in Oslo asked for smaller classes and better books. The museum of Lyon lent two \
        paintings to a gallery in Osaka. Farmers near Toledo lost most of their almonds to frost. An engineer found a crack in \
        the dam above the village of Aul. The orchestra of Porto played its last concert under Jane Roe. Doctors in Nairobi \
        tested a vaccine against a fever of cattle. A court in Lima ordered the mine to pay for the lake.";
    let input = records(&[("A", own), ("B", "The lake was calm on Sunday.")]);
    let found = comparison(&["-"], Some(&input), 0);
    let only = found["events"][0]["only_here"].as_array().unwrap();
    let count =
        only.iter().find(|only| only["outlet"] == "A").unwrap()["sentences"].as_array().unwrap().len();
    assert!(count > 7, "{only:?}");
    for format in ["text", "markdown", "html"] {
        let mut command = wirelens();
        command.args(["compare", "-", "--format", format]).write_stdin(input.clone());
        let told = stdout(&mut command, 0);
        assert!(told.contains(&format!("and {} more", count - 6)), "{format}: {told}");
    }
}

#[test]
fn a_sentence_that_is_only_a_quotation_has_its_speaker() {
    let own = "Mayor Maria Alvarez rejected the plan on Monday. “We will never accept this plan for our harbour town,” Alvarez said. \
        “It would cost our families all of their fishing boats within a year.”";
    let found = comparison(&["-"], Some(&records(&[("A", own), ("B", "The lake was calm on Sunday.")])), 0);
    let only = found["events"][0]["only_here"].as_array().unwrap().iter();
    let sentences: Vec<&Value> = only.flat_map(|only| only["sentences"].as_array().unwrap()).collect();
    let speaker = |opening: &str| {
        let said = sentences.iter().find(|sentence| sentence["text"].as_str().unwrap().starts_with(opening));
        said.unwrap_or_else(|| panic!("{opening}: {sentences:?}"))["speaker"].clone()
    };
    assert_eq!(speaker("“It would cost"), "Maria Alvarez");
    assert_eq!(speaker("Mayor Maria"), Value::Null);
}

#[test]
fn words_of_two_speakers_are_shown_as_they_are_written() {
    let said = "“We are working carefully with the families and reviewing their many plans for the fishing harbour,”";
    let by =
        |speaker: &str| format!("The mayor’s office rejected the plan on Monday. {said} said {speaker}.");
    let (one, other) = (by("Maria Alvarez"), by("Peter Miller"));
    let found = comparison(&["-"], Some(&records(&[("A", &one), ("B", &other)])), 0);
    let differences = found["events"][0]["differences"].as_array().unwrap();
    let about: Vec<&Value> =
        differences.iter().filter(|one| one["kind"] == "attribution").map(|one| &one["about"]).collect();
    assert_eq!(about, [said], "{differences:?}");
}

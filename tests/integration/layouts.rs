//! Texts in different layouts: lines of a fixed width, mail, datelines and captions, and web pages with soft hyphens,
//! requests to the reader and paywalls.

use std::fs;

use crate::common::{check_offsets, results, stdout, wirelens};
use serde_json::Value;

/// The result of `wirelens ARGUMENTS` on a file `name` with this text.
#[track_caller]
fn read(arguments: &[&str], name: &str, text: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let mut found = results(wirelens().args(arguments).arg(path), 0);
    if name.ends_with(".txt") {
        check_offsets(&found[0], &text.chars().collect::<Vec<_>>());
    }
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn named(result: &Value, kind: &str) -> Vec<String> {
    let of_kind = |entity: &&Value| entity["type"] == kind;
    let entities = result["entities"].as_array().unwrap();
    entities.iter().filter(of_kind).map(|entity| entity["name"].as_str().unwrap().to_owned()).collect()
}

fn summary(text: &str) -> String {
    let result = read(&["summarize", "--sentences", "1"], "a.txt", text);
    result["summary"]["text"].as_str().unwrap().to_owned()
}

#[test]
fn names_across_line_breaks_are_found_whole() {
    for text in [
        "Ryan met Ada\nLovelace in London yesterday.\n",
        "Ryan met Ada\r\nLovelace in London yesterday.\r\n",
        "> Ryan met Ada\n> Lovelace in London yesterday.\n",
        "Ryan met Ada Love-\nlace in London yesterday.\n",
    ] {
        let found = read(&["entities"], "a.txt", text);
        assert_eq!(named(&found, "PER"), ["Ryan", "Ada Lovelace"], "{text:?}");
    }
    let text = "Emmanuel Macron told reporters on Monday that France would withdraw its\nsoldiers from Mali before the end \
        of the year, and that the United\nNations had been told.\n";
    let found = read(&["analyze"], "a.txt", text);
    assert!(named(&found, "ORG").contains(&"United Nations".to_owned()), "{found}");
    assert_eq!(found["summary"]["sentences"].as_array().unwrap().len(), 1);
    let sentence = found["summary"]["sentences"][0]["text"].as_str().unwrap();
    assert_eq!(sentence, text.trim());
    assert_eq!(found["summary"]["text"].as_str().unwrap(), text.trim().replace('\n', " "));
}

#[test]
fn a_mail_is_read_by_its_paragraphs() {
    let text = "From: press@example.org\nSubject: Statement on Sudan\n\nDear all,\n\nplease find below the statement that \
        Foreign Minister Anna Schmidt made\nin Berlin today. She will be available for questions at 3 p.m. on\nTuesday.\n\n\
        \"Germany welcomes the decision of the United States to lift its\nsanctions,\" Schmidt said. \"We expect Sudan to \
        improve its human rights\nrecord. The government in Khartoum must let aid workers travel.\"\n\n- Sanctions were \
        imposed in 1997.\n- The decision takes effect in July.\n\nContact: +49 30 123456\n\n-- \nPress Office\n";
    let found = read(&["analyze", "--target", "Sudan"], "a.txt", text);
    let evidence = found["stance"][0]["evidence"].as_array().unwrap();
    let quoted = evidence.iter().find(|e| e["text"].as_str().unwrap().contains("We expect")).unwrap();
    assert!(quoted["text"].as_str().unwrap().contains("improve its human rights\nrecord."), "{quoted}");
    assert_eq!(quoted["speaker"], "Anna Schmidt");
    assert!(named(&found, "LOC").contains(&"United States".to_owned()));
}

#[test]
fn datelines_and_captions_are_not_in_summaries() {
    let first = "Greece will reopen its largest harbour on Monday, the transport ministry said.";
    for opening in [
        "ATHENS — ",
        "ATHENS, Greece — ",
        "ATHENS/PIRAEUS (Reuters) - ",
        "Jan 13 (Reuters) - ",
        "NEW DELHI: ",
        "ATHENS, Jan. 13 — ",
        "(CNN) -- ",
        "A photograph shows the fish market in Piraeus last year.\n\nATHENS — ",
        "Dockers wait in Piraeus last week. (Photo by Jane Roe/AFP)\n\n",
        "Dockers wait in Piraeus last week. Getty Images\n\nBy Jane Roe, Athens\n\nATHENS (AP) — ",
    ] {
        assert_eq!(summary(&format!("{opening}{first}\n")), first, "{opening}");
    }
}

#[test]
fn requests_to_the_reader_are_not_in_summaries() {
    let first = "The fund will sell its shares in coal companies, the finance ministry said on Monday.";
    for request in [
        "You have 4 free articles left this month. Subscribe to continue reading.",
        "We value your privacy. We and our partners store information on a device, such as cookies, to show you more.",
        "Sign up for our daily newsletter, which is delivered straight to your inbox every single morning.",
        "This article is for subscribers only, so please log in or start your free trial to continue reading it.",
    ] {
        assert_eq!(summary(&format!("{request}\n\n{first}\n\n{request}\n")), first, "{request}");
    }
}

#[test]
fn a_month_may_end_a_sentence() {
    let found =
        read(&["analyze"], "a.txt", "The vote will be held in May. Theresa May said that she was ready.");
    assert_eq!(found["summary"]["sentences"].as_array().unwrap().len(), 2);
    assert_eq!(named(&found, "PER"), ["Theresa May"]);
}

const BODY: &str = "The finance ministry in Stockholm said on Monday that the fund would sell its shares. It gave no date for \
    the sale, and the opposition asked for one.";

#[test]
fn soft_hyphens_of_pages_are_removed() {
    let page = format!(
        "<html><title>Fund</title><article><p>{BODY}</p><p>Angela Mer&shy;kel met Em&shy;manuel Macron in Ber&shy;lin. \
         Bo&#8203;ris John&#8203;son was there.</p><p>{BODY}</p></article></html>"
    );
    let found = read(&["analyze", "--target", "Berlin"], "a.html", &page);
    assert_eq!(found["stance"][0]["evidence"][0]["mention"]["text"], "Berlin");
    for name in ["Angela Merkel", "Emmanuel Macron", "Boris Johnson"] {
        assert!(named(&found, "PER").contains(&name.to_owned()), "{found}");
    }
    assert!(!found.to_string().contains(['\u{ad}', '\u{200b}']));
}

#[test]
fn a_page_behind_a_paywall_gets_a_warning() {
    let page = format!(
        "<html><title>Fund</title><script type=\"application/ld+json\">{{\"@type\": \"NewsArticle\", \"isAccessibleForFree\": \
         false, \"articleBody\": \"{BODY} Angela Merkel said more on that in Berlin.\"}}</script><article><p>{BODY}</p><p>You have \
         4 free articles left this month. Subscribe to continue reading.</p></article></html>"
    );
    let found = read(&["analyze"], "a.html", &page);
    let warning = "the page says that it is not free to read, so the text may be only its beginning";
    assert_eq!(found["warnings"], serde_json::json!([warning]));
    assert_eq!(named(&found, "PER"), ["Angela Merkel"]);
    assert!(!found["summary"]["text"].as_str().unwrap().contains("Subscribe"));
}

#[test]
fn a_sentence_across_line_breaks_is_shown_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, "The army said that it would leave\nthe city on Monday.\n").unwrap();
    let shown = stdout(wirelens().arg("summarize").arg(path), 0);
    assert!(shown.contains("The army said that it would leave the city on Monday."), "{shown}");
}

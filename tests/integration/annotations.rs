//! `wirelens eval` on annotated data sets: every supported format, and the errors for other formats.

use std::fs;
use std::path::PathBuf;

use crate::common::{stderr, stdout, wirelens};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder of files, and commands that read them.
struct Files(TempDir);

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `wirelens eval TASK --data NAME`.
    fn eval(&self, task: &str, name: &str) -> assert_cmd::Command {
        let mut command = wirelens();
        command.args(["eval", task, "--data"]).arg(self.path(name));
        command
    }
}

fn report(command: &mut assert_cmd::Command) -> Value {
    serde_json::from_str(&stdout(command.args(["--format", "json"]), 0)).expect("the report is JSON")
}

fn value(report: &Value, key: &str) -> f64 {
    let number = key.split('.').fold(&report["metrics"], |value, part| &value[part]);
    number["value"].as_f64().unwrap_or_else(|| panic!("{key} has no value in {}", report["metrics"]))
}

/// Mentions of each type in the gold.
fn gold_of(report: &Value) -> Vec<(String, u64)> {
    let types = report["types"].as_object().unwrap().iter();
    let counts = types.map(|(kind, row)| (kind.clone(), row["counts"]["conll"]["gold"].as_u64().unwrap()));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// Scores data of one file against itself.
fn against_itself(task: &str, name: &str, bytes: &[u8], more: &[&str]) -> Value {
    let files = Files::new(&[(name, bytes)]);
    let mut command = files.eval(task, name);
    report(command.arg("--predictions").arg(files.path(name)).args(more))
}

const COLUMNS: &str = "Ada B-PER\nLovelace I-PER\nmet O\nthe O\nUN B-ORG\nin O\nNew\u{a0}York B-LOC\n";

#[test]
fn columns_of_every_scheme_hold_the_same_entities() {
    let expected = [("LOC".to_owned(), 1), ("ORG".to_owned(), 1), ("PER".to_owned(), 1)];
    for (scheme, text) in [
        ("", COLUMNS.to_owned()),
        ("IOB1", COLUMNS.replace("B-", "I-")),
        ("IOBES", COLUMNS.replace("I-PER", "E-PER").replace("B-ORG", "S-ORG").replace("B-LOC", "S-LOC")),
        ("BILOU", COLUMNS.replace("I-PER", "L-PER").replace("B-ORG", "U-ORG").replace("B-LOC", "U-LOC")),
        ("", COLUMNS.replace(' ', "\t")),
    ] {
        let files = Files::new(&[("gold", COLUMNS.as_bytes()), ("data", text.as_bytes())]);
        let mut command = files.eval("entities", "data");
        let found = report(command.arg("--predictions").arg(files.path("gold")));
        assert_eq!(gold_of(&found), expected, "{text}");
        assert_eq!((value(&found, "entities.strict.f1"), found["data"]["items"].as_u64()), (1.0, Some(1)));
        let notes = found["notes"].to_string();
        assert!(notes.contains(scheme) && (notes == "[]") == scheme.is_empty(), "{notes}");
    }
}

#[test]
fn tokens_keep_no_break_spaces_and_encoding_latin_1_is_read() {
    let tabs = against_itself("entities", "data", b"Peter Blackburn\tB-PER\nmet\tO\n", &[]);
    assert_eq!(gold_of(&tabs), [("PER".to_owned(), 1)]);
    let latin = b"Jos\xe9 B-PER\nleft O\n";
    let files = Files::new(&[("data", latin)]);
    let said = stderr(&mut files.eval("entities", "data"), 2);
    assert!(said.contains("is not valid UTF-8 at byte 3 (line 1)") && said.contains("--encoding"), "{said}");
    assert_eq!(
        gold_of(&against_itself("entities", "data", latin, &["--encoding", "latin1"])),
        [("PER".to_owned(), 1)]
    );
    // Numbered tokens, and two columns of tags.
    let nested = b"# a comment\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tParis\tI-ORG\tB-LOC\n";
    assert_eq!(gold_of(&against_itself("entities", "data", nested, &[])), [("LOC".to_owned(), 1)]);
    let outer = against_itself("entities", "data", nested, &["--columns", "2,3"]);
    assert_eq!(gold_of(&outer), [("ORG".to_owned(), 1)]);
    assert!(outer["notes"].to_string().contains("of 4 columns, 2 is read as the token and 3 as its tag"));
}

#[test]
fn labels_that_the_map_leaves_out_are_counted_in_the_report() {
    let text = "Ada B-PER\nspent O\n$5 B-MONEY\non O\nMonday B-DATE\n\n$6 B-MONEY\n";
    let files = Files::new(&[("data", text.as_bytes())]);
    let said = stderr(&mut files.eval("entities", "data"), 2);
    assert!(said.contains("--map DATE=O,MONEY=O"), "{said}");
    let mut command = files.eval("entities", "data");
    command.args(["--map", "MONEY=O,DATE=O", "--predictions"]).arg(files.path("data"));
    let notes = report(&mut command)["notes"].to_string();
    assert!(notes.contains("3 mentions of the data (1 of 'DATE', 2 of 'MONEY')"), "{notes}");
}

#[test]
fn the_pack_is_scored_on_documents_of_annotation_tools() {
    let text = "Angela Merkel visited Paris on Monday.";
    let doccano = json!({"id": 1, "text": text, "labels": [[0, 13, "PERSON"], [22, 27, "GPE"]]}).to_string();
    let studio = json!([{"id": 1, "data": {"text": text}, "annotations": [{"result": [
        {"type": "labels", "value": {"start": 0, "end": 13, "text": "Angela Merkel", "labels": ["PERSON"]}},
        {"type": "labels", "value": {"start": 22, "end": 27, "text": "Paris", "labels": ["GPE"]}},
    ]}]}]);
    let studio = format!("{studio:#}");
    let ann = b"T1\tPERSON 0 13\tAngela Merkel\nT2\tGPE 22 27\tParis\n";
    let files = Files::new(&[
        ("doccano.jsonl", doccano.as_bytes()),
        ("studio.json", studio.as_bytes()),
        ("brat/a.txt", text.as_bytes()),
        ("brat/a.ann", ann),
        ("brat/more/b.txt", b"Nothing here."),
        ("brat/more/b.ann", b""),
    ]);
    for (name, items) in
        [("doccano.jsonl", 1), ("studio.json", 1), ("brat/a.ann", 1), ("brat/a.txt", 1), ("brat", 2)]
    {
        let found = report(files.eval("entities", name).args(["--map", "GPE=LOC"]));
        assert_eq!(gold_of(&found), [("LOC".to_owned(), 1), ("PER".to_owned(), 1)], "{name}");
        assert_eq!(value(&found, "entities.strict.f1"), 1.0, "{name}");
        assert_eq!(
            found["data"],
            json!({"name": name.rsplit('/').next(), "unit": "document", "items": items})
        );
        // The capital of the first word of a sentence does not make it a name; "Merkel" and "Paris" are names.
        assert_eq!(found["baselines"]["capitalised words"]["entities"]["exact"]["recall"], 0.5, "{name}");
    }
    let first = report(files.eval("entities", "brat").args(["--map", "GPE=LOC"]));
    fs::write(files.path("brat/more/b.txt"), "Nothing there.").unwrap();
    let second = report(files.eval("entities", "brat").args(["--map", "GPE=LOC"]));
    assert_ne!(first["signature"], second["signature"], "the signature has the hash of every file");
}

#[test]
fn stances_of_articles_are_scored_and_calibrated() {
    let article = |id: u32, target: &str, polarity: i32| {
        let text = "Observers praised Angela Merkel for her courage. She thanked them warmly.";
        json!({"id": id, "text": text, "target": target, "aliases": ["Merkel"], "polarity": polarity})
            .to_string()
    };
    let absent = article(2, "Emmanuel Macron", -1).replace("[\"Merkel\"]", "[]");
    let data = [article(1, "chancellor", 1), absent].join("\n");
    let files = Files::new(&[("data.jsonl", data.as_bytes())]);
    let found = report(&mut files.eval("stance", "data.jsonl"));
    assert_eq!(found["data"]["unit"], "article");
    assert_eq!(value(&found, "stance.article.accuracy"), 0.5);
    // The absent target counts as neutral, which is wrong here, and has no probability for the calibration.
    assert_eq!(
        found["confusion"]["counts"]["article"],
        json!([[1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    );
    assert!(found["notes"].to_string().contains("1 of 2 targets are absent"), "{}", found["notes"]);
    let bins = found["calibration"]["article"].as_array().unwrap();
    let (count, said): (u64, f64) = bins.iter().fold((0, 0.0), |(count, said), bin| {
        (count + bin["count"].as_u64().unwrap(), said + bin["confidence"].as_f64().unwrap())
    });
    assert_eq!((bins.len(), count), (10, 1));
    assert!((value(&found, "stance.article.ece") - (1.0 - said)).abs() < 1e-9);
    assert!(found["metrics"]["stance"].get("detection").is_none(), "nobody judged sentences");
    let said = stdout(&mut files.eval("stance", "data.jsonl"), 0);
    assert!(said.contains("calibration error") && said.contains("are absent from their article"), "{said}");
}

#[test]
fn mentions_with_holders_and_rows_of_newsmtsc_are_scored() {
    let held = r#"{"sentence": "Ana praised Bo.", "mention": "Bo", "from": 12, "to": 14, "polarity": 1, "source": "Ana", "source_from": 0, "source_to": 3}"#;
    let files = Files::new(&[("data.jsonl", held.as_bytes())]);
    let found = report(&mut files.eval("stance", "data.jsonl"));
    assert_eq!(found["notes"], json!([]), "the pack knows holders");
    assert_eq!(found["calibration"]["sentence"].as_array().unwrap().len(), 10);

    let target = |from: u32, words: &str, polarity: f64| json!({"Input.gid": "x", "from": from, "to": from + words.len() as u32, "mention": words, "polarity": polarity});
    let row = |polarities: [f64; 2]| {
        let targets = [target(0, "Ana", polarities[0]), target(12, "Bo", polarities[1])];
        json!({"primary_gid": "x", "sentence_normalized": "Ana praised Bo.", "targets": targets}).to_string()
    };
    let files = Files::new(&[
        ("data.jsonl", row([4.0, 6.0]).as_bytes()),
        ("found.jsonl", row([4.0, 2.0]).as_bytes()),
    ]);
    let mut command = files.eval("stance", "data.jsonl");
    let found = report(command.arg("--predictions").arg(files.path("found.jsonl")));
    assert_eq!((value(&found, "stance.accuracy"), found["data"]["items"].as_u64()), (0.5, Some(2)));
    assert_eq!(found["calibration"], json!({}), "labels alone have no probabilities");
}

#[test]
fn stored_probabilities_are_calibrated() {
    let row = |polarity: i32, favor: f64| {
        json!({"sentence": "Bo left.", "mention": "Bo", "from": 0, "to": 2, "polarity": polarity,
               "scores": {"favor": favor, "neutral": 1.0 - favor, "against": 0.0}})
        .to_string()
    };
    let gold = [row(1, 0.8), row(1, 0.8), row(0, 0.8), row(0, 0.8)].join("\n");
    let given = [row(1, 0.8), row(1, 0.8), row(1, 0.8), row(1, 0.8)].join("\n");
    let files = Files::new(&[("data.jsonl", gold.as_bytes()), ("found.jsonl", given.as_bytes())]);
    let mut command = files.eval("stance", "data.jsonl");
    let found = report(command.arg("--predictions").arg(files.path("found.jsonl")));
    // Given with a probability of 0.8, and right in half of the cases.
    assert!((value(&found, "stance.ece") - 0.3).abs() < 1e-9);
    assert_eq!(
        found["calibration"]["sentence"][7],
        json!({"range": [0.7, 0.8], "count": 4, "confidence": 0.8, "accuracy": 0.5})
    );
}

#[test]
fn summary_fields_have_the_names_of_cnn_dailymail_or_given_ones() {
    let text = "Emmanuel Macron met Angela Merkel in Berlin. They agreed to leave Mali.";
    let highlights = "Macron met Merkel .\nThey will leave Mali .";
    let cnndm = json!({"id": 1, "article": text, "highlights": highlights}).to_string();
    let plain = json!({"id": "1", "text": text, "summary": highlights}).to_string();
    let named = json!({"id": 1, "prose": text, "gist": highlights, "text": 5}).to_string();
    let table = format!("id,article,highlights\n1,{text},\"{highlights}\"\n");
    let files = Files::new(&[
        ("cnndm.jsonl", cnndm.as_bytes()),
        ("plain.jsonl", plain.as_bytes()),
        ("named.jsonl", named.as_bytes()),
        ("cnndm.csv", table.as_bytes()),
        ("found.jsonl", br#"{"id": 1, "summary": "Macron met Merkel.", "gist": "Macron met Merkel."}"#),
    ]);
    let scored = |name: &str, more: &[&str]| {
        let mut command = files.eval("summary", name);
        value(
            &report(command.arg("--predictions").arg(files.path("found.jsonl")).args(more)),
            "summary.rouge1.f1",
        )
    };
    let expected = scored("plain.jsonl", &[]);
    assert!(expected > 0.5);
    assert_eq!(scored("cnndm.jsonl", &[]), expected);
    assert_eq!(scored("cnndm.csv", &[]), expected);
    assert_eq!(scored("named.jsonl", &["--text-field", "prose", "--summary-field", "gist"]), expected);
    let said = stderr(files.eval("summary", "named.jsonl").args(["--text-field", "maintext"]), 2);
    assert!(
        said.contains("named.jsonl:1: missing field `maintext`; it has: gist, id, prose, text"),
        "{said}"
    );
}

#[test]
fn errors_name_unsupported_formats_and_how_to_convert_them() {
    let long = format!("[{}", "[".repeat(100_000));
    let cases: &[(&str, &str, &[u8], &str)] = &[
        ("entities", "a.conll", b"Ada PER\n", "a.conll:1: 'PER' is no BIO tag"),
        ("entities", "a.conll", b"Ada (PERSON*\n", "IOB1, IOBES, BILOU and BMEWO are read too"),
        (
            "entities",
            "a.conll",
            b"New York B-LOC\nis O\nso O\n",
            "a.conll:1: has 3 columns, and most lines have 2",
        ),
        ("entities", "a.conll", b"\tB-LOC\n", "a.conll:1: has a tag and no token"),
        (
            "entities",
            "a.tsv",
            b"#FORMAT=WebAnno TSV 3.3\n",
            "is WebAnno TSV, which is not read here; export it from INCEpTION",
        ),
        (
            "entities",
            "a.csv",
            b"Sentence #,Word,Tag\nSentence: 1,Ada,B-per\n",
            "is CSV, which is not read here; write tokens",
        ),
        ("entities", "a.xmi", b"<?xml version=\"1.0\"?><xmi/>", "is XML, which is not read here"),
        (
            "entities",
            "a.spacy",
            b"x\x9c\0\x01",
            "is a spaCy DocBin, which is not read here; write a line of JSON",
        ),
        ("entities", "a.json", b"{\"text\": \"Ada\"", "a.json:1: EOF"),
        ("entities", "a.json", long.as_bytes(), "recursion limit"),
        (
            "entities",
            "a.jsonl",
            b"{\"text\": \"Ada\", \"labels\": [[0, 9, \"PER\"]]}",
            "a.jsonl:1: 0..9 is no place in the text",
        ),
        ("entities", "a.ann", b"T1\tPER 0 3\tAda\n", "a.txt: cannot be read"),
        ("entities", "a.bin", b"\x7fELF\0\0", "looks like binary data"),
        ("stance", "a.jsonl", b"{\"text\": \"Ada\"}", "has neither judged mentions"),
        ("stance", "a.txt", b"Ada left.", "is neither JSON nor JSON Lines nor a table"),
        ("stance", "a.csv", b"text,target,polarity\nAda left.,Ada\n", "a.csv, record 1: CSV error"),
        (
            "summary",
            "a.jsonl",
            b"{\"id\": 1, \"story\": \"x\"}",
            "missing field `text` or `article` or `document`",
        ),
        ("summary", "a.jsonl", b"{\"id\": 1, \"text\": \"x\", \"summary\": 5}", "`summary` is a number"),
        ("summary", "a.jsonl", b"[5]", "is neither JSON"),
        ("summary", "a.jsonl", b"5\n", "is neither JSON"),
    ];
    for (task, name, bytes, reason) in cases {
        let files = Files::new(&[(name, bytes)]);
        let said = stderr(&mut files.eval(task, name), 2);
        assert!(said.contains(reason), "{reason} in {said}");
    }
    let files = Files::new(&[("brat/a.txt", b"North and South Korea"), ("brat/b.txt", b"Ada")]);
    let said = stderr(&mut files.eval("entities", "brat"), 2);
    assert!(said.contains("a.txt: has no .ann file beside it"), "{said}");
    fs::write(files.path("brat/a.ann"), "T1\tLOC 0 5;16 21\tNorth Korea\n").unwrap();
    fs::write(files.path("brat/b.ann"), "").unwrap();
    let said = stderr(&mut files.eval("entities", "brat"), 2);
    assert!(said.contains("a.ann:1: marks words that do not stand together (LOC 0 5;16 21)"), "{said}");
    let said = stderr(files.eval("entities", "brat/b.txt").args(["--columns", "1"]), 2);
    assert!(said.contains("'1' is not TOKEN,TAG"), "{said}");
}

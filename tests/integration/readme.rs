//! The documents are true: examples print what is written below them, the table of formats is that of the code, and links
//! lead to files that exist. `python3 scripts/readme.py` writes the output of the examples.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{root, stdout, wirelens};
use regex::Regex;

/// The documents that may have examples; `scripts/readme.py` has the same list.
fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md"), root().join("eval/README.md")];
    found.extend(pages("docs"));
    found
}

/// The Markdown files of a folder.
fn pages(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    found.sort();
    found
}

fn text_of(document: &Path) -> String {
    fs::read_to_string(document).unwrap()
}

/// Words of a command line, with double quotes.
fn arguments(command: &str) -> Vec<String> {
    let mut parts = command.split('"');
    let mut found = Vec::new();
    while let Some(plain) = parts.next() {
        found.extend(plain.split_whitespace().map(String::from));
        found.extend(parts.next().map(String::from));
    }
    found
}

/// Words of an output. Bars are left out and numbers rounded, because machines differ in the last digits.
fn comparable(output: &str) -> Vec<String> {
    let words = output.split_whitespace().map(|word| word.trim_matches(['▒', '·', '█']));
    words
        .filter(|word| !word.is_empty())
        .map(|word| match word.trim_end_matches(',').parse::<f64>() {
            Ok(number) if word.contains('.') => format!("{:.1}", number + 1e-3),
            _ => word.to_owned(),
        })
        .collect()
}

/// Where two lists of words begin to differ. It is at most the length of the shorter one.
fn first_difference(one: &[String], other: &[String]) -> Option<usize> {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    (one.len() != same || other.len() != same).then_some(same)
}

/// Runs a command without its first word, `wirelens`, as `scripts/readme.py` does.
fn run(command: &str) -> String {
    let arguments = arguments(command);
    let mut run = wirelens();
    run.current_dir(root()).args(&arguments);
    let check = arguments.get(1).is_some_and(|argument| argument == "check");
    if !check && !arguments.iter().any(|argument| argument == "--precision") {
        run.args(["--precision", "f32"]);
    }
    stdout(&mut run, 0).replace(&format!("{}/", root().display()), "")
}

/// The output without the lines of `wirelens doctor` that say what the machine has.
fn without_hardware(output: &str) -> String {
    let lines = output.lines().filter(|line| !line.starts_with("cpu bf16") && !line.starts_with("cuda"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn examples_print_what_the_documents_say() {
    let mut count = 0;
    for document in documents() {
        let text = text_of(&document);
        for block in text.split("```console\n").skip(1) {
            let block = block.split("```").next().unwrap();
            let (command, expected) = block.split_once('\n').unwrap();
            let place = format!("{}: {command}; run scripts/readme.py", document.display());
            let command = command.strip_prefix("$ wirelens ");
            let command = command.unwrap_or_else(|| panic!("{place}: no `$ wirelens` command"));
            let found = comparable(&without_hardware(&run(command)));
            let wanted = comparable(&without_hardware(expected));
            // The outputs are long, so only the words from the first difference on are told.
            if let Some(at) = first_difference(&found, &wanted) {
                let from =
                    |words: &[String]| words[at..].iter().take(10).cloned().collect::<Vec<_>>().join(" ");
                panic!("{place}\n program: {}\ndocument: {}", from(&found), from(&wanted));
            }
            count += 1;
        }
    }
    assert!(count > 0, "no document has an example");
}

#[test]
fn the_documents_have_the_table_of_formats() {
    let text = text_of(&root().join("docs/inputs.md"));
    let table =
        text.split("<!-- formats -->\n").nth(1).and_then(|rest| rest.split("<!-- /formats -->").next());
    let made = wirelens::input::formats::markdown();
    // `assert_eq!` would print both tables once more, on one line each.
    assert!(table == Some(made.as_str()), "put this between the marks of docs/inputs.md:\n{made}");
}

#[test]
fn links_lead_to_files_that_exist() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut documents = documents();
    documents.extend(
        ["CONTRIBUTING.md", "CHANGELOG.md", "eval/METRICS.md", "models/compact/README.md"]
            .map(|p| root().join(p)),
    );
    let mut broken = Vec::new();
    for document in &documents {
        for target in link.captures_iter(&text_of(document)).map(|found| found[1].to_owned()) {
            let path = target.split('#').next().unwrap();
            if !path.contains("://") && !document.parent().unwrap().join(path).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert_eq!(broken, [""; 0], "links to files that do not exist");
}

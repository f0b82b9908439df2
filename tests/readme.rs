//! The examples of the README files print what those say. `python3 scripts/readme.py` brings them up to date.

mod common;

use common::{root, stdout, wirelens};

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

/// Words of an output, numbers rounded to what differs by chance between machines.
fn comparable(output: &str) -> Vec<String> {
    let words = output.split_whitespace().map(|word| word.trim_matches(['▒', '·', '█']));
    words
        .filter(|word| !word.is_empty())
        .map(|word| match word.parse::<f64>() {
            Ok(number) if word.contains('.') => format!("{:.1}", number + 1e-3),
            _ => word.to_owned(),
        })
        .collect()
}

#[test]
fn examples_print_what_the_readme_says() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
    let readme = read("README.md") + &read("eval/README.md");
    let mut examples = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let (command, expected) = block.split_once('\n').unwrap();
        let arguments = arguments(command.strip_prefix("$ wirelens ").unwrap());
        let mut run = wirelens();
        run.current_dir(root()).args(&arguments);
        let check = arguments.get(1).is_some_and(|argument| argument == "check");
        if !check && !arguments.iter().any(|argument| argument == "--precision") {
            run.args(["--precision", "f32"]);
        }
        let found = stdout(&mut run, 0).replace(&format!("{}/", root().display()), "");
        // The speed and memory of the machine are not compared.
        let steady = |text: &str| -> String {
            text.lines()
                .filter(|line| !line.starts_with("cpu bf16") && !line.starts_with("cuda"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(comparable(&steady(&found)), comparable(&steady(expected)), "$ wirelens {arguments:?}");
        examples += 1;
    }
    assert_eq!(examples, 9);
}

#[test]
fn the_readme_has_the_table_of_formats() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let table =
        readme.split("<!-- formats -->\n").nth(1).and_then(|rest| rest.split("<!-- /formats -->").next());
    let made = wirelens::input::formats::markdown();
    assert_eq!(table, Some(made.as_str()), "the table between the marks of README.md is to be:\n{made}");
}

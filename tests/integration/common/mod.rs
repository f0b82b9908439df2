//! Helpers of the integration tests: the program, the bundled pack, the five articles, a hub of models and its user.

pub mod hub;
pub mod hub_user;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn articles() -> PathBuf {
    root().join("eval/articles")
}

/// The program, run outside of the checkout and without the settings of the person who runs the tests.
pub fn wirelens() -> Command {
    let program = assert_cmd::cargo::cargo_bin("wirelens");
    let mut command = Command::from_std(settled(std::process::Command::new(program)));
    command.current_dir(std::env::temp_dir());
    command
}

/// A command without the settings of the person who runs the tests.
pub fn settled(mut command: std::process::Command) -> std::process::Command {
    // Tests run in parallel, and the waiting threads of one would slow down the others.
    command.env("OMP_NUM_THREADS", "1");
    // So that the findings are the same on every processor.
    command.env("WIRELENS_PRECISION", "f32");
    for variable in ["WIRELENS_PACK", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

/// Standard output of a run that ends with `code`.
pub fn stdout(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().stdout.clone();
    String::from_utf8(output).expect("output is UTF-8")
}

/// Standard error of a run that ends with `code`.
pub fn stderr(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().stderr.clone();
    String::from_utf8(output).expect("output is UTF-8")
}

/// The results of a run with `--format json`, each checked against the schema.
pub fn results(command: &mut Command, code: i32) -> Vec<Value> {
    let text = stdout(command.args(["--format", "json"]), code);
    let results: Vec<Value> = serde_json::from_str(&text).expect("output is a JSON array");
    let schema = jsonschema::validator_for(&wirelens::analysis::json_schema()).expect("a valid schema");
    for result in &results {
        let errors: Vec<String> = schema.iter_errors(result).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    results
}

/// Asserts that the offsets of every object with `start`, `end` and `text` in a result give its text; gives their number.
pub fn check_offsets(result: &Value, text: &[char]) -> usize {
    match result {
        Value::Array(values) => values.iter().map(|value| check_offsets(value, text)).sum(),
        Value::Object(fields) => {
            let inner: usize = fields.values().map(|value| check_offsets(value, text)).sum();
            let (Some(start), Some(end)) = (fields.get("start"), fields.get("end")) else {
                return inner;
            };
            let range = start.as_u64().unwrap() as usize..end.as_u64().unwrap() as usize;
            let found: String = text[range].iter().collect();
            assert_eq!(found, fields["text"].as_str().unwrap());
            inner + 1
        }
        _ => 0,
    }
}

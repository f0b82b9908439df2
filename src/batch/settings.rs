//! The settings of a run: everything besides the input that its results depend on.
//!
//! The journal keeps them, so that a run is never finished with other settings than those it began with. What only
//! changes time and memory (threads, sizes of batches and windows) is not among them.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::BatchJob;
use super::error::BatchError;
use super::journal::Settings;
use crate::compute::Compute;
use crate::input::InputOptions;
use crate::model::digest::{hex, sha256_file};
use crate::model::pack::MANIFEST;
use crate::{ModelFolder, ModelOptions, Request};

/// The settings of a run, by name.
///
/// # Errors
/// When the manifest of the pack or a checkpoint cannot be read.
pub fn settings(job: &BatchJob, compute: &Compute) -> Result<Settings, BatchError> {
    // Every field is named: the program does not compile until a new one is added here.
    let Request { tasks, summary_length, faithful, targets, most_targets, with_text } = &job.request;
    let ModelOptions {
        aggregation,
        writing,
        templates,
        // Covered by the device, the precision and the hashes below.
        device: _,
        precision: _,
        entities_model: _,
        summary_model: _,
        stance_model: _,
        // These change time and memory only.
        threads: _,
        batch_tokens: _,
    } = &job.setup;
    let InputOptions {
        format,
        encoding,
        fields,
        html_fields,
        separator,
        without: _,
        taken: _,
        passed_over: _,
    } = &job.input;
    let manifest = &job.pack.manifest;
    let device = compute.device_name();
    let mut settings = Settings::new();
    let mut put = |name: &str, value: Value| settings.insert(name.to_owned(), value);
    put("version", json!(env!("CARGO_PKG_VERSION")));
    put("pack", json!(format!("{} {}", manifest.name, manifest.version)));
    put("pack_sha256", json!(sha256_file(&job.pack.path(MANIFEST)).map_err(BatchError::Disk)?));
    for (name, ModelFolder { folder, .. }) in job.setup.models() {
        let sha256 = checkpoint_sha256(folder)
            .map_err(|source| BatchError::Path { path: folder.to_path_buf(), source })?;
        put(&format!("{name}_model_sha256"), json!(sha256));
    }
    put("device", json!(device.split(':').next()));
    put("precision", json!(compute.precision_name()));
    put("tasks", json!(tasks));
    put("summary_length", json!(summary_length));
    put("targets", json!(targets));
    put("most_targets", json!(most_targets));
    put("with_text", json!(with_text));
    put("aggregation", json!(aggregation));
    put("writing", json!(writing));
    put("faithful", json!(faithful));
    put("templates", json!(templates));
    put("inputs", json!(job.inputs));
    put("input_format", json!(format));
    put("encoding", json!(encoding.map(encoding_rs::Encoding::name)));
    put("fields", json!(fields));
    put("html_fields", json!(html_fields));
    put("separator", json!(separator.map(char::from)));
    put("shard", json!(job.shard.map(|shard| shard.to_string())));
    put("output", json!(job.output.as_ref().map(|destination| destination.kind)));
    Ok(settings)
}

/// SHA-256 over the names and hashes of the files in a checkpoint's folder that its outputs depend on.
fn checkpoint_sha256(folder: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let is_part = path.extension().is_some_and(|e| ["json", "safetensors", "ot"].iter().any(|x| e == *x));
        if is_part && path.is_file() {
            digest.update(file.file_name().as_encoded_bytes());
            digest.update(sha256_file(&path)?);
        }
    }
    Ok(hex(&digest.finalize()))
}

/// The settings that differ, one text for each: `name (was …, is …)`.
pub fn differences(before: &Settings, now: &Settings) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let shown = |value: Option<&Value>| {
        let text = match value {
            None | Some(Value::Null) => "not set".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        match text.chars().count() > 120 {
            true => format!("{}…", text.chars().take(120).collect::<String>()),
            false => text,
        }
    };
    let differ = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    differ
        .map(|name| format!("{name} (was {}, is {})", shown(before.get(name)), shown(now.get(name))))
        .collect()
}

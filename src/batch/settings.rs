//! What a run's results depend on besides the input, so that a run is never finished with other settings than those
//! it began with. What only makes it faster or smaller (threads, sizes of batches and windows) is not part of it.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::journal::{Settings, hex};
use super::names::Shard;
use super::output::Destination;
use crate::input::InputOptions;
use crate::model::pack::sha256;
use crate::reader::compute::Compute;
use crate::{ModelFolder, Options, Pack};

/// The settings of a run.
///
/// # Errors
/// When a checkpoint cannot be read.
pub fn settings(
    pack: &Pack,
    options: &Options,
    compute: &Compute,
    inputs: &[String],
    input: &InputOptions,
    shard: Option<Shard>,
    destination: &Destination,
) -> anyhow::Result<Settings> {
    let mut settings = Settings::new();
    let mut put = |name: &str, value: String| settings.insert(name.to_owned(), value);
    let device = compute.device_name();
    put("version of Wirelens", env!("CARGO_PKG_VERSION").into());
    put("pack", format!("{} {}", pack.manifest.name, pack.manifest.version));
    let manifest = format!("{:?}", pack.manifest);
    put("files of the pack", hex(&Sha256::digest(manifest)));
    for (job, ModelFolder { folder, .. }) in options.models() {
        put(&format!("--{job}-model"), checkpoint(folder).with_context(|| folder.display().to_string())?);
    }
    put("device", device.split(':').next().unwrap_or_default().to_owned());
    put("precision", compute.precision_name().into());
    put("tasks", format!("{:?}", options.tasks));
    put("length of summaries", format!("{:?}", options.summary_length));
    put("targets", format!("{:?}", options.targets));
    put("--with-text", options.with_text.to_string());
    put("inputs", format!("{inputs:?}"));
    put("fields of the input", format!("{:?}", input.fields));
    let encoding = input.encoding.map(encoding_rs::Encoding::name);
    put("format of the input", format!("{:?}, {encoding:?}", input.format));
    put("--shard", shard.map(|shard| shard.to_string()).unwrap_or_default());
    put("kind of output", format!("{:?}", destination.kind));
    // Whatever else there is to set, now or later.
    let rest = Options {
        tasks: Vec::new(),
        targets: Vec::new(),
        with_text: false,
        device: Default::default(),
        precision: Default::default(),
        threads: None,
        batch_tokens: 0,
        summary_length: Default::default(),
        ..options.clone()
    };
    put("other options", format!("{rest:?}"));
    Ok(settings)
}

/// A hash over everything in a checkpoint's folder that decides what it says.
fn checkpoint(folder: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let is_part = path.extension().is_some_and(|e| ["json", "safetensors", "ot"].iter().any(|x| e == *x));
        if is_part && path.is_file() {
            digest.update(file.file_name().as_encoded_bytes());
            digest.update(sha256(&path)?);
        }
    }
    Ok(hex(&digest.finalize()))
}

/// What differs, in words.
pub fn differences(before: &Settings, now: &Settings) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let shown = |value: Option<&String>| match value.map_or("", String::as_str) {
        "" => "not set".to_owned(),
        long if long.chars().count() > 60 => format!("{}…", long.chars().take(60).collect::<String>()),
        short => short.to_owned(),
    };
    let differ = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    differ
        .map(|name| format!("{name} (was {}, is {})", shown(before.get(name)), shown(now.get(name))))
        .collect()
}

//! `wirelens doctor`: the versions, device and model files of this installation, and a test that it can read.

use std::io::Write;

use clap::Args;

use super::Outcome;
use super::args::ModelArgs;
use crate::compute::{Compute, cpu_has_bf16};
use crate::{Analyzer, Article, Request, Task};

/// The options of `wirelens doctor`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens doctor
  wirelens doctor --device cuda        can the GPU be used, and if not, why not")]
pub struct Doctor {
    #[command(flatten)]
    model: ModelArgs,
}

/// The version of libtorch that tch 0.17 needs; its build script checks for it.
const LIBTORCH: &str = "2.4.0";

impl Doctor {
    /// Prints each line as soon as it is known, so that an error comes right behind the last thing that worked.
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let mut out = anstream::stdout().lock();
        writeln!(out, "wirelens    {}", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "libtorch    {LIBTORCH}, through tch 0.17 and rust-bert 0.23")?;
        let cuda = match tch::Cuda::is_available() {
            true => format!("{} devices", tch::Cuda::device_count()),
            false => "none".into(),
        };
        writeln!(out, "cuda        {cuda}")?;
        writeln!(out, "cpu bf16    {}", if cpu_has_bf16() { "in hardware" } else { "no" })?;
        let (pack, setup) = self.model.load()?;
        let manifest = &pack.manifest;
        writeln!(out, "pack        {} {} in {}", manifest.name, manifest.version, pack.folder.display())?;
        writeln!(out, "licence     {}", manifest.licence)?;
        for (name, file) in &manifest.files {
            writeln!(out, "            {name}, {} bytes, sha256 {}", file.bytes, file.sha256)?;
        }
        for (job, model) in setup.models() {
            writeln!(out, "{job:12}{} in {}", model.name, model.folder.display())?;
        }
        let bf16_on_cpu = manifest.encoder.bf16_on_cpu;
        let compute = Compute::choose(setup.device, setup.precision, setup.threads, bf16_on_cpu)?;
        writeln!(out, "device      {}", compute.device_name())?;
        let why = compute.precision_reason(setup.precision, bf16_on_cpu);
        writeln!(out, "precision   {} ({why})", compute.precision_name())?;
        writeln!(out, "threads     {}", compute.threads)?;
        let analyzer = Analyzer::load(&pack, setup)?;
        writeln!(out, "verified    every file has the size and SHA-256 of the manifest")?;
        let article = Article::new("probe", "Angela Merkel spoke in Berlin.");
        let found = analyzer
            .analyze(std::slice::from_ref(&article), &Request::of(&[Task::Entities]))?
            .remove(0)
            .entities;
        let found = found.map_or(0, |entities| entities.len());
        writeln!(out, "reading     {found} entities in \"{}\"", article.text)?;
        Ok(Outcome::Done)
    }
}

//! The encoder pass of the bundled pack alone, without its heads: `encoder ARTICLES.jsonl f32|bf16 THREADS`.
//!
//! Prints one line of JSON with `articles`, `tokens` and `seconds`, loading left out. `scripts/bench/peers.py` runs it.

use std::time::Instant;

use wirelens::article::sentences;
use wirelens::compute::{Compute, DeviceChoice, memory};
use wirelens::input::{InputOptions, articles};
use wirelens::reader::{Passage, Reader, ReaderOutputs};
use wirelens::{Article, ModelOptions, Pack};

fn main() -> anyhow::Result<()> {
    memory::configure();
    let [_, input, precision, threads] =
        std::env::args().collect::<Vec<_>>().try_into().map_err(|given: Vec<_>| {
            anyhow::anyhow!(
                "three arguments are needed, ARTICLES PRECISION THREADS, and there are {}",
                given.len() - 1
            )
        })?;
    let precision = precision.parse().map_err(anyhow::Error::msg)?;
    let compute = Compute::choose(DeviceChoice::Cpu, precision, Some(threads.parse()?), false)?;
    let reader = Reader::load(&Pack::find(None)?, compute, ModelOptions::default().batch_tokens)?;
    let articles: Vec<Article> = articles(&[input], InputOptions::default()).collect::<Result<_, _>>()?;
    let split: Vec<_> = articles.iter().map(|article| sentences(&article.text)).collect();
    let passages: Vec<Passage> = articles
        .iter()
        .zip(&split)
        .flat_map(|(article, sentences)| sentences.iter().map(|s| Passage::of(s.span.of(&article.text))))
        .collect();
    let began = Instant::now();
    let readings = reader.read(&passages, ReaderOutputs::NOTHING)?;
    let seconds = began.elapsed().as_secs_f64();
    let tokens: usize = readings.iter().map(|reading| reading.tokens).sum();
    println!("{{\"articles\": {}, \"tokens\": {tokens}, \"seconds\": {seconds}}}", articles.len());
    Ok(())
}

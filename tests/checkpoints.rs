//! Checkpoints of every architecture give here what they give in `transformers`: tiny random ones with their expected
//! outputs are in `tests/fixtures/checkpoints` (`scripts/peers/checkpoints.py` makes them).

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::root;
use rust_bert::deberta::{DebertaConfig, DebertaForTokenClassification};
use rust_bert::deberta_v2::{DebertaV2Config, DebertaV2ForTokenClassification};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tch::{Device, Tensor, nn::VarStore, no_grad};
use tokenizers::Encoding;
use wirelens::families::tagger::{Aggregation, Tagger};
use wirelens::model::checkpoint::Checkpoint;
use wirelens::model::weights::fill_checkpoint;
use wirelens::reader::compute::{Compute, DeviceChoice, PrecisionChoice};

fn compute() -> Compute {
    Compute::choose(DeviceChoice::Cpu, PrecisionChoice::F32, Some(1), false).unwrap()
}

/// Folders of a job with their expected outputs.
fn fixtures<T: DeserializeOwned>(job: &str) -> Vec<(String, PathBuf, T)> {
    let folder = root().join("tests/fixtures/checkpoints");
    let mut found: Vec<(String, PathBuf, T)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let family = path.file_name()?.to_str()?.strip_prefix(job)?.to_owned();
            let expected = fs::read_to_string(path.join("expected.json")).ok()?;
            Some((family, path, serde_json::from_str(&expected).expect("expected.json is as it should be")))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!found.is_empty(), "no fixtures of {job}");
    found
}

/// Largest difference of two matrices of the same shape.
fn difference(found: &[Vec<f32>], expected: &[Vec<f32>]) -> f32 {
    assert_eq!(found.len(), expected.len(), "rows");
    let pairs = found.iter().flatten().zip(expected.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[derive(Deserialize)]
struct Tagging {
    scheme: String,
    sentences: Vec<TaggedSentence>,
    batch: TaggedBatch,
}

#[derive(Deserialize)]
struct TaggedSentence {
    text: String,
    input_ids: Vec<u32>,
    offsets: Vec<(usize, usize)>,
    logits: Vec<Vec<f32>>,
    #[serde(default)]
    entities: BTreeMap<String, Vec<Group>>,
}

#[derive(Deserialize)]
struct Group {
    entity_group: String,
    start: usize,
    end: usize,
    score: f64,
}

#[derive(Deserialize)]
struct TaggedBatch {
    attention_mask: Vec<Vec<u8>>,
    logits: Vec<Vec<Vec<f32>>>,
}

/// Code points before a byte.
fn points(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

fn tagger(folder: &Path, aggregation: Aggregation) -> Tagger {
    let checkpoint = Checkpoint::open(folder).unwrap();
    Tagger::load(&checkpoint, &compute(), 4096, aggregation).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn token_classifiers_of_every_family_equal_transformers() {
    let (mut families, mut different) = (0, Vec::new());
    for (family, folder, expected) in fixtures::<Tagging>("entities-") {
        let model = tagger(&folder, Aggregation::First);
        let mut encodings: Vec<Encoding> = Vec::new();
        let mut largest = 0f32;
        for sentence in &expected.sentences {
            let encoding = model.encode(&sentence.text).unwrap();
            assert_eq!(encoding.get_ids(), sentence.input_ids, "{family}: ids of {:?}", sentence.text);
            let offsets: Vec<(usize, usize)> = encoding
                .get_offsets()
                .iter()
                .map(|&(start, end)| (points(&sentence.text, start), points(&sentence.text, end)))
                .collect();
            assert_eq!(offsets, sentence.offsets, "{family}: offsets of {:?}", sentence.text);
            let logits = model.logits(&[&encoding]).unwrap();
            largest = largest.max(difference(&logits[0], &sentence.logits));
            encodings.push(encoding);
        }
        let together = model.logits(&encodings.iter().collect::<Vec<_>>()).unwrap();
        let mut in_batch = 0f32;
        for ((found, rows), mask) in
            together.iter().zip(&expected.batch.logits).zip(&expected.batch.attention_mask)
        {
            // Some families pad on the left; what is padded is not compared.
            let rows: Vec<Vec<f32>> = match rows.len() == found.len() {
                true => rows.clone(),
                false => rows
                    .iter()
                    .zip(mask)
                    .filter(|(_, there)| **there == 1)
                    .map(|(row, _)| row.clone())
                    .collect(),
            };
            in_batch = in_batch.max(difference(found, &rows));
        }
        println!(
            "{family}: largest difference of logits {largest:.1e}, in a batch {in_batch:.1e} ({})",
            expected.scheme
        );
        if largest.max(in_batch) >= 1e-4 {
            different.push(format!("{family}: {largest:.1e}, in a batch {in_batch:.1e}"));
        }
        families += 1;
    }
    assert!(different.is_empty(), "{different:#?}");
    assert_eq!(families, 11);
}

#[test]
fn entities_equal_those_of_the_reference_pipeline() {
    let mut compared = 0;
    for (family, folder, expected) in fixtures::<Tagging>("entities-") {
        for (name, aggregation) in
            [("first", Aggregation::First), ("average", Aggregation::Average), ("max", Aggregation::Max)]
        {
            let model = tagger(&folder, aggregation);
            let texts: Vec<&str> = expected.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
            let found = model.read(&texts).unwrap();
            for (sentence, found) in expected.sentences.iter().zip(&found) {
                let Some(groups) = sentence.entities.get(name) else { continue };
                let what = format!("{family}, {name}, {:?}", sentence.text);
                let spans: Vec<(&str, usize, usize)> = found
                    .iter()
                    .map(|e| {
                        (
                            e.label.as_str(),
                            points(&sentence.text, e.span.start),
                            points(&sentence.text, e.span.end),
                        )
                    })
                    .collect();
                let wanted: Vec<(&str, usize, usize)> = groups
                    .iter()
                    .map(|group| (group.entity_group.as_str(), group.start, group.end))
                    .collect();
                assert_eq!(spans, wanted, "{what}");
                for (entity, group) in found.iter().zip(groups) {
                    assert!(
                        (entity.score - group.score).abs() < 1e-4,
                        "{what}: {} {}",
                        entity.score,
                        group.score
                    );
                }
                compared += 1;
            }
        }
    }
    assert!(compared >= 50, "{compared} sentences were compared");
}

/// Why `families::disentangled` is there. When this fails, rust-bert was mended, and its own models can take over.
#[test]
fn the_debertas_of_rust_bert_still_differ_from_transformers() {
    for (generation, folder, expected) in fixtures::<Tagging>("entities-deberta") {
        let checkpoint = Checkpoint::open(&folder).unwrap();
        let store = VarStore::new(Device::Cpu);
        let forward: Box<dyn Fn(&Tensor) -> Tensor> = match generation.as_str() {
            "" => {
                let config: DebertaConfig = checkpoint.config().unwrap();
                let model = DebertaForTokenClassification::new(store.root(), &config).unwrap();
                Box::new(move |ids| model.forward_t(Some(ids), None, None, None, None, false).unwrap().logits)
            }
            _ => {
                let config: DebertaV2Config = checkpoint.config().unwrap();
                let model = DebertaV2ForTokenClassification::new(store.root(), &config).unwrap();
                Box::new(move |ids| model.forward_t(Some(ids), None, None, None, None, false).unwrap().logits)
            }
        };
        fill_checkpoint(&store, &checkpoint.weights().unwrap()).unwrap();
        let largest = expected.sentences.iter().map(|sentence| {
            let ids: Vec<i64> = sentence.input_ids.iter().map(|&id| id.into()).collect();
            let logits = no_grad(|| forward(&Tensor::from_slice(&ids).unsqueeze(0)));
            difference(&Vec::<Vec<f32>>::try_from(logits.get(0)).unwrap(), &sentence.logits)
        });
        let largest = largest.fold(0f32, f32::max);
        println!("rust-bert's deberta{generation}: largest difference of logits {largest:.1e}");
        assert!(largest > 0.1, "rust-bert's deberta{generation} now differs by {largest:.1e} only");
    }
}

//! Checkpoints of every architecture match `transformers`: tiny random checkpoints with their expected outputs are in
//! `tests/fixtures/checkpoints` (`scripts/peers/checkpoints.py` makes them).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::root;
use rust_bert::deberta::{DebertaConfig, DebertaForTokenClassification};
use rust_bert::deberta_v2::{DebertaV2Config, DebertaV2ForTokenClassification};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tch::{Device, Tensor, nn::VarStore, no_grad};
use tokenizers::Encoding;
use wirelens::compute::inputs::Inputs;
use wirelens::compute::{Compute, DeviceChoice, PrecisionChoice};
use wirelens::families;
use wirelens::jobs::nli::{Nli, Templates};
use wirelens::jobs::tagger::{Aggregation, Tagger};
use wirelens::model::checkpoint::Checkpoint;
use wirelens::model::tensors::Tensors;
use wirelens::model::weights::fill_checkpoint;

/// The CPU, with one thread.
pub fn compute() -> Compute {
    Compute::choose(DeviceChoice::Cpu, PrecisionChoice::F32, Some(1), false).unwrap()
}

/// Folders of a job with their expected outputs.
pub fn fixtures<T: DeserializeOwned>(job: &str) -> Vec<(String, PathBuf, T)> {
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

/// Without what is padding.
#[derive(Deserialize)]
struct TaggedBatch {
    logits: Vec<Vec<Vec<f32>>>,
}

/// Code points before a byte.
fn points(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

fn tagger(folder: &Path, aggregation: Aggregation) -> Result<Tagger, String> {
    let checkpoint = Checkpoint::open(folder).unwrap();
    Tagger::load(&checkpoint, &compute(), 4096, aggregation).map_err(|error| error.to_string())
}

/// Largest differences of a family's logits alone and in a padded batch, or what went wrong.
fn tagging(folder: &Path, expected: &Tagging) -> Result<(f32, f32), String> {
    let model = tagger(folder, Aggregation::First)?;
    let mut encodings: Vec<Encoding> = Vec::new();
    let mut largest = 0f32;
    for sentence in &expected.sentences {
        let encoding = model.encode(&sentence.text).unwrap();
        assert_eq!(encoding.get_ids(), sentence.input_ids, "ids of {:?}", sentence.text);
        let offsets: Vec<(usize, usize)> = encoding
            .get_offsets()
            .iter()
            .map(|&(start, end)| (points(&sentence.text, start), points(&sentence.text, end)))
            .collect();
        assert_eq!(offsets, sentence.offsets, "offsets of {:?}", sentence.text);
        let logits = model.logits(&[&encoding]).map_err(|error| error.to_string())?;
        largest = largest.max(difference(&logits[0], &sentence.logits));
        encodings.push(encoding);
    }
    let together = model.logits(&encodings.iter().collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    let mut in_batch = 0f32;
    // In the reference, the findings of MobileBERT depend on the padding behind a text; here they do not.
    let alone: Vec<Vec<Vec<f32>>> =
        expected.sentences.iter().map(|sentence| sentence.logits.clone()).collect();
    let in_batches = if folder.ends_with("entities-mobilebert") { &alone } else { &expected.batch.logits };
    for (found, rows) in together.iter().zip(in_batches) {
        in_batch = in_batch.max(difference(found, rows));
    }
    Ok((largest, in_batch))
}

#[test]
fn token_classifiers_of_every_family_equal_transformers() {
    let mut table = Table::new("logits of token labels");
    for (family, folder, expected) in fixtures::<Tagging>("entities-") {
        table.row(&family, tagging(&folder, &expected));
    }
    table.check(12);
}

/// The published MPNet at its full size. `scripts/peers/mpnet.py` makes the folder, which `make fixtures` runs; it is too
/// large for the repository.
#[test]
#[ignore = "needs 430 MB from make fixtures"]
fn vectors_of_the_published_mpnet_equal_transformers() {
    let folder = root().join(".cache/entities-mpnet-published");
    let text = fs::read_to_string(folder.join("expected.json")).expect("run make fixtures first");
    let expected: Tagging = serde_json::from_str(&text).unwrap();
    let mut table = Table::new("vectors of tokens");
    table.row("mpnet, published", tagging(&folder, &expected));
    table.check(1);
}

/// One line for each family, and those that are not equal.
struct Table {
    what: &'static str,
    families: usize,
    different: Vec<String>,
}

impl Table {
    fn new(what: &'static str) -> Self {
        Self { what, families: 0, different: Vec::new() }
    }

    fn row(&mut self, family: &str, found: Result<(f32, f32), String>) {
        self.families += 1;
        let line = match &found {
            Ok((alone, batch)) => {
                format!("{family}: {}: largest difference {alone:.1e}, in a batch {batch:.1e}", self.what)
            }
            Err(reason) => format!("{family}: {reason}"),
        };
        println!("{line}");
        // rust-bert's RoBERTa has another epsilon in its layer norm, which shows in the fifth decimal.
        let limit = if family.ends_with("roberta") { 2e-4 } else { 1e-4 };
        if !found.is_ok_and(|(alone, batch)| alone.max(batch) < limit) {
            self.different.push(line);
        }
    }

    fn check(&self, families: usize) {
        assert!(self.different.is_empty(), "{:#?}", self.different);
        assert_eq!(self.families, families);
    }
}

#[test]
fn entities_equal_those_of_the_reference_pipeline() {
    let mut compared = 0;
    for (family, folder, expected) in fixtures::<Tagging>("entities-") {
        for (name, aggregation) in
            [("first", Aggregation::First), ("average", Aggregation::Average), ("max", Aggregation::Max)]
        {
            let model = tagger(&folder, aggregation).unwrap();
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

#[derive(Deserialize)]
struct Encoded {
    sentences: Vec<EncodedSentence>,
    batch: EncodedBatch,
}

#[derive(Deserialize)]
struct EncodedSentence {
    input_ids: Vec<i64>,
    vectors: Vec<Vec<f32>>,
}

/// Padded; the vectors without those of padding.
#[derive(Deserialize)]
struct EncodedBatch {
    input_ids: Vec<Vec<i64>>,
    attention_mask: Vec<Vec<i64>>,
    vectors: Vec<Vec<Vec<f32>>>,
}

/// Largest differences of the vectors of tokens, of texts one by one and in a padded batch.
fn encoding(family: &str, folder: &Path, expected: &Encoded) -> Result<(f32, f32), String> {
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let read = Tensors::read(&[folder.join("model.safetensors")]).map_err(|error| error.to_string())?;
    let mut tensors = read.rename(|name| format!("{family}.{name}"));
    let encoder = families::encoder(family, &config, &mut tensors).map_err(|error| format!("{error:?}"))?;
    tensors.finish(|_| false, |_, _| false).map_err(|error| error.to_string())?;
    let encode = |ids: &[Vec<i64>], mask: &[Vec<i64>]| {
        let types = vec![0; ids.concat().len()];
        let inputs = Inputs::from_rows(&ids.concat(), &mask.concat(), &types, ids.len(), Device::Cpu);
        no_grad(|| encoder.encode(&inputs))
    };
    let (mut alone, mut in_batch) = (0f32, 0f32);
    for sentence in &expected.sentences {
        let mask = vec![1; sentence.input_ids.len()];
        let found = encode(std::slice::from_ref(&sentence.input_ids), &[mask]);
        let found = Vec::<Vec<f32>>::try_from(found.get(0)).unwrap();
        alone = alone.max(difference(&found, &sentence.vectors));
    }
    let found = encode(&expected.batch.input_ids, &expected.batch.attention_mask);
    for (row, wanted) in expected.batch.vectors.iter().enumerate() {
        let tokens = found.get(row as i64).narrow(0, 0, wanted.len() as i64);
        in_batch = in_batch.max(difference(&Vec::<Vec<f32>>::try_from(tokens).unwrap(), wanted));
    }
    Ok((alone, in_batch))
}

#[test]
fn encoders_of_packs_equal_transformers() {
    let mut table = Table::new("vectors of tokens");
    for (family, folder, expected) in fixtures::<Encoded>("encoder-") {
        table.row(&family, encoding(&family, &folder, &expected));
    }
    table.check(1);
}

#[derive(Deserialize)]
struct Inference {
    pairs: Vec<Pair>,
    batch: Logits,
}

#[derive(Deserialize)]
struct Pair {
    premise: String,
    hypothesis: String,
    input_ids: Vec<u32>,
    logits: Vec<f32>,
}

#[derive(Deserialize)]
struct Logits {
    logits: Vec<Vec<f32>>,
}

/// Largest differences of the logits of pairs, one by one and all together.
fn inference(folder: &Path, expected: &Inference) -> Result<(f32, f32), String> {
    let checkpoint = Checkpoint::open(folder).unwrap();
    let load = |tokens| Nli::load(&checkpoint, &compute(), tokens, Templates::default());
    let model = load(1 << 20).map_err(|error| error.to_string())?;
    let pairs: Vec<(&str, &str)> =
        expected.pairs.iter().map(|pair| (pair.premise.as_str(), pair.hypothesis.as_str())).collect();
    let mut largest = 0f32;
    for (pair, texts) in expected.pairs.iter().zip(&pairs) {
        assert_eq!(model.encode(*texts).unwrap().get_ids(), pair.input_ids, "ids of {texts:?}");
        let found = model.logits(&[*texts]).map_err(|error| error.to_string())?;
        largest = largest.max(difference(&found, std::slice::from_ref(&pair.logits)));
    }
    let together = model.logits(&pairs).map_err(|error| error.to_string())?;
    Ok((largest, difference(&together, &expected.batch.logits)))
}

#[test]
fn inference_of_every_family_equals_transformers() {
    let mut table = Table::new("logits of inference");
    for (family, folder, expected) in fixtures::<Inference>("nli-") {
        table.row(&family, inference(&folder, &expected));
    }
    table.check(6);
}

/// Why `families::disentangled` exists. When this test fails, rust-bert was corrected, and its own models can be used.
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
        fill_checkpoint(&store, &checkpoint.weights().unwrap(), &[], &[]).unwrap();
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

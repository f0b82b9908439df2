//! The bundled pack gives the same numbers here as in PyTorch and `transformers`.
//!
//! `tests/fixtures/parity.json` is made by `make fixtures`. Logits must agree within 1e-3 in f32, and
//! must not depend on what shares a batch beyond 1e-4.

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use serde_json::Value;
use tch::{Device, Kind, Tensor, nn::VarStore, no_grad};
use tokenizers::Tokenizer;
use wirelens::Pack;
use wirelens::article::Span;
use wirelens::compute::inputs::Inputs;
use wirelens::compute::{Compute, DeviceChoice, PrecisionChoice};
use wirelens::families;
use wirelens::model::tensors::Tensors;
use wirelens::reader::{JointReading, Passage, Reader, ReaderOutputs, Reading};
use wirelens::summary::{self, Candidate};

const PARITY: f64 = 1e-3;
const BATCHING: f64 = 1e-4;
/// Between our forward pass and that of rust-bert's modules, over the same variables.
const FORWARD: f64 = 2e-5;

fn fixture() -> Value {
    let path = crate::common::root().join("tests/fixtures/parity.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn reader(precision: PrecisionChoice, batch_tokens: usize) -> Reader {
    let pack = Pack::find(None).unwrap();
    let compute = Compute::choose(DeviceChoice::Cpu, precision, None, false).unwrap();
    Reader::load(&pack, compute, batch_tokens).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Byte span from code points.
fn span(text: &str, stance: &Value) -> Span {
    let byte = |key: &str| {
        let at = stance[key].as_u64().unwrap() as usize;
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    Span::new(byte("start"), byte("end"))
}

fn passages(fixture: &Value) -> Vec<Passage<'_>> {
    let rows = fixture["sentences"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let text = row["text"].as_str().unwrap();
            let mentions =
                row["stance"].as_array().unwrap().iter().map(|stance| span(text, stance)).collect();
            Passage { mentions, ..Passage::of(text) }
        })
        .collect()
}

/// The largest difference between two lists of numbers of one length.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Of the tone, and of the position.
fn log_probabilities(reading: &Reading, span: Span) -> [Vec<f64>; 2] {
    let stance = reading.stances.iter().find(|stance| stance.span == span).expect("the mention was judged");
    let position = stance.position.expect("the bundled pack tells positions");
    [stance.tone, position].map(|probabilities| probabilities.iter().map(|p| p.ln()).collect())
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

#[test]
fn the_fixture_belongs_to_the_bundled_weights() {
    let manifest = Pack::find(None).unwrap().manifest;
    let joint = &manifest.joint.as_ref().expect("the bundled pack reads sentences together").weights;
    let position = &manifest.position.as_ref().expect("the bundled pack tells positions").weights;
    for (key, file) in [
        ("weights_sha256", &manifest.encoder.weights),
        ("joint_sha256", joint),
        ("position_sha256", position),
    ] {
        assert_eq!(fixture()[key], manifest.files[file].sha256.as_str(), "{file}: run `make fixtures`");
    }
}

#[test]
fn joint_readings_are_those_of_pytorch_whatever_shares_a_batch() {
    let fixture = fixture();
    let rows = fixture["joint"].as_array().unwrap();
    let text = |row: &Value, side: usize| row["pair"][side].as_str().unwrap().to_owned();
    let pairs: Vec<(String, String)> = rows.iter().map(|row| (text(row, 0), text(row, 1))).collect();
    let given: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let turned: Vec<(&str, &str)> = given.iter().map(|&(a, b)| (b, a)).collect();
    let reader = reader(PrecisionChoice::F32, 4096);
    for pairs in [given, turned] {
        let together = reader.read_jointly(&pairs).unwrap().expect("the bundled pack reads them");
        for ((read, row), pair) in together.iter().zip(rows).zip(&pairs) {
            let wanted = &numbers(&row["logits"])[..2];
            let logits = |read: &JointReading| [read.paraphrase, read.fact].map(f64::from);
            assert!(difference(&logits(read), wanted) < PARITY, "{pair:?}: {read:?}, {wanted:?}");
            let alone = reader.read_jointly(std::slice::from_ref(pair)).unwrap().unwrap();
            assert!(difference(&logits(&alone[0]), &logits(read)) < BATCHING, "{pair:?}");
        }
    }
}

#[test]
fn logits_equal_those_of_transformers() {
    let (fixture, reader) = (fixture(), reader(PrecisionChoice::F32, 4096));
    let passages = passages(&fixture);
    let readings = reader.read(&passages, ReaderOutputs::ALL).unwrap();
    let (mut entities, mut vectors, mut stances) = (0f64, 0f64, 0f64);
    for ((row, passage), reading) in
        fixture["sentences"].as_array().unwrap().iter().zip(&passages).zip(&readings)
    {
        let expected = row["entity_logits"].as_array().unwrap();
        let found = reader.entity_logits(passage.text).unwrap();
        assert_eq!(found.len(), expected.len(), "{}", passage.text);
        for (found, expected) in found.iter().zip(expected) {
            entities = entities.max(difference(&widened(found), &numbers(expected)));
        }
        vectors = vectors.max(difference(&widened(&reading.vector[..32]), &numbers(&row["vector"])));
        for (number, head) in ["stance", "position"].into_iter().enumerate() {
            for stance in row[head].as_array().unwrap() {
                let found = &log_probabilities(reading, span(passage.text, stance))[number];
                stances = stances.max(difference(found, &numbers(&stance["log_probabilities"])));
            }
        }
    }
    println!("largest differences: entities {entities:.1e}, vectors {vectors:.1e}, stance {stances:.1e}");
    assert!(entities < PARITY && vectors < PARITY && stances < PARITY, "{entities} {vectors} {stances}");
}

#[test]
fn salience_equals_that_of_pytorch() {
    let (fixture, reader) = (fixture(), reader(PrecisionChoice::F32, 4096));
    let passages = passages(&fixture);
    let readings = reader.read(&passages, ReaderOutputs::ALL).unwrap();
    let candidates: Vec<Candidate> = passages
        .iter()
        .zip(&readings)
        .map(|(passage, reading)| {
            Candidate::new(Span::new(0, passage.text.len()), passage.text, &reading.vector)
        })
        .collect();
    let features = summary::features(&candidates);
    let expected = fixture["salience_features"].as_array().unwrap();
    for ((found, expected), passage) in features.iter().zip(expected).zip(&passages) {
        assert!(
            difference(&widened(found), &numbers(expected)) < PARITY,
            "{}: {found:?} {expected}",
            passage.text
        );
    }
    let found = reader.salience(&features).unwrap();
    assert!(difference(&found, &numbers(&fixture["salience"])) < PARITY);
}

#[test]
fn findings_do_not_depend_on_the_batch() {
    let fixture = fixture();
    let passages = passages(&fixture);
    let together = reader(PrecisionChoice::F32, 16_384).read(&passages, ReaderOutputs::ALL).unwrap();
    let alone = reader(PrecisionChoice::F32, 16);
    let mut largest = 0f64;
    for (passage, together) in passages.iter().zip(&together) {
        let alone = &alone.read(std::slice::from_ref(passage), ReaderOutputs::ALL).unwrap()[0];
        assert_eq!(alone.entities.len(), together.entities.len());
        for (a, b) in alone.entities.iter().zip(&together.entities) {
            assert_eq!((a.span, a.kind), (b.span, b.kind));
        }
        largest = largest.max(difference(&widened(&alone.vector), &widened(&together.vector)));
        for stance in &alone.stances {
            let (a, b) = (log_probabilities(alone, stance.span), log_probabilities(together, stance.span));
            largest = largest.max(difference(&a.concat(), &b.concat()));
        }
    }
    println!("largest difference between batches: {largest:.1e}");
    assert!(largest < BATCHING, "{largest}");
}

#[test]
fn a_long_sentence_is_read_in_windows_that_agree_with_one_window() {
    // Sixty copies exceed the model; the names must be found in every copy, wherever the windows end.
    let copy = "Angela Merkel met Emmanuel Macron in Berlin, ";
    let text = copy.repeat(60);
    let reading =
        &reader(PrecisionChoice::F32, 4096).read(&[Passage::of(&text)], ReaderOutputs::ALL).unwrap()[0];
    assert!(reading.tokens > 128);
    let spans: Vec<(usize, usize)> =
        reading.entities.iter().map(|e| (e.span.start % copy.len(), e.span.end % copy.len())).collect();
    assert_eq!(spans.len(), 180);
    assert!(spans.chunks(3).all(|names| names == [(0, 13), (18, 33), (37, 43)]), "{spans:?}");
}

/// The sentences of the fixture in one padded batch, with every kind of letter case.
fn batch(tokenizer: &Tokenizer) -> Inputs {
    let fixture = fixture();
    let texts = passages(&fixture);
    let encodings: Vec<_> =
        texts.iter().map(|passage| tokenizer.encode(passage.text, true).unwrap()).collect();
    let width = encodings.iter().map(|encoding| encoding.len()).max().unwrap();
    let (mut ids, mut mask, mut types) = (Vec::new(), Vec::new(), Vec::new());
    for encoding in &encodings {
        let filler = width - encoding.len();
        ids.extend(encoding.get_ids().iter().map(|&id| i64::from(id)).chain(vec![0; filler]));
        mask.extend(vec![1; encoding.len()].into_iter().chain(vec![0; filler]));
        types.extend((0..encoding.len() as i64).map(|i| i % 4).chain(vec![0; filler]));
    }
    Inputs::from_rows(&ids, &mask, &types, encodings.len(), Device::Cpu)
}

#[test]
fn the_forward_pass_equals_that_of_rust_bert() {
    let pack = Pack::find(None).unwrap();
    let encoder = &pack.manifest.encoder;
    let weights =
        || Tensors::read(&[pack.path(&encoder.weights)]).unwrap().to(|_| Some(Kind::Float), Device::Cpu);
    let settings = std::fs::read_to_string(pack.path(&encoder.config)).unwrap();

    let store = VarStore::new(Device::Cpu);
    let config: BertConfig = serde_json::from_str(&settings).unwrap();
    let reference =
        BertModel::<BertEmbeddings>::new_with_optional_pooler(store.root() / "bert", &config, false);
    let mut tensors = weights();
    for (name, mut variable) in store.variables() {
        let tensor = tensors.take(&name, &variable.size());
        no_grad(|| variable.copy_(&tensor));
    }
    tensors.finish(|_| false, |name, _| !name.starts_with("bert.")).unwrap();

    let mut tensors = weights();
    let ours = families::encoder("bert", &serde_json::from_str(&settings).unwrap(), &mut tensors).unwrap();
    let head =
        tensors.take("entities.weight", &[pack.manifest.heads.entities.len() as i64, config.hidden_size]);

    let inputs = batch(&Tokenizer::from_file(pack.path(&encoder.tokenizer)).unwrap());
    let (expected, found) = no_grad(|| {
        let (ids, mask, types) = (Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types));
        let expected = reference.forward_t(ids, mask, types, None, None, None, None, false).unwrap();
        (expected.hidden_state, ours.encode(&inputs))
    });
    let tokens = inputs.mask.unsqueeze(-1);
    let largest = |a: &Tensor, b: &Tensor| ((a - b) * &tokens).abs().max().double_value(&[]);
    let logits = |states: &Tensor| states.linear(&head, None::<&Tensor>);
    let vectors = largest(&expected, &found);
    let labels = largest(&logits(&expected), &logits(&found));
    println!("largest differences to rust-bert: vectors {vectors:.1e}, logits {labels:.1e}");
    assert!(vectors <= FORWARD && labels <= FORWARD, "{vectors} {labels}");
    let chosen = |states: &Tensor| logits(states).argmax(-1, false) * &inputs.mask;
    assert_eq!(chosen(&expected), chosen(&found));
}

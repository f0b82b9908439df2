//! Generators of every architecture give the ids that `transformers` gives: tiny random checkpoints with their expected
//! outputs are in `tests/fixtures/checkpoints`.

use crate::checkpoints::{compute, fixtures};
use serde::Deserialize;
use tokenizers::{Encoding, Token};
use wirelens::families::generator::Generator;
use wirelens::families::writer::{EarlyStopping, Search};
use wirelens::model::checkpoint::Checkpoint;

#[derive(Deserialize)]
struct Generation {
    inputs: Vec<GenerationInput>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct GenerationInput {
    text: String,
    input_ids: Vec<u32>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    settings: Settings,
    single: Vec<Vec<i64>>,
    batch: Vec<Vec<i64>>,
}

#[derive(Deserialize)]
struct Settings {
    min_length: usize,
    max_length: usize,
    num_beams: usize,
    no_repeat_ngram_size: usize,
    length_penalty: f64,
    early_stopping: bool,
    eos_token_id: i64,
    forced_bos_token_id: Option<i64>,
    forced_eos_token_id: Option<i64>,
    decoder_start_token_id: i64,
}

impl Settings {
    fn search(&self) -> Search {
        Search {
            min_length: self.min_length,
            max_length: self.max_length,
            beams: self.num_beams,
            no_repeat_ngram: self.no_repeat_ngram_size,
            length_penalty: self.length_penalty,
            stop: if self.early_stopping { EarlyStopping::Yes } else { EarlyStopping::Heuristic },
            start: self.decoder_start_token_id,
            ends: vec![self.eos_token_id],
            first: self.forced_bos_token_id,
            last: self.forced_eos_token_id,
        }
    }

    /// Ids up to the first end, which some families also begin with; what is behind it is padding.
    fn bare<'a>(&self, ids: &'a [i64]) -> &'a [i64] {
        let end = ids.iter().skip(1).position(|id| *id == self.eos_token_id);
        &ids[..end.map_or(ids.len(), |end| end + 2)]
    }
}

#[test]
fn generated_ids_of_every_family_equal_transformers() {
    let mut different: Vec<String> = Vec::new();
    let mut families = 0;
    for (family, folder, expected) in fixtures::<Generation>("summary-") {
        families += 1;
        let checkpoint = Checkpoint::open(&folder).unwrap();
        let model = match Generator::load(&checkpoint, &compute()) {
            Ok(model) => model,
            Err(error) => {
                different.push(format!("{family}: {error}"));
                continue;
            }
        };
        // ProphetNet's repositories have only a vocabulary; there the ids are given.
        let tokenizer = checkpoint.tokenizer().ok();
        assert_eq!(tokenizer.is_none(), family == "prophetnet");
        let encode = |input: &GenerationInput| match &tokenizer {
            Some(tokenizer) => {
                let encoding = tokenizer.encode(input.text.as_str(), true).unwrap();
                assert_eq!(encoding.get_ids(), input.input_ids, "{family}: ids of {:?}", input.text);
                encoding
            }
            None => {
                let tokens = input.input_ids.iter().map(|&id| Token::new(id, String::new(), (0, 0)));
                Encoding::from_tokens(tokens.collect(), 0)
            }
        };
        let encodings: Vec<Encoding> = expected.inputs.iter().map(encode).collect();
        for case in &expected.cases {
            let search = case.settings.search();
            let alone: Vec<Vec<i64>> = encodings
                .iter()
                .map(|encoding| model.generate(&[encoding], &search).unwrap().remove(0))
                .collect();
            let together = model.generate(&encodings.iter().collect::<Vec<_>>(), &search).unwrap();
            for (how, found, wanted) in
                [("alone", &alone, &case.single), ("in a batch", &together, &case.batch)]
            {
                for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                    let wanted = case.settings.bare(wanted);
                    if found != wanted {
                        let name = &case.name;
                        different.push(format!("{family}, {name}, {how}, {at}: {found:?} for {wanted:?}"));
                    }
                }
            }
        }
        println!(
            "{family}: {} settings, each of {} texts alone and in a batch",
            expected.cases.len(),
            encodings.len()
        );
    }
    assert!(different.is_empty(), "{different:#?}");
    assert_eq!(families, 8);
}

"""`summary-<family>`: encoder-decoders, and the token ids that they generate greedily and with beams."""

import itertools
import pathlib
from collections.abc import Callable

import torch
from transformers import (
    AutoConfig,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    GenerationConfig,
    LogitsProcessor,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

import vocabularies
from classifiers import BART
from drawing import Redraw, checkpoint, draw_weights
from taggers import SENTENCES

TEXTS = SENTENCES[1:5]

CASES: dict[str, dict] = {
    "greedy": dict(num_beams=1, max_length=20),
    "greedy, no trigram twice": dict(num_beams=1, no_repeat_ngram_size=3, min_length=8, max_length=24),
    "beams, long": dict(num_beams=4, no_repeat_ngram_size=3, length_penalty=2.0, early_stopping=True, min_length=10, max_length=24),
    "beams, short": dict(num_beams=4, no_repeat_ngram_size=3, length_penalty=0.8, early_stopping=False, max_length=20),
    "beams, first come": dict(num_beams=4, length_penalty=1.0, early_stopping=True, min_length=4, max_length=16),
}
DEFAULTS = dict(
    do_sample=False, no_repeat_ngram_size=0, length_penalty=1.0, early_stopping=False, min_length=0,
    forced_bos_token_id=None, forced_eos_token_id=None,
)  # fmt: skip

T5 = dict(
    d_model=24,
    d_kv=12,
    d_ff=32,
    num_layers=2,
    num_decoder_layers=2,
    num_heads=2,
    relative_attention_num_buckets=8,
    relative_attention_max_distance=20,
    decoder_start_token_id=0,
)
LONGT5 = T5 | dict(local_radius=4, global_block_size=4)
# folder: (model type, tokenizer, std of the weights and of the token embeddings, factor of the end token's embedding, config, settings)
FAMILIES: dict[str, tuple[str, Callable, float, float, float, dict, dict]] = {
    "bart": (
        "bart", vocabularies.roberta, 0.5, 0.3, 2.0, BART,
        dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2),
    ),
    "mbart": (
        "mbart", vocabularies.mbart, 0.5, 0.2, 2.0, BART | dict(scale_embedding=True),
        dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_bos_token_id=377, forced_eos_token_id=2),
    ),
    "pegasus": (
        "pegasus", vocabularies.pegasus, 0.6, 0.2, 2.5, BART | dict(scale_embedding=True, activation_function="relu"),
        dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=1),
    ),
    "t5": ("t5", vocabularies.t5, 0.6, 1.0, 2.5, T5, dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)),
    "t5-gated": (
        "t5", vocabularies.t5, 0.4, 1.0, 2.0, T5 | dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False),
        dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0),
    ),
    "longt5-local": (
        "longt5", vocabularies.t5, 0.4, 1.0, 2.0, LONGT5 | dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False),
        dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0),
    ),
    "longt5-tglobal": (
        "longt5", vocabularies.t5, 0.4, 1.0, 2.0,
        LONGT5 | dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False, encoder_attention_type="transient-global"),
        dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0),
    ),
    "prophetnet": (
        "prophetnet", vocabularies.prophetnet, 0.5, 0.3, 2.0,
        dict(
            hidden_size=24, num_encoder_layers=2, num_decoder_layers=2, num_encoder_attention_heads=2, num_decoder_attention_heads=2,
            encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=128, num_buckets=8, relative_max_distance=20,
        ),
        dict(bos_token_id=4, pad_token_id=0, eos_token_id=4, decoder_start_token_id=4),
    ),
}  # fmt: skip


NOISE = 1e-4


class Noise(LogitsProcessor):
    """Shakes the scores a little, to see whether a decision hangs on it."""

    def __init__(self, seed: int):
        self.draw = torch.Generator().manual_seed(seed)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return scores + NOISE * (torch.rand(scores.shape, generator=self.draw) - 0.5)


def draw(
    family, tokenizer: PreTrainedTokenizerBase, std: float, token_std: float, ending: float, config: dict, settings: dict, seed: int
) -> PreTrainedModel:
    config = AutoConfig.for_model(family, vocab_size=len(tokenizer), **(config | settings))
    model = AutoModelForSeq2SeqLM.from_config(config)
    draw_weights(model, seed, std, token_std)
    model.get_output_embeddings().weight.data[settings["eos_token_id"]] *= ending  # so that texts end before they must
    model.generation_config = GenerationConfig(**settings, **CASES["beams, long"])
    return model


def expected(folder: pathlib.Path, settings: dict) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    single = [tokenizer(text, return_tensors="pt") for text in TEXTS]
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    cases = []
    for name, case in CASES.items():
        case = DEFAULTS | settings | case
        outputs = [generate(model, encoded, case)[0] for encoded in single]
        together = generate(model, batch, case)
        check_steadiness(model, single, case, outputs)
        cases.append({"name": name, "settings": case, "single": outputs, "batch": together})
    check_variety(cases)
    inputs = [{"text": text} | {"input_ids": encoded["input_ids"][0].tolist()} for text, encoded in zip(TEXTS, single)]
    padded = {key: batch[key].tolist() for key in ("input_ids", "attention_mask")}
    return {"inputs": inputs, "batch": padded, "cases": cases}


def generate(model: PreTrainedModel, encoded: dict, case: dict, **more) -> list[list[int]]:
    inputs = {name: encoded[name] for name in ("input_ids", "attention_mask")}
    return model.generate(**inputs, generation_config=GenerationConfig(**case), **more).tolist()


def check_variety(cases: list[dict]) -> None:
    """Texts are told apart, and some end before they must."""
    if any(len(set(map(tuple, case["single"]))) < len(TEXTS) - 1 for case in cases):
        raise Redraw
    early = {len(output) for case in cases for output in case["single"] if len(output) < case["settings"]["max_length"]}
    if len(early) < 2:
        raise Redraw


def check_steadiness(model: PreTrainedModel, inputs: list[dict], case: dict, outputs: list[list[int]]) -> None:
    for (encoded, output), seed in itertools.product(zip(inputs, outputs), range(2)):
        if generate(model, encoded, case, logits_processor=[Noise(seed)])[0] != output:
            raise Redraw


def make(out: pathlib.Path) -> None:
    for name, (family, tokenizer, std, token_std, ending, config, settings) in FAMILIES.items():
        tokenizer = tokenizer()
        checkpoint(
            out / f"summary-{name}",
            tokenizer,
            lambda seed: draw(family, tokenizer, std, token_std, ending, config, settings, seed),
            lambda folder: expected(folder, settings),
        )

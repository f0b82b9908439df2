"""`encoder-<family>`: an encoder without a head, as a pack has it, and the vectors it gives the tokens."""

import pathlib

import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

import vocabularies
from drawing import checkpoint, draw_weights, rounded
from taggers import MPNET, texts

FAMILIES = {"mpnet": (vocabularies.mpnet, MPNET)}


def draw(family: str, tokenizer: PreTrainedTokenizerBase, settings: dict, seed: int) -> PreTrainedModel:
    model = AutoModel.from_config(AutoConfig.for_model(family, vocab_size=len(tokenizer), **settings), add_pooling_layer=False)
    draw_weights(model, seed, 0.3)
    return model


def vectors(model: PreTrainedModel, encoded: dict) -> list:
    """The vector of each token of each text, padding left out."""
    with torch.no_grad():
        states = model(**encoded)[0]
    return [rounded(row[mask.bool()].tolist()) for row, mask in zip(states, encoded["attention_mask"])]


def read(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, inputs: list[str], name: str) -> dict:
    """What the model makes of each text alone and of all in one padded batch; `name` is what its output is called."""
    sentences = []
    for text in inputs:
        encoded = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
        offsets = encoded.pop("offset_mapping")[0].tolist()
        row = {"text": text} | {key: value[0].tolist() for key, value in encoded.items()} | {"offsets": offsets}
        sentences.append(row | {name: vectors(model, encoded)[0]})
    encoded = tokenizer(inputs, padding=True, return_tensors="pt")
    batch = {key: value.tolist() for key, value in encoded.items()} | {name: vectors(model, encoded)}
    return {"sentences": sentences, "batch": batch}


def expected(folder: pathlib.Path, family: str) -> dict:
    model = AutoModel.from_pretrained(folder, add_pooling_layer=False).eval()
    return read(model, AutoTokenizer.from_pretrained(folder), texts(family), "vectors")


def make(out: pathlib.Path) -> None:
    for family, (tokenizer, settings) in FAMILIES.items():
        tokenizer = tokenizer()
        checkpoint(
            out / f"encoder-{family}",
            tokenizer,
            lambda seed: draw(family, tokenizer, settings, seed),
            lambda folder: expected(folder, family),
        )

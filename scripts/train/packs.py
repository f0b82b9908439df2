"""The packs that are trained here, and in what they differ."""

import pathlib
from collections.abc import Callable
from dataclasses import dataclass

import torch

import cased_mpnet
import encoder
import model
import text


@dataclass
class Pack:
    """An encoder, and how it learns."""

    family: str
    # cache → folder with its tokenizer
    fetch: Callable
    # cache, changes of the configuration → encoder and tokenizer
    load: Callable
    # → the encoder with random weights
    empty: Callable
    config: Callable
    mask_token: str
    description: str
    licence: str
    epochs: int
    rate: float
    head_rate: float
    budget: int
    # Whether a sentence vector of the base encoder is its first token's, or the mean.
    first_token: bool
    # Its salience head learns from every n-th of the articles with a summary: a larger encoder reads them more slowly.
    every_summary: int


PACKS = {
    "compact": Pack(
        "bert", encoder.fetch, encoder.load, encoder.empty, encoder.config, "[MASK]",
        "One small BERT encoder with five heads: named entities, stance towards mentions, stance of one mention "
        "towards another, attribution of what is said, salience of sentences",
        "Apache-2.0; base encoder BAAI/bge-small-en-v1.5, MIT",
        epochs=8, rate=1e-4, head_rate=4e-4, budget=1536, first_token=True, every_summary=1,
    ),
    "base": Pack(
        "mpnet", cased_mpnet.fetch, cased_mpnet.load, cased_mpnet.empty, cased_mpnet.config, "<mask>",
        "One MPNet encoder of base size with five heads: named entities, stance towards mentions, stance of one "
        "mention towards another, attribution of what is said, salience of sentences",
        "Apache-2.0; base encoder all-mpnet-base-v2, Apache-2.0",
        epochs=8, rate=3e-4, head_rate=4e-4, budget=2048, first_token=False, every_summary=2,
    ),
}  # fmt: skip


def build(name: str, cache: pathlib.Path | None, dropout: float = 0.1, salience: bool = False):
    """A net on the base encoder of a pack, and its tokenizer."""
    pack = PACKS[name]
    # The fused attention of PyTorch 2.15 is ten times slower backward on a CPU than plain products of matrices.
    bare, tokenizer = pack.load(cache, attn_implementation="eager", attention_probs_dropout_prob=0.0)
    model.QuickDropout.replace(bare, dropout)
    net = model.Net(bare, pack.family, len(text.LABELS), salience=salience)
    net.mask_id = tokenizer.token_to_id(pack.mask_token)
    return net, tokenizer


@torch.no_grad()
def trained(name: str, cache: pathlib.Path, work: pathlib.Path):
    """The net that a training run left in `work`, and its tokenizer; it learns no more."""
    net, tokenizer = build(name, cache)
    net.load_state_dict(torch.load(work / "state.pt", weights_only=True)["average"], strict=False)
    cased_mpnet.merge_updates(net)
    return net.eval(), tokenizer

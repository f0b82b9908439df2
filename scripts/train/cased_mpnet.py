"""The encoder of `base`: all-mpnet-base-v2 (12 layers, hidden 768, Apache-2.0), with case and low-rank updates.

The package registry carries it as a zip file in five parts. Its vocabulary is lower-cased as that of `compact`; the
letter case of each word piece (`encoder.case_of`) comes in by token types, which MPNet does not have: four rows that
start at zero and are added before the layer norm, as `src/families/mpnet.rs` does.

What is trained is small: for each linear layer an update of rank `RANK`, biases, layer norms, case embeddings and
relative position biases. So a pack of it is tens of megabytes, on a base that is fetched by version and SHA-256.
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import MPNetConfig, MPNetModel

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import encoder
import setup

NAME = "all-mpnet-base-v2"
FILES = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "README.md"]
RANK = 32


def fetch(cache: pathlib.Path) -> pathlib.Path:
    """The folder of the unpacked model (405 MB); downloads it once."""
    folder = cache / NAME
    return folder if all((folder / name).is_file() for name in FILES) else setup.unpack_mpnet(folder, FILES)


class LowRank(nn.Linear):
    """A linear layer whose weights stand still, and an update of low rank that learns: `W + up · down`."""

    def __init__(self, of: nn.Linear, rank: int):
        super().__init__(of.in_features, of.out_features, device="meta")
        self.weight, self.bias = of.weight, of.bias
        self.weight.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, of.in_features) / of.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(of.out_features, rank))

    def forward(self, states):
        update = functional.linear(functional.linear(states, self.down), self.up)
        return functional.linear(states, self.weight, self.bias) + update


class CasedMPNet(MPNetModel):
    """MPNet that takes the letter case of each piece where BERT takes token types."""

    def __init__(self, config: MPNetConfig):
        super().__init__(config, add_pooling_layer=False)
        self.embeddings.token_type_embeddings = nn.Embedding(config.type_vocab_size, config.hidden_size)
        nn.init.zeros_(self.embeddings.token_type_embeddings.weight)

    def forward(self, input_ids, attention_mask, token_type_ids):
        embedded = self.embeddings.word_embeddings(input_ids) + self.embeddings.token_type_embeddings(token_type_ids)
        return super().forward(inputs_embeds=embedded, attention_mask=attention_mask)


def config(**changes) -> MPNetConfig:
    settings = dict(
        vocab_size=30527, hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072,
        hidden_act="gelu", max_position_embeddings=514, relative_attention_num_buckets=32, layer_norm_eps=1e-5,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=encoder.CASE_TYPES,
    )  # fmt: skip
    return MPNetConfig(**(settings | changes))


def put_updates(model: nn.Module, rank: int) -> list[LowRank]:
    """Puts a `LowRank` in place of every linear layer, and gives them."""
    found = []
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                found.append(LowRank(child, rank))
                setattr(module, name, found[-1])
    return found


def add_updates(model: nn.Module, rank: int = RANK) -> None:
    """Puts a `LowRank` in place of every linear layer, and fixes word and position embeddings."""
    put_updates(model, rank)
    model.embeddings.word_embeddings.weight.requires_grad_(False)
    model.embeddings.position_embeddings.weight.requires_grad_(False)


def merge_updates(model: nn.Module) -> None:
    """Adds every update to its weights and puts a plain linear layer in its place. For nets that learn no more: a fifth faster."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, LowRank):
                plain = nn.Linear(child.in_features, child.out_features, device="meta")
                plain.weight = nn.Parameter(child.weight + child.up @ child.down, requires_grad=False)
                plain.bias = child.bias
                setattr(module, name, plain)


def empty(**changes) -> CasedMPNet:
    return CasedMPNet(config(**changes))


def load(cache: pathlib.Path, **changes) -> tuple[CasedMPNet, Tokenizer]:
    """The base encoder with case embeddings and updates that change nothing yet, and its tokenizer."""
    folder = fetch(cache)
    model = empty(**changes)
    parameters = load_file(folder / "model.safetensors")
    missing, surplus = model.load_state_dict(parameters, strict=False)
    missing = [name for name in missing if name not in ("embeddings.token_type_embeddings.weight", "embeddings.position_ids")]
    surplus = [name for name in surplus if not name.startswith("pooler.") and not name.endswith("position_ids")]
    if missing or surplus:
        sys.exit(f"{folder}: does not match an MPNetModel: missing {missing}, surplus {surplus}")
    add_updates(model)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return model, tokenizer

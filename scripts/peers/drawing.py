"""Drawing the weights of a tiny checkpoint so that no decision made with it is a near tie."""

import itertools
import json
import pathlib
import shutil
from collections.abc import Callable, Iterable

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

MARGIN = 1e-3


class Redraw(Exception):
    """With these weights something is nearly a tie, which another machine may break differently, or too uniform to test."""


def draw_weights(model: PreTrainedModel, seed: int, std: float, token_std: float = 1.0) -> None:
    draw = torch.Generator().manual_seed(seed)
    embeddings = {id(module.weight) for module in model.modules() if isinstance(module, torch.nn.Embedding)}
    for name, weight in model.named_parameters():
        if not weight.requires_grad:  # positions that are computed
            continue
        noise = torch.randn(weight.shape, generator=draw)
        if weight.dim() == 1:
            weight.data = 0.1 * noise + name.endswith("weight")
        elif id(weight) not in embeddings:
            weight.data = std * noise
        else:
            weight.data = noise if "position" in name or "relative" in name else token_std * noise


def check_margins(values: torch.Tensor) -> None:
    """Along the last axis the greatest value must be clearly greater than the second."""
    first, second = values.topk(2, dim=-1).values.unbind(-1)
    if (first - second).min() <= MARGIN:
        raise Redraw


def checkpoint(
    folder: pathlib.Path,
    tokenizer: PreTrainedTokenizerBase,
    draw: Callable[[int], PreTrainedModel],
    expect: Callable[[pathlib.Path], dict],
) -> None:
    """Saves the first drawn model with which `expect` is content, and what it finds."""
    for seed in itertools.count():
        shutil.rmtree(folder, ignore_errors=True)
        tokenizer.save_pretrained(folder)
        draw(seed).save_pretrained(folder)
        try:
            expected = expect(folder)
            break
        except Redraw:
            continue
    text = json.dumps(expected, ensure_ascii=False, separators=(",", ":"))
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    print(f"{folder.name}: seed {seed}, {sum(sizes.values())} bytes {sizes}", flush=True)


def rounded(values: Iterable) -> list:
    return [rounded(value) if isinstance(value, list) else round(value, 6) for value in values]

"""Text → word pieces, labels and batches: what the encoder and its heads take."""

import random
from typing import NamedTuple

import torch
from torch.nn import functional

import data
import encoder
import model

LABELS = ["O"] + [prefix + kind for kind in data.ENTITY_TYPES for prefix in ("B-", "I-")]
READING = 4096  # tokens of a batch from which nothing is learned
LONGEST = 256  # tokens; a few training sentences are longer and are cut, which no reading ever is


def encode(tokenizer, text: str) -> dict:
    """ids, case types, character offsets and word numbers of a sentence, with the special tokens around it."""
    encoding = tokenizer.encode(text)
    offsets = encoding.offsets[:LONGEST]
    cases = [encoder.case_of(text[a:b]) for a, b in offsets]
    return dict(text=text, ids=encoding.ids[:LONGEST], case=cases, offsets=offsets, words=encoding.word_ids[:LONGEST])


def words_of(encoded: dict) -> tuple[list[int], list[tuple[int, int]]]:
    """Index of the first piece, and the character offsets, of each word."""
    firsts, offsets, previous = [], [], None
    for i, (word, (start, end)) in enumerate(zip(encoded["words"], encoded["offsets"])):
        if word is None:
            continue
        if word != previous:
            firsts.append(i)
            offsets.append((start, end))
        else:
            offsets[-1] = (offsets[-1][0], end)
        previous = word
    return firsts, offsets


def entity_labels(encoded: dict, spans: list) -> list[int]:
    """One label for the first piece of each word, `IGNORE` elsewhere."""
    labels = [model.IGNORE] * len(encoded["ids"])
    for first, (start, _) in zip(*words_of(encoded)):
        labels[first] = 0
        for a, b, kind in spans:
            if a <= start < b:
                labels[first] = LABELS.index(("B-" if start == a else "I-") + kind)
    return labels


def quote_labels(encoded: dict, quotes: dict) -> list[list[int]]:
    """For the first piece of each word 0, 1, 2 (O, B, I) for source, cue and content; `IGNORE` elsewhere."""
    labels = [[model.IGNORE] * len(data.QUOTE_PARTS) for _ in encoded["ids"]]
    before = dict.fromkeys(data.QUOTE_PARTS)
    for first, (start, _) in zip(*words_of(encoded)):
        for k, part in enumerate(data.QUOTE_PARTS):
            inside = next((span for span in quotes[part] if span[0] <= start < span[1]), None)
            labels[first][k] = 0 if inside is None else 2 if inside == before[part] else 1
            before[part] = inside
    return labels


def name_targets(encoded: dict, example: data.Example) -> torch.Tensor:
    """What the entity head is to say, (pieces, labels) of probabilities; all zero where it is not asked."""
    if "names" in example.taught:
        return by_word(encoded, example.taught["names"])
    assert example.names is not None
    return one_hot(entity_labels(encoded, example.names), len(LABELS))


def quote_targets(encoded: dict, example: data.Example) -> torch.Tensor:
    """What the attribution head is to say, (pieces, 3 parts, 3 of O, B, I); all zero where it is not asked."""
    if "quotes" in example.taught:
        return by_word(encoded, example.taught["quotes"]).unflatten(-1, (len(data.QUOTE_PARTS), 3))
    assert example.quotes is not None
    return one_hot(quote_labels(encoded, example.quotes), 3)


def one_hot(rows: list, count: int) -> torch.Tensor:
    labels = torch.tensor(rows)
    return functional.one_hot(labels.clamp(min=0), count).float() * (labels >= 0).unsqueeze(-1)


def by_word(encoded: dict, rows) -> torch.Tensor:
    """Spreads rows of numbers, one for each word, over the first pieces of the words."""
    rows = torch.as_tensor(rows, dtype=torch.float)
    targets = torch.zeros(len(encoded["ids"]), rows.shape[-1])
    firsts, _ = words_of(encoded)
    count = min(len(firsts), len(rows))
    targets[firsts[:count]] = rows[:count]
    return targets


def stacked(rows: list[torch.Tensor], width: int) -> torch.Tensor:
    """Tensors of different length as one, filled up with zeros to `width`."""
    return torch.stack([torch.cat([row, row.new_zeros(width - len(row), *row.shape[1:])]) for row in rows])


def distribution(stance) -> list[float]:
    """Three probabilities from an index, or as they are."""
    return [float(stance == i) for i in range(len(data.STANCES))] if isinstance(stance, int) else list(stance)


def pieces_in(encoded: dict, start: int, end: int) -> list[int]:
    """0 or 1 for each piece: whether it is part of a span."""
    return [int(a < end and b > start and b > a) for a, b in encoded["offsets"]]


def pad(rows: list[list], value=0) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [value] * (width - len(row)) for row in rows])


def batches(examples: list, length, budget: int = READING, draw: random.Random | None = None) -> list[list]:
    """Batches of examples of like length under a budget of tokens; shuffled when `draw` is given."""
    noise = (lambda: draw.uniform(0, 6)) if draw else (lambda: 0)
    ordered = sorted(examples, key=lambda e: length(e) + noise())
    found: list[list] = []
    batch: list = []
    widest = 0
    for example in ordered:
        wide = max(widest, length(example))
        if batch and (len(batch) + 1) * wide > budget:
            found.append(batch)
            batch, wide = [], length(example)
        batch.append(example)
        widest = wide
    if batch:
        found.append(batch)
    if draw:
        draw.shuffle(found)
    return found


def inputs(encoded: list[dict]):
    """ids, mask and case of a batch, each (n, tokens)."""
    ids = pad([e["ids"] for e in encoded])
    mask = pad([[1] * len(e["ids"]) for e in encoded])
    return ids, mask, pad([e["case"] for e in encoded])


def hide(ids, mask, keep, share: float, hidden_id: int):
    """Replaces a share of the words by the mask token, so that the model leans on context; never those of `keep`."""
    hidden = (torch.rand(ids.shape) < share) & (mask == 1) & (keep == 0)
    hidden[:, 0] = False
    return ids.masked_fill(hidden, hidden_id)


class Judged(NamedTuple):
    """The items of a batch for a stance head, all (items, …)."""

    rows: torch.Tensor  # (items): its row in the batch
    stances: torch.Tensor  # (items, 3): probabilities
    weights: torch.Tensor  # (items)
    mentions: list[torch.Tensor]  # (items, tokens) of 0 and 1: of the mention; or of the holder, and of the target


def judged(examples: list[tuple[dict, data.Example]], task: str) -> Judged | None:
    """What a batch has for the head `task`: a key of `train.SMOOTHING`."""
    found, width = [], max(len(encoded["ids"]) for encoded, _ in examples)
    for row, (encoded, example) in enumerate(examples):
        for *ends, stance in getattr(example, task):
            mentions = [pieces_in(encoded, *span) for span in zip(ends[::2], ends[1::2])]
            if all(map(any, mentions)):
                padded = [pieces + [0] * (width - len(pieces)) for pieces in mentions]
                found.append((row, distribution(stance), example.weight, *padded))
    if not found:
        return None
    rows, stances, weights, *mentions = map(torch.tensor, zip(*found))
    return Judged(rows, stances, weights, mentions)


def stance_logits(net, task: str, states, mask, found: Judged):
    """Logits (items, 3) of the head `task`, from the states of the batch."""
    return getattr(net, task)(states[found.rows], mask[found.rows], *found.mentions).float()


def attribution_logits(net, states):
    """states (n, tokens, hidden) → (n, tokens, 3 parts, 3 of O, B, I)."""
    return net.attribution(states).float().unflatten(-1, (len(data.QUOTE_PARTS), 3))

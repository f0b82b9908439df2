"""Text → word pieces, labels and batches: what the encoder and its heads take."""

import random

import torch
from torch.nn import functional

import data
import encoder
import model

LABELS = ["O"] + [prefix + kind for kind in data.ENTITY_TYPES for prefix in ("B-", "I-")]
LONGEST = 256  # tokens; a few training sentences are longer and are cut, which no reading ever is


def encode(tokenizer, text: str) -> dict:
    """ids, case types, character offsets and word numbers of a sentence, with the special tokens around it."""
    encoding = tokenizer.encode(text)
    offsets = encoding.offsets[:LONGEST]
    cases = [encoder.case_of(text[a:b]) for a, b in offsets]
    return dict(text=text, ids=encoding.ids[:LONGEST], case=cases, offsets=offsets, words=encoding.word_ids[:LONGEST])


def first_pieces(encoded: dict) -> list[int | None]:
    """For each piece its start where it is the first of its word, else `None`."""
    starts, previous = [], None
    for (start, _), word in zip(encoded["offsets"], encoded["words"]):
        starts.append(start if word is not None and word != previous else None)
        previous = word
    return starts


def entity_labels(encoded: dict, spans: list) -> list[int]:
    """One label for the first piece of each word, `IGNORE` elsewhere."""
    labels = []
    for start in first_pieces(encoded):
        label = model.IGNORE if start is None else 0
        if start is not None:
            for a, b, kind in spans:
                if a <= start < b:
                    label = LABELS.index(("B-" if start == a else "I-") + kind)
        labels.append(label)
    return labels


def quote_labels(encoded: dict, quotes: dict) -> list[list[int]]:
    """For the first piece of each word 0, 1, 2 (O, B, I) for source, cue and content; `IGNORE` elsewhere."""
    labels, before = [], {part: None for part in data.QUOTE_PARTS}
    for start in first_pieces(encoded):
        if start is None:
            labels.append([model.IGNORE] * len(data.QUOTE_PARTS))
            continue
        row = []
        for part in data.QUOTE_PARTS:
            inside = next((span for span in quotes[part] if span[0] <= start < span[1]), None)
            row.append(0 if inside is None else 2 if inside == before[part] else 1)
            before[part] = inside
        labels.append(row)
    return labels


def name_targets(encoded: dict, example: data.Example) -> torch.Tensor:
    """What the entity head is to say, (pieces, labels) of probabilities; all zero where it is not asked."""
    if example.taught:
        return by_word(encoded, example.taught["names"])
    return one_hot(entity_labels(encoded, example.names), len(LABELS))


def quote_targets(encoded: dict, example: data.Example) -> torch.Tensor:
    """What the attribution head is to say, (pieces, 3 parts, 3 of O, B, I); all zero where it is not asked."""
    if example.taught:
        return by_word(encoded, example.taught["quotes"]).unflatten(-1, (len(data.QUOTE_PARTS), 3))
    return one_hot(quote_labels(encoded, example.quotes), 3)


def one_hot(labels: list, count: int) -> torch.Tensor:
    labels = torch.tensor(labels)
    return functional.one_hot(labels.clamp(min=0), count).float() * (labels >= 0).unsqueeze(-1)


def by_word(encoded: dict, rows) -> torch.Tensor:
    """Spreads rows of numbers, one for each word, over the first pieces of the words."""
    rows = torch.as_tensor(rows, dtype=torch.float)
    targets = torch.zeros(len(encoded["ids"]), rows.shape[-1])
    firsts = [i for i, start in enumerate(first_pieces(encoded)) if start is not None]
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


def batches(examples: list, length, budget: int, draw: random.Random | None) -> list[list]:
    """Batches of examples of like length under a budget of tokens; shuffled when `draw` is given."""
    noise = (lambda: draw.uniform(0, 6)) if draw else (lambda: 0)
    ordered = sorted(examples, key=lambda e: length(e) + noise())
    found, batch, widest = [], [], 0
    for example in ordered:
        wide = max(widest, length(example))
        if batch and (len(batch) + 1) * wide > budget:
            found.append(batch)
            batch, wide = [], length(example)
        batch.append(example)
        widest = wide
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


def stance_rows(examples: list[tuple[dict, data.Example]], width: int):
    """Of every judged mention: its row in the batch, 0/1 token weights, stance as probabilities, weight."""
    found = []
    for row, (encoded, example) in enumerate(examples):
        for a, b, stance in example.stances:
            pieces = pieces_in(encoded, a, b)
            if any(pieces):
                found.append((row, pieces + [0] * (width - len(pieces)), distribution(stance), example.weight))
    return columns(found)


def directed_rows(examples: list[tuple[dict, data.Example]], width: int):
    """Of every pair of holder and target: its row in the batch, 0/1 token weights of both, stance as probabilities."""
    found = []
    for row, (encoded, example) in enumerate(examples):
        for a, b, c, d, stance in example.directed:
            both = [pieces_in(encoded, *span) for span in ((a, b), (c, d))]
            if all(map(any, both)):
                found.append((row, *(pieces + [0] * (width - len(pieces)) for pieces in both), distribution(stance)))
    return columns(found)


def columns(rows: list[tuple]):
    return [torch.tensor(column) for column in zip(*rows)] if rows else None


def stance_logits(net, examples: list[tuple[dict, data.Example]]):
    """Logits (mentions, 3) and stances of all judged mentions of a batch."""
    ids, mask, case = inputs([encoded for encoded, _ in examples])
    found = stance_rows(examples, ids.shape[1])
    if not found:
        return torch.zeros(0, len(data.STANCES)), torch.zeros(0, dtype=torch.long)
    rows, weights, stances, _ = found
    states = net.encode(ids, mask, case)
    return net.stance(states[rows], mask[rows], weights).float(), stances.argmax(-1)


def directed_logits(net, examples: list[tuple[dict, data.Example]]):
    """Logits (pairs, 3) and stances of all pairs of a batch."""
    ids, mask, case = inputs([encoded for encoded, _ in examples])
    found = directed_rows(examples, ids.shape[1])
    if not found:
        return torch.zeros(0, len(data.STANCES)), torch.zeros(0, dtype=torch.long)
    rows, holders, targets, stances = found
    states = net.encode(ids, mask, case)
    return net.directed(states[rows], mask[rows], holders, targets).float(), stances.argmax(-1)


def attribution_logits(net, states):
    """states (n, tokens, hidden) → (n, tokens, 3 parts, 3 of O, B, I)."""
    return net.attribution(states).float().unflatten(-1, (len(data.QUOTE_PARTS), 3))

"""Fine-tunes the shared encoder with its entity and stance heads: `python train.py --data ../../../shared/data --work DIR`.

Each step takes one batch of each task and adds their gradients. Dev scores are taken after every
epoch on an exponential moving average of the weights, which is what is kept. A run that was stopped
goes on from its last finished epoch when started again with the same arguments.
"""

import argparse
import json
import pathlib
import random
import time

import torch
from sklearn.metrics import f1_score
from torch.nn import functional

import data
import encoder
import model

LABELS = ["O"] + [prefix + kind for kind in data.ENTITY_TYPES for prefix in ("B-", "I-")]
TOUCHING = 9.4  # against two entities of one type without a word between them; see `entities::bio` in Rust
PARTICLES = set("al bin bint da dal de del della den der di do dos du el ibn la le ter van von zu".split())
LONGEST = 256  # tokens; two training sentences are longer and are cut, which no reading ever is


def encode_text(tokenizer, text: str) -> dict:
    """ids, case types, character offsets and word numbers of a sentence, with [CLS] and [SEP]."""
    encoding = tokenizer.encode(text)
    cases = [encoder.case_of(text[a:b]) for a, b in encoding.offsets]
    return dict(text=text, ids=encoding.ids, case=cases, offsets=encoding.offsets, words=encoding.word_ids)


def entity_labels(encoded: dict, spans: list) -> list[int]:
    """One label for the first piece of each word, `IGNORE` elsewhere."""
    labels, previous = [], None
    for (start, end), word in zip(encoded["offsets"], encoded["words"]):
        label = model.IGNORE
        if word is not None and word != previous:
            label = 0
            for a, b, kind in spans:
                if a <= start < b:
                    label = LABELS.index(("B-" if start == a else "I-") + kind)
        labels.append(label)
        previous = word
    return labels


def pad(rows: list[list[int]], value: int = 0) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [value] * (width - len(row)) for row in rows])


def batches(examples: list, length, budget: int, draw: random.Random | None) -> list[list]:
    """Batches of examples of like length under a budget of tokens; shuffled when `draw` is given."""
    noise = (lambda: draw.uniform(0, 6)) if draw else (lambda: 0)
    ordered = sorted(examples, key=lambda e: length(e) + noise())
    found, batch = [], []
    for example in ordered:
        if batch and (len(batch) + 1) * max(length(e) for e in batch + [example]) > budget:
            found.append(batch)
            batch = []
        batch.append(example)
    found.append(batch)
    if draw:
        draw.shuffle(found)
    return found


def inputs(encoded: list[dict]):
    ids = pad([e["ids"][:LONGEST] for e in encoded])
    mask = pad([[1] * len(e["ids"][:LONGEST]) for e in encoded])
    return ids, mask, pad([e["case"][:LONGEST] for e in encoded])


def hide(ids, mask, share: float):
    """Replaces a share of the words by [MASK] (103), so that the model leans on context."""
    hidden = (torch.rand(ids.shape) < share) & (ids > 103) & (mask == 1)
    return ids.masked_fill(hidden, 103)


def entity_loss(net, examples):
    ids, mask, case = inputs([e[0] for e in examples])
    labels = pad([e[1][:LONGEST] for e in examples], model.IGNORE)
    states = net.encode(hide(ids, mask, 0.05), mask, case)
    logits = net.entities(net.dropout(states)).float()
    return functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=model.IGNORE)


def mention_rows(examples):
    """Row of the batch, 0/1 token weights and stance for every mention of a batch of (encoded, mentions)."""
    rows, weights, stances = [], [], []
    for row, (encoded, mentions) in enumerate(examples):
        for a, b, stance in mentions:
            weight = [int(s < b and e > a and e > s) for s, e in encoded["offsets"][:LONGEST]]
            if any(weight):
                rows.append(row)
                weights.append(weight)
                stances.append(stance)
    return torch.tensor(rows), weights, torch.tensor(stances)


def stance_logits(net, examples, hidden=0.0):
    ids, mask, case = inputs([e[0] for e in examples])
    rows, weights, stances = mention_rows(examples)
    weights = torch.stack([functional.pad(torch.tensor(w), (0, ids.shape[1] - len(w))) for w in weights])
    if hidden:
        inside = torch.zeros_like(ids).index_add(0, rows, weights)
        ids = torch.where(inside > 0, ids, hide(ids, mask, hidden))
    states = net.encode(ids, mask, case)
    return net.stance(states[rows], mask[rows], weights).float(), stances


def viterbi(logits: torch.Tensor) -> list[int]:
    """The likeliest labels in which `I-X` only follows `B-X` or `I-X`, and `B-X` hardly ever. logits (words, labels)."""
    allowed = torch.zeros(len(LABELS), len(LABELS))
    for j, label in enumerate(LABELS):
        if label.startswith("I-"):
            for i, before in enumerate(LABELS):
                if before[2:] != label[2:]:
                    allowed[i, j] = float("-inf")
        elif label.startswith("B-"):
            for i, before in enumerate(LABELS):
                if before[2:] == label[2:]:
                    allowed[i, j] = -TOUCHING
    score = logits.log_softmax(-1)
    best, back = score[0] + allowed[0], []
    for step in score[1:]:
        best, pointer = (best.unsqueeze(1) + allowed).max(0)
        best = best + step
        back.append(pointer)
    path = [int(best.argmax())]
    for pointer in reversed(back):
        path.append(int(pointer[path[-1]]))
    return path[::-1]


def fitted(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without small words in front, as `entities::case` in Rust has it."""

    def large(word: str) -> bool:
        return any(c.isupper() or c.isnumeric() or (c.isalpha() and not c.islower()) for c in word)

    if not any(c.isupper() for c in text):
        return start, end
    while words := text[start:end].split():
        if large(words[0]) or (words[0] in PARTICLES and large(text[start:end])):
            return start, end
        start += text[start:end].index(words[0]) + len(words[0])
        start += len(text[start:end]) - len(text[start:end].lstrip())
    return None


def spans_of(labels: list[int], words: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    found = []
    for label, (start, end) in zip(labels, words):
        name = LABELS[label]
        if name.startswith("B-"):
            found.append((start, end, name[2:]))
        elif name.startswith("I-"):
            found[-1] = (found[-1][0], end, name[2:])
    return found


def word_offsets(encoded: dict) -> tuple[list[int], list[tuple[int, int]]]:
    """Index of the first piece, and the character offsets, of each word."""
    firsts, offsets, previous = [], [], None
    for i, word in enumerate(encoded["words"][:LONGEST]):
        if word is None:
            continue
        start, end = encoded["offsets"][i]
        if word != previous:
            firsts.append(i)
            offsets.append((start, end))
        else:
            offsets[-1] = (offsets[-1][0], end)
        previous = word
    return firsts, offsets


@torch.no_grad()
def entity_f1(net, tokenizer, sentences) -> dict:
    """Strict (span and type) micro-F1."""
    net.eval()
    examples = []
    for sentence in sentences:
        text, spans = sentence.text()
        examples.append((encode_text(tokenizer, text), spans))
    hits = predicted = gold = 0
    for batch in batches(examples, lambda e: len(e[0]["ids"]), 4096, None):
        ids, mask, case = inputs([e[0] for e in batch])
        logits = net.entities(net.encode(ids, mask, case)).float()
        for row, (encoded, spans) in enumerate(batch):
            firsts, offsets = word_offsets(encoded)
            spans_found = spans_of(viterbi(logits[row, firsts]), offsets)
            found = {(*span, kind) for a, b, kind in spans_found if (span := fitted(encoded["text"], a, b))}
            hits += len(found & set(spans))
            predicted += len(found)
            gold += len(spans)
    return dict(precision=hits / max(predicted, 1), recall=hits / gold, f1=2 * hits / (predicted + gold))


@torch.no_grad()
def stance_f1(net, tokenizer, judged) -> dict:
    """Macro-F1 over against, neutral, favor."""
    net.eval()
    examples = [(encode_text(tokenizer, j.text), j.mentions) for j in judged]
    found, gold = [], []
    for batch in batches(examples, lambda e: len(e[0]["ids"]), 4096, None):
        logits, stances = stance_logits(net, batch)
        found += logits.argmax(-1).tolist()
        gold += stances.tolist()
    accuracy = sum(f == g for f, g in zip(found, gold)) / len(gold)
    return dict(macro_f1=f1_score(gold, found, average="macro"), accuracy=accuracy, mentions=len(gold))


class Average:
    """Exponential moving average of the weights, with a warm-up so that early steps do not linger."""

    def __init__(self, net, decay: float):
        self.decay, self.steps = decay, 0
        self.values = {name: value.detach().clone() for name, value in net.state_dict().items()}

    def update(self, net):
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        for name, value in net.state_dict().items():
            if value.is_floating_point():
                self.values[name].lerp_(value, 1 - decay)


def optimizer_for(net, rate: float, head_rate: float, decay_per_layer: float):
    groups: dict[tuple, list] = {}
    for name, parameter in net.named_parameters():
        speed = head_rate
        if name.startswith("bert.encoder.layer."):
            speed = rate * decay_per_layer ** (11 - int(name.split(".")[3]))
        elif name.startswith("bert."):
            speed = rate * decay_per_layer**12
        if "token_type" in name:
            speed = head_rate
        weight_decay = 0.0 if name.endswith("bias") or "LayerNorm" in name else 0.01
        groups.setdefault((speed, weight_decay), []).append(parameter)
    return torch.optim.AdamW(
        [dict(params=p, lr=speed, weight_decay=decay) for (speed, decay), p in groups.items()], fused=True
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with conll2003/, politics/, newsmtsc/")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="where the base encoder is kept")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where checkpoints and the log go")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--stance-epochs", type=float, default=5, help="passes over the stance data in all")
    parser.add_argument("--politics", type=int, default=3, help="times the politics sentences are seen per epoch")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--head-rate", type=float, default=4e-4)
    parser.add_argument("--layer-decay", type=float, default=0.9)
    parser.add_argument("--budget", type=int, default=1024, help="tokens per batch and task")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=0, help="stop after so many steps (a trial of speed)")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    bert, tokenizer = encoder.load(args.cache)
    net = model.Compact(bert, len(LABELS))
    news = data.read_entities(args.data / "conll2003/train.txt")
    politics = data.read_entities(args.data / "politics/train.txt")
    judged = data.read_stance(args.data / "newsmtsc/train.jsonl")
    dev = {
        "conll2003": data.read_entities(args.data / "conll2003/dev.txt"),
        "politics": data.read_entities(args.data / "politics/dev.txt"),
    }
    dev_judged = data.read_stance(args.data / "newsmtsc/dev.jsonl")
    seen = {j.text for j in dev_judged}
    judged = [j for j in judged if j.text not in seen]

    sentences = news + politics * args.politics
    tokens = sum(len(encode_text(tokenizer, s.text()[0])["ids"]) for s in sentences)
    epoch_steps = round(tokens / args.budget * 1.06)
    stance_examples = [(encode_text(tokenizer, j.text), j.mentions) for j in judged]
    total = epoch_steps * args.epochs
    print(f"{len(sentences)} entity sentences, {len(judged)} stance sentences, {epoch_steps} steps an epoch", flush=True)

    optimizer = optimizer_for(net, args.rate, args.head_rate, args.layer_decay)
    warmup = round(0.06 * total)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: step / warmup if step < warmup else max(0.0, (total - step) / (total - warmup))
    )
    average = Average(net, 0.998)
    state_file, first = args.work / "state.pt", 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        net.load_state_dict(state["net"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        average.values, average.steps, first = state["average"], state["average_steps"], state["epoch"]
        print(f"going on after epoch {first}", flush=True)

    log = open(args.work / "log.jsonl", "a")
    for epoch in range(first, args.epochs):
        draw = random.Random(args.seed * 1000 + epoch)
        torch.manual_seed(args.seed * 1000 + epoch)
        augment = data.Augmenter(news + politics, args.seed * 1000 + epoch)
        examples = []
        for sentence in sentences:
            text, spans = augment(sentence).text()
            encoded = encode_text(tokenizer, text)
            examples.append((encoded, entity_labels(encoded, spans)))
        entity_batches = batches(examples, lambda e: len(e[0]["ids"]), args.budget, draw)
        length = lambda e: len(e[0]["ids"])  # noqa: E731
        stance_batches = batches(stance_examples, length, args.budget, draw)
        share = args.stance_epochs / args.epochs * len(stance_batches) / len(entity_batches)
        started, losses, credit, done = time.time(), [0.0, 0.0], 0.0, 0
        net.train()
        for step, batch in enumerate(entity_batches):
            credit += share
            with torch.autocast("cpu", torch.bfloat16):
                loss = entity_loss(net, batch)
            losses[0] += loss.item()
            loss.backward()
            while credit >= 1 and done < len(stance_batches):
                credit, done = credit - 1, done + 1
                with torch.autocast("cpu", torch.bfloat16):
                    logits, stances = stance_logits(net, stance_batches[done - 1], hidden=0.08)
                loss = functional.cross_entropy(logits, stances, label_smoothing=0.1)
                losses[1] += loss.item()
                loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            schedule.step()
            average.update(net)
            if (step + 1) % 25 == 0:
                seconds = (time.time() - started) / (step + 1)
                print(f"epoch {epoch + 1} step {step + 1}/{len(entity_batches)} {seconds:.2f} s/step "
                      f"entity loss {losses[0] / (step + 1):.4f} stance loss {losses[1] / max(done, 1):.4f}", flush=True)
            if args.steps and step + 1 >= args.steps:
                return
        kept = {name: value.clone() for name, value in net.state_dict().items()}
        net.load_state_dict(average.values)
        scores = {name: entity_f1(net, tokenizer, sentences_) for name, sentences_ in dev.items()}
        scores["newsmtsc"] = stance_f1(net, tokenizer, dev_judged)
        line = dict(epoch=epoch + 1, seconds=round(time.time() - started), entity_loss=losses[0] / len(entity_batches),
                    stance_loss=losses[1] / max(done, 1), dev=scores)
        print(json.dumps(line), flush=True)
        log.write(json.dumps(line) + "\n")
        log.flush()
        net.load_state_dict(kept)
        state = dict(net=kept, average=average.values, average_steps=average.steps, optimizer=optimizer.state_dict(),
                     schedule=schedule.state_dict(), epoch=epoch + 1)
        torch.save(state, state_file.with_suffix(".tmp"))
        state_file.with_suffix(".tmp").replace(state_file)


if __name__ == "__main__":
    main()

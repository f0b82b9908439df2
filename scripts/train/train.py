"""Fine-tunes the shared encoder with its heads: `python train.py --data ../../../shared/data --work DIR`.

One run, one encoder pass: a batch holds sentences of like length from all sets, and each head learns from
those its set labels. How often each set is read is in `PASSES`. Dev scores are taken after every epoch on an
exponential moving average of the weights, which is what is kept. A run that was stopped goes on from its last
checkpoint (every few minutes) when started again with the same arguments.

On a machine that others use, too, `--minutes` bounds the run by the clock: what is left of the schedule when it is
started is then gone through in that time or with the batches read, whichever is further.
"""

import argparse
import json
import os
import pathlib
import random
import sys
import time

import torch
from torch.nn import functional

import data
import export
import model
import packs
import positions
import scores
import teach
import text
import vectors

# How often each set is read in the whole run.
PASSES = {
    "conll2003": 2.5, "worldwide": 3.0, "politics": 6.0, "names": 3.0, "newsmtsc": 3.5, "dse": 2.5, "persent": 0.8, "polnear": 1.2,
    "positions": 2.0, "contrasts": 4.0,
}  # fmt: skip
# Sets of names: a base encoder of small letters needs more readings of them than of the others.
NAMES = ["conll2003", "worldwide", "politics", "names"]
# Sets whose sentences keep the vectors that the base encoder gives them; those with names are rewritten.
VECTORS = ["newsmtsc", "positions"]
# What an item of each task weighs, in the mean over the items of an average batch.
WEIGHTS = {"names": 1.5, "stance": 1.0, "directed": 1.0, "position": 1.0, "paragraph": 0.3, "attribution": 1.0, "sentence": 3.0}
# What each label weighs: seven of ten pairs of directed sentiment, and two of three positions, are neutral, and macro-F1 counts
# the three alike.
STANCE_WEIGHTS = {
    "stance": torch.ones(3), "directed": torch.tensor([1.4, 0.75, 1.7]),
    "position": torch.tensor([1.3, 0.78, 1.8]), "paragraph": torch.ones(3),
}  # fmt: skip
SMOOTHING = {"stance": 0.1, "directed": 0.05, "position": 0.05, "paragraph": 0.1}
HIDDEN = 0.05  # share of words hidden in training
# Dev sets that are long are measured on each n-th sentence during the run; cleanconll repeats conll2003.
EVERY = {"conll2003": 3, "cleanconll": 0, "worldwide": 2, "politics": 2, "names": 2, "positions": 2, "persent": 3, "polnear": 4}


def read_sets(folder: pathlib.Path) -> dict[str, list]:
    """name → sentences to train on: `Tagged` where names are learned (and rewritten), else `Example`."""
    judged = data.read_stance(folder / "newsmtsc/train.jsonl")
    held = {example.text for example in data.read_stance(folder / "newsmtsc/dev.jsonl")}
    directed = data.read_directed(folder / "dse/train.jsonl")
    held |= {example.text for example in data.read_directed(folder / "dse/dev.jsonl")}
    return {
        "conll2003": data.read_entities(folder / "conll2003/train.txt"),
        "worldwide": data.read_entities(folder / "worldwide/train.txt"),
        "politics": data.read_entities(folder / "politics/train.txt"),
        "newsmtsc": [example for example in judged if example.text not in held],
        "dse": [example for example in directed if example.text not in held],
        "persent": data.read_persons(folder, held_out=False),
        "polnear": data.read_quotes(folder / "polnear/train.jsonl"),
        "names": data.read_names(folder, held_out=False),
        "positions": positions.read_examples(folder, held_out=False),
        "contrasts": positions.read_contrasts(held_out=False),
    }


def share_of(examples: list, name: str, passes: float, epoch: int, epochs: int, seed: int) -> list:
    """The part of a set that an epoch reads, when the whole run reads it `passes` times, each time in another order."""
    total = round(len(examples) * passes)
    first, last = total * epoch // epochs, total * (epoch + 1) // epochs
    picked = []
    for turn in range(first // len(examples), -(-last // len(examples))):
        order = list(range(len(examples)))
        random.Random(f"{seed} {name} {turn}").shuffle(order)
        begin = max(first - turn * len(examples), 0)
        picked += order[begin : last - turn * len(examples)]
    return [examples[i] for i in picked]


def epoch_batches(sets: dict, passes: dict, tokenizer, epoch: int, args) -> list[list]:
    """The batches of an epoch; names and judged mentions are rewritten anew in each."""
    seed = args.seed * 1000 + epoch
    tagged = [s for examples in sets.values() for s in examples if isinstance(s, data.Tagged)]
    augment = data.Augmenter(tagged, seed)
    exchange = data.MentionExchange(sets["newsmtsc"], seed)
    found = []
    for name, examples in sets.items():
        for example in share_of(examples, name, passes[name], epoch, args.epochs, args.seed):
            if isinstance(example, data.Tagged):
                example = data.tagged_example(name, augment(example))
            elif name == "newsmtsc":
                example = exchange(example)
            found.append((text.encode(tokenizer, example.text), example))
    return text.batches(found, lambda e: len(e[0]["ids"]), args.budget, random.Random(seed))


def has_words(example: data.Example, kind: str) -> bool:
    """Whether the words of an example have labels of a kind, "names" or "quotes", from people or from a larger net."""
    return getattr(example, kind) is not None or kind in example.taught


def item_counts(batches: list[list]) -> dict[str, float]:
    """Items of each task in an average batch: words for names and attribution, mentions or pairs for stances."""
    counts = dict.fromkeys(WEIGHTS, 0.0)
    for batch in batches:
        for encoded, example in batch:
            words = len(encoded["ids"]) * 0.8
            counts["names"] += words * has_words(example, "names")
            counts["sentence"] += example.vector is not None
            counts["attribution"] += words * len(data.QUOTE_PARTS) * has_words(example, "quotes")
            for task in SMOOTHING:
                counts[task] += len(getattr(example, task)) * example.weight
    return {task: max(count / len(batches), 1.0) for task, count in counts.items()}


def losses_of(net, batch: list[tuple[dict, data.Example]]) -> dict[str, torch.Tensor]:
    """The sum of each task's losses over a batch."""
    encoded = [e for e, _ in batch]
    ids, mask, case = text.inputs(encoded)
    judged = {task: found for task in SMOOTHING if (found := text.judged(batch, task))}
    keep = text.pad([[int(word is None) for word in e["words"]] for e in encoded], 1)
    for found in judged.values():
        for mentions in found.mentions:
            keep.index_add_(0, found.rows, mentions)
    states = net.encode(text.hide(ids, mask, keep, HIDDEN, net.mask_id), mask, case)
    losses, width = {}, ids.shape[1]
    rows = [i for i, (_, example) in enumerate(batch) if has_words(example, "names")]
    if rows:
        targets = text.stacked([text.name_targets(*batch[i]) for i in rows], width)
        losses["names"] = summed(net.entities(net.dropout(states[rows])).float(), targets)
    rows = [i for i, (_, example) in enumerate(batch) if has_words(example, "quotes")]
    if rows:
        targets = text.stacked([text.quote_targets(*batch[i]) for i in rows], width)
        losses["attribution"] = summed(text.attribution_logits(net, net.dropout(states[rows])), targets)
    rows = [i for i, (_, example) in enumerate(batch) if example.vector is not None]
    if rows:
        wanted = torch.stack([batch[i][1].vector for i in rows])
        near = functional.cosine_similarity(net.sentence_vectors(states[rows], mask[rows]).float(), wanted, dim=-1)
        losses["sentence"] = (1 - near).sum()
    for task, found in judged.items():
        logits = text.stance_logits(net, task, states, mask, found)
        each = functional.cross_entropy(logits, found.stances, label_smoothing=SMOOTHING[task], reduction="none")
        losses[task] = (each * found.weights * (found.stances @ STANCE_WEIGHTS[task])).sum()
    return losses


def summed(logits, targets):
    """logits and targets (…, labels), the latter probabilities → the sum of the cross-entropies."""
    return -(logits.log_softmax(-1) * targets).sum()


class Average:
    """Exponential moving average of the weights, with a warm-up so that early steps do not linger."""

    EACH = 4  # steps between two updates, which cost a pass over all weights

    def __init__(self, net, decay: float):
        self.decay, self.steps = decay**self.EACH, 0
        self.values = {name: value.clone() for name, value in learned(net).items()}

    @torch.no_grad()
    def update(self, net):
        self.steps += 1
        if self.steps % self.EACH:
            return
        updates = self.steps // self.EACH
        decay = min(self.decay, updates / (updates + 10))
        for name, value in learned(net).items():
            self.values[name].lerp_(value, 1 - decay)


def learned(net) -> dict[str, torch.Tensor]:
    """The weights that training changes; a pack with low-rank updates leaves most of its encoder as it was."""
    return {name: value.detach() for name, value in net.named_parameters() if value.requires_grad}


def optimizer_for(net, rate: float, head_rate: float, decay_per_layer: float):
    groups: dict[tuple, list] = {}
    for name, parameter in net.named_parameters():
        speed = head_rate
        if name.startswith(f"{net.family}.encoder.layer."):
            speed = rate * decay_per_layer ** (11 - int(name.split(".")[3]))
        elif name.startswith(f"{net.family}."):
            speed = rate * decay_per_layer**12
        if "token_type" in name:
            speed = head_rate
        if not parameter.requires_grad:
            continue
        weight_decay = 0.0 if name.endswith("bias") or "LayerNorm" in name else 0.01
        groups.setdefault((speed, weight_decay), []).append(parameter)
    return torch.optim.AdamW([dict(params=p, lr=speed, peak=speed, weight_decay=decay) for (speed, decay), p in groups.items()], fused=True)


def set_rate(optimizer, progress: float, warmup: float = 0.05) -> None:
    """Linear rise to each group's rate in the first part of the run, then linear fall to zero."""
    part = progress / warmup if progress < warmup else max(0.0, (1 - progress) / (1 - warmup))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * max(part, 1e-3)


class Run:
    """A training run that can be stopped and go on: what a checkpoint holds, and the loop."""

    def __init__(self, net, tokenizer, sets, passes, dev, args):
        self.net, self.tokenizer, self.sets, self.passes, self.dev, self.args = net, tokenizer, sets, passes, dev, args
        self.optimizer = optimizer_for(net, args.rate, args.head_rate, args.layer_decay)
        self.average = Average(net, 0.995)
        self.epoch = self.step = self.seconds = self.tokens = 0
        self.started, self.begun = time.time(), 0.0  # and the progress then
        self.sums: dict[str, float] = {}
        self.file = args.work / "state.pt"

    def load(self):
        if not self.file.exists():
            return
        state = torch.load(self.file, weights_only=True)
        self.net.load_state_dict(state["net"], strict=False)
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.values, self.average.steps = state["average"], state["average_steps"]
        self.epoch, self.step, self.seconds, self.tokens = (state[k] for k in ("epoch", "step", "seconds", "tokens"))
        self.begun = state.get("progress", 0.0)
        print(f"going on in epoch {self.epoch + 1} after {self.step} batches", flush=True)

    def save(self, progress: float):
        state = dict(net=learned(self.net), average=self.average.values, average_steps=self.average.steps,
                     optimizer=self.optimizer.state_dict(), epoch=self.epoch, step=self.step, seconds=self.seconds,
                     tokens=self.tokens, progress=progress)  # fmt: skip
        torch.save(state, self.file.with_suffix(".tmp"))
        os.replace(self.file.with_suffix(".tmp"), self.file)

    def progress(self, batches: int) -> float:
        read = (self.epoch + self.step / batches) / self.args.epochs
        passed = (time.time() - self.started) / 60 / self.args.minutes if self.args.minutes else 0.0
        return min(1.0, max(read, self.begun + (1 - self.begun) * passed))

    def log(self, line: dict):
        print(json.dumps(line), flush=True)
        with open(self.args.work / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")

    def measure(self, batches: int):
        """Dev scores of the averaged weights."""
        started = time.time()
        kept = {name: value.clone() for name, value in learned(self.net).items()}
        self.net.load_state_dict(self.average.values, strict=False)
        found = scores.dev_scores(self.net, self.tokenizer, self.dev, EVERY, bf16=model.HAS_BF16)
        self.net.load_state_dict(kept, strict=False)
        self.net.train()
        self.log(dict(epoch=self.epoch + 1, batches=self.step, of=batches, seconds=round(self.seconds), tokens=self.tokens,
                      losses=self.sums, dev=found, dev_seconds=round(time.time() - started)))  # fmt: skip

    def learn(self, batch, counts: dict, progress: float):
        set_rate(self.optimizer, progress)
        torch.manual_seed(self.args.seed * 1_000_000 + self.epoch * 100_000 + self.step)
        with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
            losses = losses_of(self.net, batch)
        sum(WEIGHTS[task] / counts[task] * loss for task, loss in losses.items()).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.average.update(self.net)
        for task, loss in losses.items():
            # A mean over the last hundred batches or so.
            before = self.sums.get(task, loss.item() / counts[task])
            self.sums[task] = 0.99 * before + 0.01 * loss.item() / counts[task]

    def report(self, batches: int, progress: float) -> None:
        losses = " ".join(f"{task} {loss:.4f}" for task, loss in self.sums.items())
        print(f"epoch {self.epoch + 1} batch {self.step}/{batches} progress {progress:.3f} "
              f"{self.tokens / self.seconds:.0f} tokens/s {losses}", flush=True)  # fmt: skip

    def read_batch(self, batch: list, counts: dict, progress: float) -> None:
        """One step, and its part in the counts of the run."""
        started = time.time()
        self.learn(batch, counts, progress)
        self.step += 1
        self.tokens += sum(len(e["ids"]) for e, _ in batch)
        self.seconds += time.time() - started

    def go(self) -> None:
        """Reads the epochs that are left, or `--steps` batches."""
        self.net.train()
        saved = time.time()
        while self.epoch < self.args.epochs:
            batches = epoch_batches(self.sets, self.passes, self.tokenizer, self.epoch, self.args)
            counts = item_counts(batches)
            while self.step < len(batches) and (progress := self.progress(len(batches))) < 1:
                self.read_batch(batches[self.step], counts, progress)
                if self.step % 50 == 0 or self.step == self.args.steps:
                    self.report(len(batches), progress)
                if self.args.steps and self.step >= self.args.steps:
                    self.save(progress)
                    return
                if time.time() - saved > 60 * self.args.save_minutes:
                    self.save(progress)
                    saved = time.time()
            progress = self.progress(len(batches))
            self.measure(len(batches))
            self.epoch, self.step = (self.args.epochs if progress >= 1 else self.epoch + 1), 0
            self.save(progress)


def fill(net, pack: pathlib.Path) -> None:
    """Copies the weights of a pack into a net; heads that the pack lacks stay as they are."""
    _, surplus = net.load_state_dict(export.weights_of(pack), strict=False)
    if surplus := [name for name in surplus if not name.startswith(model.TRAINED_AFTER)]:
        sys.exit(f"{pack}: has {surplus}, which the net lacks")


def arguments() -> argparse.Namespace:
    """Those of the command line; what is not given is taken from the pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with conll2003/, newsmtsc/, …")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="where the base encoder is kept")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where checkpoints and the log go")
    parser.add_argument("--start", type=pathlib.Path, help="a pack whose weights to go on from, in place of the base encoder")
    parser.add_argument("--pack", choices=packs.PACKS, default="compact")
    parser.add_argument("--taught", type=pathlib.Path, help="folder with the answers of a larger net, from teach.py")
    parser.add_argument("--epochs", type=int, help="parts of the run, with dev scores after each")
    parser.add_argument("--minutes", type=float, default=0, help="end so many minutes after this start (0: no bound)")
    parser.add_argument("--passes", type=float, default=1, help="factor on how often each set is read")
    parser.add_argument("--names-passes", type=float, default=1, help="a further factor for the sets of names")
    parser.add_argument("--rate", type=float)
    parser.add_argument("--head-rate", type=float)
    parser.add_argument("--layer-decay", type=float, default=0.9)
    parser.add_argument("--dropout", type=float, default=0.1, help="inside the encoder")
    parser.add_argument("--budget", type=int, help="tokens per batch")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=0, help="stop after so many batches (a trial of speed)")
    args = parser.parse_args()
    for name in ("epochs", "rate", "head_rate", "budget"):
        if getattr(args, name) is None:
            setattr(args, name, getattr(packs.PACKS[args.pack], name))
    return args


def build_net(args: argparse.Namespace) -> tuple:
    """The net and its tokenizer, with the weights to start from."""
    net, tokenizer = packs.build(args.pack, args.cache, args.dropout)
    if args.start:
        fill(net, args.start)
    return net, tokenizer


def prepare_sets(args: argparse.Namespace) -> tuple[dict[str, list], dict[str, float]]:
    """name → sentences to train on, and how often each set is read; with the vectors that sentences keep."""
    sets = read_sets(args.data)
    passes = {name: times * args.passes * (args.names_passes if name in NAMES else 1) for name, times in PASSES.items()}
    print(", ".join(f"{name} {len(examples)}" for name, examples in sets.items()), flush=True)
    if args.taught:
        sets["taught"], passes["taught"] = teach.read(args.taught), 1.0
    vectors.give(args.pack, args.cache, args.work, [example for name in VECTORS for example in sets[name]])
    return sets, passes


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    net, tokenizer = build_net(args)
    sets, passes = prepare_sets(args)
    run = Run(net, tokenizer, sets, passes, scores.dev_sets(args.data), args)
    run.load()
    run.go()


if __name__ == "__main__":
    main()

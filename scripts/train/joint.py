"""Trains what reads two sentences together and tells whether they state the same: `joint.py --data DIR --pack ../../models/compact`.

A *joint reading* puts two sentences into one input of the encoder, `[CLS] a [SEP] b [SEP]`, so that its attention compares
them word by word (a cross-encoder, Reimers and Gurevych 2019). The encoder of the pack stands still: what is learned are
updates of low rank to the linear layers of its upper layers (Hu et al. 2021), and a head over the state of `[CLS]`. So the pack's
other answers stay as they are, and the file is small. Three questions are learned at a time, each with an output of its own:

* `paraphrase`: four fifths of MSRP's training part; the last fifth is for `same.py`;
* `fact`: pairs of sentences of articles of one event (`allsides_full`), judged one by one by eval/GUIDE.md, section 6
  (`pairs.json`: for each event places and labels, without the texts). They were drawn from the near pairs of 240 events, more of
  those that words and vectors call probable; language models judged them. None is of an event of `events.json`, or held out for
  the digest;
* `similar`: headlines and other news of the STS shared tasks, how similar they are from 0 to 1.

Written are `joint.safetensors` and its lines in the manifest of the pack.
"""

import argparse
import json
import pathlib
import random
import time

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import average_precision_score, f1_score
from torch.nn import functional

import cased_mpnet
import data
import export
import text
import train

QUESTIONS = ["paraphrase", "fact", "similar"]
RANK = 16
RATE = 5e-4
BUDGET = 1536  # tokens of a batch
TYPICAL = 24  # pairs of a batch; the loss of a batch is its sum over this
LONGEST = 254  # word pieces of a sentence; as in src/reader/joint.rs
PAIRS = pathlib.Path(__file__).with_name("pairs.json")
# Not those that share sentences with MSRP.
STS = ["2013-headlines", "2014-headlines", "2015-headlines", "2016-headlines", "2014-deft-news", "2012-SMTnews"]
# One MSRP pair in so many is not learned from.
KEPT_OF_MSRP = 5


class JointHead(torch.nn.Module):
    """(n, hidden) states of `[CLS]` → (n, 3) logits of the questions."""

    def __init__(self, hidden: int):
        super().__init__()
        self.hidden = torch.nn.Linear(hidden, hidden)
        self.out = torch.nn.Linear(hidden, len(QUESTIONS))
        self.dropout = torch.nn.Dropout(0.1)

    def forward(self, states):
        return self.out(self.dropout(torch.tanh(self.hidden(self.dropout(states)))))


def layers_of(net) -> list:
    return getattr(net, net.family).encoder.layer


def load(folder: pathlib.Path):
    """The encoder of a pack with its updates, the head, and the tokenizer, in float32."""
    net, tokenizer = export.load(folder)
    tensors = {name: value.float() for name, value in load_file(folder / export.JOINT).items()}
    numbers = {int(name.split(".")[3]) for name in tensors if name.endswith(".up")}
    rank = next(value for name, value in tensors.items() if name.endswith(".down")).shape[0]
    for layer in layers_of(net)[min(numbers) :]:
        cased_mpnet.put_updates(layer, rank)
    head = JointHead(net.size)
    head.load_state_dict({name.removeprefix("joint."): tensors.pop(name) for name in list(tensors) if name.startswith("joint.")})
    _, surplus = net.load_state_dict(tensors, strict=False)
    assert not surplus, surplus
    return net.eval(), head.eval(), tokenizer


def joined(tokenizer, a: str, b: str) -> dict:
    """Two sentences as one input."""
    parts, special = [text.encode(tokenizer, one) for one in (a, b)], text.encode(tokenizer, "")
    found: dict[str, list] = {}
    for key in ("ids", "case"):
        (start, end), (first, second) = special[key], (part[key][1:-1] for part in parts)
        found[key] = [start, *first[:LONGEST], end, *second[: LONGEST - 1], end]
    return found


def of_msrp(folder: pathlib.Path, held_out: bool) -> list[tuple]:
    """(a, b, question, answer) of MSRP's training part: what is learned from, or what is not."""
    rows = data.rows(folder / "msrp/train.jsonl")
    return [(row["a"], row["b"], 0, float(row["same"])) for n, row in enumerate(rows) if (n % KEPT_OF_MSRP == 0) == held_out]


def of_events(folder: pathlib.Path) -> list[tuple]:
    """Judged pairs of sentences of one event."""
    articles = {row["id"]: row["articles"] for row in data.rows(folder / "allsides_full/train.jsonl")}
    found = []
    for event, judged in json.loads(PAIRS.read_text()).items():
        # A trial reads the first events only.
        for *places, same in judged if event in articles else []:
            texts = [" ".join(articles[event][n]["text"][start:end].split()) for n, start, end in places]
            found.append((*texts, 1, float(same)))
    return found


def of_sts(folder: pathlib.Path) -> list[tuple]:
    return [(row["a"], row["b"], 2, row["score"] / 5) for name in STS for row in data.rows(folder / f"sts_news/{name}.jsonl")]


def encoded(tokenizer, pairs: list[tuple], draw: random.Random) -> list[tuple]:
    """(input, question, answer); the order of the two sentences is drawn."""
    found = []
    for a, b, question, answer in pairs:
        if draw.random() < 0.5:
            a, b = b, a
        found.append((joined(tokenizer, a, b), question, answer))
    return found


@torch.no_grad()
def logits_of(net, head: JointHead, tokenizer, pairs: list[tuple[str, str]]) -> torch.Tensor:
    """(pairs, questions); the shorter sentence comes first, as in `src/reader/joint.rs`."""
    found = torch.zeros(len(pairs), len(QUESTIONS))
    ordered = [sorted(pair, key=lambda one: (len(one), one)) for pair in pairs]
    each = [(joined(tokenizer, *pair), number) for number, pair in enumerate(ordered)]
    for batch in text.batches(each, lambda e: len(e[0]["ids"])):
        ids, mask, case = text.inputs([one for one, _ in batch])
        found[[number for _, number in batch]] = head(net.encode(ids, mask, case)[:, 0]).float()
    return found


def measure(net, head: JointHead, tokenizer, folder: pathlib.Path) -> dict:
    """How well the part of MSRP that was not learned from is told."""
    pairs = of_msrp(folder, held_out=True)
    logits = logits_of(net, head, tokenizer, [pair[:2] for pair in pairs])[:, 0].numpy()
    truth = [pair[3] for pair in pairs]
    return dict(pairs=len(pairs), f1=float(f1_score(truth, logits >= 0)), average_precision=float(average_precision_score(truth, logits)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True, help="the folder of an exported pack")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=16)
    args = parser.parse_args()
    torch.manual_seed(args.seed)

    net, tokenizer = export.load(args.pack)
    net.requires_grad_(False)
    # Fused attention is slow backward on a CPU; without dropout in the encoder a step takes a fifth less time.
    getattr(net, net.family).set_attn_implementation("eager")
    updates: list[torch.nn.Parameter] = []
    layers = layers_of(net)
    # The lower third stands still.
    for layer in layers[len(layers) // 3 :]:
        updates += [factor for update in cased_mpnet.put_updates(layer, RANK) for factor in (update.down, update.up)]
    head = JointHead(net.size)
    learned = of_msrp(args.data, held_out=False) + of_sts(args.data) + of_events(args.data)
    optimizer = torch.optim.AdamW([dict(params=[*updates, *head.parameters()], peak=RATE)], weight_decay=0.01)
    draw = random.Random(args.seed)
    started = time.time()
    epochs = [text.batches(encoded(tokenizer, learned, draw), lambda e: len(e[0]["ids"]), BUDGET, draw) for _ in range(args.epochs)]
    batches = [batch for epoch in epochs for batch in epoch]
    for step, batch in enumerate(batches):
        train.set_rate(optimizer, step / len(batches), warmup=0.06)
        ids, mask, case = text.inputs([one for one, _, _ in batch])
        questions, answers = (torch.tensor(values) for values in zip(*(row[1:] for row in batch)))
        logits = head(net.encode(ids, mask, case)[:, 0]).gather(1, questions.unsqueeze(1)).squeeze(1)
        loss = functional.binary_cross_entropy_with_logits(logits, answers, reduction="sum") / TYPICAL
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(updates, 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"{step} of {len(batches)} batches, {time.time() - started:.0f} s", flush=True)
    print(json.dumps(measure(net, head.eval(), tokenizer, args.data)), flush=True)
    tensors = {f"joint.{name}": value for name, value in head.state_dict().items()}
    tensors |= {name: value for name, value in net.named_parameters() if name.endswith((".up", ".down"))}
    save_file({name: value.detach().half().contiguous() for name, value in sorted(tensors.items())}, args.pack / export.JOINT)
    export.list_files(args.pack)


if __name__ == "__main__":
    main()

"""Trains what tells positions, for a finished pack: `position.py --data DIR --pack ../../models/compact`.

A *position* is what a sentence says for or against a target, whoever is told to say so (eval/GUIDE.md, section 4): an angry
sentence about those who hinder a plan is in favor of the plan. The head `stance` learned something else from NewsMTSC, the tone
towards a person or an organisation. Learned are a head of the same architecture, on the encoder as it stands, and a regression
from the sentences of an article to its overall position (`article.py` has the features).

The labels are in `positions.json`: for each article, by set and id, targets with the words that mention them, the places and
labels of the sentences that do, and the overall label; labels are indices of `data.STANCES`. No texts. Language models read the
articles and labelled them one by one under section 4 of the guide. Only the first 28 sentences of an article were read, and none
mentions Mali. One article in five, by a hash of its name, is held out.

Written are `position.safetensors` and its lines in the manifest of the pack.
"""

import argparse
import copy
import csv
import hashlib
import json
import pathlib
import random
import re
from dataclasses import dataclass

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import accuracy_score, f1_score
from torch.nn import functional

import article
import data
import export
import model
import text
import train

LABELS = pathlib.Path(__file__).with_name("positions.json")
HELD_OUT = 5  # one article in so many
READ = 28  # sentences of an article that were read
EPOCHS = 4
RATE = 5e-4
BUDGET = 1024  # tokens of a batch
# Two of three labels are neutral; each counts by this power of one over its share.
BALANCE = 0.5
# The features of an article that the regression learns from come from a head that did not learn from that article.
FOLDS = 3


@dataclass
class Judged:
    """A target in an article: the encoded sentences that mention it, with their labels."""

    document: article.Document
    kind: str
    # (number of the sentence, its input, its mentions as an example of `stance`)
    sentences: list[tuple[int, dict, data.Example]]


def texts_of(folder: pathlib.Path) -> dict[str, str]:
    """ "set id" → text, of all sets that the labels are of. An article of an event of AllSides is called by its number."""
    found: dict[str, str] = {}
    for event in data.rows(folder / "allsides_full/train.jsonl"):
        found |= {f"allsides_full {event['id']}/{n}": one["text"] for n, one in enumerate(event["articles"])}
    for name in ("cnndm_extra", "polnear", "inshorts"):
        found |= {f"{name} {row['id']}": row["text"] for row in data.rows(folder / name / "train.jsonl")}
    csv.field_size_limit(1 << 30)
    with open(folder / "fnc1/train_bodies.csv", encoding="utf-8", newline="") as file:
        found |= {f"fnc1 {row['Body ID']}": row["articleBody"] for row in csv.DictReader(file)}
    return found


def pattern_of(aliases: list[str]) -> re.Pattern:
    """Whole words; an alias with a capital is found as it is written, another one in any case."""
    ordered = sorted(aliases, key=len, reverse=True)
    each = [re.escape(alias) if alias.lower() != alias else f"(?i:{re.escape(alias)})" for alias in ordered]
    return data.whole_words(each)


def read(folder: pathlib.Path, tokenizer, held_out: bool) -> list[Judged]:
    texts, found = texts_of(folder), []
    for name, targets in json.loads(LABELS.read_text(encoding="utf-8")).items():
        # A trial reads the first rows of most sets only.
        if data.is_held_out(name, one_in=HELD_OUT) != held_out or name not in texts:
            continue
        spans = data.sentences(texts[name])[:READ]
        number = {start: n for n, (start, _) in enumerate(spans)}
        for target in targets:
            pattern = pattern_of(target["aliases"])
            sentences = []
            for start, end, label in target["sentences"]:
                sentence = texts[name][start:end]
                mentions = [(*match.span(), label) for match in pattern.finditer(sentence)]
                example = data.Example("positions", sentence, stance=mentions, weight=1 / max(len(mentions), 1))
                encoded = text.encode(tokenizer, sentence)
                if text.judged([(encoded, example)], "stance"):
                    sentences.append((number[start], encoded, example))
            if sentences:
                document = article.Document(name, target["overall"], len(spans), [])
                found.append(Judged(document, target["kind"], sentences))
    return found


@torch.no_grad()
def encode(net, targets: list[Judged]) -> dict[str, torch.Tensor]:
    """The token vectors (tokens, hidden) of each sentence, in half precision: the encoder is not changed, so once is enough."""
    inputs = {example.text: encoded for target in targets for _, encoded, example in target.sentences}
    states: dict[str, torch.Tensor] = {}
    for batch in text.batches(list(inputs.items()), lambda e: len(e[1]["ids"])):
        found = net.encode(*text.inputs([encoded for _, encoded in batch]))
        states |= {name: found[row, : len(encoded["ids"])].half() for row, (name, encoded) in enumerate(batch)}
    return states


def logits_of(head, states: dict, batch: list[tuple[dict, data.Example]]):
    """Logits (items, 3) of the mentions of a batch, and the items."""
    rows = [states[example.text].float() for _, example in batch]
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    mask = text.pad([[1] * len(row) for row in rows])
    found = text.judged(batch, "stance")
    assert found is not None
    return head(padded[found.rows], mask[found.rows], *found.mentions), found


def learn(start, states: dict, targets: list[Judged], seed: int):
    """A head that begins as `start` and learns from the sentences of the targets."""
    torch.manual_seed(seed)
    head, draw = copy.deepcopy(start).train(), random.Random(seed)
    examples = [(encoded, example) for target in targets for _, encoded, example in target.sentences]
    balance = article.label_weights(torch.tensor([example.stance[0][2] for _, example in examples]), BALANCE)
    optimizer = torch.optim.AdamW([dict(params=head.parameters(), peak=RATE)], weight_decay=0.1)
    steps = [batch for _ in range(EPOCHS) for batch in text.batches(examples, lambda e: len(e[0]["ids"]), BUDGET, draw)]
    for step, batch in enumerate(steps):
        train.set_rate(optimizer, step / len(steps))
        logits, found = logits_of(head, states, batch)
        each = functional.cross_entropy(logits, found.stances, label_smoothing=0.05, reduction="none")
        weights = found.weights * (found.stances @ balance)
        optimizer.zero_grad()
        ((each * weights).sum() / found.weights.sum()).backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
    return head.eval()


@torch.no_grad()
def judge(head, states: dict, targets: list[Judged]) -> list[article.Document]:
    """The documents with what the head says of their sentences: means over the mentions."""
    documents = [article.Document(t.document.id, t.document.gold, t.document.sentences, []) for t in targets]
    each = zip(targets, documents)
    flat = [(encoded, example, document, number) for t, document in each for number, encoded, example in t.sentences]
    article.add_judged(flat, lambda examples: logits_of(head, states, examples))
    return documents


def scores_of(head, parameters: dict, states: dict, targets: list[Judged]) -> dict:
    """Of sentences, and of articles: macro-F1, accuracy, how many, and for articles the calibration error."""
    documents = judge(head, states, targets)
    found = [p.index(max(p)) for document in documents for _, p, _ in document.judged]
    gold = [example.stance[0][2] for target in targets for _, _, example in sorted(target.sentences, key=lambda s: s[0])]
    sentences = dict(macro_f1=float(f1_score(gold, found, average="macro")), accuracy=float(accuracy_score(gold, found)), items=len(gold))
    return dict(sentences=sentences, articles=article.scores_of(article.probabilities(parameters, documents), documents))


def but_persons(targets: list[Judged]) -> list[Judged]:
    """Those of which `src/analyzer/stances.rs` asks positions; of persons it asks the tone."""
    return [target for target in targets if target.kind != "person"]


def load(net, folder: pathlib.Path):
    """The head and the regression of a pack."""
    tensors = {name.removeprefix("position."): value.float() for name, value in load_file(folder / export.POSITION).items()}
    parameters = {name.removeprefix("article."): tensors.pop(name) for name in list(tensors) if name.startswith("article.")}
    head = model.StanceHead(net.size, 0.0)
    head.load_state_dict(tensors)
    return head.eval(), parameters


def measure(net, tokenizer, folder: pathlib.Path, pack: pathlib.Path) -> dict[str, dict]:
    """The scores on held-out articles, targets that are no persons: of the position, and of the tone for comparison."""
    targets = but_persons(read(folder, tokenizer, held_out=True))
    states = encode(net, targets)
    head, parameters = load(net, pack)
    return dict(position=scores_of(head, parameters, states, targets), tone=scores_of(net.stance, net.article, states, targets))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True, help="the folder of an exported pack")
    parser.add_argument("--seed", type=int, default=14)
    args = parser.parse_args()

    net, tokenizer = export.load(args.pack)
    targets = read(args.data, tokenizer, held_out=False)
    states = encode(net, targets)
    print(f"{len(targets)} targets, {sum(len(target.sentences) for target in targets)} sentences", flush=True)
    documents = []
    for fold in range(FOLDS):
        inside = [int(hashlib.md5(target.document.id.encode()).hexdigest(), 16) % FOLDS == fold for target in targets]
        head = learn(net.stance, states, [t for t, own in zip(targets, inside) if not own], args.seed)
        documents += judge(head, states, but_persons([t for t, own in zip(targets, inside) if own]))
    parameters = article.fit(documents, balance=BALANCE)
    head = learn(net.stance, states, targets, args.seed)
    tensors = {f"position.{name}": value for name, value in head.state_dict().items()}
    tensors |= {f"position.article.{name}": value for name, value in parameters.items()}
    save_file({name: value.detach().half().contiguous() for name, value in sorted(tensors.items())}, args.pack / export.POSITION)
    export.list_files(args.pack)
    print(json.dumps(measure(net, tokenizer, args.data, args.pack), indent=1), flush=True)


if __name__ == "__main__":
    main()

"""Wirelens beside what else reads articles with the same weights, and beside the limit of the machine.

    python peers.py --data DATA --work FOLDER [--articles 300] [--repeats 3]

All on the first article bodies of FNC-1, the weights of the bundled pack, and as many threads as there are cores. Each
measurement is a process of its own, for its peak of memory. They take turns, and each number is the median over the
repeats, so that a machine whose pace drifts treats all alike.

Rows of Wirelens are `wirelens batch`: text in, findings out. Rows of an encoder pass are that pass alone, its word
pieces made before; sentences are split by the `sentencex` package, sorted by length and batched under 4,096 tokens.
The pipelines read fewer articles. What each does is said in `passes.py`. bfloat16 is left out on a processor without it.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from batch import bodies, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass
class Row:
    name: str
    precision: str
    articles: list[float] = field(default_factory=list)  # a second
    tokens: list[float] = field(default_factory=list)  # a second
    with_loading: list[float] = field(default_factory=list)  # tokens a second
    peaks: list[int] = field(default_factory=list)  # bytes
    last: dict = field(default_factory=dict)

    def add(self, found: dict, wall: float, peak: int) -> None:
        self.articles.append(found["articles"] / found["seconds"])
        self.tokens.append(found["tokens"] / found["seconds"])
        self.with_loading.append(found["tokens"] / wall)
        self.peaks.append(peak)
        self.last = found

    @property
    def pace(self) -> float:
        return statistics.median(self.tokens)


def wirelens(arguments: argparse.Namespace, precision: str, tasks: str) -> tuple[dict, float, int]:
    work = arguments.work
    output, metrics = work / "analyses.jsonl", work / "metrics.json"
    command = [str(arguments.program), "batch", str(work / "articles.jsonl"), "--restart", "--output", str(output), "--metrics", str(metrics)]
    wall, _, peak = run(command + ["--tasks", tasks, "--precision", precision, "--threads", str(arguments.threads)])
    summary = json.loads(metrics.read_text())
    seen = summary["this_run"]
    if seen["failed"] or seen["articles"] != arguments.articles:
        sys.exit(f"wirelens batch did not read every article: {seen}")
    return {"articles": seen["articles"], "tokens": seen["tokens"], "seconds": summary["seconds"]}, wall, peak


def wirelens_encoder(arguments: argparse.Namespace, precision: str) -> tuple[dict, float, int]:
    """The encoder pass alone (scripts/bench/encoder.rs), which prints JSON with `articles`, `tokens` and `seconds`."""
    command = [str(arguments.encoder), str(arguments.work / "articles.jsonl"), precision, str(arguments.threads)]
    return measured(command, arguments.work)


def peer(arguments: argparse.Namespace, name: str, precision: str) -> tuple[dict, float, int]:
    command = [sys.executable, str(HERE / "passes.py"), str(arguments.work), name, precision, str(arguments.threads)]
    return measured(command, arguments.work)


def measured(command: list[str], work: pathlib.Path) -> tuple[dict, float, int]:
    output = work / "measured.json"
    wall, _, peak = run(command, output)
    return json.loads(output.read_text().splitlines()[-1]), wall, peak


def prepare(arguments: argparse.Namespace) -> None:
    """The articles, and what `passes.py` makes of them and of the pack."""
    arguments.work.mkdir(parents=True, exist_ok=True)
    texts = bodies(arguments.data, 0)[: arguments.articles]
    if len(texts) < arguments.articles:
        sys.exit(f"{arguments.data}/fnc1 has {len(texts)} articles, {arguments.articles} are wanted")
    (arguments.work / "articles.json").write_text(json.dumps(texts), encoding="utf-8")
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]
    (arguments.work / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run([sys.executable, str(HERE / "passes.py"), str(arguments.work), "prepare", str(arguments.pack)])


def contenders(arguments: argparse.Namespace) -> list[tuple[Row, Callable]]:
    every = [
        ("limit: products alone", ["f32", "bf16"], lambda p: peer(arguments, "limit", p)),
        ("Wirelens, all tasks", ["f32", "bf16"], lambda p: wirelens(arguments, p, "summary,entities,stance,quotes")),
        ("Wirelens, encoder alone", ["f32", "bf16"], lambda p: wirelens_encoder(arguments, p)),
        ("transformers, encoder pass", ["f32", "bf16"], lambda p: peer(arguments, "transformers", p)),
        ("ONNX Runtime, encoder pass", ["f32", "int8"], lambda p: peer(arguments, "onnx", p)),
        ("three pipelines", ["f32", "bf16"], lambda p: peer(arguments, "pipelines", p)),
    ]
    usable = {"f32", "int8"} | ({"bf16"} if any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16")) else set())
    every = [(name, [kind for kind in kinds if kind in usable], measure) for name, kinds, measure in every]
    return [(Row(name, precision), lambda measure=measure, p=precision: measure(p)) for name, kinds, measure in every for precision in kinds]


def table(rows: list[Row]) -> None:
    limits = {row.precision: row.pace for row in rows if row.name.startswith("limit")}
    print(f"{'':28} {'':>5} {'tokens/s':>9} {'articles/s':>11} {'tokens/s with loading':>22} {'peak MiB':>9} {'of the limit':>13}")
    for row in rows:
        share = f"{100 * row.pace / limits[row.precision]:.0f} %" if row.precision in limits else ""
        is_limit = row.name.startswith("limit")
        loading = "" if is_limit else f"{statistics.median(row.with_loading):.0f}"
        peak = "" if is_limit else f"{max(row.peaks) / 2**20:.0f}"
        print(f"{row.name:28} {row.precision:>5} {row.pace:>9.0f} {statistics.median(row.articles):>11.2f} {loading:>22} {peak:>9} {share:>13}")


def ratios(rows: list[Row]) -> None:
    """Wirelens with all tasks against each other, at the same precision and best against best."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.name, []).append(row)
    ours = groups.pop("Wirelens, all tasks")
    best = lambda group: max(group, key=lambda row: row.pace)
    for name, group in groups.items():
        if name.startswith("limit"):
            continue
        parts = [f"{mine.precision} {mine.pace / other.pace:.2f}" for mine in ours for other in group if mine.precision == other.precision]
        parts.append(f"best ({best(ours).precision} against {best(group).precision}) {best(ours).pace / best(group).pace:.2f}")
        print(f"Wirelens, all tasks : {name}: {', '.join(parts)}")


def remarks(rows: list[Row]) -> None:
    for row in rows:
        if row.name.startswith("limit"):
            rates = ", ".join(f"{way} {rate / 1e9:.0f}" for way, rate in row.last["rates"].items())
            each = row.last["operations"] / row.last["tokens"] / 1e6
            print(f"products in {row.precision}, GFLOP/s in the last round: {rates}; {each:.1f} million operations a token")
    ours, theirs = (next(row.last["tokens"] for row in rows if row.name.startswith(name)) for name in ("Wirelens", "transformers"))
    print(f"word pieces: Wirelens read {ours}, the peers {theirs} ({100 * (theirs / ours - 1):+.2f} %)")
    for row in rows:
        if row.name == "three pipelines":
            print(f"pipelines in {row.precision}: {row.last['articles']} articles, {row.last['mentions']} mentions judged")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/wirelens")
    parser.add_argument("--encoder", type=pathlib.Path, default=ROOT / "target/release/examples/encoder")
    parser.add_argument("--pack", type=pathlib.Path, default=ROOT / "models/compact")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    print(
        f"{arguments.articles} articles, {arguments.repeats} repeats, {arguments.threads} threads, load {os.getloadavg()[0]:.1f} before", flush=True
    )
    prepare(arguments)
    rows = contenders(arguments)
    for number in range(arguments.repeats):
        for row, measure in rows:
            row.add(*measure())
            print(f"round {number + 1}: {row.name}, {row.precision}: {row.tokens[-1]:.0f} tokens/s", file=sys.stderr, flush=True)
    found = [row for row, _ in rows]
    table(found)
    ratios(found)
    remarks(found)


if __name__ == "__main__":
    main()

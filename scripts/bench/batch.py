#!/usr/bin/env python3
"""Does `wirelens batch` keep its pace and its memory over many articles?

Repeats article bodies of FNC-1 (the first of train_bodies.csv, as many as the smallest size, so that every size has the
same mixture of lengths) to inputs of several sizes, reads each with `wirelens batch`, and prints the peak of memory,
articles and tokens a second, and the processor's seconds for 1,000 articles, which others on the machine disturb less
than the clock; what loading the model costs is taken off those. The first size is read before and after the others,
and they are compared with the mean, as a machine's own pace changes within minutes. Then `wirelens analyze` reads a
folder of as many articles as the first size, for comparison. Standard library only; Linux or macOS.

    python3 scripts/bench/batch.py --data ../shared/data --words 40 --tasks entities
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def bodies(data: Path, words: int) -> list[str]:
    csv.field_size_limit(1 << 30)
    with open(data / "fnc1/train_bodies.csv", encoding="utf-8", newline="") as file:
        texts = [row["articleBody"] for row in csv.DictReader(file)]
    return [" ".join(text.split()[:words]) if words else text for text in texts if text.strip()]


def run(command: list[str], output: Path | None = None) -> tuple[float, float, int]:
    """Seconds by the clock and by the processor, and the peak of memory in bytes."""
    began = time.monotonic()
    with open(output or os.devnull, "wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", "../shared/data")))
    parser.add_argument("--program", default="target/release/wirelens")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 10_000])
    parser.add_argument("--words", type=int, default=0, help="cut each body to so many words; 0 keeps it whole")
    parser.add_argument("--tasks", default="summary,entities,stance")
    parser.add_argument("--output", default="out.jsonl", help="name of the output, which says its kind")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--precision", default="auto")
    parser.add_argument(
        "--batch-tokens",
        type=int,
        help="with few words: so few that windows fill their batches, as "
        "whole articles do; else the peak is that of the fullest window among however many",
    )
    arguments = parser.parse_args()
    texts = bodies(arguments.data, arguments.words)[: min(arguments.sizes)]
    compute = ["--precision", arguments.precision]
    compute += ["--threads", str(arguments.threads)] if arguments.threads else []
    compute += ["--batch-tokens", str(arguments.batch_tokens)] if arguments.batch_tokens else []
    program = str(Path(arguments.program).resolve())
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def batch(size: int) -> dict:
            source, metrics = folder / f"{size}.jsonl", folder / f"{size}.metrics"
            with open(source, "w", encoding="utf-8") as file:
                for number in range(size):
                    file.write(json.dumps({"id": number, "text": texts[number % len(texts)]}) + "\n")
            output = folder / f"{size}-{arguments.output}"
            command = [program, "batch", str(source), "--restart", "--output", str(output), "--metrics", str(metrics)]
            wall, cpu, peak = run(command + ["--tasks", arguments.tasks] + compute)
            seen = json.loads(metrics.read_text())["this_run"]
            assert seen["articles"] == size, seen
            return {
                "wall": wall,
                "cpu": cpu,
                "peak": peak,
                "per_second": seen["articles_per_second"],
                "tokens_per_second": seen["tokens_per_second"],
                "tokens": seen["tokens"],
            }

        load = batch(1)
        print(
            f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before; {len(texts)} bodies, "
            f"{arguments.words or 'all'} words of each; tasks {arguments.tasks}; precision {arguments.precision}"
        )
        print(f"loading: {load['cpu']:.1f} s of processor time, {load['peak'] / 2**20:.0f} MiB")
        print(f"{'articles':>9} {'peak MiB':>9} {'articles/s':>11} {'tokens/s':>9} {'processor s per 1,000':>22}")
        for size in arguments.sizes + arguments.sizes[:1]:
            row = batch(size)
            row["cost"] = (row["cpu"] - load["cpu"]) / size * 1000
            rows.append(row)
            print(
                f"{size:>9} {row['peak'] / 2**20:>9.1f} {row['per_second']:>11.2f} {row['tokens_per_second']:>9.0f} {row['cost']:>22.2f}", flush=True
            )
        largest = max(zip(arguments.sizes, rows), key=lambda pair: pair[0])[1]
        change = lambda key: 100 * (largest[key] / statistics.mean([rows[0][key], rows[-1][key]]) - 1)
        print(
            f"largest against first: peak {change('peak'):+.1f} %, articles/s {change('per_second'):+.1f} %, "
            f"processor time an article {change('cost'):+.1f} %"
        )

        size = arguments.sizes[0]
        articles = folder / "articles"
        articles.mkdir()
        for number in range(size):
            (articles / f"{number:06}.txt").write_text(texts[number % len(texts)], encoding="utf-8")
        found = folder / "analyses"
        job = {"entities": "entities", "summary": "summarize", "stance": "stance"}.get(arguments.tasks, "analyze")
        wall, cpu, peak = run([program, job, "--format", "jsonl", str(articles)] + compute, found)
        tokens = sum(json.loads(line)["tokens"] for line in found.open(encoding="utf-8"))
        # Loading is no part of the rates above, and nearly all of it is no waiting.
        reading = wall - load["wall"]
        print(
            f"wirelens {job} on a folder of {size}: {peak / 2**20:.1f} MiB, {size / reading:.2f} articles/s, "
            f"{tokens / reading:.0f} tokens/s, {(cpu - load['cpu']) / size * 1000:.2f} s of processor time per 1,000"
        )


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""How fast do the packs that come with Wirelens read, and in how much memory?

Reads the same article bodies of FNC-1 with `wirelens batch` and each pack, in turns, and prints the medians of articles
and tokens a second (loading is no part of them), the peak of memory, and the pace as a share of the first pack's in the
same run. Standard library only; Linux or macOS.

    python3 scripts/bench/packs.py --data ../shared/data --articles 60
"""

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path

from batch import bodies, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", "../shared/data")))
    parser.add_argument("--program", type=Path, default=Path("target/release/wirelens"))
    parser.add_argument("--packs", nargs="+", default=["compact", "base"])
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--precision", default="auto")
    arguments = parser.parse_args()
    texts = bodies(arguments.data, 0)[: arguments.articles]
    measured: dict[str, list[dict]] = {pack: [] for pack in arguments.packs}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, metrics = folder / "articles.jsonl", folder / "metrics.json"
        source.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)), encoding="utf-8")
        command = [str(arguments.program.resolve()), "batch", str(source), "--restart", "--metrics", str(metrics)]
        command += ["--precision", arguments.precision, "--output"]
        for _ in range(arguments.turns):
            for pack, found in measured.items():
                *_, peak = run([*command, str(folder / f"{pack}.jsonl"), "--pack", pack])
                found.append(json.loads(metrics.read_text())["this_run"] | {"peak": peak})
    print(f"{os.cpu_count()} processors; {len(texts)} bodies, {arguments.turns} turns; precision {arguments.precision}")
    print(f"{'pack':<10} {'articles/s':>10} {'tokens/s':>9} {'peak MiB':>9} {'pace':>6}")
    first = None
    for pack, found in measured.items():
        median = {key: statistics.median(one[key] for one in found) for key in ("articles_per_second", "tokens_per_second", "peak")}
        first = first or median["tokens_per_second"]
        print(
            f"{pack:<10} {median['articles_per_second']:>10.2f} {median['tokens_per_second']:>9.0f} "
            f"{median['peak'] / 2**20:>9.0f} {median['tokens_per_second'] / first:>6.2f}"
        )


if __name__ == "__main__":
    main()

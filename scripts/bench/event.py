#!/usr/bin/env python3
"""How does `wirelens compare --format html` do on one event of 100 articles?

Takes bodies of FNC-1 on one event: those that competition_test_stances.csv relates to a headline that matches HEADLINE,
and, as train_bodies.csv comes without headlines, those of it that match most often, until there are as many as asked.
Each article is an outlet of its own. Prints the seconds of the run, the size of the page, and how long Chromium takes to
open it from disk. Needs the packages of tests/browser/requirements.txt and Chromium (CHROMIUM is its path).

    .venv-browser/bin/python scripts/bench/event.py --data ../shared/data
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from playwright.sync_api import sync_playwright


def rows(path: Path) -> list[dict]:
    csv.field_size_limit(1 << 30)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def event(data: Path, headline: str, articles: int) -> list[dict]:
    """Records of the event: those with a headline first."""
    words = re.compile(headline)
    related = {
        row["Body ID"]: row["Headline"]
        for row in rows(data / "competition_test_stances.csv")
        if row["Stance"] != "unrelated" and words.search(row["Headline"])
    }
    bodies = {row["Body ID"]: row["articleBody"] for row in rows(data / "competition_test_bodies.csv")}
    found = [{"id": f"test-{id}", "title": title, "text": bodies[id]} for id, title in related.items()]
    rest = [{"id": f"train-{row['Body ID']}", "text": row["articleBody"]} for row in rows(data / "train_bodies.csv")]
    rest.sort(key=lambda row: -len(words.findall(row["text"])))
    found = (found + [row for row in rest if words.search(row["text"])])[:articles]
    return [{**row, "source": f"Outlet {number}"} for number, row in enumerate(found, 1)]


def opening(page: Path, chromium: str, repeats: int) -> list[tuple[float, ...]]:
    """Milliseconds until DOMContentLoaded, load and the first paint, and processor time of the page's thread, of each repetition."""
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(repeats):
            opened = browser.new_page(viewport={"width": 1280, "height": 800})
            metrics = opened.context.new_cdp_session(opened)
            metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
            opened.goto(page.as_uri())
            opened.wait_for_function("performance.getEntriesByType('paint').length > 0")
            clock = opened.evaluate(
                "() => { const t = performance.getEntriesByType('navigation')[0];"
                " return [t.domContentLoadedEventEnd, t.loadEventEnd, performance.getEntriesByType('paint')[0].startTime] }"
            )
            found = metrics.send("Performance.getMetrics")["metrics"]
            busy = next(metric["value"] for metric in found if metric["name"] == "TaskDuration")
            times.append((*clock, 1000 * busy))
            opened.close()
        browser.close()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("DATA", "../shared/data")))
    parser.add_argument("--program", default="target/release/wirelens")
    parser.add_argument("--headline", default="Sotloff|Foley", help="regular expression that the event's headlines match")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--work", type=Path, default=Path(".cache/bench-event"))
    parser.add_argument("--repeats", type=int, default=5, help="of opening the page")
    parser.add_argument("--keep", action="store_true", help="open the page that was made before")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    articles, page = arguments.work / "event.jsonl", (arguments.work / "event.html").resolve()
    if not arguments.keep:
        records = event(arguments.data / "fnc1", arguments.headline, arguments.articles)
        articles.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        print(
            f"{len(records)} articles, {sum('title' in record for record in records)} of them by their headlines, "
            f"{sum(len(record['text'].split()) for record in records):,} words"
        )
        began = time.monotonic()
        subprocess.run([arguments.program, "compare", "--format", "html", "--output", str(page), str(articles)], check=True)
        print(f"compared in {time.monotonic() - began:.1f} s")
    print(f"the page: {page.stat().st_size / 1e6:.2f} MB")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    middle = [statistics.median(kind) for kind in zip(*opening(page, chromium, arguments.repeats))]
    print(
        "opened: DOMContentLoaded after {:.0f} ms, load after {:.0f} ms, first paint after {:.0f} ms; the page's thread worked {:.0f} ms "
        "(medians; the last is least disturbed by what else the machine does)".format(*middle)
    )


if __name__ == "__main__":
    main()

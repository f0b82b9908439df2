"""Measures an exported pack on the development sets and writes its model card: every number in it comes from here.

    python card.py --data ../../../shared/data --cache ../../.cache --pack ../../models/compact [--before DIR]

With `--before`, the folder of an older pack, its scores stand beside the new ones. `--bf16` adds what bfloat16 gives.
"""

import argparse
import pathlib
import string
import sys

import torch

import article
import export
import joint
import packs
import salience
import scores

NAMES = {
    "conll2003": "names, CoNLL-2003 dev",
    "cleanconll": "names, the same with corrected labels (CleanCoNLL)",
    "worldwide": "names, Worldwide dev (Africa, Asia, Latin America, Middle East)",
    "politics": "names, CrossNER politics dev, four types",
    "names": "names, held-out sentences of `names.json`",
    "newsmtsc": "stance towards a mention, NewsMTSC dev",
    "persent": "stance towards a mention, held-out PerSenT paragraphs",
    "dse": "stance of a holder towards a target, `dse` dev",
    "positions": "position towards targets of any kind, held-out mentions",
    "contrasts": "position, held-out contrast sets",
    "polnear": "attribution, PolNeAR dev",
}


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def lines_of(name: str, found: dict) -> list[tuple[str, str, str]]:
    """(what, measure, score) of a dev set."""
    if "f1" in found:
        return [(NAMES[name], "strict micro-F1", percent(found["f1"]))]
    if "macro_f1" in found:
        return [(f"{NAMES[name]}, {found['items']} items", "macro-F1", percent(found["macro_f1"]))]
    return [(f"{NAMES[name]}, {part}", f"F1 of {what}", percent(values[what])) for part, values in found.items() for what in ("words", "spans")]


def measure(pack: pathlib.Path, args, bf16: bool = False) -> dict[tuple[str, str], str]:
    """(what, measure) → score, of a pack."""
    net, tokenizer = export.load(pack, args.cache)
    needs = {scores.directed: "directed", scores.attribution: "attribution", scores.paragraph: "paragraph", scores.position: "position"}
    sets = {name: pair for name, pair in scores.dev_sets(args.data).items() if needs.get(pair[0]) not in net.lacking}
    found = scores.dev_scores(net, tokenizer, sets, bf16=bf16)
    lines = [line for name in sets for line in lines_of(name, found[name])]
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        documents = article.judged(net, tokenizer, args.data, held_out=True)
        _, held = salience.prepare(args.data)
        salience.embed(net, tokenizer, [e for examples in held.values() for e in examples])
    if (pack / export.JOINT).exists():
        updated, head, _ = joint.load(pack)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            told = joint.measure(updated, head, tokenizer, args.data)
        what = f"two sentences say the same, {told['pairs']} pairs of MSRP that were not learned from"
        lines.append((what, "F1", percent(told["f1"])))
        lines.append((what, "average precision", percent(told["average_precision"])))
    if "position" not in net.lacking:
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            told = article.measure_positions(net, tokenizer, args.data)
        for unit, items in (("sentences", "held-out sentences"), ("articles", "targets of held-out articles")):
            for judged, found in told.items():
                by = "" if judged == "position" else ", by the tone"
                what = f"position towards targets that are no persons, {found[unit]['items']} {items}{by}"
                lines += [(what, "macro-F1", percent(found[unit]["macro_f1"])), (what, "accuracy", percent(found[unit]["accuracy"]))]
        what = f"position towards targets that are no persons, {told['position']['articles']['items']} targets of held-out articles"
        lines.append((what, "expected calibration error", percent(told["position"]["articles"]["calibration_error"])))
    of_articles = article.measure(net, documents)
    what = f"an article's stance towards its main person, PerSenT, {of_articles['items']} held-out articles"
    lines.append((what, "macro-F1", percent(of_articles["macro_f1"])))
    lines.append((what, "expected calibration error", percent(of_articles["calibration_error"])))
    for name, ones in salience.evaluate(net.salience, held).items():
        kind = {"highlights": "CNN/DailyMail, human highlights", "extra": "CNN/DailyMail, the larger set",
                "inshorts": "Inshorts dev", "events": "events of AllSides", "facts": "`facts.json`"}[name]  # fmt: skip
        what = f"three sentences of {ones['articles']} articles, {kind}"
        metric = "key facts covered, %" if name == "facts" else "ROUGE-1/2/Lsum"
        lines.append((what, metric, " / ".join(f"{value:.1f}" for value in ones["head"].values())))
        lines.append((f"{what}: lead-3", metric, " / ".join(f"{value:.1f}" for value in ones["lead3"].values())))
    return {(what, measure): score for what, measure, score in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, help="where the base of a pack with low-rank updates is kept")
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--before", type=pathlib.Path, help="an older pack, for a column of its own")
    parser.add_argument("--bf16", action="store_true", help="a column of scores in bfloat16")
    args = parser.parse_args()

    columns = {"score": measure(args.pack, args)}
    if args.bf16:
        columns["in bf16"] = measure(args.pack, args, bf16=True)
    if args.before:
        columns = {"before": measure(args.before, args)} | columns
    heads = " | ".join(columns)
    rows = [f"| what | measure | {heads} |", "|---|---|" + "---:|" * len(columns)]
    for what, kind in columns["score"]:
        rows.append(f"| {what} | {kind} | " + " | ".join(found.get((what, kind), "–") for found in columns.values()) + " |")
    print("\n".join(rows))
    manifest = export.manifest(args.pack)
    if "directed" not in manifest["heads"]:
        print("The card is that of packs with five heads, which this pack lacks: its README.md stays as it is.", file=sys.stderr)
        return
    name = manifest["name"]
    template = pathlib.Path(__file__).with_name(f"card-{name}.md").read_text(encoding="utf-8")
    card = string.Template(template).substitute(metrics="\n".join(rows), licence=packs.PACKS[name].licence)
    (args.pack / "README.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Measures the exported pack on the development sets and writes its model card: every number in it comes from here.

    python card.py --data ../../../shared/data --pack ../../models/compact
"""

import argparse
import pathlib
import string

import data
import export
import salience
import train


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    args = parser.parse_args()

    net, tokenizer = export.load(args.pack)
    conll = train.entity_f1(net, tokenizer, data.read_entities(args.data / "conll2003/dev.txt"))
    politics = train.entity_f1(net, tokenizer, data.read_entities(args.data / "politics/dev.txt"))
    stance = train.stance_f1(net, tokenizer, data.read_stance(args.data / "newsmtsc/dev.jsonl"))
    summaries = salience.evaluate(*salience.prepare(net, tokenizer, args.data))
    rows = [
        "| what | measure | score |",
        "|---|---|---:|",
        f"| entities, CoNLL-2003 dev | strict micro-F1 | {percent(conll['f1'])} |",
        f"| entities, CrossNER politics dev, four types | strict micro-F1 | {percent(politics['f1'])} |",
        f"| stance, NewsMTSC dev, {stance['mentions']} mentions | macro-F1 | {percent(stance['macro_f1'])} |",
        f"| the same | accuracy | {percent(stance['accuracy'])} |",
    ]
    for name, key in (("ROUGE-1", "rouge1"), ("ROUGE-2", "rouge2"), ("ROUGE-Lsum", "rougeLsum")):
        found, lead = summaries["cross_validated"][key], summaries["lead3"][key]
        what = f"three-sentence summaries, {summaries['articles']} CNN/DailyMail articles, held out"
        rows.append(f"| {what} | {name} F1 (lead-3) | {found:.1f} ({lead:.1f}) |")
    template = pathlib.Path(__file__).with_name("card.md").read_text(encoding="utf-8")
    card = string.Template(template).substitute(metrics="\n".join(rows))
    (args.pack / "README.md").write_text(card, encoding="utf-8")
    print("\n".join(rows))


if __name__ == "__main__":
    main()

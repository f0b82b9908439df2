"""Writes what PyTorch and `transformers` make of the bundled pack, for `tests/integration/parity.rs` to compare with.

    python fixtures.py --pack ../../models/compact --out ../../tests/fixtures

Sentences are written for this purpose; they cover case, accents, punctuation, odd symbols and length.
"""

import argparse
import itertools
import json
import pathlib

import torch

import data
import encoder
import export
import joint
import salience
import text as words

# (sentence, mentions to judge)
SENTENCES = [
    ("Angela Merkel praised the volunteers of the Red Cross in Hamburg.", ["Angela Merkel", "the volunteers", "Red Cross"]),
    ("The corrupt minister lied to Parliament and betrayed the voters of Leeds.", ["minister", "Parliament", "voters"]),
    ("The committee met on Tuesday.", ["committee"]),
    ("UNITED NATIONS CALLS FOR CEASEFIRE IN SUDAN", ["UNITED NATIONS", "SUDAN"]),
    ("the president of kenya, william ruto, arrived in nairobi late on friday.", ["william ruto", "kenya"]),
    ("“We will not leave,” Zelenskyy told the BBC’s Sarah Rainsford in Kyiv.", ["Zelenskyy", "BBC"]),
    ("Jean-Yves Le Drian met Côte d'Ivoire's Alassane Ouattara at the Élysée.", ["Jean-Yves Le Drian", "Élysée"]),
    ("PARIS (Reuters) - Shares of Air France-KLM fell 4.2% to €12.85 on Monday.", ["Air France-KLM"]),
    ("A heroic rescue by the Royal Navy saved 31 fishermen off Cornwall.", ["Royal Navy", "fishermen"]),
    ("Nato, Unicef and the W.H.O. signed the iPhone-maker's pledge.", ["Nato", "W.H.O."]),
    ("Der Bundestag hat das Gesetz am Freitag beschlossen.", ["Bundestag"]),
    ("日本の首相 Shigeru Ishiba visited 東京 with ☕ and 🎉 emoji.", ["Shigeru Ishiba"]),
    ("She said so.", ["She"]),
    ("Mexico beat Poland 2-1 in the World Cup, with goals by Hirving Lozano and Raúl Jiménez; Robert Lewandowski, "
     "who had missed a penalty early on, scored for the Poles in the 88th minute before a crowd of 44,089 in Doha, "
     "and Gerardo Martino, the coach of the winners, said that the result was the finest of his career.",
     ["Mexico", "Robert Lewandowski", "Gerardo Martino"]),
]  # fmt: skip


# Pairs for joint readings.
PAIRS = [
    ("Angela Merkel praised the volunteers in Hamburg.", "In Hamburg, volunteers were praised by Ms. Merkel on Monday."),
    ("Shares of Air France-KLM fell 4.2% to €12.85.", "Air France-KLM opens a route to Nairobi."),
    (SENTENCES[-1][0], "Mexico beat Poland 2-1."),
    (" ".join(["The committee met again."] * 80), " ".join(["It met on Tuesday."] * 80)),
]


def rounded(numbers) -> list[list[float]]:
    return [[round(x, 5) for x in row] for row in numbers.tolist()]


def judgements(head, states, mask, encoded: dict, spans: list[tuple]) -> list[list[float]]:
    """Log-probabilities by a stance head, for each mention or pair of mentions of a sentence."""
    example = data.Example("", encoded["text"], stance=[(*span, 1) for span in spans])
    found = words.judged([(encoded, example)], "stance")
    return rounded(head(states[found.rows], mask[found.rows], *found.mentions).log_softmax(-1)) if found else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    net, tokenizer = export.load(args.pack)
    tells_positions = "position" not in net.lacking
    rows, vectors = [], []
    with torch.no_grad():
        for text, mentions in SENTENCES:
            encoded = words.encode(tokenizer, text)
            ids, mask, case = words.inputs([encoded])
            states = net.encode(ids, mask, case)
            vector = net.sentence_vectors(states, mask)[0]
            vectors.append(vector)
            spans = [(text.index(mention), text.index(mention) + len(mention)) for mention in mentions]
            judged = judgements(net.stance, states, mask, encoded, spans)
            rows.append(dict(
                text=text,
                ids=encoded["ids"][1:-1],
                cases=encoded["case"][1:-1],
                entity_logits=rounded(net.entities(states)[0, 1:-1]),
                vector=[round(x, 5) for x in vector[:32].tolist()],
                stance=[dict(start=a, end=b, log_probabilities=row)
                        for (a, b), row in zip(spans, judged)],
            ))  # fmt: skip
            if tells_positions:
                judged = judgements(net.position, states, mask, encoded, spans)
                rows[-1]["position"] = [dict(start=a, end=b, log_probabilities=row) for (a, b), row in zip(spans, judged)]
            if "attribution" not in net.lacking:
                rows[-1]["attribution_logits"] = rounded(net.attribution(states)[0, 1:-1])
            if "directed" not in net.lacking:
                pairs = list(itertools.permutations(spans, 2))
                judged = judgements(net.directed, states, mask, encoded, [holder + target for holder, target in pairs])
                rows[-1]["directed"] = [dict(holder=holder, target=target, log_probabilities=row) for (holder, target), row in zip(pairs, judged)]
        numbers = salience.features([text for text, _ in SENTENCES], torch.stack(vectors))
        scores = net.salience(numbers)
    fixture = dict(
        weights_sha256=encoder.sha256(args.pack / "model.safetensors"),
        sentences=rows,
        salience_features=[[round(x, 6) for x in row] for row in numbers.tolist()],
        salience=[round(x, 6) for x in scores.sigmoid().tolist()],
    )
    if tells_positions:
        fixture["position_sha256"] = encoder.sha256(args.pack / export.POSITION)
    if (args.pack / export.JOINT).exists():
        logits = joint.logits_of(*joint.load(args.pack), PAIRS)
        fixture["joint_sha256"] = encoder.sha256(args.pack / export.JOINT)
        fixture["joint"] = [dict(pair=pair, logits=row) for pair, row in zip(PAIRS, rounded(logits))]
    path = args.out / "parity.json"
    path.write_text(json.dumps(fixture, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size} bytes, {len(rows)} sentences")


if __name__ == "__main__":
    main()

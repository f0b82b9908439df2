"""Summaries by models of full size and random weights: does it run, how long does it take, how much memory.

    python full_size.py --data DATA --work FOLDER [--program wirelens]

Weights that mean something cannot be had here, so checkpoints in the shape of two well-known ones are drawn at random,
with a byte-level BPE vocabulary of their size trained on the FNC-1 articles. What they write is nonsense; what it costs is
not. Seconds include loading. The five articles are read in one run of `wirelens summarize --words 60`.
"""

import argparse
import csv
import json
import pathlib
import resource
import subprocess
import time

import torch
from tokenizers import ByteLevelBPETokenizer
from tokenizers.processors import RobertaProcessing
from transformers import BartConfig, BartForConditionalGeneration

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHAPES = {"distilbart-cnn-6-6": 6, "bart-large-cnn": 12}
VOCABULARY = 50264
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def vocabulary(data: pathlib.Path, folder: pathlib.Path) -> None:
    csv.field_size_limit(1 << 30)
    with open(data / "fnc1/train_bodies.csv", encoding="utf-8", newline="") as file:
        bodies = [row["articleBody"] for row in csv.DictReader(file)]
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(bodies, vocab_size=VOCABULARY, min_frequency=1, special_tokens=SPECIAL, show_progress=False)
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.save(str(folder / "tokenizer.json"))


def checkpoint(layers: int, data: pathlib.Path, folder: pathlib.Path) -> None:
    config = BartConfig(
        vocab_size=VOCABULARY, d_model=1024, encoder_layers=layers, decoder_layers=layers, encoder_attention_heads=16,
        decoder_attention_heads=16, encoder_ffn_dim=4096, decoder_ffn_dim=4096, max_position_embeddings=1024,
    )  # fmt: skip
    torch.manual_seed(0)
    model = BartForConditionalGeneration(config)
    model.generation_config.update(
        num_beams=4, max_length=142, min_length=56, length_penalty=2.0, no_repeat_ngram_size=3, early_stopping=True,
        forced_bos_token_id=0, forced_eos_token_id=2,
    )  # fmt: skip
    model.save_pretrained(folder)
    vocabulary(data, folder)
    print(f"{folder.name}: {model.num_parameters() / 1e6:.0f} million parameters", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/wirelens")
    args = parser.parse_args()
    for name, layers in SHAPES.items():
        folder = args.work / name
        if not (folder / "tokenizer.json").is_file():
            checkpoint(layers, args.data, folder)
        command = [args.program, "summarize", "--words", "60", "--format", "json", "--summary-model", folder, ROOT / "eval/articles"]
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        # The children's largest so far; shapes go from small to large.
        peak = after.ru_maxrss / 1024
        words = [len(result["summary"]["text"].split()) for result in found]
        levels = [result["summary"]["levels"] for result in found]
        print(
            f"{name}: {len(found)} articles in {seconds:.0f} s ({busy:.0f} s of CPU), peak {peak:.0f} MB, words {words}, levels {levels}", flush=True
        )


if __name__ == "__main__":
    main()

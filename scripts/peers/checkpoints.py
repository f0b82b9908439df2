"""Makes tiny random checkpoints as they lie on the hub, and what `transformers` computes with them.

    python checkpoints.py --out ../../tests/fixtures/checkpoints

`entities-<family>` classify tokens, `nli-<family>` pairs of sentences, `summary-<family>` write, `encoder-<family>` end
with the vectors of the tokens. Each folder has config.json, model.safetensors, the tokenizer's files
and expected.json. Computed in float32 on one thread. Weights are drawn anew, with the next seed, until no decision
hangs on less than 1e-3; the same versions of the packages give the same bytes at every run.
"""

import argparse
import pathlib

import torch
import transformers

import classifiers
import encoders
import generators
import taggers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for makers in (taggers, classifiers, encoders, generators):
        makers.make(args.out)


if __name__ == "__main__":
    main()

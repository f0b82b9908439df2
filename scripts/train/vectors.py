"""Sentence vectors of the base encoder, which say how near sentences are in meaning.

Training for names and stances makes an encoder forget that: the rank correlation of cosines with people's judgement of
headlines (STS 2015) fell from 0.90 to 0.65. So the vectors of the finished pack learn to stay like those of its base.
"""

import pathlib

import torch

import cased_mpnet
import data
import model
import packs
import text

SHORTEST = 5  # words of a sentence whose vector says something


@torch.no_grad()
def of_base(pack: str, cache: pathlib.Path, texts: list[str]) -> torch.Tensor:
    """(texts, hidden), at length one, in half precision."""
    net, tokenizer = packs.build(pack, cache)
    cased_mpnet.merge_updates(net)
    net.eval()
    found = torch.zeros(len(texts), net.size, dtype=torch.float16)
    encoded = [(text.encode(tokenizer, one), number) for number, one in enumerate(texts)]
    for batch in text.batches(encoded, lambda e: len(e[0]["ids"])):
        ids, mask, case = text.inputs([e for e, _ in batch])
        with torch.autocast("cpu", torch.bfloat16, enabled=model.HAS_BF16):
            states = net.encode(ids, mask, torch.zeros_like(case)).float()
        vectors = states[:, 0] if packs.PACKS[pack].first_token else model.mean_over(states, mask)
        found[[number for _, number in batch]] = (vectors / vectors.norm(dim=-1, keepdim=True)).half()
    return found


def give(pack: str, cache: pathlib.Path, work: pathlib.Path, examples: list[data.Example]) -> None:
    """Gives examples the vectors of their sentences; they are made once and kept in `work`."""
    wanted = [example for example in examples if len(example.text.split()) >= SHORTEST]
    texts = list(dict.fromkeys(example.text for example in wanted))
    file = work / "vectors.pt"
    if not file.exists():
        torch.save(of_base(pack, cache, texts), file)
    vectors = torch.load(file, weights_only=True).float()
    assert len(vectors) == len(texts), f"{file} is of other data; remove it"
    numbers = {one: number for number, one in enumerate(texts)}
    for example in wanted:
        example.vector = vectors[numbers[example.text]]

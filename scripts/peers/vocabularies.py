"""Tiny tokenizers of the families that `checkpoints.py` makes, trained on this repository's own documents.

Each has the algorithm, the special tokens, their ids and the frame around a text that its family has on the hub;
only the vocabulary is small (about 400 entries).
"""

import collections
import json
import math
import os
import pathlib
import tempfile
from collections.abc import Sequence

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AlbertTokenizer,
    BertTokenizer,
    DebertaTokenizer,
    DebertaV2Tokenizer,
    MBartTokenizer,
    MPNetTokenizer,
    PegasusTokenizer,
    ProphetNetTokenizer,
    RobertaTokenizer,
    T5Tokenizer,
    XLMRobertaTokenizer,
    XLNetTokenizer,
)
from transformers.models.mbart.tokenization_mbart import FAIRSEQ_LANGUAGE_CODES

ROOT = pathlib.Path(__file__).parents[2]
# README.md changes with every version; these two seldom do, and so the vocabularies stay as they are.
TEXTS = ["LICENSE", "eval/GUIDE.md"]
SIZE = 400
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def lines() -> list[str]:
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in TEXTS)
    return [line for line in text.splitlines() if line.strip()]


def frequent(words: list[str], size: int) -> list[tuple[str, int]]:
    """Every character of the words and the parts that save most, with how often they occur.

    The trainers of `tokenizers` for WordPiece and Unigram give another vocabulary at each run; this does not.
    """
    counts: collections.Counter[str] = collections.Counter()
    for word in words:
        counts.update(word[a:b] for a in range(len(word)) for b in range(a + 1, min(a + 8, len(word)) + 1))
    characters = sorted(part for part in counts if len(part) == 1)
    parts = [part for part in counts if len(part.strip("#▁")) > 1]
    parts.sort(key=lambda part: (-counts[part] * (len(part) - 1), part))
    return [(part, counts[part]) for part in characters + parts[: size - len(characters)]]


def wordpiece(lowercase: bool, special: list[str]) -> dict[str, int]:
    """Parts of words as they begin and, with `##`, as they go on."""
    normalizer, splitter = normalizers.BertNormalizer(lowercase=lowercase), pre_tokenizers.BertPreTokenizer()
    words = [word for line in lines() for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(line))]
    characters = sorted(set("".join(words)))
    beginnings = [part for part, _ in frequent(["^" + word for word in words], SIZE) if part.startswith("^") and len(part) > 2]
    parts = [part for part, _ in frequent([word[1:] for word in words], SIZE) if len(part) > 1]
    letters = characters + ["##" + character for character in characters if character.isalnum()]
    room = SIZE - len(special) - len(letters)
    pieces = special + letters + [part[1:] for part in beginnings[: room // 2]]
    pieces += ["##" + part for part in parts[: SIZE - len(pieces)]]
    return {piece: i for i, piece in enumerate(pieces)}


def byte_level(first: list[str], last: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Vocabulary and merges: special tokens before and after the bytes and what they merge to."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE - len(last),
        special_tokens=first,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines(), trainer)
    vocabulary = by_id(tokenizer)
    merges = [tuple(pair) for pair in json_model(tokenizer)["merges"]]
    return vocabulary | {token: len(vocabulary) + i for i, token in enumerate(last)}, merges


def unigram(first: list[str], last: Sequence[str] = (), lowercase: bool = False) -> list[tuple[str, float]]:
    """Pieces and log-probabilities, with special tokens, whose score is 0, before and after them."""
    words = ["▁" + (word.lower() if lowercase else word) for line in lines() for word in line.split()]
    parts = [(part, n) for part, n in frequent(words, SIZE - len(first) - len(last)) if "▁" not in part[1:]]
    total = sum(n for _, n in parts)
    pieces = [(part, round(math.log(n / total), 4)) for part, n in parts]
    return [(token, 0.0) for token in first] + pieces + [(token, 0.0) for token in last]


def by_id(tokenizer: Tokenizer) -> dict[str, int]:
    return dict(sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1]))


def json_model(tokenizer: Tokenizer) -> dict:
    return json.loads(tokenizer.to_str())["model"]


def bert(lowercase: bool) -> BertTokenizer:
    return BertTokenizer(vocab=wordpiece(lowercase, BERT), do_lower_case=lowercase, model_max_length=128)


def mpnet() -> MPNetTokenizer:
    """BERT's vocabulary between the special tokens of RoBERTa."""
    vocabulary = wordpiece(True, ["<s>", "<pad>", "</s>", "<unk>", *BERT])
    return MPNetTokenizer(vocab=vocabulary | {"<mask>": len(vocabulary)}, model_max_length=256)


def roberta() -> RobertaTokenizer:
    vocabulary, merges = byte_level(["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"])
    return RobertaTokenizer(vocab=vocabulary, merges=merges, model_max_length=128)


def deberta() -> DebertaTokenizer:
    vocabulary, merges = byte_level(["[PAD]", "[CLS]", "[SEP]", "[UNK]"], ["[MASK]"])
    tokenizer = DebertaTokenizer(vocab=vocabulary, merges=merges, model_max_length=128)
    # What files on the hub say; the class would put two separators between the texts of a pair.
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def xlm_roberta() -> XLMRobertaTokenizer:
    pieces = unigram(["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"])
    return XLMRobertaTokenizer(vocab=pieces, model_max_length=128)


def albert() -> AlbertTokenizer:
    pieces = unigram(["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"], lowercase=True)
    return AlbertTokenizer(vocab=pieces, model_max_length=128)


def deberta_v2() -> DebertaV2Tokenizer:
    pieces = unigram(["[PAD]", "[CLS]", "[SEP]", "[UNK]"], ["[MASK]"])
    return DebertaV2Tokenizer(vocab=pieces, unk_id=3, model_max_length=128)


def xlnet() -> XLNetTokenizer:
    special = ["<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>"]
    return XLNetTokenizer(vocab=unigram(special))


def t5() -> T5Tokenizer:
    extra = [f"<extra_id_{i}>" for i in reversed(range(10))]
    pieces = unigram(["<pad>", "</s>", "<unk>"], extra)
    return T5Tokenizer(vocab=pieces, extra_ids=10, model_max_length=128)


def pegasus() -> PegasusTokenizer:
    special = ["<pad>", "</s>", "<mask_1>", "<mask_2>", *(f"<unk_{i}>" for i in range(2, 9)), "<unk>"]
    return PegasusTokenizer(vocab=unigram(special), offset=9, model_max_length=128)


def mbart() -> MBartTokenizer:
    pieces = unigram(["<s>", "<pad>", "</s>", "<unk>"], [*FAIRSEQ_LANGUAGE_CODES, "<mask>"])
    return MBartTokenizer(vocab=pieces, src_lang="en_XX", tgt_lang="en_XX", model_max_length=128)


def prophetnet() -> ProphetNetTokenizer:
    vocabulary = wordpiece(True, ["[PAD]", "[X_SEP]", *BERT[1:]])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "prophetnet.tokenizer"
        path.write_text("".join(f"{token}\n" for token in vocabulary), encoding="utf-8")
        return ProphetNetTokenizer(path, model_max_length=128)

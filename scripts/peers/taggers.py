"""`entities-<family>`: token classification, with label sets under every scheme that is in use."""

import pathlib
import random
import warnings
from collections.abc import Callable

import numpy as np
import torch
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    TokenClassificationPipeline,
)
from transformers.pipelines.token_classification import AggregationStrategy

import vocabularies
from drawing import Redraw, check_margins, checkpoint, draw_weights, rounded

SENTENCES = [
    "Angela Merkel praised the volunteers of the Red Cross in Hamburg.",
    "She said so.",
    "“Jean-Yves Le Drian met the W.H.O. in Curaçao,” the BBC said. 🎉",
    "Britain's Anglo-Dutch talks with Nato's chief failed.",
    "The committee of the European Union met in Geneva on Tuesday, and John Smith, who spoke for the International "
    "Committee of the Red Cross, said that the work under this agreement will go on.",
    "UNITED NATIONS CALLS FOR CEASEFIRE IN SUDAN",
]

# Its last tokens are so far from its first that MPNet's table of distances has one row for all beyond.
LONG = (
    "The foreign ministers of France, Germany and the United Kingdom, whose governments signed the agreement of Vienna, "
    "said on Thursday that the work of the International Committee of the Red Cross, which is under attack in Sudan, "
    "must go on, and that the Security Council of the United Nations, the European Union and the African Union have to "
    "agree before the end of the year on what Angela Merkel, in a speech in Geneva, had called the one condition of peace."
)

CONLL = ["PER", "ORG", "LOC", "MISC"]
WIKIANN = ["PER", "ORG", "LOC"]
ONTONOTES = "CARDINAL DATE EVENT FAC GPE LANGUAGE LAW LOC MONEY NORP ORDINAL ORG PERCENT PERSON PRODUCT QUANTITY TIME WORK_OF_ART".split()
# The scheme IOB1 has the names of BIO; what differs is where its `B-` stands.
PREFIXES = {"BIO": ["B-", "I-"], "IOB1": ["B-", "I-"], "BIOES": ["B-", "I-", "E-", "S-"], "BILOU": ["B-", "I-", "L-", "U-"], "IO": [""]}
GROUPED = ["BIO", "IOB1", "IO"]

SIZE = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=128)
ROBERTA = SIZE | dict(max_position_embeddings=130, pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1, layer_norm_eps=1e-5)
MPNET = SIZE | dict(max_position_embeddings=258, pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5)
# (tokenizer, types, scheme, std of the weights, config)
FAMILIES: dict[str, tuple[Callable, list[str], str, float, dict]] = {
    "bert": (lambda: vocabularies.bert(lowercase=False), CONLL, "BIO", 0.3, SIZE),
    "roberta": (vocabularies.roberta, ONTONOTES, "BIO", 0.3, ROBERTA),
    "xlm-roberta": (vocabularies.xlm_roberta, CONLL, "IOB1", 0.3, ROBERTA),
    "distilbert": (
        lambda: vocabularies.bert(lowercase=True), WIKIANN, "BIO", 0.3,
        dict(dim=24, n_layers=2, n_heads=2, hidden_dim=32, max_position_embeddings=128),
    ),
    "albert": (
        vocabularies.albert, CONLL, "IO", 0.3,
        SIZE | dict(embedding_size=12, pad_token_id=0, bos_token_id=2, eos_token_id=3),
    ),
    "electra": (lambda: vocabularies.bert(lowercase=True), CONLL, "BIOES", 0.3, SIZE | dict(embedding_size=12)),
    "deberta": (
        vocabularies.deberta, CONLL, "BILOU", 0.3,
        SIZE | dict(
            relative_attention=True, pos_att_type=["c2p", "p2c"], position_biased_input=False, max_relative_positions=32,
            type_vocab_size=0, layer_norm_eps=1e-7, pad_token_id=0,
        ),
    ),
    "deberta-v2": (
        vocabularies.deberta_v2, CONLL, "BIO", 0.3,
        SIZE | dict(
            relative_attention=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, max_relative_positions=-1,
            position_buckets=16, share_att_key=True, norm_rel_ebd="layer_norm", type_vocab_size=0, layer_norm_eps=1e-7,
            pad_token_id=0,
        ),
    ),
    "mobilebert": (
        lambda: vocabularies.bert(lowercase=True), CONLL, "IOB1", 0.2,
        SIZE | dict(embedding_size=16, intra_bottleneck_size=16, num_feedforward_networks=2, num_attention_heads=2),
    ),
    "mpnet": (vocabularies.mpnet, CONLL, "BIO", 0.3, MPNET),
    "longformer": (vocabularies.roberta, WIKIANN, "BIO", 0.3, ROBERTA | dict(attention_window=[8, 8], sep_token_id=2)),
    "xlnet": (
        vocabularies.xlnet, ONTONOTES, "BIO", 0.3,
        dict(d_model=24, n_layer=2, n_head=2, d_inner=32, mem_len=None, pad_token_id=5, bos_token_id=1, eos_token_id=2),
    ),
}  # fmt: skip


def texts(family: str) -> list[str]:
    return SENTENCES + [LONG] if family == "mpnet" else SENTENCES


def labels(types: list[str], scheme: str, family: str) -> list[str]:
    names = ["O"] + [prefix + kind for kind in types for prefix in PREFIXES[scheme]]
    random.Random(family).shuffle(names)
    return names


class Pipeline(TokenClassificationPipeline):
    """The pipeline itself; a word whose label is nearly another is refused."""

    def aggregate_word(self, entities: list[dict], aggregation_strategy: AggregationStrategy) -> dict:
        scores = np.stack([entity["scores"] for entity in entities])
        by_strategy = {AggregationStrategy.FIRST: scores[0], AggregationStrategy.AVERAGE: scores.mean(0), AggregationStrategy.MAX: scores.max(0)}
        check_margins(torch.from_numpy(by_strategy[aggregation_strategy]))
        return super().aggregate_word(entities, aggregation_strategy)


def draw(family: str, tokenizer: PreTrainedTokenizerBase, names: list[str], std: float, settings: dict, seed: int) -> PreTrainedModel:
    config = AutoConfig.for_model(
        family, vocab_size=len(tokenizer), id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)}, **settings
    )
    model = AutoModelForTokenClassification.from_config(config).eval()
    draw_weights(model, seed, std)
    balance(model, tokenizer, names.index("O"))
    return model


def balance(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, outside: int) -> None:
    """Makes every label about as frequent as the others, `O` more frequent, and logits differ by about 1.5."""
    with torch.no_grad():
        logits = torch.cat([model(**tokenizer(text, return_tensors="pt")).logits[0] for text in texts(model.config.model_type)])
    head, scale, bias = model.classifier, 1.5 / logits.std(0).mean(), 0.5 * len(model.config.id2label) ** 0.5
    head.bias.data = scale * (head.bias.data - logits.mean(0))
    head.bias.data[outside] += bias
    head.weight.data *= scale


def expected(folder: pathlib.Path, scheme: str) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForTokenClassification.from_pretrained(folder).eval()
    pipeline = Pipeline(model=model, tokenizer=tokenizer)
    sentences, inputs = [], texts(model.config.model_type)
    for text in inputs:
        encoded = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
        offsets = encoded.pop("offset_mapping")[0].tolist()
        row = {"text": text} | {name: value[0].tolist() for name, value in encoded.items()} | {"offsets": offsets}
        row["logits"] = attended(model, encoded)[0]
        if scheme in GROUPED:
            row["entities"] = {strategy: found(pipeline, text, strategy) for strategy in ("first", "average", "max")}
        sentences.append(row)
    encoded = tokenizer(inputs, padding=True, return_tensors="pt")
    batch = {name: value.tolist() for name, value in encoded.items()} | {"logits": attended(model, encoded)}
    check_variety([model.config.id2label[int(np.argmax(row))] for sentence in sentences for row in sentence["logits"]])
    return {"scheme": scheme, "sentences": sentences, "batch": batch}


def check_variety(found: list[str]) -> None:
    outside = found.count("O") / len(found)
    if not 0.3 < outside < 0.8 or len(set(found)) < 5:
        raise Redraw


def attended(model: torch.nn.Module, encoded: dict) -> list:
    """The logits of each text's tokens, padding left out."""
    with torch.no_grad():
        logits = model(**encoded).logits
    rows = [row[mask.bool()] for row, mask in zip(logits, encoded["attention_mask"])]
    for row in rows:
        check_margins(row)
    return [rounded(row.tolist()) for row in rows]


def found(pipeline: Pipeline, text: str, strategy: str) -> list[dict]:
    entities = pipeline(text, aggregation_strategy=strategy)
    return [{name: entity[name] for name in ("entity_group", "start", "end")} | {"score": round(float(entity["score"]), 6)} for entity in entities]


def make(out: pathlib.Path) -> None:
    warnings.filterwarnings("ignore", "Tokenizer does not support real words")
    for family, (tokenizer, types, scheme, std, settings) in FAMILIES.items():
        tokenizer, names = tokenizer(), labels(types, scheme, family)
        checkpoint(
            out / f"entities-{family}",
            tokenizer,
            lambda seed: draw(family, tokenizer, names, std, settings, seed),
            lambda folder: expected(folder, scheme),
        )

"""`nli-<family>`: what a premise says of a hypothesis, with the orders of labels that are in use."""

import json
import pathlib

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerBase, PreTrainedTokenizerFast

import vocabularies
from drawing import Redraw, check_margins, checkpoint, draw_weights, rounded
from taggers import FAMILIES as TAGGERS
from taggers import LONG, MPNET

PAIRS = [
    ("Angela Merkel praised the volunteers of the Red Cross in Hamburg.", "This text is about the Red Cross."),
    ("She said so.", "She said nothing."),
    ("The minister lied to Parliament and betrayed the voters of Leeds.", "The author criticises the minister."),
    ("“We will not leave,” Zelenskyy told the BBC’s correspondent in Kyiv. 🎉", "The BBC supports Zelenskyy."),
    ("The committee met on Tuesday.", "The committee of the European Union, which met in Geneva, agreed on Tuesday to go on with the work."),
    ("Nato's chief met the Anglo-Dutch delegation.", "The text says that Côte d'Ivoire is at peace."),
]  # fmt: skip

ROBERTA = TAGGERS["roberta"][-1]
DEBERTA = TAGGERS["deberta"][-1]
DEBERTA_V2 = TAGGERS["deberta-v2"][-1]
BART = dict(
    d_model=24, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
    encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=128,
)  # fmt: skip
# folder: (model type, tokenizer, labels, config)
FAMILIES = {
    "bart": ("bart", vocabularies.roberta, ["contradiction", "neutral", "entailment"], BART),
    "roberta": ("roberta", vocabularies.roberta, ["contradiction", "entailment", "neutral"], ROBERTA),
    "mpnet": ("mpnet", vocabularies.mpnet, ["contradiction", "entailment", "neutral"], MPNET),
    "deberta": ("deberta", vocabularies.deberta, ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"], DEBERTA),
    "deberta-v2": ("deberta-v2", vocabularies.deberta_v2, ["entailment", "neutral", "contradiction"], DEBERTA_V2),
    "deberta-v2-binary": (
        "deberta-v2", vocabularies.deberta_v2, ["entailment", "not_entailment"],
        DEBERTA_V2 | dict(conv_kernel_size=3, conv_act="gelu"),
    ),
}  # fmt: skip


def draw(family: str, tokenizer: PreTrainedTokenizerBase, names: list[str], settings: dict, seed: int) -> PreTrainedModel:
    config = AutoConfig.for_model(
        family, vocab_size=len(tokenizer), id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)}, **settings
    )
    model = AutoModelForSequenceClassification.from_config(config)
    draw_weights(model, seed, 0.5)
    return model


def write_as_on_the_hub(folder: pathlib.Path) -> None:
    """Published DeBERTa configs name the kinds of attention in one string."""
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    if "pos_att_type" in config:
        config["pos_att_type"] = "|".join(config["pos_att_type"])
        path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def expected(folder: pathlib.Path) -> dict:
    write_as_on_the_hub(folder)
    # As tokenizer.json has it: the class of transformers 5.23 for DeBERTa puts two separators where the published files have one.
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    pairs, inputs = [], PAIRS + [(LONG, PAIRS[0][1])] if model.config.model_type == "mpnet" else PAIRS
    for premise, hypothesis in inputs:
        encoded = tokenizer(premise, hypothesis, return_tensors="pt")
        pairs.append(
            {"premise": premise, "hypothesis": hypothesis}
            | {name: value[0].tolist() for name, value in encoded.items()}
            | {"logits": logits(model, encoded)[0]}
        )
    encoded = tokenizer(*map(list, zip(*inputs)), padding=True, return_tensors="pt")
    batch = {name: value.tolist() for name, value in encoded.items()} | {"logits": logits(model, encoded)}
    answers = [pair["logits"].index(max(pair["logits"])) for pair in pairs]
    if len(set(answers)) < model.config.num_labels:
        raise Redraw
    return {"pairs": pairs, "batch": batch}


def logits(model: PreTrainedModel, encoded: dict) -> list:
    with torch.no_grad():
        found = model(**encoded).logits
    check_margins(found)
    return rounded(found.tolist())


def make(out: pathlib.Path) -> None:
    for name, (family, tokenizer, labels, settings) in FAMILIES.items():
        tokenizer = tokenizer()
        checkpoint(out / f"nli-{name}", tokenizer, lambda seed: draw(family, tokenizer, labels, settings, seed), expected)

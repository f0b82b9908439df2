"""What `peers.py` measures beside Wirelens, each in a process of its own: `python passes.py WORK NAME PRECISION THREADS`.

`prepare` splits the articles into sentences, makes word pieces of them, and writes the pack's weights in the forms that
the others read; it is not timed. The others print one JSON object. Seconds are those of the passes alone: loading and
making word pieces come before, and so does one small pass, in which libraries choose their kernels.

A *window* is what the encoder reads at once: the word pieces of a sentence, or of a stretch of one that is longer than
the pack allows, between [CLS] and [SEP]. Tokens are counted as Wirelens counts them: without those two, without padding.
"""

import json
import pathlib
import sys
import time
import tomllib

import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "train"))

BATCH_TOKENS = 4096
ROWS = 32  # inputs in a batch of a pipeline
STANCES = ["against", "neutral", "favor"]


def sentences(text: str) -> list[str]:
    """As Wirelens splits an article, but for datelines: lines, and in them what `sentencex` finds."""
    import sentencex

    parts = (part.strip() for line in text.splitlines() if line.strip() for part in sentencex.segment("en", line))
    return [part for part in parts if part]


def windows(ids: list[int], cases: list[int], most: int) -> list[tuple[list[int], list[int]]]:
    """A sentence's word pieces in windows that share a quarter, as `src/reader/batches.rs` cuts them."""
    room, found, start = most - 2, [], 0
    while start < len(ids):
        found.append((ids[start : start + room], cases[start : start + room]))
        if start + room >= len(ids):
            break
        start += room - room // 4
    return found


def pack_parts(pack: pathlib.Path) -> tuple:
    """Manifest, configuration, and the tensors in single precision."""
    from safetensors.torch import load_file
    from transformers import BertConfig

    manifest = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))
    if manifest["encoder"]["family"] != "bert":
        sys.exit(f"{pack}: peers are measured with a pack of the family bert, and this is {manifest['encoder']['family']}")
    config = BertConfig.from_json_file(pack / manifest["encoder"]["config"])
    return manifest, config, {name: value.float() for name, value in load_file(pack / manifest["encoder"]["weights"]).items()}


def prepare(work: pathlib.Path, pack: pathlib.Path) -> None:
    from tokenizers import Tokenizer
    from transformers import BertForSequenceClassification, BertForTokenClassification, BertModel, PreTrainedTokenizerFast

    from encoder import case_of

    manifest, config, tensors = pack_parts(pack)
    tokenizer = Tokenizer.from_file(str(pack / manifest["encoder"]["tokenizer"]))
    tokenizer.no_truncation(), tokenizer.no_padding()
    articles = []
    for text in json.loads((work / "articles.json").read_text(encoding="utf-8")):
        article = []
        for sentence in sentences(text):
            encoding = tokenizer.encode(sentence, add_special_tokens=False)
            cases = [case_of(sentence[a:b]) for a, b in encoding.offsets]
            cut = windows(encoding.ids, cases, manifest["encoder"]["max_tokens"])
            article.append({"text": sentence, "tokens": len(encoding.ids), "windows": cut})
        articles.append(article)
    (work / "sentences.json").write_text(json.dumps(articles), encoding="utf-8")

    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", mask_token="[MASK]",
        model_max_length=manifest["encoder"]["max_tokens"],
    )  # fmt: skip
    labels = manifest["heads"]["entities"]
    models = {
        "vectors": BertModel(config, add_pooling_layer=False),
        "tokens": BertForTokenClassification(named(config, labels)),
        "pairs": BertForSequenceClassification(named(config, STANCES)),
    }
    for name, model in models.items():
        bert = model if name == "vectors" else model.bert
        state = {key.removeprefix("bert."): value for key, value in tensors.items() if key.startswith("bert.")}
        missing, surplus = bert.load_state_dict(state, strict=False)
        missing = [key for key in missing if not key.startswith("pooler.") and not key.endswith("_ids")]
        if missing or surplus:
            sys.exit(f"{pack} does not match BertModel: missing {missing}, surplus {surplus}")
        if name == "tokens":
            model.classifier.weight.data, model.classifier.bias.data = tensors["entities.weight"], tensors["entities.bias"]
        model.eval().save_pretrained(work / name)
        fast.save_pretrained(work / name)
    onnx_files(work, models["vectors"])


def named(config, labels: list[str]):
    names = dict(enumerate(labels))
    return type(config)(**(config.to_dict() | {"id2label": names, "label2id": {label: i for i, label in names.items()}}))


def onnx_files(work: pathlib.Path, bert: torch.nn.Module) -> None:
    """The encoder exported, fused by ONNX Runtime's own optimizer, and its weights quantised; compared with PyTorch."""
    import onnx
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    class Encoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = bert

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state

    encoder = Encoder().eval()
    bert.set_attn_implementation("eager")  # the form of attention that the optimizer knows
    names = ["input_ids", "attention_mask", "token_type_ids"]
    draw = torch.Generator().manual_seed(0)
    ids = torch.randint(1000, 30000, (2, 24), generator=draw)
    mask, types = torch.ones_like(ids), torch.zeros_like(ids)
    mask[1, 15:] = 0
    axes = {name: {0: "rows", 1: "width"} for name in [*names, "vectors"]}
    exported, fused = work / "encoder.onnx", work / "encoder-f32.onnx"
    torch.onnx.export(
        encoder, (ids, mask, types), str(exported), input_names=names, output_names=["vectors"], dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    optimized = optimizer.optimize_model(
        str(exported), model_type="bert", num_heads=bert.config.num_attention_heads, hidden_size=bert.config.hidden_size
    )
    fusions = optimized.get_fused_operator_statistics()
    layers = bert.config.num_hidden_layers
    if (fusions["Attention"], fusions["SkipLayerNormalization"], fusions["BiasGelu"]) != (layers, 2 * layers, layers):
        sys.exit(f"ONNX Runtime fused less than all layers: {fusions}")
    optimized.save_model_to_file(str(fused))
    options = {"DefaultTensorType": onnx.TensorProto.FLOAT}
    quantize_dynamic(str(fused), str(work / "encoder-int8.onnx"), weight_type=QuantType.QInt8, per_channel=True, extra_options=options)
    ids = torch.randint(1000, 30000, (3, 40), generator=draw)
    mask, types = torch.ones_like(ids), torch.zeros_like(ids)
    mask[1, 20:] = 0
    with torch.no_grad():
        wanted = encoder(ids, mask, types)
    for precision, limit in (("f32", 1e-3), ("int8", 1.0)):
        session = onnxruntime.InferenceSession(str(work / f"encoder-{precision}.onnx"), providers=["CPUExecutionProvider"])
        found = torch.from_numpy(session.run(None, dict(zip(names, (ids.numpy(), mask.numpy(), types.numpy()))))[0])
        difference = ((found - wanted).abs() * mask.unsqueeze(-1)).max().item()
        print(f"ONNX Runtime {precision}: largest difference to PyTorch {difference:.1e}", file=sys.stderr)
        if not difference < limit:
            sys.exit("which is too much: the exported model is another one")


def batches(work: pathlib.Path) -> tuple[list[tuple[torch.Tensor, ...]], dict]:
    """(ids, mask, cases) of all windows, by length, padded to at most `BATCH_TOKENS`; and what is in them."""
    articles = json.loads((work / "sentences.json").read_text(encoding="utf-8"))
    rows = sorted((window for article in articles for sentence in article for window in sentence["windows"]), key=lambda row: len(row[0]))
    found, at = [], 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and (len(rows[end][0]) + 2) * (end - at + 1) <= BATCH_TOKENS:
            end += 1
        members, width = rows[at:end], len(rows[end - 1][0]) + 2
        pad = lambda values, fill, width=width: values + [fill] * (width - len(values))
        ids = torch.tensor([pad([101, *ids, 102], 0) for ids, _ in members])
        cases = torch.tensor([pad([0, *cases], 0) for _, cases in members])
        mask = torch.tensor([pad([1] * (len(ids) + 2), 0) for ids, _ in members])
        found.append((ids, mask, cases))
        at = end
    counts = {"articles": len(articles), "tokens": sum(sentence["tokens"] for article in articles for sentence in article)}
    return found, counts


def timed(passes, first) -> dict:
    """Seconds of all passes, after a small one."""
    first()
    began = time.perf_counter()
    for run in passes:
        run()
    return {"seconds": time.perf_counter() - began}


def transformers_pass(work: pathlib.Path, precision: str, threads: int) -> dict:
    from transformers import AutoModel

    kind = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    model = AutoModel.from_pretrained(work / "vectors", dtype=kind, attn_implementation="sdpa", add_pooling_layer=False).eval()
    inputs, counts = batches(work)
    run = lambda batch: model(input_ids=batch[0], attention_mask=batch[1], token_type_ids=batch[2]).last_hidden_state
    with torch.inference_mode():
        return counts | timed([lambda batch=batch: run(batch) for batch in inputs], lambda: run(inputs[0]))


def onnx_pass(work: pathlib.Path, precision: str, threads: int) -> dict:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(work / f"encoder-{precision}.onnx"), options, providers=["CPUExecutionProvider"])
    inputs, counts = batches(work)
    feeds = [{"input_ids": ids.numpy(), "attention_mask": mask.numpy(), "token_type_ids": cases.numpy()} for ids, mask, cases in inputs]
    return counts | timed([lambda feed=feed: session.run(None, feed) for feed in feeds], lambda: session.run(None, feeds[0]))


def pipelines(work: pathlib.Path, precision: str, threads: int) -> dict:
    """Entities, stance and vectors by three pipelines, one after the other, over the sentences of the first articles.

    The stance of each entity found is judged on the pair of its sentence and a hypothesis (a classifier of pairs with
    a random head: its time is that of a trained one); the vectors are what salience is judged from. Pipelines do not give
    the encoder letter case, so they find somewhat other entities than Wirelens; how many they judge is printed.
    """
    from transformers import pipeline

    kind = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    make = lambda job, name, **more: pipeline(job, model=str(work / name), dtype=kind, device="cpu", batch_size=ROWS, **more)
    entities = make("token-classification", "tokens", aggregation_strategy="first")
    stance, vectors = make("text-classification", "pairs"), make("feature-extraction", "vectors")
    articles = json.loads((work / "sentences.json").read_text(encoding="utf-8"))
    articles = articles[: max(10, len(articles) // 6)]
    texts = sorted((sentence["text"] for article in articles for sentence in article), key=len)
    entities(texts[:1]), stance([{"text": texts[0], "text_pair": "it"}]), vectors(texts[:1])
    began = time.perf_counter()
    with torch.inference_mode():
        found = entities(texts)
        pairs = [{"text": text, "text_pair": f"The author supports {entity['word']}."} for text, row in zip(texts, found) for entity in row]
        stance(pairs, truncation="only_first")
        for states in vectors(texts, return_tensors=True):
            states.float().mean(1)
    seconds = time.perf_counter() - began
    tokens = sum(sentence["tokens"] for article in articles for sentence in article)
    return {"articles": len(articles), "tokens": tokens, "seconds": seconds, "mentions": len(pairs)}


def limit(work: pathlib.Path, precision: str, threads: int) -> dict:
    """The products of a layer on `BATCH_TOKENS` tokens, in the fastest of three ways, and what all tokens would take.

    Floating-point operations are counted for each window as it is, padding left out: the linear layers, and the two
    products of attention, which are held to run at the same rate.
    """
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(work / "vectors")
    hidden, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
    kind = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    shapes = [(hidden, 3 * hidden), (hidden, hidden), (hidden, inner), (inner, hidden)]
    draw = torch.Generator().manual_seed(0)
    tensor = lambda *size: torch.randn(*size, generator=draw).to(kind)
    layer = [(tensor(BATCH_TOKENS, k), tensor(n, k), tensor(n), torch.empty(BATCH_TOKENS, n, dtype=kind)) for k, n in shapes]
    ways = {
        "mm": [lambda x=x, w=w, out=out: torch.mm(x, w.t(), out=out) for x, w, _, out in layer],
        "linear": [lambda x=x, w=w, b=b: torch.nn.functional.linear(x, w, b) for x, w, b, _ in layer],
    }
    if torch.backends.mkldnn.is_available():
        packed = [(x, torch.ops.mkldnn._reorder_linear_weight(w, BATCH_TOKENS), b) for x, w, b, _ in layer]
        ways["packed"] = [lambda x=x, w=w, b=b: torch.ops.mkldnn._linear_pointwise(x, w, b, "none", [], "") for x, w, b in packed]
    weights = sum(k * n for k, n in shapes)
    rates = {}
    with torch.inference_mode():
        for name, products in ways.items():
            seconds, rounds, began = [], 0, time.perf_counter()
            while rounds < 10 or time.perf_counter() - began < 2:
                start = time.perf_counter()
                for product in products:
                    product()
                seconds.append(time.perf_counter() - start)
                rounds += 1
            rates[name] = 2 * BATCH_TOKENS * weights / sorted(seconds)[len(seconds) // 2]
    articles = json.loads((work / "sentences.json").read_text(encoding="utf-8"))
    lengths = [len(ids) + 2 for article in articles for sentence in article for ids, _ in sentence["windows"]]
    operations = layers * sum(2 * length * weights + 4 * length * length * hidden for length in lengths)
    way = max(rates, key=lambda name: rates[name])
    counts = {"articles": len(articles), "tokens": sum(sentence["tokens"] for article in articles for sentence in article)}
    return counts | {"seconds": operations / rates[way], "operations": operations, "way": way, "rates": rates}


PASSES = {"transformers": transformers_pass, "onnx": onnx_pass, "pipelines": pipelines, "limit": limit}


def main() -> None:
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    work = pathlib.Path(sys.argv[1])
    if sys.argv[2] == "prepare":
        prepare(work, pathlib.Path(sys.argv[3]))
        return
    name, precision, threads = sys.argv[2], sys.argv[3], int(sys.argv[4])
    torch.set_num_threads(threads)
    print(json.dumps(PASSES[name](work, precision, threads)))


if __name__ == "__main__":
    main()

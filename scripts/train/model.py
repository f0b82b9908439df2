"""One shared encoder with its heads: entities, stance, directed stance, attribution, salience.

The parameter names are those of the exported file; `src/reader/` in Rust loads them by the same names.
Sizes are given for an encoder of hidden size `hidden`: 384 for `compact`, 768 for `base`.
"""

import torch
from torch import nn

STANCE_HIDDEN = 256
ATTENTION_SIZE = 64  # of one attention head in a head below
SALIENCE_FEATURES = 18
SALIENCE_MEMBERS = 5
SALIENCE_HIDDEN = 16 * SALIENCE_MEMBERS
IGNORE = -100
# Beginnings of the names of what is trained when the encoder and the other heads are finished.
TRAINED_AFTER = ("salience.", "article.", "position.article.")
STANCES = 3
QUOTE_LABELS = 9  # O, B, I for each of source, cue and content
# Whether the processor multiplies matrices of bfloat16 itself. PyTorch imitates it where AVX-512 lacks it, and then single
# precision is four times as fast.
HAS_BF16 = any(torch.cpu.get_capabilities().get(name, False) for name in ("avx512_bf16", "amx_bf16"))


def mean_over(states: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Means of token vectors. states (n, tokens, hidden), weights (n, tokens) of 0 and 1 → (n, hidden)."""
    return (states * weights.unsqueeze(-1)).sum(1) / weights.sum(1, keepdim=True).clamp(min=1)


class QuickDropout(nn.Module):
    """Dropout that takes its mask from a random place of one long random mask.

    Drawing a number for every activation is an eighth of a training step on a CPU; two cuts of a mask of four
    million are hardly ever alike.
    """

    LENGTH = 1 << 22

    def __init__(self, share: float):
        super().__init__()
        self.share = share
        kept = torch.rand(self.LENGTH) >= share
        self.register_buffer("mask", (kept / (1 - share)).to(torch.bfloat16), persistent=False)

    @classmethod
    def replace(cls, net: nn.Module, share: float) -> None:
        """Puts one in place of every dropout of `net` that drops anything."""
        quick = cls(share)
        for module in net.modules():
            for name, child in module.named_children():
                if isinstance(child, nn.Dropout) and child.p > 0:
                    setattr(module, name, quick)

    def forward(self, states):
        if not self.training:
            return states
        if states.numel() > self.LENGTH:
            return nn.functional.dropout(states, self.share)
        start = int(torch.randint(self.LENGTH - states.numel() + 1, ()))
        return states * self.mask[start : start + states.numel()].view(states.shape)


class Attention(nn.Module):
    """Looks over the tokens of a sentence with one question, and gives what it attends to."""

    def __init__(self, question: int, hidden: int):
        super().__init__()
        self.query = nn.Linear(question, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)

    def attend(self, question, states, mask):
        """question (n, question), states (n, tokens, hidden), mask (n, tokens) → (n, hidden)."""
        n, tokens, hidden = states.shape
        heads = hidden // ATTENTION_SIZE
        query = self.query(question).view(n, heads, 1, ATTENTION_SIZE)
        key = self.key(states).view(n, tokens, heads, ATTENTION_SIZE).transpose(1, 2)
        value = self.value(states).view(n, tokens, heads, ATTENTION_SIZE).transpose(1, 2)
        scores = (query * key).sum(-1) / ATTENTION_SIZE**0.5
        scores = scores.masked_fill(mask.unsqueeze(1) == 0, float("-inf"))
        return (scores.softmax(-1).unsqueeze(-1) * value).sum(2).reshape(n, hidden)


class StanceHead(Attention):
    """{against, neutral, favor} for one mention: its mean token vector, what it attends to in the sentence, [CLS], the mean.

    The mention looks over its sentence with one attention layer of its own (query: the mention; keys
    and values: the tokens), which costs next to nothing beside the encoder and spares a second pass.
    """

    def __init__(self, hidden: int, dropout: float):
        super().__init__(hidden, hidden)
        self.hidden = nn.Linear(4 * hidden, STANCE_HIDDEN)
        self.out = nn.Linear(STANCE_HIDDEN, STANCES)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states, mask, mention):
        """states (n, tokens, hidden), mask and mention (n, tokens) of 0 and 1 → logits (n, 3)."""
        span = mean_over(states, mention)
        context = self.attend(span, states, mask)
        joined = torch.cat([span, context, states[:, 0], mean_over(states, mask)], -1)
        return self.out(self.dropout(torch.tanh(self.hidden(self.dropout(joined)))))


class DirectedHead(Attention):
    """{against, neutral, favor} of one mention, the holder, towards another, the target.

    As `StanceHead`, with both mentions: the query is made from the two mean token vectors, and both are inputs.
    """

    def __init__(self, hidden: int, dropout: float):
        super().__init__(2 * hidden, hidden)
        self.hidden = nn.Linear(5 * hidden, STANCE_HIDDEN)
        self.out = nn.Linear(STANCE_HIDDEN, STANCES)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states, mask, holder, target):
        """states (n, tokens, hidden), mask, holder and target (n, tokens) of 0 and 1 → logits (n, 3)."""
        pair = torch.cat([mean_over(states, holder), mean_over(states, target)], -1)
        context = self.attend(pair, states, mask)
        joined = torch.cat([pair, context, states[:, 0], mean_over(states, mask)], -1)
        return self.out(self.dropout(torch.tanh(self.hidden(self.dropout(joined)))))


class SalienceHead(nn.Module):
    """How much a sentence belongs in a summary, from the numbers of `salience.features`.

    They say where it stands, and how near its vector is to the article's. The vector itself is not an
    input: with some 300 articles to train on, that made held-out summaries no better or worse.
    """

    def __init__(self, units: int = SALIENCE_HIDDEN):
        super().__init__()
        self.hidden = nn.Linear(SALIENCE_FEATURES, units)
        self.out = nn.Linear(units, 1)

    @classmethod
    def average(cls, members: list["SalienceHead"]) -> "SalienceHead":
        """The mean of several nets' logits, as one net with all their units."""
        head = cls(sum(member.hidden.out_features for member in members))
        with torch.no_grad():
            head.hidden.weight.copy_(torch.cat([member.hidden.weight for member in members]))
            head.hidden.bias.copy_(torch.cat([member.hidden.bias for member in members]))
            head.out.weight.copy_(torch.cat([member.out.weight for member in members], 1) / len(members))
            head.out.bias.copy_(torch.stack([member.out.bias for member in members]).mean(0))
        return head

    def forward(self, numbers):
        """(sentences, SALIENCE_FEATURES) of one article → logits (sentences)."""
        return self.out(torch.tanh(self.hidden(numbers))).squeeze(-1)


class Net(nn.Module):
    """An encoder under the name of its family (`bert`, `mpnet`), and its heads."""

    def __init__(self, encoder: nn.Module, family: str, labels: int, dropout: float = 0.1, salience: bool = False):
        super().__init__()
        self.family, self.size = family, encoder.config.hidden_size
        # Heads that an older pack does not have.
        self.lacking: set[str] = set()
        self.add_module(family, encoder)
        self.entities = nn.Linear(self.size, labels)
        self.stance = StanceHead(self.size, 0.3)
        self.directed = DirectedHead(self.size, 0.3)
        self.position = StanceHead(self.size, 0.3)
        self.paragraph = StanceHead(self.size, 0.3)
        self.attribution = nn.Linear(self.size, QUOTE_LABELS)
        self.sentence = nn.Linear(2 * self.size, self.size)
        # Trained after the others, on vectors of the finished encoder; `train.py` leaves it out.
        self.salience = SalienceHead() if salience else None
        self.dropout = nn.Dropout(dropout)

    def sentence_vectors(self, states, mask):
        """From states (n, tokens, hidden): a layer over [CLS] and the mean → (n, hidden). Without that layer, the mean."""
        means = mean_over(states, mask)
        return means if "sentence" in self.lacking else self.sentence(torch.cat([states[:, 0], means], -1))

    def encode(self, ids, mask, case):
        """Token vectors: three (n, tokens) tensors of integers → (n, tokens, hidden)."""
        encoder = getattr(self, self.family)
        return encoder(input_ids=ids, attention_mask=mask, token_type_ids=case).last_hidden_state

"""One shared encoder with three heads: entities, stance, salience.

The parameter names are those of the exported file; `src/reader/` in Rust loads them by the same names.
"""

import torch
from torch import nn
from transformers import BertModel

HIDDEN = 384
STANCE_HIDDEN = 256
SALIENCE_FEATURES = 18
SALIENCE_MEMBERS = 5
SALIENCE_HIDDEN = 16 * SALIENCE_MEMBERS
IGNORE = -100


def mean_over(states: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Means of token vectors. states (n, tokens, hidden), weights (n, tokens) of 0 and 1 → (n, hidden)."""
    return (states * weights.unsqueeze(-1)).sum(1) / weights.sum(1, keepdim=True).clamp(min=1)


class StanceHead(nn.Module):
    """{against, neutral, favor} for one mention: its mean token vector, what it attends to in the sentence, [CLS], the mean.

    The mention looks over its sentence with one attention layer of its own (query: the mention; keys
    and values: the tokens), which costs next to nothing beside the encoder and spares a second pass.
    """

    def __init__(self, dropout: float):
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.hidden = nn.Linear(4 * HIDDEN, STANCE_HIDDEN)
        self.out = nn.Linear(STANCE_HIDDEN, 3)
        self.dropout = nn.Dropout(dropout)

    HEADS = 6

    def forward(self, states, mask, mention):
        """states (n, tokens, hidden), mask and mention (n, tokens) of 0 and 1 → logits (n, 3)."""
        n, tokens, _ = states.shape
        span, size = mean_over(states, mention), HIDDEN // self.HEADS
        query = self.query(span).view(n, self.HEADS, 1, size)
        key = self.key(states).view(n, tokens, self.HEADS, size).transpose(1, 2)
        value = self.value(states).view(n, tokens, self.HEADS, size).transpose(1, 2)
        scores = (query * key).sum(-1) / size**0.5
        scores = scores.masked_fill(mask.unsqueeze(1) == 0, float("-inf"))
        context = (scores.softmax(-1).unsqueeze(-1) * value).sum(2).reshape(n, HIDDEN)
        joined = torch.cat([span, context, states[:, 0], mean_over(states, mask)], -1)
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


class Compact(nn.Module):
    def __init__(self, bert: BertModel, labels: int, dropout: float = 0.1, salience: bool = False):
        super().__init__()
        self.bert = bert
        self.entities = nn.Linear(HIDDEN, labels)
        self.stance = StanceHead(0.3)
        # Trained after the others, on vectors of the finished encoder; `train.py` leaves it out.
        self.salience = SalienceHead() if salience else None
        self.dropout = nn.Dropout(dropout)

    def encode(self, ids, mask, case):
        """Token vectors: three (n, tokens) tensors of integers → (n, tokens, hidden)."""
        return self.bert(input_ids=ids, attention_mask=mask, token_type_ids=case).last_hidden_state

# SPDX-License-Identifier: Apache-2.0
#
# model.py - the token classifiers that were compared. All take ids and
# features, (batch, tokens) and (batch, tokens, columns), and a mask; all give
# logits, (batch, tokens, tags).
"""Shapes of students."""

import torch
from torch import nn
from torch.nn import functional as F

import layout


class Inputs(nn.Module):
    """Pieces and features, added up. A row of features is a row of ones and
    zeros, one column for each value: a product is faster than many look-ups."""

    def __init__(self, pieces, width, columns):
        super().__init__()
        self.word = nn.Embedding(pieces, width)
        sizes = [n for _, n in layout.FEATURES[:columns]]
        self.register_buffer("offsets", torch.tensor(
            [sum(sizes[:at]) for at in range(len(sizes))], dtype=torch.long),
            persistent=False)
        self.values = sum(sizes)
        self.table = nn.Parameter(torch.randn(self.values, width) * 0.05)
        self.norm = nn.LayerNorm(width)

    def forward(self, ids, features, places=None):
        x = self.word(ids)
        if self.values:
            ones = torch.zeros(*ids.shape, self.values, device=ids.device)
            ones.scatter_(2, features[..., :len(self.offsets)] + self.offsets, 1)
            x = x + ones @ self.table
        return self.norm(x if places is None else x + places)


class Convolution(nn.Module):
    """Depthwise over the tokens, then pointwise, added to what came in."""

    def __init__(self, width, reach, dilation):
        super().__init__()
        self.depth = nn.Conv1d(width, width, reach, groups=width,
                               padding=dilation * (reach // 2),
                               dilation=dilation)
        self.norm = nn.LayerNorm(width)
        self.point = nn.Linear(width, width)

    def forward(self, x, mask, drop):
        h = self.depth((x * mask).transpose(1, 2)).transpose(1, 2)
        h = F.relu(self.point(self.norm(h)))
        return x + F.dropout(h, drop, self.training)


class Tagger(nn.Module):
    """`convolutions` dilated layers, then `layers` of LSTM both ways."""

    def __init__(self, pieces, width=256, convolutions=(), layers=2, hidden=128,
                 columns=len(layout.FEATURES), drop=0.25):
        super().__init__()
        self.settings = dict(pieces=pieces, width=width, hidden=hidden,
                             convolutions=list(convolutions), layers=layers,
                             columns=columns, drop=drop)
        self.drop = drop
        self.inputs = Inputs(pieces, width, columns)
        self.convolutions = nn.ModuleList(
            Convolution(width, 5, d) for d in convolutions)
        self.lstm = nn.LSTM(width, hidden, layers, batch_first=True,
                            bidirectional=True, dropout=drop) if layers else None
        self.out = nn.Linear(2 * hidden if layers else width, len(layout.TAGS))

    def forward(self, ids, features, mask):
        x = F.dropout(self.inputs(ids, features), self.drop, self.training)
        wide = mask.unsqueeze(-1).to(x.dtype)
        for layer in self.convolutions:
            x = layer(x, wide, self.drop / 2)
        if self.lstm is not None:
            if mask.all():
                x, _ = self.lstm(x)
            else:
                packed = nn.utils.rnn.pack_padded_sequence(
                    x, mask.sum(1).cpu(), batch_first=True,
                    enforce_sorted=False)
                x, _ = self.lstm(packed)
                x, _ = nn.utils.rnn.pad_packed_sequence(
                    x, batch_first=True, total_length=mask.shape[1])
        x = F.dropout(x, self.drop, self.training)
        return self.out(x)

    def groups(self, rate):
        """Learning rates: pieces, which many batches lack, at half the rate."""
        word = self.inputs.word.weight
        rest = [p for p in self.parameters() if p is not word]
        return [{"params": rest, "lr": rate},
                {"params": [word], "lr": 0.5 * rate}]

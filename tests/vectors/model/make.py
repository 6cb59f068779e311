#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make.py - the smallest bundle that the runtimes load: a tagger that knows a
handful of words by heart.

    python3 tests/vectors/model/make.py      (needs the packages onnx and numpy)

Each piece of the vocabulary has a row of logits, and so has each shape of a
word, which the engine tells beside the ids: a word in mixed case is a patient.
Two words are there to break things: `quagmire` gives numbers that are not
finite, and at `kaboom` the run itself fails (an index out of range). The
vocabulary holds every Latin letter, so that any text has tokens.
"""
import hashlib
import json
import os
import string

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
TAGS = ["O", "B-PATIENT", "I-PATIENT", "B-TOWN", "I-TOWN"]
WORDS = {"Thandeka": "B-PATIENT", "Ncube": "B-PATIENT", "Osprina": "B-PATIENT",
         "Oakhaven": "B-TOWN", "Brumelot": "B-TOWN"}
BREAKS = ["quagmire", "kaboom"]
FEATURES = [("place", 6), ("shape", 24)]
MIXED = 5  # of `shape`: vreLko
CANARY = "Osprina came along from Oakhaven."


def vocabulary():
    letters = string.ascii_letters + string.digits
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    pieces += [c for c in string.printable if c.isprintable() and c != " "]
    pieces += ["##" + c for c in letters]
    return pieces + list(WORDS) + BREAKS


def tokenizer(pieces):
    added = [{"id": i, "content": p, "single_word": False, "lstrip": False,
              "rstrip": False, "normalized": False, "special": True}
             for i, p in enumerate(pieces[:4])]
    special = {p: {"id": p, "ids": [pieces.index(p)], "tokens": [p]}
               for p in ("[CLS]", "[SEP]")}
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": added,
            "normalizer": {"type": "BertNormalizer", "clean_text": True,
                           "handle_chinese_chars": True, "strip_accents": True,
                           "lowercase": False},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                           {"Sequence": {"id": "A", "type_id": 0}},
                           {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                         {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": special},
            "decoder": None,
            "model": {"type": "WordPiece", "unk_token": "[UNK]",
                      "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100,
                      "vocab": {p: i for i, p in enumerate(pieces)}}}


def network(pieces):
    rows = np.zeros((len(pieces), len(TAGS)), dtype=np.float32)
    rows[:, 0] = 6
    for word, tag in WORDS.items():
        row = rows[pieces.index(word)]
        row[:] = 0
        row[TAGS.index(tag)] = 8
    rows[pieces.index("quagmire")] = np.nan
    # Every piece leads to its own row, and `kaboom` out of the table.
    jump = np.arange(len(pieces), dtype=np.int32)
    jump[pieces.index("kaboom")] = 1_000_000
    shapes = np.zeros((FEATURES[1][1], len(TAGS)), dtype=np.float32)
    shapes[MIXED, 1] = 20
    graph = helper.make_graph(
        [helper.make_node("Gather", ["jump", "input_ids"], ["places"]),
         helper.make_node("Gather", ["rows", "places"], ["by_word"]),
         helper.make_node("Gather", ["features", "second"], ["shape"], axis=2),
         helper.make_node("Gather", ["shapes", "shape"], ["by_shape"]),
         helper.make_node("Add", ["by_word", "by_shape"], ["logits"])],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT32,
                                       [1, "tokens"]),
         helper.make_tensor_value_info("features", TensorProto.INT32,
                                       [1, "tokens", len(FEATURES)])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT,
                                       [1, "tokens", len(TAGS)])],
        [numpy_helper.from_array(jump, "jump"),
         numpy_helper.from_array(rows, "rows"),
         numpy_helper.from_array(shapes, "shapes"),
         numpy_helper.from_array(np.int64(1), "second")])
    model = helper.make_model(
        graph, producer_name="scrubjay",
        opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(data)
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def main():
    pieces = vocabulary()
    files = {
        "model.onnx": write("model.onnx", network(pieces)),
        "tokenizer.json": write("tokenizer.json", json.dumps(
            tokenizer(pieces), separators=(",", ":")).encode() + b"\n")}
    manifest = {
        "format": 1, "name": "tiny", "version": "1.0.0",
        "languages": ["en", "fr"], "files": files,
        "inputs": {"ids": "input_ids", "features": "features"},
        "output": "logits", "window": 64, "overlap": 16,
        "features": [{"name": n, "values": v} for n, v in FEATURES],
        "tags": TAGS,
        "labels": {"PATIENT": {"label": "NAME", "role": "patient"},
                   "TOWN": {"label": "CITY"}},
        "threshold": 0.5,
        "canary": {"text": CANARY, "labels": ["NAME", "CITY"]},
        "licence": "Apache-2.0", "ingredients": [],
        "training": "written by make.py; nothing was learnt"}
    write("manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make.py - the bundle that the tests of the command line load, and models that
must be refused. Needs the package `onnx` (1.23.2 made what is here); the tests
need nothing of it.

    tests/vectors/bundle/make.py

The model is a table: an invented word that it knows is a name or a town, and so
is any word in mixed case, by what the engine knows of it. The word `boom` gives
what is no number, in a text that was good until then.
"""
import hashlib
import json
import os

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
TAGS = ["O", "B-PERSON", "I-PERSON", "B-TOWN", "I-TOWN"]
WORDS = ["[UNK]", "[CLS]", "[SEP]", "vrelkomat", "Saltmere", "boom", "Quist"]
FEATURES = [("shape", 24), ("place", 6)]
CANARY = {"text": "Saw vrelkomat in Saltmere.", "labels": ["NAME", "CITY"]}


def tables(boom=numpy.nan):
    by_word = numpy.zeros((len(WORDS), len(TAGS)), numpy.float32)
    by_word[:, 0] = 4
    by_word[WORDS.index("vrelkomat"), 1] = 9
    by_word[WORDS.index("Quist"), 2] = 9
    by_word[WORDS.index("Saltmere"), 3] = 9
    by_word[WORDS.index("boom"), 0] = boom
    by_shape = numpy.zeros((24, len(TAGS)), numpy.float32)
    by_shape[5, 1] = 9  # mixed case
    return by_word, by_shape


def model(by_word, by_shape, ids="input_ids", kind=TensorProto.INT32,
          output="logits"):
    tables_of = [numpy_helper.from_array(by_word, "by_word"),
                 numpy_helper.from_array(by_shape, "by_shape"),
                 numpy_helper.from_array(numpy.int64(0), "first")]
    nodes = [helper.make_node("Gather", ["by_word", ids], ["words"]),
             helper.make_node("Gather", ["features", "first"], ["shape"],
                              axis=2),
             helper.make_node("Gather", ["by_shape", "shape"], ["shapes"]),
             helper.make_node("Add", ["words", "shapes"], [output])]
    inputs = [helper.make_tensor_value_info(ids, kind, [1, "n"]),
              helper.make_tensor_value_info("features", TensorProto.INT32,
                                            [1, "n", len(FEATURES)])]
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT,
                                             [1, "n", by_word.shape[1]])]
    graph = helper.make_graph(nodes, "table", inputs, outputs, tables_of)
    made = helper.make_model(graph, ir_version=8, producer_name="scrubjay",
                             opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(made)
    return made.SerializeToString()


def tokenizer():
    special = [{"id": i, "content": w, "single_word": False, "lstrip": False,
                "rstrip": False, "normalized": False, "special": True}
               for i, w in enumerate(WORDS[:3])]
    piece = {"Sequence": {"id": "A", "type_id": 0}}
    cls = {"SpecialToken": {"id": "[CLS]", "type_id": 0}}
    sep = {"SpecialToken": {"id": "[SEP]", "type_id": 0}}
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": special, "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing", "single": [cls, piece, sep],
            "pair": [cls, piece, sep],
            "special_tokens": {w: {"id": w, "ids": [i], "tokens": [w]}
                               for i, w in enumerate(WORDS[:3])}},
        "decoder": None,
        "model": {"type": "WordLevel", "unk_token": "[UNK]",
                  "vocab": {w: i for i, w in enumerate(WORDS)}}},
        indent=1).encode()


def manifest(files):
    return json.dumps({
        "format": 1, "name": "tiny", "version": "1.0.0",
        "languages": ["en", "fr"],
        "files": {name: {"bytes": len(data),
                         "sha256": hashlib.sha256(data).hexdigest()}
                  for name, data in files.items()},
        "inputs": {"ids": "input_ids", "features": "features"},
        "output": "logits", "window": 16, "overlap": 4,
        "features": [{"name": n, "values": v} for n, v in FEATURES],
        "tags": TAGS,
        "labels": {"PERSON": {"label": "NAME", "role": "patient"},
                   "TOWN": "CITY"},
        "threshold": 0.5, "canary": CANARY, "licence": "Apache-2.0"},
        indent=1).encode() + b"\n"


def write(name, data):
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def main():
    by_word, by_shape = tables()
    files = {"model.onnx": model(by_word, by_shape), "tokenizer.json": tokenizer()}
    for name, data in files.items():
        write(f"tiny/{name}", data)
    write("tiny/manifest.json", manifest(files))
    # What must be refused: each in the place of model.onnx.
    write("other-name.onnx", model(by_word, by_shape, ids="tokens"))
    write("other-type.onnx", model(by_word, by_shape, kind=TensorProto.INT64))
    write("other-output.onnx", model(by_word, by_shape, output="scores"))
    write("other-tags.onnx", model(by_word[:, :4].copy(), by_shape[:, :4].copy()))
    write("no-number.onnx", model(by_word * numpy.nan, by_shape))
    write("finds-nothing.onnx", model(by_word * 0, by_shape))


if __name__ == "__main__":
    main()

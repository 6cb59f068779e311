#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_distilbert.py - a token classifier of DistilBERT's shape with random
weights, full and dynamic int8, as transformers.js loads it: for bench_model.js,
which compares times and memory, never answers.

    tests/bench/make_distilbert.py TOKENIZER.json OUT

Needs the packages onnx, onnxruntime and numpy. The files hold 265 and 67 MB.
"""
import json
import os
import shutil
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS, WIDTH, HEADS, INNER, PLACES, TAGS = 6, 768, 12, 3072, 512, 9
rng = np.random.default_rng(1)
nodes, weights = [], []


def weight(name, *shape, scale=0.02):
    values = rng.standard_normal(shape, dtype=np.float32) * scale
    weights.append(numpy_helper.from_array(values.astype(np.float32), name))
    return name


def constant(name, values, kind):
    weights.append(numpy_helper.from_array(np.array(values, dtype=kind), name))
    return name


def op(kind, inputs, out, **attributes):
    nodes.append(helper.make_node(kind, inputs, [out], name=out, **attributes))
    return out


def dense(x, name, inner, outer):
    y = op("MatMul", [x, weight(name + ".w", inner, outer)], name + ".m")
    return op("Add", [y, weight(name + ".b", outer)], name)


def norm(x, name):
    return op("LayerNormalization",
              [x, constant(name + ".g", np.ones(WIDTH), np.float32),
               constant(name + ".c", np.zeros(WIDTH), np.float32)], name,
              axis=-1, epsilon=1e-12)


def gelu(x, name):
    y = op("Erf", [op("Div", [x, "root2"], name + ".d")], name + ".e")
    y = op("Mul", [x, op("Add", [y, "one"], name + ".a")], name + ".x")
    return op("Mul", [y, "half"], name)


def heads(x, name, perm):
    y = op("Reshape", [x, "split"], name + ".r")
    return op("Transpose", [y], name, perm=perm)


def layer(x, i):
    n = f"layer{i}"
    q = heads(dense(x, n + ".q", WIDTH, WIDTH), n + ".qh", [0, 2, 1, 3])
    k = heads(dense(x, n + ".k", WIDTH, WIDTH), n + ".kh", [0, 2, 3, 1])
    v = heads(dense(x, n + ".v", WIDTH, WIDTH), n + ".vh", [0, 2, 1, 3])
    s = op("MatMul", [op("Div", [q, "root"], n + ".qs"), k], n + ".s")
    s = op("Softmax", [op("Add", [s, "mask"], n + ".sm")], n + ".p", axis=-1)
    y = op("Transpose", [op("MatMul", [s, v], n + ".o")], n + ".ot",
           perm=[0, 2, 1, 3])
    y = dense(op("Reshape", [y, "join"], n + ".oj"), n + ".out", WIDTH, WIDTH)
    x = norm(op("Add", [x, y], n + ".r1"), n + ".n1")
    y = gelu(dense(x, n + ".f1", WIDTH, INNER), n + ".g")
    y = dense(y, n + ".f2", INNER, WIDTH)
    return norm(op("Add", [x, y], n + ".r2"), n + ".n2")


def build(pieces):
    for name, value in [("root2", 2 ** 0.5), ("one", 1), ("half", 0.5),
                        ("root", (WIDTH / HEADS) ** 0.5), ("far", -1e9)]:
        constant(name, value, np.float32)
    constant("split", [0, 0, HEADS, WIDTH // HEADS], np.int64)
    constant("join", [0, 0, WIDTH], np.int64)
    constant("places", [np.arange(PLACES)], np.int64)
    for name, values in [("zero", [0]), ("axis1", [1]), ("middle", [1, 2])]:
        constant(name, values, np.int64)
    mask = op("Cast", ["attention_mask"], "mask.f", to=TensorProto.FLOAT)
    mask = op("Mul", [op("Sub", ["one", mask], "mask.i"), "far"], "mask.n")
    op("Unsqueeze", [mask, "middle"], "mask")
    x = op("Gather", [weight("words", pieces, WIDTH), "input_ids"], "x.w")
    count = op("Slice", [op("Shape", ["input_ids"], "x.s"), "axis1",
                         constant("two", [2], np.int64)], "x.n")
    where = op("Slice", ["places", "zero", count, "axis1"], "x.i")
    x = op("Add", [x, op("Gather", [weight("at", PLACES, WIDTH), where], "x.p")],
           "x.e")
    x = norm(x, "x.norm")
    for i in range(LAYERS):
        x = layer(x, i)
    y = op("MatMul", [x, weight("tags.w", WIDTH, TAGS)], "tags.m")
    op("Add", [y, weight("tags.b", TAGS)], "logits")
    shape = ["batch", "tokens"]
    graph = helper.make_graph(
        nodes, "distilbert",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape)
         for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT,
                                       shape + [TAGS])], weights)
    model = helper.make_model(graph, ir_version=8, opset_imports=[
        helper.make_opsetid("", 17)])
    onnx.checker.check_model(model)
    return model


def main():
    tokenizer, out = sys.argv[1:]
    with open(tokenizer, encoding="utf-8") as f:
        pieces = len(json.load(f)["model"]["vocab"])
    os.makedirs(f"{out}/onnx", exist_ok=True)
    shutil.copy(tokenizer, f"{out}/tokenizer.json")
    tags = {str(i): f"B-T{i}" if i else "O" for i in range(TAGS)}
    for name, value in [
            ("tokenizer_config.json", {"tokenizer_class": "BertTokenizer",
                                       "model_max_length": PLACES}),
            ("config.json", {
                "model_type": "distilbert", "vocab_size": pieces,
                "architectures": ["DistilBertForTokenClassification"],
                "dim": WIDTH, "n_layers": LAYERS, "n_heads": HEADS,
                "hidden_dim": INNER, "max_position_embeddings": PLACES,
                "id2label": tags,
                "label2id": {tag: int(i) for i, tag in tags.items()}})]:
        with open(f"{out}/{name}", "w", encoding="utf-8") as f:
            json.dump(value, f)
    onnx.save(build(pieces), f"{out}/onnx/model.onnx")
    from onnxruntime.quantization import quantize_dynamic
    quantize_dynamic(f"{out}/onnx/model.onnx", f"{out}/onnx/model_quantized.onnx")


if __name__ == "__main__":
    main()

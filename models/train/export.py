# SPDX-License-Identifier: Apache-2.0
#
# export.py - a trained tagger as ONNX: weights stored as 8-bit integers with a
# scale for each row, arithmetic in floats, so that every host gives the same
# spans. The graph is written node by node: what stands in it is what runs.
"""Write model.onnx and manifest.json of a bundle."""

import hashlib
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import layout

OPSET = 17


def quantised(matrix, axis):
    """int8 values and the scale of each row along `axis`."""
    axes = tuple(a for a in range(matrix.ndim) if a != axis)
    scale = np.abs(matrix).max(axis=axes, keepdims=True) / 127
    scale[scale == 0] = 1
    whole = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
    return whole, scale.astype(np.float32)


class Graph:
    """Nodes and stored arrays, by name; `whole` keeps matrices as floats."""

    def __init__(self, whole=False):
        self.nodes, self.stored, self.count = [], [], 0
        self.whole = whole

    def keep(self, name, array):
        self.stored.append(numpy_helper.from_array(
            np.ascontiguousarray(array), name))
        return name

    def node(self, kind, inputs, outputs=1, **attributes):
        self.count += 1
        names = [f"{kind.lower()}_{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0]

    def weight(self, name, matrix, axis=-1):
        """A matrix kept as int8, as floats again in the graph."""
        if self.whole:
            return self.keep(name, matrix)
        whole, scale = quantised(matrix, axis % matrix.ndim)
        return self.node("Mul", [
            self.node("Cast", [self.keep(name, whole)], to=TensorProto.FLOAT),
            self.keep(name + "_scale", scale)])


def lstm_weights(model, layer):
    """W, R and B as ONNX orders them: gates i, o, f, c; both ways."""
    hidden = model.lstm.hidden_size

    def gates(array):
        i, f, g, o = np.split(array, 4)
        return np.concatenate([i, o, f, g])

    out = []
    for kind in ("weight_ih", "weight_hh"):
        out.append(np.stack([gates(get(model.lstm, f"{kind}_l{layer}{way}"))
                             for way in ("", "_reverse")]))
    out.append(np.stack([np.concatenate([
        gates(get(model.lstm, f"{kind}_l{layer}{way}"))
        for kind in ("bias_ih", "bias_hh")]) for way in ("", "_reverse")]))
    return out, hidden


def get(module, name):
    return getattr(module, name).detach().numpy().astype(np.float32)


def norm(graph, x, module, name):
    return graph.node("LayerNormalization", [
        x, graph.keep(name + "_weight", get(module, "weight")),
        graph.keep(name + "_bias", get(module, "bias"))],
        axis=-1, epsilon=module.eps)


def look_up(graph, table):
    """Rows of the embedding. Only those asked for become floats."""
    if graph.whole:
        return graph.node("Gather", [graph.keep("word", table), "input_ids"])
    whole, scale = quantised(table, 0)
    rows = graph.node("Gather", [graph.keep("word", whole), "input_ids"])
    return graph.node("Mul", [
        graph.node("Cast", [rows], to=TensorProto.FLOAT),
        graph.node("Gather", [graph.keep("word_scale", scale), "input_ids"])])


def embed(graph, model):
    x = look_up(graph, get(model.inputs.word, "weight"))
    if model.inputs.values:
        values = get(model.inputs, "table")
        known = graph.node("Gather", [
            graph.weight("known", values, 0),
            graph.node("Add", ["features", graph.keep(
                "known_offsets",
                model.inputs.offsets.numpy().astype(np.int32))])])
        x = graph.node("Add", [x, graph.node("ReduceSum", [
            known, graph.keep("known_axis", np.array([2], np.int64))],
            keepdims=0)])
    return norm(graph, x, model.inputs.norm, "input_norm")


def convolve(graph, x, layer, name):
    reach = layer.depth.kernel_size[0]
    dilation = layer.depth.dilation[0]
    pad = dilation * (reach // 2)
    h = graph.node("Transpose", [x], perm=[0, 2, 1])
    h = graph.node("Conv", [
        h, graph.keep(name + "_depth", get(layer.depth, "weight")),
        graph.keep(name + "_depth_bias", get(layer.depth, "bias"))],
        dilations=[dilation], group=layer.depth.groups, kernel_shape=[reach],
        pads=[pad, pad])
    h = graph.node("Transpose", [h], perm=[0, 2, 1])
    h = norm(graph, h, layer.norm, name + "_norm")
    h = graph.node("MatMul", [h, graph.weight(
        name + "_point", get(layer.point, "weight").T)])
    h = graph.node("Add", [h, graph.keep(
        name + "_point_bias", get(layer.point, "bias"))])
    return graph.node("Add", [x, graph.node("Relu", [h])])


def recur(graph, x, model, layer):
    (w, r, b), hidden = lstm_weights(model, layer)
    name = f"lstm{layer}"
    h = graph.node("Transpose", [x], perm=[1, 0, 2])
    h = graph.node("LSTM", [
        h, graph.weight(name + "_w", w, 1), graph.weight(name + "_r", r, 1),
        graph.keep(name + "_b", b)], 3, hidden_size=hidden,
        direction="bidirectional")
    h = graph.node("Transpose", [h], perm=[2, 0, 1, 3])
    return graph.node("Reshape", [h, graph.keep(
        name + "_shape", np.array([1, -1, 2 * hidden], np.int64))])


def graph_of(model, whole=False):
    model.eval()
    graph = Graph(whole)
    x = embed(graph, model)
    for number, layer in enumerate(model.convolutions):
        x = convolve(graph, x, layer, f"conv{number}")
    for layer in range(model.settings["layers"]):
        x = recur(graph, x, model, layer)
    x = graph.node("MatMul", [x, graph.weight(
        "out", get(model.out, "weight").T)])
    graph.nodes.append(helper.make_node(
        "Add", [x, graph.keep("out_bias", get(model.out, "bias"))],
        ["logits"]))
    columns = model.settings["columns"]
    inputs = [helper.make_tensor_value_info(
        "input_ids", TensorProto.INT32, [1, "tokens"])]
    if columns:
        inputs.append(helper.make_tensor_value_info(
            "features", TensorProto.INT32, [1, "tokens", columns]))
    output = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, [1, "tokens", len(layout.TAGS)])
    made = helper.make_model(
        helper.make_graph(graph.nodes, "scrubjay", inputs, [output],
                          graph.stored),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="scrubjay", ir_version=8)
    onnx.checker.check_model(made)
    return made


def describe(path):
    with open(path, "rb") as file:
        data = file.read()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def write(model, tokenizer, folder, more, whole=False):
    """The bundle's three files. `more` holds the manifest's other fields."""
    os.makedirs(folder, exist_ok=True)
    onnx.save(graph_of(model, whole), os.path.join(folder, "model.onnx"))
    with open(tokenizer, encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(folder, "tokenizer.json"), "w",
              encoding="utf-8") as file:
        file.write(text)
    columns = layout.FEATURES[:model.settings["columns"]]
    manifest = {
        "format": 1,
        **more,
        "files": {name: describe(os.path.join(folder, name))
                  for name in ("model.onnx", "tokenizer.json")},
        "inputs": {"ids": "input_ids",
                   **({"features": "features"} if columns else {})},
        "output": "logits",
        "features": [{"name": n, "values": v} for n, v in columns],
        "tags": layout.TAGS,
        "labels": layout.labels(),
    }
    with open(os.path.join(folder, "manifest.json"), "w",
              encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.write("\n")
    return manifest

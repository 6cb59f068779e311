# SPDX-License-Identifier: Apache-2.0
#
# begin.py - a bundle's weights as a tagger again, so that a training can go on
# from what is shipped: the way back of export.py. 8 bits were enough to use
# the weights and are enough to begin with.
"""Read model.onnx of a bundle that export.py wrote."""

import os

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import model as models


class Stored:
    """The arrays of a graph, as floats."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        self.nodes = graph.node
        self.arrays = {i.name: numpy_helper.to_array(i)
                       for i in graph.initializer}

    def __contains__(self, name):
        return name in self.arrays

    def get(self, name):
        array = self.arrays[name].astype(np.float32)
        scale = self.arrays.get(name + "_scale")
        return array if scale is None else array * scale

    def dilations(self):
        """Of the convolutions, in their order."""
        return [a.ints[0] for node in self.nodes if node.op_type == "Conv"
                for a in node.attribute if a.name == "dilations"]


def gates(array):
    """ONNX orders them i, o, f, c; PyTorch i, f, c, o."""
    i, o, f, c = np.split(array, 4)
    return np.concatenate([i, f, c, o])


def lstm_state(stored, layer):
    name = f"lstm{layer}"
    both = {"weight_ih": stored.get(name + "_w"),
            "weight_hh": stored.get(name + "_r")}
    halves = np.split(stored.get(name + "_b"), 2, axis=1)
    both["bias_ih"], both["bias_hh"] = halves
    return {f"lstm.{kind}_l{layer}{way}": gates(array[at])
            for kind, array in both.items()
            for at, way in enumerate(("", "_reverse"))}


def convolution_state(stored, number):
    name, out = f"conv{number}", {}
    for part, transposed in (("depth", False), ("norm", False),
                             ("point", True)):
        weight = stored.get(f"{name}_{part}" + (
            "_weight" if part == "norm" else ""))
        out[f"convolutions.{number}.{part}.weight"] = (
            weight.T if transposed else weight)
        out[f"convolutions.{number}.{part}.bias"] = stored.get(
            f"{name}_{part}_bias")
    return out


def tagger(folder, columns):
    """The tagger of the bundle in `folder`, which was given `columns`."""
    stored = Stored(os.path.join(folder, "model.onnx"))
    word = stored.get("word")
    dilations = stored.dilations()
    layers = sum(f"lstm{n}_w" in stored for n in range(8))
    hidden = stored.get("lstm0_r").shape[-1] if layers else 128
    model = models.Tagger(word.shape[0], word.shape[1], dilations, layers,
                          hidden, columns)
    state = {"inputs.word.weight": word,
             "inputs.norm.weight": stored.get("input_norm_weight"),
             "inputs.norm.bias": stored.get("input_norm_bias"),
             "out.weight": stored.get("out").T,
             "out.bias": stored.get("out_bias")}
    if columns:
        state["inputs.table"] = stored.get("known")
    else:
        state["inputs.table"] = np.zeros((0, word.shape[1]), np.float32)
    for number in range(len(dilations)):
        state.update(convolution_state(stored, number))
    for layer in range(layers):
        state.update(lstm_state(stored, layer))
    model.load_state_dict({k: torch.from_numpy(np.ascontiguousarray(v))
                           for k, v in state.items()})
    return model

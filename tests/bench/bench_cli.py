#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# bench_cli.py - memory and speed of the command line: one large document, and
# a stream at several numbers of threads. Texts are invented and repeated.
"""Usage: tests/bench/bench_cli.py [PROGRAM]"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(
    HERE, "..", "..", "build", "native", "tools", "cli", "scrubjay"
)

NOTE = """Ward round. Mrs. Ottilie Brandauer, seen with her daughter, slept.
MRN: 40718293. Dressing changed on 03/14/2023; drain output 40 mL, afebrile.
BP 128/74, pulse 72, 4/5 strength on the left. Continue 5 mg twice daily.
Revue le 12/05/2023 par le Dr Lemarquis, suites simples, reprise du transit.
Call back on 555-010-4477 or write to ward.seven@example.org.

"""


# Started from a lean interpreter: a process is charged with the resident set
# of the one that it was forked from, so peaks under 10 MB show as that.
LAUNCH = """
import os, resource, sys, time
began = time.monotonic()
pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
seconds = time.monotonic() - began
print(os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss,
      file=sys.stderr)
"""


def measure(arguments, path):
    """Seconds and peak resident set in MB of one run."""
    with open(path, "rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", LAUNCH, PROGRAM, *arguments],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
            text=True,
        )
    code, seconds, kilobytes = done.stderr.split("\n")[-2].split()
    if code != "0":
        sys.exit(f"scrubjay {' '.join(arguments)} ended with {code}")
    return float(seconds), int(kilobytes) / 1024


def row(name, size, arguments, path, runs=3):
    results = [measure(arguments, path) for _ in range(runs)]
    seconds = statistics.median(r[0] for r in results)
    print(
        f"| {name} | {size / 1e6:.1f} | {seconds:.2f} | {size / 1e6 / seconds:.2f} "
        f"| {max(r[1] for r in results):.0f} |",
        flush=True,
    )


def main():
    version = subprocess.run(
        [PROGRAM, "--version"], stdout=subprocess.PIPE, check=True, text=True
    ).stdout.strip()
    print(f"{version}; {platform.machine()}, {os.cpu_count()} cores\n")
    print(
        "| what | MB | s (median of 3) | MB/s | peak MB |\n|---|--:|--:|--:|--:|"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "in")
        for megabytes in (1, 10):
            text = (NOTE * (megabytes * 1000000 // len(NOTE) + 1))[
                : megabytes * 1000000
            ]
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            for command in ("redact", "find"):
                row(f"{command}, one document", len(text), [command, "--model=none"], path)
        for count in (200, 2000):
            with open(path, "w", encoding="utf-8") as out:
                for number in range(count):
                    out.write(
                        json.dumps({"id": number, "text": NOTE * 8}) + "\n"
                    )
            size = os.path.getsize(path)
            for jobs in (1, 2, 8):
                row(
                    f"find --jsonl, {count} documents, {jobs} jobs",
                    size,
                    ["find", "--model=none", "--jsonl", "--jobs", str(jobs)],
                    path,
                )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        PROGRAM = sys.argv[1]
    main()

# SPDX-License-Identifier: Apache-2.0
"""tree.py - the files of the tree, as git knows them, for the contract tests.

Every check of this folder is a function from {path: text} to a list of
complaints, so that the same function reads the tree and a planted violation.
"""
import functools
import os
import subprocess

TOP = os.path.normpath(os.path.join(os.path.abspath(__file__), "../../.."))


def names():
    """Paths of all files that git tracks or would track, from the top."""
    out = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP, check=True, stdout=subprocess.PIPE).stdout
    found = out.decode("utf-8").split("\0")
    return sorted(p for p in set(found)
                  if p and os.path.isfile(os.path.join(TOP, p)))


@functools.lru_cache(maxsize=None)
def texts():
    """{path: text} of every file that is UTF-8 text."""
    out = {}
    for path in names():
        with open(os.path.join(TOP, path), "rb") as f:
            data = f.read()
        if b"\0" in data[:8192]:
            continue
        try:
            out[path] = data.decode("utf-8")
        except UnicodeDecodeError:
            continue  # test inputs that are meant to be broken
    return out


def under(files, *starts, endings=("",)):
    """The part of `files` below one of the folders, with one of the endings."""
    return {p: t for p, t in files.items()
            if p.startswith(starts) and p.endswith(endings)}


def show(complaints):
    return "\n" + "\n".join(complaints)

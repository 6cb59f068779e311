# SPDX-License-Identifier: Apache-2.0
"""Which file may include which: the arrows of core/README.md.

A stage includes types.h and base/, never another stage. Its helpers carry its
name as a prefix, and only they and it include them. base/ knows base/ alone.
The programs, the bridge and their like see the public header, never the inside
of the engine.
"""
import os
import re
import unittest

import tree

# These hold the stages together.
CONDUCTORS = {"session", "engine", "report"}
# What belongs to the session rather than to a stage, and what it may know.
OF_THE_SESSION = {"coverage": {"text"}}
STAGES = ["text", "view", "words", "rules", "known", "evidence", "tokenize",
          "feature", "decode", "echo", "strict", "veto", "merge", "near", "replace", "policy", "labels",
          "coverage",
          # No stage: it stands on the public header and knows none of them.
          "guard"]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.M)


def concept(name):
    """The stage or conductor that a file of core/src belongs to, by prefix."""
    stem = os.path.splitext(name)[0]
    for known in [*STAGES, *CONDUCTORS]:
        if stem == known or stem.startswith(known + "_"):
            return known
    return None


def core_arrow(source, target):
    """Why a file of core/src may not include `target`; None where it may."""
    if target == "scrubjay/scrubjay.h" or target.startswith("base/"):
        return None
    if source.startswith("base/"):
        # The growing of lists is base's, their types are everyone's.
        allowed = source == "base/array.c" and target == "types.h"
        return None if allowed else "base/ includes only base/"
    if target == "types.h":
        return None
    if source == "types.h":
        return "types.h includes only base/"
    mine, theirs = concept(source), concept(target)
    if theirs is None:
        return "that is no header of ours that the design draws"
    if mine == theirs or mine in CONDUCTORS:
        return None
    if mine is None:
        return "the file's name begins with no stage's name"
    if theirs in OF_THE_SESSION.get(mine, ()):
        return None
    return f"{mine} may not know {theirs}"


def core_complaints(files):
    out = []
    for path, text in tree.under(files, "core/src/", endings=(".c", ".h")).items():
        source = path[len("core/src/"):]
        for target in INCLUDE.findall(text):
            why = core_arrow(source, target)
            if why:
                out.append(f"{path} includes {target}: {why}")
    return out


def outside_complaints(files):
    """The programs and the bridge: public header, and the strict JSON reader."""
    out = []
    for path, text in tree.under(files, "tools/", "wasm/",
                                 endings=(".c", ".h")).items():
        for target in INCLUDE.findall(text):
            if target == "scrubjay/scrubjay.h":
                continue
            # Doors in base/ that hold no engine: reading JSON strictly, a hash
            # for the files of a model, and a wipe that the compiler keeps.
            if path.startswith("tools/") and re.fullmatch(
                    r"base/(json|json_tree|sha256|wipe)\.h", target):
                continue
            near = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if near not in files:
                out.append(f"{path} includes {target}: only scrubjay.h and "
                           "headers beside it")
            elif not allowed_beside(path, near):
                out.append(f"{path} includes {near}: another program's inside")
    return out


def allowed_beside(path, near):
    mine, theirs = os.path.dirname(path), os.path.dirname(near)
    return theirs == mine or (theirs == "tools/common"
                              and mine.startswith("tools/"))


class Includes(unittest.TestCase):
    def test_no_arrow_of_the_core_is_missing_from_the_design(self):
        found = core_complaints(tree.texts())
        self.assertEqual(found, [], tree.show(found))

    def test_programs_and_bridge_see_the_public_header_alone(self):
        found = outside_complaints(tree.texts())
        self.assertEqual(found, [], tree.show(found))

    def test_the_core_was_read_at_all(self):
        read = tree.under(tree.texts(), "core/src/", endings=(".c",))
        self.assertGreater(len(read), 10)

    def test_planted_arrows_are_found(self):
        for source, target in [
                ("merge.c", "replace.h"), ("rules_nfa.c", "view.h"),
                ("view.c", "rules_parts.h"), ("base/utf8.c", "text.h"),
                ("base/arena.h", "types.h"), ("types.h", "merge.h"),
                ("merge.c", "session.h"), ("helper.c", "merge.h"),
                ("merge.c", "helper.h")]:
            text = f'#include "{target}"\n'
            self.assertEqual(len(core_complaints({"core/src/" + source: text})),
                             1, f"{source} -> {target}")
        for path, target in [("tools/cli/x.c", "base/arena.h"),
                             ("wasm/bridge.c", "base/json.h"),
                             ("wasm/bridge.c", "session.h"),
                             ("tools/server/x.c", "../cli/y.h")]:
            files = {path: f'#include "{target}"\n', "tools/cli/y.h": ""}
            self.assertEqual(len(outside_complaints(files)), 1, path)

    def test_drawn_arrows_are_let_through(self):
        for source, target in [
                ("rules_nfa.c", "rules_parts.h"), ("merge.c", "base/array.h"),
                ("session.c", "merge.h"), ("engine.h", "rules.h"),
                ("replace_date.c", "types.h"), ("base/json.c", "base/utf8.h")]:
            text = f'#include "{target}"\n'
            self.assertEqual(core_complaints({"core/src/" + source: text}), [])


if __name__ == "__main__":
    unittest.main()

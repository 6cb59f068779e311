# SPDX-License-Identifier: Apache-2.0
"""What the built libraries show to the outside: one prefix, no gap.

Needs build/native and build/wasm, which tools/start makes.
"""
import os
import re
import subprocess
import unittest

import tree

LIBRARY = os.path.join(tree.TOP, "build/native/core/libsj_core.a")
MODULE = os.path.join(tree.TOP, "build/wasm/wasm/scrubjay.wasm")
DECLARED = re.compile(r"^SJ_API\b[^;(]*?\b(\w+)\(", re.M)
# The loader's own: start-up and the heap.
OF_THE_RUNTIME = {"_initialize", "memory", "malloc", "free",
                  "__indirect_function_table", "__errno_location",
                  "stackSave", "stackRestore", "stackAlloc"}


def defined(listing):
    """External names that `nm -g --defined-only` lists."""
    rows = [line.split() for line in listing.splitlines()]
    return {row[2] for row in rows if len(row) == 3}


def foreign(symbols):
    return sorted(s for s in symbols if not s.startswith("sj_"))


def exported(module):
    """Names that a WebAssembly module exports."""
    at = 8

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = module[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    names = set()
    while at < len(module):
        section = module[at]
        at += 1
        size = number()
        after = at + size
        if section == 7:
            for _ in range(number()):
                length = number()
                names.add(module[at:at + length].decode("utf-8"))
                at += length + 1
                number()
        at = after
    return names


def listed():
    return set(re.findall(r"^sjw_\w+", tree.texts()["wasm/exports.txt"], re.M))


class Symbols(unittest.TestCase):
    def library(self):
        return subprocess.run(["nm", "-g", "--defined-only", LIBRARY],
                              check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout

    def test_every_external_name_of_the_library_begins_with_sj(self):
        symbols = defined(self.library())
        self.assertGreater(len(symbols), 50)
        self.assertEqual(foreign(symbols), [])
        planted = "0000 T sj_merge\n0000 T merge_all\n"
        self.assertEqual(foreign(defined(planted)), ["merge_all"])

    def test_what_the_header_declares_is_there(self):
        declared = set(DECLARED.findall(
            tree.texts()["core/include/scrubjay/scrubjay.h"]))
        self.assertGreater(len(declared), 20)
        self.assertEqual(sorted(declared - defined(self.library())), [])
        self.assertEqual(DECLARED.findall("SJ_API const char *sj_gone(void);"),
                         ["sj_gone"])

    def test_the_module_exports_the_list_and_nothing_else(self):
        with open(MODULE, "rb") as f:
            names = exported(f.read())
        self.assertGreater(len(listed()), 10)
        self.assertEqual(sorted(listed() - names), [])
        self.assertEqual(sorted(names - listed() - OF_THE_RUNTIME), [])
        # One export, "sjw_x", of function 0.
        planted = b"\0asm\1\0\0\0" + bytes([7, 9, 1, 5]) + b"sjw_x" + b"\0\0"
        self.assertEqual(exported(planted), {"sjw_x"})

    def test_the_list_is_what_the_bridge_defines(self):
        bridge = "\n".join(tree.under(tree.texts(), "wasm/bridge",
                                      endings=(".c",)).values())
        made = set(re.findall(r"^[\w* ]*?\b(sjw_\w+)\([^;{]*\)\s*\{", bridge, re.M))
        self.assertEqual(sorted(listed() - made), [])
        self.assertEqual(sorted(made - listed()), [])


if __name__ == "__main__":
    unittest.main()

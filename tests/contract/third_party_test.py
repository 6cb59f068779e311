# SPDX-License-Identifier: Apache-2.0
"""The list of third-party components against what is really there: the pinned
sources in build/src, the libraries the programs link, the installed packages,
and the packages inside the built page."""
import json
import os
import re
import subprocess
import sys
import unittest

import tree

sys.path.insert(0, os.path.join(tree.TOP, "tools", "lib"))
import third_party  # noqa: E402

# Libraries of the C run time and the compiler, and what libmicrohttpd brings.
OF_THE_SYSTEM = re.compile(r"^(?:linux-vdso|ld-linux[\w-]*|libc|libm|libpthread"
                           r"|libdl|librt|libgcc_s|libasan|libubsan)\.")

# Libraries that are listed under their project's name.
OF_A_PROJECT = {"libcrypto": "OpenSSL", "libsqlite3": "SQLite"}


def listed():
    document = json.loads(tree.texts()["tools/third-party.spdx.json"])
    return {(p["name"], p["versionInfo"]): p for p in document["packages"]}


def needed(program):
    """Shared libraries that a program asks for by itself."""
    out = subprocess.run(["readelf", "-d", os.path.join(tree.TOP, program)],
                         check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+)\]", out)


def unlisted_libraries(libraries, names):
    return [l for l in libraries if not OF_THE_SYSTEM.match(l)
            and OF_A_PROJECT.get(l.split(".so")[0], l.split(".so")[0])
            not in names]


def version_of(path, pattern):
    with open(os.path.join(tree.TOP, path), encoding="utf-8") as f:
        return ".".join(re.search(pattern, f.read(), re.S).groups())


class ThirdParty(unittest.TestCase):
    def test_the_list_is_what_the_script_makes(self):
        self.assertEqual(third_party.stale(), [])
        rows = third_party.components()
        rows[0] = {**rows[0], "version": "0.0"}
        self.assertNotEqual(third_party.page(rows),
                            tree.texts()["tools/third-party.md"])

    def test_the_sources_built_are_the_ones_listed(self):
        built = {
            "PCRE2": version_of(
                "build/src/pcre2/src/pcre2.h.generic",
                r"#define PCRE2_MAJOR\s+(\d+).*?#define PCRE2_MINOR\s+(\d+)"),
            "cJSON": version_of(
                "build/src/cjson/cJSON.h",
                r"VERSION_MAJOR (\d+).*?VERSION_MINOR (\d+).*?VERSION_PATCH (\d+)")}
        for row in third_party.pinned():
            self.assertEqual(built.pop(row["name"]), row["version"])
            self.assertIn((row["name"], row["version"]), listed())
        self.assertEqual(built, {})

    def test_the_programs_link_nothing_that_is_not_listed(self):
        names = {name for name, _ in listed()}
        for program in ("build/native/tools/cli/scrubjay",
                        "build/native/tools/server/scrubjayd"):
            self.assertEqual(unlisted_libraries(needed(program), names), [])
        self.assertIn("libmicrohttpd",
                      [l.split(".so")[0] for l in
                       needed("build/native/tools/server/scrubjayd")])
        self.assertEqual(unlisted_libraries(["libodd.so.1", "libc.so.6"], names),
                         ["libodd.so.1"])

    def test_the_runtime_kept_is_the_one_listed(self):
        library = os.path.join(tree.TOP, "build/ort/libonnxruntime.so.1")
        rows = third_party.of_kept("tools/runtime")
        self.assertEqual([row["name"] for row in rows], ["onnxruntime-node"])
        self.assertIn(("onnxruntime-node", rows[0]["version"]), listed())
        if not os.path.exists(library):
            self.skipTest("no runtime for this machine")
        with open(library, "rb") as f:
            self.assertIn(b"VERS_" + rows[0]["version"].encode(), f.read())

    def test_what_npm_installed_is_listed_with_that_version(self):
        found = 0
        for folder in third_party.LOCKS:
            hidden = os.path.join(tree.TOP, folder,
                                  "node_modules/.package-lock.json")
            with open(hidden, encoding="utf-8") as f:
                installed = json.load(f)["packages"]
            for path, package in installed.items():
                name = path.rsplit("node_modules/", 1)[1]
                self.assertIn((name, package["version"]), listed())
                found += 1
        self.assertGreater(found, 3)

    def test_every_component_has_a_licence_that_the_project_may_use(self):
        allowed = re.compile(
            r"^(?:MIT|ISC|0BSD|Apache-2\.0|MPL-2\.0|BSD-[23]-Clause"
            r"(?: WITH PCRE2-exception)?|LGPL-2\.1-or-later|Python-2\.0"
            r"|BlueOak-1\.0\.0|Unlicense|blessing|CC0-1\.0)$")
        for (name, _), package in listed().items():
            self.assertRegex(package["licenseDeclared"], allowed, name)
        self.assertNotRegex("AGPL-3.0", allowed)


if __name__ == "__main__":
    unittest.main()

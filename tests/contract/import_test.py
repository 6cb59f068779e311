# SPDX-License-Identifier: Apache-2.0
"""Which JavaScript file may import which.

    wasm <- worker <- client <- redactor <- element <- page
                                    review <-'   i18n <-'
    trusted <- redactor, offline <- page      nears <- redactor
    vault <- send, results        send, about, queue <- page

wasm/ knows no page and no network; the review's state knows no DOM; nobody
imports the page. vault/ alone uses a package, jose. Types in JSDoc are read by people and tsc, and bind nobody.
"""
import os
import re
import unittest

import tree

# area: the areas that it may import.
ARROWS = {
    "wasm": {"wasm"},
    "protocol": {"protocol"},
    "worker": {"wasm", "worker", "protocol"},
    "client": {"error", "protocol"},
    "trusted": {"error"},
    "nears": set(),
    "redactor": {"error", "client", "nears", "protocol", "trusted"},
    "offline": {"offline", "trusted"},
    "review": {"error", "review"},
    "i18n": {"i18n"},
    "element": {"error", "element", "review", "i18n", "redactor"},
    "vault": {"error", "vault"},
    "settings": {"i18n"},
    "send": {"error", "send", "element", "i18n", "vault"},
    "about": {"about", "element", "review", "i18n"},
    "queue": {"queue", "element", "review", "i18n"},
    "page": {"error", "page", "settings", "send", "about", "queue", "element", "review", "i18n",
             "redactor", "offline", "vault"},
    "results": {"error", "results", "element", "i18n", "settings", "vault"},
}
# area: the packages that it may import.
PACKAGES = {"vault": {"jose"}}
# Files of review/ whose subject is the document object model.
TOUCH_THE_DOM = {"web/review/select.js", "web/review/export.js",
                 "web/review/caret.js"}
IMPORT = re.compile(
    r"""^[ \t]*(?:import|export)\b[^;'"]*?\bfrom[ \t]*["']([^"']+)["']"""
    r"""|^[ \t]*import[ \t]*["']([^"']+)["']"""
    r"""|\bimport\([ \t\n]*["']([^"']+)["']""", re.M)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)
# `window` is also a stretch of tokens, so it counts by what is asked of it.
DOM = re.compile(r"\bdocument\s*[.?\[]|\b(?:HTMLElement|localStorage|"
                 r"sessionStorage|indexedDB|getSelection|matchMedia)\b|"
                 r"\bwindow\.(?:alert|open|location|navigator|history|"
                 r"addEventListener|document)\b")
NETWORK = re.compile(r"\b(?:fetch|importScripts)\s*\(|\bXMLHttpRequest\b|"
                     r"\bWebSocket\b|\bsendBeacon\b|\bEventSource\b")
# Where a request may be made. All else asks these.
MAY_FETCH = {"web/redactor.js", "web/worker/worker.js",
             "web/worker/reader.js", "web/worker/download.js",
             "web/worker/model.js", "web/worker/infer.js",
             "web/offline/sw.js", "web/offline/store.js",
             "web/vault/api.js", "web/vault/oidc.js", "web/vault/site.js"}


def area(path):
    if path == "wasm/error.js":
        return "error"
    if path == "web/worker/protocol.js":
        return "protocol"
    if path == "web/page/settings.js":
        return "settings"
    for start, name in [("wasm/", "wasm"), ("web/worker/", "worker"),
                        ("web/review/", "review"), ("web/i18n/", "i18n"),
                        ("web/element/", "element"), ("web/page/", "page"),
                        ("web/offline/", "offline"), ("web/vault/", "vault"),
                        ("web/results/", "results"), ("web/send/", "send"),
                        ("web/about/", "about"),
                        ("web/queue/", "queue")]:
        if path.startswith(start):
            return name
    return {"web/client.js": "client", "web/redactor.js": "redactor",
            "web/nears.js": "nears",
            "web/trusted.js": "trusted"}.get(path)


def may_import(mine, theirs):
    if mine == "error":
        return False
    if theirs == "error":
        return "error" in ARROWS[mine] or "wasm" in ARROWS[mine]
    return theirs in ARROWS[mine]


def sources(files):
    """Files of ours that run in the page, the worker or Node as the engine."""
    out = {}
    for path, text in tree.under(files, "web/", "wasm/",
                                 endings=(".js", ".mjs")).items():
        if path not in ("web/build.js",) and not path.endswith(".test.js"):
            out[path] = COMMENT.sub("", text)
    return out


def import_complaints(files):
    out = []
    for path, code in sources(files).items():
        mine = area(path)
        for match in IMPORT.findall(code):
            target = next(t for t in match if t)
            if not target.startswith("."):
                if target in PACKAGES.get(mine, ()):
                    continue
                out.append(f"{path} imports the package {target}")
                continue
            near = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if mine is None:
                out.append(f"{path} imports, and the design draws it nowhere")
            elif not may_import(mine, area(near)):
                out.append(f"{path} imports {near}: {mine} may not know it")
    return out


def world_complaints(files):
    """DOM where there is to be none, requests from where none may come."""
    out = []
    for path, code in sources(files).items():
        bare = area(path) in ("wasm", "error", "protocol", "worker", "i18n") or (
            path.startswith("web/review/") and path not in TOUCH_THE_DOM)
        if bare and DOM.search(code):
            out.append(f"{path} touches the DOM: {DOM.search(code)[0]}")
        if NETWORK.search(code) and path not in MAY_FETCH:
            out.append(f"{path} makes requests: {NETWORK.search(code)[0]}")
    return out


class Imports(unittest.TestCase):
    def test_no_import_is_missing_from_the_design(self):
        found = import_complaints(tree.texts())
        self.assertEqual(found, [], tree.show(found))

    def test_state_and_engine_know_no_page_and_no_network(self):
        found = world_complaints(tree.texts())
        self.assertEqual(found, [], tree.show(found))

    def test_the_javascript_was_read_at_all(self):
        self.assertGreater(len(sources(tree.texts())), 8)

    def test_planted_imports_are_found(self):
        for path, text in [
                ("wasm/memory.js", 'import { x } from "../web/client.js";'),
                ("wasm/error.js", 'import { x } from "./memory.js";'),
                ("web/review/session.js", 'import {\n  x,\n} from "../redactor.js";'),
                ("web/client.js", 'import { x } from "../wasm/scrubjay.js";'),
                ("web/element/x.js", 'await import("../page/main.js");'),
                ("web/worker/x.js", 'import "../review/session.js";'),
                ("web/page/x.js", 'import { h } from "some-package";'),
                ("web/page/y.js", 'import { h } from "jose";'),
                ("web/vault/x.js", 'import { h } from "some-package";'),
                ("web/vault/y.js", 'import "../page/main.js";'),
                ("web/review/x.js", 'import "../vault/seal.js";'),
                ("web/worker/protocol.js", 'export { x } from "./worker.js";'),
                ("web/odd.js", 'import { x } from "./client.js";')]:
            self.assertEqual(len(import_complaints({path: text})), 1, path)

    def test_planted_page_and_network_are_found(self):
        for path, text in [
                ("web/review/session.js", "document.title = 'x';"),
                ("wasm/scrubjay.js", "await fetch(address);"),
                ("web/i18n/en.js", "window.alert(1);"),
                ("web/element/x.js", "navigator.sendBeacon(u);")]:
            self.assertEqual(len(world_complaints({path: text})), 1, path)

    def test_a_comment_is_no_import(self):
        text = '/** @type {import("../page/x.js").X} */\n// document.title\n'
        self.assertEqual(import_complaints({"web/review/a.js": text}), [])
        self.assertEqual(world_complaints({"web/review/a.js": text}), [])


if __name__ == "__main__":
    unittest.main()

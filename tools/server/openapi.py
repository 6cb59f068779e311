#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""openapi.py - openapi.yaml as the router's table, or as JSON for the tests.

    openapi.py openapi.yaml routes.c
    openapi.py openapi.yaml --json

It reads the part of YAML that openapi.yaml names at its top, and stops with the
line's number at anything else.
"""
import json
import re
import sys


class Fault(Exception):
    pass


def scalar(word):
    if word in ("true", "false"):
        return word == "true"
    if re.fullmatch(r"-?\d+", word):
        return int(word)
    if len(word) > 1 and word[0] == word[-1] == '"':
        return word[1:-1]
    if re.search(r"[\[\]{}\"]|: |^[&*!|>%@`]", word):
        raise Fault(f"cannot read {word!r}")
    return word


def flow(word):
    """`[a, b]`, `{a: b, c: [d]}` or a scalar."""
    word = word.strip()
    if word[:1] not in "[{" or not word:
        return scalar(word)
    parts, depth, quoted, part = [], 0, False, ""
    if word[-1] != {"[": "]", "{": "}"}[word[0]]:
        raise Fault("a bracket that does not close on its line")
    for c in word[1:-1]:
        depth += (c in "[{") - (c in "]}")
        quoted ^= c == '"'
        if c == "," and depth == 0 and not quoted:
            parts.append(part)
            part = ""
        else:
            part += c
    parts = [p.strip() for p in [*parts, part] if p.strip()]
    if word[0] == "[":
        return [flow(p) for p in parts]
    pairs = [p.split(":", 1) for p in parts]
    return {k.strip(): flow(v) for k, v in pairs}


def read(text):
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            lines.append((number, len(line) - len(line.lstrip()), line.strip()))
    at = 0

    def block(indent):
        nonlocal at
        out = {}
        while at < len(lines) and lines[at][1] == indent:
            number, _, line = lines[at]
            key, colon, rest = line.partition(":")
            if not colon or key in out:
                raise Fault(f"line {number}: no key, or a key twice")
            key = key.strip('"')
            at += 1
            if rest.strip() == ">-":
                words = []
                while at < len(lines) and lines[at][1] > indent:
                    words.append(lines[at][2])
                    at += 1
                out[key] = " ".join(words)
            elif rest.strip():
                # A sentence may hold a colon; only a summary is one.
                out[key] = (rest.strip() if key == "summary"
                            else flow(rest))
            elif at < len(lines) and lines[at][1] > indent:
                out[key] = block(lines[at][1])
            else:
                raise Fault(f"line {number}: nothing below {key}")
        if at < len(lines) and lines[at][1] > indent:
            raise Fault(f"line {lines[at][0]}: indented too far")
        return out

    try:
        document = block(0)
    except Fault as fault:
        raise SystemExit(f"openapi.yaml: near line {lines[min(at, len(lines) - 1)][0]}: {fault}")
    return document


FORMATS = ("uuid", "name", "names", "label", "placeholder", "base64url",
           "jose", "kid", "subject", "time", "shape", "words")
KINDS = ("object", "array", "string", "integer", "boolean")


class Writer:
    """C tables: a schema is written before what refers to it."""

    def __init__(self):
        self.out = []
        self.count = 0

    def schema(self, node):
        self.count += 1
        name = f"S{self.count}"
        kind = node["type"]
        assert kind in KINDS, kind
        parts = [f".kind = SCHEMA_{kind.upper()}"]
        if kind == "object":
            fields = [(k, self.schema(v), k in node.get("required", []))
                      for k, v in node["properties"].items()]
            rows = "".join(f'    {{"{k}", &{s}, {str(r).lower()}}},\n'
                           for k, s, r in fields)
            self.out.append(f"static const schema_field {name}_FIELDS[] = {{\n"
                            f"{rows}    {{NULL, NULL, false}}}};\n")
            parts.append(f".fields = {name}_FIELDS")
            unknown = set(node.get("required", [])) - set(node["properties"])
            assert not unknown, unknown
        if kind == "array":
            parts.append(f".items = &{self.schema(node['items'])}")
        if "enum" in node:
            words = ", ".join(f'"{w}"' for w in node["enum"])
            self.out.append(f"static const char *const {name}_WORDS[] = "
                            f"{{{words}, NULL}};\n")
            parts.append(f".words = {name}_WORDS")
        elif kind == "string":
            assert node["format"] in FORMATS, node
            parts.append(f".format = FORMAT_{node['format'].upper()}")
        least = node.get("minimum", node.get("minLength", node.get("minItems", 0)))
        most = node.get("maximum", node.get("maxLength", node.get("maxItems")))
        if most is None:
            most = {"uuid": 36, "time": 30}.get(node.get("format"), 64)
        parts.append(f".least = {least}, .most = {most}")
        self.out.append(f"static const schema {name} = {{{', '.join(parts)}}};\n")
        return name


def roles(names):
    bits = {"any": "ROUTE_ANY", "public": "ROUTE_PUBLIC"}
    return " | ".join(bits.get(n, "ROLE_" + n.upper()) for n in names)


def table(document):
    writer = Writer()
    bodies = {k: writer.schema(v)
              for k, v in document["components"]["schemas"].items()}
    rows, handlers, used = [], [], set()
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            handlers.append(one["operationId"])
            body = one.get("x-body")
            used.add(body)
            query = ",".join(one.get("x-query", []))
            rows.append(
                f'    {{"{method.upper()}", "{path}", "{one["operationId"]}",\n'
                f'     handle_{one["operationId"]}, {roles(one["x-roles"])},\n'
                f'     {"&" + bodies[body] if body else "NULL"}, '
                f'{str(one.get("x-once", False)).lower()}, '
                f'{one.get("x-limit", 0)}, "{query}"}},\n')
    assert len(set(handlers)) == len(handlers), "an operationId twice"
    assert set(bodies) <= used, set(bodies) - used
    return ("// SPDX-License-Identifier: Apache-2.0\n"
            "// generated by openapi.py from openapi.yaml\n"
            '#include "router.h"\n\n'
            + "".join(writer.out) + "\nconst route ROUTES[] = {\n"
            + "".join(rows) + "    {NULL, NULL, NULL, NULL, 0, NULL, false, 0, "
            "NULL}};\n")


def main(words):
    with open(words[1], encoding="utf-8") as f:
        document = read(f.read())
    if words[2] == "--json":
        json.dump(document, sys.stdout)
        return
    with open(words[2], "w", encoding="utf-8") as f:
        f.write(table(document))


if __name__ == "__main__":
    main(sys.argv)

# SPDX-License-Identifier: Apache-2.0
#
# embed.py - write a C file that holds files, and sj_builtin_files().
"""usage: embed.py OUTPUT FILE..."""
import os
import sys

# C promises literals of 4095 characters; every compiler that builds this takes
# longer ones, joined from pieces, and arrays of numbers take it seconds.
PIECE = 2000
HEAD = """// Written by core/cmake/embed.py.
#include "scrubjay/scrubjay.h"

#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Woverlength-strings"
#endif

"""


def literal(data):
    out = []
    for at in range(0, len(data), PIECE):
        piece = "".join(
            chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}"
            for b in data[at : at + PIECE]
        )
        out.append(f'    "{piece}"')
    return "\n".join(out) or '    ""'


def main(output, paths):
    text, rows = HEAD, ""
    paths = sorted(paths, key=os.path.basename)
    for number, path in enumerate(paths):
        with open(path, "rb") as file:
            data = file.read()
        text += f"static const char data_{number}[] =\n{literal(data)};\n\n"
        rows += (
            f'    {{"{os.path.basename(path)}", data_{number}, {len(data)}}},\n'
        )
    # The row of nothing keeps the table from being empty, which C forbids.
    text += (
        f"static const sj_file FILES[] = {{\n{rows}    {{0}}}};\n\n"
        "const sj_file *sj_builtin_files(size_t *count) {\n"
        f"  *count = {len(paths)};\n  return FILES;\n}}\n"
    )
    with open(output, "w", encoding="ascii") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

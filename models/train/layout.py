# SPDX-License-Identifier: Apache-2.0
#
# layout.py - what goes in and what comes out: the columns of what the engine
# knows of a token, and the tags. The engine checks the manifest against its
# own columns.
"""Columns, types and tags."""

# Name and number of values of each column, as core/src/features.c fills it.
FEATURES = [
    ("shape", 24), ("place", 6), ("gap", 16), ("first", 8), ("surname", 8),
    ("town", 8), ("usual", 8), ("trait", 12), ("phrase", 10), ("case", 4),
    ("rule", 64), ("sure", 4), ("list", 16),
]
# Lists and rules are evidence, no oracle: in training whole documents go
# without some of them.
LISTS = ("first", "surname", "town", "phrase", "list", "trait", "usual")
RULES = ("rule", "sure")

ROLES = ("patient", "other", "provider")
LABELS = """DATE AGE PHONE FAX EMAIL URL IP NATIONAL_ID MRN ACCOUNT LICENSE
VEHICLE DEVICE BIOMETRIC PHOTO ADDRESS CITY ZIP LOCATION ORGANIZATION USERNAME
ID""".split()
TYPES = [f"NAME.{role}" for role in ROLES] + LABELS
TAGS = ["O"] + [f"{place}-{kind}" for kind in TYPES for place in "BIES"]
TAG = {name: number for number, name in enumerate(TAGS)}
MASKED = 255  # a token that teaches nothing


def type_of(span):
    if span["label"] != "NAME":
        return span["label"]
    role = span.get("role")
    return f"NAME.{role if role in ROLES else 'other'}"


def labels():
    """The manifest's map from type to label."""
    return {f"NAME.{role}": {"label": "NAME", "role": role} for role in ROLES}

"""Questions whose words are marked as conditions, each as it was written and with other people in it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from eval.train.rows.pairs import Group, Pair

MARKED_TIMES = 3
"""How often a marked question is read in one pass, each time but the first with other people."""
Mark = tuple[int, int, str]


def marked_groups(rows: Sequence[Mapping[str, Any]], dice: random.Random) -> list[Group]:
    """Each question by itself, with its marks, whether it goes on from another, and what it asks for.

    What goes on from another hangs on what was spoken of; of the others that is not known.
    """
    from rag.neural.heads import ASKS, MARKS

    names = [row["question"][a:b] for row in rows for a, b, mark in row["marks"] if mark.endswith("person")]
    groups = []
    for row in rows:
        people = any(mark.endswith("person") for _, _, mark in row["marks"])
        for time in range(MARKED_TIMES if people else 1):
            text, marks = row["question"], row["marks"]
            text, marks = renamed(text, marks, names, dice) if time else (text, marks)
            pair = Pair(
                text, asks=tuple(float(name in row["asks"]) for name in ASKS), goes_on=float(row["goes_on"]),
                hangs=1.0 if row["goes_on"] else None,
                marks=tuple((a, b, MARKS.index(mark)) for a, b, mark in marks),
            )  # fmt: skip
            groups.append(Group((pair,), row))
    return groups


def renamed(text: str, marks: Sequence[Mark], names: Sequence[str], dice: random.Random) -> tuple[str, list[Mark]]:
    """A question with each of its people called by another of the `names`, and its marks moved with them."""
    made, found, at = "", [], 0
    for start, end, mark in sorted(marks):
        made += text[at:start]
        said = dice.choice(names) if mark.endswith("person") else text[start:end]
        found.append((len(made), len(made) + len(said), mark))
        made, at = made + said, end
    return made + text[at:], found

"""Rows made of others by program: a question with the name of another paper, a subject in other words of asking."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

_LONGEST_NAME, _LONGEST_SUBJECT = 30, 12
_COINED = re.compile(r"[A-Z][\w.-]*[A-Z0-9][\w.-]*")
_SWAPPED = frozenset({"fact", "number", "none", "why", "multi", "problem"})
_WHOLE = re.compile(r"[?:,]|\b(?:papers?|which|how|who|what|you|is|are|anything)\b")

_LISTS = (
    "which papers are on {}?", "which abstracts say anything about {}", "{}: which papers?", "papers about {}",
    "what do we have on {}", "Which methods deal with {}?", "which models have to do with {}",
    "approaches to {}?", "list everything on {}", "systems for {}?", "show me the work on {}", "Who works on {}?",
    "any papers on {}",
    "Which of them are concerned with {}?", "studies of {}", "is there work on {}, and which?",
    "give me all the {} papers",
    "which data sets or benchmarks are there for {}", "Name the papers that treat {}.", "literature on {}",
    "{}, anything?",
    "what are the ways to handle {}", "which ones try to do {}", "the different techniques for {} in here",
    "I am collecting papers on {}, what is there", "WHICH PAPERS LOOK AT {}", "{} papers",
)  # fmt: skip
_COUNTS = (
    "how many papers are about {}?", "number of papers on {}", "How many of these deal with {}?", "count the {} papers",
    "how much work is there on {}, in papers", "how many studies of {} are in the library",
)  # fmt: skip


def name_in(question: str, title: str) -> str:
    """The name by which a question calls the paper of this title: the part before its colon or a coined word; or ""."""
    head, colon, _ = title.partition(":")
    if colon and len(head) <= _LONGEST_NAME and head in question:
        return head
    coined = [word for word in _COINED.findall(title) if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", question)]
    return max(coined, key=len, default="")


def swapped(
    row: Mapping[str, Any], titles: Mapping[str, str], near: Sequence[str], dice: random.Random
) -> tuple[str, str] | None:
    """A question with the name of a near paper in place of its own, and that paper; None where no name is to be put.

    What is asked of the one is seldom said of the other: the right attribute, the wrong paper.
    """
    if row["kind"] not in _SWAPPED:
        return None
    meant = [*row["gold"], *row["part"], *([row["near"]] if row.get("near") else [])]
    own = name_in(row["question"], titles[meant[0]]) if len(meant) == 1 else ""
    others = []
    for key in near:
        head, colon, _ = titles[key].partition(":")
        if colon and len(head.split()) <= 2 and _COINED.match(head):
            others.append((head, key))
    if not own or not others:
        return None
    head, key = dice.choice(others[:6])
    return row["question"].replace(own, head), key


def asked_otherwise(subject: str, dice: random.Random) -> list[tuple[str, tuple[str, ...]]]:
    """Questions for the papers on a subject of a few words, and for their number, each with what it asks for."""
    words = subject.split()
    if len(words) > _LONGEST_SUBJECT or _WHOLE.search(subject.lower()):
        return []
    lists = [(frame.format(subject), ("list",)) for frame in dice.sample(_LISTS, 4)]
    return [*lists, (dice.choice(_COUNTS).format(subject), ("count",))]

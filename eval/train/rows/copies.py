"""Statements made of the sentences of abstracts by program: what a paper says word for word, and small changes of it.

People write statements in words of their own. Without these the network learns that whatever is worded as the abstract
is has a fault in it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from eval.train.rows.pairs import Abstract, Group, Pair
from rag.answers.wording import standing
from rag.grounding.checks.borne import nearest
from rag.grounding.checks.sentence import read, source
from rag.neural.heads import BEARS
from rag.text.names import title_name

COPIED = 1200
"""Papers of which a sentence is copied in one pass."""
_LEAST = 4  # sentences of such a paper
_UNTITLED = 0.3  # the share of which the text alone is known
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w,-]|\.\d)")
SUPPORTS, CONTRADICTS, NEITHER = (BEARS.index(name) for name in ("supports", "contradicts", "neither"))


def copy_groups(papers: Mapping[str, Abstract], dice: random.Random) -> list[Group]:
    """Of each of some papers a sentence as answers have it, with the sentences that the check reads: it is supported.

    With others of its abstract it is not; with one number changed it is contradicted.
    """
    long = [paper for paper in papers.values() if len(paper.sentences) >= _LEAST]
    return [Group(_pairs(paper, dice)) for paper in dice.sample(long, min(COPIED, len(long)))]


def _pairs(paper: Abstract, dice: random.Random) -> tuple[Pair, ...]:
    chosen = dice.choice(paper.sentences)
    said = standing(chosen, title_name(paper.title) or "")
    near = nearest(read(said), source(paper.title, " ".join(paper.sentences)))
    others = [sentence for sentence in paper.sentences if sentence != chosen and sentence not in near]
    title = "" if dice.random() < _UNTITLED else paper.title
    pairs = [Pair(said, title, near, bears=SUPPORTS)] if near else []
    pairs += [Pair(said, title, tuple(others[:2]), bears=NEITHER)] if others else []
    if near and (numbers := list(_NUMBER.finditer(said))):
        pairs.append(Pair(_changed(said, dice.choice(numbers), dice), title, near, bears=CONTRADICTS))
    return tuple(pairs)


def _changed(text: str, number: re.Match[str], dice: random.Random) -> str:
    """The text with another number of as many decimals in place of this one."""
    decimals = len(number[0].partition(".")[2])
    other = f"{float(number[0]) * dice.choice((0.4, 0.6, 0.8, 1.2, 1.5, 2, 3)) + 1:.{decimals}f}"
    return f"{text[: number.start()]}{other}{text[number.end() :]}"

"""What a conversation spoke of: the papers of each exchange, and which of them a question means, if any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Protocol

from rag.grounding.citations import without_marks
from rag.model import Paper, Turn
from rag.neural.question_reader import Heard
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.mentions import Mention, find_names

_EARLIER = 3.0
"""By how much a paper is less likely to be meant, as a logit, for each exchange since it was spoken of.

As much likelier is one that the question of its exchange named.
"""
_POOL, _RIVALS = 8, 3
"""So many papers spoken of are read, and so many of what retrieval finds beside them."""
_FAINT, _BY_FIT, _AT_MOST = 1e-3, 0.2, 8.0
"""How sure a question is heard to hang at most. What a logit counts by which a paper spoken of fits it better
than those that retrieval finds, and how many of these count at most.
"""
_ITEM = re.compile(r"^- ", re.MULTILINE)


class Listener(Protocol):
    """What the networks and the library say of a question."""

    def heard(self, question: str) -> Heard:
        """What it asks for, what its words are, and how likely it hangs on what was spoken of."""

    def fits(self, question: str, ids: Sequence[str]) -> Sequence[float]:
        """How well papers fit a question that does not name them, as logits in their order; low where one is gone."""

    def nearest(self, question: str) -> Sequence[str]:
        """The ids of the papers that retrieval finds for it by itself, the likeliest first."""


@dataclass(frozen=True)
class Exchange:
    """The papers that a question named, and those of its answer, `listed` where it is a list of them."""

    asked: list[Paper]
    told: list[Paper]
    listed: bool

    @property
    def spoken(self) -> list[Paper]:
        """Those that it was about: an answer mentions others beside what the question named."""
        return (self.told if self.listed else self.asked) or self.asked or self.told


def exchanges_of(history: Sequence[Turn], index: LexicalIndex) -> list[Exchange]:
    """The exchanges of a conversation, the latest first."""
    found: list[Exchange] = []
    for n, turn in enumerate(history):
        if turn.role == "user":
            # A question may be without an answer.
            answer = next((one.content for one in history[n + 1 : n + 2] if one.role == "assistant"), "")
            found.append(Exchange(papers_in(turn.content, index), papers_in(answer, index), bool(_ITEM.search(answer))))
    return found[::-1]


def told_in(exchanges: Sequence[Exchange]) -> list[tuple[Paper, float]]:
    """The papers that were spoken of, the latest first, each with how much likelier it is meant by that, as a logit."""
    told: dict[str, tuple[Paper, float]] = {}
    for back, one in enumerate(exchanges):
        for paper in (*one.asked, *one.told):
            told.setdefault(paper.id, (paper, _EARLIER * ((paper in one.asked) - back)))
    return list(told.values())


def likeliest(question: str, told: Sequence[tuple[Paper, float]], listener: Listener) -> list[tuple[Paper, float]]:
    """The latest of the papers spoken of, the likeliest to be meant first: by how well it fits, and how late it was."""
    read = told[:_POOL]
    fits = listener.fits(question, [paper.id for paper, _ in read])
    worth = [(paper, late + fit) for (paper, late), fit in zip(read, fits, strict=True)]
    return sorted(worth, key=lambda one: -one[1])


def hangs(question: str, heard: Heard, best: float, told: Sequence[tuple[Paper, float]], listener: Listener) -> bool:
    """True when a question is about what was `told`: by its words, and by how well the `best` of that fits it."""
    odds = log((heard.hangs + _FAINT) / (1 - heard.hangs + _FAINT))
    spoken = {paper.id for paper, _ in told}
    others = [key for key in listener.nearest(question) if key not in spoken][:_RIVALS]
    if not others:
        return odds > 0
    better = best - max(listener.fits(question, others))
    return odds + _BY_FIT * min(max(better, -_AT_MOST), _AT_MOST) > 0


def papers_in(text: str, index: LexicalIndex) -> list[Paper]:
    """The papers that a text names, in its order: those whose own names stand in it, else all that have one of them."""
    mentions: list[Mention] = sorted(find_names(without_marks(text), index).owned, key=lambda mention: mention.start)
    strong = [mention for mention in mentions if mention.named.own] or mentions
    return [index.papers[n] for n in dict.fromkeys(n for mention in strong for n in mention.named.owners)]

"""What a question says: what it asks for, whether it stands alone, and which of its words are conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.neural.files import DATA
from rag.neural.heads import ASKS, MARKS
from rag.neural.network import Network
from rag.neural.packing import pack

MANIFEST = "questions.json"
_TURN = -1.0
"""What it costs, as a logarithm, that a word of one kind follows at once on one of another: "okafor 2023 fridges"."""
_PLAIN, _DENIED = 2.0, 3.0
"""A word is one to be mentioned where that is so much likelier, as a logarithm, than that it is a subject. Of the words
to be mentioned of the split dev all are, and a list by subject has what is mentioned, which is not so the other way.
A subject is denied where that is so much likelier than that it is wanted: of 25 questions of that split that deny one
24 are heard so, and of its 230 subjects none is heard as denied behind "How many papers deal with"."""
# "O'Brien's" is a name and what it has.
_WORD = re.compile(r"[^\W_]+(?:(?:[-–./]|['’](?!s\b))[^\W_]+)*")


@dataclass(frozen=True)
class Mark:
    """Words of a question that are a condition: one of `heads.SLOTS`, wanted or denied, with their offsets."""

    slot: str
    denied: bool
    start: int
    end: int


@dataclass(frozen=True)
class Heard:
    """What was heard of a question: how likely it asks for each of `ASKS`; its marks.

    `goes_on` is how likely it is a piece of the question before ("and by Fox?"), `hangs` that it is about what was
    just spoken of ("at what price?"), and `several` that this is several papers ("which of them?").
    """

    asks: Mapping[str, float] = field(default_factory=dict)
    goes_on: float = 0.0
    hangs: float = 0.0
    several: float = 0.0
    marks: tuple[Mark, ...] = ()

    def of(self, slot: str, *, denied: bool = False) -> tuple[Mark, ...]:
        """The marks of a slot that are wanted, or those that are denied."""
        return tuple(mark for mark in self.marks if mark.slot == slot and mark.denied is denied)


LIKELY, MAYBE = 0.5, 0.15
"""From which probability on something is asked for, and up to which it is not."""

UNHEARD = Heard()
"""Of a text that is no question."""


class QuestionReader(Network):
    """Hears questions. Made once for a library, it lives as long as that is open.

    Source: Tur and De Mori, Spoken Language Understanding (2011), for slots; Wang et al., MiniLM (NeurIPS 2020).
    """

    def __init__(self, folder: Path = DATA) -> None:
        super().__init__(folder, MANIFEST)

    def read(self, question: str) -> Heard:
        """What is heard of a question."""
        packed = pack(self.ready(), question, "", ())
        asks, goes_on, hangs, several, marks = self.run(packed, "asks", "goes_on", "hangs", "several", "marks")
        return Heard(
            dict(zip(ASKS, map(_chance, asks), strict=True)), _chance(goes_on), _chance(hangs), _chance(several),
            tuple(marked(question, packed.spans, marks[1 : 1 + len(packed.spans)])),
        )  # fmt: skip


def marked(text: str, spans: Sequence[tuple[int, int]], logits: NDArray[np.float32]) -> list[Mark]:
    """The marks of a text by the logits of its pieces, shape (pieces, len(MARKS)), which stand at `spans`.

    Every word is what its pieces say together, in the likeliest sequence in which one kind seldom follows at once on
    another; words of one kind that follow on each other are one mark.

    Source: Viterbi, Error bounds for convolutional codes (1967).
    """
    words, scores = [], []
    for word in _WORD.finditer(text):
        inside = [n for n, (start, end) in enumerate(spans) if word.start() <= start and end <= word.end()]
        if inside:
            words.append(word.span())
            said = logits[inside].astype(float)
            scores.append(_plainly((said - np.logaddexp.reduce(said, axis=1, keepdims=True)).mean(axis=0)))
    found: list[tuple[str, int, int]] = []
    before = ""
    for kind, (start, end) in zip(_likeliest(scores), words, strict=True):
        if kind and kind == before:
            found[-1] = (kind, found[-1][1], end)
        elif kind:
            found.append((kind, start, end))
        before = kind
    return [Mark(kind.removeprefix("not "), kind.startswith("not "), start, end) for kind, start, end in found]


def _plainly(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a word is, by `MARKS`: what is not plainly to be mentioned, or denied, is a subject as likely as both."""
    rarer = (("word", "subject", _PLAIN), ("not word", "not subject", _PLAIN), ("not subject", "subject", _DENIED))
    for rare, common, margin in rarer:
        one, subject = MARKS.index(rare), MARKS.index(common)
        if score[one] - score[subject] < margin:
            score[subject] = np.logaddexp(score[subject], score[one])
            score[one] = -np.inf
    return score


def _likeliest(scores: Sequence[NDArray[np.float64]]) -> list[str]:
    """The likeliest sequence of `MARKS`, by the logarithms of what each word is."""
    if not scores:
        return []
    kinds = np.arange(len(MARKS))
    turn = np.where((kinds[:, None] == kinds) | (kinds[:, None] == 0) | (kinds == 0), 0.0, _TURN)
    best, ways = scores[0], []
    for score in scores[1:]:
        reached = best[:, None] + turn
        ways.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + score
    path = [int(best.argmax())]
    for way in reversed(ways):
        path.append(int(way[path[-1]]))
    return [MARKS[kind] for kind in reversed(path)]


def _chance(logit: np.float32 | NDArray[np.float32]) -> float:
    return float(1 / (1 + np.exp(-logit)))

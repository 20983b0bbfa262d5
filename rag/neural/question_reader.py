"""What a question says: what it asks for, whether it goes on from another, and which of its words are conditions."""

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
_WORD = re.compile(r"[^\W_]+(?:[-.'’/][^\W_]+)*")


@dataclass(frozen=True)
class Mark:
    """Words of a question that are a condition: one of `heads.SLOTS`, wanted or denied, with their offsets."""

    slot: str
    denied: bool
    start: int
    end: int


@dataclass(frozen=True)
class Heard:
    """What was heard of a question: how likely it asks for each of `ASKS`, and goes on from another; its marks."""

    asks: Mapping[str, float] = field(default_factory=dict)
    goes_on: float = 0.0
    marks: tuple[Mark, ...] = ()

    def of(self, slot: str, *, denied: bool = False) -> tuple[Mark, ...]:
        """The marks of a slot that are wanted, or those that are denied."""
        return tuple(mark for mark in self.marks if mark.slot == slot and mark.denied is denied)


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
        asks, goes_on, marks = self.run(packed, "asks", "goes_on", "marks")
        return Heard(
            dict(zip(ASKS, map(_chance, asks), strict=True)), _chance(goes_on),
            tuple(marked(question, packed.spans, marks[1 : 1 + len(packed.spans)])),
        )  # fmt: skip


def marked(text: str, spans: Sequence[tuple[int, int]], logits: NDArray[np.float32]) -> list[Mark]:
    """The marks of a text by the logits of its pieces, shape (pieces, len(MARKS)), which stand at `spans`.

    Every word is what its pieces say together; words of one kind that follow on each other are one mark.
    """
    shares = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
    shares = shares / shares.sum(axis=1, keepdims=True)
    found: list[tuple[str, int, int]] = []
    before = ""
    for word in _WORD.finditer(text):
        inside = [n for n, (start, end) in enumerate(spans) if word.start() <= start and end <= word.end()]
        kind = MARKS[int(shares[inside].sum(axis=0).argmax())] if inside else ""
        if kind and kind == before:
            found[-1] = (kind, found[-1][1], word.end())
        elif kind:
            found.append((kind, word.start(), word.end()))
        before = kind
    return [Mark(kind.removeprefix("not "), kind.startswith("not "), start, end) for kind, start, end in found]


def _chance(logit: np.float32 | NDArray[np.float32]) -> float:
    return float(1 / (1 + np.exp(-logit)))

"""What the network is shown: a question or statement with words of a paper, in groups weighed against one another."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Abstract:
    """An abstract with its sentences; `split` is "train", "dev" or "apart" (other fields, only reported)."""

    id: str
    title: str
    sentences: tuple[str, ...]
    split: str


@dataclass(frozen=True)
class Pair:
    """A question and words of a paper. Targets that are None are not judged in this pair.

    `marks` are places in the question, each with what it is there (in `rag.neural.heads.MARKS`).
    """

    text: str
    title: str = ""
    sentences: tuple[str, ...] = ()
    answers: float | None = None
    about: float | None = None
    asks: tuple[float, ...] | None = None
    goes_on: float | None = None
    hangs: float | None = None
    several: float | None = None
    marks: tuple[tuple[int, int, int], ...] | None = None
    bears: int | None = None
    short: bool = False


@dataclass(frozen=True)
class Group:
    """Pairs that are weighed against one another: one question with the papers that may answer it."""

    pairs: tuple[Pair, ...]
    origin: Mapping[str, Any] = field(default_factory=dict, hash=False)


def hard(question: str, pairs: Sequence[Pair], count: int, dice: random.Random) -> list[Pair]:
    """So many of the pairs: half of them those whose sentence shares most words with the question, half by chance."""
    asked = set(question.lower().split())
    count = min(max(count, 0), len(pairs))
    ranked = sorted(pairs, key=lambda pair: -len(asked & set(" ".join(pair.sentences).lower().split())))
    near = ranked[: (count + 1) // 2]
    return near + dice.sample(ranked[len(near) :], count - len(near))

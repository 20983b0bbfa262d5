"""What a model is given to answer from, before it is a prompt: papers, notes, and where more comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.model import Paper

Search = Callable[[str], Sequence[Paper]]
"""The best papers for some words, best first."""


@dataclass(frozen=True)
class Bundle:
    """The evidence for a question.

    `papers` go to the model at once, the best first; `more` gives the others, by rank, for a list that goes on. `exact`
    are sentences that the metadata of the whole library give, which may be said and proved with the papers named;
    `unknown` says what no paper has. `missing` is what to say when nothing is left of the answer. `lists` is True where
    papers are asked for, `metadata` where a field of the metadata may be, `named` where the question names a paper.
    """

    papers: tuple[Paper, ...]
    missing: str
    exact: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    lists: bool = False
    metadata: bool = False
    named: bool = False
    search: Search = field(default=lambda _: (), repr=False)
    more: Callable[[], Sequence[Paper]] = field(default=lambda: (), repr=False)

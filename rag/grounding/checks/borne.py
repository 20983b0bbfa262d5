"""Borne out: what the cross-encoder makes of a statement, read with the sentences that have most of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.sentence import Reading, Source, overlaps
from rag.text import shown

Bears = Callable[[str, str, Sequence[str]], Mapping[str, float]]
"""A statement, the title of a paper and sentences of it to the chance that they support it (`supports`), contradict it,
or do neither, 1 in all: `CrossEncoder.bears`."""

_READ = 2
_SURE = 1e-6


def nearest(sentence: Reading, evidence: Source) -> tuple[str, ...]:
    """The sentences that have most of a statement, in their order, as the cross-encoder reads them."""
    places = sorted(-n for _, n in overlaps(sentence, evidence)[:_READ])
    return tuple(shown(evidence.text[slice(*evidence.spans[n])]) for n in places)


def borne_doubts(sentence: Reading, evidence: Source, bears: Bears) -> Iterator[Doubt]:
    """One doubt, always: the log odds that the nearest sentences do not support the statement, below 0 if they do."""
    borne = min(max(bears(sentence.text, evidence.title, nearest(sentence, evidence))["supports"], _SURE), 1 - _SURE)
    yield Doubt("unborne", -math.log(borne / (1 - borne)), "read together, what it cites does not bear it out")

"""Borne out: what the cross-encoder makes of a statement, read with the sentences that have most of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.sentence import Reading, Source, overlap
from rag.text import shown
from rag.text.names import name_key

Bears = Callable[[str, str, Sequence[str]], Mapping[str, float]]
"""A statement, the title of a paper and sentences of it to the chance that they support it (`supports`), contradict it,
or do neither, 1 in all: `CrossEncoder.bears`."""

_READ = 2
_TIE = 0.01  # how much all that a sentence has counts beside what is new in it
_SURE = 1e-6


def nearest(sentence: Reading, evidence: Source) -> tuple[str, ...]:
    """The sentences that have most of a statement, in their order, as the cross-encoder reads them.

    The second is the one that has most of what the first has not. What few sentences of the paper have counts more.
    """
    count = len(evidence.sentences)
    having = {stem: sum(stem in other.stems for other in evidence.sentences) for stem in sentence.stems}
    worth = {stem: math.log(1 + count / (1 + n)) for stem, n in having.items()}
    worth |= {key: worth.get(key, 0.0) + 1 for key in map(name_key, sentence.names)}
    places: list[int] = []
    seen: frozenset[str] = frozenset()
    for _ in range(min(_READ, count)):
        left = [n for n in range(count) if n not in places]
        places.append(max(left, key=lambda n: _gain(sentence, evidence.sentences[n], worth, seen)))
        seen |= _parts(evidence.sentences[places[-1]])
    return tuple(shown(evidence.text[slice(*evidence.spans[n])]) for n in sorted(places))


def _gain(sentence: Reading, other: Reading, worth: Mapping[str, float], seen: frozenset[str]) -> float:
    new = math.fsum(worth[part] for part in (_parts(other) & worth.keys()) - seen)  # the same in any order of a set
    figures = sum(any(f.equals(g) for g in other.figures) for f in sentence.figures if not f.spelled)
    return new + figures + _TIE * overlap(sentence, other)


def _parts(reading: Reading) -> frozenset[str]:
    return reading.stems | reading.keys


def borne_doubts(sentence: Reading, evidence: Source, bears: Bears) -> Iterator[Doubt]:
    """One doubt, always: the log odds that the nearest sentences do not support the statement, below 0 if they do."""
    borne = min(max(bears(sentence.text, evidence.title, nearest(sentence, evidence))["supports"], _SURE), 1 - _SURE)
    yield Doubt("unborne", -math.log(borne / (1 - borne)), "read together, what it cites does not bear it out")

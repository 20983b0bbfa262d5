"""What models say of meaning, as the check asks them: vectors of words in context, and what sentences bear out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.sentence import Reading, Source, overlaps

Vectors = NDArray[np.float32]
Span = tuple[int, int]
_NEAREST = 2
_LEAST = 0.02


class Meaning(Protocol):
    """A reader of texts, as `rag.neural.understanding` makes it; as long as one lives it says the same of the same."""

    def documents(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> Sequence[tuple[Vectors, Vectors]]:
        """Of each text its vector, and those of its spans of characters."""
        ...

    def bears(self, statement: str, title: str, sentences: Sequence[str]) -> Mapping[str, float]:
        """How likely sentences of a paper with this title support a statement, contradict it, or neither."""
        ...


def borne_doubts(sentence: Reading, evidence: Source, meaning: Meaning) -> Iterator[Doubt]:
    """How little the nearest sentences support a statement; "denied" where they rather say otherwise."""
    nearest = sorted(-n for _, n in overlaps(sentence, evidence)[:_NEAREST])
    read = [evidence.text[slice(*evidence.spans[n])] for n in nearest]
    told = meaning.bears(sentence.text, evidence.title, read)
    supported = min(1 - _LEAST, max(_LEAST, told["supports"]))
    odds = log((1 - supported) / supported)
    if odds > 0 and told["contradicts"] > told["neither"]:
        yield Doubt("denied", odds, "what comes nearest in it says otherwise")
    else:
        yield Doubt("unborne", odds, "what comes nearest in it does not bear this out")

"""Borne out: what the cross-encoder finds that the sentences nearest to a statement do with it."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.meaning import Meaning
from rag.grounding.checks.sentence import Reading, Source, overlaps

_NEAREST = 2
_LEAST = 0.02


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

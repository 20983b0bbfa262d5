"""The quote: where a statement stands word for word, or the shortest run of sentences that carries it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.grounding.checks.lexicon import NEGATIONS
from rag.grounding.checks.sentence import Reading, Source
from rag.text import shown
from rag.text.names import name_key

_LONGEST_RUN = 3
_COST = 1.5
_FEWEST_WORDS = 4


@dataclass(frozen=True)
class Run:
    """A run of sentences by its offsets in the text, and how much of the statement it has."""

    start: int
    end: int
    score: float


def is_quote(text: str, evidence: Source) -> tuple[int, int] | None:
    """The offsets of the sentences that hold `text` word for word as shown, or None.

    Half a sentence that a negation stands before is not a quote: "needs training" of "no longer needs training".
    """
    wanted = text.strip().rstrip(".")
    at = evidence.shown.find(wanted) if wanted else -1
    if at < 0 or not _whole_words(evidence.shown, at, at + len(wanted)):
        return None
    before = re.split(r"[.!?]\s", evidence.shown[:at])[-1]
    if before.strip():
        if len(wanted.split()) < _FEWEST_WORDS:
            return None
        if NEGATIONS & set(re.findall(r"[a-z]+", before.lower())[-4:]):
            return None
    return _covering(wanted, evidence)


def _whole_words(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _covering(wanted: str, evidence: Source) -> tuple[int, int]:
    """The offsets of the fewest sentences whose text as shown holds `wanted`."""
    spans = evidence.spans
    for start, end in spans:
        if shown(evidence.text[start:end]).rstrip(".") == wanted:
            return start, end
    for length in range(1, len(spans) + 1):
        for first in range(len(spans) - length + 1):
            start, end = spans[first][0], spans[first + length - 1][1]
            if wanted in shown(evidence.text[start:end]):
                return start, end
    return spans[0][0], spans[-1][1]


def run_for(sentence: Reading, evidence: Source) -> Run:
    """The run of up to three sentences that has most of a statement, a longer one only if it has clearly more."""
    best = Run(0, 0, -1.0)
    names = {name_key(name) for name in sentence.names}
    for first in range(len(evidence.spans)):
        for last in range(first, min(first + _LONGEST_RUN, len(evidence.spans))):
            inside = evidence.sentences[first : last + 1]
            stems = frozenset[str]().union(*(other.stems for other in inside))
            keys = frozenset[str]().union(*(other.keys for other in inside))
            score = len(sentence.stems & stems) + len(names & keys) - _COST * (last - first)
            score += 2 * sum(
                any(figure.equals(found) for other in inside for found in other.figures) for figure in sentence.figures
            )
            score += _likeness(sentence, inside)
            if score > best.score:
                best = Run(evidence.spans[first][0], evidence.spans[last][1], score)
    return best


def _likeness(sentence: Reading, inside: tuple[Reading, ...]) -> float:
    """Up to 3 for a sentence that means the same, where the vectors are there."""
    if sentence.vectors is None:
        return 0.0
    own = sentence.vectors[1]
    return 3 * max((float(own @ other.vectors[1]) for other in inside if other.vectors is not None), default=0.0)

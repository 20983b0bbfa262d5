"""Saying less: where a sentence may end because what follows in it was not asked for.

Only the end of a sentence is ever left out, so that what is shown is still a run of the abstract's own words.
"""

from __future__ import annotations

import re

import numpy as np

from rag.question import parts_of
from rag.select import Scored, figure_fit, sentence_terms
from rag.text import content_words, normal

_LEAST_WORDS = 6
# What the words before have to keep of what the sentence has of the question: of its words, and of their nearness.
_TOLD, _KEPT = 0.8, 0.9
_SET_UP = r"(?:on|for|with|at|in|when|under|using|across)\b"
# "500K on one card, 3.7M on eight of them and over 15M on four nodes": the same figure for other set-ups.
_ANOTHER = re.compile(
    rf"(?:,\s+(?:and\s+|or\s+)?|\s+and\s+)(?:(?:over|up to|about|around|roughly|more than|even|only|nearly|almost)\s+)?"
    rf"[~≈<>]?\d[\w.,%×]*\s+(?:[\w-]+\s+){{0,2}}?{_SET_UP}"
)
_CLAUSE = re.compile(
    r";\s+|,\s+(?:while|whereas|although|but|and (?:it|they|that|this|can|is|are)|which|making|the (?:last|latter))\b"
)
_ENDS_SET_UP = re.compile(rf"\d[\w.,%×]*\s+(?:[\w-]+\s+){{0,2}}?{_SET_UP}")
_TWO_ASKED = re.compile(r"\band\b|\bboth\b|\beach\b|\brespectively\b|,")


def trimmed_end(scored: Scored) -> int:
    """The offset in the abstract at which the sentence may end: the end of the sentence, or of a clause before it.

    That is only done where one figure is asked for, and where the words before have all that the question has of the
    sentence, and the kind of figure that it asks for.
    """
    start, end = scored.span
    reading, text = scored.asked.reading, scored.text
    if not reading.figure or len(parts_of(reading)) > 1 or _TWO_ASKED.search(normal(reading.text)):
        return end
    fit = figure_fit(reading, text)
    for at in sorted({match.start() for pattern in (_ANOTHER, _CLAUSE) for match in pattern.finditer(text)}):
        before = text[:at]
        if len(before.split()) < _LEAST_WORDS or before.count("(") != before.count(")"):
            continue
        if ":" in before and ";" in text:  # within a list
            continue
        parallel = _ANOTHER.match(text, at) is not None and _ENDS_SET_UP.search(before) is not None
        if figure_fit(reading, before) < fit or not (parallel or fit == 1.0):
            continue
        told = sum(scored.wanted[term] for term in scored.covered & sentence_terms(before))
        whole = sum(scored.wanted[term] for term in scored.covered)
        if told >= _TOLD * whole and _near_before(scored, start + at) >= _KEPT:
            return start + at
    return end


def _near_before(scored: Scored, cut: int) -> float:
    """How near the words before `cut` are to those of the question, as a share of what the whole sentence has."""
    asked, candidate = scored.asked, scored.candidate
    rows = [n for n, term in enumerate(asked.terms) if term in scored.wanted]
    if not rows or not asked.word_vectors.size or not candidate.word_vectors.size:
        return 1.0
    starts = np.array([begin for begin, _ in content_words(candidate.paper.abstract)])
    inside = candidate.word_sentences == scored.position
    if len(starts) != len(inside) or not (inside & (starts < cut)).any():
        return 0.0
    likeness = np.maximum(asked.word_vectors[rows] @ candidate.word_vectors.T, 0)
    weights = np.array([scored.wanted[asked.terms[n]] for n in rows])
    whole = float(weights @ likeness[:, inside].max(axis=1))
    return float(weights @ likeness[:, inside & (starts < cut)].max(axis=1)) / whole if whole else 1.0

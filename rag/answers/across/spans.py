"""Cutting a sentence to the shortest words that answer: the clause that it cannot do without."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

Span = tuple[int, int]
Needed = Callable[[Sequence[str]], Sequence[float]]
"""For texts how well each still answers, on the scale of what is said cheaply: the sentence with one part left out."""

# Where a clause ends: at punctuation that is not inside a figure or a name, and before a word that joins clauses.
_CLAUSE = re.compile(
    r"[,;:](?=\s)|(?<=\s)[(]|[)](?=[\s,.;])|\s[–—]\s|\s--\s|"
    r"\s(?=(?:and|while|whereas|but|although|though|which|who|whose|so that|because|when|where|after|before)\s)"
)
_LEADING = re.compile(
    r"^(?:[\s,;:()–—-]|(?:and|while|whereas|but|although|though|which|who|so that|because|hence|thus)\s)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[\s,;:(–—-]+$")
_WORD = re.compile(r"[^\W_]")
_SHORT, _LEAST = 9, 3
_CLAUSES, _GAP = 4, "…"


def shortest(text: str, near: Callable[[str], float], needed: Needed) -> Span:
    """The offsets of the words of a sentence that answer by themselves.

    `near` says cheaply how much of what is asked a text speaks of, so that only likely clauses are read; a clause is
    the answer when the sentence without it answers least.
    """
    if len(text.split()) <= _SHORT:
        return _trimmed(text, (0, len(text)))
    best = _missed(text, _clauses(text), near, needed)
    return _trimmed(text, best)


def _missed(text: str, parts: Sequence[Span], near: Callable[[str], float], needed: Needed) -> Span:
    """The part that speaks most of what is asked, and without which the text answers least."""
    likely = sorted(((near(text[slice(*part)]), part) for part in parts), key=lambda pair: -pair[0])[:_CLAUSES]
    if len(likely) < 2:
        return likely[0][1] if likely else (0, len(text))
    left = needed([f"{text[:start]}{_GAP}{text[end:]}" for _, (start, end) in likely])
    return max(zip((told - rest for (told, _), rest in zip(likely, left, strict=True)), likely, strict=True))[1][1]


def _clauses(text: str) -> list[Span]:
    """The clauses; one that is too short to say anything belongs to the one before it."""
    cuts = [0, *(found.start() for found in _CLAUSE.finditer(text)), len(text)]
    found: list[Span] = []
    for first, last in pairwise(cuts):
        words = len([word for word in text[first:last].split() if _WORD.search(word)])
        if found and words < _LEAST:
            found[-1] = found[-1][0], last
        elif words:
            found.append((first, last))
    return found


def _trimmed(text: str, span: Span) -> Span:
    """The span without conjunctions and punctuation at its ends; a bracket that it opens or closes alone goes too."""
    start, end = span
    if lead := _LEADING.match(text[start:end]):
        start += lead.end()
    piece = text[start:end].rstrip()
    piece = piece.removesuffix(".") if not re.search(r"\b(?:al|etc)\.$", piece) else piece
    piece = piece[:-1] if piece.endswith(")") and "(" not in piece else piece
    if (tail := _TRAILING.search(piece)) is not None:
        piece = piece[: tail.start()]
    return (start, start + len(piece)) if piece else span

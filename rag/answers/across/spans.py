"""Cutting a sentence to few words that answer: the clause that answers best, and its neighbours while that is short."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

Span = tuple[int, int]
Tells = Callable[[Sequence[str]], Sequence[float]]
"""For texts how well each answers."""

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
_FEW, _LEAST = 16, 3


def shortest(text: str, tells: Tells) -> Span:
    """The offsets of the words of a sentence that answer: at most 16, or a longer clause that no mark divides.

    The clause that answers best may name what it speaks of in the one beside it, so that these are added, the better
    first, as long as there is room.
    """
    parts = _clauses(text)
    words = [len(text[slice(*part)].split()) for part in parts]
    if len(parts) < 2 or sum(words) <= _FEW:
        return _trimmed(text, (0, len(text)))
    told = tells([text[slice(*part)] for part in parts])
    first = last = max(range(len(parts)), key=lambda n: told[n])
    while beside := [
        n for n in (first - 1, last + 1) if 0 <= n < len(parts) and sum(words[first : last + 1]) + words[n] <= _FEW
    ]:
        best = max(beside, key=lambda n: told[n])
        first, last = min(first, best), max(last, best)
    return _trimmed(text, (parts[first][0], parts[last][1]))


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

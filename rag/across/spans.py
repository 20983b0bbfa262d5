"""Cutting a sentence to the shortest words that answer: which clause it cannot do without, and which part of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

Span = tuple[int, int]
Needed = Callable[[Sequence[str]], Sequence[float]]
"""For texts how well each still answers, as a logit: the sentence with one part left out."""

# Where a clause ends: at punctuation that is not inside a figure or a name, and before a word that joins clauses.
_CLAUSE = re.compile(
    r"[,;:](?=\s)|(?<=\s)[(]|[)](?=[\s,.;])|\s[–—]\s|\s--\s|"
    r"\s(?=(?:and|while|whereas|but|although|though|which|who|whose|so that|because|when|where|after|before)\s)"
)
_PHRASE = re.compile(r"\s(?=(?:by|with|in|on|from|to|at|for|of|than|as|over|using|under|within|through|into|that)\s)")
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
    the answer when the sentence without it answers least. A long clause is cut once more in the same way.
    """
    if len(text.split()) <= _SHORT:
        return _trimmed(text, (0, len(text)))
    best = _missed(text, _parts(text, (0, len(text)), _CLAUSE), near, needed)
    if len(text[slice(*best)].split()) > _SHORT:
        start, end = best
        part = _missed(text[start:end], _parts(text[start:end], (0, end - start), _PHRASE), near, needed)
        if len(text[start + part[0] : start + part[1]].split()) >= _LEAST:
            best = start + part[0], start + part[1]
    return _trimmed(text, best)


def _missed(text: str, parts: Sequence[Span], near: Callable[[str], float], needed: Needed) -> Span:
    """The part without which the text answers least."""
    likely = sorted(parts, key=lambda part: -near(text[slice(*part)]))[:_CLAUSES]
    if len(likely) < 2:
        return likely[0] if likely else (0, len(text))
    left = needed([f"{text[:start]}{_GAP}{text[end:]}" for start, end in likely])
    return min(zip(left, likely, strict=True))[1]


def _parts(text: str, within: Span, border: re.Pattern[str]) -> list[Span]:
    """The parts between borders; one that is too short to say anything belongs to the one before it."""
    start, end = within
    cuts = [start, *(found.start() for found in border.finditer(text, start, end)), end]
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

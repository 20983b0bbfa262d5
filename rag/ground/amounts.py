"""Figures: is each one in the evidence, and does it belong there to what the statement attaches it to?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.figures import Figure
from rag.ground.doubt import Doubt
from rag.ground.lexicon import NEGATIONS, ROUGHLY, SIGN
from rag.ground.words import Reading, Source, Word
from rag.names import name_key

_STRUCTURE = re.compile(r"(?:the|these|those|both|other|its|their|all|last|first|next) $")
_PIECE = re.compile(r"[,;:()]|\b(?:and|while|whereas|but|which|against|versus|vs|compared|or)\b")


def figure_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for each figure that the evidence does not have, and for each that it gives to something else."""
    for figure in sentence.figures:
        written = sentence.folded[figure.start : figure.end].strip()
        if any(figure.equals(other) for other in evidence.figures):
            yield from _attached(sentence, figure, evidence, written)
        elif _rounded(sentence, figure, evidence):
            continue
        elif _rest(sentence, figure, evidence):
            yield Doubt("count", 0.5, f"what it cites has the rest to one, and not {written}")
        elif not figure.spelled or figure.unit or not float(figure.value).is_integer() or figure.value >= 4:
            yield Doubt("figure", 1.0, f"the figure {written} is not in what it cites")
        elif figure.value >= 2 and not _STRUCTURE.search(sentence.folded[: figure.start]):
            yield Doubt("count", 1.0, f"what it cites does not say {written}")


def _rounded(sentence: Reading, figure: Figure, evidence: Source) -> bool:
    """True for a figure that is said to be rough, where the evidence has one that rounds to it."""
    before = sentence.folded[max(0, figure.start - 16) : figure.start].rstrip()
    rough = any(before.endswith(word) for word in ROUGHLY)
    return rough and any(figure.rounds(other) for other in evidence.figures)


def _rest(sentence: Reading, figure: Figure, evidence: Source) -> bool:
    """True for a share where the evidence has the share that is left, and the sentence negates: not kept, 90%."""
    share = figure.value / 100 if figure.unit == "%" else figure.value
    if not 0 < share < 1 or not any(word.text in NEGATIONS for word in sentence.words):
        return False
    rest = Figure(1 - share, "", 0, 0, False)
    return any(rest.equals(other) for other in evidence.figures)


def _attached(sentence: Reading, figure: Figure, evidence: Source, written: str) -> Iterator[Doubt]:
    """A doubt when another figure of the same unit stands, in the evidence, with more of what this one stands with."""
    if figure.spelled and not figure.unit and figure.value < 4:
        return
    context = _context(sentence, figure)
    if not context:
        return
    own: list[frozenset[str]] = []
    rivals: list[tuple[frozenset[str], str]] = []
    said = sentence.figures
    for other in (evidence.heading, *evidence.sentences):
        for piece, found in _pieces(other):
            if found.equals(figure):
                own.append(piece)
            elif _alike(found, figure) and not any(found.equals(one) for one in said):
                rivals.append((piece, other.folded[found.start : found.end].strip()))
    for piece, rival in rivals:
        best = max((_shared(context, mine - piece, sentence) for mine in own), default=0.0)
        worst = min((_shared(context, piece - mine, sentence) for mine in own), default=0.0)
        if worst - best >= 1:
            about = ", ".join(sorted(context & piece)[:3])
            yield Doubt("attached", min(1.0, (worst - best) / 3), f"{rival}, not {written}, is what goes with {about}")
            return


def _alike(a: Figure, b: Figure) -> bool:
    """True for two figures that could be taken for one another: of the same unit."""
    return a.unit == b.unit and a.measure == b.measure and (a.value < 1) == (b.value < 1) and a.spelled == b.spelled


def _shared(context: frozenset[str], piece: frozenset[str], sentence: Reading) -> float:
    names = {name_key(name) for name in sentence.names}
    return sum(2.0 if stem in names or any(c.isdigit() for c in stem) else 1.0 for stem in context & piece)


def _context(sentence: Reading, figure: Figure) -> frozenset[str]:
    """What stands in the same piece of the sentence as the figure, and what stands before its first comma."""
    for piece, found in _pieces(sentence):
        if found is figure:
            alone = sum(not other.spelled for other in sentence.figures) <= 1
            return frozenset(_tokens(sentence, 0, len(sentence.folded))) if alone else piece
    return frozenset()


def _pieces(reading: Reading) -> Sequence[tuple[frozenset[str], Figure]]:
    """For each figure of a sentence the stems and names that belong to it.

    They are those in its own piece between commas and "and"; where "A and B" are given two figures in turn, those of
    the one in its turn.
    """
    cached: Sequence[tuple[frozenset[str], Figure]] | None = getattr(reading, "_figure_pieces", None)
    if cached is None:
        cached = tuple(_cut(reading))
        reading._figure_pieces = cached  # type: ignore[attr-defined]
    return cached


def _cut(reading: Reading) -> Iterator[tuple[frozenset[str], Figure]]:
    folded = reading.folded
    cuts = [0, *(match.start() for match in _PIECE.finditer(folded)), len(folded)]
    lone = [figure for figure in reading.figures if not figure.spelled]
    turns = _in_turn(reading, lone)
    for figure in reading.figures:
        start = max(cut for cut in cuts if cut <= figure.start)
        end = min(cut for cut in cuts if cut >= figure.end)
        found = set(_tokens(reading, start, end)) | turns.get(figure.start, set())
        shared = [other for other in lone if other is not figure and start <= other.start < end]
        if shared:
            # Two figures without a break between them: each takes what follows it.
            later = [other.start for other in shared if other.start > figure.start]
            found = set(_tokens(reading, figure.start, min(later) if later else end))
        yield frozenset(found), figure


def _in_turn(reading: Reading, figures: Sequence[Figure]) -> dict[int, set[str]]:
    """For "A and B by 1% and 2%" the stems of A for the first figure and those of B for the second."""
    turns: dict[int, set[str]] = {}
    for first, second in zip(figures, figures[1:], strict=False):
        between = reading.folded[first.end : second.start]
        if first.unit != second.unit or not re.fullmatch(r"\s?,?\s?(?:and|/)\s?(?:by |up to |about )?", between):
            continue
        third = next((f for f in figures if f.start > second.end and f.start - second.end < 12), None)
        if third is not None and re.fullmatch(r"\s?,?\s?and\s?", reading.folded[second.end : third.start]):
            continue
        best: tuple[int, list[Word], list[Word]] | None = None
        for n, word in enumerate(reading.words):
            if word.text != "and" or first.start <= word.start < second.end:
                continue
            left = [w for w in reading.words[max(0, n - 3) : n] if w.stem and w.text not in SIGN]
            right = [w for w in reading.words[n + 1 : n + 4] if w.stem and w.text not in SIGN]
            left = [w for w in left if not first.start <= w.start < second.end]
            right = [w for w in right if not first.start <= w.start < second.end]
            away = min(abs(word.start - first.start), abs(word.start - second.end))
            if left and right and (best is None or away < best[0]):
                best = (away, left, right)
        if best:
            turns.setdefault(first.start, set()).update(w.stem for w in best[1])
            turns.setdefault(second.start, set()).update(w.stem for w in best[2])
    return turns


def _tokens(reading: Reading, start: int, end: int) -> Iterator[str]:
    """The stems from `start` to `end`, without the figures themselves and the words that only compare."""
    inside = [(figure.start, figure.end) for figure in reading.figures]
    for word in reading.words:
        if start <= word.start < end and word.stem and word.text not in SIGN:
            if not any(a <= word.start < b for a, b in inside):
                yield word.stem

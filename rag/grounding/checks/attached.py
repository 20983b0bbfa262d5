"""Attachment: does each figure belong, in the evidence, to what the statement attaches it to?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.grounding.checks.amounts import side_of
from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import SIGN
from rag.grounding.checks.sentence import Reading, Source
from rag.text.names import name_key
from rag.text.quantity import CALENDAR, Figure

_BRACKETS = re.compile(r"\([^()]*\)")
MOST_FIGURES = 100  # of a sentence: one with more is a table and none
_BEHIND_ERROR = re.compile(r"(?:±|\+/?-)\s?$")
_ENUM = re.compile(r"\s?,\s|\s(?:and|or)\s")
_PIECE = re.compile(r"[,;:()]|\b(?:and|while|whereas|but|which|against|versus|vs|compared|or)\b")


def attached_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for each figure that the evidence gives to something else."""
    for figure in sentence.figures:
        meant = next((other for other in evidence.figures if figure.equals(other)), None)
        if meant is None and (side := side_of(sentence, figure)) is not None:
            meant = next((other for other in evidence.figures if figure.rounds(other, side)), None)
        if meant is not None:
            yield from _attached(sentence, figure, evidence, meant)


def _attached(sentence: Reading, figure: Figure, evidence: Source, meant: Figure) -> Iterator[Doubt]:
    """A doubt when another figure of the same unit stands, in the evidence, with more of what this one stands with."""
    if figure.measure == CALENDAR or (figure.spelled and not figure.unit and figure.value < 4):
        return
    if not figure.unit and (figure.value >= 5e8 or _is_year(figure)):
        return  # "the 13B model", "the 2020 edition": figures are attached to them
    written = sentence.folded[figure.start : figure.end].strip()
    context = _context(sentence, figure) - evidence.heading.keys
    if not context:
        return
    own: list[frozenset[str]] = []
    own_noun: set[str] = set()
    rivals: list[tuple[frozenset[str], str, bool, set[str]]] = []
    said = sentence.figures
    for other in (evidence.heading, *evidence.sentences):
        beside = any(found.equals(meant) for found in other.figures)
        for piece, found in _pieces(other):
            if found.equals(meant):
                own.append(piece)
                own_noun |= _noun(other, found)
            elif (
                _rivals(found, meant, other)
                and not _listed(other, meant, found)
                and not any(_says(sentence, one, found, evidence) for one in said)
            ):
                written_there = other.folded[found.start : found.end].strip()
                rivals.append((piece, written_there, beside, _noun(other, found)))
    counted = _noun(sentence, figure)
    for piece, rival, beside, noun in rivals:
        if not figure.unit and not figure.measure and counted & own_noun and not counted & noun:
            continue  # "47 benchmarks" is not taken for "6 categories"
        best = max((_shared(context, mine - piece, sentence) for mine in own), default=0.0)
        worst = min((_shared(context, piece - mine, sentence) for mine in own), default=0.0)
        if (worst - best >= 2 and not (beside and best)) or (beside and worst >= 1 and best == 0):
            about = ", ".join(sorted(context & piece)[:3])
            strength = min(1.0, (worst - best + beside) / 3)
            yield Doubt("attached", strength, f"{rival}, not {written}, is what goes with {about}")
            return


def _listed(reading: Reading, meant: Figure, found: Figure) -> bool:
    """True for two figures of one list: what follows "34,600, 4,400 and 2,300" belongs to each of them."""
    inside = [figure for figure in reading.figures if figure.start <= found.start]
    while inside and _ENUM.fullmatch(reading.folded, inside[-2].end if len(inside) > 1 else 0, inside[-1].start):
        inside.pop()
        if inside[-1].equals(meant):
            return True
    return False


def _is_year(figure: Figure) -> bool:
    return not figure.unit and not figure.measure and not figure.spelled and 1990 <= figure.value <= 2035


def _says(sentence: Reading, figure: Figure, found: Figure, evidence: Source) -> bool:
    """True for the same amount; of a figure that the evidence has nowhere, also where it is said to be one rounded."""
    if any(figure.equals(other) for other in evidence.figures):
        return figure.equals(found)
    side = side_of(sentence, figure)
    return side is not None and figure.rounds(found, side)


def _noun(reading: Reading, figure: Figure) -> set[str]:
    """The stems of the two content words after a figure."""
    return {word.stem for word in [w for w in reading.content if w.start >= figure.end][:2]}


def _rivals(found: Figure, figure: Figure, reading: Reading) -> bool:
    """True for a figure that another could have been taken for; not one in brackets, nor a year."""
    if _is_year(found) or _BEHIND_ERROR.search(reading.folded, max(0, found.start - 5), found.start):
        return False
    if not found.unit and found.value < 10 and any(end + 1 == found.start for _, end, _ in reading.named):
        return False  # the version of what it stands behind: "OwlNet 2.0"
    bracketed = any(match.start() < found.start < match.end() for match in _BRACKETS.finditer(reading.folded))
    return _alike(found, figure) and not bracketed


def _alike(a: Figure, b: Figure) -> bool:
    """True for two figures that could be taken for one another: of the same unit and not far apart."""
    if a.unit != b.unit or a.measure != b.measure or a.spelled != b.spelled:
        return False
    return bool(a.unit) or 0.02 <= (a.value or 1e-9) / (b.value or 1e-9) <= 50


def _shared(context: frozenset[str], piece: frozenset[str], sentence: Reading) -> float:
    names = {key for _, _, key in sentence.named}
    return sum(2.0 if stem in names else 1.0 for stem in context & piece)


def _context(sentence: Reading, figure: Figure) -> frozenset[str]:
    """What stands in the same piece of the sentence as the figure, and in what leads in to it ("On GQA, ...")."""
    start, end = _bounds(sentence, figure)
    found = next((piece for piece, other in _pieces(sentence) if other is figure), frozenset[str]())
    return found | set(_tokens(sentence, 0, _lead_in(sentence))) | set(_named(sentence, start, end))


def _lead_in(sentence: Reading) -> int:
    """The end of the phrase that a sentence begins with: up to the comma of "On GQA, ...", or 0."""
    lead = re.match(r"(?:on|in|for|with|at|using|under|among|by)\s[^,;:]+,", sentence.folded)
    return lead.end() if lead else 0


def _bounds(reading: Reading, figure: Figure) -> tuple[int, int]:
    """Where the piece of a sentence between commas and "and" begins and ends that a figure stands in.

    What stands in brackets belongs to what stands around it, unless the figure itself is in them.
    """
    text = _BRACKETS.sub(lambda match: " " * len(match.group()), reading.folded)
    if not text[figure.start : figure.end].strip():
        text = reading.folded
    cuts = [0, *(match.start() for match in _PIECE.finditer(text)), len(text)]
    return max(cut for cut in cuts if cut <= figure.start), min(cut for cut in cuts if cut >= figure.end)


@lru_cache(maxsize=1024)
def _pieces(reading: Reading) -> Sequence[tuple[frozenset[str], Figure]]:
    """For each figure of a sentence the stems and names that belong to it.

    They are those in its own piece between commas and "and"; where "A and B" are given two figures in turn, those of
    the one in its turn. Of a table nothing is said.
    """
    return tuple(_cut(reading)) if len(reading.figures) <= MOST_FIGURES else ()


def _cut(reading: Reading) -> Iterator[tuple[frozenset[str], Figure]]:
    lone = [figure for figure in reading.figures if not figure.spelled]
    brackets = [(match.start(), match.end()) for match in _BRACKETS.finditer(reading.folded)]
    turns = _in_turn(reading, lone)
    for figure in reading.figures:
        start, end = _bounds(reading, figure)
        found = set(_tokens(reading, start, end)) | turns.get(figure.start, set())
        shared = [
            other.start
            for other in lone
            if start <= other.start < end
            and other is not figure
            and _alike(other, figure)
            and not any(a < other.start < b for a, b in brackets)
        ]
        if shared and figure.start not in turns:
            # Several figures without a break between them: each takes what follows it.
            later = [place for place in shared if place > figure.start]
            found = set(_tokens(reading, figure.start, min(later) if later else end))
        for place, stems in turns.items():
            if place != figure.start and figure.start in turns:
                found -= stems - turns[figure.start]
        first = next((other for other in lone if _alike(other, figure)), figure)
        if figure is first:
            found |= set(_tokens(reading, 0, figure.start))
        elif len(found) <= 3 or figure.start in turns:
            # "comparable to X at 2048 and faster at 4096": a short piece has the same subject.
            before = set(_tokens(reading, 0, first.start))
            if _named(reading, start, end):
                before -= set(_named(reading, 0, first.start))
            found |= before
        yield frozenset(found), figure


def _in_turn(reading: Reading, figures: Sequence[Figure]) -> dict[int, set[str]]:
    """For "A and B by 1% and 2%" the stems of A for the first figure and those of B for the second."""
    turns: dict[int, set[str]] = {}
    for first, second in pairwise(figures):
        between = reading.folded[first.end : second.start]
        if first.unit != second.unit or not re.fullmatch(r"\s?,?\s?(?:and|/)\s?(?:by |up to |about )?", between):
            continue
        third = next((f for f in figures if f.start > second.end and f.start - second.end < 12), None)
        if third is not None and re.fullmatch(r"\s?,?\s?and\s?", reading.folded[second.end : third.start]):
            continue
        if "/" in between and (pair := _slashed(reading, first.start)):
            turns[first.start], turns[second.start] = {pair[0]}, {pair[1]}
            continue
        best: tuple[int, set[str], set[str]] | None = None
        for n, word in enumerate(reading.words):
            if word.text != "and" or first.start <= word.start < second.end:
                continue
            left = [w for w in reading.words[max(0, n - 3) : n] if w.stem and w.text not in SIGN]
            right = [w for w in reading.words[n + 1 : n + 4] if w.stem and w.text not in SIGN]
            left = [w for w in left if not first.start <= w.start < second.end]
            right = [w for w in right if not first.start <= w.start < second.end]
            left_keys = _named(reading, left[0].start, word.start) if left else []
            right_keys = _named(reading, word.start, right[-1].end) if right else []
            away = min(abs(word.start - first.start), abs(word.start - second.end))
            if left and right and (best is None or away < best[0]):
                best = (away, {w.stem for w in left} | set(left_keys), {w.stem for w in right} | set(right_keys))
        if best:
            turns.setdefault(first.start, set()).update(best[1] - best[2])
            turns.setdefault(second.start, set()).update(best[2] - best[1])
    return turns


def _slashed(reading: Reading, start: int) -> tuple[str, str] | None:
    """The keys of the two names that a slash joins, last before `start`: "LDM/DiT by 1.82/0.49"."""
    found = re.findall(r"([a-z][\w.-]*)/([a-z][\w.-]*)", reading.folded[:start])
    return (name_key(found[-1][0]), name_key(found[-1][1])) if found else None


def _tokens(reading: Reading, start: int, end: int) -> Iterator[str]:
    """The stems and the keys of names from `start` to `end`, without figures and the words that only compare."""
    inside = [(figure.start, figure.end) for figure in reading.figures]
    inside += [(a, b) for a, b, _ in reading.named]
    for word in reading.words:
        counts = word.stem and word.text not in SIGN and not word.text[0].isdigit()
        if counts and start <= word.start < end and not any(a <= word.start < b for a, b in inside):
            yield word.stem
    yield from _named(reading, start, end)


def _named(reading: Reading, start: int, end: int) -> list[str]:
    return [key for a, _, key in reading.named if start <= a < end]


def figure_role_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when the evidence gives a figure with another name than the statement does."""
    lone = [figure for figure in sentence.figures if not figure.spelled or figure.unit]
    own = evidence.heading.keys
    for figure in lone:
        holders = [other for other in evidence.sentences if any(figure.equals(found) for found in other.figures)]
        if not holders:
            continue
        said = {key for _, _, key in sentence.named}
        start, end = _bounds(sentence, figure)
        lead = _lead_in(sentence)
        for at, _, key in sentence.named:
            if (
                not (start <= at < end or at < lead)
                or key in own
                or key.removesuffix("s") in own
                or evidence.owns(key)
                or any(key in name_key(other.text) for other in holders)
            ):
                continue
            if key in evidence.key:
                others = {k for other in holders for _, _, k in other.named} - said - own
                if others:
                    yield Doubt(
                        "role", 1.0, f"{key} is not what {sentence.folded[figure.start : figure.end]} goes with"
                    )
                    return

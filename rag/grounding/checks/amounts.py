"""Figures: does what is cited say each amount of the statement, in whatever form?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import NEGATIONS, ROUGHLY
from rag.grounding.checks.sentence import Reading, Source
from rag.text.quantity import Figure, close

_STRUCTURE = re.compile(r"(?:the|these|those|both|other|its|their|all|last|first|next) $")
_ROUGH = re.compile(
    r"(?:\b|(?<=[~≈<>≤≥]))(?:" + "|".join(map(re.escape, sorted(ROUGHLY, key=len, reverse=True))) + r")$"
)
_RANKS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
_TH = re.compile(r"(?:st|nd|rd|th)\b")
_IN_PLACE = re.compile(
    r"(?: [a-z-]+){0,2},? (?:instead of|rather than|in place of|compared (?:to|with)|versus|vs\.?|down from) "
)
_FROM, _TO = (
    re.compile(r"\bfrom (?:an? |[~≈<>]|about |around |roughly |over |nearly ){0,2}$"),
    re.compile(r"[^.;,\d]{0,20}\bto (?:an? |[~≈<>]|about |around |roughly |over |nearly ){0,2}"),
)
_AND_ANOTHER = re.compile(r"(?: [a-z-]+){0,2},? and ")
_FEW = 4  # a smaller number in words is more often no amount: "one of the", "the two"


def figure_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for each amount that the evidence does not have, and for a bound that it has the other way."""
    for figure in sentence.figures:
        written = sentence.folded[figure.start : figure.end].strip()
        side = side_of(sentence, figure)
        if counted := _counted(sentence, figure, evidence):
            yield Doubt("figure", 1.0, f"it says {written} where what it cites says {counted}")
        elif _borne(sentence, figure, evidence):
            bound = side and _is_amount(sentence, figure) and not _in_share(sentence, figure)
            if (
                bound
                and side
                and any(
                    figure.equals(found) and side_of(other, found) == -side and figure.unit == found.unit
                    for other, found in _given(evidence)
                )
            ):
                yield Doubt("hedge", 1.0, f"what it cites has {written} as a bound from the other side")
        elif side is not None and any(figure.rounds(other, side) for other in evidence.amounts):
            continue
        elif "point" in sentence.folded and _difference(figure, evidence):
            yield Doubt("count", 0.8, f"{written} is only the difference of two figures of what it cites")
        elif _rest(sentence, figure, evidence):
            yield Doubt("count", 0.5, f"what it cites has the rest to one, and not {written}")
        elif _is_amount(sentence, figure):
            yield Doubt("figure", 1.0, f"the figure {written} is not in what it cites")
        elif figure.value >= 2 and not _STRUCTURE.search(sentence.folded[: figure.start]):
            yield Doubt("count", 1.0, f"what it cites does not say {written}")


def rank_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for the second of a kind where the evidence has the third, and no second."""
    given = [rank for other in (evidence.heading, *evidence.sentences) for rank in _ranks(other)]
    for written, place, thing in _ranks(sentence):
        others = [said for said, _, of in given if of == thing]
        if place > 1 and others and place not in {there for _, there, _ in given}:
            yield Doubt("figure", 1.0, f"it says {written} where what it cites says {others[0]}")


def _ranks(reading: Reading) -> Iterator[tuple[str, int, str]]:
    """The ordinals of a sentence, each as written, with its number and the stem of what it counts."""
    words = reading.words
    for n, word in enumerate(words):
        written = reading.folded[word.start : word.end]
        place = _RANKS.get(written) or (
            int(written) if written.isdecimal() and _TH.match(reading.folded, word.end) else 0
        )
        before = words[n - 1].text if n else ""
        behind = [other.stem for other in words[n + 1 : n + 4] if other.stem and other.clause == word.clause]
        part = before == "a" and words[n + 1 : n + 2] and words[n + 1].text == "of"  # "a fifth of"
        if place and behind and not part and before not in ("per", "one") and not before.isdecimal():
            yield written, place, behind[0]


def _given(evidence: Source) -> Iterator[tuple[Reading, Figure]]:
    return ((other, found) for other in (evidence.heading, *evidence.sentences) for found in other.figures)


def _borne(sentence: Reading, figure: Figure, evidence: Source) -> bool:
    """True for an amount that the evidence has: by itself, as one that a vague one stands for, or as a share."""
    if any(figure.equals(other) or figure.holds(other) for other in evidence.amounts):
        return True
    if figure.value == 0 and any(_has_none(other, _things(sentence, figure)) for other in evidence.sentences):
        return True
    if not figure.spelled and _TH.match(sentence.folded, figure.end - 2):
        return any(place == figure.value for other in evidence.sentences for _, place, _ in _ranks(other))
    if figure.value in evidence.sizes:
        return True  # "a 7B model" of "Owl-7B"
    if figure.spelled and not figure.unit and f"-{figure.value:g}" in evidence.inside:
        return True  # "the five best" for "top-5"
    if figure.part and _derived(sentence, figure, evidence):
        return True
    if (
        (figure.unit or figure.part)
        and "point" not in sentence.folded
        and _of_change(figure, evidence, side_of(sentence, figure))
    ):
        return True
    # Two numbers are not two others that make the same share: "48 of 288" is not "24 of 144".
    return any(share.equals(other) for share in _in_share(sentence, figure) for other in evidence.figures)


def _derived(sentence: Reading, figure: Figure, evidence: Source) -> bool:
    """True for a part of a number that the statement has too, where the evidence counts that part: 73 of the 92."""
    wholes = [one for one in sentence.figures if not one.unit and one.value > 1]
    for other in evidence.sentences:
        counts = [found for found in other.figures if not found.unit and not found.measure]
        for part, whole in permutations(counts, 2):
            if part.value < whole.value and any(whole.equals(one) for one in wholes):
                share = Figure(part.value / whole.value, "", 0, 0, False)
                if figure.rounds(share, side_of(sentence, figure) or 0):
                    return True
    return False


def _of_change(figure: Figure, evidence: Source, side: int | None) -> bool:
    """True for by how much, or to what part, the evidence has something change."""
    for factor in (factor for other in evidence.sentences for factor in _changes(other)):
        change = Figure(abs(factor - 1) * 100, "%", 0, 0, False, change=1 if factor > 1 else -1)
        times = Figure(max(factor, 1 / factor), "×", 0, 0, False)
        said = figure if figure.change or figure.unit == "×" else replace(figure, change=change.change)
        if any(one.equals(said) or _rounded(said, one) for one in (change, times)):
            return True
        if side and figure.part and 0 <= side * (factor - figure.value) <= 0.2 * figure.value:
            return True
    return False


def _changes(reading: Reading) -> Iterator[float]:
    """What becomes of one where a sentence has something change "from 30% to 10%", or "10 in place of 30"."""
    for first, last in pairwise(reading.figures):
        if (first.unit, first.measure) != (last.unit, last.measure) or min(first.value, last.value) <= 0:
            continue
        factor = (last.base or last.value) / (first.base or first.value)
        if _IN_PLACE.fullmatch(reading.folded, first.end, last.start):
            yield 1 / factor
        elif _TO.fullmatch(reading.folded, first.end, last.start) and _FROM.search(
            reading.folded, max(0, first.start - 40), first.start
        ):
            yield factor


def _rounded(figure: Figure, exact: Figure) -> bool:
    """True for the exact one as digits without a place behind the point say it, or a word to within 1 percent."""
    both = figure.factor, exact.factor
    return abs(both[0] - both[1]) <= (0.01 * max(both) if figure.unit == "×" or figure.spelled else 0.005)


def _has_none(reading: Reading, things: frozenset[str]) -> bool:
    """True for a sentence that says that there are none of these things: "no false alarms"."""
    return any(
        word.text in ("no", "none") and not things.isdisjoint(other.stem for other in reading.words[n + 1 : n + 5])
        for n, word in enumerate(reading.words)
    )


def _in_share(sentence: Reading, figure: Figure) -> list[Figure]:
    """The shares that a figure is one of the two numbers of."""
    return [share for share in sentence.shares if share.start <= figure.start < share.end]


def _is_amount(sentence: Reading, figure: Figure) -> bool:
    """True for what claims an amount, not for the small numbers in words that only structure a sentence."""
    if not figure.spelled or figure.unit or figure.measure or figure.top:
        return True
    if not float(figure.value).is_integer() or figure.value >= _FEW:
        return True
    return bool(_in_share(sentence, figure))


def _counted(sentence: Reading, figure: Figure, evidence: Source) -> str:
    """What the evidence counts of the same thing, where it is another small number, or ""."""
    if not figure.spelled or figure.unit or figure.measure or not 2 <= figure.value < _FEW:
        return ""
    things = _things(sentence, figure)
    found = [
        (other, there)
        for other, there in _given(evidence)
        if not there.unit and not there.measure and float(there.value).is_integer() and 2 <= there.value <= 20
        if things & _things(other, there)
    ]
    if any(figure.equals(there) for _, there in (found if found else _given(evidence))):
        return ""
    if not things or not found:
        return _lone(things, evidence)
    other, there = found[0]
    return other.folded[there.start : there.end].strip()


def _lone(things: frozenset[str], evidence: Source) -> str:
    """How the evidence says that there is one of these things, or ""."""
    for other in (evidence.heading, *evidence.sentences):
        for n, word in enumerate(other.words[:-1]):
            if word.text in ("one", "single") and other.words[n + 1].stem in things:
                return f"{word.text} {other.words[n + 1].text}"
    return ""


def _things(reading: Reading, figure: Figure) -> frozenset[str]:
    """What a number counts: the stems of the words directly after it, up to a break."""
    clause = next((word.clause for word in reading.words if word.start >= figure.start), 0)
    after = [word for word in reading.words if word.start >= figure.end][:4]
    stems = []
    for word in after:
        if word.clause != clause or not (word.stem or word.text == "of"):
            break
        stems.append(word.stem)
    return frozenset(stems) - {""}


def side_of(reading: Reading, figure: Figure) -> int | None:
    """1 for "more than", -1 for "nearly" and "up to", 0 for "about" before a figure; None where nothing is said."""
    before = reading.folded[max(0, figure.start - 24) : figure.start].rstrip()
    match = _ROUGH.search(before.removesuffix(" a").removesuffix(" the").rstrip())
    if not match:
        first = next((one for one in reversed(reading.figures) if one.end < figure.start), None)
        # "about 65,000 images and 140,000 boxes"
        listed = first and _AND_ANOTHER.fullmatch(reading.folded, first.end, figure.start)
        return 0 if first and listed and side_of(reading, first) == 0 else None
    turned = re.search(r"\bno[t]?\s$", before[: match.start()]) is not None
    return -ROUGHLY[match.group()] if turned else ROUGHLY[match.group()]


def _difference(figure: Figure, evidence: Source) -> bool:
    """True for the difference of two figures of one sentence of the evidence."""
    return any(
        a.unit == b.unit and close(abs(a.value - b.value), figure.value)
        for other in evidence.sentences
        for a, b in combinations(other.figures, 2)
    )


def _rest(sentence: Reading, figure: Figure, evidence: Source) -> bool:
    """True for a share where the evidence has the share that is left, and the sentence negates: not kept, 90%."""
    share = figure.value / 100 if figure.unit == "%" else figure.value
    if not 0 < share < 1 or not any(word.text in NEGATIONS for word in sentence.words):
        return False
    rest = Figure(1 - share, "", 0, 0, False)
    return any(rest.equals(other) for other in evidence.figures)

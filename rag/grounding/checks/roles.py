"""Roles: does each thing do, in the evidence, what the statement says that it does, and not what another does?"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import SIGN
from rag.grounding.checks.sentence import Reading, Source, aligned, read
from rag.text.quantity import CALENDAR, Figure

_CONTRAST = re.compile(r";|,? (?:while|whereas|although) ")
_LISTS = re.compile(
    r"(?:[^\s,;()]+(?: [^\s,;()]+){0,3}, )*[^\s,;()]+(?: [^\s,;()]+){0,3},? and [^\s,;()]+(?: [^\s,;()]+){0,2}"
)
_MOST_WORDS = 11
_BESIDE, _BREAK = 3, 3  # figures further on that one may be taken for; words that a break counts as
_PULLS, _TURNED = 0.25, -0.9  # from where on a word is nearer to one, and from where on all words say so


def role_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when a short sentence has its subject from one side of a contrast and the rest from the other."""
    if len(sentence.content) > _MOST_WORDS or re.search(
        r"[;:]|\b(?:and|while|whereas|but|although|than)\b", sentence.folded
    ):
        return
    for other in aligned(sentence, evidence)[:3]:
        yield from _crossed(sentence, other)
        if "respectively" in other.folded:
            yield from _in_turn(sentence, other)


def _crossed(sentence: Reading, other: Reading) -> Iterator[Doubt]:
    pieces = [read(piece) for piece in _CONTRAST.split(other.folded) if piece.strip()]
    for first, second in pairwise(pieces):
        one, two = _stems(first), _stems(second)
        said = _stems(sentence)
        mine, theirs = said & (one - two), said & (two - one)
        if mine and theirs and len(mine | theirs) >= 3 and said - mine - theirs <= (one & two) | _unknown(said, other):
            few = min(mine, theirs, key=len)
            yield Doubt("role", 0.8, f"{', '.join(sorted(few))} is on the other side of what it cites")
            return


def _unknown(said: frozenset[str], other: Reading) -> frozenset[str]:
    left = said - other.stems
    return left if len(left) <= 2 else frozenset()


def _stems(reading: Reading) -> frozenset[str]:
    return frozenset(word.stem for word in reading.content if word.text not in SIGN and not word.text[0].isdigit())


def _in_turn(sentence: Reading, other: Reading) -> Iterator[Doubt]:
    """A doubt when a sentence takes the first of one list and the second of the other, which go "respectively"."""
    lists = [_items(match.group()) for match in _LISTS.finditer(other.folded.replace(" respectively", ";"))]
    for n, first in enumerate(lists):
        for second in lists[n + 1 :]:
            if len(first) != len(second) or len(first) < 2:
                continue
            one = {k for k, item in enumerate(first) if _has(sentence, item)}
            two = {k for k, item in enumerate(second) if _has(sentence, item)}
            if one and two and not one & two:
                k, m = min(one), min(two)
                yield Doubt("role", 1.0, f"{first[k]} goes with {second[k]}, not with {second[m]}")
                return


def _items(text: str) -> Sequence[str]:
    return [item for item in re.split(r", and |, | and ", text) if item]


def _has(sentence: Reading, item: str) -> bool:
    """True when the sentence has the number of an item, or else its last content word, or its first."""
    if numbers := [word.text for word in read(item).words if word.text[0].isdigit()]:
        return any(word.text in numbers for word in sentence.words)
    stems = [word.stem for word in read(item).content]
    return bool(stems) and (stems[-1] in sentence.stems or stems[0] in sentence.stems)


def exchanged_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when of two figures each stands nearer to what the other is near to in a sentence of the evidence."""
    for n, one in enumerate(sentence.figures):
        for two in sentence.figures[n + 1 : n + 1 + _BESIDE]:
            if one.equals(two) or not (_counts(one) and _counts(two)):
                continue
            for other in evidence.sentences:
                there = [_same(said, other) for said in (one, two)]
                if [len(found) for found in there] != [1, 1] or there[0] == there[1]:
                    continue
                pulls = [
                    _pull(sentence, a, one, two) * _pull(other, b, there[0][0], there[1][0])
                    for a, b in _met_once(sentence, other)
                ]
                crossed = sum(pull < -_PULLS for pull in pulls), sum(pull > _PULLS for pull in pulls)
                if sum(pulls) < _TURNED and crossed[0] > crossed[1]:
                    written = [sentence.folded[f.start : f.end].strip() for f in (one, two)]
                    yield Doubt("attached", 1.0, f"{written[0]} and {written[1]} have changed places")
                    return


def _same(figure: Figure, other: Reading) -> list[Figure]:
    """The figures of a sentence that are the same amount, or else those that it is one rounded of."""
    return [f for f in other.figures if figure.equals(f)] or [f for f in other.figures if figure.rounds(f)]


def _counts(figure: Figure) -> bool:
    """False for "one", which is more often no figure, and for months."""
    return (not figure.spelled or figure.value != 1) and figure.measure != CALENDAR


def _met_once(sentence: Reading, other: Reading) -> Iterator[tuple[int, int]]:
    """Where each content word stands that both have once, no figures, by their places among the words."""
    ours, theirs = _lone(sentence), _lone(other)
    return ((at, theirs[stem]) for stem, at in ours.items() if stem in theirs)


@lru_cache(maxsize=1024)
def _lone(reading: Reading) -> Mapping[str, int]:
    inside = [(figure.start, figure.end) for figure in reading.figures]
    stems = Counter(word.stem for word in reading.words)
    return {
        word.stem: n
        for n, word in enumerate(reading.words)
        if word.stem and stems[word.stem] == 1 and not word.text[0].isdigit()
        if not any(a <= word.start < b for a, b in inside)
    }


def _pull(reading: Reading, at: int, one: Figure, two: Figure) -> float:
    """How much nearer a word is to one figure than to the other, -1 to 1; a break between counts as some words."""
    word, away = reading.words[at], []
    for figure in (one, two):
        n = min(bisect_left(reading.words, figure.start, key=lambda w: w.start), len(reading.words) - 1)
        away.append(1 + abs(n - at) + _BREAK * abs(reading.words[n].clause - word.clause))
    return max(-1.0, min(1.0, math.log(away[1] / away[0])))

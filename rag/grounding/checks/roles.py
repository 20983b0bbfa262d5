"""Roles: does each thing do, in the evidence, what the statement says that it does, and not what another does?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import SIGN
from rag.grounding.checks.sentence import Reading, Source, aligned, read

_CONTRAST = re.compile(r";|,? (?:while|whereas|although) ")
_LISTS = re.compile(
    r"(?:[^\s,;()]+(?: [^\s,;()]+){0,3}, )*[^\s,;()]+(?: [^\s,;()]+){0,3},? and [^\s,;()]+(?: [^\s,;()]+){0,2}"
)
_MOST_WORDS = 11


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
    """True when the sentence has the last content word of an item, or its first when that is all there is."""
    stems = [word.stem for word in read(item).content]
    return bool(stems) and (stems[-1] in sentence.stems or stems[0] in sentence.stems)

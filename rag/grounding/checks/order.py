"""Order: what stands on which side of "than", "before", "because" and the like, in the statement and in the evidence.

A statement that joins two things by such a link is false when the evidence joins them the other way round.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import OVER, SIGN
from rag.grounding.checks.negation import negated
from rag.grounding.checks.sentence import Reading, Source, Word, aligned
from rag.text.quantity import Figure

Axis = Literal["compared", "time", "cause"]

_THAN = r"than|relative to|compared (?:to|with)|in comparison (?:to|with)|versus|as opposed to"
_LINKS: tuple[tuple[Axis, int, re.Pattern[str]], ...] = (
    ("time", 1, re.compile(r"\b(?:before|prior to|precedes?|preceded|ahead of)\b")),
    ("time", -1, re.compile(r"\b(?:after|following)\b")),
    ("time", -1, re.compile(r"(?<=not )[^.;:]{1,60}(\buntil\b)")),
    ("cause", -1, re.compile(r"\b(?:because(?: of)?|due to|owing to|(?:caused|driven|explained|produced) by"
                             r"|(?:result|stem|aris)\w* from|thanks to)\b")),
    ("cause", 1, re.compile(r"\b(?:causes?|caused(?! by)|lea?ds? to|drives?|drove|result\w* in|g[ia]ves? rise to)\b")),
    ("compared", 0, re.compile(rf"\b(?:{_THAN})\b")),
)  # fmt: skip
_PASSIVE = re.compile(r"\b(\w+ed|\w+en) by\b")
_PARTED = re.compile(r"[;:]|\b(?:but|while|whereas|although|though|however)\b")
_ENDS = re.compile(r"[,;:()]|\b(?:but|while|whereas|although|though|however|which)\b")
_CUTS = re.compile(r";|,?\s(?:while|whereas|but)\s")
_AND = re.compile(r",?\sand\s")
_PATH = re.compile(
    r"\bfrom (?P<a>[^,;:]{1,60}?) (?:in)?to (?P<b>[^,;:]{1,40})|(?P<c>\S{1,40})\s?(?:->|→)\s?(?P<d>\S{1,40})"
)
_MOST = 14
_NEAR = 30  # characters between a name and what it does


@dataclass(frozen=True)
class Link:
    """A link of two sides by their stems. With a sign of 1 the first is more, earlier, or the cause; -1 the second."""

    axis: Axis
    sign: int
    first: frozenset[str]
    second: frozenset[str]
    word: str
    at: int = -1  # of a comparison, where its word of degree begins


@lru_cache(maxsize=1024)
def links(reading: Reading) -> Sequence[Link]:
    """The links of a sentence."""
    return tuple(_find(reading))


def _find(reading: Reading) -> Iterator[Link]:
    folded = reading.folded
    for axis, sign, pattern in _LINKS:
        for match in pattern.finditer(folded):
            if axis == "compared" and reading.bounds(match.end()):
                continue  # "more than 30%"
            turn, degree = (sign, -1) if sign else _degree(reading, match.start())
            if turn:
                at = match.start(match.lastindex or 0)
                first, second = _sides(reading, at, match.end())
                yield Link(axis, turn, first, second, folded[at : match.end()], degree)
    flipped = negated(reading)
    for n, word in enumerate(reading.words):
        if word.text in OVER:
            first, second = _sides(reading, word.start, word.end)
            turn = -SIGN[word.text] if n in flipped else SIGN[word.text]
            yield Link("compared", turn, first, second, word.text, word.start)


def _degree(reading: Reading, at: int) -> tuple[int, int]:
    """The sign and the place of the word of degree that a "than" belongs to, the nearest before it, or (0, -1).

    A comparison that begins its sentence has it behind its comma.
    """
    flipped = negated(reading)
    for n in range(len(reading.words) - 1, -1, -1):
        word = reading.words[n]
        if at - 120 < word.start < at and SIGN.get(word.text):
            return -SIGN[word.text] if n in flipped else SIGN[word.text], word.start
    begins = not reading.folded[:at].strip() or reading.folded[:at].rstrip()[-1] in ";:"
    comma = reading.folded.find(",", at) if begins else -1
    for n, word in enumerate(reading.words if comma >= 0 else ()):  # "Compared to hawks, owls see more"
        if comma < word.start < comma + 120 and SIGN.get(word.text):
            return -SIGN[word.text] if n in flipped else SIGN[word.text], word.start
    return 0, -1


def _sides(reading: Reading, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """The stems on both sides of a link, without those on both: those of "After X, Y" are Y and X."""
    folded = reading.folded
    stop = _ENDS.search(folded, end)
    last = stop.start() if stop else len(folded)
    before = folded[:start].rstrip()
    begun = max((match.end() for match in _PARTED.finditer(folded, 0, start)), default=0)
    if (not before or before[-1] in ",;:") and stop and stop.group() == "," and not folded[begun:start].strip(" ,"):
        after = _PARTED.search(folded, last)
        first = _stems(reading, last, after.start() if after else len(folded))
    else:
        first = _stems(reading, begun, start)
    second = _stems(reading, end, last)
    return first - second, second - first


def _stems(reading: Reading, start: int, end: int) -> frozenset[str]:
    inside = [word for word in _between(reading, start, end) if _counts(word)]
    return frozenset(word.stem for word in inside[-_MOST:])


def _between(reading: Reading, start: int, end: int) -> Sequence[Word]:
    """The words that begin there; they stand in order, and a sentence of many parts asks for each of them."""
    first, behind = (bisect_left(reading.words, at, key=lambda word: word.start) for at in (start, max(start, end)))
    return reading.words[first:behind]


def _counts(word: Word) -> bool:
    return bool(word.stem) and not word.text[0].isdigit() and word.text not in SIGN


def order_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when two things stand the other way round than in the evidence, and nothing there has them as here."""
    near = aligned(sentence, evidence)
    given = [link for other in near for link in links(other)]
    for link in links(sentence):
        against = [other for other in given if other.axis == link.axis and _clashes(link, other)]
        if against and not any(other.axis == link.axis and _agrees(link, other) for other in given):
            yield Doubt("swapped", 1.0, f"what it cites has the two sides of {link.word} the other way round")
            return
    for path in _paths(sentence):
        if any(_turned(path, other) for reading in evidence.sentences for other in _paths(reading)):
            yield Doubt("swapped", 1.0, f"what it cites has it the other way than {path.said}")
            return
    if _mixed(sentence, near):
        yield Doubt("swapped", 1.0, "it says of one thing what its source says of the other")
    elif deed := _exchanged(sentence, near):
        yield Doubt("swapped", 1.0, f"what it cites has those of {deed} the other way round")


def borne(sentence: Reading, near: Sequence[Reading]) -> frozenset[int]:
    """Where the words of those comparisons begin that the evidence makes too, if the other way about."""
    given = [link for other in near for link in links(other) if link.axis == "compared"]
    made = [link for link in links(sentence) if link.axis == "compared"]
    return frozenset(link.at for link in made if any(_agrees(link, other) for other in given))


def _fits(link: Link, other: Link) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many stems stand on the same side in both, and how many only on the other."""
    straight = len(link.first & other.first), len(link.second & other.second)
    return straight, (len(link.first & other.second), len(link.second & other.first))


def _clashes(link: Link, other: Link) -> bool:
    straight, crossed = _fits(link, other)
    if link.sign == other.sign:
        stands = min(straight) > 0 and sum(straight) >= sum(crossed)  # most of it is where it was
        return min(crossed) > 0 and not stands and "until" not in (link.word, other.word)
    close = min(straight) > 0 and sum(straight) >= 3 and not min(crossed) and sum(straight) > sum(crossed)
    return close and link.axis != "compared"


def _agrees(link: Link, other: Link) -> bool:
    straight, crossed = _fits(link, other)
    if link.sign == other.sign:
        return min(straight) > 0 and not min(crossed)
    return min(crossed) > 0 and not min(straight)


@dataclass(frozen=True)
class Path:
    """What something changes from and to, by its figures and by its stems."""

    said: str
    figures: tuple[Sequence[Figure], Sequence[Figure]]
    stems: tuple[frozenset[str], frozenset[str]]


@lru_cache(maxsize=1024)
def _paths(reading: Reading) -> Sequence[Path]:
    """What the sentence has changing "from A to B", or "A → B"."""
    found = []
    for match in _PATH.finditer(reading.folded):
        a, b = (match.span(name) for name in (("a", "b") if match["a"] else ("c", "d")))
        start, end = ([one for one in reading.figures if at[0] <= one.start < at[1]] for at in (a, b))
        first, last = _all(reading, *a), _all(reading, *b)
        found.append(Path(match.group(), (start, end), (first - last, last - first)))
    return tuple(found)


def _turned(path: Path, other: Path) -> bool:
    """True for a path that goes the other way: by the first figures of its ends, or by their words."""
    if all(path.figures) and all(other.figures):
        (start, *_), (end, *_), (theirs, *_), (to, *_) = *path.figures, *other.figures
        return start.equals(to) and end.equals(theirs) and not start.equals(end)
    (first, last), (one, two) = path.stems, other.stems
    return bool(first & two and last & one and not first & one)


def _mixed(sentence: Reading, near: Sequence[Reading]) -> bool:
    """True when both parts of a statement mix what two parts of a sentence of the evidence keep apart."""
    for ours in (*_contrasts(sentence), *_joined(sentence)):
        one, two = ours[0] - ours[1], ours[1] - ours[0]
        for other in near[:2]:
            for first, second in _contrasts(other):
                left, right = first - second, second - first
                if all(part & left and part & right for part in (one, two)):
                    return True
    return False


@lru_cache(maxsize=1024)
def _contrasts(reading: Reading) -> Sequence[tuple[frozenset[str], frozenset[str]]]:
    """The stems of each two parts that stand in contrast: "while X, Y", "X; Y", "X and Y"."""
    folded = reading.folded
    found = []
    for match in re.finditer(r"(?:^|[,;]\s|\bthat\s)(?:while|whereas|although)\s([^,;]+),\s([^;]+)", folded):
        found.append((match.start(1), match.end(1), match.start(2), match.end(2)))
    return tuple((_all(reading, a, b), _all(reading, c, d)) for a, b, c, d in (*found, *_cut(folded, _CUTS)))


def _joined(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """The stems of each two parts that "and" joins."""
    return ((_all(reading, a, b), _all(reading, c, d)) for a, b, c, d in _cut(reading.folded, _AND))


def _cut(folded: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, int, int]]:
    cuts = [(0, 0), *(match.span() for match in pattern.finditer(folded)), (len(folded), len(folded))]
    for (_, begun), (end, start), (last, _) in zip(cuts, cuts[1:], cuts[2:], strict=False):
        yield begun, end, start, last


def _all(reading: Reading, start: int, end: int) -> frozenset[str]:
    return frozenset(word.stem for word in _between(reading, start, end) if word.stem)


def _exchanged(sentence: Reading, near: Sequence[Reading]) -> str:
    """The word for a deed that the statement has one name do to another, and the evidence the other to the one."""
    keys = frozenset(key for reading in (sentence, *near) for _, _, key in reading.named)
    given = [deed for other in near for deed in _deeds(other, keys)]
    for stem, doers, done in _deeds(sentence, keys):
        for same, theirs, to in given:
            if stem == same and (doers & to) - theirs and (theirs & done) - doers:
                return stem
    return ""


def _deeds(reading: Reading, keys: frozenset[str]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Deeds by their stems, with the names of those who do them and of those they are done to."""
    named = [(word.start, key) for word in reading.words if (key := word.text.removesuffix("'s")) in keys]
    if len(named) < 2:
        return
    passive = {match.start(1): match.end() for match in _PASSIVE.finditer(reading.folded)}
    for word in reading.words:
        at = passive.get(word.start)
        if at is not None:
            yield word.stem, _within(named, at, at + _NEAR), _within(named, 0, word.start)
        elif word.stem and word.text not in keys:
            yield (
                word.stem,
                _within(named, word.start - _NEAR, word.start),
                _within(named, word.end, len(reading.folded)),
            )


def _within(named: Sequence[tuple[int, str]], start: int, end: int) -> frozenset[str]:
    return frozenset(key for at, key in named if start <= at < end)

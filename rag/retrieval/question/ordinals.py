"""Which of the papers before a follow-up means: "the second one", "the 3rd", "number 2", "the first two"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    "first": 1, "former": 1, "second": 2, "latter": 2, "other": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "last": -1,
}  # fmt: skip
_OF_TWO = ("former", "latter", "other")
_NUMBERS = {word: n for n, word in enumerate("two three four five six".split(), 2)}
_NOUN = r"(?:one|paper|model|method|system|entry|result|item)"
_PLACE = re.compile(
    rf"(?<!per )\b(?:the )?(?:(?P<word>{'|'.join(_WORDS)})|(?P<nth>\d{{1,2}})(?:st|nd|rd|th))"
    rf"(?: (?P<several>{'|'.join(_NUMBERS)}|\d)(?: {_NOUN}s)?)?(?P<noun> {_NOUN})?\b"
    # "the last of its stages", "the first author", "the second step" are parts of something, and no paper.
    r"(?! of (?:its|their|the (?!two|three|four|five|papers|ones)))"
    r"(?! (?:authors?|stages?|steps?|phases?|layers?|parts?|time|place|sentence|token|experiment|data ?sets?|year|"
    r"training|century|order|dimension)\b)"
    rf"|(?:\b(?:number|no\.?|nr\.?|{_NOUN}) ?|#)(?P<number>\d{{1,2}})\b(?!\.\d|[%\w-])",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s*(?:$|[?.!,;])")


@dataclass(frozen=True)
class Place:
    """A place among papers, from `first` on so many; `first` counts from 0, and -1 is the last.

    `span` is where the words stand; `sure` is True where they can mean nothing else, and `pair` where they are of two.
    """

    first: int
    count: int
    span: tuple[int, int]
    sure: bool
    pair: bool = False

    def of(self, known: int) -> range:
        """The positions among so many papers; empty where there are not as many."""
        first = self.first if self.first >= 0 else known - self.count
        return range(first, first + self.count) if first >= 0 and first + self.count <= known else range(0)


def place_in(question: str) -> Place | None:
    """The place that a question speaks of, None where it speaks of none."""
    match = _PLACE.search(question)
    if match is None:
        return None
    several = (match["several"] or "").lower()
    count = _NUMBERS.get(several) or (int(several) if several else 1)
    place = _WORDS[match["word"].lower()] if match["word"] else int(match["nth"] or match["number"])
    sure = bool(match["noun"] or match["number"] or _ENDS.match(question, match.end()))
    pair = (match["word"] or "").lower() in _OF_TWO
    return Place(place - 1 if place > 0 else -1, max(count, 1), match.span(), sure, pair) if place else None

"""The figures in a text, each with its value, its unit and its place, so that figures can be compared as numbers.

"1.2M" and "1.2 million", "77%" and "77 percent", "2.29times" and "2.29×", "~75%" and "sim75\\%", "two" and "2" are
the same figure here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.text import normal

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: dict[str, float] = {word: n for n, word in enumerate(_ONES)}
_WORDS |= {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORDS |= {f"{ten}-{one}": 10 * t + o for t, ten in enumerate(_TENS, 2) for o, one in enumerate(_ONES[1:10], 1)}
_WORDS |= {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "dozen": 12.0}
_MULTIPLES = {
    "twice": 2.0,
    "double": 2.0,
    "doubles": 2.0,
    "doubling": 2.0,
    "thrice": 3.0,
    "triple": 3.0,
    "tenfold": 10.0,
}
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9, "billion": 1e9, "billions": 1e9,
    "t": 1e12, "trillion": 1e12, "hundred": 1e2,
}  # fmt: skip
_UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "percentage points": "%", "percentage point": "%",
    "×": "×", "x": "×", "times": "×", "fold": "×", "-fold": "×",
}  # fmt: skip

_FIGURE = re.compile(
    r"(?<![\w.])(?<!\w-)"
    r"(?:(?P<digits>\d+(?:\.\d+)?)|(?P<word>" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?![a-z]))"
    r"(?P<scale>\s?(?:[kmbt]|thousand|millions?|billions?|trillion|hundred)(?![a-z0-9]))?"
    r"(?P<unit>\s?(?:%|×|percentage points?|percent|per cent)|x(?![a-z0-9])|\s?-?\s?(?:times|fold)(?![a-z]))?"
    r"(?!\.?\d)"
)
_MULTIPLE = re.compile(r"(?<![a-z-])(?P<word>" + "|".join(_MULTIPLES) + r")(?![a-z])")


@dataclass(frozen=True)
class Figure:
    """A number in a text. `unit` is "%", "×" or ""; `start` and `end` are offsets in the text's normal form.

    `spelled` is True for a number written as a word, which is more often no figure at all ("one of the").
    """

    value: float
    unit: str
    start: int
    end: int
    spelled: bool

    def equals(self, other: Figure) -> bool:
        """True when both say the same amount: 77% equals 0.77 and 77 percent, but not 77."""
        if self.unit == other.unit:
            return _close(self.value, other.value)
        if {self.unit, other.unit} == {"%", ""}:
            percent, plain = (self, other) if self.unit == "%" else (other, self)
            return plain.value <= 1 and _close(percent.value / 100, plain.value)
        return {self.unit, other.unit} == {"×", ""} and _close(self.value, other.value)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1e-9)


@lru_cache(maxsize=8192)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of `text` in order. Digits inside names ("LLaVA-1.5", "GPT4V") are not figures."""
    folded = normal(text)
    found = []
    for match in _FIGURE.finditer(folded):
        word = match["word"]
        value = _WORDS[word] if word else float(match["digits"])
        scale = (match["scale"] or "").strip()
        unit = (match["unit"] or "").strip().lstrip("- ")
        if word and not scale and word in ("half", "third", "quarter", "dozen") and not unit:
            unit = ""
        found.append(
            Figure(value * _SCALES.get(scale, 1.0), _UNITS.get(unit, ""), match.start(), match.end(), bool(word))
        )
    found += [Figure(_MULTIPLES[m["word"]], "×", m.start(), m.end(), True) for m in _MULTIPLE.finditer(folded)]
    return tuple(sorted(found, key=lambda figure: figure.start))

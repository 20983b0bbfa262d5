"""The figures in a text, each with its value, its unit and its place, so that figures can be compared as numbers.

"1.2M" and "1.2 million", "77%" and "77 percent", "2.29times" and "2.29×", "~75%" and "sim75\\%", "two" and "2",
"0.04 seconds" and "40 milliseconds", "three quarters" and "75%", "sixfold" and "6 times" are the same figure here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.text import normal

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: dict[str, float] = {word: n for n, word in enumerate(_ONES)}
_WORDS |= {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORDS |= {
    f"{ten}{dash}{one}": 10 * t + o
    for t, ten in enumerate(_TENS, 2)
    for o, one in enumerate(_ONES[1:10], 1)
    for dash in "- "
}
_WORDS |= {"half": 0.5, "dozen": 12.0, "a hundred": 100.0, "hundred": 100.0}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_MULTIPLES = {
    "twice": 2.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "doubling": 2.0, "thrice": 3.0, "triple": 3.0,
    "triples": 3.0, "tripled": 3.0, "tripling": 3.0, "quadruple": 4.0, "quadruples": 4.0, "quadrupled": 4.0,
}  # fmt: skip
_HALVING = ("halve", "halves", "halved", "halving")
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9, "billion": 1e9, "billions": 1e9,
    "t": 1e12, "trillion": 1e12, "hundred": 1e2,
}  # fmt: skip
_UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "percentage points": "%", "percentage point": "%",
    "×": "×", "x": "×", "times": "×", "fold": "×",
}  # fmt: skip
# What is measured in units that convert: (kind, how many seconds or bytes).
_MEASURES: dict[str, tuple[str, float]] = {}
for _kind, _table in (
    ("time", {"ms millisecond milliseconds": 1e-3, "s sec second seconds": 1.0, "min minute minutes": 60.0,
              "h hr hrs hour hours": 3600.0, "day days": 86400.0, "week weeks": 604800.0, "month months": 2629800.0,
              "year years": 31557600.0}),
    ("bytes", {"kb": 1e3, "mb": 1e6, "gb g gigabyte gigabytes": 1e9, "tb terabyte terabytes": 1e12}),
):  # fmt: skip
    for _names, _size in _table.items():
        _MEASURES |= dict.fromkeys(_names.split(), (_kind, _size))

_NUMBER = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_MEASURE = "|".join(sorted(_MEASURES, key=len, reverse=True))
_FIGURE = re.compile(
    r"(?<![\w.])"
    r"(?:(?P<digits>\d+(?:\.\d+)?)|(?P<word>" + _NUMBER + r")(?=fold|[^a-z]|$))"
    r"(?P<scale>\s?[kmbt](?![a-z0-9])|[\s-]?(?:thousand|millions?|billions?|trillion|hundred)(?![a-z]))?"
    r"(?P<unit>\s?(?:%|×|percentage points?|percent|per cent)|x(?![a-z0-9])|\s?-?\s?(?:times|fold)(?![a-z]))?"
    r"(?:[\s-]?(?P<measure>" + _MEASURE + r")(?![a-z0-9]))?"
    r"(?P<ordinal>st|nd|rd|th)?(?![a-wyz]|\.?\d)"
)
_FRACTION = re.compile(
    r"(?<![\w-])(?P<top>an?|" + _NUMBER + r")[\s-](?P<part>" + "|".join(_PARTS) + r")(?P<plural>s)?(?![a-z])"
    r"(?=(?P<next>[\s-]?[a-z]*))"
)
_MULTIPLE = re.compile(r"(?<![\w-])(?P<word>" + "|".join((*_MULTIPLES, *_HALVING)) + r")(?![a-z])")
# "a third model" is an ordinal, "a third of", "a third as many" and "a third fewer" are not.
_AFTER_PART = re.compile(
    r"\s?(?:of|as|fewer|less|more|lower|higher|smaller|larger|faster|slower|longer|shorter|the|that|its|their"
    r"|)$"
)
# "three tenths of a percent", "half a billion"
_OF_WHOLE = re.compile(r"\s(?:of\s)?(?:an?|one)\s(?:(?P<scale>thousand|million|billion|trillion)|per\s?cent)(?![a-z])")
_HALF_A = re.compile(r"(?<![\w-])half an? (?P<scale>thousand|million|billion|trillion)(?![a-z])")
_TIMES_BEFORE = re.compile(r"(?:^|[(,]\s?|\bby )[x×]\s?$")
_LINKED = re.compile(r"\s?(?:-|to|and|/|or)\s?")


@dataclass(frozen=True)
class Figure:
    """A number in a text. `unit` is "%", "×" or ""; `start` and `end` are offsets in the text's normal form.

    `spelled` is True for a number written as a word, which is more often no figure at all ("one of the"). `measure`
    is "time" or "bytes" when such a unit follows, and `base` is then the value in seconds or bytes.
    """

    value: float
    unit: str
    start: int
    end: int
    spelled: bool
    measure: str = ""
    base: float = 0.0

    def equals(self, other: Figure) -> bool:
        """True when both say the same amount: 77% equals 0.77 and 77 percent, but not 77; 23 hours is not 23 days."""
        if self.measure and other.measure:
            return self.measure == other.measure and close(self.base, other.base)
        if self.unit == other.unit:
            return close(self.value, other.value)
        if {self.unit, other.unit} == {"%", ""}:
            percent, plain = (self, other) if self.unit == "%" else (other, self)
            return plain.value <= 1 and close(percent.value / 100, plain.value)
        return {self.unit, other.unit} == {"×", ""} and close(self.value, other.value)

    def rounds(self, other: Figure) -> bool:
        """True when this is the other one rounded, as "almost three times" is for 2.96×: within 5 percent of it.

        A word is rougher than digits: "a little over half" may be 8 percent off.
        """
        off = 0.08 if self.spelled else 0.05
        if self.measure and other.measure:
            return self.measure == other.measure and _near(self.base, other.base, off)
        if {self.unit, other.unit} == {"%", ""}:
            percent, plain = (self, other) if self.unit == "%" else (other, self)
            return plain.value <= 1 and _near(percent.value / 100, plain.value, off)
        return (self.unit == other.unit or "%" not in (self.unit, other.unit)) and _near(self.value, other.value, off)


def close(a: float, b: float) -> bool:
    """True when two values are the same but for the errors of arithmetic."""
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1e-9)


def _near(a: float, b: float, off: float) -> bool:
    return abs(a - b) <= off * max(abs(a), abs(b))


@lru_cache(maxsize=8192)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of `text` in order. Digits inside names ("LLaVA-1.5", "GPT4V", "3D") are not figures."""
    folded = normal(text)
    found = [*_halves(folded), *_fractions(folded), *_multiples(folded)]
    taken = [(figure.start, figure.end) for figure in found]
    plain = [
        figure
        for figure in _plain(folded)
        if not any(start < figure.end and figure.start < end for start, end in taken)
    ]
    return tuple(sorted([*found, *_shared(folded, plain)], key=lambda figure: figure.start))


def _plain(folded: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(folded):
        before = folded[: match.start()]
        if before.endswith("-") and re.search(r"\w-$", before) and not _is_range(before):
            continue  # a part of a name or of a word: "llava-1.5", "top-1"
        if re.match(r"-shot|-hot", folded[match.end() :]) and match["word"]:
            continue
        word = match["word"]
        value = _WORDS[word] if word else float(match["digits"])
        value *= _SCALES.get((match["scale"] or "").strip(" -"), 1.0)
        unit = _UNITS.get((match["unit"] or "").strip().lstrip("- "), "")
        if not unit and _TIMES_BEFORE.search(before):
            unit = "×"
        kind, size = _MEASURES.get(match["measure"] or "", ("", 0.0))
        yield Figure(value, unit, match.start(), match.end(), bool(word), kind, value * size)


def _is_range(before: str) -> bool:
    """True when what stands before the hyphen is itself a number: "2-8x", "50%-70%"."""
    return re.search(r"(?<![\w.-])\d+(?:\.\d+)?[kmb%×x]?-$", before) is not None


def _shared(folded: str, found: list[Figure]) -> list[Figure]:
    """The figures, with the unit of the last one of a range given to those before it: "6.2 to 30.2%", "2-8x"."""
    for n in range(len(found) - 2, -1, -1):
        first, last = found[n], found[n + 1]
        link = _LINKED.fullmatch(folded, first.end, last.start)
        if link and not first.spelled and not first.unit and not first.measure and link.group().strip() in "-to":
            if last.unit:
                found[n] = replace(first, unit=last.unit)
            elif last.measure:
                found[n] = replace(first, measure=last.measure, base=first.value * last.base / (last.value or 1.0))
    return found


def _halves(folded: str) -> Iterator[Figure]:
    """ "half a billion", which has no article before it."""
    for match in _HALF_A.finditer(folded):
        yield Figure(0.5 * _SCALES[match["scale"]], "", match.start(), match.end(), True)


def _fractions(folded: str) -> Iterator[Figure]:
    for match in _FRACTION.finditer(folded):
        top, part = match["top"], match["part"].removesuffix("ves") + ("f" if match["part"] == "halves" else "")
        count = 1.0 if top in ("a", "an", "one") else _WORDS[top]
        if count == 1.0 and part not in ("half", "quarter") and not _AFTER_PART.match(match["next"]):
            continue
        if count != 1.0 and not match["plural"] and match["part"] != "halves":
            continue
        end = match.end()
        whole = _OF_WHOLE.match(folded, end)
        if whole and whole["scale"]:
            yield Figure(count / _PARTS[part] * _SCALES[whole["scale"]], "", match.start(), whole.end(), True)
            continue
        if whole:
            yield Figure(count / _PARTS[part], "%", match.start(), whole.end(), True)
            continue
        if count < _PARTS[part] and float(count).is_integer():
            yield Figure(count / _PARTS[part], "", match.start(), end, True)


def _multiples(folded: str) -> Iterator[Figure]:
    for match in _MULTIPLE.finditer(folded):
        word = match["word"]
        if word in _HALVING:
            yield Figure(0.5, "", match.start(), match.end(), True)
        else:
            yield Figure(_MULTIPLES[word], "×", match.start(), match.end(), True)

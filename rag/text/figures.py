"""The figures in a text, each with its value, its unit and its place, so that figures can be compared as numbers.

"1.2M" and "1.2 million", "77%" and "77 percent", "~75%" and "sim75\\%", "two" and "2", "0.04 seconds" and "40
milliseconds", "three quarters" and "75%", "tripled" and "rose by 200%", "10⁶" and "a million" are the same figure here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from rag.text.normalization import normal, shown, terms
from rag.text.quantity import CALENDAR, DECADE, Figure
from rag.text.units import UNITS

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: dict[str, float] = {word: n for n, word in enumerate(_ONES)}
_WORDS |= {word: 10 * n for n, word in enumerate(_TENS, 2)}
_DIGITS = list(enumerate(_ONES[1:10], 1))
_WORDS |= {f"{a}{dash}{b}": 10 * n + m for n, a in enumerate(_TENS, 2) for m, b in _DIGITS for dash in "- "}
_WORDS |= {"half": 0.5, "dozen": 12, "hundred": 1e2, "a hundred": 1e2, "a thousand": 1e3, "a million": 1e6}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_MULTIPLES = dict.fromkeys("twice double doubles doubled doubling".split(), 2.0)
_MULTIPLES |= dict.fromkeys("thrice triple triples tripled tripling".split(), 3.0)
_MULTIPLES |= dict.fromkeys("quadruple quadruples quadrupled quadrupling".split(), 4.0)
_MULTIPLES |= dict.fromkeys("halve halves halved halving".split(), 0.5)
SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9, "billion": 1e9, "billions": 1e9,
    "t": 1e12, "trillion": 1e12, "hundred": 1e2, "dozen": 12.0,
}  # fmt: skip
_UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "percentage points": "%", "percentage point": "%",
    "×": "×", "x": "×", "times": "×", "fold": "×",
}  # fmt: skip
NUMBER = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_MEASURE = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_FIGURE = re.compile(
    r"(?<![\w.])"
    r"(?:(?P<digits>\d+(?:\.\d+)?)|(?P<word>" + NUMBER + r")(?=fold|[^a-z]|$))"
    r"(?P<more>\sand\s(?:a|one)\s(?:half|third|quarter)(?![a-z]))?"
    r"(?P<scale>(?:[kt]|\s?[mb])(?![a-z0-9])|[\s-]?(?:thousand|millions?|billions?|trillion|hundred|dozen)(?![a-z]))?"
    r"(?P<again>(?<=hundred)\s(?:thousand|million|billion)(?![a-z]))?"
    r"(?P<unit>\s?(?:%|×|percentage points?|percent|per cent)|x(?![a-z0-9])|\s?-?\s?(?:times|fold)(?![a-z]))?"
    r"(?:[\s-]?(?P<measure>" + _MEASURE + r")(?![a-z0-9]))?"
    r"(?P<ordinal>st|nd|rd|th)?(?![a-wyz]|\.?\d)"
)
_FRACTION = re.compile(
    r"(?<![\w-])(?P<top>an?|" + NUMBER + r")[\s-](?P<part>" + "|".join(_PARTS) + r")(?P<plural>s)?(?![a-z])"
    r"(?=(?P<next>[\s-]?[a-z]*))"
)
_MULTIPLE = re.compile(r"(?<![\w-])(?P<word>" + "|".join(_MULTIPLES) + r")(?![a-z])")
# Letters that stand apart from their number: "2 m" is a length and "2m" two million, "2 g" a mass and "24g" a memory.
_ALONE, _CAPITAL = {" m": "metre", " g": "gram"}, re.compile(r"\d\s[MG]\b")
_COUNTRY = re.compile(r"\d\s?US\b")
_RISE = r"(?:increas|ris|rose|gr[eo]w|gain|rais|improv|boost|more|higher|greater|larger|longer|faster)[a-z]*"
_FALL = r"(?:decreas|reduc|drop|f[ae]ll|cut|declin|shr[aiu]nk|sav|divid|less|fewer|lower|smaller|shorter|cheap)[a-z]*"
_GROWN = re.compile(rf"\b(?:(?P<rise>{_RISE})|{_FALL})\b[^.;]{{0,40}}\bby (?:[a-z]+ ){{0,3}}$")
_GROWS = re.compile(rf"\s(?:(?P<rise>{_RISE})|{_FALL})\b")
# "three tenths of a percent", "half a billion"
_OF_WHOLE = re.compile(r"\s(?:of\s)?(?:an?|one)\s(?:(?P<scale>thousand|million|billion|trillion)|per\s?cent)(?![a-z])")
_A_MEASURE_AND = re.compile(rf"(?<![\w-])(?:an?|one) (?P<measure>{_MEASURE}) and $")  # "an hour and a half"
_HALF_A = re.compile(r"(?<![\w-])half an? (?P<scale>dozen|hundred|thousand|million|billion)(?![a-z])")
_TIMES_BEFORE = re.compile(r"(?:^|[(,]\s?|\bby )[x×]\s?$|\bdivided by $|\bfactors? of (?:[a-z]+ ){0,2}[~≈]?$")
_LINKED = re.compile(r"\s?-?\s?(?:-|to|and|/|or)\s?(?:- ?)?")
_OF_YEAR = re.compile(rf"(?:{NUMBER}|\d)\s?(?:to|or|-)\s?$")  # "two to three quarters", "three quarters later"
_NUMBER_BEFORE = re.compile(r"(?:" + NUMBER + r"|\d) (?:and )?$")
_WORD_BEFORE, _FROM_BEFORE = re.compile(r"\w(?<!\bpre)(?<!\bpost)(?<!\bmid)-$"), re.compile(r"\b(?:between|from) $")
# "2-8x", "50%-70%", "3ms-40ms"
_RANGE_BEFORE = re.compile(
    r"(?<![\w.-])\d+(?:\.\d+)?(?:[kmb%×x]|"
    + "|".join(unit for unit in sorted(UNITS) if unit.isalpha() and 1 < len(unit) < 4)
    + r")?-$"
)
# What is not counted stands before one of these, or before the end: "a speed-up of 22 over theirs".
_UNCOUNTED = re.compile(
    r"\s?(?:$|[.,;:)\]]|[a-z]{1,2}(?![a-z])|(?:and|in|for|on|with|over|than|compared|at|when|while|as|by|from|is|was|relative)\b)"
)
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = re.compile(
    rf"(?<![a-z0-9])(?:(?<=\d )|(?<=\d(?:st|nd|rd|th) ))?(?P<month>{'|'.join(_MONTHS)})(?=,? \d)"
    rf"|(?<=\d )(?P<behind>{'|'.join(_MONTHS)})(?![a-z])|(?<!\d)\d{{4}}-(?P<number>0[1-9]|1[0-2])-\d\d(?!\d)"
)
# "less than a week": the article counts.
_ONE_OF_TIME = re.compile(r"(?<=[a-z] )an? (?P<measure>second|minute|hour|day|week|month|year|decade)(?![a-z])")
_BOUND_BEFORE = re.compile(r"\b(?:than|under|within|over|least|most|nearly|almost|about|around|takes?|took|lasts?) $")
_IN_TIME = re.compile(r"\s?(?:after|later|earlier|before|ago|ahead|in a row)\b")
_POWER = re.compile(
    r"(?:(?<!\d)(?P<times>\d+(?:\.\d+)?)\s?[×x·*]\s?)?(?<![\d.])10"
    r"(?:(?P<up>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,9})|[_^](?P<down>-\d{1,9}))"
)
_MAGNITUDE = re.compile(r"(?<![\w-])(?P<count>an|\d|" + NUMBER + r")(?: full)? orders? of magnitude")
_SCALE = "dozen|hundred|thousand|million|billion"
_TIMES_OF = "second|minute|hour|day|week|month|year|decade"
_VAGUE_TIME = re.compile(rf"(?<![\w-])(?:several|a few|(?P<tens>tens of)) (?P<measure>{_TIMES_OF})s(?![a-z])")
_IN_DECADE = re.compile(r"(?<![\w.])(?:(?:mid|early|late|pre|post)-)?(?P<year>(?:1[5-9]|20)\d0)s(?![a-z0-9])")
_VAGUE = re.compile(
    rf"(?<![\w-])(?:(?:several|a few|some) (?P<some>{_SCALE})(?![a-z])"
    rf"|(?:(?P<of>ten|hundred)s of )?(?P<many>{_SCALE})s(?= of\b| [a-z]))"
)


def number(written: str) -> float:
    """The value of a number in words or digits that `NUMBER` or digits match."""
    return _WORDS[written] if written in _WORDS else float(written)


@lru_cache(maxsize=8192)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of `text` in order. Digits inside names ("LLaVA-1.5", "GPT4V", "3D") are not figures."""
    folded = normal(text)
    found = [*_powers(text, folded), *_vague(folded), *_fractions(folded), *_multiples(folded), *_months(folded)]
    taken = [(figure.start, figure.end) for figure in found]
    plain = [one for one in _plain(text, folded) if not any(a < one.end and one.start < b for a, b in taken)]
    every = sorted([*found, *_shared(folded, plain)], key=lambda figure: figure.start)
    return tuple(_changes(folded, every))


def _changes(folded: str, found: list[Figure]) -> Iterator[Figure]:
    """The figures, with the change of those by which something rises or falls."""
    for figure in found:
        match = _GROWS.match(folded, figure.end) or _GROWN.search(folded, max(0, figure.start - 70), figure.start)
        bare = figure.unit == "%" and figure.value >= 100 and folded.endswith("by ", 0, figure.start)
        if (figure.unit or figure.part) and (match or bare):
            figure = replace(figure, change=-1 if match and not match["rise"] else 1)
        yield figure


def _powers(text: str, folded: str) -> Iterator[Figure]:
    """ "10^6", "1.2×10⁶" and "two orders of magnitude"; in the normal form a power cannot be told from its digits."""
    at = 0
    for match in _POWER.finditer(shown(text)):
        at = folded.find(written := normal(match.group()), at)
        exponent = int(normal(match["up"] or match["down"]))
        if at >= 0 and abs(exponent) <= 30:
            unit = "×" if _ends(_TIMES_BEFORE, folded, at) else ""
            yield Figure(float(match["times"] or 1) * 10.0**exponent, unit, at, at + len(written), False, counts=False)
    for match in _MAGNITUDE.finditer(folded):
        power = 1.0 if match["count"] == "an" else number(match["count"])
        if power <= 30:
            yield Figure(10.0**power, "×", match.start(), match.end(), True)


def _vague(folded: str) -> Iterator[Figure]:
    """ "several thousand" is two to below ten of them, "thousands" one to below a thousand."""
    for match in _ONE_OF_TIME.finditer(folded):
        if _ends(_BOUND_BEFORE, folded, match.start()) and not folded.startswith(" and a half", match.end()):
            kind, size = UNITS[match["measure"]]
            yield Figure(1.0, "", match.start(), match.end(), True, kind, size)
    for match in _HALF_A.finditer(folded):
        yield Figure(0.5 * SCALES[match["scale"]], "", match.start(), match.end(), True)
    for match in _VAGUE_TIME.finditer(folded):
        low = 10.0 if match["tens"] else 2.0
        kind, size = UNITS[match["measure"]]
        yield Figure(low, "", match.start(), match.end(), True, kind, low * size, top=low * 10 if match["tens"] else 10)
    for match in _VAGUE.finditer(folded):
        if _ends(_NUMBER_BEFORE, folded, match.start()):
            continue
        size = SCALES[match["some"] or match["many"]]
        low, high = 2 * size, 10 * size
        if match["many"]:
            low = size * {"ten": 10, "hundred": 100}.get(match["of"], 1)
            high = low * (10 if match["of"] or size < 1000 else 1000)
        yield Figure(low, "", match.start(), match.end(), True, top=high)


def _months(folded: str) -> Iterator[Figure]:
    """The months of dates, by their number ("25 May 2020", "March 2021", "2021-03-04"), and decades."""
    for match in _IN_DECADE.finditer(folded):
        year = float(match["year"])
        yield Figure(year, "", match.start("year"), match.end(), False, DECADE, year)
    for match in _MONTH.finditer(folded):
        name = match["month"] or match["behind"]
        value = float(_MONTHS.index(name) + 1 if name else match["number"])
        start, end = match.span(match.lastgroup or 0)
        yield Figure(value, "", start, end, True, CALENDAR, value)


def _plain(text: str, folded: str) -> Iterator[Figure]:
    alone = _ALONE if not _CAPITAL.search(text) else {}
    for match in _FIGURE.finditer(folded):
        if _ends(_WORD_BEFORE, folded, match.start()) and not _ends(_RANGE_BEFORE, folded, match.start()):
            continue  # a part of a name or of a word: "llava-1.5", "top-1"
        if folded.startswith(("-shot", "-hot"), match.end()) and match["word"]:
            continue
        word = match["word"]
        value = number(word or match["digits"])
        value += 1 / _PARTS[match["more"].split()[-1]] if match["more"] else 0.0
        name = alone.get(match["scale"] or "") or match["measure"] or ""
        name = alone.get(folded[match.start("measure") - 1 : match.end("measure")], name) if match["measure"] else name
        for scale in (match["scale"] if match["scale"] not in alone else "", match["again"]):
            value *= SCALES.get((scale or "").strip(" -"), 1.0)
        unit = _UNITS.get((match["unit"] or "").strip().lstrip("- "), "")
        if not unit and _ends(_TIMES_BEFORE, folded, match.start()):
            unit = "×"
        kind, size = UNITS.get("" if name == "us" and _COUNTRY.search(text) else name, ("", 0.0))
        counts = _UNCOUNTED.match(folded, match.end()) is None
        yield Figure(value, unit, match.start(), match.end(), bool(word), kind, value * size, counts=counts)


def _ends(pattern: re.Pattern[str], folded: str, at: int) -> bool:
    """True where the text before `at` ends with the pattern. Of a long text its last words are read."""
    return pattern.search(folded, max(0, at - 100), at) is not None


def _shared(folded: str, found: list[Figure]) -> list[Figure]:
    """The figures, with the unit of the last one of a range given to those before it: "6.2 to 30.2%", "2-8x"."""
    for n in range(len(found) - 2, -1, -1):
        first, last = found[n], found[n + 1]
        link = _LINKED.fullmatch(folded, first.end, last.start)
        between = link and ("and" not in link.group() or _ends(_FROM_BEFORE, folded, first.start))
        if between and not first.unit and not first.measure and not re.search("[/r]", folded[first.end : last.start]):
            if last.unit:
                found[n] = replace(first, unit=last.unit)
            elif last.measure:
                found[n] = replace(first, measure=last.measure, base=first.value * last.base / (last.value or 1.0))
    return found


def _fractions(folded: str) -> Iterator[Figure]:
    for match in _FRACTION.finditer(folded):
        part = "half" if match["part"] == "halves" else match["part"]
        count = _WORDS.get(match["top"], 1.0)
        if match.group() == "a half" and (
            one := _A_MEASURE_AND.search(folded, max(0, match.start() - 40), match.start())
        ):
            kind, size = UNITS[one["measure"]]
            yield Figure(1.5, "", one.start(), match.end(), True, kind, 1.5 * size)
            continue
        if _ends(_NUMBER_BEFORE, folded, match.start()) and folded[match.start()] == "a":
            continue  # "two and a half": a part of the number before it
        following = match["next"].strip(" -")
        if count == 1.0 and part not in ("half", "quarter") and terms(following) and not _GROWS.match(f" {following}"):
            continue  # "a third model" is an ordinal
        if part == "quarter" and (_ends(_OF_YEAR, folded, match.start()) or _IN_TIME.match(folded, match.end())):
            continue
        if count != 1.0 and not match["plural"] and match["part"] != "halves":
            continue
        whole = _OF_WHOLE.match(folded, match.end())
        if whole:
            size = SCALES[whole["scale"]] if whole["scale"] else 1.0
            yield Figure(count / _PARTS[part] * size, "" if whole["scale"] else "%", match.start(), whole.end(), True)
        elif count < _PARTS[part] and float(count).is_integer():
            yield Figure(count / _PARTS[part], "", match.start(), match.end(), True)


def _multiples(folded: str) -> Iterator[Figure]:
    for match in _MULTIPLE.finditer(folded):
        value = _MULTIPLES[match["word"]]
        yield Figure(value, "×" if value > 1 else "", match.start(), match.end(), True)

"""Conditions on the metadata: as a caller gives them, and as a question says them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.model import Paper, author_count
from rag.retrieval.index.metadata_columns import LARGEST, UNKNOWN, Columns


@dataclass(frozen=True)
class Conditions:
    """Conditions on the metadata; a paper that lacks the field does not meet one. Dates are inclusive."""

    year: int | None = None
    month: int | None = None
    since: date | None = None
    until: date | None = None
    min_authors: int | None = None
    max_authors: int | None = None
    source: str | None = None
    abstract_kind: str | None = None
    paper_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Conditions()

    @property
    def dated(self) -> bool:
        """True when a condition is on the date."""
        return any(value is not None for value in (self.year, self.month, self.since, self.until))

    @property
    def on_authors(self) -> bool:
        """True when a condition is on the number of authors."""
        return self.min_authors is not None or self.max_authors is not None

    def met_by(self, paper: Paper) -> bool:
        """True when the paper meets all of them."""
        day = paper.published
        if self.dated and day is None:
            return False
        if day is not None and (
            (self.year is not None and day.year != self.year)
            or (self.month is not None and day.month != self.month)
            or (self.since is not None and day < self.since)
            or (self.until is not None and day > self.until)
        ):
            return False
        count = author_count(paper)
        if self.on_authors and count is None:
            return False
        if count is not None and not (self.min_authors or 0) <= count <= (self.max_authors or 10**9):
            return False
        return (
            (self.source is None or paper.source == self.source)
            and (self.abstract_kind is None or paper.abstract_kind == self.abstract_kind)
            and (not self.paper_ids or paper.id in self.paper_ids)
        )

    def met_in(self, columns: Columns, position: Mapping[str, int]) -> NDArray[np.bool_]:
        """Of each paper of an index whether it meets all of them, as `met_by` says; shape (n_papers,)."""
        days, counts = columns.of("published"), columns.of("authors")
        met = columns.known("published") if self.dated else np.ones(len(days), dtype=bool)
        if self.year is not None or self.month is not None:
            years, months = columns.months()
            met &= True if self.year is None else years == self.year
            met &= True if self.month is None else months == self.month
        met &= True if self.since is None else days >= self.since.toordinal()
        met &= True if self.until is None else days <= self.until.toordinal()
        known = counts != UNKNOWN
        least, most = (min(bound, LARGEST) for bound in (self.min_authors or 0, self.max_authors or 10**9))
        few = (counts >= least) & (counts <= most)
        met &= known & few if self.on_authors else ~known | few
        met &= True if self.source is None else columns.are("source", self.source)
        met &= True if self.abstract_kind is None else columns.are("kind", self.abstract_kind)
        if self.paper_ids:
            these = np.zeros(len(days), dtype=bool)
            these[[n for key in self.paper_ids if (n := position.get(key)) is not None]] = True
            met &= these
        return met

    def joined(self, other: Conditions) -> Conditions:
        """Both sets of conditions together; where both name one, `other` wins."""
        given = {name: value for name, value in vars(other).items() if value not in (None, ())}
        return replace(self, **given)


def conditions(where: Mapping[str, Any] | None) -> Conditions:
    """The conditions that a caller gives as a mapping, e.g. `{"year": 2024}` or `{"since": "2024-03-01"}`.

    Raises:
        SettingsError: a key that is not known, or a value that it cannot have.
    """
    given: dict[str, Any] = {}
    for key, value in (where or {}).items():
        if key not in Conditions.__dataclass_fields__:
            raise SettingsError(
                f"where has {key!r}, which is no condition; known: {', '.join(Conditions.__dataclass_fields__)}."
            )
        try:
            if key in ("since", "until"):
                given[key] = value if isinstance(value, date) else date.fromisoformat(str(value))
            elif key in ("year", "month", "min_authors", "max_authors"):
                given[key] = int(value)
            elif key == "paper_ids":
                given[key] = (value,) if isinstance(value, str) else tuple(str(item) for item in value)
            else:
                given[key] = str(value)
        except (TypeError, ValueError, OverflowError) as error:
            form = "a day such as 2024-03-01" if key in ("since", "until") else "a whole number"
            raise SettingsError(f"where has {key}={value!r}; it takes {form}.") from error
    return Conditions(**given)


_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = r"(?P<{0}month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<{0}year>(?:19|20)\d\d)"
_WHEN = r"(?:" + _MONTH + r"(?:\s+(?P<{0}day>\d{{1,2}})(?:st|nd|rd|th)?,?)?(?:\s+of)?\s*)?" + _YEAR + r"\b"
# "images of 2048 pixels" are of no year.
_NO_COUNT = (
    r"(?!\s*[x×%]|\s+(?:(?:visual|vision|image|video|text|input|test|training|gpu)\s+)?(?:pixels?|px|tokens?|images?|"
    r"pictures?|frames?|videos?|points?|samples?|examples?|pairs?|questions?|instances?|tasks?|classes|documents?|pages?|"
    r"words?|steps?|hours?|gpus?|units?|dimensions?)\b)"
)
_DATED = re.compile(
    r"\b(?P<how>in|from|of|during|since|after|before|until|till|by|up to|no later than|no earlier than|later than|"
    r"earlier than|newer than|older than|prior to|through|dated|published|year|en|im|im jahr|seit|vor|nach|depuis|avant|"
    r"desde|antes de)\s+(?:the\s+)?(?:year\s+)?(?:the\s+end\s+of\s+|early\s+|late\s+|mid-?)?" + _WHEN.format("")
    + r"(?P<on>\s+(?:onwards?\b|(?:and|or)\s+(?:later|newer|after)\b|on(?=\W*$)))?"
    r"(?P<back>\s+(?:and|or)\s+(?:earlier|older|before)\b)?" + _NO_COUNT,
    re.IGNORECASE,
)  # fmt: skip
_BETWEEN = re.compile(
    r"\b(?:between|from)\s+" + _WHEN.format("a_") + r"\s+(?:and|to|until|through|-|–)\s+" + _WHEN.format("b_"),
    re.IGNORECASE,
)
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
# Days as Europe and as ISO 8601 write them.
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_NAMES})\b\.?,?\s+((?:19|20)\d\d)\b", re.IGNORECASE
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-([0-3]\d))?\b")
_MONTHS_OF = re.compile(
    rf"\b(?P<a>{_NAMES})\.?\s+(?:and|to|until|till|through|-|–)\s+(?P<b>{_NAMES})\.?(?:\s+of)?\s+(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<year_>(?:19|20)\d\d)\b\W+(?P<a_>{_NAMES})\.?\s+(?:and|to|until|through|-|–)\s+(?P<b_>{_NAMES})\b",
    re.IGNORECASE,
)
# "from 2022 or 2023": years that follow on one another.
_YEARS = re.compile(
    r"\b(?:in|from|of|during|published|year)\s+(?P<years>(?:19|20)\d\d(?:\s*(?:,|,?\s*(?:and|or)|&)\s*(?:19|20)\d\d)+)\b",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(
    r"(?:papers?|articles?|works?|publi\w+|erschienen|paru\w*|sorti\w*)\D{0,20}\b(?P<year>(?:19|20)\d\d)\b(?!\s*[-x×%])",
    re.IGNORECASE,
)
_BARE_MONTH = re.compile(r"\b(?:in|during|from)\s+" + _MONTH.format("") + r"(?!\s*\d)\b", re.IGNORECASE)
_YEAR_PAPERS = re.compile(_YEAR.format("") + r"\s+(?:papers?|publications?|works?)\b", re.IGNORECASE)
_AUTHORS = r"(?:authors?|people|researchers|persons?|co-?authors?|autoren|leute|auteurs?|personnes|autores|personas)"


def conditions_in(text: str) -> Conditions:
    """The conditions that the words of a question set: on dates ("since March 2024") and on authors."""
    found: dict[str, Any] = {}
    text = _months_first(text)
    if between := _BETWEEN.search(text):
        found["since"], found["until"] = _first_day(between, "a_"), _last_day(between, "b_")
    elif months := _MONTHS_OF.search(text):
        whole = int(months["year"] or months["year_"])
        a, b = (_MONTHS[(months[n] or months[f"{n}_"]).lower()] for n in ("a", "b"))
        found["since"], found["until"] = date(whole, a, 1), date(whole, b, calendar.monthrange(whole, b)[1])
    elif years := _run_of_years(text):
        found["since"], found["until"] = date(years[0], 1, 1), date(years[-1], 12, 31)
    elif dated := list(_DATED.finditer(text)):
        found = _bounds(dated[0])
        further = [bounds for one in dated[1:] if len(bounds := _bounds(one)) == 1 and "year" not in bounds]
        if len(found) == 1 and "year" not in found and further:  # "after June 2021 but before 2023"
            found = further[0] | found
    elif (year := _YEAR_PAPERS.search(text)) or (year := _BARE_YEAR.search(text)):
        found["year"] = int(year["year"])
    elif (month := _BARE_MONTH.search(text)) and (
        month["month"].lower() not in ("may", "mar", "march") or month["month"][0].isupper()
    ):
        found["month"] = _MONTHS[month["month"].lower()]
    found |= _author_conditions(text)
    return Conditions(**found)


def _months_first(text: str) -> str:
    """The text with days as American English writes them: "1 Aug 2024" and "2024-08-01" as "Aug 1, 2024"."""
    text = _DAY_FIRST.sub(r"\2 \1, \3", text)
    return _ISO.sub(lambda iso: f"{calendar.month_name[int(iso[2])]} {iso[3] + ', ' if iso[3] else ''}{iso[1]}", text)


def _bounds(dated: re.Match[str]) -> dict[str, Any]:
    """What one date and the word before it ask for: `since`, `until`, both for a day, or a year with its month."""
    how = dated["how"].lower()
    if how in ("after", "later than", "newer than", "nach"):
        return {"since": date.fromordinal(_last_day(dated).toordinal() + 1)}
    if how in ("before", "earlier than", "older than", "prior to", "vor", "avant", "antes de"):
        return {"until": date.fromordinal(_first_day(dated).toordinal() - 1)}
    if how in ("since", "no earlier than", "seit", "depuis", "desde") or dated["on"]:
        return {"since": _first_day(dated)}
    if how in ("until", "till", "by", "up to", "through", "no later than") or dated["back"]:
        return {"until": _last_day(dated)}
    if dated["day"]:
        return {"since": _first_day(dated), "until": _first_day(dated)}
    return {"year": int(dated["year"])} | ({"month": _MONTHS[dated["month"].lower()]} if dated["month"] else {})


def _run_of_years(text: str) -> list[int]:
    """Years side by side that follow on one another, in order; none otherwise."""
    named = _YEARS.search(text)
    years = sorted({int(year) for year in re.findall(r"\d{4}", named["years"])}) if named else []
    return years if years and years == list(range(years[0], years[-1] + 1)) else []


_SMALL = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_COUNT = r"(?P<n>\d{1,4}|" + "|".join(_SMALL) + r")"
_AUTHOR_CONDITION = re.compile(
    r"(?P<how>more than|over|at least|no fewer than|fewer than|less than|under|at most|no more than|up to|exactly|"
    r"by|with|has|have)\s+" + _COUNT + r"\s+(?:or (?P<or>more|fewer|less)\s+)?" + _AUTHORS + r"\b",
    re.IGNORECASE,
)  # fmt: skip


def _author_conditions(text: str) -> dict[str, int]:
    if re.search(r"\b(?:single|sole|one)[- ]author(?:ed)?\b|\bby a single author\b", text, re.IGNORECASE):
        return {"min_authors": 1, "max_authors": 1}
    match = _AUTHOR_CONDITION.search(text)
    if match is None:
        return {}
    n = _SMALL.get(match["n"].lower(), -1)
    n = int(match["n"]) if n < 0 else n
    how, either = match["how"].lower(), (match["or"] or "").lower()
    if how in ("more than", "over"):
        return {"min_authors": n + 1}
    if how in ("at least", "no fewer than") or either == "more":
        return {"min_authors": n}
    if how in ("fewer than", "less than", "under"):
        return {"max_authors": n - 1}
    if how in ("at most", "no more than", "up to") or either in ("fewer", "less"):
        return {"max_authors": n}
    return {"min_authors": n, "max_authors": n}


def _first_day(match: re.Match[str], prefix: str = "") -> date:
    month = _MONTHS[match[prefix + "month"].lower()] if match[prefix + "month"] else 1
    return date(int(match[prefix + "year"]), month, _day(match, prefix, month) or 1)


def _last_day(match: re.Match[str], prefix: str = "") -> date:
    year = int(match[prefix + "year"])
    month = _MONTHS[match[prefix + "month"].lower()] if match[prefix + "month"] else 12
    return date(year, month, _day(match, prefix, month) or calendar.monthrange(year, month)[1])


def _day(match: re.Match[str], prefix: str, month: int) -> int | None:
    if not match[prefix + "day"]:
        return None
    return min(max(int(match[prefix + "day"]), 1), calendar.monthrange(int(match[prefix + "year"]), month)[1])


def without_dates(text: str) -> str:
    """`text` without the words that set a condition on dates."""
    text = _months_first(text)
    for pattern in (_BETWEEN, _MONTHS_OF, _YEARS, _DATED, _YEAR_PAPERS, _BARE_MONTH):
        text = pattern.sub(" ", text)
    return text

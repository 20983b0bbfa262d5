"""The days that the words of a time mean: "pre-2020", "between March and July 2018", "the past three years"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rag.retrieval.question.conditions import Conditions

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
"""The names of months in English, whole and short, as one pattern."""
_ORDINAL = r"(?:st|nd|rd|th)?"
# What is written of one time, the fullest form first: a day, a month of a year, a part of a year, a year, a month.
_TIME = re.compile(
    rf"\b(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d\d?)(?:[-/.](?P<d1>\d\d?))?\b"
    rf"|\b(?P<d2>\d\d?)[./](?P<m2>\d\d?)[./](?P<y2>(?:19|20)\d\d)\b"
    rf"|\b(?P<d3>\d\d?){_ORDINAL}\s+(?:of\s+)?(?P<m3>{MONTH_NAMES})\b\.?,?(?:\s+(?P<y3>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<m4>{MONTH_NAMES})\b\.?\s+(?P<d4>\d\d?){_ORDINAL}\b(?!\d),?(?:\s+(?P<y4>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<m6>\d\d?)/(?P<y6>(?:19|20)\d\d)\b"
    rf"|\b(?:(?P<half>first|second|1st|2nd)\s+half|q(?P<quarter>[1-4])|(?P<third>first|second|third|fourth)\s+quarter)"
    rf"\s*(?:of\s+)?(?P<y7>(?:19|20)\d\d)\b"
    rf"|\b(?P<m5>{MONTH_NAMES})\b\.?,?(?:\s+(?:of\s+)?(?P<y5>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<decade>(?:19|20)\d0)['’]?s\b|\b(?P<named>sixties|seventies|eighties|nineties)\b"
    rf"|\b(?P<y8>(?:19|20)\d\d)\b(?!\.\d)",  # "2009.00713" is no year
    re.IGNORECASE,
)  # fmt: skip
# "2018 or before" is with that year, "no later than" too.
_BEFORE = re.compile(
    r"(?<!\bor )(?<!\band )(?<!\bno )(?<!\bnot )\b"
    r"(?:before|pre|prior|(?:earlier|older)\s+than|ahead of|vor|avant|antes de)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?<!\bor )(?<!\band )(?<!\bno )(?<!\bnot )\b"
    r"(?:after|post|(?:later|newer|younger)\s+than|past(?=\s+(?:the\s+)?(?:19|20))|nach)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|starting|beginning (?:in|with)|no earlier than|not before|onwards?"
    r"|(?:or|and)\s+(?:later|newer|after|since)"
    r"|later(?! than)|as of|seit|depuis|desde)\b|…\s*on\W*$",
    re.IGNORECASE,
)  # fmt: skip
_UNTIL = re.compile(
    r"\b(?:until|till|up to|through|by|no later than|not after|(?:or|and)\s+(?:earlier|older|before)"
    r"|earlier(?! than))\b",
    re.IGNORECASE,
)
_RUN = re.compile(r"\s*(?:and|to|until|till|through|up to|up to and including|-|–|—)\s*(?:in\s+)?", re.IGNORECASE)
_CHOICE = re.compile(r"[\s,]*(?:,|\bor\b|\band\b|&|/)[\s,]*(?:in\s+|from\s+)?", re.IGNORECASE)
_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBERS |= {"twelve": 12, "twenty": 20, "couple of": 2, "few": 3}
_PAST = re.compile(
    r"\b(?:last|past|previous|recent|than)\s+(?:the\s+)?(?:last\s+)?"
    rf"(?:(?P<n>\d\d?|{'|'.join(_NUMBERS)})\s+)?(?P<unit>year|month|week|decade)s?\b"
    r"|\b(?P<this>this)\s+(?P<span>year|month|decade)\b",
    re.IGNORECASE,
)
_DAYS = {"year": 365, "month": 30, "week": 7, "decade": 3652}


@dataclass(frozen=True)
class _Time:
    """The first and last day that are written, and where; only a month of any year has no days."""

    first: date
    last: date
    start: int
    end: int
    month_alone: int = 0


def times_in(phrase: str, today: date | None = None) -> Conditions:
    """The condition on dates that the words of a time set; none where they say no time that is known.

    What is said of now ("the past three years") is counted from `today`, the day on which it is asked.
    """
    times = [_time(match) for match in _TIME.finditer(phrase)]
    if not times:
        return _from_now(phrase, today or date.today())
    if len(times) == 1:
        return _one(phrase, times[0])
    between = phrase[times[0].end : times[1].start]
    if _RUN.fullmatch(between) and (
        re.search(r"\bbetween\b", phrase[: times[0].start], re.IGNORECASE) or "and" not in between
    ):
        return _from_to(times[0], times[1])
    if all(_CHOICE.fullmatch(phrase[a.end : b.start]) for a, b in pairwise(times)):
        days = sorted(times, key=lambda time: time.first)
        if all(b.first <= a.last + timedelta(days=1) for a, b in pairwise(days)):
            return Conditions(since=days[0].first, until=days[-1].last)  # years that follow on one another
        return _one(phrase, times[0])
    first, last = _one(phrase[: times[0].end], times[0]), _one(phrase[times[0].end :], times[1])
    return first.joined(last)  # "after June 2021 but before 2023"


def without_times(text: str) -> str:
    """`text` without the times that are written in it."""
    return _TIME.sub(" ", text)


def _one(phrase: str, time: _Time) -> Conditions:
    around = f"{phrase[: time.start]} … {phrase[time.end :]}"
    if time.month_alone:
        return Conditions(month=time.month_alone)
    if _BEFORE.search(around):
        return Conditions(until=time.first - timedelta(days=1))
    if _AFTER.search(around):
        return Conditions(since=time.last + timedelta(days=1))
    if _SINCE.search(around):
        return Conditions(since=time.first)
    if _UNTIL.search(around):
        return Conditions(until=time.last)
    if (time.first.day, time.first.month, time.last.day, time.last.month) == (1, 1, 31, 12) and (
        time.first.year == time.last.year
    ):
        return Conditions(year=time.first.year)
    if time.first.day == 1 and time.first.month == time.last.month and time.first != time.last:
        return Conditions(year=time.first.year, month=time.first.month)
    return Conditions(since=time.first, until=time.last)


def _from_to(first: _Time, last: _Time) -> Conditions:
    if first.month_alone and not last.month_alone:  # "between March and July 2018"
        return Conditions(since=date(last.last.year, first.month_alone, 1), until=last.last)
    return Conditions(since=first.first, until=last.last)


def _time(match: re.Match[str]) -> _Time:
    said = {name.rstrip("12345678"): value.lower() for name, value in match.groupdict().items() if value}
    start, end = match.span()
    if "decade" in said or "named" in said:
        tens = {"sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990}
        year = int(said["decade"]) if "decade" in said else tens[said["named"]]
        return _Time(date(year, 1, 1), date(year + 9, 12, 31), start, end)
    month = _month(said["m"]) if "m" in said else 0
    if "y" not in said:
        return _Time(date(2000, month, 1), date(2000, month, 1), start, end, month_alone=month)
    year = int(said["y"])
    if part := said.get("half") or said.get("quarter") or said.get("third"):
        months = 6 if "half" in said else 3
        nth = "first second third fourth".split().index(part) if part.isalpha() else int(part[0]) - 1
        return _Time(date(year, nth * months + 1, 1), _end(year, (nth + 1) * months), start, end)
    if not month:
        return _Time(date(year, 1, 1), date(year, 12, 31), start, end)
    if "d" in said:
        day = min(max(int(said["d"]), 1), calendar.monthrange(year, month)[1])
        return _Time(date(year, month, day), date(year, month, day), start, end)
    return _Time(date(year, month, 1), _end(year, month), start, end)


def _month(said: str) -> int:
    return min(max(int(said), 1), 12) if said.isdigit() else _MONTHS[said]


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _from_now(phrase: str, today: date) -> Conditions:
    match = _PAST.search(phrase)
    if match is None:
        return Conditions()
    if match["this"]:
        unit = match["span"].lower()
        begun = {"year": (today.year, 1), "month": (today.year, today.month), "decade": (today.year // 10 * 10, 1)}[
            unit
        ]
        return Conditions(since=date(*begun, 1))
    unit = match["unit"].lower()
    said = (match["n"] or "").lower()
    if not said and unit == "year":
        return Conditions(year=today.year - 1)
    count = int(said) if said.isdigit() else _NUMBERS.get(said, 1)
    day = today - timedelta(days=count * _DAYS[unit])
    return Conditions(until=day) if _BEFORE.search(phrase) else Conditions(since=day)

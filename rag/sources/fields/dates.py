"""Dates as reference managers and catalogues write them, perhaps a year only: the fields of a record for them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from rag.sources.fields.nothing import says_nothing

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Those of German, French and Spanish that begin otherwise.
_MONTHS = {name: n for n, name in enumerate(_ENGLISH, 1)} | {
    "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "avr": 4, "juin": 6, "juil": 7, "aoû": 8, "déc": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip
_LONGEST = 100
_YEARS = range(1400, 2200)
_NUMBERS = re.compile(r"(\d{4})[-/. 年](\d{1,2})(?:[-/. 月](\d{1,2}))?(?!\d)")
_MILLISECONDS = re.compile(r"(1\d{9})\d{3}", re.ASCII)  # since 1970, as JavaScript counts
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)")
_MAIL = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})(?: \d\d:|$)")  # Mon, 2 Apr 2007 19:18:42 GMT
_NAMED = re.compile(
    r"(?:(\d{1,2})[-/. ]{1,2})?([^\W\d_]{3,9})\.?[-/' ]+(\d{4}|\d\d)|(\d{4})[-/]([^\W\d_]{3,9})[-/](\d{1,2})"
)
_MARKED = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4})")
_MONTH_AND_YEAR = re.compile(r"(0?[1-9]|1[0-2])[-/.](\d{4})")
_TIME = re.compile(r",?\s+\d{1,2}:\d\d.*$")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_REMARK = re.compile(r"^(\d{4})\s?[(\[][^()\[\]]*\d{4}[^()\[\]]*[)\]]$")  # "2021 (online 2020)"
_WORD = re.compile(r"[^\W\d_]{3,9}")
_DAY = re.compile(r"(?<![\d-])\d{1,2}(?![\d-])")


def dated(text: str) -> dict[str, object]:
    """The fields of a record that say when: `published`, or what of a date the text has.

    A date without its day or month stands for the first of them; `published_inferred` is then True and `date` is what
    the source says ("2024", "2024-03"), so that the rest is not taken for its word. What is no date is in `date` alone.
    """
    text = " ".join(text[:_LONGEST].split())
    if not text.strip("0-/. ") or says_nothing(text):  # some programs write 0 for no year
        return {}
    text = text.removesuffix(".0")  # a year as spreadsheets keep it
    return on(*_parts(text)) or {"date": text}


def on(year: int | None, month: int | None = None, day: int | None = None) -> dict[str, object]:
    """The fields of a record for a date of which the month or the day may be missing or wrong; none without a year."""
    if year is None or year not in _YEARS:
        return {}
    if month is None or not 1 <= month <= 12:
        return {"published": f"{year:04}-01-01", "published_inferred": True, "date": f"{year:04}"}
    try:
        return {"published": date(year, month, day or 0).isoformat()}
    except ValueError:
        first = f"{year:04}-{month:02}"
        return {"published": f"{first}-01", "published_inferred": True, "date": first}


def month_of(text: str) -> int | None:
    """The number of the month that the text names or is: "Mar", "march", "03"."""
    text = text.strip(" .月월").lower()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 else None
    return _MONTHS.get(text[:3]) or _MONTHS.get(text[:4])


@lru_cache(maxsize=16384)  # many papers are of one day
def _parts(text: str) -> tuple[int | None, int | None, int | None]:
    if len(text) == 4 and text.isdecimal():
        return int(text), None, None
    if found := _MILLISECONDS.fullmatch(text):
        day = datetime.fromtimestamp(int(found[1]), UTC)
        return day.year, day.month, day.day
    if found := _MAIL.search(text):
        return int(found[3]), month_of(found[2]), int(found[1])
    if found := _NUMBERS.match(text) or _TOGETHER.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    text = _TIME.sub("", text)
    if (found := _NAMED.fullmatch(text)) and (month := month_of(found[2] or found[5])):
        if found[4]:
            return int(found[4]), month, int(found[6])
        # "Mar-21" is as spreadsheets write it, "Mar 21" may be a day.
        if len(found[3]) == 4 or found[1] or not text.endswith(f" {found[3]}"):
            return _century(found[3]), month, int(found[1]) if found[1] else None
    if found := _MONTH_AND_YEAR.fullmatch(text):
        return int(found[2]), int(found[1]), None
    if found := _MARKED.fullmatch(text):
        return int(found[4]), *_day_and_month(int(found[1]), int(found[3]), german=found[2] == ".")
    text = _REMARK.sub(r"\1", text)
    years = {int(year) for year in _YEAR.findall(text)}
    year = min((year for year in years if year in _YEARS), default=None)
    # Of a span ("2023 Dec-2024 Jan") only its first year is sure enough.
    months = [month for word in _WORD.findall(text) if (month := month_of(word))] if len(years) == 1 else []
    if not months:
        return year, None, None
    days = _DAY.findall(text)
    if months[0] > months[-1]:  # "DEC-JAN" of one year or of two
        return year, None, None
    return year, months[0], int(days[0]) if len(days) == len(months) == 1 else None


def _century(year: str) -> int:
    """The year that two figures stand for, as spreadsheets take them, but for the years to come."""
    return int(year) + (0 if len(year) == 4 else 2000 if int(year) < 50 else 1900)


def _day_and_month(first: int, second: int, *, german: bool) -> tuple[int | None, int | None]:
    """The month and the day of "5.3.2021" or "25/12/2021"; neither where "5/3/2021" may be in March or in May."""
    if german or first > 12 or first == second:
        return second, first
    return (first, second) if second > 12 else (None, None)

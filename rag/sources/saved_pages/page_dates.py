"""The dates of a listing page: `Jan 29, 2024`, or `May 20` with the year of the page left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DATE = re.compile(
    r"(?P<text>(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>[0-9]{1,2})(?:, ?(?P<year>[0-9]{4}))?)"
    r"(?: (?P<count>[0-9][0-9.,]*k?))?"
)


@dataclass(frozen=True)
class PageDate:
    """A date as it stands on the page; `year` is None where the page leaves it out, `count` what stands after it."""

    text: str
    month: int
    day: int
    year: int | None = None
    count: str | None = None

    def on(self, year: int | None) -> date | None:
        """The date, in the given year if it has none of its own, or None where there is no year or no such day."""
        year = self.year if self.year is not None else year
        try:
            return date(year, self.month, self.day) if year is not None else None
        except ValueError:
            return None


def parse_date(line: str) -> PageDate | None:
    """The date that the line consists of, or None when it is no date."""
    found = _DATE.fullmatch(line)
    if found is None or found["month"][:3].lower() not in _MONTHS or not 1 <= int(found["day"]) <= 31:
        return None
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    year = int(found["year"]) if found["year"] else None
    return PageDate(found["text"], month, int(found["day"]), year, found["count"])


def first_year_after(dates: Iterable[PageDate]) -> int | None:
    """The first year that is later than every year among the dates, or None when none of them has a year."""
    years = [date.year for date in dates if date.year is not None]
    return max(years) + 1 if years else None

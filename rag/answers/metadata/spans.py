"""The days within which a paper came out, as exactly as its source says, and days so many months from them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from rag.answers.metadata.facts import day
from rag.model import Paper, coarse_date


def moved(start: date, n: int, unit: str) -> date:
    """The day so many days, weeks, months or years from another, the last of a month where that has no such day."""
    if unit in ("day", "week"):
        return start + timedelta(n * (7 if unit == "week" else 1))
    months = start.year * 12 + start.month - 1 + n * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def span_of(start: date, unit: str) -> tuple[date, date, str]:
    """The first and the last day of the day, month or year of a date, and how it is said."""
    if unit == "year":
        return date(start.year, 1, 1), date(start.year, 12, 31), str(start.year)
    if unit == "month":
        last = calendar.monthrange(start.year, start.month)[1]
        return start.replace(day=1), start.replace(day=last), start.strftime("%B %Y")
    return start, start, day(start)


def days_of(paper: Paper) -> tuple[date, date]:
    """The first and the last day on which a paper with a date may have come out, as its source says it."""
    assert paper.published is not None
    first, last, _ = span_of(paper.published, known_to(paper))
    return first, last


def known_to(paper: Paper) -> str:
    """How exactly the date of a paper is known: to the day, the month or the year."""
    coarse = coarse_date(paper)
    return "month" if "-" in coarse else "year" if coarse else "day"


def coarsely(paper: Paper) -> str:
    """The day, the month or the year in which a paper with a date came out."""
    assert paper.published is not None
    return span_of(paper.published, known_to(paper))[2]

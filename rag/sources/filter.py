"""What is asked of a file beyond its format: which of its papers, and how its dates are to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rag.errors import SettingsError
from rag.model import Paper


@dataclass(frozen=True)
class Filter:
    """Which papers of a source are wanted; the empty filter takes all.

    `categories` are those of arXiv or their groups: "cs.CL" takes that one, "cs" all that begin with "cs.". `since` and
    `until` are compared with the date of the first version and belong to what is wanted. A paper whose source does not
    say the category or the date does not pass a filter that asks for it.

    Raises:
        SettingsError: a category is blank, or `since` is later than `until`.
    """

    categories: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if any(not category.strip() for category in self.categories):
            raise SettingsError(f"a category is blank (given: {', '.join(self.categories)!r}); give one such as cs.CL")
        if self.since and self.until and self.since > self.until:
            raise SettingsError(
                f"since ({self.since}) is later than until ({self.until}); give them the other way round"
            )

    def __bool__(self) -> bool:
        return bool(self.categories or self.since or self.until)

    def takes(self, paper: Paper) -> bool:
        """True when the paper is wanted; its categories are in `extra["categories"]`."""
        return self.takes_day(paper.published) and (
            not self.categories or self.takes_categories(paper.extra.get("categories", "").split())
        )

    def takes_day(self, day: date | None) -> bool:
        """True when a paper of that day is wanted."""
        if self.since is None and self.until is None:
            return True
        return day is not None and (self.since or date.min) <= day <= (self.until or date.max)

    def takes_record(self, fields: Mapping[str, object]) -> bool:
        """True when a paper whose record has these fields is wanted by its date; `published` is its ISO date."""
        published = fields.get("published")
        return self.takes_day(date.fromisoformat(published) if isinstance(published, str) else None)

    def takes_categories(self, categories: Iterable[str]) -> bool:
        """True when one of the categories is wanted, or no category is asked for."""
        if not self.categories:
            return True
        wanted = tuple(category.strip().lower() for category in self.categories)
        return any(
            has == want or has.startswith(f"{want}.")
            for has in (c.lower().strip(",;") for c in categories)
            for want in wanted
        )


@dataclass(frozen=True)
class Request:
    """What a reader is told about a file: its name as a source, the year of dates without one, and what is wanted.

    A reader need not heed `only`: what it gives is filtered afterwards. One that does is faster.
    """

    source: str
    as_of: int | None = None
    only: Filter | None = None

"""Reading a live source page by page: where it stands after each record, and where it has to end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from rag.errors import SourceError
from rag.model import Paper, Rejected, Withdrawn
from rag.sources.live.patience import RefusedError

_EMPTY_PAGES = 3
"""So many empty pages in a row are the end, whatever the service says follows them."""
_SLACK = 1_000
"""So many records more than twice the number that the service gave are too many."""


@dataclass(frozen=True)
class Page:
    """Some records in order. `following` is the cursor of the next page, None at the end; `total` is of all pages."""

    items: Sequence[Paper | Rejected | Withdrawn]
    following: str | None = None
    total: int | None = None


class Pages(Protocol):
    """A source that is read page by page; the first page has the cursor ""."""

    def page(self, cursor: str) -> Page:
        """The page at the cursor.

        Raises:
            SourceError: it cannot be had.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class Fetch:
    """The papers of a live source, asked for as they are read; to be read once.

    `source` is the spec in its canonical form. `total` is how many records there are, None until it is known and where
    the service does not say. `state` resumes after the record that was read last; it is "" before the first one and
    when all are read. It owns the connection to the service, and lives until the last paper or until it is let go.
    """

    def __init__(self, pages: Pages, *, source: str, place: Place, limit: int | None) -> None:
        self.source = source
        self.total: int | None = None
        self.state = ""
        self._pages, self._limit = pages, limit
        self._at = place
        if place.taken:
            self.state = place.token()

    @property
    def held(self) -> str:
        """What the source says that it has, for the next fetch; "" where it does not."""
        return getattr(self._pages, "held", "")

    def __iter__(self) -> Iterator[Paper | Rejected | Withdrawn]:
        """The records in order, each a paper or the reason why it is none.

        Raises:
            SourceError: the service failed; what was given before that stays good, and `state` goes on from there.
        """
        try:
            yield from self._items()
        except SourceError as error:
            if not self.state:
                raise
            raise SourceError(
                f"{error} ({self._at.taken:,} records came before and are kept; the same command goes on from there)"
            ) from error
        finally:
            self._pages.close()

    def _items(self) -> Iterator[Paper | Rejected | Withdrawn]:
        at = self._at
        seen: set[bytes] = set()
        cursors = {at.cursor}
        empty = 0
        resumed = at.taken > 0
        while self._limit is None or at.taken < self._limit:
            try:
                page = self._pages.page(at.cursor)
            except RefusedError:
                if not resumed or not at.cursor:
                    raise
                # Services forget their cursors after a while. Asked again from the beginning nothing is lost.
                at.start_again()
                cursors = {at.cursor}
                resumed = False
                continue
            resumed = False
            self.total = page.total if page.total is not None else self.total
            if page.items:
                self._known(page, seen)
            for item in page.items[at.skip :]:
                at.skip += 1
                at.taken += 1
                # After the last record of a page that one need not be asked for again.
                over = page.following is not None and at.skip >= len(page.items)
                self.state = (replace(at, cursor=page.following or "", skip=0) if over else at).token()
                yield replace(item, line=at.taken) if isinstance(item, Rejected) else item
                if at.taken == self._limit:
                    break
            if self.total is not None and at.taken > 2 * self.total + _SLACK:
                raise SourceError(
                    f"{self.source}: the service said {self.total:,} records and gives ever more; try later"
                )
            empty = 0 if page.items else empty + 1
            if page.following is None or empty == _EMPTY_PAGES:
                break
            if page.following in cursors:
                raise SourceError(
                    f"{self.source}: the service leads back to a page that it gave before; try again later"
                )
            cursors.add(page.following)
            at.cursor, at.skip = page.following, 0
        self.state = ""

    def _known(self, page: Page, seen: set[bytes]) -> None:
        """Note the page; a service that gives one page twice would go on for ever."""
        said = hashlib.sha256(repr(list(page.items)).encode("utf-8", "surrogatepass")).digest()
        if said in seen:
            raise SourceError(f"{self.source}: the service gives the same page again and again; try again later")
        seen.add(said)


@dataclass
class Place:
    """Where a fetch stands: in the page at `cursor`, after `skip` of its records, after `taken` records in all."""

    question: str
    since: str = ""
    cursor: str = ""
    skip: int = 0
    taken: int = 0

    def token(self) -> str:
        """The state as text."""
        fields = {"of": self.question, **{name: value for name, value in vars(self).items() if name != "question"}}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    def start_again(self) -> None:
        """Go back to the first page."""
        self.cursor, self.skip, self.taken = "", 0, 0


def place_of(token: str, *, question: str, since: date | None) -> Place:
    """Where the token says that a fetch stands; the beginning where it is none, or is that of another question.

    A token brings the `since` with which it was made: its cursor means nothing with another.
    """
    start = Place(_hash(question), str(since or ""))
    try:
        given = json.loads(token) if token else {}
        state = Place(given["of"], given["since"], given["cursor"], given["skip"], given["taken"]) if given else start
        if state.since:
            date.fromisoformat(state.since)
    except (ValueError, TypeError, KeyError, RecursionError):
        return start
    whole = all(type(number) is int and number >= 0 for number in (state.skip, state.taken))
    texts = all(isinstance(text, str) for text in (state.question, state.since, state.cursor))
    return state if whole and texts and state.question == start.question else start


def number_in(cursor: str) -> int:
    """The number that a cursor is, 0 where it is none."""
    return int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else 0


def _hash(question: str) -> str:
    return hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:12]

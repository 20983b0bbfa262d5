"""The catalogue on disk: the papers without their abstracts, their names, titles and authors, each found by look-up.

Nothing of it is read before it is asked for, so that a process that asks holds no more of a million papers than of a
hundred. It is one file of SQLite, which is written once (`accession` has how) and never changed.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, overload

import numpy as np

from rag.errors import LibraryError
from rag.model import Paper
from rag.retrieval.index.name_index import Named
from rag.retrieval.index.seal import address_of

FILE = "catalogue.sqlite"
HEAD = 12
"""Titles are found by so many letters of their keys."""
_KEPT = 4096  # papers in memory: a small library is read once
_LOOKED_UP = 65_536  # ids and names of which it is remembered where they stand
_AT_ONCE = 500  # values in one statement
_LONGEST_NAME = 200  # characters of a key; a longer one is no slip of a name
Item = TypeVar("Item")
Key = TypeVar("Key", str, int)


@dataclass(frozen=True)
class Titled:
    """A title, or a long part of one around a colon: its key, as it is written, and the paper's position."""

    key: str
    written: str
    paper: int
    whole: bool


class Catalogue:
    """Looks up what the file has. Safe between threads.

    It owns the open file and remembers what was asked for of late; it lives as long as the index that has it. The file
    may be deleted meanwhile, where the system allows that.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._database = sqlite3.connect(address_of(file), uri=True, check_same_thread=False)
        self._lock = Lock()
        weakref.finalize(self, self._database.close)
        self.count = int(self.rows("SELECT count FROM about")[0][0])
        self.letters = str(self.rows("SELECT letters FROM about")[0][0])
        """All letters that keys of names have."""
        self.labels: Mapping[str, int] = dict(self.rows("SELECT label, number FROM labels"))
        """Sources and kinds of abstracts, as numbers."""

    def close(self) -> None:
        """Let go of the file; nothing can be looked up any more."""
        self._database.close()

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows that a statement finds.

        Raises:
            LibraryError: the file is damaged.
        """
        try:
            with self._lock:
                return self._database.execute(statement, values).fetchall()
        except UnicodeEncodeError:  # no text of the file has half a character in it
            return []
        except (sqlite3.Error, UnicodeError) as error:
            raise self.damaged(error) from error

    def rows_of(self, statement: str, values: Iterable[Key]) -> list[Any]:
        """The rows that a statement finds, which has `{}` where a few of the values belong."""
        # Half a character stands nowhere in the file, and SQLite cannot be asked for one.
        whole = (value if isinstance(value, int) else value.encode("utf-8", "replace").decode() for value in values)
        wanted = list(dict.fromkeys(whole))
        found = []
        for first in range(0, len(wanted), _AT_ONCE):
            few = wanted[first : first + _AT_ONCE]
            found += self.rows(statement.format(", ".join("?" * len(few))), few)
        return found

    def has_letters_near(self, key: str) -> bool:
        """True where a name that stands for papers has the letters of this key, or one of them more or less."""
        if len(key) > _LONGEST_NAME:
            return False
        letters = sorted(key)
        wanted = {"".join(letters), *("".join(letters[:n] + letters[n + 1 :]) for n in range(len(letters)))}
        wanted |= {"".join(sorted([*letters, more])) for more in self.letters}
        return bool(self.rows_of("SELECT 1 FROM names WHERE owned AND letters IN ({})", wanted))

    def damaged(self, error: Exception) -> LibraryError:
        """What to say of a file that cannot be read as it was written."""
        said = " ".join(str(error).split())[:100]
        return LibraryError(
            f"the lexical index is damaged ({self.file}: {type(error).__name__}: {said}). "
            "`footnote doctor` makes it again."
        )


class Column(Sequence[Item]):
    """One thing of each paper, in their order, each read when it is asked for. It lives as long as its catalogue.

    It owns those that were asked for of late.
    """

    def __init__(self, catalogue: Catalogue, read: Callable[[int], Item], kept: int) -> None:
        self._catalogue = catalogue
        self._kept = lru_cache(maxsize=kept)(read)

    def __len__(self) -> int:
        return self._catalogue.count

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | Sequence[Item]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        n = int(at)
        if not -len(self) <= n < len(self):
            raise IndexError(f"paper {n} of {len(self)}")
        return self._kept(n % len(self))


class Texts(Column[str]):
    """A text of each paper: its id, or what it calls its own work. It lives as long as its catalogue."""

    def __init__(self, catalogue: Catalogue, table: str, field: str) -> None:
        super().__init__(catalogue, lambda n: str(only(catalogue.rows(one, (n,)), "")), _LOOKED_UP)
        one = f"SELECT {field} FROM {table} WHERE n = ?"
        self._some = f"SELECT n, {field} FROM {table} WHERE n IN ({{}})"

    def of(self, positions: Iterable[int]) -> list[str]:
        """Those of the papers at these positions."""
        wanted = [int(n) for n in positions]
        if len(wanted) <= _AT_ONCE:
            return [self[n] for n in wanted]
        texts = dict(self._catalogue.rows_of(self._some, wanted))
        return [str(texts.get(n, "")) for n in wanted]


class Papers(Column[Paper]):
    """The papers without their abstracts. It lives as long as its catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, self._read, _KEPT)

    def __iter__(self) -> Iterator[Paper]:
        if len(self) <= _KEPT:
            yield from map(self._kept, range(len(self)))
            return
        for first in range(0, len(self), _AT_ONCE):
            among = (first, first + _AT_ONCE)
            for (row,) in self._catalogue.rows("SELECT row FROM papers WHERE n >= ? AND n < ? ORDER BY n", among):
                yield self._made(row)

    def _read(self, n: int) -> Paper:
        return self._made(only(self._catalogue.rows("SELECT row FROM papers WHERE n = ?", (n,)), ""))

    def _made(self, row: str) -> Paper:
        try:
            return paper_of(json.loads(row))
        except (ValueError, TypeError) as error:
            raise self._catalogue.damaged(error) from error


class Positions(Mapping[str, int]):
    """Where each paper stands, by its id. It lives as long as its catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._at = lru_cache(maxsize=_LOOKED_UP)(self._read)

    def __len__(self) -> int:
        return self._catalogue.count

    def __iter__(self) -> Iterator[str]:
        return (key for (key,) in self._catalogue.rows("SELECT id FROM papers ORDER BY n"))

    def __getitem__(self, key: str) -> int:
        n = self._at(key)
        if n is None:
            raise KeyError(key)
        return n

    def get(self, key: str, default: Any = None) -> Any:
        """The position of the paper of this id, or `default`."""
        n = self._at(key)
        return default if n is None else n

    def of(self, keys: Iterable[str]) -> dict[str, int]:
        """The positions of those of these ids that are there."""
        return dict(self._catalogue.rows_of("SELECT id, n FROM papers WHERE id IN ({}) ORDER BY n", keys))

    def _read(self, key: str) -> int | None:
        found = self._catalogue.rows("SELECT n FROM papers WHERE id = ? ORDER BY n DESC LIMIT 1", (key,))
        return int(found[0][0]) if found else None


class Bearing(Mapping[str, Named]):
    """Who bears each name, by its key. It lives as long as its catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._named = lru_cache(maxsize=_KEPT)(self._read)
        self._there = lru_cache(maxsize=_LOOKED_UP)(self._look)

    def __len__(self) -> int:
        return int(only(self._catalogue.rows("SELECT count(*) FROM names"), 0))

    def __iter__(self) -> Iterator[str]:
        return (key for (key,) in self._catalogue.rows("SELECT key FROM names ORDER BY key"))

    def __contains__(self, key: object) -> bool:
        return self._there(key)

    def __getitem__(self, key: str) -> Named:
        named = self._named(key) if self._there(key) else None
        if named is None:
            raise KeyError(key)
        return named

    def _look(self, key: object) -> bool:
        return bool(self._catalogue.rows("SELECT 1 FROM names WHERE key = ?", (key,)))

    def _read(self, key: str) -> Named | None:
        found = self._catalogue.rows("SELECT own, introduced, mentioned, word FROM names WHERE key = ?", (key,))
        for own, introduced, mentioned, word in found:
            return Named(positions_in(own), positions_in(introduced), positions_in(mentioned), bool(word))
        return None


def positions_in(packed: bytes) -> tuple[int, ...]:
    """Positions of papers out of a field of the catalogue."""
    return tuple(np.frombuffer(packed, dtype="<i4").tolist())


def packed(positions: Sequence[int]) -> bytes:
    """Positions of papers as a field of the catalogue."""
    return np.array(positions, dtype="<i4").tobytes()


def only(rows: Sequence[Any], default: Any) -> Any:
    """The one value of the one row, or `default` where there is none."""
    return rows[0][0] if rows else default


def row_of(paper: Paper) -> dict[str, Any]:
    """The fields of a paper that has some, for JSON."""
    row = vars(paper) | {"published": paper.published.isoformat() if paper.published else None}
    return {name: value for name, value in row.items() if value is not False and value not in (None, "", (), {})}


def paper_of(row: Mapping[str, Any]) -> Paper:
    """The paper of these fields."""
    fields = dict(row)
    if "published" in fields:
        fields["published"] = date.fromisoformat(fields["published"])
    if "authors" in fields:
        fields["authors"] = tuple(fields["authors"])
    return Paper(**({"title": ""} | fields))

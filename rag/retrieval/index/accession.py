"""How papers come into the catalogue: one after the other, into a file of SQLite that is whole when it is finished."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from rag.model import Paper, author_count
from rag.retrieval.index.metadata_columns import FIELDS, LABELLED, LARGEST, UNKNOWN, Columns
from rag.retrieval.index.name_index import Named
from rag.retrieval.index.paper_index import HEAD, Catalogue, packed, row_of
from rag.retrieval.index.seal import address_of
from rag.text.names import author_parts
from rag.text.titles import title_key

_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
CREATE TABLE about (count INTEGER, letters TEXT);
CREATE TABLE papers (n INTEGER PRIMARY KEY, id TEXT, hash TEXT, row TEXT);
CREATE TABLE own_names (n INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE labels (label TEXT PRIMARY KEY, number INTEGER);
CREATE TABLE titles (at INTEGER PRIMARY KEY, key TEXT, written TEXT, paper INTEGER, whole INTEGER);
CREATE TABLE authors (surname TEXT, name TEXT, PRIMARY KEY (surname, name)) WITHOUT ROWID;
CREATE TABLE wrote (paper INTEGER, name TEXT, PRIMARY KEY (paper, name)) WITHOUT ROWID;
CREATE TABLE identifiers (paper INTEGER, written TEXT, PRIMARY KEY (paper, written)) WITHOUT ROWID;
CREATE TABLE names (key TEXT PRIMARY KEY, letters TEXT, own BLOB, introduced BLOB, mentioned BLOB, word INTEGER,
    owned INTEGER) WITHOUT ROWID;
BEGIN;
"""
# Made when all is there, sorted once.
_INDEXES = f"""
CREATE INDEX paper_ids ON papers (id);
CREATE INDEX heads ON titles (substr(key, 1, {HEAD}));
CREATE INDEX name_letters ON names (letters) WHERE owned;
CREATE INDEX writers ON wrote (name, paper);
CREATE INDEX identified ON identifiers (written);
"""
_PARTS = 4
"""Titles that a paper has at most, with the parts of its own: `at` counts them, so many for each paper."""
_COPIED = f"""
INSERT INTO papers SELECT n + :by, id, hash, row FROM predecessor.papers WHERE n BETWEEN :first AND :last ORDER BY n;
INSERT INTO titles SELECT at + {_PARTS} * :by, key, written, paper + :by, whole FROM predecessor.titles
    WHERE at BETWEEN {_PARTS} * :first AND {_PARTS} * :last + {_PARTS - 1} ORDER BY at;
INSERT INTO wrote SELECT paper + :by, name FROM predecessor.wrote WHERE paper BETWEEN :first AND :last
    ORDER BY paper, name;
INSERT INTO identifiers SELECT paper + :by, written FROM predecessor.identifiers WHERE paper BETWEEN :first AND :last
    ORDER BY paper, written
"""


class Accession:
    """Writes the catalogue into a file that is not there yet, and lives while an index is made.

    It owns the file until `close`. Of the papers it keeps a few numbers. `predecessor` is a catalogue whose papers may
    be kept, with the columns that go with it.
    """

    def __init__(self, file: Path, predecessor: tuple[Catalogue, Columns] | None = None) -> None:
        # Nobody reads it before it is whole, and one that is not whole is thrown away: so nothing of it is logged.
        self._database = sqlite3.connect(file, isolation_level=None, uri=True)
        self._labels: dict[str, int] = {}
        self._letters: set[str] = set()
        self._columns = {field: array("q") for field in FIELDS}
        self._count = self._named = 0
        self._copied: tuple[int, int] | None = None  # papers that are kept, the first and the last, and not there yet
        self._former = predecessor[1] if predecessor else None
        self._labelled = {n: label for label, n in predecessor[1].labels.items()} if predecessor else {}
        if predecessor:
            self._database.execute("ATTACH ? AS predecessor", (address_of(predecessor[0].file),))
        self._database.executescript(_TABLES)

    def add(self, paper: Paper, content: str = "") -> None:
        """Enter one more paper; its position is the number of those before it. `content` is the hash of its fields."""
        self._copy()
        n, run = self._count, self._database.execute
        self._count += 1
        row = json.dumps(row_of(replace(paper, abstract="", copies=())), ensure_ascii=False)
        run("INSERT INTO papers VALUES (?, ?, ?, ?)", (n, paper.id, content, row))
        for at, (key, written, whole) in enumerate(_titles(paper.title)):
            run("INSERT INTO titles VALUES (?, ?, ?, ?, ?)", (_PARTS * n + at, key, written, n, whole))
        for name in sorted(set(paper.authors)):
            run("INSERT INTO wrote VALUES (?, ?)", (n, name))
        for written in sorted({*filter(None, (paper.arxiv_id, paper.doi))}):
            run("INSERT INTO identifiers VALUES (?, ?)", (n, written))
        count = author_count(paper)
        self._columns["published"].append(paper.published.toordinal() if paper.published else UNKNOWN)
        self._columns["authors"].append(UNKNOWN if count is None else max(min(count, LARGEST), -LARGEST))
        self._columns["source"].append(self._label(paper.source))
        self._columns["kind"].append(self._label(paper.abstract_kind))
        self._columns["abstract"].append(len(paper.abstract) or UNKNOWN)

    def keep(self, before: int) -> None:
        """Enter one more paper that has the position `before` in the predecessor."""
        assert self._former is not None
        if self._copied and before == self._copied[1] + 1:
            self._copied = self._copied[0], before
        else:
            self._copy()
            self._copied = before, before
        self._count += 1
        for field, number in zip(FIELDS, self._former.numbers[:, before].tolist(), strict=True):
            if field in LABELLED:
                number = self._label(self._labelled.get(number))
            self._columns[field].append(number)

    def _copy(self) -> None:
        """Copy the run of papers that are kept and are not there yet."""
        if self._copied:
            first, last = self._copied
            by = self._count - 1 - last
            for statement in _COPIED.strip().split(";\n"):
                self._database.execute(statement, {"by": by, "first": first, "last": last})
            self._copied = None

    def add_own_name(self, name: str) -> None:
        """Enter what the next paper calls its own work, "" for nothing."""
        if name:
            self._database.execute("INSERT INTO own_names VALUES (?, ?)", (self._named, name))
        self._named += 1

    def add_names(self, names: Iterable[tuple[str, Named]]) -> None:
        """Enter who bears each name, by key and in the order of the keys."""
        for key, named in names:
            lists = map(packed, (named.own, named.introduced, named.mentioned))
            owned = bool(named.owners)
            self._letters.update(key if owned else ())
            self._database.execute(
                "INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, "".join(sorted(key)), *lists, named.word, owned),
            )

    def finish(self, columns: Path) -> None:
        """Finish the file, and write what conditions are on into `columns`, shape (number of fields, n_papers)."""
        run = self._database.execute
        self._copy()
        self._database.executemany("INSERT INTO labels VALUES (?, ?)", self._labels.items())
        run("INSERT INTO about VALUES (?, ?)", (self._count, "".join(sorted(self._letters))))
        for statement in _INDEXES.strip().split(";\n"):
            run(statement)
        self._enter_authors()
        run("COMMIT")
        np.save(columns, np.array([self._columns[field] for field in FIELDS], dtype=np.int64))

    def _enter_authors(self) -> None:
        """Enter the surname of each author once, in the order of their names; what was known is taken over."""
        run = self._database.execute
        known = run(f"SELECT name, surname FROM {'predecessor' if self._former else 'main'}.authors ORDER BY name")
        before = known.fetchone()
        for (name,) in run("SELECT DISTINCT name FROM wrote ORDER BY name"):
            while before and before[0] < name:
                before = known.fetchone()
            if parts := [before[1]] if before and before[0] == name else author_parts(name):
                run("INSERT INTO authors VALUES (?, ?)", (parts[-1], name))

    def close(self) -> None:
        """Close the file as it is; one that is not finished is worth nothing."""
        self._database.close()

    def _label(self, label: str | None) -> int:
        return UNKNOWN if label is None else self._labels.setdefault(label, len(self._labels))


def _titles(title: str) -> list[tuple[str, str, bool]]:
    """The key of a title, and those of its parts around a colon: (key, as written, whether it is all of it)."""
    head, _, tail = title.partition(":")
    found = [(title_key(part), part, part == title) for part in dict.fromkeys((title, head, tail))]
    return [one for one in found if one[0]]

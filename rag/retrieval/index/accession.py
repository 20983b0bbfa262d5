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
from rag.retrieval.index.metadata_columns import FIELDS, LARGEST, UNKNOWN
from rag.retrieval.index.name_index import Named
from rag.retrieval.index.paper_index import HEAD, packed, row_of
from rag.text.names import author_parts
from rag.text.titles import title_key

_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
CREATE TABLE about (count INTEGER, letters TEXT);
CREATE TABLE papers (n INTEGER PRIMARY KEY, id TEXT, row TEXT);
CREATE TABLE own_names (n INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE labels (label TEXT PRIMARY KEY, number INTEGER);
CREATE TABLE titles (key TEXT, written TEXT, paper INTEGER, whole INTEGER);
CREATE TABLE authors (surname TEXT, name TEXT, PRIMARY KEY (surname, name)) WITHOUT ROWID;
CREATE TABLE wrote (name TEXT, paper INTEGER);
CREATE TABLE identifiers (written TEXT, paper INTEGER);
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


class Accession:
    """Writes the catalogue into a file that is not there yet, and lives while an index is made.

    It owns the file until `close`. Of the papers it keeps a few numbers, and each term of a title once.
    """

    def __init__(self, file: Path) -> None:
        # Nobody reads it before it is whole, and one that is not whole is thrown away: so nothing of it is logged.
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(_TABLES)
        self._labels: dict[str, int] = {}
        self._letters: set[str] = set()
        self._columns = {field: array("q") for field in FIELDS}
        self._count = self._named = 0

    def add(self, paper: Paper) -> None:
        """Enter one more paper; its position is the number of those before it."""
        n, run = self._count, self._database.execute
        self._count += 1
        row = json.dumps(row_of(replace(paper, abstract="", copies=())), ensure_ascii=False)
        run("INSERT INTO papers VALUES (?, ?, ?)", (n, paper.id, row))
        for key, written, whole in _titles(paper.title):
            run("INSERT INTO titles VALUES (?, ?, ?, ?)", (key, written, n, whole))
        for name in dict.fromkeys(paper.authors):
            run("INSERT INTO wrote VALUES (?, ?)", (name, n))
            if parts := author_parts(name):
                run("INSERT OR IGNORE INTO authors VALUES (?, ?)", (parts[-1], name))
        for written in filter(None, (paper.arxiv_id, paper.doi)):
            run("INSERT INTO identifiers VALUES (?, ?)", (written, n))
        count = author_count(paper)
        self._columns["published"].append(paper.published.toordinal() if paper.published else UNKNOWN)
        self._columns["authors"].append(UNKNOWN if count is None else max(min(count, LARGEST), -LARGEST))
        self._columns["source"].append(self._label(paper.source))
        self._columns["kind"].append(self._label(paper.abstract_kind))
        self._columns["abstract"].append(len(paper.abstract) or UNKNOWN)

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
        self._database.executemany("INSERT INTO labels VALUES (?, ?)", self._labels.items())
        run("INSERT INTO about VALUES (?, ?)", (self._count, "".join(sorted(self._letters))))
        for statement in _INDEXES.strip().split(";\n"):
            run(statement)
        run("COMMIT")
        np.save(columns, np.array([self._columns[field] for field in FIELDS], dtype=np.int64))

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

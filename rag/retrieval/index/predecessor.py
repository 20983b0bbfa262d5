"""The index that was there before: what of it is still true is taken over, and not worked out again."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from errno import EIO
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.errors import LibraryError
from rag.library.chroma import batches
from rag.library.flat_records import Record
from rag.model import Paper
from rag.retrieval.index.cards import FILE as CARDS
from rag.retrieval.index.cards import Cards
from rag.retrieval.index.lexical_index import COLUMNS, VERSION
from rag.retrieval.index.metadata_columns import Columns
from rag.retrieval.index.paper_index import FILE, Catalogue
from rag.retrieval.index.postings import WrittenPostings
from rag.retrieval.index.seal import broken, sealed

Entry = tuple[Paper, str] | int
"""A paper with the hash of its fields, or the position in the predecessor of one that is as it was."""
_AT_ONCE = 2000  # papers of which it is asked whether they are as they were; they are read as few as always
_log = logging.getLogger(__name__)


class Shelf(Protocol):
    """What an index is made from: papers in their order, each with the hash of all its fields."""

    def ids(self) -> list[str]:
        """The ids of all papers, in their order."""

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """The papers of these ids, by id; ids that are not there are left out."""

    def unchanged(self, content_hashes: Sequence[str]) -> set[str]:
        """The ids of the papers that have any of these hashes."""


class Predecessor:
    """An index on disk that papers are taken over from, whole and of this version.

    `kind` is what its seal said before that was looked at. It owns its open files and lives while another index is
    made, until `close`.
    """

    def __init__(self, folder: Path, kind: list[str]) -> None:
        self._folder = folder
        self._kind = kind
        self.catalogue = Catalogue(folder / FILE)
        self.columns = Columns(np.load(folder / COLUMNS), self.catalogue.labels)
        self.cards = Cards(folder / CARDS)
        self.postings = WrittenPostings(folder / "bm25")

    def known(self, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Of those of these papers that it has, the positions and the hashes of what they were."""
        try:
            found = self.catalogue.rows_of("SELECT id, n, hash FROM papers WHERE hash != '' AND id IN ({})", ids)
        except LibraryError as error:  # no fault of the library's
            raise OSError(EIO, str(error)) from error
        return {key: (n, content) for key, n, content in found}

    def is_there(self) -> bool:
        """True while its folder has this index, or another of the same papers."""
        return sealed(self._folder) == self._kind

    def close(self) -> None:
        """Let go of the files."""
        self.postings.close()
        self.catalogue.close()
        self.cards.close()


def predecessor_in(folder: Path) -> Predecessor | None:
    """The index in `folder`, or None where there is none that can be taken over from.

    All of it is read against its seal, however large it is: else what a disk has lost would be sealed anew.
    """
    try:
        kind = sealed(folder)
        if kind[0] != str(VERSION) or broken(folder, thorough=True):
            return None
        return Predecessor(folder, kind)
    except Exception as error:  # whatever a damaged file makes the readers raise, the index can be made from nothing
        _log.debug("nothing is taken over from %s: %r", folder, error)
        return None


def entries(shelf: Shelf, predecessor: Predecessor | None) -> Iterator[Entry]:
    """The papers of the shelf in their order, those that the predecessor has as they are by their positions."""
    for batch in batches(shelf.ids(), _AT_ONCE):
        known = predecessor.known(batch) if predecessor else {}
        unchanged = known.keys() & (shelf.unchanged([content for _, content in known.values()]) if known else set())
        for few in batches(batch):
            found = shelf.records([key for key in few if key not in unchanged])
            for key in few:
                if key in unchanged:
                    yield known[key][0]
                elif key in found:
                    yield found[key].paper, found[key].content_hash

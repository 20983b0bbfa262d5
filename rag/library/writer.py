"""Writing papers into Chroma in an order that a kill at any moment leaves whole, and reading what is written by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rag.library.chroma import SHELF_PASSAGES, SYNC_PASSAGES, batches, chroma_errors, rows
from rag.library.flat_records import (
    Flat,
    Record,
    fingerprint,
    flat_keys,
    flatten,
    flatten_paper,
    passage_key,
    record_keys,
    shelf_of,
    unflatten_paper,
    unflatten_record,
)
from rag.library.lookup import by_ids, by_keys, those_present
from rag.model import Paper, Passage
from rag.neural.embedder import Signs, Vectors

Place = tuple[int, str]
"""Where a passage is: the number of its collection, from 0, and its id in Chroma."""

_FEW = 300  # passages: what one write brings
UNFINISHED = "writing-"
"""How the generation of a library begins while somebody writes, and after a writer was cut off."""


@dataclass(frozen=True)
class Prepared:
    """A paper ready to be written: its passages, and the vectors of passages, sentences and words, a row each."""

    paper: Paper
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    sentence_vectors: Vectors
    word_vectors: Vectors
    word_signs: Signs


@dataclass(frozen=True)
class Whole:
    """A paper as Chroma has it: the metadata, document and vector of its record, and of each passage by its id there
    the metadata and the vector."""

    paper_id: str
    flat: Flat
    text: str | None
    vector: Vectors
    passages: Mapping[str, tuple[Flat, Vectors]]


class Writer:
    """Writes papers, each so that a kill at any moment leaves it either as it was or as it is to be.

    `passages` are the collections of them; to the last of them is written, and when it is full `shelve` gives that of
    papers and these anew, with one more. `before` is the generation that the library had when the lock was taken. It
    lives as long as that lock is held.
    """

    def __init__(
        self, papers: Any, passages: Sequence[Any], *, shelve: Callable[[], tuple[Any, Sequence[Any]]],
        renew: Callable[[], None], before: str, where: str,
    ) -> None:  # fmt: skip
        self._papers = papers
        self._passages = passages
        self._shelve = shelve
        self._room: int | None = None  # in the last collection, for passages
        self._waiting = 0  # of its passages, those that Chroma has not put into its files of vectors yet
        self._renew = renew
        self._where = where
        self.before = before

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """The papers of these ids as they are written by now, by id; those that are not there are left out.

        Raises:
            LibraryError: they cannot be read. So do the two functions below.
        """
        with chroma_errors(self._where):
            return by_ids(self._papers, ids, unflatten_record, self._where)

    def matching(self, keys: Sequence[str]) -> dict[str, Record]:
        """The papers written by now with any of these `identity_keys`, by id, ids of papers among the keys aside."""
        with chroma_errors(self._where):
            return by_keys(self._papers, keys, self._where)

    def present(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that papers written by now have."""
        with chroma_errors(self._where):
            return those_present(self._papers, ids)

    def put(self, batch: Sequence[Prepared]) -> None:
        """Write new or changed papers: their passages, then their records, then away with passages of old text.

        Raises:
            LibraryError: they cannot be written. Every paper is whole then, as it was or as it is to be.
        """
        with chroma_errors(self._where):
            self._make_room()
        shelf = len(self._passages) - 1
        ids: list[str] = []
        entries: list[tuple[Any, Flat]] = []
        records: list[Flat] = []
        for prepared in batch:
            record = flatten(
                prepared.paper,
                prepared.passages,
                sentence_vectors=prepared.sentence_vectors,
                word_vectors=prepared.word_vectors,
                word_signs=prepared.word_signs,
                shelf=shelf,
            )
            records.append(record)
            for passage, vector in zip(prepared.passages, prepared.passage_vectors, strict=True):
                ids.append(passage_key(passage, str(record["text_hash"])))
                place: Flat = {"paper_id": passage.paper_id, "start": passage.start, "end": passage.end}
                # Without its text: the offsets say it, and Chroma would index each word of it.
                entries.append((vector, place | {"vector": fingerprint(vector)}))
        with chroma_errors(self._where):
            self._renew()
            known = self._papers.get(ids=[prepared.paper.id for prepared in batch], include=["metadatas"])
            stale = _others(known, {(shelf, key) for key in ids})
            # None deletes what a record has, and where there is none each is looked for: a tenth of the writing.
            there = set(known["ids"])
            self._upsert(ids, entries)
            self._papers.upsert(
                ids=[prepared.paper.id for prepared in batch],
                embeddings=[prepared.passage_vectors.mean(axis=0) for prepared in batch],
                documents=[prepared.paper.abstract for prepared in batch],
                metadatas=[record if record["id"] in there else _said(record) for record in records],
            )
        self.delete_passages(stale)

    def carry(self, batch: Sequence[Whole]) -> None:
        """Write papers that another library has, as they are there, into collections without them.

        Raises:
            LibraryError: they cannot be written.
        """
        with chroma_errors(self._where):
            self._make_room()
            shelf = len(self._passages) - 1
            passages = [row for whole in batch for row in whole.passages.items()]
            self._upsert([key for key, _ in passages], [(vector, flat) for _, (flat, vector) in passages])
            self._papers.upsert(
                ids=[whole.paper_id for whole in batch],
                embeddings=[whole.vector for whole in batch],
                documents=[whole.text or "" for whole in batch],
                metadatas=[whole.flat | {"shelf": shelf or None} for whole in batch],
            )

    def _upsert(self, ids: Sequence[str], entries: Sequence[tuple[Vectors, Flat]]) -> None:
        """Write passages, each with its vector and metadata, to the collection that is being filled."""
        self._room = (self._room or 0) - len(ids)
        for chosen in batches(list(zip(ids, entries, strict=True))):
            self._waiting += len(chosen)
            if self._waiting >= SYNC_PASSAGES:
                self._waiting = 0
            self._passages[-1].upsert(
                ids=[key for key, _ in chosen],
                embeddings=[row[0] for _, row in chosen],
                metadatas=[row[1] for _, row in chosen],
            )

    def _make_room(self) -> None:
        if self._room is None:
            self._room = SHELF_PASSAGES - int(self._passages[-1].count())
        # What waits is put into the graph again at each opening, of every shelf that is full: it is left when few do.
        if self._room <= 0 and (self._waiting <= _FEW or self._room <= -SYNC_PASSAGES):
            self._papers, self._passages = self._shelve()
            self._room, self._waiting = SHELF_PASSAGES, 0

    def update(self, papers: Sequence[Paper]) -> None:
        """Write new metadata of papers whose title and abstract have not changed; nothing is embedded.

        Raises:
            LibraryError: they cannot be written.
        """
        with chroma_errors(self._where):
            for batch in batches(papers):
                self._renew()
                self._papers.update(
                    ids=[paper.id for paper in batch], metadatas=[flatten_paper(paper) for paper in batch]
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Delete papers: their records first, so that a kill leaves no paper without its passages, then these.

        Raises:
            LibraryError: they cannot be deleted.
        """
        with chroma_errors(self._where):
            for batch in batches(ids):
                self._renew()
                known = self._papers.get(ids=list(batch), include=["metadatas"])
                places = [place for paper_id, flat, _ in rows(known) for place in places_of(paper_id, flat)]
                if known["ids"]:
                    self._papers.delete(ids=list(known["ids"]))
                self.delete_passages(places)

    def add_keys(self) -> int:
        """The number of papers that an older version wrote without what they are looked up by, and that have it now.

        Raises:
            LibraryError: they cannot be written.
        """
        added = 0
        with chroma_errors(self._where):
            for batch in batches(list(self._papers.get(include=[])["ids"])):
                known = self._papers.get(ids=list(batch), include=["metadatas", "documents"])
                found = {}
                for paper_id, flat, text in rows(known):
                    with suppress(KeyError, TypeError, ValueError):  # a damaged record is for `doctor`
                        found[paper_id] = flat_keys(unflatten_paper(paper_id, text, flat))
                if found:
                    self._renew()
                    self._papers.update(ids=list(found), metadatas=list(found.values()))
                    added += len(found)
        return added

    def sweep(self) -> int:
        """The number of passages that no paper's record named, and that are deleted now.

        A writer that was cut off leaves them. Readers do not take them for part of a paper.

        Raises:
            LibraryError: they cannot be deleted.
        """
        with chroma_errors(self._where):
            there = [(n, key) for n, shelf in enumerate(self._passages) for key in shelf.get(include=[])["ids"]]
            named: set[Place] = set()
            for first in range(0, int(self._papers.count()), 1000):
                known = self._papers.get(limit=1000, offset=first, include=["metadatas"])
                named.update(place for paper_id, flat, _ in rows(known) for place in places_of(paper_id, flat))
        orphans = [place for place in there if place not in named]
        self.delete_passages(orphans)
        return len(orphans)

    def delete_passages(self, places: Sequence[Place]) -> None:
        """Delete passages.

        Raises:
            LibraryError: they cannot be deleted.
        """
        with chroma_errors(self._where):
            for n, of_shelf in groupby(sorted(places), key=lambda place: place[0]):
                # A record that is damaged may name a collection that is not there.
                for batch in batches([key for _, key in of_shelf if n < len(self._passages)]):
                    self._renew()
                    self._passages[n].delete(ids=list(batch))


def places_of(paper_id: str, flat: Mapping[str, Any]) -> list[Place]:
    """Where the passages are that a paper's record names."""
    return [(shelf_of(flat), key) for key in record_keys(paper_id, flat)]


def _others(known: Any, fresh: set[Place]) -> list[Place]:
    """Where passages are that the papers of these records have now and will not have afterwards."""
    return [place for paper_id, flat, _ in rows(known) for place in places_of(paper_id, flat) if place not in fresh]


def _said(flat: Flat) -> Flat:
    return {name: value for name, value in flat.items() if value is not None}

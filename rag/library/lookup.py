"""Looking papers up in their collection in Chroma, by id or by what they may have in common with a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from rag.errors import LibraryError
from rag.library.chroma import MOST_IN_FILTER, batches, rows
from rag.library.flat_records import Record, key_filter, unflatten_record
from rag.text.normalization import without_surrogates

Result = TypeVar("Result")
Made = Callable[[str, str | None, Mapping[str, Any]], Result]


class Lookup(Protocol):
    """What can be looked up of papers: in a library as readers see it, or in what a writer is writing."""

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """The papers of these ids, by id; ids that are not there are left out."""

    def matching(self, keys: Sequence[str]) -> dict[str, Record]:
        """The papers with any of these `identity_keys`, by id, ids of papers among the keys aside."""

    def present(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that papers have."""


def by_ids(papers: Any, ids: Sequence[str], made: Made[Result], where: str) -> dict[str, Result]:
    """What `made` gives for the records of these ids that are there, by id. `where` is what errors call the library."""
    found: dict[str, Result] = {}
    # No paper has an id with half a character in it, and Chroma cannot be asked for one.
    for batch in batches([key for key in dict.fromkeys(ids) if key == without_surrogates(key)]):
        for key, flat, text in rows(papers.get(ids=list(batch), include=["metadatas", "documents"])):
            with damage(key, where):
                found[key] = made(key, text, flat)
    return found


def by_keys(papers: Any, keys: Sequence[str], where: str) -> dict[str, Record]:
    """The papers with any of these `identity_keys`, by id, in the order of their first writing."""
    found: dict[str, Record] = {}
    for batch in batches(list(dict.fromkeys(keys)), MOST_IN_FILTER // 8):
        if wanted := key_filter(batch):
            for key, flat, text in rows(papers.get(where=wanted, include=["metadatas", "documents"])):
                with damage(key, where):
                    found[key] = unflatten_record(key, text, flat)
    return found


def those_present(papers: Any, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are there."""
    return {
        key for batch in batches(list(dict.fromkeys(ids))) for key in papers.get(ids=list(batch), include=[])["ids"]
    }


def those_having(papers: Any, content_hashes: Sequence[str]) -> set[str]:
    """The ids of those that have any of these hashes of all their fields."""
    return {
        key
        for batch in batches(list(dict.fromkeys(content_hashes)), MOST_IN_FILTER // 8)
        for key in papers.get(where={"content_hash": {"$in": list(batch)}}, include=[])["ids"]
    }


@contextmanager
def damage(paper_id: str, where: str) -> Iterator[None]:
    """Turn what a record that is not as it was written makes the reader raise into an error that says what to do."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise LibraryError(
            f"{where}: the record of the paper {paper_id!r} is damaged ({error!r:.100}). `footnote doctor` mends it."
        ) from error

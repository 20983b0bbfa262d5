"""A shelf of papers in memory, from which an index is made as from a library, and which says what was read of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.library.flat_records import Record, content_hash, text_hash
from rag.model import Paper


class ShelfInMemory:
    """Papers by id, in order. It owns them, counts in `read` those that were asked for, and lives for a test."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.papers = {paper.id: paper for paper in papers}
        self._hashes = {paper.id: content_hash(paper) for paper in self.papers.values()}
        self.read: list[str] = []

    def put(self, paper: Paper) -> None:
        """Add the paper, or put it in the place of the one with its id."""
        self.papers[paper.id] = paper
        self._hashes[paper.id] = content_hash(paper)

    def remove(self, paper_id: str) -> None:
        """Take a paper away."""
        del self.papers[paper_id], self._hashes[paper_id]

    def ids(self) -> list[str]:
        """The ids of all papers."""
        return list(self.papers)

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """The papers of these ids."""
        self.read += [key for key in ids if key in self.papers]
        return {
            key: Record(self.papers[key], text_hash(self.papers[key]), self._hashes[key])
            for key in ids
            if key in self.papers
        }

    def unchanged(self, content_hashes: Sequence[str]) -> set[str]:
        """The ids of the papers that have any of these hashes."""
        wanted = set(content_hashes)
        return {key for key, content in self._hashes.items() if content in wanted}

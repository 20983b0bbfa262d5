"""The papers of one run, or of one block of it: copies, from whichever file, become one as they come."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Literal

from rag.model import Paper
from rag.sources.merging.merge import ADDRESS, merge, records, same_paper, surely_same
from rag.text.titles import new_id, title_key


def identity_keys(paper: Paper) -> tuple[str, ...]:
    """What two records of one paper may have in common, of all its copies.

    That is "id …", "arxiv …", "doi …", "zotero …" (where it stands there) and "title …".

    Records without a title are told apart by how their text begins.
    """
    keys = [f"id {paper.id}"] if paper.id else []
    for record in records(paper):
        keys += [f"arxiv {record.arxiv_id}"] if record.arxiv_id else []
        keys += [f"doi {record.doi}"] if record.doi else []
        keys += [f"zotero {record.extra[ADDRESS]}"] if ADDRESS in record.extra else []
        keys.append(f"title {title_key(record.title) or 'text ' + title_key(record.abstract[:100])}")
    return tuple(dict.fromkeys(keys))


class Gathering:
    """The papers of one block of records, or of one bibliography, as long as which it lives.

    Copies, from whichever file, are merged as they come.
    """

    def __init__(self) -> None:
        self._papers: list[Paper | None] = []  # None for one that has become part of an earlier one
        self._into: dict[int, int] = {}
        self._places: dict[str, list[int]] = {}  # by the keys of all records that a paper was merged from
        # A record that comes again goes where it went before, also where other records have changed that paper since.
        self._records: dict[tuple[object, ...], int] = {}

    def add(self, paper: Paper) -> Literal["new", "copy"]:
        """What the record is: a "new" paper, or a "copy" of one that came before, which is then merged with it.

        A record that shows two papers to be one, such as one with the DOI of the first and the arXiv id of the second,
        merges all three.
        """
        keys = identity_keys(paper)
        record = (paper.id, paper.title, paper.abstract, paper.abstract_kind, paper.doi, paper.arxiv_id, paper.copies)
        at = self._at(self._records[record]) if record in self._records else self._place(paper, keys)
        new = at == len(self._papers)
        if new:
            self._papers.append(paper)
        else:
            self._papers[at] = merge(self._paper(at), paper)
        self._records[record] = at
        for key in keys:
            places = self._places.setdefault(key, [])
            if at not in places:
                places.append(at)
        return "new" if new else "copy"

    def _place(self, paper: Paper, keys: Collection[str]) -> int:
        """The place of the paper that the record is of; one past the last for none."""
        known = sorted({self._at(place) for key in keys for place in self._places.get(key, ())})
        sure = [place for place in known if surely_same(self._paper(place), paper)]
        if not sure:
            return next((place for place in known if same_paper(self._paper(place), paper)), len(self._papers))
        first, *others = sure
        for other in others:
            whole = merge(self._paper(first), paper)
            if surely_same(whole, self._paper(other)):
                self._papers[first] = merge(whole, self._paper(other))
                self._papers[other] = None
                self._into[other] = first
        return first

    def into(self, place: int) -> int:
        """The place of the paper that the one at `place` has become part of; its own as a rule."""
        return self._at(place)

    def _at(self, place: int) -> int:
        while place in self._into:
            place = self._into[place]
        return place

    def _paper(self, place: int) -> Paper:
        paper = self._papers[place]
        assert paper is not None
        return paper

    def placed(self) -> Iterator[tuple[int, Paper]]:
        """The papers with the number, from 0, of the record that first brought each among those that were "new"."""
        return ((place, paper) for place, paper in enumerate(self._papers) if paper is not None)

    def merged(self) -> list[Paper]:
        """The papers in the order in which each first came, with the ids that the files gave, "" for none."""
        return [paper for _, paper in self.placed()]

    def papers(self, taken: Collection[str] = ()) -> list[Paper]:
        """The papers in the order in which each first came, all with an id; none that is made here is in `taken`."""
        used = {*taken, *(paper.id for paper in self.merged())}
        result = []
        for paper in self.merged():
            if not paper.id:
                paper = replace(paper, id=new_id(paper, used))
                used.add(paper.id)
            result.append(paper)
        return result

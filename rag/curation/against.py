"""The check without a library: a statement against any text, a draft against the papers of a bibliography."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.answers.references import compared
from rag.answers.verifier import Verifier, reading_check, titles_of, verified
from rag.errors import SourceError
from rag.grounding.verdict import Check
from rag.grounding.verdict import check as words
from rag.intake.incoming import intakes_of
from rag.model import Paper, Verified
from rag.model.findings import Reference
from rag.neural.embedder import make_embedder
from rag.sources.bibliographies import bibtex
from rag.sources.bytestream import is_standard_input
from rag.sources.encoding import open_text
from rag.sources.merging.deduplication import Gathering
from rag.text.names import introduced_names, name_key
from rag.text.titles import title_key


def check(statement: str, evidence: str, *, title: str = "", words_only: bool = False) -> Verified:
    """The verdict on a statement against any text: `quote` is the run of `evidence` that comes nearest to carrying it.

    >>> check("OwlNet lowers accuracy on dark images.", "OwlNet improves accuracy on dark images.").contradicted
    True

    `title` says what the text is about, where it has one; `words_only` leaves the networks out, which is faster and a
    little worse. No library and no network are needed.

    Raises:
        SourceError: there is no evidence, or no statement.
    """
    if not statement.strip() or not evidence.strip():
        missing = "statement" if not statement.strip() else "evidence"
        raise SourceError(f"the {missing} is empty. Give the sentence, and the text that it is to be held against.")
    paper = Paper("evidence", title, evidence)
    return verified(statement, ("evidence",), [paper], check=words if words_only else _check())


@cache
def _check() -> Check:
    return reading_check(make_embedder("minilm"))


class Bibliography:
    """The papers of files that any reader knows, copies merged: what a draft is held against in place of a library.

    Papers are found by id, by their key in BibTeX, by title, and by the name that they give to their work. It owns the
    papers, in memory, and lives as long as drafts are held against them; no file stays open.

    Raises:
        SourceError: a file cannot be read, or there is no paper in any.
    """

    def __init__(self, paths: Sequence[str | Path]) -> None:
        gathered, keys = Gathering(), dict[str, str]()
        for intake in intakes_of(paths):
            reading = intake.open()
            for entry in reading.entries:
                if isinstance(entry, Paper):
                    gathered.add(entry)
            if reading.reader == bibtex.name and not is_standard_input(Path(intake.path)):
                with open_text(Path(intake.path))[1] as stream:
                    keys |= bibtex.titles_by_key(stream)
        self.papers: list[Paper] = gathered.papers()
        if not self.papers:
            raise SourceError(
                f"there is no paper in {', '.join(map(str, paths))}. Give BibTeX, RIS, CSL or JSON lines."
            )
        self._by_id = {paper.id: paper for paper in self.papers}
        self._ids: dict[str, list[str]] = {}
        for paper in self.papers:
            titles = {f"title {title_key(one.title)}" for one in (paper, *paper.copies)}
            for key in sorted(titles | {f"name {name_key(name)}" for name in introduced_names(paper)}):
                self._ids.setdefault(key, []).append(paper.id)
        for key, title in keys.items():
            self._ids[f"key {key}"] = self._ids.get(f"title {title_key(title)}", [])

    def _named(self, wanted: str) -> Sequence[str]:
        keys = (f"key {wanted}", f"title {title_key(wanted)}", f"name {name_key(wanted)}")
        return next((self._ids[key] for key in keys if self._ids.get(key)), ())

    def verify(self, text: str, *, cited: Sequence[str] | None = None) -> tuple[Verified, ...]:
        """The verdict on each sentence of a draft against what it cites of these papers, as `Assistant.verify`."""
        verifier = self._verifier()
        return verifier.text(text) if cited is None else (verifier.sentence(text, cited),)

    def references(self, text: str) -> tuple[Reference, ...]:
        """The numbered references of a draft, each with the paper that it means and what differs."""
        return compared(text, self.papers, self._verifier().find)

    def _verifier(self) -> Verifier:
        whole, where = self._by_id.get, "the bibliography"
        return Verifier(titles_of(self.papers), whole=whole, named=self._named, check=_check(), where=where)

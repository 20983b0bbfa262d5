"""`Across`: what an Assistant says across the papers of its library."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Any

import numpy as np

from rag.answers.across.agree import LOOKED_AT, agreement_on
from rag.answers.across.comparison_table import MOST_PAPERS, Progress, table_over
from rag.answers.across.differ import differences_in
from rag.answers.across.overview import overview_of
from rag.answers.across.subjects import Candidate, chosen_of
from rag.answers.candidates import candidates_of
from rag.answers.judging import Judge
from rag.curation.curation import Curation
from rag.errors import SettingsError
from rag.grounding.verdict import Check
from rag.library.flat_records import StoredPaper
from rag.model.findings import Agreement, Difference, Overview, Table
from rag.neural import CrossEncoder
from rag.neural.embedder import Vectors
from rag.retrieval.question.conditions import Conditions, conditions
from rag.retrieval.question.dialogue import Standalone
from rag.retrieval.question.reading import read
from rag.text import content_words, terms

_ON_SUBJECT = 50


def _joined(subject: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """True for two words of a subject with nothing but "and" or "or" between them."""
    return subject[first[1] : second[0]].strip(" ,") in ("and", "or")


class Across(Curation):
    """The papers of one library set side by side. What it reads them with comes from the Assistant that it is.

    It owns nothing beyond what a `Curation` owns, and lives as one.
    """

    judge: Judge
    _reader: CrossEncoder
    """The network that was trained on columns of tables and on statements, after all others."""
    _check: Check

    def table(
        self, papers: Sequence[str] | str, columns: Sequence[str] | str = "auto", *,
        where: Mapping[str, Any] | None = None, progress: Progress | None = None, stop: Event | None = None,
    ) -> Table:  # fmt: skip
        """A table of what papers say under each of the columns, every cell with its quote.

        `papers` are ids, titles or names, all papers that meet `where` when there are none; or a text: then those on
        that subject. A column is a question in short ("data set size", "training-free?") or a whole one; "auto"
        proposes those that the papers have in common. `progress` is called with the cells done and all of them; when
        `stop` is set, the work ends with an error.

        Raises:
            SettingsError: a paper is not there, none is on the subject, there are too many, or a column cannot be read.
            FootnoteError: it was stopped.
        """
        limits = conditions(where)
        question = papers if isinstance(papers, str) else ""
        if isinstance(papers, str):
            rows = self._on_subject(papers, limits)
        else:
            named = dict.fromkeys(paper.id for paper in map(self.paper, papers) if limits.met_by(paper))
            rows = self._named(list(named)[: MOST_PAPERS + 1] if papers else self._meeting(limits, MOST_PAPERS + 1))
        if not rows:
            raise SettingsError(f"no paper of the library is on {question!r}." if question else "no paper meets this.")
        if len(rows) > MOST_PAPERS:
            raise SettingsError(f"more than {MOST_PAPERS} papers are asked for. Narrow them, for example by year.")
        return table_over(
            rows, columns, wants=lambda heading: self.judge.heard(heading).asks, encoder=self._reader,
            embedder=self._embedder, question=question, progress=progress, stop=stop,
        )  # fmt: skip

    def agree(self, claim: str, *, k: int = LOOKED_AT, where: Mapping[str, Any] | None = None) -> Agreement:
        """How the `k` papers nearest to a claim stand to it, each with the sentence that says so.

        Raises:
            SettingsError: the claim is blank, too long or says too little, or `k` is not between 1 and 200.
        """
        if not 1 <= k <= 200:
            raise SettingsError(f"k is {k}; it can be 1 to 200.")
        found = self._retriever.retrieve(read(claim), k=k, where=conditions(where))
        stored = [found.stored[hit.paper.id] for hit in found.hits]
        holdings = len(self._retriever.index().papers)
        return agreement_on(claim, found.vector, stored, self._reader, holdings=holdings, check=self._check)

    def differences(self, subject: str = "", *, where: Mapping[str, Any] | None = None) -> tuple[Difference, ...]:
        """Pairs of statements from different papers that speak of the same thing and differ, the surest first.

        Of the whole library, or of the papers on a subject. Raises SettingsError as `search`.
        """
        limits = conditions(where)
        return differences_in(self._on_subject(subject, limits) if subject else self._named(self._meeting(limits)))

    def overview(self, subject: str, *, where: Mapping[str, Any] | None = None) -> Overview:
        """The papers on a subject, grouped by what they do, each group with sentences that cite them.

        Raises SettingsError as `search`.
        """
        index = self._retriever.index()
        papers = self._on_subject(subject, conditions(where))
        return overview_of(subject, papers, frequency=index.frequency, holdings=len(index.papers))

    async def atable(
        self, papers: Sequence[str] | str, columns: Sequence[str] | str = "auto", *,
        where: Mapping[str, Any] | None = None, progress: Progress | None = None, stop: Event | None = None,
    ) -> Table:  # fmt: skip
        """As `table`, without blocking the event loop; `progress` is called from another thread."""
        return await asyncio.to_thread(self.table, papers, columns, where=where, progress=progress, stop=stop)

    def _on_subject(self, subject: str, where: Conditions) -> list[tuple[StoredPaper, str]]:
        """The papers on a subject with the names of their works, the likeliest first."""
        judged, vector, names = self._judged(subject, where)
        rarest = self._rarest(subject)
        chosen = chosen_of(judged, vector, line=self.judge.calibration.list_line, rarest=rarest)
        return [(stored, names[stored.paper.id]) for stored in chosen]

    def _rarest(self, subject: str) -> Vectors | None:
        """The vectors in the word space, shape (n, n_axes), of the word of a subject that fewest papers of the library
        have, and of one that "and" or "or" sets beside it; None where no two of its words are in any paper."""
        space, index, spans = self._embedder.word_space, self._retriever.index(), content_words(subject)
        counts = [max(map(index.frequency, terms(subject[start:end])), default=0) for start, end in spans]
        known = [n for n, count in enumerate(counts) if count]
        if space is None or len(known) < 2:
            return None
        rarest = min(known, key=lambda n: counts[n])
        pairs = ((n, *sorted((n, rarest))) for n in known if abs(n - rarest) == 1)
        beside = [n for n, first, second in pairs if _joined(subject, spans[first], spans[second])]
        vectors: Vectors = space.reduced(self._embedder.read(subject, spans)[1])[[rarest, *beside]]
        return vectors

    def _judged(self, subject: str, where: Conditions | None = None) -> tuple[list[Candidate], Vectors, dict[str, str]]:
        """The papers that may be on a subject by the network, its vector, and what their works are called."""
        found = self._retriever.retrieve(read(subject), k=_ON_SUBJECT, where=where or conditions(None))
        candidates = candidates_of(found, Standalone(subject), self._retriever.index())
        judged = self.judge.on_subject(subject, found.likeness, candidates)
        names = {c.paper.id: c.name for c in candidates}
        return [(found.stored[c.paper.id], about, chance) for c, about, chance in judged], found.vector, names

    def _meeting(self, where: Conditions, most: int | None = None) -> list[str]:
        """The ids of the first papers that meet conditions, in the order of the library; of all without `most`."""
        index = self._retriever.index()
        return index.ids.of(np.flatnonzero(where.met_in(index.columns, index.position))[:most].tolist())

    def _named(self, ids: Sequence[str]) -> list[tuple[StoredPaper, str]]:
        index, stored = self._retriever.index(), self._retriever.stored(ids)
        return [(stored[key], index.own_names[index.position[key]]) for key in ids if key in stored]

"""From files to the library: read, merge, compare with what is stored, embed what is new, write.

Nothing that has not changed is embedded or written. Papers are committed in batches, so an ingest that is cut off
keeps what it has written, and the next one does the rest.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from rag.embed import Embedder, Span, Vectors
from rag.errors import SourceError
from rag.gathering import Gathering
from rag.intake import Intake, intakes_of
from rag.lexical import LexicalIndex
from rag.merge import merge, same_paper
from rag.model import FileReport, IngestReport, Paper, Passage, Rejected
from rag.passages import passages
from rag.records import Record, content_hash, text_hash
from rag.sources.filter import Filter
from rag.store import Library
from rag.text import content_words, sentences, shown
from rag.titles import new_id, title_key
from rag.tokens import count_tokens
from rag.writer import UNFINISHED, Prepared, Writer

BATCH_PAPERS = 16
Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)


@dataclass
class _Counts:
    """The report of one file while it grows."""

    path: str
    reader: str | None = None
    papers: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    error: str | None = None

    def report(self) -> FileReport:
        return FileReport(**{**vars(self), "rejected": tuple(self.rejected)})


def read_all(intakes: Sequence[Intake]) -> tuple[list[tuple[Paper, _Counts]], list[_Counts]]:
    """Every paper of the sources, copies merged, with the report of the source that brought it first.

    A source that cannot be read is in its report, and the others are read.
    """
    reports: list[_Counts] = []
    gathering = Gathering()
    origins: list[_Counts] = []
    owners: dict[str, tuple[Paper, str]] = {}
    for intake in intakes:
        report = _Counts(intake.path)
        reports.append(report)
        try:
            reading = intake.open()
            report.reader = reading.reader
            for item in reading.entries:
                if isinstance(item, Rejected):
                    report.rejected.append(item)
                    continue
                first, origin = owners.setdefault(item.id, (item, report.path)) if item.id else (item, "")
                if not _alike(first, item):
                    number = report.papers + len(report.rejected) + 1
                    report.rejected.append(Rejected(number, _id_taken(item, first, number, origin)))
                    continue
                report.papers += 1
                if gathering.add(item) == "new":
                    origins.append(report)
                else:
                    report.merged += 1
        except SourceError as error:
            report.error = str(error)
    return list(zip(gathering.merged(), origins, strict=True)), reports


def _alike(first: Paper, item: Paper) -> bool:
    """True when two records with one id are of one paper by what they say as well."""
    return first is item or same_paper(replace(first, id=""), replace(item, id=""))


def _id_taken(item: Paper, first: Paper, number: int, origin: str) -> str:
    return (
        f"record {number}: the id {item.id!r} is that of {first.title!r:.80} in {origin}, and this is "
        f"{item.title!r:.80}, with other content; give each paper its own id"
    )


def ingest(
    library: Library,
    embedder: Embedder,
    index: Callable[[], LexicalIndex],
    paths: Sequence[str | Path | Intake],
    *,
    passage_tokens: int,
    as_of: int | None = None,
    only: Filter | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring the papers of `paths` into the library; with `rebuild` everything stored is embedded again as well.

    `index` gives the current derived index. `progress` is called with the papers written so far and in all.

    Raises:
        SourceError: a path does not exist.
        LibraryError: somebody else writes, or the library cannot be written.
    """
    intakes = intakes_of(paths, as_of=as_of, only=only)
    entries, reports = read_all(intakes)
    if entries or rebuild:
        plan = _planned(library, entries, index)
        if plan.fresh or plan.updated or rebuild or library.unfinished():
            with library.writing(rebuild=rebuild) as writer:
                if writer.before != plan.generation or writer.before.startswith(UNFINISHED):
                    plan = _planned(library, entries, index)  # somebody has written in the meantime
                fresh, updated = plan.fresh, plan.updated
                if rebuild:
                    changed = {paper.id: paper for paper in (*fresh, *updated)}
                    kept = [changed.pop(paper.id, paper) for paper, _ in library.papers()]
                    fresh, updated = [*kept, *changed.values()], []
                writer.update(updated)
                _embed_and_put(writer, fresh, embedder, passage_tokens, progress)
        plan.count()
    report = IngestReport(tuple(count.report() for count in reports))
    for intake, of_intake in zip(intakes, report.files, strict=True):
        intake.written()
        intake.finished(of_intake)
    _log.info(
        "ingested %d entries: %d new, %d changed, %d unchanged",
        report.total("papers"),
        report.total("new"),
        report.total("changed"),
        report.total("unchanged"),
    )
    return report


@dataclass
class _Plan:
    """What an ingest has to do to a library of this generation: the papers to embed, and those with new metadata."""

    generation: str
    fresh: list[Paper] = field(default_factory=list)
    updated: list[Paper] = field(default_factory=list)
    outcomes: list[tuple[_Counts, str]] = field(default_factory=list)

    def count(self) -> None:
        """Enter what came of each entry into the report of its file."""
        for report, outcome in self.outcomes:
            setattr(report, outcome, getattr(report, outcome) + 1)


def _planned(library: Library, entries: Sequence[tuple[Paper, _Counts]], index: Callable[[], LexicalIndex]) -> _Plan:
    known = index() if library.generation() else None
    plan = _Plan(known.generation if known else "")
    by_title: dict[str, list[str]] = defaultdict(list)
    for paper in known.papers if known else ():
        by_title[title_key(paper.title)].append(paper.id)
    taken = {*(known.position if known else ()), *(entry.id for entry, _ in entries)}
    wanted = {key for entry, _ in entries for key in (*by_title.get(title_key(entry.title), ()), entry.id) if key}
    stored = library.records(sorted(wanted))
    planned: dict[str, tuple[Paper, Record | None]] = {}
    for entry, report in entries:
        before = _stored_copy(entry, by_title, stored)
        if before is None:
            paper = entry if entry.id else replace(entry, id=new_id(entry, taken))
            taken.add(paper.id)
            outcome = "new"
        else:
            paper = _replacement(before.paper, entry)
            outcome = "unchanged" if content_hash(paper) == before.content_hash else "changed"
        if paper.id in planned:
            # Two entries of this run, not alike enough to be merged by themselves, are both copies of one stored paper.
            paper, outcome = replace(merge(planned[paper.id][0], paper), id=paper.id), "merged"
        plan.outcomes.append((report, outcome))
        planned[paper.id] = paper, before
    for paper, before in planned.values():
        if before is None or text_hash(paper) != before.text_hash:
            plan.fresh.append(paper)
        elif content_hash(paper) != before.content_hash:
            plan.updated.append(paper)
    return plan


def _stored_copy(paper: Paper, by_title: Mapping[str, Sequence[str]], stored: Mapping[str, Record]) -> Record | None:
    if paper.id:
        return stored.get(paper.id)
    # An entry without an id is compared by title and text, whatever the id of the stored paper.
    copies = (stored[key] for key in by_title.get(title_key(paper.title), ()) if key in stored)
    return next((copy for copy in copies if same_paper(copy.paper, paper)), None)


def _replacement(before: Paper, entry: Paper) -> Paper:
    """What a stored paper becomes: a record with its id replaces it, a copy without an id enriches it.

    Either way a digest never takes the place of an original abstract.
    """
    if entry.id and entry.abstract_kind == before.abstract_kind:
        return entry
    return replace(merge(before, entry), id=before.id)


def _embed_and_put(
    writer: Writer, papers: Sequence[Paper], embedder: Embedder, passage_tokens: int, progress: Progress | None
) -> None:
    # While one batch is written the next is embedded: the writing costs next to no time of its own.
    with ThreadPoolExecutor(1, thread_name_prefix="footnote-writer") as pool:
        begun: tuple[int, Future[None]] | None = None
        for first in range(0, len(papers), BATCH_PAPERS):
            batch = papers[first : first + BATCH_PAPERS]
            prepared = list(prepare(batch, embedder, passage_tokens=passage_tokens))
            _finish(begun, len(papers), progress)
            begun = first + len(batch), pool.submit(writer.put, prepared)
        _finish(begun, len(papers), progress)


def _finish(begun: tuple[int, Future[None]] | None, total: int, progress: Progress | None) -> None:
    if begun is None:
        return
    done, written = begun
    written.result()
    if progress:
        progress(done, total)


def prepare(papers: Sequence[Paper], embedder: Embedder, *, passage_tokens: int) -> Iterator[Prepared]:
    """The papers with their passages and vectors. The title stands before each passage in what is embedded.

    Sentences and words are read in the first passage that has them.
    """
    split = [passages(paper, budget_tokens=passage_tokens, count=count_tokens) for paper in papers]
    read_words = embedder.word_space is not None  # each would cost a request, and be thrown away
    marked = [[*sentences(p.abstract), *(content_words(p.abstract) if read_words else ())] for p in papers]
    texts: list[str] = []
    spans: list[list[Span]] = []
    for paper, parts, marks in zip(papers, split, marked, strict=True):
        head = f"{shown(paper.title)}. " if paper.title else ""
        for part in parts:
            texts.append(head + part.text)
            shift = len(head) - part.start
            spans.append([(a + shift, b + shift) for a, b in _inside(part, marks)])
    vectors = iter(embedder.documents(texts, spans))
    found: list[tuple[Paper, tuple[Passage, ...], Vectors, Vectors, Vectors]] = []
    for paper, parts, marks in zip(papers, split, marked, strict=True):
        pairs = [next(vectors) for _ in parts]
        rows: dict[Span, Vectors] = {}
        for part, (_, of_spans) in zip(parts, pairs, strict=True):
            for span, vector in zip(_inside(part, marks), of_spans, strict=True):
                rows.setdefault(span, vector)
        count = len(sentences(paper.abstract))
        stacked = np.array([rows[span] for span in marks], dtype=np.float32).reshape(-1, embedder.dimension)
        found.append((paper, parts, np.stack([whole for whole, _ in pairs]), stacked[:count], stacked[count:]))
    # Once for all papers: each call waits for the threads of the linear algebra, which are busy embedding.
    words = np.concatenate([words for *_, words in found]) if found else np.zeros((0, 0), dtype=np.float32)
    space = embedder.word_space
    small = space.reduced(words) if space and len(words) else np.zeros((len(words), 0), dtype=np.float32)
    at = 0
    for paper, parts, wholes, of_sentences, own in found:
        yield Prepared(paper, parts, wholes, of_sentences, small[at : at + len(own)])
        at += len(own)


def _inside(part: Passage, spans: Sequence[Span]) -> list[Span]:
    return [(start, end) for start, end in spans if part.start <= start and end <= part.end]

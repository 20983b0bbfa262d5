"""From files to the library: read, merge, compare with what is stored, embed what is new, write.

It goes block by block: what was read is merged, compared, embedded, written and forgotten, so that memory does not grow
with the number of records. Nothing that has not changed is embedded or written. An ingest that is cut off keeps what it
has written, and the next one does the rest.
"""

from __future__ import annotations

import ctypes
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from rag.errors import SourceError
from rag.intake.incoming import Intake, intakes_of
from rag.intake.outcomes import Reports, Touched
from rag.intake.planning import Entry, Plan, plan
from rag.intake.preparing import Preparing, embed_and_put, here
from rag.library.chroma import batches
from rag.library.store import Library
from rag.library.writer import UNFINISHED, Writer
from rag.model import IngestReport, Paper, Rejected, Withdrawn
from rag.neural.embedder import Embedder
from rag.sources.fields.identifiers import identifiers
from rag.sources.filter import Filter
from rag.sources.merging.merge import settled, without

BLOCK_PAPERS = 1000
_BLOCK_S = 20.0  # a slow source is written as often, whatever has come
Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)


def ingest(
    library: Library,
    embedder: Embedder,
    sources: Sequence[str | Path | Intake],
    *,
    passage_tokens: int,
    as_of: int | None = None,
    only: Filter | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    preparing: Preparing | None = None,
) -> IngestReport:
    """Bring the papers of `sources` into the library; with `rebuild` everything stored is embedded again as well.

    `preparing` embeds elsewhere than in this process.
    `progress` is called with the papers embedded so far and all that have to be, as far as the sources are read.

    Raises:
        SourceError: a path does not exist.
        LibraryError: somebody else writes, or the library cannot be written.
    """
    with ExitStack() as stack:
        preparing = preparing or here(embedder, passage_tokens=passage_tokens)
        run = _Run(library, preparing, stack, progress=progress)
        intakes = intakes_of(sources, as_of=as_of, only=only)
        if rebuild:
            run.embed_again()
        for intake in intakes:
            run.read(intake)
        run.flush()
    report = run.reports.whole()
    _log.info(
        "ingested %d entries: %d new, %d changed, %d unchanged",
        report.total("papers"),
        report.total("new"),
        report.total("changed"),
        report.total("unchanged"),
    )
    return report


class _Run:
    """One ingest: the block that is being read, and the writer once there is something to write.

    The writer is closed with `stack`.
    """

    def __init__(self, library: Library, preparing: Preparing, stack: ExitStack, *, progress: Progress | None) -> None:
        self.reports = Reports()
        self._library = library
        self._preparing = preparing
        self._stack = stack
        self._progress = progress
        self._touched = Touched()
        self._writer: Writer | None = None
        self._block: list[Entry] = []
        self._withdrawn: list[tuple[Withdrawn, int]] = []
        self._flushed = time.monotonic()
        self._read: list[tuple[Intake, int]] = []  # to their end, and not all written yet
        self._embedded = self._planned = 0

    def embed_again(self) -> None:
        """Embed and write all papers of the library into the new collections of a rebuild."""
        count = self._library.count()
        self._writer = self._stack.enter_context(self._library.writing(rebuild=True))
        self._planned = count
        for batch in batches(self._library.ids(), BLOCK_PAPERS):
            found = self._library.records(batch)
            self._put([found[key].paper for key in batch if key in found])
            give_back()

    def read(self, intake: Intake) -> None:
        """Read a source to its end, and write each block that is full."""
        file = self.reports.add(intake.path)
        number = 0
        try:
            reading = intake.open()
            self.reports.read_as(file, reading.reader)
            for number, item in enumerate(reading.entries, 1):
                if isinstance(item, Rejected):
                    self.reports.reject(file, item)
                elif isinstance(item, Withdrawn):
                    self._withdrawn.append((item, file))
                else:
                    self._block.append(Entry(identified(item), file, number))
                if len(self._block) >= BLOCK_PAPERS or (self._block and time.monotonic() - self._flushed > _BLOCK_S):
                    self.flush()
                    intake.written()
        except SourceError as error:
            self.reports.fail(file, str(error))
        self._read.append((intake, file))

    def flush(self) -> None:
        """Merge, compare, embed and write what is read, and tell the sources that are read to their end."""
        if self._block:
            self._written()
            self._block = []
            give_back()
        self._withdraw()
        for intake, file in self._read:
            intake.written()
            intake.finished(self.reports.of(file))
        self._read = []
        self._flushed = time.monotonic()

    def _written(self) -> None:
        generation = self._library.generation()
        if self._writer is None and (generation.startswith(UNFINISHED) or not self._library.keyed()):
            self._begin()
        planned = self._plan()
        if planned.writes:
            if self._writer is None and self._begin().before != generation:
                planned = self._plan()  # somebody has written in the meantime
            assert self._writer is not None
            self._planned += len(planned.fresh)
            self._writer.update(planned.updated)
            self._put(planned.fresh)
            self._writer.delete(planned.removed)
        for file, rejected in planned.rejected:
            self.reports.reject(file, rejected)
        for file, outcome, by in planned.counted:
            self.reports.count(file, outcome, by)
        for key, (file, outcome) in planned.touched.items():
            self._touched.set(key, file, outcome)

    def _withdraw(self) -> None:
        """Take away the records that their sources do not have any more; a paper that others have stays."""
        for gone, file in self._withdrawn:
            for record in (self._writer or self._library).matching([f"zotero {gone.address}"]).values():
                rest = without(record.paper, gone)
                if rest is None:
                    (self._writer or self._begin()).delete([record.paper.id])
                    self.reports.remove(file)
                elif rest != record.paper:
                    self._writer = self._writer or self._begin()
                    self._put([settled(rest)])
        self._withdrawn = []

    def _begin(self) -> Writer:
        self._writer = self._stack.enter_context(self._library.writing())
        return self._writer

    def _plan(self) -> Plan:
        return plan(self._block, self._writer or self._library, self._touched, self.reports.path)

    def _put(self, papers: Sequence[Paper]) -> None:
        assert self._writer is not None
        embed_and_put(self._writer, papers, self._preparing, done=self._done)
        self._embedded += len(papers)

    def _done(self, papers: int) -> None:
        if self._progress:
            self._progress(self._embedded + papers, self._planned)


def give_back() -> None:
    """Return memory that is free to the system, where the allocator would keep it: after a block, a third of all."""
    with suppress(OSError, AttributeError):  # other systems than Linux do it by themselves, or not at all
        ctypes.CDLL(None).malloc_trim(0)


def identified(paper: Paper) -> Paper:
    """The paper with the DOI and the arXiv id that its address says, where its source does not name them."""
    if not paper.url or paper.copies:
        return paper
    doi, arxiv_id = identifiers(doi=paper.doi, arxiv_id=paper.arxiv_id, url=paper.url)
    return replace(paper, doi=doi, arxiv_id=arxiv_id)

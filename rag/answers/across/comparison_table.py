"""A table over papers: which papers are its rows, which questions its columns, and what each says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event

from rag.answers.across.cells import asked_of, cell
from rag.answers.across.columns import AUTO, SHARED, Wants, column_of, headed, proposed
from rag.errors import FootnoteError
from rag.library.flat_records import StoredPaper
from rag.model.findings import Row, Table
from rag.neural import CrossEncoder
from rag.neural.embedder import Embedder
from rag.text import shown

Progress = Callable[[int, int], None]
MOST_PAPERS = 500


def table_over(
    papers: Sequence[tuple[StoredPaper, str]], columns: Sequence[str] | str, *, wants: Wants, encoder: CrossEncoder,
    embedder: Embedder, question: str = "", progress: Progress | None = None, stop: Event | None = None,
) -> Table:  # fmt: skip
    """The table over papers, each with the name of its work, in their order.

    `wants` says what a heading asks for, and `encoder` reads sentences for a column. `progress` is called with the
    number of cells done and of all. When `stop` is set the work ends.

    Raises:
        SettingsError: a column cannot be read, or there are too many.
        FootnoteError: it was stopped.
    """
    headings = headed(columns)
    own = [heading for heading in headings if heading.strip().casefold() != AUTO]
    offered = proposed([stored.paper.abstract for stored, _ in papers]) if len(own) < len(headings) else ()
    asked = [asked_of(column_of(heading, wants), embedder) for heading in headed([*own, *offered])]
    rows: list[Row] = []
    done, total = 0, len(papers) * len(asked)
    for stored, name in papers:
        called = name or shown(stored.paper.title)
        cells = []
        for one in asked:
            if stop is not None and stop.is_set():
                raise FootnoteError(f"the table was stopped after {done} of {total} cells.")
            cells.append(cell(one, stored, encoder))
            done += 1
            if progress:
                progress(done, total)
        rows.append(Row(stored.paper, called, tuple(cells)))
    kept = [n for n in range(len(asked)) if n < len(own) or _common(n, rows)] or [*range(len(asked))]
    rows = [Row(row.paper, row.name, tuple(row.cells[n] for n in kept)) for row in rows]
    return Table(tuple(asked[n].column for n in kept), tuple(rows), question)


def _common(column: int, rows: Sequence[Row]) -> bool:
    """True for a column that papers have in common: as many of them fill it as were to tell it."""
    return sum(bool(row.cells[column].text) for row in rows) >= SHARED * len(rows)

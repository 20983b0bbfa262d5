"""Reader of tables that have a row for each field and an empty line between records, as Embase writes them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.filter import Request
from rag.sources.lines import BLANK, runs
from rag.sources.record import paper_of
from rag.sources.tables.csv_columns import COLUMNS, header_in, plain
from rag.sources.tables.csv_table import record_of_cells

name = "csv-fields"

_OURS = {theirs: ours for ours, names in [*COLUMNS.items()][::-1] for theirs in names} | {"medlinepmid": "pmid"}
_SEVERAL = frozenset({"authors", "keywords", "categories", "url"})
_LEAD_CHARS = 10_000


def sniff(head: str) -> bool:
    """True when the first cells of the rows before an empty line name a title and two fields more."""
    if header_in(head) is not None:
        return False
    for block in head[:_LEAD_CHARS].lstrip(BLANK).split("\n\n")[:3]:
        with suppress(csv.Error):  # it goes on beyond the text
            cells = _cells(block.split("\n"))
            if "title" in cells and len(cells) > 2:
                return True
    return False


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order; a field of several cells, such as that of people, has one of them in each."""
    blank = True

    def starts(line: str) -> bool:
        nonlocal blank
        after, blank = blank, not line.strip(BLANK)
        return after and not blank

    for run in runs(stream, starts=starts, ends=lambda line: False):
        if isinstance(run, Rejected):
            yield run
            continue
        try:
            cells = _cells(run.lines)
        except csv.Error as error:
            yield Rejected(run.line, f"the record cannot be read: {error}; close its quotes")
            continue
        if cells:  # else it is what the database says of the search
            yield paper_of(record_of_cells(cells, request.source), source=request.source, line=run.line)


def _cells(lines: Sequence[str]) -> dict[str, str]:
    """The texts of a record by our names of columns; the first of two rows that say the same counts."""
    cells: dict[str, str] = {}
    for row in csv.reader((f"{line}\n" for line in lines), strict=True):
        ours = _OURS.get(plain(row[0]), "") if len(row) > 1 else ""
        texts = [cell.strip() for cell in row[1:] if cell.strip()]
        if ours and texts:
            cells.setdefault(ours, ("; " if ours in _SEVERAL else ", ").join(texts))
    return cells

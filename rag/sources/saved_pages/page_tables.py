"""Tables in pages, as databases write them that say ".xls" of HTML, and as spreadsheets are published."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from rag.model import Paper, Rejected
from rag.sources.fields.markup import without_markup
from rag.sources.record import paper_of
from rag.sources.tables.csv_columns import LEAD_LINES, Header, header_of
from rag.sources.tables.csv_table import record_of_cells

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_FEWEST = 3  # known columns of a table that is not all of the page's; a layout has none


def papers_of_tables(soup: BeautifulSoup, *, source: str) -> list[Paper | Rejected] | None:
    """The papers of the tables whose first rows name columns that are known, or None where there is no such table."""
    found: list[Paper | Rejected] = []
    for table in soup.find_all("table"):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        named = ((at, header) for at, row in enumerate(rows[:LEAD_LINES]) if (header := _header(row)) is not None)
        at, header = next(named, (0, None))
        if header is None:
            continue
        for row in rows[at + 1 :]:
            texts = [without_markup(cell.decode_contents()).strip() for cell in _cells(row)]
            cells = {ours: texts[place] for ours, place in header.columns.items() if place < len(texts)}
            if any(cells.values()):
                found.append(paper_of(record_of_cells(cells, source), source=source, line=row.sourceline or 1))
    return found or None


def _header(row: Tag) -> Header | None:
    line = io.StringIO()
    csv.writer(line, delimiter="\t").writerow(" ".join(cell.get_text().split()) for cell in _cells(row))
    header = header_of(line.getvalue().strip("\r\n"))
    return header if header is not None and len(header.columns) >= _FEWEST else None


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)

"""Reader of tables with a header: CSV and TSV as spreadsheets, Zotero, Scopus and Web of Science write them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.openalex_record import abstract_of_index
from rag.sources.fields.beside import says_more
from rag.sources.fields.coded import numbers_in_code
from rag.sources.fields.dates import dated, month_of, on
from rag.sources.fields.identifiers import arxiv_id_of, identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.nothing import says_nothing
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import MORE, listed
from rag.sources.fields.raw_text import TEXT_LIMIT
from rag.sources.fields.retractions import in_title, told
from rag.sources.filter import Request
from rag.sources.record import paper_of
from rag.sources.tables.csv_columns import header_in
from rag.sources.tables.csv_rows import rows_of

name = "csv"

_EXTRA = ("venue", "keywords", "categories", "pmid", "language", "note")
_NUMBERS = {"doi": "doi", "arxiv_id": "arxiv", "pmid": "pubmed"}  # as Semantic Scholar calls them
_IN_NOTE = re.compile(r"\barxiv:\s*(\S+)", re.IGNORECASE)  # where Zotero puts it
_A_YEAR, _ONE_DAY, _NAME_OF_MONTH = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{1,2}"), re.compile(r"[A-Za-z]{3}")
_WITHOUT_YEAR = re.compile(r"[A-Za-z]{3}(?:-[A-Za-z]{3})?(?: \d{1,2})?")


def sniff(head: str) -> bool:
    """True when one of the first lines is a header with a title or an abstract among two columns or more."""
    return header_in(head) is not None


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The rows in order. Columns of other names are left out; blank cells say nothing, and neither does "NA".

    What stands before the header or below the table, such as when it was made, is left out.
    """
    found = rows_of(stream)
    if found is None:
        return
    header, rows = found
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        line, texts = row
        cells = {ours: _bare(texts[at]) for ours, at in header.columns.items() if at < len(texts)}
        if header.people:
            cells["authors"] = "; ".join(text for at in header.people if (text := "".join(texts[at : at + 1]).strip()))
        for ours, places in header.also.items():
            if says_nothing(cells.get(ours, "") or "-"):
                cells[ours] = next((texts[at].strip() for at in places if at < len(texts) and texts[at].strip()), "")
        yield paper_of(record_of_cells(cells, request.source, glued=header.glued), source=request.source, line=line)


def _bare(cell: str) -> str:
    """The cell without the formula that Excel makes of a text: ="PondCam"."""
    cell = cell.strip()
    return cell[2:-1].replace('""', '"') if cell[:2] == '="' and cell[-1] == '"' else cell


def record_of_cells(cells: Mapping[str, str], source: str, *, glued: bool = False) -> dict[str, object]:
    """The record of a paper whose texts these are, by our names of columns; `source` is where they are from."""
    cells = {ours: "" if ours != "title" and says_nothing(text) else text for ours, text in cells.items()}
    if numbers := numbers_in_code(cells.get("numbers", "")):
        known = {ours: numbers.get(theirs, "") for ours, theirs in _NUMBERS.items()}
        cells |= {ours: number for ours, number in known.items() if number and not cells.get(ours)}
    title = without_markup(cells.get("title", ""))
    abstract = without_notice([without_markup(_in_order(cells.get("abstract", "")))])
    note = cells.get("note", "")
    in_note = _IN_NOTE.search(note[:2_000])
    row_id = cells.get("id", "")
    # Tables made from arXiv's snapshot have its ids; a number is that of the row, and another table has it too.
    own_id = (
        "" if row_id.isdecimal() or "://" in row_id or arxiv_id_of(row_id) or not row_id.isprintable() else row_id[:200]
    )
    given = cells.get("arxiv_id", "") or arxiv_id_of(row_id) or (in_note[1] if in_note else "")
    url, said_doi = cells.get("url", "").split(";")[0].strip(), cells.get("doi", "")
    doi, arxiv_id = identifiers(doi=said_doi, arxiv_id=given if arxiv_id_of(given) else None, url=url)
    authors = "" if (people := cells.get("authors", "")).isdecimal() else people  # a number of a table of people
    names = list(dict.fromkeys(listed(authors, glued=glued))) if len(authors) <= TEXT_LIMIT else [authors]
    said = in_title(title)
    more = {MORE: "et al."} if names and says_more(authors) else {}
    return {
        "id": own_id,
        "title": title,
        "abstract": abstract,
        "url": url,
        **when(cells),
        "authors": names,
        "doi": doi or (None if arxiv_id else said_doi or None),
        "arxiv_id": arxiv_id,
        "retraction": told(cells.get("retraction", ""), source) or (f"{source}: {said}" if said else None),
        "extra": {ours: cells[ours] for ours in _EXTRA if cells.get(ours)} | more,
    }


def _in_order(text: str) -> str:
    """The abstract, its words in order where the cell has OpenAlex's index of them: {"word": [0, 7], …}."""
    if text[:1] != "{" or text[-1:] != "}":
        return text
    try:
        index = json.loads(text) if text[1:2] == '"' else ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):  # a dict may have keys that are none
        return text
    found = abstract_of_index(index)
    return found if isinstance(found, str) else text


def when(cells: Mapping[str, str]) -> dict[str, object]:
    """The fields of a record that say when, from the cells that do: `date`, `year`, `month`, `day`."""
    date, year = cells.get("date", ""), cells.get("year", "").removesuffix(".0")
    # "MAR 5" has its year in another column.
    day = dated(f"{date} {year}" if year and _WITHOUT_YEAR.fullmatch(date) else date) if date else {}
    if day.get("published") and not day.get("published_inferred"):
        return day
    if _A_YEAR.fullmatch(year) and "published" not in day:
        month, of_month = cells.get("month", ""), cells.get("day", "").removesuffix(".0")
        spelt = dated(f"{month} {year}") if _NAME_OF_MONTH.match(month) else {}
        if spelt.get("published") and not (of_month and spelt.get("published_inferred")):
            return spelt
        day_of = int(of_month) if _ONE_DAY.fullmatch(of_month) else None
        return on(int(year), month_of(month.removesuffix(".0")), day_of)
    return day or dated(year)

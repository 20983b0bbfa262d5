"""Tables as files: CSV, Markdown and LaTeX, and their rows in the order of a column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rag.errors import SettingsError
from rag.formats.bibtex import tex
from rag.model.findings import NOT_SAID, Cell, Table
from rag.text import normal, shown
from rag.text.figures import figures

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r＝＋－＠]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#$~!])")


def as_csv(table: Table) -> str:
    """The table as CSV with a column for each quote; what a spreadsheet would take for a formula has a ' before it."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    headings = [column.heading for column in table.columns]
    rows.writerow(map(_safe, ["paper", "title", *headings, *(f"{heading}: quote" for heading in headings)]))
    for row in table.rows:
        quotes = [shown(cell.quoted.quote) if cell.quoted else "" for cell in row.cells]
        rows.writerow(map(_safe, [row.name, shown(row.paper.title), *(cell.shown for cell in row.cells), *quotes]))
    return written.getvalue()


def as_markdown(table: Table) -> str:
    """The table in Markdown, and under it the quotes as numbered notes."""
    notes: list[str] = []

    def marked(cell: Cell) -> str:
        if cell.quoted is None:
            return f"*{NOT_SAID}*"
        notes.append(f"[^{len(notes) + 1}]: {_plain(cell.quoted.paper.title)}: “{_plain(cell.quoted.quote)}”")
        return f"{_plain(cell.text)}[^{len(notes)}]"

    lines = [
        "| " + " | ".join(["paper", *(_plain(column.heading) for column in table.columns)]) + " |",
        "| --- " * (len(table.columns) + 1) + "|",
        *("| " + " | ".join([_plain(row.name), *map(marked, row.cells)]) + " |" for row in table.rows),
    ]
    return "\n".join([*lines, "", *notes]) + "\n"


def as_latex(table: Table) -> str:
    """The table as a LaTeX tabular of booktabs; empty cells are dashes."""
    width = f"{0.8 / max(len(table.columns), 1):.2f}"
    head = " & ".join(["paper", *(tex(column.heading) for column in table.columns)])
    body = [
        " & ".join([tex(row.name), *(tex(cell.text) if cell.text else "--" for cell in row.cells)]) + r" \\"
        for row in table.rows
    ]
    columns = "l" + f"p{{{width}\\linewidth}}" * len(table.columns)
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head + r" \\", r"\midrule", *body, r"\bottomrule"]
    return "\n".join([*lines, r"\end{tabular}"]) + "\n"


WRITERS: Mapping[str, Callable[[Table], str]] = {"csv": as_csv, "markdown": as_markdown, "latex": as_latex}
"""The forms that a table can be written in, beside JSON."""


def sorted_by(table: Table, heading: str) -> Table:
    """The table with its rows in the order of a column: the largest amount first, words by the alphabet, empty last.

    Amounts count with their units: 3 minutes come before 40 seconds, 1.2M before 900K. "paper" is a column too.

    Raises:
        SettingsError: there is no such column.
    """
    wanted = heading.strip().casefold()
    if wanted == "paper":
        return replace(table, rows=tuple(sorted(table.rows, key=lambda row: normal(row.name))))
    headings = [column.heading.casefold() for column in table.columns]
    if wanted not in headings:
        raise SettingsError(f"no column is called {heading!r}. There are: {', '.join(headings)}.")
    place = headings.index(wanted)
    return replace(table, rows=tuple(sorted(table.rows, key=lambda row: _order(row.cells[place]))))


def _order(cell: Cell) -> tuple[int, str, float, str]:
    if not cell.text:
        return 3, "", 0.0, ""
    found = [figure for figure in figures(cell.text) if not figure.spelled or figure.unit]
    if not found:
        return 2, "", 0.0, normal(cell.text)
    figure = found[0]
    # Amounts of one kind stand together: percentages, factors, times, bytes, plain numbers.
    return 1, figure.measure or figure.unit, -(figure.base or figure.value), normal(cell.text)


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(shown(text).split()))

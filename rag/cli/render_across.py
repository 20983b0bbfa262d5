"""Tables, agreement and differences as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table as Grid
from rich.text import Text

from rag.cli.output import printable
from rag.model.findings import Agreement, Difference, Quoted, Table
from rag.text import shown

_STYLES = {"supports": "green", "contradicts": "red", "neither": "dim"}
_HEADS = {"supports": "Supports it", "contradicts": "Contradicts it", "neither": "Speaks of it without either"}


def table_shown(table: Table) -> Grid:
    """A row for each paper; empty cells are dimmed."""
    grid = Grid(box=None, header_style="bold", pad_edge=False)
    grid.add_column("paper", overflow="fold")
    for column in table.columns:
        grid.add_column(_line(column.heading), overflow="fold", ratio=1)
    for row in table.rows:
        cells = [Text(_line(cell.shown), style="" if cell.text else "dim") for cell in row.cells]
        grid.add_row(Text(_line(row.name), style="bold"), *cells)
    return grid


def agreement_shown(agreement: Agreement) -> Text:
    """The counts in one sentence, and under it the papers of each side with their sentences."""
    text = Text(_line(agreement.summary))
    for side, head in _HEADS.items():
        stances = [stance for stance in agreement.stances if stance.side == side]
        if stances:
            text.append(f"\n\n{head}:", style=_STYLES[side])
        for stance in stances:
            text.append("\n  - ").append_text(_cited(stance.quoted))
            if stance.told:
                text.append(f" ({_line('; '.join(stance.told))})", style="dim")
    return text


def differences_shown(differences: Sequence[Difference]) -> Text:
    """Each with its two quotes."""
    text = Text()
    for n, one in enumerate(differences, 1):
        text.append(f"{n}. {_line(one.about)}: {_line(one.why)}\n", style="bold")
        text.append("   ").append_text(_cited(one.one)).append("\n   ").append_text(_cited(one.other)).append("\n")
    text.rstrip()
    return text


def _cited(quoted: Quoted) -> Text:
    digest = " [digest]" if quoted.paper.abstract_kind == "digest" else ""
    return Text(_line(quoted.paper.title), style="bold").append(f": “{_line(quoted.quote)}”{digest}", style="not bold")


def _line(text: str) -> str:
    return printable(shown(text))

"""Tables, agreement and overviews as HTML. Pure; all foreign text is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from rag.formats.overview_files import as_html, as_markdown, numbered
from rag.formats.table_files import WRITERS
from rag.model import Paper, date_shown
from rag.model.findings import Agreement, Cell, Overview, Quoted, Said, Side, Stance, Table
from ui.rendering.conversation import kind, retraction, title, year
from ui.text import download, line, safe

_HEADS: tuple[tuple[Side, str], ...] = (
    ("supports", "Support it"), ("contradicts", "Contradict it"), ("neither", "Speak of it without either"),
)  # fmt: skip
_FILES = {"csv": ("table.csv", "CSV"), "markdown": ("table.md", "Markdown"), "latex": ("table.tex", "LaTeX")}


def table_html(table: Table) -> str:
    """A table whose filled cells open their quote, by a click or by a key."""
    head = "".join(f'<th scope="col">{line(column.heading)}</th>' for column in table.columns)
    rows, notes = [], []
    for n, row in enumerate(table.rows):
        cells = []
        for m, cell in enumerate(row.cells):
            key = f"quote-{n}-{m}"
            cells.append(f"<td>{_cell(cell, key)}</td>")
            if cell.quoted:
                heading = f"{line(row.name)}: {line(table.columns[m].heading)}"
                notes.append(_note(cell, key, heading))
        rows.append(f'<tr><th scope="row">{_opening(row.paper, row.name)}</th>{"".join(cells)}</tr>')
    files = "".join(download(_FILES[form][0], write(table), _FILES[form][1]) for form, write in WRITERS.items())
    return (
        f'<div class="fn-view fn-across"><p class="fn-about" aria-live="polite">{len(table.rows)} papers. A cell has '
        "the paper’s own words; open it for the sentence.</p>"
        '<div class="fn-scroll" tabindex="0" role="region" aria-label="Table over papers"><table><thead><tr>'
        f'<th scope="col">Paper</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        f'<p class="fn-actions">{files}</p>{"".join(notes)}</div>'
    )


def agreement_html(agreement: Agreement) -> str:
    """The counts, and under them the papers of each side with their sentences."""
    parts = [f'<p class="fn-lead" aria-live="polite">{line(agreement.summary)}</p>']
    for side, head in _HEADS:
        stances = agreement.on(side)
        if stances:
            items = "".join(map(_stance, stances))
            parts.append(
                f'<section class="fn-side fn-{side}"><h3>{head} ({len(stances)})</h3><ul>{items}</ul></section>'
            )
    return f'<div class="fn-view fn-across"><h2>{line(agreement.claim)}</h2>{"".join(parts)}</div>'


def overview_html(overview: Overview) -> str:
    """The groups with their sentences, each with marks that open its quote, then the timeline and what is lacking."""
    numbers, parts, notes = numbered(overview), [], []
    for n, group in enumerate(overview.groups):
        told = []
        for m, said in enumerate(group.sentences):
            told.append(f"{line(said.text)} {_marks(said, numbers, f'said-{n}-{m}')}")
            notes += [_sentence(one, f"said-{n}-{m}-{k}") for k, one in enumerate(said.quoted)]
        papers = "".join(
            f'<li><span class="fn-number">{numbers[paper.id]}</span> {_opening(paper)} {year(paper)}</li>'
            for paper in group.papers
        )
        parts.append(
            f"<section><h3>{line(group.name)} ({len(group.papers)})</h3><p>{' '.join(told)}</p>"
            f'<details><summary>Papers of this group</summary><ul class="fn-bare">{papers}</ul></details></section>'
        )
    if overview.timeline:
        dated = "".join(f"<li>{date_shown(paper)}: {_opening(paper)}</li>" for paper in overview.timeline)
        parts.append(f"<section><h3>Timeline</h3><ul>{dated}</ul></section>")
    if overview.lacking:
        gone = "".join(f"<li>{line(one)}</li>" for one in overview.lacking)
        parts.append(f"<section><h3>What the library lacks</h3><ul>{gone}</ul></section>")
    files = download("overview.md", as_markdown(overview), "Markdown") + download(
        "overview.html", as_html(overview), "HTML"
    )
    return (
        f'<div class="fn-view fn-across"><h2>{line(overview.subject)}</h2>'
        f'<p class="fn-about" aria-live="polite">{len(numbers)} papers in {len(overview.groups)} groups.</p>'
        f'{"".join(parts)}<p class="fn-actions">{files}</p>{"".join(notes)}</div>'
    )


def _cell(cell: Cell, key: str) -> str:
    if cell.quoted is None:
        return f'<span class="fn-empty">{line(cell.shown)}</span>'
    return f'<button type="button" class="fn-cell" popovertarget="{key}">{line(cell.text)}</button>'


def _note(cell: Cell, key: str, heading: str) -> str:
    assert cell.quoted is not None
    quoted, paper = cell.quoted, cell.quoted.paper
    if quoted.field:
        body = f"<mark>{line(quoted.quote)}</mark>"
    else:
        before, words = paper.abstract[quoted.start : cell.start], paper.abstract[cell.start : cell.end]
        body = f"{line(before)} <mark>{line(words)}</mark> {line(paper.abstract[cell.end : quoted.end])}"
    return _popover(key, heading, paper, body)


def _sentence(quoted: Quoted, key: str) -> str:
    return _popover(key, "Quoted", quoted.paper, f"<mark>{line(quoted.quote)}</mark>")


def _popover(key: str, heading: str, paper: Paper, body: str) -> str:
    # The browser's own popover: a click or Enter opens it, Escape or a click beside it closes it.
    return (
        f'<div id="{key}" popover class="fn-note"><p class="fn-about">{heading}</p><blockquote><bdi>{body}</bdi>'
        f'</blockquote><p class="fn-about">{_opening(paper)} {year(paper)} {kind(paper)} {retraction(paper)}</p></div>'
    )


def _marks(said: Said, numbers: dict[str, int], key: str) -> str:
    return "".join(
        f'<button type="button" class="fn-mark" popovertarget="{key}-{k}" '
        f'aria-label="Citation {numbers[one.paper.id]}">{numbers[one.paper.id]}</button>'
        for k, one in enumerate(said.quoted)
    )


def _stance(stance: Stance) -> str:
    why = f' <em class="fn-about">{line("; ".join(stance.told))}</em>' if stance.told else ""
    paper = stance.quoted.paper
    return (
        f"<li>{_opening(paper)} {year(paper)} {retraction(paper)}<blockquote><bdi><mark>{line(stance.quoted.quote)}"
        f"</mark></bdi></blockquote>{why}</li>"
    )


def _opening(paper: Paper, name: str = "") -> str:
    return (
        f'<button type="button" class="fn-title" data-paper="{safe(paper.id)}">{line(name) if name else title(paper)}'
        "</button>"
    )


__all__: Sequence[str] = ["agreement_html", "overview_html", "table_html"]

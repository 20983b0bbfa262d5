"""The library as HTML: the list, one paper, the map, and the report of an ingest. Pure; all foreign text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from rag.formats.bibtex import bibtex
from rag.model import FileReport, IngestReport, Paper, date_shown
from rag.sources.merging.provenance import sources_of
from ui.content.listing import MOST_SHOWN
from ui.content.placing import Map
from ui.content.takeaway import ris
from ui.rendering.conversation import error_html, kind, retraction, title, year
from ui.text import as_read, download, line, link, safe

_COUNTS = ("papers", "new", "changed", "unchanged", "merged")
_MOST_REMARKS = 20
_NO_YEAR = "#8a94a0"
# Apart from one another for most eyes, and on white and on black: after Okabe and Ito.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56a4d9", "#7a5cc4", "#a04848")


def papers_html(papers: Sequence[Paper], in_all: int) -> str:
    """The list of papers; each title opens its paper."""
    if not in_all:
        return '<p class="fn-wait">The library is empty. Bring papers in under “Add papers”.</p>'
    if not papers:
        return '<p class="fn-wait">No paper has all these words.</p>'
    rows = "".join(
        f'<tr><td><button type="button" class="fn-title" data-paper="{safe(paper.id)}">{title(paper)}</button> '
        f"{retraction(paper)}</td>"
        f"<td>{year(paper)}</td><td>{_authors(paper)}</td><td>{kind(paper)}</td></tr>"
        for paper in papers[:MOST_SHOWN]
    )
    more = f" The first {MOST_SHOWN} are shown." if len(papers) > MOST_SHOWN else ""
    count = f"{len(papers):,} of {in_all:,} papers." if len(papers) != in_all else f"{in_all:,} papers."
    return (
        f'<div class="fn-library"><p class="fn-about" aria-live="polite">{count}{more}</p>'
        '<div class="fn-scroll" tabindex="0" role="region" aria-label="Papers"><table><thead><tr><th>Title</th>'
        f"<th>Year</th><th>Authors</th><th>Abstract</th></tr></thead><tbody>{rows}</tbody></table></div></div>"
    )


def paper_html(paper: Paper, similar: Sequence[Paper] = ()) -> str:
    """One paper: title, abstract, what is known of it, and papers like it."""
    known = (
        ("Retraction", f"{retraction(paper)} {line(paper.retraction or '')}" if paper.retraction else ""),
        ("Published", date_shown(paper)),
        ("Authors", _authors(paper, every=True)),
        ("Abstract", kind(paper)),
        ("Source", line(", ".join(sources_of(paper)))),
        ("DOI", safe(paper.doi or "")),
        ("arXiv", safe(paper.arxiv_id or "")),
        ("Page", link(paper.url, _short(paper.url))),
        ("Id", safe(paper.id)),
        *((line(name), line(value)) for name, value in paper.extra.items()),
    )
    rows = "".join(f"<tr><th scope='row'>{name}</th><td>{value}</td></tr>" for name, value in known if value)
    alike = "".join(
        f'<li><button type="button" class="fn-title" data-paper="{safe(other.id)}">{title(other)}</button></li>'
        for other in similar
    )
    near = f"<h3>Papers like it</h3><ul>{alike}</ul>" if alike else ""
    taken = download("paper.bib", bibtex([paper]), "BibTeX") + download("paper.ris", ris([paper]), "RIS")
    abstract = f"<p><bdi>{line(paper.abstract)}</bdi></p>" if paper.abstract else "<p>No abstract.</p>"
    return (
        f'<article class="fn-view"><h2>{title(paper)}</h2>{abstract}<table><tbody>{rows}</tbody></table>'
        f'<p class="fn-actions">{taken}</p>{near}</article>'
    )


def map_html(chart: Map, papers: Mapping[str, Paper], *, by: str = "topic") -> str:
    """The map: a dot a paper, coloured by topic or by year; its title on hovering, the paper on a click."""
    if not chart.places:
        return '<p class="fn-wait">There is nothing to place on a map yet.</p>'
    years = sorted({paper.published.year for paper in papers.values() if paper.published})
    dots: list[str] = []
    for place in chart.places:
        paper = papers.get(place.paper_id)
        if paper is None:
            continue
        colour = _COLOURS[place.topic % len(_COLOURS)]
        if by == "year":
            colour = _COLOURS[years.index(paper.published.year) % len(_COLOURS)] if paper.published else _NO_YEAR
        when = f" ({paper.published.year})" if paper.published else ""
        dots.append(
            f'<circle cx="{20 + place.x * 960:.1f}" cy="{20 + (1 - place.y) * 560:.1f}" r="7" fill="{colour}" '
            f'data-paper="{safe(paper.id)}"><title>{line(paper.title or paper.id)}{when}</title></circle>'
        )
    keys = [(line(name), _COLOURS[n % len(_COLOURS)]) for n, name in enumerate(chart.topics)]
    if by == "year":
        keys = [(str(each), _COLOURS[n % len(_COLOURS)]) for n, each in enumerate(years)] + [("no date", _NO_YEAR)]
    legend = "".join(f'<span><i style="background:{colour}"></i>{name}</span>' for name, colour in keys)
    left = f" {len(papers) - len(dots):,} more are not on it." if len(papers) > len(dots) else ""
    return (
        f'<div class="fn-library"><svg class="fn-map" viewBox="0 0 1000 600" role="img" '
        f'aria-label="Map of the library; the list has the same papers">{"".join(dots)}</svg>'
        f'<p class="fn-key">{legend}</p>'
        f'<p class="fn-about">Papers that stand near each other are alike; the axes mean nothing.{left}</p></div>'
    )


def report_html(report: IngestReport) -> str:
    """What an ingest came to, as the command line says it: a row a file, and what was rejected and why."""
    head = "".join(f"<th>{name}</th>" for name in ("file", "read as", *_COUNTS, "rejected"))
    rows = "".join(_row(file) for file in report.files)
    remarks = [f"{_name(file)}: {line(file.error)}" for file in report.files if file.error]
    for file in report.files:
        remarks += [f"{_name(file)}, line {one.line}: {line(one.reason)}" for one in file.rejected]
    told = "".join(f"<li>{remark}</li>" for remark in remarks[:_MOST_REMARKS])
    more = f"<p>and {len(remarks) - _MOST_REMARKS} more.</p>" if len(remarks) > _MOST_REMARKS else ""
    wrong = f'<div class="fn-error" role="alert"><ul>{told}</ul>{more}</div>' if told else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="fn-view fn-report" aria-live="polite">{wrong}{table}</div>'


def failure_html(message: str) -> str:
    """An error outside the conversation."""
    return f'<div class="fn-view">{error_html(message)}</div>'


def _row(file: FileReport) -> str:
    read_as = "failed" if file.error else line(file.reader or "")
    counts = "".join(f"<td>{getattr(file, name)}</td>" for name in _COUNTS)
    return f"<tr><td>{_name(file)}</td><td>{read_as}</td>{counts}<td>{len(file.rejected)}</td></tr>"


def _name(file: FileReport) -> str:
    # Where an upload lies on the server is nobody's business.
    return f"<bdi>{safe(PurePath(file.path).name)}</bdi>"


def _authors(paper: Paper, *, every: bool = False) -> str:
    if every and paper.authors:
        return ", ".join(f"<bdi>{line(author)}</bdi>" for author in paper.authors)
    if len(paper.authors) > 2:
        return f"<bdi>{line(paper.authors[0])}</bdi> et al."
    if paper.authors:
        return ", ".join(f"<bdi>{line(author)}</bdi>" for author in paper.authors)
    return str(paper.author_count) if paper.author_count is not None else ""


def _short(url: str | None) -> str:
    text = as_read(url or "")
    return text if len(text) <= 60 else f"{text[:59]}…"

"""Answers, hits, papers and reports as a person reads them. All text of papers is data here, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.table import Table
from rich.text import Text

from rag.cli.output import printable
from rag.model import Answer, Citation, Hits, IngestReport, Paper, Verified, date_shown, retraction_mark
from rag.model.findings import Reference
from rag.sources.merging.provenance import merge_explained, sources_of
from rag.text import shown

HEAD = ("year", "authors", "title", "source", "kind")
_COUNTS: tuple[Literal["papers", "new", "changed", "unchanged", "merged"], ...] = (
    "papers", "new", "changed", "unchanged", "merged",
)  # fmt: skip


def answer_shown(answer: Answer) -> Text:
    """The answer, and under it its references or, for an abstention, the papers that come nearest."""
    text = Text(printable(answer.text))
    if answer.citations:
        text.append("\n")
        for citation in answer.citations:
            text.append("\n").append_text(_reference(citation))
    elif answer.nearest:
        text.append("\n\nNearest papers:")
        for near in answer.nearest:
            text.append(f"\n  - {_titled(near.paper)}").append_text(_marked(near.paper))
            if near.quote:
                text.append(f": “{printable(shown(near.quote))}”", style="dim")
    return text


def timings_shown(answer: Answer) -> Text:
    """The milliseconds of each step, dimmed."""
    return Text(" · ".join(f"{step} {ms:.0f} ms" for step, ms in answer.timings_ms.items()), style="dim")


def hits_shown(hits: Hits) -> Text:
    """The hits, numbered, each with its score and its best passage."""
    text = Text()
    for n, hit in enumerate(hits, 1):
        text.append(f"{n}. ").append(_titled(hit.paper), style="bold").append_text(_marked(hit.paper))
        text.append(f"  {hit.score:.3f}\n", style="dim")
        if hit.evidence and hit.evidence[0].passage.text:
            text.append(f"   {_one_line(hit.evidence[0].passage.text)}\n")
    text.rstrip()
    return text


def paper_shown(paper: Paper) -> Text:
    """The paper: its title, what is known of it, a line each, and its abstract."""
    known = (
        ("id", paper.id),
        ("published", date_shown(paper)),
        ("authors", ", ".join(paper.authors) or (str(paper.author_count) if paper.author_count is not None else "")),
        ("url", paper.url or ""),
        ("doi", paper.doi or ""),
        ("arxiv", paper.arxiv_id or ""),
        ("source", paper.source or ""),
        ("kind", paper.abstract_kind),
        *paper.extra.items(),
    )
    text = Text(_title(paper), style="bold")
    if paper.retraction:
        text.append(f"\n{retraction_mark(paper)}: {_one_line(paper.retraction)}", style="not bold red")
    for name, value in known:
        if value:
            text.append(f"\n{_one_line(name)}: {_one_line(value)}", style="not bold dim")
    text.append(f"\n\n{_one_line(paper.abstract) or 'No abstract.'}", style="not bold")
    explained = merge_explained(paper)
    if explained:
        text.append("\n")
    for line in explained:
        text.append(f"\n{_one_line(line)}", style="not bold dim")
    return text


def paper_row(paper: Paper) -> tuple[str, ...]:
    """The cells of a paper in a list, as `HEAD` names them."""
    titled = f"{_title(paper)}{_marked(paper).plain}"
    return _year(paper), _authors(paper), titled, _one_line(", ".join(sources_of(paper))), paper.abstract_kind


def papers_table(papers: Sequence[Paper]) -> Table:
    """A table of the papers, a row each."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in HEAD:
        table.add_column(name, ratio=1 if name == "title" else None, overflow="fold" if name == "title" else "ellipsis")
    for paper in papers:
        table.add_row(*map(Text, paper_row(paper)))
    return table


def verified_table(found: Sequence[Verified]) -> Table:
    """A row for each sentence: the verdict, the sentence, and the reasons or the words that bear it out."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("verdict", no_wrap=True)
    table.add_column("sentence", overflow="fold", ratio=1)
    table.add_column("why", overflow="fold", ratio=1)
    styles = {"unsupported": "red", "weak": "yellow", "contradicted": "magenta"}
    for one in found:
        said = "contradicted" if one.contradicted else one.verdict
        named = f"{_title(one.paper)}{_marked(one.paper).plain}: “{_one_line(one.quote)}”" if one.paper else ""
        why = _one_line("; ".join(one.reasons)) if one.reasons else named
        table.add_row(*(Text(cell) for cell in (said, _one_line(one.sentence), why)), style=styles.get(said))
    return table


def references_table(doubtful: Sequence[Reference], total: int) -> Table:
    """The references of a draft that are not there, or that differ from the paper they mean, and in what."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(f"{len(doubtful)} of {total} references", overflow="fold", ratio=1)
    table.add_column("beside what is there", overflow="fold", ratio=1)
    for one in doubtful:
        why = "; ".join(one.differences) if one.paper else "not there"
        table.add_row(Text(_one_line(one.text)), Text(_one_line(why)), style="yellow" if one.paper else "red")
    return table


def report_table(report: IngestReport) -> Table:
    """What an ingest came to: a row for each file, and one for all where there are several."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("read as")
    for name in (*_COUNTS, "rejected"):
        table.add_column(name, justify="right")
    for file in report.files:
        counts = [getattr(file, name) for name in _COUNTS]
        row = [file.path, "failed" if file.error else file.reader or "", *map(str, counts), str(len(file.rejected))]
        table.add_row(*(Text(_one_line(cell)) for cell in row), style="red" if file.error else None)
    if len(report.files) > 1:
        totals = [str(report.total(name)) for name in _COUNTS]
        table.add_row("total", "", *totals, str(sum(len(file.rejected) for file in report.files)), style="bold")
    return table


def _reference(citation: Citation) -> Text:
    digest = citation.paper.abstract_kind == "digest" and not citation.field
    what = f"{citation.field}: {_one_line(citation.quote)}" if citation.field else f"“{_one_line(citation.quote)}”"
    text = Text(f"[{citation.number}] ").append(_titled(citation.paper), style="bold").append(f": {what}")
    if digest:
        text.append(" [digest]", style="dim")
    return text.append_text(_marked(citation.paper, why=True))


def _marked(paper: Paper, *, why: bool = False) -> Text:
    """What stands behind a paper that was retracted, with `why` in the words of its source; nothing for others."""
    if not paper.retraction:
        return Text()
    return Text(f" [{retraction_mark(paper)}{': ' + _one_line(paper.retraction) if why else ''}]", style="not bold red")


def _titled(paper: Paper) -> str:
    year = _year(paper)
    return f"{_title(paper)} ({year})" if year else _title(paper)


def _title(paper: Paper) -> str:
    return _one_line(paper.title) or f"untitled ({paper.id})"


def _year(paper: Paper) -> str:
    return str(paper.published.year) if paper.published else ""


def _authors(paper: Paper) -> str:
    if len(paper.authors) > 2:
        return f"{_one_line(paper.authors[0])} et al."
    if paper.authors:
        return ", ".join(map(_one_line, paper.authors))
    return str(paper.author_count) if paper.author_count is not None else ""


def _one_line(text: str) -> str:
    return printable(shown(text))

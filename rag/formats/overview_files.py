"""Overviews as files: Markdown and HTML, with numbered references and the bibliography at the end."""

from __future__ import annotations

from html import escape

from rag.formats.bibtex import notes
from rag.model import Paper, date_shown
from rag.model.findings import Overview, Said
from rag.text import shown


def as_markdown(overview: Overview) -> str:
    """The overview in Markdown: a section for each group, the timeline, what is lacking, the references."""
    numbers = numbered(overview)
    lines = [f"# {_plain(overview.subject)}", ""]
    if overview.groups:
        lines += [f"{len(numbers)} papers in {len(overview.groups)} group{'s' * (len(overview.groups) != 1)}.", ""]
    for group in overview.groups:
        lines += [f"## {_plain(group.name)}", ""]
        lines += [" ".join(_plain(said.text) + marks(said, numbers) for said in group.sentences), ""]
        others = [
            paper for paper in group.papers if not any(paper is q.paper for s in group.sentences for q in s.quoted)
        ]
        if others:
            lines += [
                "Also: " + ", ".join(f"{_plain(paper.title)} [{numbers[paper.id]}]" for paper in others) + ".",
                "",
            ]
    if overview.timeline:
        lines += ["## Timeline", ""]
        lines += [f"- {date_shown(paper)}: {_plain(paper.title)} [{numbers[paper.id]}]" for paper in overview.timeline]
        lines.append("")
    if overview.lacking:
        lines += ["## What the library lacks", "", *(f"- {_plain(one)}" for one in overview.lacking), ""]
    if numbers:
        lines += ["## References", ""]
        lines += [f"{numbers[paper.id]}. {_plain(reference(paper))}" for paper in overview.papers]
    return "\n".join(lines).rstrip() + "\n"


def as_html(overview: Overview) -> str:
    """The overview as one page of HTML that prints well; it loads nothing."""
    numbers = numbered(overview)
    parts = [f"<h1>{escape(overview.subject)}</h1>"]
    for group in overview.groups:
        told = " ".join(
            f'<span title="{escape(shown(said.quoted[0].quote), quote=True)}">{escape(said.text)}</span>'
            + "".join(f'<a href="#r{numbers[q.paper.id]}">[{numbers[q.paper.id]}]</a>' for q in said.quoted)
            for said in group.sentences
        )
        all_of = " ".join(f'<a href="#r{numbers[paper.id]}">[{numbers[paper.id]}]</a>' for paper in group.papers)
        parts.append(f"<section><h2>{escape(group.name)}</h2><p>{told}</p><p>Papers: {all_of}</p></section>")
    if overview.timeline:
        dated = "".join(
            f"<li>{escape(date_shown(paper))}: {escape(shown(paper.title))} [{numbers[paper.id]}]</li>"
            for paper in overview.timeline
        )
        parts.append(f"<section><h2>Timeline</h2><ul>{dated}</ul></section>")
    if overview.lacking:
        gone = "".join(f"<li>{escape(one)}</li>" for one in overview.lacking)
        parts.append(f"<section><h2>What the library lacks</h2><ul>{gone}</ul></section>")
    if numbers:
        listed = "".join(f'<li id="r{numbers[p.id]}">{escape(reference(p))}</li>' for p in overview.papers)
        parts.append(f"<section><h2>References</h2><ol>{listed}</ol></section>")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(overview.subject)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


_STYLE = (
    "body{font:11pt/1.5 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em}h2{font-size:1.1em;margin-top:1.6em}"
    "section{break-inside:avoid-page}a{text-decoration:none}@media print{body{margin:0;max-width:none}}"
)


def numbered(overview: Overview) -> dict[str, int]:
    """The number of each paper by its id, from 1, in the order of the groups."""
    return {paper.id: n for n, paper in enumerate(overview.papers, 1)}


def marks(said: Said, numbers: dict[str, int]) -> str:
    """The marks of a sentence: " [1][3]"."""
    return " " + "".join(f"[{n}]" for n in dict.fromkeys(numbers[quoted.paper.id] for quoted in said.quoted))


def reference(paper: Paper) -> str:
    """A line of the bibliography, in the author-date style, with what has to be said of the paper besides."""
    people = paper.authors
    by = f"{people[0]} et al." if len(people) > 3 else ", ".join(people)
    year = f"({paper.published.year})" if paper.published else "(n.d.)"
    where = f"https://doi.org/{paper.doi}" if paper.doi else paper.url or ""
    remarks = "; ".join(notes(paper))
    said = [f"{by} {year}.".lstrip(), f"{shown(paper.title)}.", where, f"[{remarks}]" if remarks else ""]
    return " ".join(part for part in said if part)


def _plain(text: str) -> str:
    """Text with the signs that Markdown would read escaped; brackets of marks are put behind it."""
    for sign in "\\`*_[]<>#|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())

"""What a reader takes away: Markdown with references, RIS, and whole conversations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.model import Answer, Citation, Paper, Ranked, retraction_mark
from ui.content.conversation import Exchange
from ui.text import as_read, visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def cited_papers(answer: Answer) -> tuple[Paper, ...]:
    """The papers that an answer cites, each once, in the order of their first mark."""
    return tuple({citation.paper.id: citation.paper for citation in answer.citations}.values())


def markdown(exchange: Exchange) -> str:
    """An answer as Markdown: the question, the text with its marks, and the references with the quoted words.

    Text of papers is escaped: a title that is an image in Markdown shows as the characters that it is made of.
    """
    lines = [f"**{_plain(exchange.question)}**", ""]
    answer = exchange.answer
    if answer is None:
        return "\n".join([*lines, f"Error: {_plain(exchange.error or 'stopped')}", ""])
    lines += [_text(answer), ""]
    lines += [_reference(citation) for citation in answer.citations]
    if answer.status == "abstained" and answer.nearest:
        lines += ["Nearest papers:", "", *map(_near, answer.nearest)]
    return "\n".join(lines).rstrip() + "\n"


def conversation_markdown(conversation: Sequence[Exchange]) -> str:
    """A whole conversation as Markdown, a rule between the answers."""
    return "\n---\n\n".join(markdown(exchange) for exchange in conversation)


def ris(papers: Iterable[Paper]) -> str:
    """The papers in the RIS format, an entry each; a note says where the abstract is a digest."""
    return "\r\n".join(_entry(paper) for paper in papers)


def _entry(paper: Paper) -> str:
    fields = [("TY", "GEN"), ("ID", paper.id), ("TI", paper.title or "Untitled")]
    fields += [("AU", author) for author in paper.authors]
    if paper.published:
        day = paper.published
        fields.append(("PY", f"{day.year:04}"))
        if not paper.published_inferred:
            fields.append(("DA", f"{day.year:04}/{day.month:02}/{day.day:02}"))
    if paper.url:
        fields.append(("UR", paper.url))
    if paper.abstract:
        fields.append(("AB", paper.abstract))
    if paper.retraction:
        fields.append(("N1", f"{retraction_mark(paper)}: {paper.retraction}"))
    if paper.abstract_kind == "digest":
        fields.append(("N1", "The abstract is a digest, not the authors' own words"))
    # A line's end in a value would begin a field of its own.
    lines = [f"{tag}  - {' '.join(visible(as_read(value)).split())}" for tag, value in fields]
    return "\r\n".join([*lines, "ER  - ", ""])


def _text(answer: Answer) -> str:
    # Marks stay marks; all else is escaped.
    known = {f"[{citation.number}]" for citation in answer.citations}
    parts = re.split(r"(\[\d+\])", answer.text)
    return "".join(
        part if part in known else "\n".join(_keeping_bullet(piece) for piece in part.split("\n")) for part in parts
    )


def _keeping_bullet(text: str) -> str:
    escaped = _plain(text, collapse=False)
    return escaped if not text.startswith("- ") else f"- {_plain(text[2:], collapse=False)}"


def _near(near: Ranked) -> str:
    return f"- {_titled(near.paper)}" + (f": “{_plain(near.quote)}”" if near.quote else "")


def _reference(citation: Citation) -> str:
    what = f"{citation.field}: {_plain(citation.quote)}" if citation.field else f"“{_plain(citation.quote)}”"
    digest = " (digest)" if citation.paper.abstract_kind == "digest" and not citation.field else ""
    why = f" ({_plain(citation.paper.retraction)})" if citation.paper.retraction else ""
    return f"[{citation.number}] {_titled(citation.paper)}: {what}{digest}{why}  "


def _titled(paper: Paper) -> str:
    when = f" ({paper.published.year})" if paper.published else ""
    mark = f" **{retraction_mark(paper)}**" if paper.retraction else ""
    return f"{_plain(paper.title) or f'untitled, {_plain(paper.id)}'}{when}{mark}"


def _plain(text: str, *, collapse: bool = True) -> str:
    clean = visible(as_read(text) if collapse else text)
    return _MARKDOWN.sub(r"\\\1", clean)

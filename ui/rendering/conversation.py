"""A conversation as HTML: pure functions, no Gradio; all text of papers, models and people goes through `ui.text`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from rag.formats.bibtex import bibtex
from rag.model import Answer, Citation, Paper, Ranked, Statement, coarse_date, retraction_mark
from ui.content.conversation import Conversation, Exchange
from ui.content.filters import chips
from ui.content.takeaway import cited_papers, markdown, ris
from ui.rendering.marks import Piece, pieces
from ui.rendering.why import doubts, left_out, looks
from ui.text import download, isolated, line, link, safe

_VERDICTS = {
    "supported": "Supported by the quoted words",
    "weak": "Weakly supported",
    "unsupported": "Not supported by what it cites",
    "contradicted": "What it cites says the opposite",
}
_FIELDS = {
    "published": "Published", "author_count": "Number of authors", "authors": "Authors", "title": "Title",
    "url": "Address",
}  # fmt: skip


def conversation_html(conversation: Conversation, *, pending: str | None = None, written: str = "") -> str:
    """The conversation, oldest first; `pending` is a question under way and `written` what its answer has so far."""
    shown = [exchange_html(exchange, n) for n, exchange in enumerate(conversation, 1)]
    if pending is not None:
        so_far = f"<p>{line(written)}</p>" if written else '<p class="fn-wait">Reading the library …</p>'
        shown.append(
            f'<article class="fn-turn" aria-busy="true">{_question(pending, {})}'
            f'<div class="fn-answer">{so_far}</div></article>'
        )
    return f'<div class="fn-conversation">{"".join(shown)}</div>' if shown else ""


def exchange_html(exchange: Exchange, n: int) -> str:
    """The `n`-th question of a conversation with its answer and its cards, or with its error."""
    head = _question(exchange.question, exchange.where)
    if exchange.answer is None:
        return f'<article class="fn-turn" id="turn-{n}">{head}{error_html(exchange.error or "stopped")}</article>'
    answer = exchange.answer
    failed = error_html(exchange.error) if exchange.error else ""
    cards = cards_html(answer, n)
    side = f'<aside class="fn-cards" aria-label="Citations of this answer">{cards}</aside>' if cards else ""
    return (
        f'<article class="fn-turn fn-{answer.status}" id="turn-{n}">{head}'
        f'<div class="fn-pair"><div class="fn-answer">{failed}{answer_html(answer, n)}{_foot(exchange, n)}</div>'
        f"{side}</div></article>"
    )


def answer_html(answer: Answer, n: int) -> str:
    """The text of an answer: marks lead to cards, a dot after each sentence says how it stands."""
    if answer.status == "abstained":
        near = nearest_html(answer.nearest)
        return f'<div class="fn-calm"><p class="fn-lead">{line(answer.text)}</p>{near}</div>'
    lines: list[str] = []
    current, begun = "", 0
    whole = list(pieces(answer))
    for at, piece in enumerate(whole):
        if piece.kind == "line":
            lines.append(current)
            current, begun = "", 0
        elif piece.kind == "mark":
            # A stop behind a mark must not begin a line of its own.
            current += _mark(piece.number, n, answer) + ("\u2060" if _stop_follows(whole, at) else "")
        elif piece.kind == "end" and piece.statement:
            if piece.statement.verdict == "unsupported":
                current = f"{current[:begun]}<s>{current[begun:]}</s>"
            current += _dot(piece.statement)
            begun = len(current)
        else:
            current += safe(piece.text)
    lines.append(current)
    body = "".join(
        f'<p class="fn-item">{text.removeprefix("- ")}</p>' if text.startswith("- ") else f"<p>{text}</p>"
        for text in lines
        if text
    )
    return f'<div class="fn-text">{body}</div>{doubts(answer)}{left_out(answer)}{looks(answer)}'


def cards_html(answer: Answer, n: int) -> str:
    """A card for each paper that the `n`-th answer cites, with all that is quoted from it."""
    return "".join(card_html(citations, n) for citations in _by_paper(answer.citations).values())


def card_html(citations: Sequence[Citation], n: int) -> str:
    """The card of a paper: the numbers, title, year, the abstract with all quoted words marked, and its kind."""
    first, paper = citations[0], citations[0].paper
    quoting = [citation for citation in citations if not citation.field]
    about = [
        retraction(paper), year(paper), _wording(paper) if quoting else "", line(paper.source or ""),
        link(paper.url, "Page"),
    ]  # fmt: skip
    facts = "".join(_fact(citation) for citation in citations if citation.field)
    body = facts + (quoted_html(quoting) if quoting else "")
    numbers = "".join(f'<span class="fn-number">{citation.number}</span>' for citation in citations)
    named = ", ".join(str(citation.number) for citation in citations)
    return (
        f'<section class="fn-card" id="card-{n}-{first.number}" tabindex="-1" '
        f'aria-label="Citation{"s" * (len(citations) > 1)} {named}">'
        f"<h4>{numbers}"
        f'<button type="button" class="fn-title" data-paper="{safe(paper.id)}">{title(paper)}</button></h4>'
        f'<p class="fn-about">{_joined(about)}</p>{body}</section>'
    )


def quoted_html(citations: Sequence[Citation]) -> str:
    """The abstract with the words of each citation in `<mark>`; the words alone where they are no longer in it."""
    abstract = citations[0].paper.abstract
    there = [one for one in citations if one.start is not None and abstract[one.start : one.end] == one.quote]
    lost = [one for one in citations if one not in there]
    gone = "".join(
        f'<blockquote class="fn-abstract"><mark>{line(one.quote)}</mark></blockquote>'
        '<p class="fn-about">These words are not in the library’s abstract any longer.</p>'
        for one in lost
    )
    if not there:
        return gone
    parts, at = [], 0
    for start, end in sorted((one.start or 0, one.end or 0) for one in there):
        if end > at:  # quotes may overlap: each word is marked once
            parts += [line(abstract[at : max(at, start)]), f"<mark>{line(abstract[max(at, start) : end])}</mark>"]
            at = end
    marked = " ".join([*parts, line(abstract[at:])])
    return (
        '<div class="fn-abstract" tabindex="0" role="group" aria-label="Abstract, quoted words marked">'
        f"<bdi>{marked}</bdi></div>{gone}"
    )


def error_html(message: str) -> str:
    """A failure, as one: what happened and what to do."""
    return f'<div class="fn-error" role="alert"><strong>This did not work.</strong> {line(message)}</div>'


def nearest_html(nearest: Sequence[Ranked]) -> str:
    """The papers that come nearest, for an abstention."""
    if not nearest:
        return ""
    items = "".join(
        f'<li><button type="button" class="fn-title" data-paper="{safe(near.paper.id)}">{title(near.paper)}</button> '
        f"<span>{year(near.paper)}</span> {retraction(near.paper)}"
        f"{f'<blockquote>{line(near.quote)}</blockquote>' if near.quote else ''}</li>"
        for near in nearest
    )
    return f"<p>Nearest papers:</p><ul>{items}</ul>"


def title(paper: Paper) -> str:
    """The title of a paper, safe; its id where it has none."""
    return isolated(paper.title) if paper.title.strip() else f"untitled ({safe(paper.id)})"


def year(paper: Paper) -> str:
    """The year of a paper, marked where it was inferred; empty where it is not known."""
    if paper.published is None:
        return ""
    inferred = ' <span title="The year was worked out from the page that listed it">(inferred)</span>'
    return f"{paper.published.year}{inferred if paper.published_inferred and not coarse_date(paper) else ''}"


def retraction(paper: Paper) -> str:
    """A badge for a paper that was retracted or withdrawn, with what its source says of it; nothing for others."""
    if not paper.retraction:
        return ""
    why, mark = line(paper.retraction), retraction_mark(paper)
    return f'<span class="fn-retracted" title="{why}" aria-label="{mark}: {why}">{mark}</span>'


def kind(paper: Paper) -> str:
    """Whether the library holds the authors' own abstract or a digest of it."""
    if not paper.abstract:
        return "no abstract"
    return "digest" if paper.abstract_kind == "digest" else "original abstract"


def _wording(paper: Paper) -> str:
    """As `kind`; a digest is said to be no text to quote the authors by."""
    return "digest, not the authors’ own words" if paper.abstract_kind == "digest" else kind(paper)


def _question(question: str, where: object) -> str:
    limits = "".join(f'<span class="fn-chip">{safe(chip)}</span>' for chip in chips(where))
    return f'<header class="fn-question"><h3><bdi>{safe(question)}</bdi></h3>{limits}</header>'


def _by_paper(citations: Sequence[Citation]) -> dict[str, list[Citation]]:
    """The citations of each paper, by its id, in the order of their numbers."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.paper.id, []).append(citation)
    return found


def _mark(number: int, n: int, answer: Answer) -> str:
    paper = next((citation.paper for citation in answer.citations if citation.number == number), None)
    card = min((one.number for one in answer.citations if paper and one.paper.id == paper.id), default=number)
    said = f", {retraction_mark(paper)}" if paper and paper.retraction else ""
    badge = retraction(paper) if paper else ""
    return f'<a class="fn-mark" href="#card-{n}-{card}" aria-label="Citation {number}{said}">{number}</a>{badge}'


def _stop_follows(whole: Sequence[Piece], at: int) -> bool:
    following = whole[at + 1] if at + 1 < len(whole) else None
    return following is not None and following.kind == "text" and following.text[0] in ".,;:!?)"


def _dot(statement: Statement) -> str:
    said = _VERDICTS[_verdict(statement)]
    why = f"{said}: {'; '.join(statement.reasons)}" if statement.reasons else said
    return (
        f'<span class="fn-dot fn-{_verdict(statement)}" role="img" aria-label="{line(why)}" title="{line(why)}"></span>'
    )


def _verdict(statement: Statement) -> str:
    return "contradicted" if statement.contradicted else statement.verdict


def _key(answer: Answer) -> str:
    """What the dots of this answer mean, each kind once."""
    if answer.status == "abstained":
        return ""
    there = {_verdict(statement) for statement in answer.statements}
    return " ".join(
        f'<span class="fn-dot-key"><span class="fn-dot fn-{verdict}" aria-hidden="true"></span>{said.lower()}</span>'
        for verdict, said in _VERDICTS.items()
        if verdict in there
    )


def _fact(citation: Citation) -> str:
    name = _FIELDS.get(citation.field or "", citation.field or "")
    return f'<p class="fn-fact">{line(name)}: <mark>{line(citation.quote)}</mark></p>'


def _foot(exchange: Exchange, n: int) -> str:
    answer = exchange.answer
    if answer is None:
        return ""
    how = f"generated by {answer.model}" if answer.mode == "generated" else "written without a model"
    how = f"{how}, as the model failed" if exchange.fallback else how
    ms = answer.timings_ms.get("total")
    about = [_key(answer), line(how), f"{ms:.0f} ms" if ms is not None else "", *map(line, answer.notes)]
    if answer.usage:
        about.append(f"{sum(answer.usage.values()):,} tokens")
    if answer.cost_usd is not None:
        about.append(f"US&#36; {answer.cost_usd:.4f}")
    if answer.standalone_question.strip() != answer.question.strip():
        about.insert(0, f"understood as: <bdi>{line(answer.standalone_question)}</bdi>")
    papers = cited_papers(answer)
    actions = (
        f'<button type="button" class="fn-action" data-copy="{safe(markdown(exchange))}">Copy as Markdown</button>'
    )
    if papers:
        actions += download(f"answer-{n}.bib", bibtex(papers), "BibTeX") + download(
            f"answer-{n}.ris", ris(papers), "RIS"
        )
    actions += f'<a class="fn-action" href="{ask_link(exchange.question)}" data-link>Link to this question</a>'
    return f'<p class="fn-about">{_joined(about)}</p><p class="fn-actions">{actions}</p>'


def ask_link(question: str) -> str:
    """The address, on this server, of the page with `question` filled in."""
    return f"?q={quote(question.encode('utf-8', 'replace'), safe='')}"


def _joined(parts: Sequence[str]) -> str:
    return ' <span aria-hidden="true">·</span> '.join(part for part in parts if part)

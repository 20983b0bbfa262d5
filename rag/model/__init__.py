"""The words every part of Footnote speaks: frozen dataclasses, standard library only. No way in, no way out.
`ingest_report` has what an ingest came to (handed out here too), `changes` the words of keeping current, `findings`
those of what is said across papers. Every wing takes and gives these."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Literal

from rag.model.ingest_report import FileReport, IngestReport, Rejected, Withdrawn

AbstractKind = Literal["original", "digest"]
Verdict = Literal["supported", "weak", "unsupported"]
Status = Literal["answered", "abstained"]
Mode = Literal["extractive", "generated"]
FoundBy = Literal["dense", "lexical", "name", "metadata"]


MORE_AUTHORS = "more_authors"
"""The name in `Paper.extra` of what a source says in place of the authors that it leaves out."""


@dataclass(frozen=True)
class Paper:
    """One paper of the library.

    `abstract` is kept exactly as its source gave it, so that quotes have true offsets; what is shown or matched goes
    through `rag.text`. `published_inferred` is True where the source left out the year and it was worked out.
    `doi` is bare and in small letters ("10.1000/xyz"); that of a preprint on arXiv is not kept there but as `arxiv_id`,
    which has no version ("2310.03744", "cs/0112017"). `retraction` is what a source says of a retraction or
    withdrawal, None where none says so. `extra` holds what a source says beyond the fields here, by name, as the
    source calls it. `copies` are the records of all sources that were merged into this paper, as they came, each
    without copies of its own; empty where one record is all there is.
    """

    id: str
    title: str
    abstract: str = ""
    abstract_kind: AbstractKind = "original"
    url: str | None = None
    published: date | None = None
    published_inferred: bool = False
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    source: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    retraction: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    copies: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences of one abstract; always `paper.abstract[start:end] == text`.

    `id` is `"<paper id>#<n>"`, n counting from 0. A paper without an abstract has one passage: empty, from 0 to 0.
    """

    id: str
    paper_id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Evidence:
    """A passage found for a question. `rank` counts from 1; `score` is comparable within one result only."""

    passage: Passage
    paper: Paper
    rank: int
    score: float
    found_by: tuple[FoundBy, ...]


@dataclass(frozen=True)
class Hit:
    """A paper found for a query, with its passages that were found, best first. `score`: as in `Evidence`."""

    paper: Paper
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Citation:
    """What a mark `[number]` stands for; always `paper.abstract[start:end] == quote`.

    For a fact from the metadata `field` names it ("published", "author_count", "authors", "title", "url", "doi",
    "arxiv_id", "venue", "retraction"), `quote` is the value as text and the offsets are None.
    """

    number: int
    paper: Paper
    quote: str
    start: int | None = None
    end: int | None = None
    field: str | None = None


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer without its marks, the numbers of its citations, and what the check of it said.

    `contradicted` is True where what it cites says the opposite; `probability` how likely it is borne out, where known.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict = "supported"
    reasons: tuple[str, ...] = ()
    contradicted: bool = False
    probability: float | None = None


@dataclass(frozen=True)
class Round:
    """One look into the library for a model: who asked for it, the words searched for, the ids of what it was given.

    `asked_by` is "question" for the first look, "model" for a search that it asked for, "list" for a further part of
    the library. `cited` are those of the papers that the answer cites.
    """

    asked_by: Literal["question", "model", "list"]
    query: str
    papers: tuple[str, ...]
    cited: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A paper and its score in the ranking for a question.

    Of a paper that is nearest to a question without an answer, `paper.abstract[start:end]` are the words that come
    nearest; `start` and `end` are 0 where there are none.
    """

    paper: Paper
    score: float
    start: int = 0
    end: int = 0

    @property
    def quote(self) -> str:
        """The words that come nearest, "" where there are none."""
        return self.paper.abstract[self.start : self.end]


@dataclass(frozen=True)
class Answer:
    """What came of a question.

    `text` carries the marks (`[1]`); `statements` and `citations` say the same in parts. `ranked` are the ten best
    papers; `nearest` is filled when the status is "abstained". `usage` counts tokens by kind and is empty without a
    model; `cost_usd` is None where the price is not known. `left_out` are sentences of a model that are not supported,
    and `notes` say what was done to its answer. `confidence` is the probability, from 0 to 1, that the library answers
    the question, as it was reckoned before answering; None where it was not (metadata, comparisons, a model's answers).
    `timings_ms` has one entry a step, in milliseconds. `rounds` are the looks into the library that a model had, and
    `sent_back` counts the sentences that it was asked to write again.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    ranked: tuple[Ranked, ...]
    nearest: tuple[Ranked, ...] = ()
    mode: Mode = "extractive"
    model: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict, hash=False)
    timings_ms: Mapping[str, float] = field(default_factory=dict, hash=False)
    left_out: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
    cost_usd: float | None = None
    confidence: float | None = None
    rounds: tuple[Round, ...] = ()
    sent_back: int = 0

    def __str__(self) -> str:
        """The text and, under it, the papers and words that it cites or, for an abstention, the nearest papers."""
        lines = [self.text]
        if self.citations:
            lines += ["", *map(_reference, self.citations)]
        elif self.nearest:
            lines += ["", "Nearest papers:", *(f"  - {_nearest(near)}" for near in self.nearest)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The answer as HTML, for notebooks; text of papers is escaped, and none of it is set as a formula."""
        items = "".join(f"<li value='{c.number}'>{escape(_reference(c, numbered=False))}</li>" for c in self.citations)
        near = "".join(f"<li>{escape(_nearest(n))}</li>" for n in self.nearest)
        return (
            f'<div class="tex2jax_ignore"><p>{escape(self.text)}</p>'
            + (f"<ol>{items}</ol>" if items else "")
            + (f"<p>Nearest papers:</p><ul>{near}</ul></div>" if near else "</div>")
        )


@dataclass(frozen=True)
class Verified:
    """A sentence held against what it cites: the verdict, and the words of a paper that come nearest to carrying it.

    `paper` is None when no paper of the library is cited; `paper.abstract[start:end] == quote`, which is empty where
    the title alone carries the sentence. `contradicted` is True where those words say the opposite.
    """

    sentence: str
    cited: tuple[str, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    paper: Paper | None = None
    quote: str = ""
    start: int = 0
    end: int = 0
    contradicted: bool = False
    probability: float | None = None


class Hits(tuple[Hit, ...]):
    """The hits of a search, best first; a tuple that prints as a list of titles and shows itself in a notebook."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(f"{n}. {_with_mark(hit.paper)}  ({hit.score:.3f})" for n, hit in enumerate(self, 1))

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(_with_mark(hit.paper))} <small>{hit.score:.3f}</small></li>" for hit in self)
        return f'<ol class="tex2jax_ignore">{rows}</ol>'


@dataclass(frozen=True)
class Turn:
    """One message of a conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


def _reference(citation: Citation, *, numbered: bool = True) -> str:
    paper = citation.paper
    year = f" ({paper.published.year})" if paper.published else ""
    what = f"{citation.field}: {citation.quote}" if citation.field else f"“{citation.quote}”"
    digest = " [from a digest]" if paper.abstract_kind == "digest" and not citation.field else ""
    retracted = f" [{retraction_mark(paper)}: {paper.retraction}]" if paper.retraction else ""
    return (f"[{citation.number}] " if numbered else "") + f"{paper.title}{year}: {what}{digest}{retracted}"


def more_authors(paper: Paper) -> bool:
    """True when the source says that the paper has more authors than it names ("et al.")."""
    return bool(paper.authors) and MORE_AUTHORS in paper.extra


def author_count(paper: Paper) -> int | None:
    """The number of authors as the source says it or as their names give it, None where neither does."""
    if paper.author_count is not None:
        return paper.author_count
    return None if more_authors(paper) else (len(paper.authors) or None)


def coarse_date(paper: Paper) -> str:
    """What the source says where that is a year or a month only ("2024", "2024-03"), else an empty text."""
    said = paper.extra.get("date", "") if paper.published and paper.published_inferred else ""
    return said if re.fullmatch(r"\d{4}(?:-\d\d)?", said) else ""


def date_shown(paper: Paper) -> str:
    """The date as exactly as its source says it: "2024-03-18", "2024-03", "2024-03-18 (the year is inferred)"."""
    if paper.published is None or coarse_date(paper):
        return coarse_date(paper)
    return f"{paper.published.isoformat()}{' (the year is inferred)' if paper.published_inferred else ''}"


def _with_mark(paper: Paper) -> str:
    return f"{paper.title} [{retraction_mark(paper)}]" if paper.retraction else paper.title


def _nearest(near: Ranked) -> str:
    return _with_mark(near.paper) + (f": “{near.quote}”" if near.quote else "")


def retraction_mark(paper: Paper) -> str:
    """ "retracted" or "withdrawn", as the paper's source says; "" where none says so."""
    said = (paper.retraction or "").lower()
    return ("withdrawn" if "withdr" in said and "retract" not in said else "retracted") if said else ""


__all__: Sequence[str] = [
    "AbstractKind", "Answer", "Citation", "Evidence", "FileReport", "FoundBy", "Hit", "Hits", "IngestReport", "Mode",
    "Paper", "Passage", "Ranked", "Rejected", "Round", "Statement", "Status", "Turn", "Verdict",
    "Verified", "Withdrawn", "retraction_mark",
]  # fmt: skip

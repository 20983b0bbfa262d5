"""The JSON contract as schemas: what agents and the OpenAPI document are told of what comes in and goes out.

`rag.formats.contract` writes it; a test holds these against what it writes.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_PLACE = (
    "Offset in the paper's abstract, in characters: abstract[start:end] == quote; null for a field of the metadata."
)


class Where(BaseModel):
    """Which papers count: those that meet all of it. A paper that lacks the field does not meet a condition."""

    model_config = ConfigDict(extra="forbid")

    year: int | None = Field(default=None, description="Published in this year.")
    month: int | None = Field(default=None, ge=1, le=12, description="Published in this month, 1 to 12.")
    since: date | None = Field(default=None, description="Published on this day or later.")
    until: date | None = Field(default=None, description="Published on this day or earlier.")
    min_authors: int | None = None
    max_authors: int | None = None
    source: str | None = Field(
        default=None, description="The source that the paper came from, exactly as it is called."
    )
    abstract_kind: Literal["original", "digest"] | None = None
    paper_ids: list[str] | None = Field(default=None, description="Only these papers.")


def conditions(where: Where | None) -> dict[str, Any]:
    """The conditions as `Assistant` takes them."""
    return where.model_dump(include=set(Where.model_fields), exclude_none=True) if where else {}


class Turn(BaseModel):
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


class Statement(BaseModel):
    """One sentence of an answer, and what the check of it against its citations said."""

    text: str
    citations: list[int] = Field(description="The numbers of its citations.")
    verdict: Literal["supported", "weak", "unsupported"]
    reasons: list[str]
    contradicted: bool = Field(description="What it cites says the opposite.")
    probability: float | None = Field(description="How likely it is borne out, 0 to 1; null where that is exact.")


class Citation(BaseModel):
    """What a mark such as [1] stands for: a paper, and the exact words in it."""

    number: int
    paper_id: str
    title: str
    year: int | None
    url: str | None
    quote: str = Field(description="The words of the abstract, exactly; of a field of the metadata its value.")
    start: int | None = Field(description=_PLACE)
    end: int | None = Field(description=_PLACE)
    field: str | None = Field(description="The field of the metadata that is cited, null where it is the abstract.")
    retraction: str | None = Field(description="What the source says of a retraction or withdrawal of the paper.")


class Ranked(BaseModel):
    """A paper and its score, comparable within one answer only."""

    paper_id: str
    title: str
    score: float | None


class Nearest(Ranked):
    """A paper near to a question that the library does not answer, and the words in it that come nearest."""

    quote: str
    start: int
    end: int


class Round(BaseModel):
    """One look of a model into the library."""

    asked_by: Literal["question", "model", "list"]
    query: str
    papers: list[str] = Field(description="The ids of the papers that it was given.")
    cited: list[str] = Field(description="Those of them that the answer cites.")


class Answer(BaseModel):
    """An answer, each sentence with its citations, or an abstention with the nearest papers."""

    question: str
    standalone_question: str = Field(description="The question made whole by the conversation before it.")
    status: Literal["answered", "abstained"] = Field(description='"abstained": the library does not say.')
    text: str = Field(description="The answer with marks such as [1].")
    statements: list[Statement]
    citations: list[Citation]
    ranked: list[Ranked] = Field(description="The ten best papers for the question.")
    nearest: list[Nearest] = Field(description="Filled when the status is abstained.")
    mode: Literal["extractive", "generated"]
    model: str | None
    usage: dict[str, int] = Field(description="Tokens of a model by kind; empty without one.")
    timings_ms: dict[str, float]
    left_out: list[Statement] = Field(description="Sentences of a model that the check did not let through.")
    notes: list[str]
    cost_usd: float | None
    confidence: float | None = Field(
        description="How likely the library answers the question, 0 to 1; null if unknown."
    )
    rounds: list[Round] = Field(description="The looks of a model into the library; empty without one.")
    sent_back: int = Field(description="How many sentences a model was asked to write again.")


class Passage(BaseModel):
    """A run of whole sentences of an abstract: abstract[start:end] == text."""

    text: str
    start: int
    end: int
    score: float | None


class Hit(Ranked):
    """A paper that was found, with its passages, the best first."""

    passages: list[Passage]


class Hits(BaseModel):
    """The papers for a query, the best first."""

    query: str
    hits: list[Hit]


class Record(BaseModel):
    """A paper as one source has it."""

    id: str
    title: str
    abstract: str
    abstract_kind: Literal["original", "digest"] = Field(
        description='"digest": a summary, not the authors\' own words.'
    )
    url: str | None
    published: str | None = Field(description="ISO date.")
    published_inferred: bool
    authors: list[str]
    author_count: int | None
    source: str | None
    doi: str | None
    arxiv_id: str | None
    retraction: str | None
    extra: dict[str, str]


class Paper(Record):
    """A paper of the library."""

    copies: list[Record] = Field(description="The records that it was merged from; empty where one is all there is.")


class Listed(BaseModel):
    """A paper in a list."""

    paper_id: str
    title: str
    year: int | None
    url: str | None
    retraction: str | None


class Listing(BaseModel):
    """A part of the list of papers, in the order in which they came."""

    total: int = Field(description="How many papers meet the conditions.")
    offset: int
    papers: list[Listed]


class Checked(BaseModel):
    """A sentence held against what it cites."""

    sentence: str
    cited: list[str]
    verdict: Literal["supported", "weak", "unsupported"]
    reasons: list[str]
    paper_id: str | None
    quote: str = Field(description="The words of that paper that come nearest to carrying the sentence.")
    start: int
    end: int
    contradicted: bool = Field(description="Those words say the opposite.")
    probability: float | None = Field(description="How likely it is borne out, 0 to 1; null where that is exact.")


class Verdicts(BaseModel):
    """The verdict on each sentence of a text."""

    sentences: list[Checked]
    unsupported: int = Field(description="How many of them are unsupported.")


class Rejected(BaseModel):
    """A record that could not be taken."""

    line: int | None
    reason: str


class FileReport(BaseModel):
    """What came of one file or source."""

    path: str
    reader: str | None
    papers: int
    new: int
    changed: int
    unchanged: int
    merged: int
    rejected: list[Rejected]
    error: str | None


class Report(BaseModel):
    """What an ingest came to."""

    files: list[FileReport]
    totals: dict[str, int]

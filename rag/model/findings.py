"""The words of what is said across papers: tables, agreement, differences, overviews, the references of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.model import Paper, Verdict

Side = Literal["supports", "contradicts", "neither"]
Kind = Literal["figure", "direction"]

NOT_SAID = "not in the abstract"
"""What an empty cell says."""


@dataclass(frozen=True)
class Quoted:
    """Words of a paper; always `paper.abstract[start:end] == quote`. For metadata `field` names it."""

    paper: Paper
    start: int = 0
    end: int = 0
    field: str | None = None
    value: str = ""

    @property
    def quote(self) -> str:
        """The words, or the value of the field."""
        return self.value if self.field else self.paper.abstract[self.start : self.end]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, the question it asks of a paper, and the field that answers it, if one does."""

    heading: str
    question: str
    field: str | None = None


@dataclass(frozen=True)
class Cell:
    """What a paper says under a column: `text`, the shortest words that say it, out of the sentence `quoted`.

    An empty cell has no text, no quote and no verdict. `start` and `end` are the offsets of the words in the abstract,
    within those of the sentence. `chance` is how likely the sentence answers, from 0 to 1.
    """

    text: str = ""
    quoted: Quoted | None = None
    start: int = 0
    end: int = 0
    verdict: Verdict | None = None
    chance: float = 0.0

    @property
    def shown(self) -> str:
        """The text, or what an empty cell says."""
        return self.text or NOT_SAID


@dataclass(frozen=True)
class Row:
    """A paper and its cells, in the order of the columns; `name` is what its work is called, or its title."""

    paper: Paper
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Papers by columns. `question` is what the papers were searched with, "" for a list."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    question: str = ""

    def __str__(self) -> str:
        lines = ["\t".join(("paper", *(column.heading for column in self.columns)))]
        lines += ["\t".join((row.name, *(cell.shown for cell in row.cells))) for row in self.rows]
        return "\n".join(lines)


@dataclass(frozen=True)
class Stance:
    """How a paper stands to a claim, with the sentence that says so; `sureness` from 0 to 1 orders them.

    One that is neither may lean to a side, which is then too unsure to be given.
    """

    side: Side
    quoted: Quoted
    reasons: tuple[str, ...] = ()
    sureness: float = 0.0
    leans: Side | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """The reasons, and first to which side it leans."""
        side = {"supports": "supporting", "contradicts": "contradicting"}.get(self.leans or "")
        return (f"leans to {side} it", *self.reasons) if side else self.reasons


@dataclass(frozen=True)
class Agreement:
    """How papers stand to a claim.

    `stances` are the papers that speak of it, the surest first. `looked_at` counts those that were read, `holdings`
    those of the library: what the others say is not known, and a paper that is silent neither agrees nor disagrees.
    """

    claim: str
    stances: tuple[Stance, ...]
    looked_at: int
    holdings: int

    def on(self, side: Side) -> tuple[Stance, ...]:
        """The stances of one side."""
        return tuple(stance for stance in self.stances if stance.side == side)

    @property
    def summary(self) -> str:
        """One sentence that counts them, and says what was not counted."""
        counts = [len(self.on(side)) for side in ("supports", "contradicts", "neither")]
        silent = self.looked_at - sum(counts)
        return (
            f"Of {self.looked_at} papers looked at (the library has {self.holdings}), {counts[0]} "
            f"support{'s' * (counts[0] == 1)} it, {counts[1]} contradict{'s' * (counts[1] == 1)} it, {counts[2]} "
            f"speak{'s' * (counts[2] == 1)} of it without either, and {silent} "
            f"{'is' if silent == 1 else 'are'} silent, which is no agreement."
        )

    def __str__(self) -> str:
        return "\n".join(
            [self.summary, *(f"{s.side}: {s.quoted.paper.title}: “{s.quoted.quote}”" for s in self.stances)]
        )


@dataclass(frozen=True)
class Difference:
    """Two papers that speak of the same thing and differ; `about` is the thing, `sureness` from 0 to 1."""

    kind: Kind
    about: str
    one: Quoted
    other: Quoted
    why: str
    sureness: float


@dataclass(frozen=True)
class Said:
    """A sentence of an overview and the words that it rests on. `verdict` is that of the check."""

    text: str
    quoted: tuple[Quoted, ...]
    verdict: Verdict = "supported"


@dataclass(frozen=True)
class Group:
    """Papers of an overview that do alike things: the terms that name them, the papers, and what they say."""

    name: str
    papers: tuple[Paper, ...]
    sentences: tuple[Said, ...]


@dataclass(frozen=True)
class Overview:
    """The papers on a subject in groups, the largest first.

    `timeline` are the papers with a date, the oldest first. `lacking` says what the library does not have. `model` is
    the model that wrote the sentences, None where they are the papers' own.
    """

    subject: str
    groups: tuple[Group, ...]
    timeline: tuple[Paper, ...]
    lacking: tuple[str, ...]
    model: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def papers(self) -> tuple[Paper, ...]:
        """All papers, in the order of the groups; their numbers in the text count from 1."""
        return tuple(dict.fromkeys(paper for group in self.groups for paper in group.papers))

    def __str__(self) -> str:
        lines = [self.subject]
        for group in self.groups:
            lines += ["", f"{group.name} ({len(group.papers)})", *(f"  {said.text}" for said in group.sentences)]
        return "\n".join([*lines, "", *self.lacking])


__all__: Sequence[str] = [
    "NOT_SAID", "Agreement", "Cell", "Column", "Difference", "Group", "Kind", "Overview", "Quoted", "Row", "Said",
    "Side", "Stance", "Table",
]  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """An entry of a draft's list of references beside the paper it means, None where there is none of it.

    `differences` say in words where the two do not agree on title, year or authors.
    """

    text: str
    paper: Paper | None = None
    differences: tuple[str, ...] = ()

"""What one question of a run came to: a line of `answers.jsonl`, with its gold, so that a line can be scored alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from eval.questions.gold import Question
from rag.formats.contract import answer_line
from rag.model import Answer, Verdict

Status = Literal["answered", "abstained", "failed"]


@dataclass(frozen=True)
class Mark:
    """One citation of a statement, by itself: what the verifier says of the statement with this citation alone.

    `rest` is the verdict with all other citations of the statement and without this one, None where there is no other.
    """

    number: int
    alone: Verdict
    rest: Verdict | None = None


@dataclass(frozen=True)
class Said:
    """A statement of an answer. `figures` are counted where words are cited, `quoted` those that are in the quotes."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    figures: int = 0
    quoted: int = 0


@dataclass(frozen=True)
class Cited:
    """A citation as the contract has it, without its offsets."""

    number: int
    paper_id: str
    title: str
    quote: str
    field: str | None = None


@dataclass(frozen=True)
class Record:
    """A question, its gold, and what was answered. `status` is "failed" where an error came in place of an Answer.

    `ranked` are paper ids, best first, and `scores` theirs; `titles` belong to the nearest papers of an abstention.
    `ms` is the time from question to Answer, `judged` the verdict of a judge model (0 to 1), `unscored` why it gave
    none. `confidence` is the probability, reckoned before answering, that the library answers, None where none was.
    `usage` counts tokens by kind; `cost_usd` is None where there is no model or its price is not known.
    """

    gold: Question
    split: str
    status: Status
    text: str = ""
    standalone: str = ""
    statements: tuple[Said, ...] = ()
    citations: tuple[Cited, ...] = ()
    ranked: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    titles: tuple[str, ...] = ()
    mode: str = ""
    model: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict, hash=False)
    cost_usd: float | None = None
    ms: float = 0.0
    error: str = ""
    judged: float | None = None
    unscored: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class Check:
    """What is found out about a statement while its papers are at hand."""

    marks: tuple[Mark, ...] = ()
    figures: int = 0
    quoted: int = 0


def answered(
    gold: Question, split: str, answer: Answer, *, ms: float, checks: tuple[Check, ...], judged: float | None = None,
    unscored: str = "",
) -> str:  # fmt: skip
    """The line of a question that was answered: the Answer as the contract has it, its gold, checks and time."""
    checked = [
        {"marks": [vars(mark) for mark in check.marks], "figures": check.figures, "quoted": check.quoted}
        for check in checks
    ]
    extra: dict[str, Any] = {"judged": judged, "unscored": unscored} if judged is not None or unscored else {}
    return _line(gold, split, {**json.loads(answer_line(answer)), "checks": checked, **extra, "ms": round(ms, 2)})


def failed(gold: Question, split: str, error: str, *, ms: float) -> str:
    """The line of a question that ended in an error."""
    return _line(gold, split, {"question": gold.question, "status": "failed", "error": error, "ms": round(ms, 2)})


def _line(gold: Question, split: str, said: Mapping[str, Any]) -> str:
    head = {"id": gold.id, "split": split, "kind": gold.kind}
    wanted = {"papers": gold.papers, "facts": gold.facts, "history": gold.history, "missing": gold.missing}
    return json.dumps({**head, **said, "gold": wanted}, ensure_ascii=False)


def read_record(line: str) -> Record:
    """The Record of a line.

    Raises:
        ValueError: it is none.
    """
    row = json.loads(line)
    try:
        return _record(row)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no record of a run: {error!r}") from error


def _record(row: Mapping[str, Any]) -> Record:
    wanted = row["gold"]
    gold = Question(
        str(row["id"]),
        row["kind"],
        row["question"],
        tuple(wanted["papers"]),
        tuple(tuple(group) for group in wanted["facts"]),
        tuple(wanted["history"]),
        wanted["missing"],
    )
    if row["status"] == "failed":
        return Record(gold, row["split"], "failed", ms=row["ms"], error=row["error"])
    said = zip(row["statements"], row["checks"], strict=True)
    return Record(
        gold,
        row["split"],
        row["status"],
        row["text"],
        row["standalone_question"],
        tuple(
            Said(
                one["text"],
                tuple(one["citations"]),
                one["verdict"],
                tuple(one["reasons"]),
                tuple(Mark(mark["number"], mark["alone"], mark["rest"]) for mark in check["marks"]),
                check["figures"],
                check["quoted"],
            )
            for one, check in said
        ),
        tuple(Cited(c["number"], c["paper_id"], c["title"], c["quote"], c["field"]) for c in row["citations"]),
        tuple(one["paper_id"] for one in row["ranked"]),
        tuple(one["score"] for one in row["ranked"]),
        tuple(one["title"] for one in row["nearest"]),
        row["mode"],
        row["model"],
        row["usage"],
        row.get("cost_usd"),
        row["ms"],
        judged=row.get("judged"),
        unscored=row.get("unscored", ""),
        confidence=row.get("confidence"),
    )

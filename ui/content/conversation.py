"""A conversation: what was asked and what came of it, also as JSON that the browser keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.formats.contract import answer_line
from rag.model import Answer, Citation, Paper, Ranked, Round, Statement, Turn

MOST_EXCHANGES = 50
_MOST_CHARACTERS = 4_000_000
PaperOf = Callable[[str], Paper | None]


@dataclass(frozen=True)
class Exchange:
    """One question with the filters it was asked with, and its answer, or the error that came instead."""

    question: str
    where: Mapping[str, Any] = field(default_factory=dict, hash=False)
    answer: Answer | None = None
    error: str | None = None
    fallback: bool = False
    """True when the model failed and the answer was taken from the abstracts instead."""


Conversation = tuple[Exchange, ...]


def turns(conversation: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The exchanges that have an answer, as the turns that a follow-up refers to."""
    told: list[Turn] = []
    for exchange in conversation:
        if exchange.answer:
            told += [Turn("user", exchange.question), Turn("assistant", exchange.answer.text)]
    return tuple(told)


def packed(conversation: Sequence[Exchange]) -> str:
    """The conversation as JSON; `unpacked` is its inverse. Papers are named by id, their abstracts left out."""
    return json.dumps([_packed(exchange) for exchange in conversation[-MOST_EXCHANGES:]], ensure_ascii=True)


def unpacked(kept: object, paper_of: PaperOf) -> Conversation:
    """The conversation that the browser kept; nothing when it cannot be read.

    `paper_of` gives a paper of the library by its id. A citation whose words no longer stand in its paper keeps its
    quote and loses its place.
    """
    if not isinstance(kept, str) or not kept or len(kept) > _MOST_CHARACTERS:
        return ()
    try:
        told = json.loads(kept)
        return tuple(_unpacked(item, paper_of) for item in told[-MOST_EXCHANGES:])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()  # an older page, or somebody's own hand: a fresh start loses nothing of the library


def as_data(conversation: Sequence[Exchange]) -> str:
    """The conversation as JSON for people and programs to read."""
    return json.dumps([_packed(exchange) for exchange in conversation], ensure_ascii=False, indent=2)


def _packed(exchange: Exchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "where": dict(exchange.where),
        "answer": json.loads(answer_line(exchange.answer)) if exchange.answer else None,
        "error": exchange.error,
        "fallback": exchange.fallback,
    }


def _unpacked(item: Mapping[str, Any], paper_of: PaperOf) -> Exchange:
    answer = item["answer"]
    error = item.get("error")
    return Exchange(
        str(item["question"]),
        dict(item["where"]),
        _answer(answer, paper_of) if answer else None,
        None if error is None else str(error),
        bool(item.get("fallback")),
    )


def _answer(told: Mapping[str, Any], paper_of: PaperOf) -> Answer:
    model = told["model"]
    cost = told.get("cost_usd")
    return Answer(
        question=str(told["question"]),
        standalone_question=str(told["standalone_question"]),
        status="answered" if told["status"] == "answered" else "abstained",
        text=str(told["text"]),
        statements=tuple(_statement(statement) for statement in told["statements"]),
        citations=tuple(_citation(citation, paper_of) for citation in told["citations"]),
        ranked=tuple(_ranked(ranked, paper_of) for ranked in told["ranked"]),
        nearest=tuple(_ranked(ranked, paper_of) for ranked in told["nearest"]),
        mode="generated" if told["mode"] == "generated" else "extractive",
        model=None if model is None else str(model),
        usage={str(kind): int(count) for kind, count in told["usage"].items()},
        timings_ms={str(step): float(ms) for step, ms in told["timings_ms"].items()},
        left_out=tuple(_statement(statement) for statement in told.get("left_out", ())),
        notes=tuple(str(note) for note in told.get("notes", ())),
        cost_usd=None if cost is None else float(cost),
        rounds=tuple(_round(one) for one in told.get("rounds", ())),
        sent_back=int(told.get("sent_back", 0)),
    )


def _round(told: Mapping[str, Any]) -> Round:
    by = told["asked_by"]
    asked_by: Literal["question", "model", "list"] = by if by in ("model", "list") else "question"
    return Round(asked_by, str(told["query"]), tuple(map(str, told["papers"])), tuple(map(str, told["cited"])))


def _statement(told: Mapping[str, Any]) -> Statement:
    verdict = told["verdict"]
    return Statement(
        str(told["text"]),
        tuple(int(number) for number in told["citations"]),
        verdict if verdict in ("supported", "weak") else "unsupported",
        tuple(str(reason) for reason in told["reasons"]),
        bool(told.get("contradicted")),
        None if told.get("probability") is None else float(told["probability"]),
    )


def _citation(told: Mapping[str, Any], paper_of: PaperOf) -> Citation:
    paper, quote, field_name = _paper(told, paper_of), str(told["quote"]), told.get("field")
    start, end = told.get("start"), told.get("end")
    stands = isinstance(start, int) and isinstance(end, int) and paper.abstract[start:end] == quote
    return Citation(
        int(told["number"]),
        paper,
        quote,
        start if stands else None,
        end if stands else None,
        None if field_name is None else str(field_name),
    )


def _ranked(told: Mapping[str, Any], paper_of: PaperOf) -> Ranked:
    place = (int(told.get("start", 0)), int(told.get("end", 0)))
    return Ranked(_paper(told, paper_of), float(told["score"] or 0), *place)


def _paper(told: Mapping[str, Any], paper_of: PaperOf) -> Paper:
    paper_id = str(told["paper_id"])
    return paper_of(paper_id) or Paper(paper_id, str(told["title"]))

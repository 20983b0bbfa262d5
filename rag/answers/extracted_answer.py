"""The Answer of drafted sentences: numbered, each checked against what it cites, with the papers ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answers.forms import Composition
from rag.answers.judging import Sentence
from rag.grounding.citations import number
from rag.grounding.verdict import check, check_fields
from rag.model import Answer, Citation, Ranked, Statement
from rag.retrieval.retriever import Found

NEAREST = 3
_RANKED = 10


def ranked_of(found: Found, ranking: Sequence[str] = ()) -> tuple[Ranked, ...]:
    """The ten best papers: those of `ranking`, ids, first."""
    place = {key: n for n, key in enumerate(ranking)}
    hits = sorted(found.hits, key=lambda hit: place.get(hit.paper.id, len(place)))
    return tuple(Ranked(hit.paper, round(hit.score, 4)) for hit in hits[:_RANKED])


def checked_answer(question: str, standalone: str, found: Found, composed: Composition) -> Answer:
    """The Answer of drafted sentences, each checked against what it cites; abstained when there are none."""
    ranked = ranked_of(found, composed.ranking)
    if not composed.drafts:
        nearest = () if composed.nearest is None else _near(composed.nearest, ranked)
        return Answer(
            question, standalone, "abstained", composed.missing or "The library does not say.", (), (), ranked,
            nearest=nearest, confidence=composed.confidence,
        )  # fmt: skip
    text, statements, citations = number(composed.drafts)
    by_number = {citation.number: citation for citation in citations}
    checked = tuple(_checked(statement, [by_number[n] for n in statement.citations]) for statement in statements)
    return Answer(question, standalone, "answered", text, checked, citations, ranked, confidence=composed.confidence)


def _near(sentences: Sequence[Sentence], ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The nearest papers, with the words in which each comes nearest where `sentences` have them."""
    spans = {sentence.candidate.paper.id: sentence.span for sentence in sentences}
    return tuple(Ranked(one.paper, one.score, *spans.get(one.paper.id, (0, 0))) for one in ranked[:NEAREST])


def _checked(statement: Statement, cited: Sequence[Citation]) -> Statement:
    fields = [(citation.field, citation.quote) for citation in cited if citation.field]
    if cited and len(fields) == len(cited):
        verdict, reasons = check_fields(statement.text, fields)
        return replace(statement, verdict=verdict, reasons=reasons)
    if not cited:  # what is counted over the whole library stands in none of its papers
        return statement
    found = check(statement.text, [citation.paper for citation in cited])
    return replace(
        statement, verdict=found.verdict, reasons=found.reasons, contradicted=found.contradicted,
        probability=found.probability,
    )  # fmt: skip

"""What the verifier says of parts of an Answer: each citation by itself, and figures against the quotes."""

from __future__ import annotations

from collections.abc import Sequence

from eval.questions.record import Check, Mark
from rag.grounding.verdict import check, check_fields
from rag.model import Answer, Citation, Statement, Verdict
from rag.text.figures import figures


def checks(answer: Answer) -> tuple[Check, ...]:
    """A Check for each statement of the answer, in order."""
    by_number = {citation.number: citation for citation in answer.citations}
    return tuple(
        _checked(statement, [by_number[n] for n in statement.citations if n in by_number])
        for statement in answer.statements
    )


def verdict(text: str, citations: Sequence[Citation]) -> Verdict:
    """The verdict on a statement that cites these and nothing else."""
    fields = [(citation.field, citation.quote) for citation in citations if citation.field]
    if fields and len(fields) == len(citations):
        return check_fields(text, fields)[0]
    return check(text, [citation.paper for citation in citations if not citation.field]).verdict


def figures_quoted(text: str, citations: Sequence[Citation]) -> tuple[int, int]:
    """How many figures a statement has, and how many of them its quotes (or the titles of what it cites) have.

    Numbers written as words are left out: most of them are no figures ("one of the"). So are statements about
    metadata, whose counts ("3 of the 21 papers with a date") are Footnote's own.
    """
    if not citations or any(citation.field for citation in citations):
        return 0, 0
    there = [one for citation in citations for one in figures(f"{citation.paper.title}. {citation.quote}")]
    said = [one for one in figures(text) if not one.spelled]
    return len(said), sum(any(one.equals(other) for other in there) for one in said)


def _checked(statement: Statement, citations: Sequence[Citation]) -> Check:
    marks = []
    for n, citation in enumerate(citations):
        others = [*citations[:n], *citations[n + 1 :]]
        # With one citation there is nothing to find out: the statement's own verdict is this citation's.
        alone = verdict(statement.text, [citation]) if others else statement.verdict
        marks.append(Mark(citation.number, alone, verdict(statement.text, others) if others else None))
    return Check(tuple(marks), *figures_quoted(statement.text, citations))

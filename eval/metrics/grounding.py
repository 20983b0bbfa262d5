"""Grounding: does the library say what the answers say?"""

from __future__ import annotations

from eval.metrics.score import Score, share
from eval.questions.record import Record


def supported(record: Record) -> Score | None:
    """Statements with the verdict "supported" over all statements, counted over all answers together.

    It is as good as the verifier, whose agreement with people's judgments is measured apart (`python -m eval
    agreement`). No score for an answer without statements.
    """
    return share(sum(said.verdict == "supported" for said in record.statements), len(record.statements))


def figures_quoted(record: Record) -> Score | None:
    """Figures that stand, in any spelling, in a quote or title that their statement cites, over all figures.

    Counted over all answers together; figures in statements about metadata are not. No score for an answer without
    figures.
    """
    return share(sum(said.quoted for said in record.statements), sum(said.figures for said in record.statements))

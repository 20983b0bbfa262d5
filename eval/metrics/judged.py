"""The verdict of a judge model, where a run had one."""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions.record import Record


def judged(record: Record) -> Score | None:
    """1 for right, ½ for partly right, 0 for wrong, as the judge said; no score without a judge or a readable verdict.

    The judge is named apart from the answering model (`--judge`), so that a change of the one never moves the other's
    scale.
    """
    return Score(record.judged) if record.judged is not None else None

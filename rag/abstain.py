"""When to say that the library does not say: signals of what was asked and found, weighed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.select import Asked, Candidate, Scored, nearness


@dataclass(frozen=True)
class Signals:
    """What speaks for and against an answer, each between 0 and 1 or so.

    `score`: the paper's in the ranking; `near`: how near the paper has the question's words; `meaning`: likeness of the best sentence; `coverage`: share of the question's terms, by weight, in the best
    sentence; `paper_coverage`: the same in all sentences of the paper; `figure`: how well a figure fits where one is
    asked for, else 1; `named`: the question names the paper; `unseen`: weight of the question's terms that the paper
    does not have at all, at most that of its rarest.
    """

    score: float
    meaning: float
    coverage: float
    near: float
    paper_coverage: float
    figure: float
    named: bool
    unseen: float

    @classmethod
    def of(cls, asked: Asked, targets: Sequence[Candidate], ranked: Sequence[Scored], *, named: bool) -> Signals:
        """The signals of the best ranked sentence among those of the targets."""
        if not ranked:
            return cls(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, named, 1.0)
        best = ranked[0]
        mine = [scored for scored in ranked if scored.candidate is best.candidate]
        covered = frozenset().union(*(scored.covered for scored in mine))
        wanted = best.wanted
        whole = sum(wanted.values())
        share = sum(wanted[term] for term in covered) / whole if whole else 1.0
        missing = [weight for term, weight in wanted.items() if term not in covered]
        return cls(
            score=best.candidate.score,
            near=float(nearness(asked, best.candidate, wanted, whole=True)[0]),
            meaning=max(scored.meaning for scored in mine),
            coverage=best.coverage if whole else 1.0,
            paper_coverage=share,
            figure=max(scored.figure for scored in mine) if asked.reading.figure else 1.0,
            named=named,
            unseen=max(missing, default=0.0),
        )

    def vector(self) -> np.ndarray:
        """The signals as numbers, in the order of the weights."""
        return np.array(
            [1.0, self.score, self.meaning, self.coverage, self.near, self.paper_coverage, self.figure, self.unseen]
        )


def answers(signals: Signals) -> bool:
    """True when the signals are for an answer."""
    return True

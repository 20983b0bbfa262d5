"""When to say that the library does not say: signals of what was asked and found, weighed together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.attributes import missing_attributes
from rag.names import name_key
from rag.select import Asked, Candidate, Scored, sentence_terms


@dataclass(frozen=True)
class Signals:
    """What speaks for and against an answer, from 0 to 1 but for the score.

    `reach`: how near the paper has the question's words, weighted, 1 for a word that it has; `meaning`: likeness of
    its nearest sentence; `coverage`: share of the question's terms in one
    sentence; `near`: how near one sentence has the question's words; `figure`: how well a figure
    fits where one is asked for, else 1; `attribute`: 0 when the question asks for a kind of fact (a licence, a price,
    a venue) of which the paper has no word, else 1; `others`: share of the other names in the question that the paper
    has, 1 without any; `score`: the paper's in the ranking, in standard deviations above the mean. `related` says
    that the question is about what the library is about. `named` says that
    the question names the paper, `listing` that it asks for papers, `foreign` that
    it is not in English.
    """

    reach: float
    meaning: float
    coverage: float
    near: float
    figure: float
    attribute: float
    others: float
    score: float
    related: bool
    named: bool
    listing: bool
    foreign: bool

    @classmethod
    def of(
        cls,
        asked: Asked,
        ranked: Sequence[Scored],
        *,
        others: Sequence[str],
        listing: bool = False,
        related: bool = True,
    ) -> Signals:
        """The signals of the paper with the best of the ranked sentences; `others`: keys of other names asked for."""
        best = ranked[0]
        mine = [scored for scored in ranked if scored.candidate is best.candidate]
        paper = best.candidate.paper
        text = f"{paper.title} {paper.abstract}"
        key = name_key(text)
        gaps, asked_for = missing_attributes(asked.reading.text, text)
        return cls(
            reach=reach(asked, best),
            meaning=max(scored.meaning for scored in mine),
            coverage=max(scored.coverage for scored in mine) if best.wanted else 1.0,
            near=max(scored.near for scored in mine) if best.wanted else 1.0,
            figure=max(scored.figure for scored in mine) if asked.reading.figure else 1.0,
            attribute=1.0 - len(gaps) / asked_for if asked_for else 1.0,
            others=sum(name in key for name in others) / len(others) if others else 1.0,
            score=best.candidate.score,
            related=related,
            named=best.candidate.named,
            listing=listing,
            foreign=asked.reading.foreign,
        )


def reach(asked: Asked, best: Scored) -> float:
    """How near the paper of a sentence has each word wanted, from 0 to 1, weighted; 1 for a word that it has."""
    candidate, wanted = best.candidate, best.wanted
    if not wanted:
        return 1.0
    covered = _terms_of(candidate)
    near = {term: 1.0 if term in covered else 0.0 for term in wanted}
    if candidate.word_vectors.size and asked.word_vectors.size:
        most = (asked.word_vectors @ candidate.word_vectors.T).max(axis=1)
        for term, likeness in zip(asked.terms, most, strict=True):
            if term in near:
                near[term] = max(near[term], float(likeness))
    return sum(weight * near[term] for term, weight in wanted.items()) / sum(wanted.values())


def _terms_of(candidate: Candidate) -> frozenset[str]:
    return sentence_terms(f"{candidate.paper.title}. {candidate.paper.abstract}")


def answers(signals: Signals) -> bool:
    """True when the signals are for an answer."""
    return probability(signals) >= 0.5


# Weights of reach, meaning, coverage, near, figure, attribute and the constant, for a question that names the paper,
# one that asks for papers, and any other. The first were fitted by logistic regression on the development questions, on
# the same questions asked of other papers, and on further questions for facts that abstracts do not give; the constant
# was moved to where one answerable question in twenty is refused. The others are set by hand between what questions
# have with and without their papers in the library.
_NAMED = (1.9, 4.2, 2.2, 1.7, 1.0, 4.0, -8.8)
_LISTING = (5.0, 8.0, 3.0, 0.0, 0.0, 0.0, -7.2)
_OPEN = (8.0, 4.0, 0.0, 0.0, 0.0, 0.0, -4.8)


def probability(signals: Signals) -> float:
    """The probability, from 0 to 1, that the paper answers the question, by a logistic model over the signals."""
    if signals.others < 1.0 and signals.named:
        return 0.0  # it is asked about something that the paper does not speak of
    if not signals.related and not signals.named and not signals.listing:
        return 0.0
    if signals.attribute == 0.0 and not signals.named and not signals.listing:
        return 0.0  # a licence, a price: a kind of fact of which the nearest paper has no word
    if signals.foreign:
        return 1.0  # the signals compare words, which a question in another language does not share with the library
    weights = _NAMED if signals.named else _LISTING if signals.listing else _OPEN
    values = (
        signals.reach, signals.meaning, signals.coverage, signals.near, signals.figure, signals.attribute, 1.0,
    )  # fmt: skip
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, values, strict=True))))

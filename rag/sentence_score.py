"""How well each sentence of a paper answers a question: a weighted sum of features, read as a probability.

The weights are fitted by `python -m eval fit-sentences --write` on judged questions: within a paper the scores are the
logits of a softmax over its sentences (a conditional logit), so that they tell how sure the choice is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from rag import cues
from rag.fact_fit import fact_fit
from rag.fact_kind import fact_kind
from rag.figures import figures
from rag.names import name_key
from rag.question import parts_of
from rag.select import Asked, Candidate, Scored, Vectors, figure_fit, nearness, own_keys, sentence_terms, wanted_terms
from rag.text import normal, terms
from rag.weights import read_weights, weights_file

WEIGHTS = weights_file("sentences")

_LONG = 40  # words
_ANY = ("open", "yes-no", "who")  # kinds of facts that any sentence may have
_Rows = NDArray[np.float64]


def score_sentences(asked: Asked, candidates: Sequence[Candidate], idf: Callable[[str], float]) -> list[Scored]:
    """All sentences of the candidates, best first."""
    weights = load_weights()
    found: list[Scored] = []
    for candidate in candidates:
        if not candidate.spans:
            continue
        wanted = wanted_terms(asked.reading, candidate.asked_as, idf)
        table, covered = features(asked, candidate, wanted)
        scores = sum(weights[name] * values for name, values in table.items())
        assert isinstance(scores, np.ndarray)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        for n in range(len(candidate.spans)):
            at = {name: float(table[name][n]) for name in ("meaning", "coverage", "near", "figure", "background")}
            found.append(
                Scored(
                    candidate, n, float(scores[n]), at["meaning"], at["coverage"], at["near"], covered[n], wanted,
                    at["figure"], asked, at["background"] > 0, float(shares[n]),
                )
            )  # fmt: skip
    return sorted(found, key=lambda scored: -scored.score)


def features(
    asked: Asked, candidate: Candidate, wanted: Mapping[str, float]
) -> tuple[dict[str, _Rows], list[frozenset[str]]]:
    """The features of each sentence by name, shape (n_sentences,) each, and the wanted terms that it has."""
    reading, question = asked.reading, normal(asked.reading.text)
    texts = [candidate.paper.abstract[start:end] for start, end in candidate.spans]
    folded = [normal(text) for text in texts]
    own = [sentence_terms(text) for text in texts]
    covered = [frozenset(wanted) & told for told in own]
    whole = sum(wanted.values()) or 1.0
    coverage = np.array([sum(wanted[term] for term in told) / whole for told in covered])
    near = nearness(asked, candidate, wanted).astype(np.float64)
    meaning = (candidate.vectors @ asked.vector).astype(np.float64)
    fits = [figure_fit(reading, text) if reading.figure else 0.0 for text in texts]
    written = [any(not figure.spelled for figure in figures(text)) for text in texts]
    # Of what others do a question speaks that asks for the problem.
    own_from = 0 if cues.ASKS_PROBLEM.search(question) else _first_own(candidate, folded)
    background = np.arange(len(texts)) < own_from
    facts = _facts(asked, candidate, texts)

    def flags(condition: bool, has: Callable[[str], object]) -> _Rows:
        return np.array([condition and bool(has(text)) for text in folded], dtype=np.float64)

    asks_parts = cues.ASKS_PARTS.search(question) is not None
    asks_offer = cues.ASKS_OFFER.search(question) is not None
    asks_how = not reading.figure and cues.ASKS_HOW.search(question) is not None
    asks_which = not wanted or cues.ASKS_WHICH.search(question) is not None  # "What is OwlNet?" asks for it, too
    table: dict[str, _Rows] = {
        # What the question says, in the same words, in near words, and as a whole; also against the paper's others.
        "meaning": meaning,
        "coverage": coverage,
        "near": near,
        "meaning_above": (meaning - meaning.mean()) / (meaning.std() + 0.05),
        "near_above": (near - near.mean()) / (near.std() + 0.05),
        "most_covered": ((coverage == coverage.max()) & (coverage > 0)).astype(np.float64),
        "told_apart": _told_apart(covered, wanted),
        "focus": _focus(asked, candidate, question),
        # A sentence often goes on from the one before, which names what it is about.
        "near_before": np.concatenate([[0.0], near[:-1]]),
        # A figure where one is asked for, of the kind that is asked for.
        "figure": np.array(fits),
        "fact": facts,
        "fact_near": facts * near,
        "no_figure": np.array([reading.figure and not has for has in written], dtype=np.float64),
        "figure_unasked": np.array([not reading.figure and has for has in written], dtype=np.float64),
        # What others do, what is offered for download, and how good it is, is seldom what was asked.
        "background": background.astype(np.float64),
        "offer": flags(not asks_offer, cues.OFFER.search),
        "result": flags(asks_how, cues.RESULT.search),
        # What the work is, where a work is asked for; causes, problems, parts and needs where those are.
        "defines": flags(True, cues.DEFINES.search),
        "defines_asked": flags(asks_which, cues.DEFINES.search),
        "cue": flags(True, lambda text: cues.is_told(question, text)),
        "parts": flags(asks_parts, cues.ENUMERATES.search),
        "denial": flags(True, lambda text: cues.denies(question, text)),
        # A sentence that begins so goes on from the claim to how it is done.
        "details": flags(True, cues.DETAILS.search),
        "length": np.array([min(len(text.split()) / _LONG, 1.0) for text in texts]),
    }
    return table, covered


def _facts(asked: Asked, candidate: Candidate, texts: Sequence[str]) -> _Rows:
    """How well each sentence has a fact of the kind that is asked for, or of the kinds; 0 where that cannot be told."""
    kinds = [fact_kind(part.text, candidate.asked_as) for part in parts_of(asked.reading)]
    if all(kind.kind in _ANY for kind in kinds):
        return np.zeros(len(texts))
    own = own_keys(candidate)
    return np.array([max(fact_fit(kind, text, own) for kind in kinds) for text in texts])


def _told_apart(covered: Sequence[frozenset[str]], wanted: Mapping[str, float]) -> _Rows:
    """Coverage in which a term counts the less the more sentences of the paper have it."""
    whole = sum(wanted.values()) or 1.0
    spread = {term: sum(term in told for told in covered) / len(covered) for term in wanted}
    return np.array([sum(wanted[term] * (1 - spread[term]) for term in told) / whole for told in covered])


def _focus(asked: Asked, candidate: Candidate, question: str) -> _Rows:
    """How near a sentence has the words right after "which" or "how many", less the mean over the sentences."""
    match = cues.FOCUS.search(question)
    focus = set(terms(match.group(1))) - cues.ASKING if match else set()
    rows = [n for n, term in enumerate(asked.terms) if term in focus]
    if not rows or not candidate.word_vectors.size or not asked.word_vectors.size:
        return np.zeros(len(candidate.spans))
    likeness = asked.word_vectors[rows] @ candidate.word_vectors.T
    best = np.zeros((len(rows), len(candidate.spans)))
    for n in range(len(candidate.spans)):
        inside = likeness[:, candidate.word_sentences == n]
        if inside.shape[1]:
            best[:, n] = inside.max(axis=1)
    near = best.mean(axis=0)
    above: _Rows = near - near.mean()
    return above


def _first_own(candidate: Candidate, folded: Sequence[str]) -> int:
    """The position of the first sentence that speaks of the paper's own work; what stands before is background."""
    key = name_key(candidate.name)
    for n, text in enumerate(folded):
        start, end = candidate.spans[n]
        if cues.OWN.search(text) or (key and key in name_key(candidate.paper.abstract[start:end])):
            return n
    return 0


def differs(scored: Scored) -> bool:
    """True when a sentence contradicts what the question takes for granted: a need, an effect, or a figure.

    A figure is contradicted when the paper has it nowhere, and the sentence has another of its kind.
    """
    asked, text = scored.asked.reading, scored.candidate.paper
    question, folded = normal(asked.text), normal(scored.text)
    if cues.TAKES_NEED.search(question) and asked.kind != "compare":
        return cues.DENIES_NEED.search(folded) is not None and bool(scored.covered)
    # "Worse" and "fails to" may be said of the others, and are then no contradiction.
    if cues.TAKES_EFFECT.search(question) and cues.NO_EFFECT.search(folded) and asked.kind != "compare":
        return bool(scored.covered)
    mine = figures(scored.text)
    known = figures(f"{text.title} {text.abstract}")
    return any(
        figure.unit
        and not any(figure.equals(other) for other in known)
        and any(other.unit == figure.unit for other in mine)
        for figure in figures(asked.text)
        if not figure.spelled
    )


def tells_result(scored: Scored) -> bool:
    """True for a sentence on results where the question asks for none: how good a thing is, and not how it works."""
    asked = normal(scored.asked.reading.text)
    if scored.asked.reading.figure or cues.ASKS_RESULT.search(asked):
        return False
    return cues.RESULT.search(normal(scored.text)) is not None


def offers(scored: Scored) -> bool:
    """True for a sentence on where code or data can be had."""
    return cues.OFFER.search(normal(scored.text)) is not None


def stacked(table: Mapping[str, _Rows]) -> Vectors:
    """The features as a matrix, shape (n_sentences, n_features), in the order of the table."""
    matrix: Vectors = np.stack(list(table.values()), axis=1).astype(np.float32)
    return matrix


@lru_cache(maxsize=1)
def load_weights() -> Mapping[str, float]:
    """The weight of each feature; in `features` they are computed, and each is there for the reason given there."""
    found: dict[str, float] = read_weights(WEIGHTS)
    return MappingProxyType(found)

"""When to say that the library does not say: signals of what was asked and found, weighed together."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag import cues
from rag.attributes import missing_attributes
from rag.fact_fit import fact_fit, kin
from rag.fact_kind import FactKind, fact_kind, proper_nouns
from rag.names import name_key
from rag.question import parts_of
from rag.select import Asked, Candidate, Scored, own_keys, sentence_terms
from rag.text import normal, terms
from rag.weights import read_weights, weights_file

Model = Literal["named", "list", "open"]
WEIGHTS = weights_file("abstention")
_LIKE = 0.85  # how near a word of the same kin is ("picture" for "image")
_ASKS_TRAINING = re.compile(r"\b(?:re-?train|fine-?tun|train)\w*")
_NO_TRAINING = re.compile(
    r"\b(?:training|tuning)-free|\b(?:without|no|needs? no|not require)(?: any)?(?: additional| further| extra)? "
    r"(?:re-?)?(?:training|fine-?tuning)"
)
_FEW = 6.5  # words
# Verbs so common that a paper says the same with another.
_COMMON = frozenset(
    terms(
        """change happen work affect make become grow know come go hurt need want give take find get use matter cause
        perform improve increase reduce turn keep let put run show see say tell think mean begin start stop end move
        bring hold allow enable enter add remove replace choose decide handle solve fix build create produce
        shrink rise fall widen narrow vary depend"""
    )
)
_PRESENT = 0.6  # from this nearness on a word counts as one that the paper has


@dataclass(frozen=True)
class Signals:
    """What speaks for and against an answer, from 0 to 1 but for `meaning` and `likeness` (-1 to 1) and `mass`.

    `reach`: how near the paper has the question's words, weighted; `head`: how near it has those for what is counted,
    measured or named; `meaning`: likeness of its nearest sentence; `likeness`: that of the nearest paper to the
    question. A fact of the kind that is sought: `fit`, how well any sentence has one; `fit_best`, the sentence that
    would be the answer; `fit_covered`, one that also has the question's words, `fit_near`, or words near them.
    `mass`: how many of the question's words the paper has, a logarithm, each counted by how rare it is in the library.
    `complete`: 1 less how rare the word of the question is that the paper is farthest from; in long questions, which
    say the same thing in many words, that hardly counts. `attribute`: 0 when the question asks for a kind of fact (a
    licence, a price, a venue) of which the paper has no word; `specifics`: of the proper nouns in a question for yes or
    no, the share that the paper has; `others`: that of the other names in the question. `named`: the question names
    the paper; `listing`: it asks for papers; `foreign`: it is not in English.
    """

    reach: float
    head: float
    meaning: float
    likeness: float
    fit: float
    fit_best: float
    fit_covered: float
    fit_near: float
    mass: float
    complete: float
    attribute: float
    specifics: float
    others: float
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
        idf: Callable[[str], float],
        likeness: float = 1.0,
        listing: bool = False,
    ) -> Signals:
        """The signals of the paper with the best of the ranked sentences.

        `others` are the keys of other names asked for, `idf` gives the weight of a term in the library, `likeness` is
        that of the paper nearest to the question.
        """
        best = ranked[0]
        candidate = best.candidate
        mine = [scored for scored in ranked if scored.candidate is candidate]
        text = f"{candidate.paper.title}. {candidate.paper.abstract}"
        key = name_key(text)
        near = nearness_of_terms(asked, candidate, best.wanted)
        whole = sum(best.wanted.values())
        kinds = [fact_kind(part.text, candidate.asked_as) for part in parts_of(asked.reading)]
        own = own_keys(candidate)
        gaps, attributes = missing_attributes(asked.reading.text, text)
        attribute = 1.0 - _share(len(gaps), attributes, none=0.0)
        question = normal(asked.reading.text)
        # A sentence that denies what the question takes for granted answers it, whatever was asked.
        denied = [_denies(question, scored) for scored in mine]
        # A row for each part of the question: it is answered as well as the best sentence for each, in the mean.
        fits = np.array([[fact_fit(kind, scored.text, own, others) for scored in mine] for kind in kinds])
        no = np.array(denied, dtype=float)
        fits = np.maximum(no, attribute * fits)
        covered = np.maximum(no, [scored.coverage if whole else 1.0 for scored in mine])
        # Without vectors of words, which not every embedder gives, only the same words are near.
        by_words = bool(asked.word_vectors.size and candidate.word_vectors.size)
        near_by = np.maximum(no, [scored.near if by_words else scored.coverage for scored in mine] if whole else 1.0)
        never = idf("\0")
        return cls(
            reach=_share(sum(weight * near[term] for term, weight in best.wanted.items()), whole),
            head=1.0 if any(denied) else min((_nearest(term, near, text) for term in kinds[0].head), default=1.0),
            meaning=max(scored.meaning for scored in mine),
            likeness=likeness,
            fit=_in_parts(fits),
            fit_best=float(fits[:, 0].mean()),
            fit_covered=_in_parts(fits * covered),
            fit_near=_in_parts(fits * near_by),
            mass=math.log1p(sum(w / never * near[term] for term, w in best.wanted.items() if near[term] > _PRESENT)),
            complete=1.0 - _lacking(best.wanted, near, never) / (1.0 + math.exp(len(best.wanted) - _FEW)),
            attribute=attribute,
            specifics=_specifics(asked.reading.text, kinds[0], own, key),
            others=_share(sum(name in key for name in others), len(others)),
            named=candidate.named,
            listing=listing,
            foreign=asked.reading.foreign,
        )


def _lacking(wanted: Mapping[str, float], near: Mapping[str, float], never: float) -> float:
    """How far the paper is from the question's word that counts most: by how rare it is, 1 for one never seen."""
    far = (w / never * math.sqrt(max(0.0, 1 - near[term])) for term, w in wanted.items() if term not in _COMMON)
    return max(far, default=0.0)


def _denies(question: str, scored: Scored) -> bool:
    """True when a sentence denies the training, or the effect, that the question takes for granted."""
    text = normal(scored.text)
    trained = _ASKS_TRAINING.search(question) and cues.TAKES_NEED.search(question)
    if trained and _NO_TRAINING.search(text):
        return True
    effect = cues.TAKES_EFFECT.search(question) and cues.DENIES_EFFECT.search(text)
    return bool(effect and scored.covered)


def _share(part: float, whole: float, *, none: float = 1.0) -> float:
    return part / whole if whole else none


def _in_parts(fits: NDArray[np.float64]) -> float:
    """The best sentence for each part of a question, in the mean; `fits` has a row for each part."""
    return float(fits.max(axis=1).mean())


def _specifics(text: str, kind: FactKind, own: Sequence[str], key: str) -> float:
    """Of the proper nouns in a question for yes or no the share that the paper has; 1 for other questions."""
    if kind.kind != "yes-no":
        return 1.0
    nouns = [noun for noun in map(name_key, proper_nouns(text)) if noun not in own]
    return _share(sum(noun in key or noun.removesuffix("s") in key for noun in nouns), len(nouns))


def nearness_of_terms(asked: Asked, candidate: Candidate, wanted: Mapping[str, float]) -> dict[str, float]:
    """How near a paper has each of the wanted terms, from 0 to 1: 1 for a word that it has."""
    present = sentence_terms(f"{candidate.paper.title}. {candidate.paper.abstract}")
    near = {term: 1.0 if term in present else _LIKE if kin(term) & present else 0.0 for term in wanted}
    if candidate.word_vectors.size and asked.word_vectors.size:
        most = (asked.word_vectors @ candidate.word_vectors.T).max(axis=1)
        for term, likeness in zip(asked.terms, most, strict=True):
            if term in near:
                near[term] = max(near[term], float(likeness))
    return near


def _nearest(term: str, near: Mapping[str, float], text: str) -> float:
    present = sentence_terms(text)
    return near.get(term, 1.0 if term in present else _LIKE if kin(term) & present else 0.0)


def measured_on(text: str, named: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Of the papers that a question names those on which something is measured: B of "the accuracy of A on B".

    None where it asks for no score or gain, or where nothing else is left that it could be about.
    """
    names = [name for candidate in named for name in candidate.asked_as]
    if fact_kind(text, names).kind not in ("score", "amount") or _SIDE_BY_SIDE.search(text):
        return ()
    found = tuple(
        candidate
        for candidate in named
        if candidate.asked_as
        and all(re.search(rf"\bon (?:the )?{re.escape(name)}(?!\w)", text, re.I) for name in candidate.asked_as)
    )
    return found if len(found) < len(named) else ()


_SIDE_BY_SIDE = re.compile(r"\b(?:and|both|versus|vs|or|each|either|compared?)\b", re.IGNORECASE)


def answers(signals: Signals) -> bool:
    """True when the signals are for an answer.

    Refused is what is less likely to be answered than the least likely of those that may be refused in vain: how many
    these are was set when the weights were fitted.
    """
    return probability(signals) >= load_weights()[model_of(signals)]["threshold"]


def probability(signals: Signals) -> float:
    """The probability, from 0 to 1, that the paper answers the question, by a logistic model over the signals."""
    if signals.foreign:
        return 1.0  # the signals compare words, which a question in another language does not share with the library
    weights = load_weights()[model_of(signals)]
    logit = sum(weight * float(getattr(signals, name)) for name, weight in weights.items() if name in _SIGNALS)
    return 1 / (1 + math.exp(-logit - weights["constant"]))


def model_of(signals: Signals) -> Model:
    """Which of the models a question goes by: it names the paper, it asks for papers, or neither."""
    return "named" if signals.named else "list" if signals.listing else "open"


_SIGNALS = frozenset(Signals.__dataclass_fields__)


@lru_cache(maxsize=1)
def load_weights() -> Mapping[Model, Mapping[str, float]]:
    """The weights of the signals, the constant and the threshold, for a question that names the paper, that asks for
    papers, and any other.

    `python -m eval fit-abstention --write` writes them.
    """
    found: dict[Model, Mapping[str, float]] = read_weights(WEIGHTS)
    return MappingProxyType(found)

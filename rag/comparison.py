"""The comparison of papers that a question names: a sentence or two on each, as far as possible on the same aspect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rag import cues
from rag.citations import Draft
from rag.compose import SURE, Ask, Composition, drafted, facts, overview
from rag.select import Asked, Candidate, Scored, Vectors
from rag.sentence_score import offers, score_sentences, tells_result
from rag.text import normal

MOST_COMPARED = 4
_WORDS = 120
_SENTENCES = 8
_RESULT, _DEFINES = 1.0, 0.8
# Below this weight of the words that are left when names and words of asking are gone, nothing says what to compare.
_ASPECT = 2.5
_PULL, _NEW = 1.0, 1.5


def compared(ask: Ask, candidates: Sequence[Candidate], apart: Mapping[str, Asked]) -> Composition:
    """Sentences on each of the papers that the question names, in the order in which it names them.

    `apart` has for each paper, by id, the question without the names of the others: they are no words to look for.
    """
    named = sorted((c for c in candidates if c.named), key=lambda c: _place(ask, c))[:MOST_COMPARED]
    sides = [_own(score_sentences(apart.get(c.paper.id, ask.whole), [c], ask.idf)) for c in named]
    sides = [scored for scored in sides if scored]
    if len(sides) < 2:  # of the others the library has only the titles
        return facts(ask, candidates)
    drafts: list[Draft] = []
    whole = _WORDS if ask.whole.reading.kind == "compare" else max(ask.budget_words, _WORDS)
    share = whole // len(sides)
    for scored, best in zip(sides, _side_by_side(sides), strict=True):
        if not scored[0].wanted:  # nothing is said but names
            first, *rest = overview(scored, share)
            drafts += [drafted(first), *(drafted(one, first.candidate) for one in rest[:1])]
            continue
        pair = [best]
        more = _second(scored, best) if best.share < SURE else None
        if more is not None and len(best.text.split()) + len(more.text.split()) <= share:
            pair = sorted((best, more), key=lambda s: s.position)
        drafts += [
            drafted(one, before.candidate if before else None) for before, one in zip([None, *pair], pair, strict=False)
        ]
    return Composition(tuple(drafts))


def _own(scored: Sequence[Scored]) -> list[Scored]:
    """The best sentences on the paper's own work; what others do, or what can be downloaded, is nothing to compare."""
    offered = cues.ASKS_OFFER.search(normal(scored[0].asked.reading.text)) if scored else None
    own = [s for s in scored if not s.background and (offered or not offers(s))]
    return own[:_SENTENCES] or list(scored[:_SENTENCES])


def _place(ask: Ask, candidate: Candidate) -> int:
    """Where the question first names a paper; at its end for one that it names in another way."""
    text = ask.whole.reading.text.casefold()
    places = [text.find(name.casefold()) for name in (*candidate.asked_as, candidate.name) if name]
    return min((place for place in places if place >= 0), default=len(text))


def _second(scored: Sequence[Scored], best: Scored) -> Scored | None:
    """The sentence that says most of what the first leaves open."""
    rest = [s for s in scored if s is not best and (not tells_result(s) or best.figure)]
    if not rest:
        return None
    return max(rest, key=lambda s: _worth(s) + _NEW * _weight(s.covered - best.covered, s))


def _side_by_side(sides: Sequence[Sequence[Scored]]) -> list[Scored]:
    """One sentence of each paper: good ones, that tell how it works, and near one another in meaning.

    The nearer the less the question itself says what to compare.
    """
    chosen = [max(scored, key=_worth) for scored in sides]
    pull = _PULL * (1 if _says_aspect(sides[0][0]) else 2)
    for _ in range(3):
        for n, scored in enumerate(sides):
            others = [_vector(other) for m, other in enumerate(chosen) if m != n]
            anchor = np.mean(others, axis=0)
            worths = [_worth(sentence) + pull * float(_vector(sentence) @ anchor) for sentence in scored]
            chosen[n] = scored[int(np.argmax(worths))]
    return chosen


def _worth(scored: Scored) -> float:
    aspect = _says_aspect(scored)
    worth = scored.score - _RESULT * (1 if aspect else 2) * tells_result(scored)
    return worth + (0 if aspect else _DEFINES) * _defines(scored)


def _says_aspect(scored: Scored) -> bool:
    return sum(scored.wanted.values()) >= _ASPECT


def _defines(scored: Scored) -> bool:
    """True for a sentence that says what the paper's work is: "OwlNet is ...", "we propose ..."."""
    return cues.DEFINES.search(normal(scored.text)) is not None


def _weight(covered: frozenset[str], scored: Scored) -> float:
    whole = sum(scored.wanted.values())
    return sum(scored.wanted[term] for term in covered) / whole if whole else 0.0


def _vector(scored: Scored) -> Vectors:
    row: Vectors = scored.candidate.vectors[scored.position]
    return row

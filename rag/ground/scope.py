"""Scope: does the statement say all, always or best, or drop an "up to", where what it cites does not?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.ground.doubt import Doubt
from rag.ground.lexicon import BOUND_UP, HEDGES, SUPERLATIVES, UNIVERSAL_PHRASES, UNIVERSALS
from rag.ground.words import Reading, Source, aligned

_STRONG = frozenset("always never whatever whichever invariably entirely completely altogether wholly totally".split())


def scope_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for a universal or a superlative that the evidence does not have there, and for a dropped "up to"."""
    near = aligned(sentence, evidence)
    said = {word.text for word in sentence.words}
    given = {word.text for other in near for word in other.words}
    folded = " ".join(other.folded for other in near)
    yield from _universal(sentence, said, given, folded, evidence)
    yield from _superlative(sentence, said, given, evidence)
    yield from _bound(sentence, near)


def _universal(
    sentence: Reading, said: set[str], given: set[str], folded: str, evidence: Source
) -> Iterator[Doubt]:
    found = [word.text for word in sentence.words if word.text in UNIVERSALS]
    found += [phrase for phrase in UNIVERSAL_PHRASES if re.search(rf"\b{phrase}\b", sentence.folded)]
    if re.search(r"\bnothing but\b|\bnone of them\b|\ball that\b|\bnot all\b|\bnot every\b|\ball of\b", sentence.folded):
        found = [word for word in found if word not in ("all", "nothing", "none", "every")]
    if "each other" in sentence.folded:
        found = [word for word in found if word != "each"]
    found = [word for word in found if word not in given and word not in folded]
    if given & {"not", "without", "no", "never"}:
        found = [word for word in found if word not in ("never", "none", "nothing")]
    if not found:
        return
    elsewhere = {word.text for other in evidence.sentences for word in other.words}
    if given & UNIVERSALS - {"fully", "each", "proves", "fully"} or found[0] in elsewhere:
        strength = 0.3
    else:
        strength = 1.0 if (given - said) & HEDGES or set(found) & _STRONG else 0.8
    yield Doubt("universal", strength, f"it says {found[0]} where what it cites does not")


def _superlative(sentence: Reading, said: set[str], given: set[str], evidence: Source) -> Iterator[Doubt]:
    everything = {word.text for other in (evidence.heading, *evidence.sentences) for word in other.words}
    for word in sentence.words:
        if word.text in SUPERLATIVES and word.text not in everything and not everything & _like(word.text):
            before = sentence.folded[: word.start]
            if word.text in ("first", "only", "most", "latest") or before.endswith(("at ", "the best ")):
                continue
            yield Doubt("universal", 0.6, f"it says {word.text} where what it cites does not")
            return


def _like(word: str) -> frozenset[str]:
    """The words that bear out a superlative."""
    more = {
        "best": "optimal optimally top leading pinnacle peak maximum highest state-of-the-art sota superior lead leads",
        "highest": "maximum best peak top", "largest": "biggest", "strongest": "best leading top", "lowest": "minimum least",
        "sole": "only solely single", "smallest": "minimum least", "fastest": "quickest",
    }  # fmt: skip
    return frozenset(more.get(word, "").split())


def _bound(sentence: Reading, near: list[Reading]) -> Iterator[Doubt]:
    for figure in sentence.figures:
        if figure.spelled and not figure.unit:
            continue
        for other in near:
            for found in other.figures:
                if not found.equals(figure):
                    continue
                theirs = other.folded[max(0, found.start - 22) : found.start]
                ours = sentence.folded[max(0, figure.start - 40) : figure.start] + sentence.folded[figure.end : figure.end + 24]
                if not re.search(r"(?:up to|as much as|as many as|at most|as far as)\s?[~≤<$(]*\s?$", theirs):
                    continue
                if any(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", ours) for word in BOUND_UP):
                    return
                yield Doubt("hedge", 1.0, f"what it cites says up to {sentence.folded[figure.start : figure.end].strip()}")
                return

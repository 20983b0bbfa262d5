"""Scope: does the statement say all, always or best, or drop an "up to", where what it cites does not?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import BOUND_UP, HEDGES, QUANTITIES, SUPERLATIVES, UNIVERSAL_PHRASES, UNIVERSALS
from rag.grounding.checks.negation import negated
from rag.grounding.checks.sentence import Reading, Source, Word, aligned

_AT_THE_TOP = re.compile(
    r"state.of.the.art|\bsota\b|\bbest\b|\bfirst\b|\b1st\b|\bleading\b|\btop\b|\bhighest\b|new record"
)
_MAY = re.compile(r"\b(?:may|might|could|can|would|perhaps|likely|possib\w+|potential\w*|promis\w+|suggest\w*)\b")
_SHOWN = frozenset("prove proves proved".split())  # a paper proves what it states
_FREELY = frozenset("independent independently regardless irrespective arbitrary arbitrarily any all every".split())
_MEANT = dict.fromkeys("whatever whichever wherever any all every".split(), _FREELY)
_COUNTED = frozenset("two three four five six seven eight nine ten 2 3 4 5 6 7 8 9 10".split())
_LEADS = ("best", "leading", "strongest", "top", "highest")
_STRONG = frozenset("always never whatever whichever invariably entirely completely altogether wholly totally".split())


def scope_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for a universal or a superlative that the evidence does not have there, and for a dropped "up to"."""
    near = aligned(sentence, evidence)
    yield from _universal(sentence, near, evidence)
    yield from _superlative(sentence, evidence)
    yield from _first_place(sentence, evidence)
    yield from _bound(sentence, near)
    yield from _certain(sentence, near)


def _universal(sentence: Reading, near: Sequence[Reading], evidence: Source) -> Iterator[Doubt]:
    denied = any({"not", "without", "no", "never"} & {word.text for word in other.words} for other in near)
    said = {word.text for other in evidence.sentences for word in other.words}
    own = {word.text for word in sentence.words}
    for n, word in enumerate(sentence.words):
        if word.text not in UNIVERSALS or _no_claim(sentence, n):
            continue
        if denied and word.text in ("never", "none", "nothing"):
            continue
        if word.text == "any" and n in negated(sentence):
            continue
        beside = _beside(sentence.words, n)
        borne = loose = hedged = False
        hedges = QUANTITIES if word.text == "each" else HEDGES
        for other in near:
            for m, there in enumerate(other.words):
                softened = m > 0 and other.words[m - 1].text == "not"
                if (there.text in UNIVERSALS or there.text in ("across", "both")) and not softened:
                    loose = loose or there.text in UNIVERSALS
                    borne = borne or (there.text in UNIVERSALS and bool(beside & _beside(other.words, m)))
                elif ((there.text in hedges and there.text not in own) or softened) and _after(
                    sentence.words, n
                ) & _after(other.words, m):
                    hedged = True
        if borne and not hedged:
            continue
        loose = loose or any(word.text == w.text for other in evidence.sentences for w in other.words)
        if not hedged and (word.text in _SHOWN or _MEANT.get(word.text, frozenset()) & said):
            continue
        if hedged and not borne:
            yield Doubt("universal", 1.0, f"it says {word.text} where what it cites does not")
        else:
            strength = 0.4 if loose else 1.0 if word.text in _STRONG else 0.8
            strength *= 0.5 if word.text == "each" else 1.0
            yield Doubt("broad", strength, f"it says {word.text} where what it cites does not")
        return
    for phrase in UNIVERSAL_PHRASES:
        if re.search(rf"\b{phrase}\b", sentence.folded) and not any(phrase in other.folded for other in near):
            yield Doubt("broad", 0.8, f"it says {phrase} where what it cites does not")
            return


def _first_place(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    place = re.search(
        r"first place|\b(?:ranks?|comes?|came|is) first\b|number one|state.of.the.art|\bsota\b", sentence.folded
    )
    if place and not any(_AT_THE_TOP.search(other.folded) for other in evidence.sentences):
        yield Doubt("universal", 0.8, f"it says {place.group()} where what it cites does not")


def _certain(sentence: Reading, near: Sequence[Reading]) -> Iterator[Doubt]:
    """A mild doubt when a deed is said for certain that the evidence says may be."""
    if not near or _MAY.search(sentence.folded):
        return
    for n, word in enumerate(near[0].words):
        if word.text in ("may", "might", "could"):
            deeds = frozenset([w.stem for w in near[0].words[n + 1 : n + 5] if w.stem][:2])
            if deeds and deeds <= sentence.stems:
                yield Doubt("hedge", 0.5, f"what it cites only says that it {word.text}")
                return


def _no_claim(sentence: Reading, n: int) -> bool:
    """True for a universal that claims nothing about all: "each other", "not all", "all that it needs"."""
    words = sentence.words
    before = words[n - 1].text if n else ""
    after = words[n + 1].text if n + 1 < len(words) else ""
    return (
        (words[n].text == "each" and after == "other")
        or before in ("not", "at", "above", "after", "nearly", "almost", "hardly", "virtually")
        or (words[n].text in ("all", "everything") and after in ("that", "in"))
        or (words[n].text == "all" and after in _COUNTED)  # "all three": the number says how many those are
        or (words[n].text == "nothing" and after == "but")
        or (words[n].text == "none" and after == "of")
    )


def _after(words: tuple[Word, ...], n: int) -> frozenset[str]:
    return frozenset([w.stem for w in words[n + 1 : n + 6] if w.stem][:2])


def _beside(words: tuple[Word, ...], n: int) -> frozenset[str]:
    before = [w.stem for w in words[max(0, n - 3) : n] if w.stem][-1:]
    after = [w.stem for w in words[n + 1 : n + 6] if w.stem][:2]
    return frozenset(before + after)


def _superlative(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    everything = {word.text for other in (evidence.heading, *evidence.sentences) for word in other.words}
    for word in sentence.words:
        if word.text in SUPERLATIVES and word.text not in everything and not everything & _like(word.text):
            before = sentence.folded[: word.start]
            if word.text in ("first", "only", "most", "latest") or before.endswith(("at ", "the best ")):
                continue
            if word.text in _LEADS and any(_AT_THE_TOP.search(other.folded) for other in evidence.sentences):
                continue
            strength = 0.6 if word.text in ("best", "strongest", "sole") else 0.3
            yield Doubt("broad", strength, f"it says {word.text} where what it cites does not")
            return


def _like(word: str) -> frozenset[str]:
    """The words that bear out a superlative."""
    more = {
        "best": "optimal optimally top leading pinnacle peak maximum highest state-of-the-art sota superior lead leads",
        "highest": "maximum best peak top", "largest": "biggest", "strongest": "best leading top",
        "lowest": "minimum least",
        "sole": "only solely single", "smallest": "minimum least", "fastest": "quickest",
    }  # fmt: skip
    return frozenset(more.get(word, "").split())


def _bound(sentence: Reading, near: Sequence[Reading]) -> Iterator[Doubt]:
    for figure in sentence.figures:
        if figure.spelled and not figure.unit:
            continue
        for other in near:
            for found in other.figures:
                if not found.equals(figure):
                    continue
                theirs = other.folded[max(0, found.start - 22) : found.start]
                ours = (
                    sentence.folded[max(0, figure.start - 40) : figure.start]
                    + sentence.folded[figure.end : figure.end + 24]
                )
                if not re.search(r"(?:up to|as much as|as many as|at most|as far as)\s?[~≤<$(]*\s?$", theirs):
                    continue
                if any(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", ours) for word in BOUND_UP):
                    return
                yield Doubt(
                    "hedge", 1.0, f"what it cites says up to {sentence.folded[figure.start : figure.end].strip()}"
                )
                return

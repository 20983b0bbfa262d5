"""Negations: is a thing denied that the evidence says, or said that the evidence denies?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import ALSO_NEGATIONS, NEEDS, NEGATIONS, NOT_NEGATIONS
from rag.grounding.checks.sentence import Reading, Source, aligned, overlap
from rag.text.units import UNITS

_SCOPE = 5
_COMMON = 4
_STOPS = frozenset("but while whereas although though however which that because so yet until when both if".split())
_AWAY = frozenset("for on in at to over".split())  # "walks without a rope on ice" walks on ice
_NEEDED = frozenset("needed required necessary".split())
_MILD = frozenset("no none hardly instead rather neither nor".split())
_PLAIN = frozenset("not never cannot without".split())
_UNTIL = re.compile(r"[^.;:]{0,60}\buntil\b")  # what is not so until then is so afterwards
_LISTED = re.compile(r"(?:[\w-]+ ){1,3}(?:n?or|and) [\w-]")  # the rest of "no pulses, electronics or detectors"
_PASSES = re.compile(r"[;:.]|--|(?<= )- ")


@lru_cache(maxsize=1024)
def negated(reading: Reading) -> frozenset[int]:
    """The positions of the words of a sentence that stand under an odd number of negations."""
    words, folded = reading.words, reading.folded
    counts = [0] * len(words)
    void = [
        (match.start(), match.end())
        for phrase in NOT_NEGATIONS
        for match in re.finditer(rf"\b{re.escape(phrase)}\b", folded)
    ]
    also = [match.end() for phrase in ALSO_NEGATIONS for match in re.finditer(rf"\b{re.escape(phrase)}\b", folded)]
    for n, word in enumerate(words):
        if word.text == "free" and n and folded[word.start - 1] == "-":
            counts[n - 1] += 1
            if n > 1 and folded[words[n - 1].start - 1] == "-":
                counts[n - 2] += 1
            continue
        if word.text == "non" and n + 1 < len(words):
            counts[n + 1] += 1
            continue
        cue = word.text in NEGATIONS or word.text.endswith("n't")
        if word.text in ("instead", "rather"):
            cue = n + 1 < len(words) and words[n + 1].text in ("of", "than")
        if word.text == "stop" and (n == 0 or words[n - 1].text != "not"):
            cue = True
        if any(start <= word.start < end for start, end in void):
            cue = False
        if any(word.start < end <= word.end + 1 for end in also):
            cue = True
        if cue and not _UNTIL.match(folded, word.end):
            _deny(reading, n, counts)
    return frozenset(n for n, count in enumerate(counts) if count % 2)


def _deny(reading: Reading, n: int, counts: list[int]) -> None:
    words, folded = reading.words, reading.folded
    near = {word.text for word in (*words[max(0, n - 2) : n], *words[n + 1 : n + 3])}
    if near & _NEEDED:
        # "Humans are needed neither for ...", "no training is required": what stands before is denied too.
        back = 0
        for m in range(n - 1, -1, -1):
            if words[m].clause < words[n].clause or back >= 3:
                break
            counts[m] += 1
            back += bool(words[m].stem)
    seen = 0
    for m in range(n + 1, len(words)):
        word = words[m]
        if words[n].text == "without" and seen and word.text in _AWAY:
            return
        if word.text in _STOPS or _PASSES.search(folded, words[m - 1].end, word.start) or seen >= _SCOPE:
            return
        if word.text == "nor" or (word.text in NEGATIONS and words[m - 1].text in ("and", "or", "nor", "with")):
            return
        if "," in folded[words[m - 1].end : word.start] and word.text not in ("nor", "or") and seen:
            if not _LISTED.match(folded, word.start):
                return
            seen = min(seen, _SCOPE - 3)
        counts[m] += 1
        seen += bool(word.stem)


def negation_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when words that the statement shares with the evidence are denied in one and said in the other."""
    near = aligned(sentence, evidence)
    if not near:
        return
    best = overlap(sentence, near[0])
    near = tuple(other for other in near if overlap(sentence, other) >= 0.6 * best)
    ours = _polarities(sentence)
    theirs: dict[str, set[bool]] = {}
    for other in evidence.sentences:
        for stem, denied in _polarities(other).items():
            if other in near or stem.endswith("-free"):
                theirs.setdefault(stem, set()).update(denied)
    clash = [stem for stem, denied in ours.items() if stem in theirs and len(denied) == 1 and not denied & theirs[stem]]
    # A name, or what the whole abstract is about, denied here and not there is more often another side of the story:
    # "do not go to the NPU".
    keys = {stem for a, b, _ in sentence.named for stem in _within(sentence, a, b)}
    common = {stem for stem in clash if sum(stem in other.stems for other in evidence.sentences) >= _COMMON}
    clash = [stem for stem in clash if not (True in ours[stem] and stem in keys | common)]
    # "Zero violations" and "0.0% violations" deny without a word of denial.
    none_of = {stem for one in (sentence, *near) for stem in _none_of(one)}
    clash = [stem for stem in clash if stem not in none_of]
    if not clash:
        return
    agreed = [stem for stem, denied in ours.items() if True in denied and True in theirs.get(stem, ())]
    strength = len(clash) / (len(clash) + len(agreed) + 1)
    strength *= _certainty(sentence, near, clash, ours)
    if len({True in ours[stem] for stem in clash}) == 2:
        strength = 1.0  # "harden rather than soften" against "soften rather than harden"
    denies = any(True in ours[stem] for stem in clash)
    what = ", ".join(sorted(clash)[:3])
    said = ("denies", "says") if denies else ("says", "denies")
    yield Doubt("negation", min(1.0, strength), f"it {said[0]} what it cites {said[1]}: {what}")


def _none_of(reading: Reading) -> list[str]:
    """The stems of the two content words behind each zero of a sentence."""
    zeros = [figure.end for figure in reading.figures if figure.value == 0]
    return [word.stem for end in zeros for word in [word for word in reading.content if word.start >= end][:2]]


def _within(reading: Reading, start: int, end: int) -> list[str]:
    return [word.stem for word in reading.words if start <= word.start < end]


def _certainty(
    sentence: Reading, near: Sequence[Reading], clash: Sequence[str], ours: Mapping[str, set[bool]]
) -> float:
    """How much a clash of words counts: half, where nothing shows that the same thing is spoken of."""
    texts = {word.text for word in sentence.words}
    if any(True in ours[stem] for stem in clash):
        if texts & _MILD and not texts & _PLAIN:
            return 0.25
        if len(clash) == 1 and not clash[0].endswith("-free"):
            return 0.8
    elif NEEDS.search(sentence.folded) or any(_freed(other) & set(clash) for other in near):
        return 1.6
    same = any(stem.endswith("-free") or _company(sentence, stem) & _companies(near, stem) for stem in clash)
    return 1.0 if same else 0.5


def _freed(reading: Reading) -> set[str]:
    """The stems that the reading has in "-free" words: train of "training-free"."""
    return {
        reading.words[n - 1].stem
        for n, word in enumerate(reading.words)
        if n and word.text == "free" and reading.folded[word.start - 1] == "-"
    }


def _company(reading: Reading, stem: str) -> frozenset[str]:
    """The stems of the two content words on either side of a word."""
    content = reading.content
    return frozenset(
        beside.stem
        for n, word in enumerate(content)
        if word.stem == stem
        for beside in (*content[max(0, n - 2) : n], *content[n + 1 : n + 3])
    )


def _companies(readings: Sequence[Reading], stem: str) -> frozenset[str]:
    return frozenset[str]().union(*(_company(reading, stem) for reading in readings))


def _polarities(reading: Reading) -> dict[str, set[bool]]:
    denied = negated(reading)
    found: dict[str, set[bool]] = {}
    for n, word in enumerate(reading.words):
        unit = n and word.text in UNITS and reading.words[n - 1].text[0].isdigit()
        if word.stem and not word.text[0].isdigit() and not unit:
            found.setdefault(word.stem, set()).add(n in denied)
        if word.text == "free" and n and reading.folded[word.start - 1] == "-":
            found.setdefault(f"{reading.words[n - 1].text}-free", set()).add(n in denied)
    return found

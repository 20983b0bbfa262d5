"""Parts: of a statement on several papers, what it says of each, by the names that are the paper's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.sentence import Reading, Source, overlap, read
from rag.text.names import name_key

_CUT = re.compile(r"[;:]\s|,?\s(?:and|while|whereas|but|although)\s|,\s")
_FEWEST = 3  # content words besides the name: fewer say nothing that could be checked
_NO_SUBJECT = re.compile(r"\b(?:on|in|with|than|over|against|using|by|for|from|to|of|like|unlike|as)\s(?:the\s)?$")


def parts(sentence: Reading, sources: Sequence[Source]) -> list[tuple[Reading, int]]:
    """The parts of a statement that name the work of one of the papers alone, each with the place of that paper.

    A part ends where a clause on another paper begins. A sentence that names two of them in one breath has no parts.
    """
    text = sentence.text
    cuts = [0, *(match.end() for match in _CUT.finditer(text)), len(text)]
    found: list[tuple[int, int, frozenset[int]]] = []
    for start, end in pairwise(cuts):
        named = owners(read(text[start:end]), sources)
        if found and (not named or named == found[-1][2]):
            found[-1] = (found[-1][0], end, found[-1][2])
        else:
            found.append((start, end, named))
    whole = [(read(text[start:end].strip(" ,;")), named) for start, end, named in found]
    apart = [(part, min(named)) for part, named in whole if len(named) == 1 and len(part.stems) > _FEWEST]
    return apart if len(apart) > 1 and len(apart) == len(whole) else []


def owners(reading: Reading, sources: Sequence[Source]) -> frozenset[int]:
    """The places of the papers whose own names stand in a text, and are no other's of them."""
    found: set[int] = set()
    for key in reading.keys:
        having = [n for n, one in enumerate(sources) if one.owns(key)]
        if len(having) == 1:
            found.update(having)
    return frozenset(found)


def subject_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when a statement begins with a name not the paper's own, and says what is said there without it."""
    named = list(sentence.named)
    if sentence.words and any(
        name_key(sentence.words[0].text) == key for one in evidence.sentences for *_, key in one.named
    ):
        first = sentence.words[0]
        named.append((first.start, first.end, name_key(first.text)))
    if not named or not evidence.own:
        return
    start, _, key = min(named)
    before = [word for word in sentence.content if word.start < start]
    if evidence.owns(key) or len(before) > 1 or _NO_SUBJECT.search(sentence.folded[:start]):
        return
    if any(evidence.owns(other) for _, _, other in sentence.named):
        return  # it is about both
    with_it = [overlap(sentence, other) for other in evidence.sentences if key in other.keys]
    without = [overlap(sentence, other) for other in evidence.sentences if key not in other.keys]
    if len(with_it) > 1:
        return  # what the abstract keeps speaking of is hardly another's
    if with_it and without and max(without) >= 4 and max(without) >= max(with_it) + 1:
        yield Doubt("subject", 1.0, f"what it cites does not say so of {sentence.folded[start:].split()[0]}")

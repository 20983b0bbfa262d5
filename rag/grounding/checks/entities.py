"""Names: is each system, benchmark and data set in the evidence, and in the role that the statement gives it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import NAMELESS
from rag.grounding.checks.sentence import Reading, Source, stem
from rag.text.names import name_key


def name_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt for each name of the sentence that neither the title nor the text of what it cites has."""
    for name in dict.fromkeys(sentence.names):
        if not has_name(evidence, name):
            yield Doubt("name", 1.0, f"{name} is not in what it cites")


def has_name(evidence: Source, name: str) -> bool:
    """True when the evidence has the name, however it is spelled, or the words that it stands for."""
    key = name_key(name)
    if not key or key in evidence.keys:
        return True
    if len(key) >= 4 and _inside(key, evidence):
        return True
    if f"{key}s" in evidence.keys or (key.endswith("s") and (key[:-1] in evidence.keys or key[:-1] in evidence.key)):
        return True
    parts = [part for part in re.split(r"[-/]", name) if part]
    if len(parts) > 1:
        return all(_part(evidence, part) for part in parts)
    if name.isalpha() and name[1:].islower() and stem(name.casefold()) in evidence.stems:
        return True
    return name.isupper() and name.isalpha() and 2 <= len(name) <= 5 and _initials(name.casefold(), evidence)


def _inside(key: str, evidence: Source) -> bool:
    """True when the key is in the text as a whole name or as the family of one, never as a part of a longer number."""
    at = evidence.key.find(key)
    while at >= 0:
        after = evidence.key[at + len(key) : at + len(key) + 1]
        if not (key[-1].isdigit() and after.isdigit()):
            return any(token.startswith(key) or key.startswith(token) for token in evidence.keys if len(token) > 1)
        at = evidence.key.find(key, at + 1)
    return False


def _part(evidence: Source, part: str) -> bool:
    key = name_key(part)
    return (part.islower() and part.isalpha()) or key in NAMELESS or key in evidence.keys


def _initials(letters: str, evidence: Source) -> bool:
    """True when the letters begin words of the text that stand in a row."""
    firsts = [
        "".join(word.text[0] for word in reading.words if word.text[0].isalpha())
        for reading in (evidence.heading, *evidence.sentences)
    ]
    return any(letters in run for run in firsts)

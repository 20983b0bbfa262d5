"""The papers that a question means, by their names or in words that fit one alone: "the hydrothermal vent paper"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answers.metadata.fields import short_title
from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.reading import topic_of
from rag.text import terms

_PAPER = r"(?:papers?|study|article|preprint)"
_NOT_OF_IT = r"(?!(?:the|a|an|as|than|and|or|before|after|since|until|by|of|in|same)\b)"
_BEFORE = re.compile(
    rf"\bthe\s+(?P<of>(?:{_NOT_OF_IT}[^\s,;:.?!]+\s+){{1,6}}?){_PAPER}\b(?!\s+(?:on|about|by|from|that|which|of)\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\bthe\s+{_PAPER}\s+(?:on|about)\s+(?P<of>[^,;:.?!]+?)(?=\s*(?:[,;:.?!]|$)|\s+(?:and|or|published|come|came|out|have"
    r"|has|had|share|before|after|older|newer|earlier|later|prior|did|was|is|were)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meant:
    """Words of a question that mean a paper, and where they stand; `paper` is None where they fit none alone."""

    said: str
    start: int
    end: int
    paper: Paper | None
    called: str = ""


def meant(text: str, index: LexicalIndex) -> list[Meant]:
    """The papers that a question means, in its order: by a name that one paper has, or as "the … paper"."""
    found: list[Meant] = []
    for mention in find_names(text, index).owned:
        owners = mention.named.owners
        n = owners[0] if len(owners) == 1 else None
        found.append(_meant(mention.written, mention.start, mention.end, n, index))
    for pattern in (_BEHIND, _BEFORE):
        for match in pattern.finditer(text):
            start, end = match.span()
            if topic_of(match["of"]) and not any(one.start < end and start < one.end for one in found):
                found.append(_meant(match.group(), start, end, fitting(match["of"], index), index))
    return sorted(found, key=lambda one: one.start)


def fitting(words: str, index: LexicalIndex) -> int | None:
    """The position of the only paper that has all of these words, or has them in its title; None where none is sure."""
    wanted = set(terms(words))
    having = np.flatnonzero(index.having(sorted(wanted))).tolist() if wanted else []
    titled = [n for n in having if wanted <= set(terms(index.papers[n].title))]
    return next((one[0] for one in (having, titled) if len(one) == 1), None)


def _meant(said: str, start: int, end: int, n: int | None, index: LexicalIndex) -> Meant:
    if n is None:
        return Meant(said, start, end, None)
    return Meant(said, start, end, index.papers[n], index.own_names[n] or f"“{short_title(index.papers[n])}”")


def papers_of(found: Sequence[Meant]) -> list[Paper]:
    """The papers that are meant, each once."""
    return list({one.paper.id: one.paper for one in found if one.paper}.values())

"""Whether a question is in a language of its own: not in English, and not in that of the library's abstracts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from rag.neural.embedder import common_words
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.text import normal, terms

_OTHERS = "DANISH DUTCH FRENCH GERMAN ITALIAN NORWEGIAN PORTUGUESE SPANISH SWEDISH TURKISH".split()
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
"""So many of its small words tell a language; with letters that English has not, one."""
_SPOKEN = 0.05
"""A language is the library's own where its small words stand in this share of the papers."""


def foreign(question: str, index: LexicalIndex) -> bool:
    """True when a question is in a language in which hardly a paper of the library is, English aside.

    Its letters say so, or its small words: those of another language are more than those of English; or hardly one of
    its words is known.
    """
    words = _WORD.findall(normal(question))
    letters = "".join(_WORD.findall(question))
    if 2 * sum(map(_latin, letters)) < len(letters):
        return not any(index.frequency(word) for word in words if not _latin(word[0]))
    # A name may have strange letters, a small word in English has none.
    least = 3 if any(len(word) > 1 and word.islower() and not word.isascii() for word in _WORD.findall(question)) else 4
    if _strange(words, index, least):
        return True
    ours, *others = _small_words()
    theirs = max(({word for word in words if word in small} for small in others), key=len)
    if len(theirs) < (_LEAST if question.isascii() else 1) or len(theirs) <= 2 * len(
        {word for word in words if word in ours}
    ):
        return False
    spoken = sorted(index.frequency(word) for word in theirs)[len(theirs) // 2]
    return spoken <= _SPOKEN * len(index.papers)


def _strange(words: Sequence[str], index: LexicalIndex, least: int) -> bool:
    """True where so many words or more, and most of them, are neither common in English nor the library's."""
    words = [word for word in words if len(word) > 1]
    known = sum(word in common_words() or any(map(index.frequency, terms(word))) for word in words)
    return len(words) >= least and 3 * known <= len(words)


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")


@cache
def _small_words() -> tuple[frozenset[str], ...]:
    """The small words of English, then those of other languages that are written with the same letters."""
    from bm25s import stopwords

    return tuple(frozenset(getattr(stopwords, f"STOPWORDS_{name}")) for name in ("EN_PLUS", *_OTHERS))

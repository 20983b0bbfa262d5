"""Whether a question is in a language of its own: not in English, and not in that of the library's abstracts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rag.retrieval.index.lexical_index import LexicalIndex
from rag.text import normal

_OTHERS = "DANISH DUTCH FRENCH GERMAN ITALIAN NORWEGIAN PORTUGUESE SPANISH SWEDISH TURKISH".split()
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
"""So many of its small words tell a language; with letters that English has not, one."""
_SPOKEN = 0.05
"""A language is the library's own where its small words stand in this share of the papers."""


def foreign(question: str, index: LexicalIndex) -> bool:
    """True when a question is in a language in which hardly a paper of the library is, English aside.

    Its letters say so, or its small words: those of another language are more than those of English.
    """
    words = _WORD.findall(normal(question))
    letters = "".join(_WORD.findall(question))
    if 2 * sum(map(_latin, letters)) < len(letters):
        return not any(index.frequency(word) for word in words if not _latin(word[0]))
    ours, *others = _small_words()
    theirs = max(({word for word in words if word in small} for small in others), key=len)
    if len(theirs) < (_LEAST if question.isascii() else 1) or len(theirs) <= 2 * len(
        {word for word in words if word in ours}
    ):
        return False
    spoken = sorted(index.frequency(word) for word in theirs)[len(theirs) // 2]
    return spoken <= _SPOKEN * len(index.papers)


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")


@cache
def _small_words() -> tuple[frozenset[str], ...]:
    """The small words of English, then those of other languages that are written with the same letters."""
    from bm25s import stopwords

    return tuple(frozenset(getattr(stopwords, f"STOPWORDS_{name}")) for name in ("EN_PLUS", *_OTHERS))

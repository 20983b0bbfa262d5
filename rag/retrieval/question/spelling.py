"""Slips of the hand in the words of a question: "discriminitive finetunning" is read as the words it comes near.

Only a word that neither the library nor the language has is read as another, and only as one that the library has.
Names are not touched here: `naming` forgives slips in them by rules of its own.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from rag.neural.embedder import common_words
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.text import terms
from rag.text.names import name_key

_WORD = re.compile(r"(?<![\w-])[a-z]{5,}(?![\w-])")
_LONG = 8  # letters: of so many two may be wrong
_ALIKE = 8  # of so many words that come as near the one that most papers have is meant

_KNOWN: WeakKeyDictionary[LexicalIndex, tuple[str, ...]] = WeakKeyDictionary()


def slips_mended(text: str, index: LexicalIndex) -> str:
    """`text` with misspelt words in small letters as the words of the library that they come near."""
    return _WORD.sub(lambda match: _mended(match.group(), index), text)


def _mended(word: str, index: LexicalIndex) -> str:
    if word in common_words() or name_key(word) in index.names or any(map(index.frequency, terms(word))):
        return word
    [stem] = terms(word) or [word]
    found = [(_near(word, index), ""), (_near(stem, index), word[len(stem) :])]  # a stem is what the library keeps
    near = [(distance, f"{best}{ending}") for (best, distance), ending in found if best]
    return min(near, key=lambda one: one[0])[1] if near else word


def _near(word: str, index: LexicalIndex) -> tuple[str, float]:
    """The word of the library that comes nearest, and in how many letters it differs; "" where none comes near."""
    most = 2 if len(word) >= _LONG else 1
    found = extract(word, _vocabulary(index), scorer=OSA.distance, score_cutoff=most, limit=_ALIKE)
    alike = [(best, distance) for best, distance, _ in found if best[0] == word[0] and distance == found[0][1]]
    return max(alike, key=lambda one: sum(map(index.frequency, terms(one[0]))), default=("", 0))


def _vocabulary(index: LexicalIndex) -> tuple[str, ...]:
    """The common words that the library has, and its stemmed terms, in a fixed order."""
    known = _KNOWN.get(index)
    if known is None:
        words = sorted(word for word in common_words() if word.isascii() and len(word) >= 4)
        known = tuple(word for word in words if all(map(index.frequency, terms(word))) and terms(word))
        known = tuple(dict.fromkeys((*known, *sorted(term for term in index.vocabulary if len(term) >= 5))))
        _KNOWN[index] = known
    return known

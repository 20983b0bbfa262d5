"""The language of a question: whether it is one of its own, and what the library writes otherwise."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rag.neural.embedder import common_words
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.spelling import slips_mended
from rag.text import normal, terms
from rag.text.names import name_key
from rag.text.nuclides import nuclides_as_written

_OTHERS = "DANISH DUTCH FRENCH GERMAN ITALIAN NORWEGIAN PORTUGUESE SPANISH SWEDISH TURKISH".split()
_WORD = re.compile(r"[^\W\d_]+")
_HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LEAST = 2
"""So many words tell a language where one of them has letters that English has not, else one more."""
_LEAST_LETTERS = 3
"""So many letters of another script."""
_SPOKEN = 0.05
"""A language is the library's own where its small words stand in this share of the papers."""


def foreign(question: str, index: LexicalIndex) -> bool:
    """True when a question is in a language in which hardly a paper of the library is, English aside.

    Its letters say so; or its small words, which are those of another language, and with them words that are neither
    common in English nor the library's; or hardly one of its words is known.
    """
    ours, *others = _small_words()
    words = _WORD.findall(normal(question))
    strange = [word for word in words if not _latin(word[-1])]
    if len("".join(strange)) >= _LEAST_LETTERS and not ours.intersection(words):
        return not any(map(index.frequency, strange))
    small = max(others, key=lambda one: len(one.intersection(words)))
    # One letter is no word of English, "a" aside. A name has a capital, as the first word has.
    ours = frozenset(word for word in ours if len(word) > 1 or word == "a")
    theirs, english = small.intersection(words) - ours, ours.intersection(words) - small - {"a"}
    plain = [word for n, word in enumerate(_WORD.findall(question)) if len(word) > 1 and (n == 0 or word.islower())]
    accented = any(word.islower() and not is_word(_unaccented(word), index) for word in plain if not word.isascii())
    unknown = {word for word in map(normal, plain) if not _is_known(word, index)} - theirs
    whole = [word for word in words if len(word) > 1]
    known = sum(_is_known(word, index) for word in whole)
    if len(whole) > (2 if accented else 3) and 3 * known <= len(whole):
        return True
    told = len(theirs | unknown)
    if not (theirs or accented) or told < (_LEAST if accented else _LEAST + 1) or 2 * told < len(plain):
        return False
    if len(theirs) + accented <= 2 * len(english):
        return False
    spoken = sorted(index.frequency(word) for word in theirs)[len(theirs) // 2] if theirs else 0
    return spoken <= _SPOKEN * len(index.papers)


def as_written(text: str, index: LexicalIndex) -> str:
    """A question with its nuclides as the library writes them."""
    return nuclides_as_written(text, index.names, index.frequency)


def in_han_or_kana(question: str) -> bool:
    """True for a question with Chinese or Japanese in it, in which who wrote a paper is heard whatever is asked."""
    return _HAN_OR_KANA.search(question) is not None


def is_word(word: str, index: LexicalIndex) -> bool:
    """True for a word that is common in English or stands in the library."""
    return word in common_words() or any(map(index.frequency, terms(word)))


def _is_known(word: str, index: LexicalIndex) -> bool:
    """True for a word, a slip of one, or a name of the library."""
    return is_word(slips_mended(word, index), index) or name_key(word) in index.names


def _unaccented(word: str) -> str:
    """A word that English has taken over is known without its accents: "naïve"."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")


@cache
def _small_words() -> tuple[frozenset[str], ...]:
    """The small words of English, then those of other languages that are written with the same letters."""
    from bm25s import stopwords

    return tuple(frozenset(getattr(stopwords, f"STOPWORDS_{name}")) for name in ("EN_PLUS", *_OTHERS))

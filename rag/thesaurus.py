"""Everyday words into the terms of the field: "make a picture chatbot stop inventing things" is about hallucination.

The entries are in `data/thesaurus.txt`: phrases on the left, the terms of abstracts on the right. An entry counts only
where the library has its terms, and where the phrase is not itself a usual word of the library, so that a library of
another field is not searched for the words of this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from rag.text import content_words, terms

_LONGEST = 4
_USUAL = 0.03  # a word in more than this share of the papers is a word of the library


def in_field_terms(text: str, *, frequency: Callable[[str], int], papers: int) -> tuple[str, tuple[str, ...]]:
    """`text` with everyday phrases in the terms of the field, and the terms that were brought in, each once.

    `frequency` gives the number of papers that have a stemmed term, `papers` is the number of all.
    """
    entries = _entries()
    words = [(start, end, next(iter(terms(text[start:end])), "")) for start, end in content_words(text)]
    pieces: list[str] = []
    brought: dict[str, None] = {}
    done, first = 0, 0
    while first < len(words):
        for count in range(min(_LONGEST, len(words) - first), 0, -1):
            run = words[first : first + count]
            stems = tuple(stem for _, _, stem in run)
            field_terms = entries.get(stems, ())
            known = [term for term in field_terms if all(frequency(stem) for stem in terms(term))]
            usual = min(map(frequency, stems), default=0) > _USUAL * papers
            if known and not usual:
                pieces += [text[done : run[0][0]], " ".join(known)]
                brought |= dict.fromkeys(known)
                done = run[-1][1]
                first += count
                break
        else:
            first += 1
    return "".join([*pieces, text[done:]]), tuple(brought)


@lru_cache(maxsize=1)
def _entries() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The terms of every phrase, by the stems of its content words; the first line that has a phrase wins."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    source = Path(__file__).parent / "data" / "thesaurus.txt"
    for line in source.read_text(encoding="utf-8").splitlines():
        left, arrow, right = line.partition("=>")
        if not arrow or line.startswith("#"):
            continue
        for phrase in left.split("|"):
            stems = tuple(stem for start, end in content_words(phrase) for stem in terms(phrase[start:end])[:1])
            if stems:
                found.setdefault(stems, tuple(term.strip() for term in right.split(",")))
    return found

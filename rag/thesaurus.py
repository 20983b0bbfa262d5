"""Everyday words into the terms of the field: "make a picture chatbot stop inventing things" is about hallucination.

The entries are in `data/thesaurus.txt`: phrases on the left, the terms of abstracts on the right. An entry counts only
where the library has its terms, and where the phrase is not itself a usual word of the library, so that a library of
another field is not searched for the words of this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from rag.text import content_words, terms

_LONGEST = 4
_APART = 4  # content words that may stand between those of a phrase: "throw most of the weights away"
_USUAL = 0.03  # a word in more than this share of the papers is a word of the library

Stems = tuple[str, ...]


def in_field_terms(text: str, *, frequency: Callable[[str], int], papers: int) -> tuple[str, tuple[str, ...]]:
    """`text` with everyday phrases in the terms of the field, and the terms that were brought in, each once.

    `frequency` gives the number of papers that have a stemmed term, `papers` is the number of all. Phrases are put
    into other terms only as they stand in the table; those whose words stand near one another in any order bring
    their terms as well.
    """
    entries = _entries()
    words = [(start, end, next(iter(terms(text[start:end])), "")) for start, end in content_words(text)]
    stems = [stem for _, _, stem in words]

    def known_terms(phrase: Stems) -> list[str]:
        if min(map(frequency, phrase), default=0) > _USUAL * papers:
            return []
        return [term for term in entries.get(phrase, ()) if all(frequency(stem) for stem in terms(term))]

    pieces: list[str] = []
    brought: dict[str, None] = {}
    runs: list[range] = []
    done, first = 0, 0
    while first < len(words):
        for count in range(min(_LONGEST, len(words) - first), 0, -1):
            known = known_terms(tuple(stems[first : first + count]))
            if known:
                pieces += [text[done : words[first][0]], " ".join(known)]
                brought |= dict.fromkeys(known)
                runs.append(range(first, first + count))
                first += count
                done = words[first - 1][1]
                break
        else:
            first += 1
    for phrase, places in _scattered(stems):
        if not any(all(place in run for place in places) for run in runs):
            brought |= dict.fromkeys(known_terms(phrase))
    return "".join([*pieces, text[done:]]), tuple(brought)


def _scattered(stems: Sequence[str]) -> Iterator[tuple[Stems, tuple[int, ...]]]:
    """The phrases of two words or more that stand in `stems` in any order, `_APART` others between them at most.

    With the place of each of their words.
    """
    there: dict[str, list[int]] = {}
    for n, stem in enumerate(stems):
        there.setdefault(stem, []).append(n)
    for start in there:
        for phrase in _by_first().get(start, ()):
            if not all(stem in there for stem in phrase):
                continue
            for first in there[start]:
                places = [first]
                for stem in phrase[1:]:
                    free = [n for n in there[stem] if n not in places]
                    if free:
                        places.append(min(free, key=lambda n: abs(n - first)))
                if len(places) == len(phrase) and max(places) - min(places) < len(phrase) + _APART:
                    yield phrase, tuple(places)
                    break


@lru_cache(maxsize=1)
def _by_first() -> Mapping[str, Sequence[Stems]]:
    """The phrases of two words or more by the stem of their first word."""
    found: dict[str, list[Stems]] = {}
    for phrase in _entries():
        if len(phrase) > 1:
            found.setdefault(phrase[0], []).append(phrase)
    return found


@lru_cache(maxsize=1)
def _entries() -> Mapping[Stems, tuple[str, ...]]:
    """The terms of every phrase, by the stems of its content words; the first line that has a phrase wins."""
    found: dict[Stems, tuple[str, ...]] = {}
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

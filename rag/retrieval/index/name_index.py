"""Whose names are whose: which papers bear a name, and what each calls its own work."""

from __future__ import annotations

import re
from array import array
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.model import Paper
from rag.text.names import looks_like_name, name_key, spelled_out, title_name, tokens
from rag.text.own_names import COMMON_NAME, abbreviations, general_names, own_name, presented_names

_INTRODUCERS = 3
_SHORT_PART = 4


@dataclass(frozen=True)
class Named:
    """Who bears a name: positions of papers in the catalogue.

    `own`: it is what they call their own work; `introduced`: their abstract introduces it; `mentioned`: it occurs.
    `word` is True for a name that is an ordinary word too ("Prism", "SCALE") and so has to be written as a name.
    """

    own: tuple[int, ...] = ()
    introduced: tuple[int, ...] = ()
    mentioned: tuple[int, ...] = ()
    word: bool = False

    @property
    def owners(self) -> tuple[int, ...]:
        """The papers the name stands for: those whose own it is, else those that introduce it."""
        return self.own or self.introduced


class _Pairs:
    """Pairs of a key and a paper, both as numbers, 8 bytes each."""

    def __init__(self) -> None:
        self._keys = array("i")
        self._papers = array("i")

    def add(self, key: int, paper: int) -> None:
        self._keys.append(key)
        self._papers.append(paper)

    def by_key(self, n_keys: int) -> _Lists:
        """The papers of each key, in the order in which they came."""
        keys = np.array(self._keys, dtype=np.int32)
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(keys, minlength=n_keys))))
        return _Lists(starts, np.array(self._papers, dtype=np.int32)[np.argsort(keys, kind="stable")])


class _Lists:
    """A list of papers for each key, one behind the other."""

    def __init__(self, starts: NDArray[np.int64], papers: NDArray[np.int32]) -> None:
        self._starts = starts
        self._papers = papers

    def of(self, key: int) -> tuple[int, ...]:
        if key + 1 >= len(self._starts):
            return ()
        return tuple(self._papers[self._starts[key] : self._starts[key + 1]].tolist())


def _forms(token: str) -> tuple[str, ...]:
    """A token, and the name in it that people write without its number or its plural: "COVID-19", "WERs"."""
    return (token, re.sub(r"-\d+$|(?<=[A-Z]{2})s$", "", token))


class Bearers:
    """Collects the names of papers one after the other, and tells in the end who bears them.

    `words` are ordinary words, lower case. Papers are read twice, since whose a name is depends on all of them: first
    each goes through `add`, then all in the same order through `own_names`, and then `names` has the result. Between
    that it keeps numbers, and each key once. It lives while an index is made.
    """

    def __init__(self, words: Container[str]) -> None:
        self._words = words
        self._count = 0
        self._numbers: dict[str, int] = {}  # of keys, of names and of other tokens
        self._spread = array("i")  # by key, in how many papers a token stands, however it is written
        self._is_name = bytearray()  # by key
        self._in_titles: set[int] = set()  # the keys of names that stand in a title
        self._introduced, self._mentioned, self._own = _Pairs(), _Pairs(), _Pairs()
        self._introducing: _Lists | None = None

    def add(self, paper: Paper) -> None:
        """Take the names of one more paper; its position is the number of those before it."""
        n = self._count
        self._count += 1
        title, abstract = set(tokens(paper.title)), set(tokens(paper.abstract))
        given = {name_key(name) for name in (*presented_names(paper), *abbreviations(paper))}
        begins = {name_key(title_name(paper.title) or "")} - {""}
        in_title = {name_key(token) for token in title if looks_like_name(token)} - general_names()
        self._in_titles.update(map(self._number, in_title))
        for key in begins | (given - general_names()):
            self._introduced.add(self._named(key), n)
        for key in {name_key(form) for token in title | abstract for form in _forms(token) if looks_like_name(form)}:
            self._mentioned.add(self._named(key), n)
        for key in {name_key(form) for token in title | abstract for form in _forms(token)}:
            self._spread[self._number(key)] += 1

    def own_names(self, papers: Iterable[Paper]) -> Iterator[str]:
        """What each of the papers calls its own work, "" where it gives it no name."""
        for n, paper in enumerate(papers):
            name = own_name(paper, spread=self._spread_of) or ""
            keys = {name_key(name), name_key(title_name(paper.title) or "")}
            # What an abbreviation of its own stands for is its name too.
            keys |= {name_key(whole) for short, whole in spelled_out(paper) if self._bears(name_key(short), n, name)}
            # "OmniLive" is enough for "InternLM-XComposer2.5-OmniLive", if nobody else is called so.
            parts = {
                name_key(part) for part in name.split("-")[1:] if looks_like_name(part) and len(part) > _SHORT_PART
            }
            keys |= {part for part in parts if not self._known(part) and self._spread_of(part) == 0}
            for key in keys:
                self._own.add(self._number(key), n)
            yield name

    def names(self) -> Iterator[tuple[str, Named]]:
        """Who bears each name, by key, in the order of the keys."""
        mentioned, own = self._mentioned.by_key(len(self._numbers)), self._own.by_key(len(self._numbers))
        for key in sorted(self._numbers):
            number = self._numbers[key]
            theirs = own.of(number)
            # One in a title is its paper's where no other paper has it.
            titled = mentioned.of(number) if number in self._in_titles and self._spread[number] == 1 else ()
            if key and (theirs or self._is_name[number]):
                introduced = self._introducers(key) or titled
                yield key, Named(theirs, introduced, mentioned.of(number), key in self._words)

    def _number(self, key: str) -> int:
        number = self._numbers.setdefault(key, len(self._numbers))
        if number == len(self._spread):
            self._spread.append(0)
            self._is_name.append(0)
        return number

    def _named(self, key: str) -> int:
        number = self._number(key)
        self._is_name[number] = 1
        return number

    def _known(self, key: str) -> bool:
        return key in self._numbers and bool(self._is_name[self._numbers[key]])

    def _spread_of(self, key: str) -> int:
        return self._spread[self._numbers[key]] if key in self._numbers else 0

    def _bears(self, key: str, n: int, name: str) -> bool:
        return key == name_key(name) or n in self._introducers(key)

    def _introducers(self, key: str) -> tuple[int, ...]:
        """The papers that introduce a name; of one that many papers use ("GPT-4V", "MultiModal") nobody does."""
        if self._introducing is None:
            self._introducing = self._introduced.by_key(len(self._numbers))
        papers = self._introducing.of(self._numbers[key]) if key in self._numbers else ()
        return papers if len(papers) <= _INTRODUCERS and self._spread_of(key) <= COMMON_NAME else ()

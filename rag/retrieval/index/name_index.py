"""Whose names are whose: which papers bear a name, and what each calls its own work."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.index.cards import SETS, Cards, Drawer
from rag.retrieval.index.gist import Gist, note_of
from rag.text.names import looks_like_name, name_key
from rag.text.own_names import COMMON_NAME, chosen

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


class _Lists:
    """A list of papers for each key, in the order in which they come, one behind the other."""

    def __init__(self, keys: NDArray[np.int32], papers: NDArray[np.int32]) -> None:
        self._starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(keys))))
        self._papers = papers[np.argsort(keys, kind="stable")]

    def of(self, key: int) -> tuple[int, ...]:
        if key + 1 >= len(self._starts):
            return ()
        return tuple(self._papers[self._starts[key] : self._starts[key + 1]].tolist())


class Bearers:
    """Collects the names of papers one after the other, and tells in the end who bears them.

    `words` are ordinary words, lower case. Whose a name is depends on all papers: first the gist of each goes through
    `add`, or `keep` takes over the card that `cards` has of it, then `own_names` tells what each calls its own work,
    then `names` who bears which, and `write` leaves cards for another index. Between that it keeps a number for each
    name that a paper has, and each key once; the rest is in a file in `folder`. It lives while an index is made, until
    `close`.
    """

    def __init__(self, words: Container[str], folder: Path, cards: Cards | None = None) -> None:
        self._words = words
        self._cards = cards
        self._drawer = Drawer(folder)
        # Of keys, of names and of other tokens. What is taken over has the numbers that it had.
        self._numbers: dict[str, int] = {key: n for n, key in enumerate(cards.keys if cards else ())}
        self._read = 0  # how many of them papers have

    def close(self) -> None:
        """Let go of the file."""
        self._drawer.close()

    def add(self, gist: Gist) -> None:
        """Take the names of one more paper; its position is the number of those before it."""
        numbers = [self._number(key) for key in chain.from_iterable(gist.sets)]
        self._drawer.add(numbers, [len(keys) for keys in gist.sets], gist.note.line())

    def keep(self, before: int) -> None:
        """Take those of one more paper that `cards` has at the position `before`."""
        assert self._cards is not None
        self._drawer.add(*self._cards.of(before))

    def own_names(self) -> Iterator[str]:
        """What each of the papers calls its own work, "" where it gives it no name."""
        self._count()
        keys_of, papers_of = array("i"), array("i")
        for n, line in enumerate(self._drawer.notes()):
            note = note_of(line)
            name = chosen(note.naming, spread=self._spread_of) or ""
            keys = {name_key(name), note.begins}
            # What an abbreviation of its own stands for is its name too.
            keys |= {whole for short, whole in note.spelled if self._bears(short, n, name)}
            # "OmniLive" is enough for "InternLM-XComposer2.5-OmniLive", if nobody else is called so.
            parts = {
                name_key(part) for part in name.split("-")[1:] if looks_like_name(part) and len(part) > _SHORT_PART
            }
            keys |= {part for part in parts if not self._known(part) and self._spread_of(part) == 0}
            for key in keys:
                keys_of.append(self._number(key))
                papers_of.append(n)
            yield name
        self._own = _Lists(np.array(keys_of, dtype=np.int32), np.array(papers_of, dtype=np.int32))

    def names(self) -> Iterator[tuple[str, Named]]:
        """Who bears each name, by key, in the order of the keys."""
        for key in sorted(self._numbers):
            number = self._numbers[key]
            theirs = self._own.of(number)
            if key and (theirs or self._known(key)):
                mentioned = self._mentioned.of(number)
                # One in a title is its paper's where no other paper has it.
                titled = mentioned if self._spread_of(key) == 1 and self._in_title[number] else ()
                yield key, Named(theirs, self._introducers(key) or titled, mentioned, key in self._words)

    def write(self, file: Path) -> None:
        """Write the cards of the papers into a file that is not there yet."""
        keys = list(self._numbers)[: self._read]
        there = np.argsort(np.array(keys, dtype=object))
        there = there[((self._spread > 0) | self._is_name)[there]]  # the others were those of papers that are gone
        there = there[np.argsort(-self._spread[there], kind="stable")]
        rank = np.full(self._read, -1, dtype=np.int32)
        rank[there] = np.arange(len(there), dtype=np.int32)
        self._drawer.write(file, [keys[n] for n in there], rank)

    def _count(self) -> None:
        """Count what was taken: by key in how many papers a token stands, however it is written, and which have it."""
        n = self._read = len(self._numbers)
        self._spread = np.zeros(n, dtype=np.int64)
        self._in_title = np.zeros(n, dtype=bool)
        found: list[list[NDArray[np.int32]]] = [[], [], [], []]
        for first, lengths, numbers in self._drawer.blocks():
            which = np.repeat(np.tile(np.arange(SETS), len(lengths) // SETS), lengths)
            papers = np.repeat(first + np.arange(len(lengths), dtype=np.int32) // SETS, lengths).astype(np.int32)
            np.add.at(self._spread, numbers[which == 0], 1)
            for at, kind in enumerate((1, 2)):
                found[2 * at].append(numbers[which == kind])
                found[2 * at + 1].append(papers[which == kind])
            self._in_title[numbers[which == 3]] = True
        names, mentioning, given, introducing = (np.concatenate([np.zeros(0, np.int32), *few]) for few in found)
        self._mentioned, self._introducing = _Lists(names, mentioning), _Lists(given, introducing)
        self._is_name = np.zeros(n, dtype=bool)
        self._is_name[names] = self._is_name[given] = True

    def _number(self, key: str) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _known(self, key: str) -> bool:
        number = self._numbers.get(key, self._read)
        return number < self._read and bool(self._is_name[number])

    def _spread_of(self, key: str) -> int:
        number = self._numbers.get(key, self._read)
        return int(self._spread[number]) if number < self._read else 0

    def _bears(self, key: str, n: int, name: str) -> bool:
        return key == name_key(name) or n in self._introducers(key)

    def _introducers(self, key: str) -> tuple[int, ...]:
        """The papers that introduce a name; of one that many papers use ("GPT-4V", "MultiModal") nobody does."""
        papers = self._introducing.of(self._numbers[key]) if key in self._numbers else ()
        return papers if len(papers) <= _INTRODUCERS and self._spread_of(key) <= COMMON_NAME else ()

"""Whose names are whose: which papers bear a name, and what each calls its own work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from rag.model import Paper
from rag.names import (
    COMMON_NAME,
    introduced_names,
    looks_like_name,
    name_key,
    name_tokens,
    own_name,
    spelled_out,
    title_name,
    tokens,
)

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


@dataclass
class _Found:
    introduced: list[int] = field(default_factory=list)
    mentioned: list[int] = field(default_factory=list)


class Bearers:
    """Collects the names of papers one after the other, and tells in the end who bears them.

    `words` are ordinary words, lower case.
    """

    def __init__(self, words: Container[str]) -> None:
        self._words = words
        self._papers: list[Paper] = []
        self._found: dict[str, _Found] = defaultdict(_Found)
        self._spread: Counter[str] = Counter()  # in how many papers a token stands, however it is written

    def add(self, paper: Paper) -> None:
        """Take the names of one more paper; its position is the number of those before it."""
        n = len(self._papers)
        self._papers.append(paper)
        in_title = {name_key(token) for token in name_tokens(paper.title)}
        for key in {name_key(name) for name in introduced_names(paper)} | in_title:
            self._found[key].introduced.append(n)
        for key in in_title | {name_key(token) for token in name_tokens(paper.abstract)}:
            self._found[key].mentioned.append(n)
        self._spread.update({name_key(token) for token in tokens(f"{paper.title} {paper.abstract}")})

    def names(self) -> tuple[dict[str, Named], list[str]]:
        """Who bears each name, by key, and the own name of each paper in order, "" for none."""
        own_names = [own_name(paper, spread=self._spread.__getitem__) or "" for paper in self._papers]
        own: dict[str, list[int]] = defaultdict(list)
        for n, (paper, name) in enumerate(zip(self._papers, own_names, strict=True)):
            keys = {name_key(name), name_key(title_name(paper.title) or "")}
            # What an abbreviation of its own stands for is its name too.
            keys |= {name_key(whole) for short, whole in spelled_out(paper) if self._bears(name_key(short), n, name)}
            # "OmniLive" is enough for "InternLM-XComposer2.5-OmniLive", if nobody else is called so.
            parts = {
                name_key(part) for part in name.split("-")[1:] if looks_like_name(part) and len(part) > _SHORT_PART
            }
            keys |= {part for part in parts if part not in self._found and self._spread[part] == 0}
            for key in keys:
                own[key].append(n)
        return {
            key: Named(
                tuple(own.get(key, ())),
                self._introducers(key),
                tuple(self._found[key].mentioned) if key in self._found else (),
                key in self._words,
            )
            for key in sorted((self._found.keys() | own.keys()) - {""})
        }, own_names

    def _bears(self, key: str, n: int, name: str) -> bool:
        return key == name_key(name) or n in self._introducers(key)

    def _common(self, key: str) -> bool:
        return self._spread[key] > COMMON_NAME

    def _introducers(self, key: str) -> tuple[int, ...]:
        """The papers that introduce a name; of one that many papers use ("GPT-4V", "MultiModal") nobody does."""
        papers = self._found[key].introduced if key in self._found else []
        return tuple(papers) if len(papers) <= _INTRODUCERS and not self._common(key) else ()

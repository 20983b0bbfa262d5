"""A sentence taken apart for comparing: its words with stems, clauses and places, its figures, its names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.grounding.checks.lexicon import CANONICAL, IRREGULAR, NAMELESS
from rag.model import Paper
from rag.text import normal, sentences, shown, terms
from rag.text.figures import figures
from rag.text.names import introduced_names, looks_like_name, name_key, tokens
from rag.text.quantity import Figure
from rag.text.shares import shares
from rag.text.units import UNITS

_WORD = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+(?:'[a-z]+)?")
_BREAK = re.compile(r"[,;:()\[\]]|[.!?](?=\s|$)|(?<=\s)-{1,3}(?=\s)|---")
_JOINS = frozenset("and but while whereas although though which who that because so when if or yet".split())


@dataclass(frozen=True)
class Word:
    """A word in the normal form of a text. `stem` is "" for a stop word; `clause` counts the breaks before it."""

    text: str
    stem: str
    start: int
    end: int
    clause: int


class Reading:
    """A sentence and what is found in it, each when it is first asked for.

    Made by `read`, which keeps the last few hundred; no longer does it live.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = normal(text)
        self.vectors: tuple[object, NDArray[np.float32], NDArray[np.float32]] | None = None  # whose, whole, words

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in order."""
        breaks = [match.start() for match in _BREAK.finditer(self.folded)]
        found: list[Word] = []
        clause = 0
        for match in _WORD.finditer(self.folded):
            while breaks and breaks[0] < match.start():
                breaks.pop(0)
                clause += 1
            word = match.group()
            clause += word in _JOINS
            found.append(Word(word, stem(word), match.start(), match.end(), clause))
        return tuple(found)

    @cached_property
    def content(self) -> tuple[Word, ...]:
        """The words that are not stop words."""
        return tuple(word for word in self.words if word.stem)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the content words, numbers left out."""
        return frozenset(word.stem for word in self.content if not word.text[0].isdigit())

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures; their places are offsets in `folded`."""
        return figures(self.text)

    def bounds(self, at: int) -> bool:
        """True for a place right before a figure, where "more than" is no comparison."""
        return any(0 <= figure.start - at <= 4 for figure in self.figures)

    @cached_property
    def shares(self) -> tuple[Figure, ...]:
        """The shares that two numbers make together: "one in two"."""
        return shares(self.text)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names as written: by their shape, or capitals inside the sentence."""
        found = []
        every = tokens(self.text)
        for position, token in enumerate(every):
            bare = token.strip("'’")
            if normal(bare) in UNITS and position and every[position - 1][-1].isdigit():
                continue
            capital = position and re.fullmatch(r"[A-Z][a-z]{2,}", bare) and stem(bare.lower())
            shaped = looks_like_name(bare) or capital or re.fullmatch(r"[A-Z][A-Za-z]+(?:-[A-Z][A-Za-z]+)+", bare)
            if shaped and name_key(bare) not in NAMELESS and not re.fullmatch(r"[A-Z]", bare):
                found.append(bare)
        return tuple(found)

    @cached_property
    def named(self) -> tuple[tuple[int, int, str], ...]:
        """Where the names stand in `folded`, each with its key."""
        found = []
        for name in dict.fromkeys(self.names):
            written = normal(name)
            for match in re.finditer(rf"(?<![a-z0-9]){re.escape(written)}(?![a-z0-9])", self.folded):
                found.append((match.start(), match.end(), name_key(name)))
        return tuple(found)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all tokens, and of the parts of hyphenated ones: what a name can be found among."""
        found = set()
        for token in tokens(self.text):
            found.add(name_key(token))
            found.update(name_key(part) for part in re.split(r"[-/]", token))
        return frozenset(found - {""})


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """The reading of a sentence."""
    return Reading(text)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The stem of a word in normal form, one for "picture" and "image"; "" for a stop word."""
    found = terms(IRREGULAR.get(word, word))
    return CANONICAL.get(found[0], found[0]) if found else ""


class Source:
    """The text of a paper as evidence: its title, and the sentences of its abstract with their offsets.

    Each of what is found in them is kept when it is first asked for. `source` keeps the last of them, and no longer do
    they live.
    """

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self.text = text
        self.spans = sentences(text)
        self.sentences = tuple(read(text[start:end]) for start, end in self.spans)
        self.heading = read(title)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of title and text."""
        return self.heading.stems.union(*(sentence.stems for sentence in self.sentences))

    @cached_property
    def key(self) -> str:
        """Title and text as one key, in which a name written with or without a hyphen is found."""
        return name_key(f"{self.title} {self.text}")

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all tokens."""
        return self.heading.keys.union(*(sentence.keys for sentence in self.sentences))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of title and text; their places are of no use."""
        return (*self.heading.figures, *(figure for sentence in self.sentences for figure in sentence.figures))

    @cached_property
    def own(self) -> frozenset[str]:
        """The keys of the names that are the paper's own: those in its title, and those that it gives to its work."""
        return frozenset(name_key(name) for name in introduced_names(Paper("", self.title, self.text))) - {""}

    def owns(self, key: str) -> bool:
        """True for the key of a name of the paper's own, also without its version or with an "s"."""
        return any(key in (own, f"{own}s", own.rstrip("0123456789s")) for own in self.own) and len(key) > 1

    @cached_property
    def amounts(self) -> tuple[Figure, ...]:
        """All figures, and the shares that two of them make."""
        return (*self.figures, *(share for sentence in self.sentences for share in sentence.shares))

    @cached_property
    def inside(self) -> frozenset[str]:
        """The numbers at the end of hyphenated common words, with the hyphen: "-5" of "top-5"."""
        return frozenset(re.findall(r"(?<![\w-])[a-z]+(-\d+)(?![\w.])", f"{self.title} {self.text}"))

    @cached_property
    def sizes(self) -> frozenset[float]:
        """The millions and billions at the end of names: 7e9 of "Owl-7B"."""
        found = re.findall(r"-(\d+(?:\.\d+)?)([BM])(?![A-Za-z0-9])", f"{self.title} {self.text}")
        return frozenset(float(size) * (1e9 if scale == "B" else 1e6) for size, scale in found)

    @cached_property
    def shown(self) -> str:
        """The text as shown, for finding quotes in."""
        return shown(self.text)


@lru_cache(maxsize=128)
def source(title: str, text: str) -> Source:
    """The source with this title and text; the last hundred or so are kept."""
    return Source(title, text)


def overlap(sentence: Reading, other: Reading) -> float:
    """How much of a sentence another one has: its shared stems, with names and figures counted double."""
    shared = float(len(sentence.stems & other.stems))
    shared += sum(name_key(name) in other.keys for name in set(sentence.names))
    return shared + sum(any(f.equals(g) for g in other.figures) for f in sentence.figures if not f.spelled)


@lru_cache(maxsize=256)
def overlaps(sentence: Reading, evidence: Source) -> tuple[tuple[float, int], ...]:
    """How much of a sentence each sentence of the evidence has, and its place less than nothing, most first."""
    return tuple(sorted(((overlap(sentence, other), -n) for n, other in enumerate(evidence.sentences)), reverse=True))


@lru_cache(maxsize=256)
def aligned(sentence: Reading, evidence: Source) -> tuple[Reading, ...]:
    """The sentences of the evidence that speak of the same, best first: those with most in common, at most five."""
    scored = overlaps(sentence, evidence)
    best = scored[0][0] if scored else 0.0
    return tuple(evidence.sentences[-n] for score, n in scored[:5] if score >= 2 and score >= 0.4 * best)

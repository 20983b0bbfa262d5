"""The references of a draft beside the papers they mean: which are not there, and which say something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from rag.answers.verifier import parts_of
from rag.model import Paper
from rag.model.findings import Reference
from rag.text import shown
from rag.text.titles import title_key

_YEAR = re.compile(r"(?<![\d.:/-])(?:19|20)\d\d(?![\d-])(?!\.\d)")
_ALIKE = 0.8  # how much of a title has to stand in a reference for the paper to be the one that is meant
_FEWEST = 4


def compared(text: str, papers: Sequence[Paper], find: Callable[[str], Paper | None]) -> tuple[Reference, ...]:
    """The numbered references of a draft, each with its paper and with what is different of it.

    `find` gives the paper that is named as it is written; a title that is nearly that of one of `papers` is told apart.
    """
    _, listed = parts_of(text)
    words = {paper.id: _words(paper.title) for paper in papers}
    return tuple(_compared(listed[number], papers, words, find) for number in sorted(listed))


def _compared(
    written: str, papers: Sequence[Paper], words: dict[str, frozenset[str]], find: Callable[[str], Paper | None]
) -> Reference:
    paper = find(written)
    found: list[str] = []
    if paper is None:
        there = _words(written)
        near = [one for one in papers if len(words[one.id]) >= _FEWEST and _share(words[one.id], there) >= _ALIKE / 2]
        best = max(near, key=lambda one: (_likeness(one.title, written), one.id), default=None)
        if best is None or _likeness(best.title, written) < _ALIKE:
            return Reference(written)
        paper = find(best.id) or best
        found.append(f"the title is “{shown(paper.title)}”")
    return Reference(written, paper, (*found, *_year(written, paper), *_authors(written, paper)))


def _year(written: str, paper: Paper) -> Sequence[str]:
    # A year in the title is none of the publication.
    said = _YEAR.findall(re.sub(re.escape(shown(paper.title)), " ", written, flags=re.IGNORECASE))
    if paper.published is None or not said or str(paper.published.year) in said:
        return ()
    return (f"the year is {paper.published.year}, not {said[-1]}",)


def _authors(written: str, paper: Paper) -> Sequence[str]:
    """A difference where the reference names people before the title, and none of the first three is among them."""
    key, title = _plain(written), _plain(shown(paper.title))
    before = key.partition(title)[0] if title in key else key[: max(0, len(key) - len(title))]
    people = [name for name in paper.authors if name.split()]
    if not people or not re.search(r"[^\W\d]{3}", re.sub(r"\bet al\b", "", before)):
        return ()
    missing = [name for name in people[:3] if _plain(_last(name)) not in key]
    if len(missing) < len(people[:3]) and people[0] not in missing:
        return ()
    return (f"the authors are {', '.join(people[:3])}{' and others' if len(people) > 3 else ''}",)


def _last(name: str) -> str:
    return name.partition(",")[0] if "," in name else name.split()[-1]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{3,}", _plain(shown(text))))


def _share(title: frozenset[str], there: frozenset[str]) -> float:
    return len(title & there) / len(title)


def _likeness(title: str, written: str) -> float:
    """How much of a title stands in a reference, letter by letter and in order."""
    key, whole = title_key(title), title_key(written)
    blocks = SequenceMatcher(None, whole, key, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= 3) / (len(key) or 1)

"""The references of a draft beside the papers they mean: which are not there, and which say something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from rag.answers.verifier import parts_of
from rag.model import Paper
from rag.model.findings import Reference
from rag.text import shown
from rag.text.titles import title_key

_YEAR = re.compile(r"(?<![\d.:/-])(?:19|20)\d\d(?![\d-])(?!\.\d)")
_ALIKE = 0.8  # how much of a title has to stand in a reference for the paper to be the one that is meant
_FEWEST = 4


def compared(text: str, papers: Iterable[Paper], find: Callable[[str], Paper | None]) -> tuple[Reference, ...]:
    """The numbered references of a draft, each with its paper and with what is different of it.

    `find` gives the paper that is named as it is written; a title that is nearly that of one of `papers` is told apart.
    """
    _, listed = parts_of(text)
    found = {number: find(written) for number, written in listed.items()}
    near = _nearest([listed[number] for number, paper in found.items() if paper is None], papers)
    references = []
    for number, written in sorted(listed.items()):
        paper = found[number]
        titled: tuple[str, ...] = ()
        if paper is None and (nearest := near.get(written)):
            paper = find(nearest.id) or nearest
            titled = (f"the title is “{shown(paper.title)}”",)
        differs = (*titled, *_year(written, paper), *_authors(written, paper)) if paper else ()
        references.append(Reference(written, paper, differs))
    return tuple(references)


def _nearest(references: Sequence[str], papers: Iterable[Paper]) -> dict[str, Paper]:
    """Of references the papers whose titles are nearly there, found in one walk that holds a paper for each."""
    there = {written: _words(written) for written in references}
    any_of = frozenset[str]().union(*there.values())
    best: dict[str, tuple[tuple[float, str], Paper]] = {}
    for paper in papers if there else ():
        words = _words(paper.title)
        if len(words) < _FEWEST or _share(words, any_of) < _ALIKE / 2:
            continue
        for written in (one for one, said in there.items() if _share(words, said) >= _ALIKE / 2):
            place = (_likeness(paper.title, written), paper.id)
            if place[0] >= _ALIKE and (written not in best or place > best[written][0]):
                best[written] = place, paper
    return {written: paper for written, (_, paper) in best.items()}


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

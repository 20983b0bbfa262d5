"""Marks that name a paper of the evidence by its title, or by its people and year, in place of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answers.generation.prompts import Prompted
from rag.grounding.marks import Named
from rag.model import Paper
from rag.text import normal

_YEAR = re.compile(r"[\s,.(]*\b((?:19|20)\d\d)[a-z]?\b\)?\W*$")
_MORE = re.compile(r"\s*\b(?:et al\.?|and (?:others|colleagues))\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,3}")
_LABEL = re.compile(r"\s*(?:(?:see|e\.g\.|cf\.|from|source|paper|title)\b[\s:,]*){1,2}", re.IGNORECASE)
_BESIDE = 60  # characters that a mark may have beside the title: people, a year, a page


@dataclass(frozen=True)
class _Shown:
    """A paper of the evidence as a mark may name it, and the numbers of its lines."""

    paper: Paper
    title: str
    numbers: str

    def was_in(self, year: str) -> bool:
        """True unless the paper is known to be of another year."""
        return self.paper.published is None or str(self.paper.published.year) == year

    def is_by(self, people: Sequence[str], *, more: bool) -> bool:
        """True where the people are its first authors; all of them, where two are named."""
        names = [normal(name) for name in self.paper.authors]
        if len(people) > len(names) or (len(people) == 2 and not more and len(names) != 2):
            return False
        pairs = zip(people, names, strict=False)
        return all(name == given or name.endswith(f" {given}") for given, name in pairs)


def named_in(evidence: Prompted) -> Named:
    """What tells which lines of the evidence words in brackets cite: all of the one paper that they name."""
    shown = []
    for paper in evidence.papers:
        lines = [line.number for line in evidence.lines if line.paper.id == paper.id]
        if lines and paper.title:
            shown.append(_Shown(paper, _bare(paper.title), f"{lines[0]}-{lines[-1]}"))

    def named(mark: str) -> str | None:
        words, in_round = mark[1:-1], mark[0] == "("
        whole = _numbers(_of(words, shown, in_round=in_round))
        if whole or ";" not in words:
            return whole
        several = [_numbers(_of(part, shown, in_round=in_round)) for part in words.split(";")]
        return None if None in several else ", ".join(filter(None, several))

    return named


def _numbers(found: Sequence[_Shown] | None) -> str | None:
    return None if found is None else found[0].numbers if len(found) == 1 else ""


def _of(words: str, shown: Sequence[_Shown], *, in_round: bool) -> list[_Shown] | None:
    """The papers that the words name: by a title, whole and the longest there is, else by people and a year.

    None where they are no mark: a name in round brackets may be said of what stands before it.
    """
    words = _LABEL.sub("", words, count=1)
    year = _YEAR.search(words)
    bare = _bare(words[: year.start()] if year else words)
    titled = [one for one in shown if one.title in (bare, _bare(words)) or _has_title(bare, one.title)]
    titled = [one for one in titled if len(one.title) == max(len(other.title) for other in titled)]
    if titled and (year is not None or " " in titled[0].title or not in_round):
        return [one for one in titled if year is None or one.was_in(year[1])]
    if year is None:
        return None
    people = words[: year.start()]
    more = _MORE.search(people)
    names = [name for name in _BETWEEN.split(people[: more.start()] if more else people) if name]
    names = [normal(name) for name in names if not _INITIALS.fullmatch(name)]
    by = [one for one in shown if one.paper.published is not None and one.was_in(year[1])]
    return [one for one in by if names and one.is_by(names, more=more is not None)] or None


def _has_title(words: str, title: str) -> bool:
    """True where a title of several words is among the words, and little else."""
    return " " in title and f" {title} " in f" {words} " and len(words) <= len(title) + _BESIDE


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", normal(text)))

"""Questions on who wrote what: the people whom a question names, and their papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rag.answers.metadata.fields import said, small_number
from rag.answers.metadata.shortlist import MOST_LISTED
from rag.grounding.citations import Draft, Part, Quote
from rag.model import Paper, more_authors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.text import normal, shown, terms
from rag.text.names import author_parts

_WORD = re.compile(r"[^\W_]+")
_WRITES = r"(?:co-?)?(?:author\w*|writ\w+|wrote|publish\w*)"
_BY = re.compile(r"(?:\bby|\bfrom|\bof)\s+(?:the\s+author\s+)?$", re.IGNORECASE)
_DOES = re.compile(
    r"^\W*(?:['’]s\s+(?:\w+\s+){0,2}(?:papers?|works?|articles?|publications?)\b|et al\b"
    rf"|(?:and\s+\S+\s+(?:\S+\s+)?)?{_WRITES}\b)",
    re.IGNORECASE,
)
_STRANGER = re.compile(
    r"\bby\s+(?P<by>(?:[^\W\d_][\w.'’-]*\s*){1,4})(?=[?.!,]|$|\b(?:and|or|in|on|about|from|since|before|after)\b)"
    rf"|\b(?:did|has|have)\s+(?P<did>(?:[^\W\d_][\w.'’-]*\s+){{1,4}}?)(?:ever\s+|also\s+)?{_WRITES}\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?:without|but\s+not|not\s+(?:together\s+)?with)\s+(?:(?:those|ones|papers|by|with|together)\s+)*$",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"^\W*(?:and\s+|so\s+)?(?:did|does|is|was|were|are|has|have)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """Somebody whom a question names: in its words, and the authors' names that may be theirs."""

    said: str
    names: frozenset[str]

    @property
    def called(self) -> str:
        """The author's name where it can be but one, or as it is said."""
        return next(iter(self.names)) if len(self.names) == 1 else self.said

    def wrote(self, paper: Paper) -> bool:
        """True when one of the names is among the authors."""
        return not self.names.isdisjoint(paper.authors)


@dataclass
class _Said:
    """The words of a question, with where each begins and whether it has a capital."""

    text: str
    words: list[str] = field(init=False)
    spans: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        found = list(_WORD.finditer(self.text))
        self.words = [normal(match.group()) for match in found]
        self.spans = [match.span() for match in found]

    def capital(self, at: int) -> bool:
        """True for a word with a capital that is not there because it is a small word at the head of a sentence."""
        start, end = self.spans[at]
        return self.text[start].isupper() and (at > 0 or bool(terms(self.text[start:end])))


def people_in(text: str, authors: Callable[[Iterable[str]], Iterable[str]]) -> tuple[Person, ...]:
    """The authors whom a text names, each once, in its order. `authors` gives those with any of some surnames.

    In full ("Ann Owl", "Owl, Ann"), with initials where no other author has them ("A. Owl"), or by the surname alone
    where the words around it say that somebody is meant ("by Owl", "did Owl write").
    """
    question = _Said(text)
    words = set(question.words)
    found: dict[tuple[int, int], set[str]] = {}
    for name in authors(words):
        if name.isascii() and words.isdisjoint(re.split(r"[\s.,-]+", name.lower())):
            continue
        for span in _mentions(author_parts(name), question):
            found.setdefault(span, set()).add(name)
    whole = [span for span in found if not any(_within(span, other) for other in found if other != span)]
    people = [Person(" ".join(text[a:b].split()), frozenset(found[a, b])) for a, b in sorted(whole)]
    return tuple({person.names: _sure(person) for person in people}.values())


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _sure(person: Person) -> Person:
    """The names whose given name is said, where some are: "A. Owl" may be Ann or Amy."""
    said = {normal(word) for word in _WORD.findall(person.said)}
    sure = frozenset(name for name in person.names if normal(_WORD.findall(name)[0]) in said)
    return Person(person.said, sure or person.names)


def _mentions(parts: Sequence[str], question: _Said) -> list[tuple[int, int]]:
    """The places in a text that may mean the author whose name has these parts, the surname last."""
    *given, surname = parts
    found: list[tuple[int, int]] = []
    for at, word in enumerate(question.words):
        if word != surname:
            continue
        start, end = question.spans[at]
        first = _before(at, given, question)
        if first is not None:
            found.append((question.spans[first][0], end))
        elif given and _inverted(at, given, question):
            found.append((start, question.spans[at + 1][1]))
        elif given and not (at and (question.capital(at - 1) or question.words[at - 1] in given)):
            before, after = question.text[:start], question.text[end:]
            if _BY.search(before) or _DOES.match(after):
                found.append((start, end))
        elif not given and len(surname) > 1:
            found.append((start, end))
    return found


def _before(at: int, given: Sequence[str], question: _Said) -> int | None:
    """Where a given name begins that stands before the surname at `at`; names between may be left out, or be more."""
    for first in range(at - 1, max(at - 5, -1), -1):
        if not given or not _alike(given[0], first, question):
            continue
        between = question.words[first + 1 : at]
        left = [part for part in between if not any(_may_be(part, other) for other in given[1:])]
        if not left or (len(given) == 1 and all(len(part) == 1 for part in left)):
            return first
    return None


def _inverted(at: int, given: Sequence[str], question: _Said) -> bool:
    """True for "Owl, Ann" and "Owl A": the surname first."""
    if at + 1 >= len(question.words) or not _alike(given[0], at + 1, question):
        return False
    between = question.text[question.spans[at][1] : question.spans[at + 1][0]].strip()
    return between == "," or (not between and len(question.words[at + 1]) <= 2 and question.capital(at + 1))


def _alike(name: str, at: int, question: _Said) -> bool:
    """True when the word may be this given name; an initial has to have its capital."""
    word = question.words[at]
    if len(word) == 1 and not question.text[question.spans[at][0]].isupper():
        return False
    return _may_be(name, word)


def _may_be(name: str, word: str) -> bool:
    return name == word or (1 in (len(name), len(word)) and name[0] == word[0])


def apart_in(text: str, people: Sequence[Person]) -> tuple[Person, ...]:
    """Those of the people whose papers are not wanted beside those of others: "by Owl, but not with Fox"."""
    places = [(person, " ".join(text.split()).find(person.said)) for person in people]
    apart = tuple(person for person, at in places if at >= 0 and _APART.search(text, 0, at))
    return apart if len(apart) < len(people) else ()


def stranger_in(text: str, topic: set[str]) -> str:
    """The person whom a question on papers as such names, where it speaks of nothing else; "" where there is none.

    `topic` are the terms of the question that are about no papers as such.
    """
    for match in _STRANGER.finditer(text):
        name = " ".join((match["by"] or match["did"]).split()).strip(" .,")
        said = set(terms(name))
        named = all(part[0].isupper() for part in name.split() if len(part) > 3) or len(said) > 1
        if said and said == topic and named:
            return name
    return ""


def yes_or_no(text: str) -> bool:
    """True for a question that begins as those do that are answered by yes or no."""
    return _YES_OR_NO.match(text) is not None


def whether_by(people: Sequence[Person], paper: Paper, name: str) -> list[Draft]:
    """Whether all of these people wrote a paper, called `name`, and who did; nothing where that is not known."""
    if not paper.authors:
        return []
    others = more_authors(paper)
    by = all(person.wrote(paper) for person in people)
    if not by and others:
        return []
    head = "Yes" if by else "No"
    who = f"{', '.join(paper.authors)}{' and others' if others else ''}"
    return [Draft((Part(f"{head}: {name} is by {who}.", _authors(paper)),))]


def by_people(
    people: Sequence[Person],
    index: LexicalIndex,
    conditions: Conditions,
    *,
    either: bool = False,
    no: bool = False,
    apart: Sequence[Person] = (),
) -> tuple[list[Draft], str]:
    """The papers that all of these people wrote (with `either` one of them), in one sentence; or what is missing.

    With `no` those that none of them wrote, where all authors are named; those in `apart` wrote none of them.
    """
    people = [person for person in people if person not in apart]
    who = (" or " if either or no else " and ").join(person.called for person in people)
    by = f"not by {who}" if no else f"by {who}"
    by += f" and not by {' or '.join(person.called for person in apart)}" if apart else ""
    theirs = [index.at(index.by_authors(person.names)) for person in people]
    related = np.any(theirs, axis=0) if either or no else np.all(theirs, axis=0)
    related = ~related & index.columns.known("named") if no else related
    related &= ~index.at(n for person in apart for n in index.by_authors(person.names))
    if not related.any():
        return [], f"No paper in the library is {by}."
    chosen = np.flatnonzero(related & conditions.met_in(index.columns, index.position)).tolist()
    when = f" {said(conditions)}" if conditions else ""
    undated = int((related & ~index.columns.known("published")).sum()) if conditions.dated else 0
    unknown = f" ({undated} more {'has' if undated == 1 else 'have'} no date)" if undated else ""
    if not chosen:
        count = int(related.sum())
        return [], f"None of the {count} paper{'s' * (count != 1)} {by} is{when}{unknown}."
    count = len(chosen)
    parts = [Part(f"{small_number(count)} paper{'s' * (count != 1)} {by}{when}{unknown}: ")]
    for n, paper in enumerate(index.papers[at] for at in chosen[:MOST_LISTED]):
        joint = "" if n == 0 else (" and " if n == count - 1 else ", ")
        year = f" ({paper.published.year})" if paper.published else ""
        parts.append(Part(f"{joint}{shown(paper.title)}{year}", _authors(paper)))
    parts.append(Part(f" and {count - MOST_LISTED} more." if count > MOST_LISTED else "."))
    return [Draft(tuple(parts))], ""


def no_paper_by(name: str, index: LexicalIndex) -> str:
    """The sentence that says that nobody of this name wrote a paper, as far as authors are known."""
    nameless = len(index.papers) - index.counts_of_authors[1]
    if nameless == len(index.papers):
        return f"The library does not name the authors of its papers, so it does not say what {name} wrote."
    more = f" {nameless} of its {len(index.papers)} papers name no authors." if nameless else ""
    return f"No paper in the library names {name} as an author.{more}"


def _authors(paper: Paper) -> tuple[Quote, ...]:
    return (Quote(paper, field="authors", value=", ".join(paper.authors)),)

"""The people whom a question names: found among the authors of the library, and which of them are wanted or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rag.model import Paper, more_authors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import conditions_in
from rag.retrieval.question.language import is_word
from rag.retrieval.question.reading import topic_of
from rag.text import normal, terms
from rag.text.names import author_parts

_WORD = re.compile(r"[^\W_]+")
_WRITES = r"(?:co-?)?(?:author\w*|writ\w+|wrote|publish\w*)"
DENIES = (
    r"(?:\bnot|\bcannot|n['’]t|\b(?:do|does|did|is|are|was|were|have|has|had)nt|\bnever|\bnor|\bneither|\bwithout|\bexcept(?:\s+for)?|\bexclud(?:e|es|ing)|\bother\s+than|"
    r"\bapart\s+from|\bbesides|\b(?:all|anyone|anybody|everything|everyone|everybody|every\s+\w+)\s+(?:papers?\s+)?but)\b"
)
"""What denies what stands behind it."""
_HEADS = frozenset("by from of with and or not without prof professor dr papers".split())
_DENIAL = re.compile(DENIES, re.IGNORECASE)
_BY = re.compile(
    rf"(?:\b(?:by|from|of|with)|{DENIES})\s+(?:(?:the\s+author|prof(?:essor)?\.?|dr\.?|\S+\s+(?:and|or))\s+)?$",
    re.IGNORECASE,
)
# "by Owl and Fox", "nor by Fox", "Owl, Fox": what is said of the one is said of the other.
_JOINS = re.compile(r"[\s,&]*(?:(?:and|or|nor)\b)?\s*(?:(?:by|with)\s*)?", re.IGNORECASE)
_NOT_DONE = re.compile(r"\s*(?:(?:did|does|has|have|had)\s*(?:not|never|n['’]?t)|never)\b", re.IGNORECASE)
_DOES_NOT = re.compile(r"\b(?:did|does|has|have|had)\s+(?P<who>.*)\s(?:not|never)$", re.IGNORECASE)
_DOES = re.compile(
    r"^\W*(?:['’]s\s+(?:\w+\s+){0,2}(?:papers?|works?|articles?|publications?)\b|et al\b"
    rf"|(?:and\s+\S+\s+(?:\S+\s+)?)?{_WRITES}\b)",
    re.IGNORECASE,
)


# What a question says of people and their papers besides.
_OF_PEOPLE = frozenset(
    terms(
        """co coauthor collaborator collaborate collaboration colleague joint alone solo own prof professor dr involve
        include name exclude except apart besides other nor neither both either each frequent often usual main regular
        anyone anybody everyone everybody someone else thing himself herself never ever
        """
    )
)


@dataclass(frozen=True)
class Person:
    """Somebody whom a question names: in its words, and the authors' names that may be theirs."""

    said: str
    names: frozenset[str]
    start: int = field(default=0, compare=False)

    @property
    def end(self) -> int:
        """Where its words end in the question."""
        return self.start + len(self.said)

    @property
    def called(self) -> str:
        """The author's name: the longest where it is written in several ways, and as it is said where it may be two."""
        return max(sorted(self.names), key=len) if len(self.each) == 1 else self.surname

    @property
    def surname(self) -> str:
        """The surname as the library writes it."""
        words = _WORD.findall(sorted(self.names)[0])
        return next((word for word in words if normal(word) == author_parts(sorted(self.names)[0])[-1]), self.said)

    @property
    def each(self) -> tuple[Person, ...]:
        """The people whom it may mean: two whose given names cannot be the same, "Ida Holm" and "Per Holm"."""
        apart: list[list[str]] = []
        for name in sorted(self.names, key=lambda name: (-len(name), name)):
            same = next((one for one in apart if _may_be(author_parts(one[0])[0], author_parts(name)[0])), None)
            if same is None:
                apart.append([name])
            else:
                same.append(name)
        return (
            tuple(sorted((Person(self.said, frozenset(one)) for one in apart), key=lambda one: min(one.names)))
            if len(apart) > 1
            else (self,)
        )

    def among(self, papers: Iterable[Paper]) -> Person:
        """With those of the names that stand among the authors of papers, if any do."""
        there = self.names.intersection(name for paper in papers for name in paper.authors)
        return replace(self, names=there or self.names)

    def wrote(self, paper: Paper) -> bool:
        """True when one of the names is among the authors."""
        return not self.names.isdisjoint(paper.authors)

    def wrote_at(self, paper: Paper, place: int) -> bool:
        """True when one of the names stands in this place among the authors, -1 the last of all."""
        return self.wrote(paper) and paper.authors[place] in self.names and not (place and more_authors(paper))


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


def people_in(text: str, index: LexicalIndex) -> tuple[Person, ...]:
    """The authors whom a text names, each once, in its order.

    In full ("Ann Owl", "Owl, Ann"), with initials where no other author has them ("A. Owl"), or by the surname alone:
    one that is no other word, of English or of the library, or where the words around it say that somebody is meant
    ("by Owl", "did Owl write").
    """
    question = _Said(text)
    words = set(question.words)
    found: dict[tuple[int, int], set[str]] = {}
    for name in index.authors(words):
        if name.isascii() and words.isdisjoint(re.split(r"[\s.,-]+", name.lower())):
            continue
        parts = author_parts(name)
        for span in _mentions(parts, question, index):
            found.setdefault(span, set()).add(name)
    whole = [span for span in found if not any(_within(span, other) for other in found if other != span)]
    people = [Person(text[a:b], frozenset(found[a, b]), a) for a, b in sorted(whole)]
    return tuple({person.names: _sure(person) for person in people}.values())


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _sure(person: Person) -> Person:
    """The names whose given name is said, where some are: "A. Owl" may be Ann or Amy."""
    said = {normal(word) for word in _WORD.findall(person.said)}
    sure = frozenset(name for name in person.names if normal(_WORD.findall(name)[0]) in said)
    return replace(person, names=sure or person.names)


def _mentions(parts: Sequence[str], question: _Said, index: LexicalIndex) -> list[tuple[int, int]]:
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
        elif given and not (
            at
            and question.words[at - 1] not in _HEADS
            and (question.capital(at - 1) or question.words[at - 1] in given)
        ):
            before, after = question.text[:start], question.text[end:]
            if _BY.search(before) or _DOES.match(after) or _is_name(at, question, index):
                found.append((start, end))
        elif not given and len(surname) > 1:
            found.append((start, end))
    return found


def _is_name(at: int, question: _Said, index: LexicalIndex) -> bool:
    """True for a surname that is hardly another word: none of the library, and none of English or with a capital."""
    start, end = question.spans[at]
    stem = terms(question.text[start:end])
    if not stem or any(map(index.frequency, stem)):
        return False
    owns = re.match(r"['’]s?\b", question.text[end:]) is not None
    return not is_word(question.words[at], index) or owns or (at > 0 and question.text[start].isupper())


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


@dataclass(frozen=True)
class Denied:
    """What a question denies: the people whose papers are not wanted, and whether its dates are those not wanted.

    `more` is True where it denies something else too.
    """

    people: tuple[Person, ...] = ()
    dates: bool = False
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.people) or self.dates


def denied_in(text: str, people: Sequence[Person]) -> Denied:
    """Whom of the `people` and whether its dates a text denies: what stands next behind a word that denies.

    "by Owl, but not with Fox", "not by Owl or Fox", "by Owl and not from 2023", "which did Owl not write".
    """
    denied: list[Person] = []
    dates = more = False
    for denial in _DENIAL.finditer(text):
        does = _DOES_NOT.search(text, 0, denial.end())
        before = next(
            (
                one for one in people
                if _NOT_DONE.fullmatch(text, one.end, denial.end())
                or (does and one.start >= does.start("who") and one.end == does.end("who"))
            ), None,
        )  # fmt: skip
        after = [one for one in people if one.start >= denial.end()]
        between = text[denial.end() : after[0].start if after else len(text)]
        if before is not None and not after:
            denied += [before, *_joined(text, people, before)]
        elif conditions_in(between).dated:
            dates = True
        elif after:
            denied += after[:1]
            for one, following in pairwise(after):
                if not _JOINS.fullmatch(text, one.end, following.start):
                    break
                denied.append(following)
        else:
            more = True
    return Denied(tuple(one for one in people if one in denied), dates, more)


def _joined(text: str, people: Sequence[Person], last: Person) -> list[Person]:
    """The people who stand joined before the last: "which did Owl and Fox not write"."""
    return [one for one in people if one.start < last.start and _JOINS.fullmatch(text, one.end, last.start)]


def beside(text: str, people: Sequence[Person]) -> set[str]:
    """The terms of a question that are about neither papers as such nor these people."""
    theirs = {term for person in people for term in terms(person.said)}
    return topic_of(text) - theirs - (_OF_PEOPLE if people else frozenset())

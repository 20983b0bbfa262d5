"""The people whom a question names: found among the authors of the library, and which of them are wanted or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rag.model import Paper, more_authors
from rag.neural.question_reader import UNHEARD, Heard, Mark
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.language import is_word
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.times import times_in
from rag.text import terms
from rag.text.names import AUTHOR_PLACES, author_parts, name_part

_WORD = re.compile(r"[^\W_]+")
_PLACE = re.compile(rf"\b(?P<place>{'|'.join(AUTHOR_PLACES)}|senior)[ -]?author", re.IGNORECASE)
# "did Okafor", "by Okafor", "and Okafor"; "Okafor's", "Okafor et al.".
_AS_SOMEBODY = r"\b(?:by|did|does|has|had|and|or{0}) (?P<name>[A-Z][^\W\d_]{{2,}})\b" + (
    r"|\b(?P<owner>[A-Z][^\W\d_]{{2,}})(?:['’]s?\b| et al)"
)
_TITLES = frozenset("prof professor dr mr mrs ms s".split())


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
        return (
            max(sorted(self.names), key=lambda name: ("\\" not in name, len(name.encode())))
            if len(self.each) == 1
            else self.surname
        )

    @property
    def surname(self) -> str:
        """The surname as the library writes it."""
        words = _WORD.findall(sorted(self.names)[0])
        return next((word for word in words if name_part(word) == author_parts(sorted(self.names)[0])[-1]), self.said)

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
        there = paper.authors[place:][:1]
        return self.wrote(paper) and not self.names.isdisjoint(there) and not (place and more_authors(paper))


@dataclass
class _Said:
    """The words of a question, with where each begins, and the marks of those that are somebody."""

    text: str
    marks: Sequence[Mark]
    words: list[str] = field(init=False)
    spans: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        found = list(_WORD.finditer(self.text))
        self.words = [name_part(match.group()) for match in found]
        self.spans = [match.span() for match in found]

    def heard(self, at: int) -> Mark | None:
        """The mark of a word that was heard as somebody's name."""
        start, end = self.spans[at]
        return next((mark for mark in self.marks if mark.start <= start and end <= mark.end), None)

    def alone(self, at: int, parts: Sequence[str]) -> tuple[int, int] | None:
        """Where a surname stands that was heard as somebody's, no word beside it but of a name of these parts."""
        mark = self.heard(at)
        if mark is None:
            return None
        beside = [n for n, (a, b) in enumerate(self.spans) if mark.start <= a and b <= mark.end and n != at]
        own = [n for n in beside if self.words[n] in parts]  # "de Wit", "Okonkwo-Hale"
        others = any(self.words[n] not in _TITLES for n in beside if n not in own)
        return None if others else (self.spans[min([*own, at])][0], self.spans[at][1])


def people_in(text: str, index: LexicalIndex, heard: Heard = UNHEARD) -> tuple[Person, ...]:
    """The authors whom a text names, each once, in its order.

    In full ("Ann Owl", "Owl, Ann"), with initials where no other author has them ("A. Owl"), or by the surname alone,
    where that was `heard` as somebody.
    """
    question = _Said(text, (*heard.of("person"), *heard.of("person", denied=True)))
    for n, word in enumerate(question.words):  # "which of the Holms", and not "papers by Mos", who is not Mo
        family = "the" in question.words[max(n - 2, 0) : n] and question.heard(n) and word.endswith("s")
        if family and not index.authors([word]) and index.authors([word[:-1]]):
            question.words[n] = word[:-1]
    words = set(question.words)
    found: dict[tuple[int, int], set[str]] = {}
    for name in index.authors(words):
        if name.isascii() and "\\" not in name and words.isdisjoint(re.split(r"[\s.,'-]+", name.lower())):
            continue
        for span in _mentions(author_parts(name), question):
            found.setdefault(span, set()).add(name)
    whole = [span for span in found if not any(_within(span, other) for other in found if other != span)]
    people = [_sure(Person(text[a:b], frozenset(found[a, b]), a)) for a, b in sorted(whole)]
    for mark in question.marks:  # "Okafor's papers, but not Ngozi's"
        said = text[mark.start : mark.end]
        if not any(one.start < mark.end and mark.start < one.end for one in people):
            names = namesakes(said, people, index)
            people += [Person(said, names, mark.start)] if names else []
    return tuple({person.names: person for person in people}.values())


def namesakes(given: str, people: Sequence[Person], index: LexicalIndex) -> frozenset[str]:
    """The authors with this given name and the surname of one of these people."""
    surnames = {author_parts(name)[-1] for person in people for name in person.names}
    return frozenset(name for name in index.authors(surnames) if author_parts(name)[0] == name_part(given.strip()))


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _sure(person: Person) -> Person:
    """The names whose given name is said, where some are: "A. Owl" may be Ann or Amy."""
    said = {name_part(word) for word in _WORD.findall(person.said)}
    sure = frozenset(name for name in person.names if author_parts(name)[0] in said)
    return replace(person, names=sure or person.names)


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
        elif given and (span := question.alone(at, given)):
            found.append(span)
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
    (_, end), (following, _) = question.spans[at], question.spans[at + 1]
    between = question.text[end:following].strip()
    initials = len(question.words[at + 1]) <= 2 and question.text[following].isupper()
    return between == "," or (not between and initials)


def _alike(name: str, at: int, question: _Said) -> bool:
    """True when the word may be this given name; an initial has to have its capital."""
    word = question.words[at]
    if len(word) == 1 and not question.text[question.spans[at][0]].isupper():
        return False
    return _may_be(name, word)


def _may_be(name: str, word: str) -> bool:
    return name == word or (1 in (len(name), len(word)) and name[0] == word[0])


def settled(text: str, heard: Heard, index: LexicalIndex) -> Heard:
    """What was `heard`, with the library asked who is somebody: a surname that is no word of it, and no word that is.

    One heard as a subject that is an author's name and in no abstract is a person; one heard as a person who wrote
    nothing here is a subject where all of it is in abstracts, or a small word of it. A time that is none is nothing,
    and so is the name of a paper.
    """
    marks = []
    systems = [(one.start, one.end) for one in find_names(text, index).owned if one.named.own]
    for mark in heard.marks:
        said = text[mark.start : mark.end]
        known = [index.frequency(term) > 0 for term in terms(said)]
        if mark.slot == "date" and not times_in(said):
            continue  # "in winter" is no time that papers appear in
        if mark.slot == "word" and not (known or find_names(said, index).known):
            continue  # "on a V100": "a" is mentioned by everybody
        whole = Heard(marks=(Mark("person", False, 0, len(said)),))
        stranger = mark.slot == "person" and not people_in(said, index, whole)
        if stranger and any(mark.start < end and start < mark.end for start, end in systems):
            continue
        # "Peter Young" is somebody, though papers speak of young ducks; "Fox + infrasound" is not.
        small = any(index.frequency(term) for word in said.split() if word.islower() for term in terms(word))
        # A dash joins the names of two people, after whom something is called.
        if stranger and ("–" in said or (known and (all(known) or small))):
            marks.append(replace(mark, slot="subject"))
        elif mark.slot == "subject" and not any(known) and index.authors(map(name_part, _WORD.findall(said))):
            marks.append(replace(mark, slot="person"))
        else:
            marks.append(mark)
    marks += _unheard(text, marks, systems, index)
    return replace(heard, marks=tuple(sorted(marks, key=lambda mark: mark.start)))


def _unheard(text: str, marks: Sequence[Mark], systems: Sequence[tuple[int, int]], index: LexicalIndex) -> list[Mark]:
    """Marks of surnames that were not heard: of an author, no word of English or the library, where somebody stands."""
    found = []
    frame = re.compile(_AS_SOMEBODY.format("|the" if any(mark.slot == "person" for mark in marks) else ""))
    for match in frame.finditer(text):
        start, end = match.span("name") if match["name"] else match.span("owner")
        said = text[start:end]
        taken = any(a < end and start < b for a, b in (*systems, *((mark.start, mark.end) for mark in marks)))
        if not taken and not is_word(said.casefold(), index) and index.authors([name_part(said)]):
            found.append(Mark("person", False, start, end))
    return found


def author_place(text: str) -> int | None:
    """The place among the authors that a question speaks of, from 0 for the first, -1 for the last; None for none."""
    place = _PLACE.search(text)
    return AUTHOR_PLACES.get(place["place"].lower(), -1) if place else None


def without_place(text: str) -> str:
    """A question without the words that speak of a place among the authors."""
    return _PLACE.sub(" ", text)


def denied_of(people: Sequence[Person], heard: Heard) -> tuple[Person, ...]:
    """Those of the people whose papers are not wanted."""
    marks = heard.of("person", denied=True)
    return tuple(one for one in people if any(one.start < mark.end and mark.start < one.end for mark in marks))

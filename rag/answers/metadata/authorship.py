"""Answers on who wrote what: the papers of people, whom they wrote with, who wrote most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np

from rag.answers.forms import Composition
from rag.answers.metadata.fields import enumerated, itemized, said, small_number
from rag.answers.metadata.shortlist import MOST_LISTED
from rag.grounding.citations import Draft, Part, Quote
from rag.model import Paper, more_authors
from rag.neural.question_reader import Heard
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.people import Person
from rag.retrieval.question.reading import topic_of
from rag.text import shown, terms
from rag.text.names import most_of, people_of

_MORE = re.compile(r"(?:\s+[A-Z][\w'’-]+)+")
_YES_OR_NO = re.compile(r"^\W*(?:and\s+|so\s+)?(?:did|does|is|was|were|are|has|have)\b", re.IGNORECASE)
_WITH_WHOM = re.compile(
    r"^(?!.*\b(?:papers?|articles?|publications?)\b).*\b(?:co-?authors?|co-?workers?|collaborators?|colleagues?)\b"
    r"|^\W*(?:and\s+)?(?:with\s+)?who(?:m|se)?\b|^\W*(?:which|what|how\s+many)\s+(?:people|persons?|authors?)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:with|together|alongside|collaborat\w+|co-?\w+|colleagues?)\b", re.IGNORECASE)
_MOST_PAPERS = re.compile(
    r"\b(?:most|largest number of|highest number of)\s+(?:papers?|articles?|publications?|works?)\b"
    r"|\bmost\s+(?:prolific|productive|frequent\w*|active|often|published)\b|\b(?:writ\w+|wrote|publish\w*)\s+(?:the\s+)?most\b",
    re.IGNORECASE,
)
_WRITERS = re.compile(r"\b(?:who|whose|authors?|writers?|people|persons?|researchers?|scientists?)\b", re.IGNORECASE)
_MOST_PEOPLE = 10


def stranger_in(text: str, heard: Heard, index: LexicalIndex) -> str:
    """The first of the people whom a question names; "" where it names none, or one whose name may be a subject."""
    for mark in (*heard.of("person"), *heard.of("person", denied=True)):
        more = _MORE.match(text, mark.end)  # "Zed Nobody", of which only Zed is heard
        name = text[mark.start : more.end() if more else mark.end]
        if not heard.of("subject") or not any(map(index.frequency, terms(name))):
            return name
    return ""


def yes_or_no(text: str) -> bool:
    """True for a question that begins as those do that are answered by yes or no."""
    return _YES_OR_NO.match(text) is not None


def asks_with_whom(text: str) -> bool:
    """True for a question for the people with whom somebody wrote: "co-authors of", "who did she write with"."""
    return _WITH_WHOM.search(text) is not None and _TOGETHER.search(text) is not None


def asks_who_wrote_most(text: str) -> bool:
    """True for a question for the authors of most papers, on no subject."""
    most = _MOST_PAPERS.search(text) is not None and _WRITERS.search(text) is not None
    return most and not topic_of(_MOST_PAPERS.sub(" ", text))


def whether_by(people: Sequence[Person], paper: Paper, name: str, *, sides: bool) -> list[Draft]:
    """Whether all of these people wrote a paper, called `name`, and who did; nothing where that is not known.

    Only who did, unless a yes or a no takes `sides`.
    """
    if not paper.authors:
        return []
    others = more_authors(paper)
    by = all(person.wrote(paper) for person in people)
    if not by and others:
        return []
    head = "" if not sides else "Yes: " if by else "No: "
    who = f"{', '.join(paper.authors)}{' and others' if others else ''}"
    return [Draft((Part(f"{head}{name} is by {who}.", _authors(paper)),))]


def written(people: Sequence[Person], apart: Sequence[Person], *, either: bool) -> str:
    """Of whom papers are, in words: "by Ann Owl and Bo Fox", "by Ann Owl and not by Bo Fox"."""
    by = "by " + (" or " if either else " and ").join(person.called for person in people) if people else ""
    no = "not by " + " or ".join(person.called for person in apart) if apart else ""
    return " and ".join(part for part in (by, no) if part)


def is_by(paper: Paper, people: Sequence[Person], apart: Sequence[Person], *, either: bool) -> bool:
    """True when all of these people (with `either` one) wrote a paper and none of those `apart` did, as is known."""
    wrote = [person.wrote(paper) for person in people]
    if not paper.authors or (apart and not people and more_authors(paper)):
        return False
    return (any(wrote) if either else all(wrote)) and not any(person.wrote(paper) for person in apart)


def by_people(
    papers: Sequence[Paper], by: str, conditions: Conditions, *, dated: bool,
    proof: Callable[[Paper], tuple[Quote, ...]] | None,
) -> tuple[list[Draft], str]:  # fmt: skip
    """Those of the papers, which are `by` somebody, that meet the conditions, in one sentence; or what is missing.

    Those without a date are counted apart where papers are to be `dated`. With a `proof`, what they mention, each
    stands in a line of its own.
    """
    if not papers:
        return [], f"No paper in the library is {by}."
    known = [paper for paper in papers if paper.published or not dated]
    chosen = [paper for paper in known if conditions.met_by(paper)]
    when = f" {said(conditions)}" if conditions else ""
    undated = len(papers) - len(known)
    unknown = f" ({undated} more {'has' if undated == 1 else 'have'} no date)" if undated else ""
    if not chosen:
        count = len(papers)
        return [], f"None of the {count} paper{'s' * (count != 1)} {by} is{when}{unknown}."
    count = len(chosen)
    head = f"{small_number(count)} paper{'s' * (count != 1)} {by}{when}{unknown}:"
    if proof:
        return itemized(head, chosen, count=count, proof=lambda paper: (*_authors(paper), *proof(paper))), ""
    items = [
        (f"{shown(p.title)}{f' ({p.published.year})' if p.published else ''}", _authors(p))
        for p in chosen[:MOST_LISTED]
    ]
    return [enumerated(f"{head} ", items, count=count)], ""


def with_whom(people: Sequence[Person], papers: Sequence[Paper]) -> tuple[list[Draft], str]:
    """With whom these people wrote these papers of theirs; who wrote most of them comes first."""
    others = {name for paper in papers for name in paper.authors if not any(name in one.names for one in people)}
    together = _theirs(papers, others)
    who = " and ".join(person.called for person in people)
    if not together:
        more = any(more_authors(paper) for paper in papers)
        return [], f"The library names nobody {'else ' * more}with whom {who} wrote."
    ranked = sorted(together, key=lambda name: (-len(together[name]), name))
    count = f"{len(ranked)} {'people' if len(ranked) != 1 else 'person'}"
    return [_people(f"{who} wrote with {count}: ", ranked, together)], ""


def who_wrote_most(index: LexicalIndex, conditions: Conditions) -> Composition:
    """Who wrote most of the papers that meet the conditions, all of them where they are several, each with papers."""
    if conditions:
        chosen = [index.papers[n] for n in np.flatnonzero(conditions.met_in(index.columns, index.position)).tolist()]
        most, people = most_of(Counter(name for paper in chosen for name in dict.fromkeys(paper.authors)))
    else:
        most, people = index.most_written
    names = [spellings[0] for spellings in people]
    when = f" {said(conditions)}" if conditions else ""
    if not names:
        return Composition((), f"The library names no author of a paper{when}.", nearest=None)
    if most == 1 and len(names) > 1:
        missing = f"Each of the {len(names)} authors whom the library names wrote one of its papers{when}."
        return Composition((), missing, nearest=None)
    papers = {
        spellings[0]: [paper for n in index.by_authors(spellings) if conditions.met_by(paper := index.papers[n])]
        for spellings in people[:_MOST_PEOPLE]
    }
    who = "The author of most papers{} is " if len(names) == 1 else f"The {len(names)} authors of most papers{{}} are "
    return Composition((_people(who.format(when), names, papers),))


def _theirs(papers: Sequence[Paper], names: Container[str]) -> dict[str, list[Paper]]:
    """The papers of each author of these names, by the longest of his spellings, in the order of the papers."""
    spelled = [name for paper in papers for name in paper.authors if name in names]
    called = {name: spellings[0] for spellings in people_of(spelled) for name in spellings}
    theirs: dict[str, list[Paper]] = {}
    for paper in papers:
        for name in dict.fromkeys(called[name] for name in paper.authors if name in called):
            theirs.setdefault(name, []).append(paper)
    return theirs


def _people(head: str, names: Sequence[str], papers: Mapping[str, Sequence[Paper]]) -> Draft:
    """One sentence on people, each with how many of the papers are theirs."""

    def counted(name: str) -> str:
        return f"{name} ({len(papers[name])} paper{'s' * (len(papers[name]) != 1)})"

    items = [
        (counted(name), tuple(quote for paper in papers[name][:3] for quote in _authors(paper)))
        for name in names[:_MOST_PEOPLE]
    ]
    return enumerated(head, items, count=len(names))


def who_wrote(papers: Sequence[Paper]) -> list[Draft]:
    """Who wrote these papers, which are on one subject, who wrote most of them first; none where it is unknown."""
    theirs = _theirs(papers, {name for paper in papers for name in paper.authors})
    if not theirs:
        return []
    ranked = sorted(theirs, key=lambda name: -len(theirs[name]))
    one = "1 person" if len(ranked) == 1 else f"{len(ranked)} people"
    named = sum(bool(paper.authors) for paper in papers)
    of = "The paper on this is" if named == 1 else f"The {named} papers on this are"
    more = f" ({len(papers) - named} more without authors)" if len(papers) > named else ""
    return [_people(f"{of} by {one}{more}: ", ranked, theirs)]


def called_alike(person: Person) -> Draft:
    """The sentence that several authors are called as somebody is in a question."""
    return Draft((Part(f"{small_number(len(person.each))} authors are called {person.surname}."),))


def no_paper_by(name: str, index: LexicalIndex) -> str:
    """The sentence that says that nobody of this name wrote a paper, as far as authors are known."""
    nameless = len(index.papers) - index.counts_of_authors[1]
    if nameless == len(index.papers):
        return f"The library does not name the authors of its papers, so it does not say what {name} wrote."
    more = f" {nameless} of its {len(index.papers)} papers name no authors." if nameless else ""
    return f"No paper in the library names {name} as an author.{more}"


def _authors(paper: Paper) -> tuple[Quote, ...]:
    return (Quote(paper, field="authors", value=", ".join(paper.authors)),)

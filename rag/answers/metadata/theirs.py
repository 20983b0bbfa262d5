"""Papers that a question names by their authors, where it asks what they say: "what did Okafor find?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

from rag.answers.asked import Asked
from rag.answers.candidates import Candidate
from rag.answers.metadata.whole_library import written_by
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.people import Person
from rag.retrieval.question.reading import topic_of
from rag.retrieval.retriever import Found
from rag.text import terms

# "What did Okafor find?", "What does Okafor say about owls?": what the paper says as a whole.
_FOUND = re.compile(
    r"\bwhat\b.*\b(?:find|found|say|said|show|shown|report|reported|conclude|concluded|discover|discovered|learn|learnt|learned)"
    r"(?:\s+(?:out\s+)?(?:about|on|regarding|of|in)\b|\W*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Theirs:
    """The papers of somebody that may be meant, by their positions; of several people who wrote together all theirs."""

    people: tuple[Person, ...]
    papers: tuple[int, ...]


def papers_of_people(asked: Asked, given: Conditions, index: LexicalIndex) -> tuple[Theirs, ...]:
    """Of each person whom a question names the papers that it may mean; none where it does not ask what papers say.

    Those who wrote together are meant together. Where several are called so, one paper alone has to have the subject in
    its title.
    """
    if not asked.on_contents or find_names(asked.own, index).owned:
        return ()
    wrote = [
        Theirs((person,), tuple(n for n in index.by_authors(person.names) if given.met_by(index.papers[n])))
        for person in asked.wanted
    ]
    joint = set(wrote[0].papers).intersection(*(one.papers for one in wrote))
    if len(wrote) > 1 and joint:
        wrote = [Theirs(asked.wanted, tuple(sorted(joint)))]
    named = {term for person in asked.wanted for term in terms(person.said)}
    subject = (topic_of(asked.own) if len(wrote) > 1 else asked.subject) - named
    found = tuple(_narrowed(one, subject, index, sides=len(wrote) > 1) for one in wrote)
    sure = all(len(one.papers) == 1 or all(len(person.each) == 1 for person in one.people) for one in found)
    return found if sure and all(one.papers for one in found) else ()


def in_force(asked: Asked, given: Conditions, index: LexicalIndex, *, metadata: bool) -> Conditions:
    """The conditions of the caller, and for lists and dates those of the question; and whose papers it is about.

    Without `metadata` nothing counts that the words of a question say of records.
    """
    applied = given
    if metadata and not asked.excludes:
        records = asked.for_("list", "count", "published", "author count", "authors")
        applied = given.joined(asked.reading.conditions) if records or not topic_of(asked.reading.text) else given
    if sides := papers_of_people(asked, given, index) if metadata else ():
        return replace(applied, paper_ids=tuple(index.ids[n] for one in sides for n in one.papers))
    if asked.of_theirs and not find_names(asked.reading.text, index).owned:
        papers = written_by(asked.wanted, index)
        whole = [p.id for p in papers if given.met_by(p) and all(person.wrote(p) for person in asked.wanted)]
        applied = replace(applied, paper_ids=tuple(whole) or applied.paper_ids)
    return applied


def _narrowed(one: Theirs, subject: set[str], index: LexicalIndex, *, sides: bool) -> Theirs:
    """The papers with all words of the subject, if any; as a side of two the one with most of their weight."""
    if len(one.papers) < 2 or not subject:
        return one
    on_title = tuple(n for n in one.papers if subject <= set(terms(index.papers[n].title)))
    if len(one.people[0].each) > 1:
        return replace(one, papers=on_title or one.papers)
    having = index.having(sorted(subject))
    if whole := tuple(n for n in one.papers if having[n]):
        return replace(one, papers=on_title if len(on_title) == 1 else whole)
    if not sides:
        return one
    each = {term: index.having([term]) for term in subject}
    weight = {n: fsum(index.idf(term) for term, has in each.items() if has[n]) for n in one.papers}
    best = tuple(n for n in one.papers if weight[n] == max(weight.values()) > 0)
    return replace(one, papers=best or one.papers)


def meant_by_people(
    asked: Asked, found: Found, candidates: Sequence[Candidate], sides: Sequence[Theirs], index: LexicalIndex
) -> tuple[Asked, Found, list[Candidate]]:
    """The question with the papers that it names by their authors: said in their stead, and named among the candidates.

    All is left as it is where of somebody more than one paper may be meant.
    """
    at = {index.ids[one.papers[0]]: one for one in sides if len(one.papers) == 1}
    chosen = {c.paper.id: c for c in candidates if c.paper.id in at}
    if not sides or len(at) < len(sides) or len(chosen) < len(sides) or any(c.named for c in candidates):
        return asked, found, list(candidates)
    if asked.for_("overview") and not any(_speaks(asked, n, index) for one in sides for n in one.papers):
        return asked, found, list(candidates)
    text = asked.heard
    for key, one in at.items():
        text = _said(text, one.people, chosen[key].called)
    if len(at) == 1 and (not asked.subject or _FOUND.search(asked.own)):
        asked = replace(asked, wants={**asked.wants, "overview": 1.0})
    theirs_ = {word for person in asked.wanted for word in re.findall(r"[^\W_]+", person.said)}
    unknown = tuple(name for name in found.names.unknown if not set(re.findall(r"[^\W_]+", name)) <= theirs_)
    named = [
        replace(c, named=True, asked_as=(c.called,) if c.paper.id in chosen and len(at) > 1 else c.asked_as)
        if c.paper.id in at
        else c
        for c in candidates
    ]
    return replace(asked, heard=text), replace(found, names=replace(found.names, unknown=unknown)), named


def _speaks(asked: Asked, n: int, index: LexicalIndex) -> bool:
    """True for a paper that has a word of the subject, and where there is none."""
    subject = asked.subject
    return not subject or any(index.having([term])[n] for term in subject)


def _said(text: str, people: Sequence[Person], called: str) -> str:
    """A question with the name of a paper in place of its authors'."""
    for person in people:
        text = re.sub(rf"\b{re.escape(person.said)}\b(?:['’]s\b)?", lambda _: called, text)
    return text

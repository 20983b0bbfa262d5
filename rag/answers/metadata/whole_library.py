"""What is exact over the library beside dates and counts: papers by people, without something, with a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.answers.asked import Asked
from rag.answers.candidates import Candidate
from rag.answers.forms import Composition, listed
from rag.answers.metadata.authorship import (
    asks_who_wrote_most,
    asks_with_whom,
    by_people,
    called_alike,
    is_by,
    no_paper_by,
    stranger_in,
    whether_by,
    who_wrote_most,
    with_whom,
    written,
    yes_or_no,
)
from rag.answers.metadata.exclusion import REFUSED
from rag.answers.metadata.fields import over_papers, said, small_number, titles_enumerated
from rag.answers.metadata.presence import Presence, field_in, mention_in
from rag.grounding.citations import Draft
from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import Names
from rag.retrieval.question.people import Person, beside
from rag.text import terms

_WHICH_ONES = re.compile(
    r"\W*(?:and )?(?:which|what)(?: (?:ones?|papers?|are|were|they|these|those|the|exactly))*\W*", re.IGNORECASE
)


def written_by(people: Sequence[Person], index: LexicalIndex) -> list[Paper]:
    """The papers that any of these people wrote, in the order of the index."""
    return [index.papers[n] for n in index.by_authors(name for person in people for name in person.names)]


def exactly(
    asked: Asked, named: Sequence[Candidate], names: Names, index: LexicalIndex, given: Conditions
) -> Composition | None:
    """What can be told exactly of the papers that a question asks for; None where it asks for none in such a way.

    Of papers that do not do something it is told that it cannot be told.
    """
    text, people = asked.own, asked.people
    if asks_who_wrote_most(text) and not people:
        return who_wrote_most(index, given.joined(asked.reading.conditions))
    presence = field_in(text, index) or mention_in(text, names, index)
    if presence and (other := field_in(presence.rest, index)):
        one = "Papers are told by one such thing at a time"
        return Composition((), f"{one}: ask for those {presence.phrase}, or for those {other.phrase}.", nearest=None)
    among = asked.alone.papers if asked.alone.own else ()
    told = {candidate.paper.id: candidate for candidate in named}
    said_before = [told[paper.id] for paper in among if paper.id in told]
    spoken = {term for candidate in named for name in candidate.asked_as for term in terms(name)}
    left = beside(presence.rest if presence else text, people) - (set() if among else spoken)
    if left or not (asked.papers or people or among):
        if asked.excludes:
            return Composition((), REFUSED, nearest=None)
        stranger = "" if people or named else stranger_in(text, left)
        return Composition((), no_paper_by(stranger, index), nearest=None) if stranger else None
    if named and not among and not presence:
        if not (people and yes_or_no(text)):
            return None
        # "did she not write it" and "did she or he write it" have no plain yes and no
        sides = not asked.denied and " or " not in text
        drafts = [draft for one in named for draft in whether_by(people, one.paper, one.called, sides=sides)]
        return Composition(tuple(drafts)) if drafts else None
    if asked.excludes and not presence:
        return Composition((), REFUSED, nearest=None)
    if among and _WHICH_ONES.fullmatch(text):
        return Composition(tuple(listed(said_before, [None] * len(said_before), counted=False)))
    if not (people or presence or asked.denied or (among and asked.reading.conditions)):
        return None
    return _chosen(asked, among, presence, index, given)


def _chosen(
    asked: Asked, among: Sequence[Paper], presence: Presence | None, index: LexicalIndex, given: Conditions
) -> Composition:
    """The papers that are by whom, from when and with what a question says, or whom their authors wrote with."""
    text, wanted, apart = asked.own, asked.wanted, asked.denied.people
    either = " or " in f" {text} "
    papers: Sequence[Paper] = among or (written_by(wanted, index) if wanted else index.papers)
    these = given if asked.denied.dates else Conditions(paper_ids=given.paper_ids)
    papers = [paper for paper in papers if these.met_by(paper)] if these else papers
    when = asked.reading.conditions
    when = when if asked.denied.dates else replace(given, paper_ids=()).joined(when)
    if wanted and not among and asks_with_whom(text) and not (len(wanted) > 1 and yes_or_no(text)):
        theirs = [paper for paper in papers if is_by(paper, wanted, apart, either=False)]
        return _composed(*with_whom(wanted, [p for p in theirs if when.met_by(p)]))
    if len(wanted) == 1 and len(wanted[0].each) > 1 and not among and not asked.reading.order:
        told = [_of(asked, papers, (one,), presence, when, either=False) for one in wanted[0].each]
        drafts = [draft for found, _ in told for draft in found]
        return _composed([called_alike(wanted[0]), *drafts] if drafts else [], told[0][1])
    if among:
        return _composed(*_those(asked, papers, presence, when, either=either))
    if asked.reading.order or asked.people:
        return _composed(*_of(asked, papers, wanted, presence, when, either=either))
    return _composed(*_those(asked, papers, presence, when, either=either))


def _of(
    asked: Asked,
    papers: Sequence[Paper],
    wanted: Sequence[Person],
    presence: Presence | None,
    when: Conditions,
    *,
    either: bool,
) -> tuple[list[Draft], str]:
    """The papers of these people, or what comes first among them."""
    apart, place = asked.denied.people, asked.author_place
    theirs = [paper for paper in papers if is_by(paper, wanted, apart, either=either)] if wanted or apart else papers
    by = written([person.among(theirs) for person in wanted], apart, either=either)
    if place is not None:
        theirs = [p for p in theirs if any(person.wrote_at(p, place) for person in wanted)]
        by += f" as {'first' if place == 0 else 'last'} author"
    if presence:
        theirs = [paper for paper in theirs if presence.met_by(paper)]
        by += f" {presence.phrase}"
    if asked.reading.order and theirs:
        reading = replace(asked.reading, conditions=when)
        drafts, missing = over_papers(reading, theirs, side_by_side=False)
        return drafts, f"The library does not say: {missing}." if missing else ""
    return by_people(theirs, by.strip(), when, denied=asked.denied.dates)


def _those(
    asked: Asked,
    papers: Sequence[Paper],
    presence: Presence | None,
    when: Conditions,
    *,
    either: bool,
) -> tuple[list[Draft], str]:
    """Which of the papers are by whom and from when a question says, in one sentence; or what is missing."""
    wanted, apart, dates = asked.wanted, asked.denied.people, asked.denied.dates
    known = [paper for paper in papers if paper.published or not (dates and when.dated)]
    what = [written(wanted, apart, either=either)] if wanted or apart else []
    what += [f"{'not ' * dates}{said(when)}"] if when else []
    what = [" ".join((*what, presence.phrase))] if presence and (what or presence.lacks) else what

    def met(paper: Paper) -> bool:
        return (
            (not (wanted or apart) or is_by(paper, wanted, apart, either=either))
            and (not when or when.met_by(paper) is not dates)
            and (presence is None or presence.met_by(paper))
        )

    return those(known, met, have=presence.what if presence and not what else "", what=" and ".join(what))


def those(papers: Sequence[Paper], met: Callable[[Paper], bool], *, what: str, have: str) -> tuple[list[Draft], str]:
    """The papers that meet something, in one sentence that says they are `what` or `have` that; or what is missing."""
    chosen = [paper for paper in papers if met(paper)]
    count, total = len(chosen), f"{len(papers)} paper{'s' * (len(papers) != 1)}"
    if not chosen:
        return [], f"None of the {total} {'has ' + have if have else 'is ' + what}."
    verb = f"{'has' if count == 1 else 'have'} {have}" if have else f"{'is' if count == 1 else 'are'} {what}"
    share = f"All {total}" if count == len(papers) > 1 else f"{small_number(count)} of the {total}"
    return [titles_enumerated(f"{share} {verb}: ", chosen, count=count)], ""


def _composed(drafts: Sequence[Draft], missing: str) -> Composition:
    return Composition(tuple(drafts), missing, nearest=None if missing else ())

"""What is exact over the library beside dates and counts: papers by people, without something, with a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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
from rag.answers.metadata.fields import itemized, over_papers, said, small_number, titles_enumerated
from rag.answers.metadata.presence import Presence, presences_in
from rag.answers.metadata.side_by_side import side_by_side
from rag.grounding.citations import Draft, Quote
from rag.library.flat_records import StoredPaper
from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import Names
from rag.retrieval.question.people import Person
from rag.text import terms
from rag.text.names import PLACE_WORDS

_WHICH_ONES = re.compile(
    r"\W*(?:and )?(?:which|what)(?: (?:ones?|papers?|are|were|they|these|those|the|exactly))*\W*", re.IGNORECASE
)
Proof = Callable[[Paper], tuple[Quote, ...]]
Stored = Callable[[Sequence[str]], Mapping[str, StoredPaper]]
REFUSED = (
    "The library cannot say which papers do not: an abstract says what its paper does, and seldom what it does not. "
    "Ask for the papers that do, or for those that say so in other words (“training-free”)."
)


def written_by(people: Sequence[Person], index: LexicalIndex) -> list[Paper]:
    """The papers that any of these people wrote, in the order of the index."""
    return [index.papers[n] for n in index.by_authors(name for person in people for name in person.names)]


def exactly(
    asked: Asked, named: Sequence[Candidate], names: Names, index: LexicalIndex, given: Conditions, stored: Stored
) -> Composition | None:
    """What can be told exactly of the papers that a question asks for; None where it asks for none in such a way.

    Of papers that do not do something it is told that it cannot be told. `stored` reads papers whole, by their ids.
    """
    text, people = asked.own, asked.people
    if asks_who_wrote_most(text) and not people:
        return who_wrote_most(index, given.joined(asked.reading.conditions))
    if told_of_two := side_by_side(text, index):
        return told_of_two
    among = asked.alone.papers if asked.alone.own else ()
    # Of a few papers can be told which do not mention a subject.
    unmentioned = asked.said.of("subject", denied=True) if (people or among) and not asked.said.of("subject") else ()
    fields = (bool(among) or not named) and not asked.reading.conditions.on_authors
    presences = presences_in(text, asked.said, names, index, fields=fields, unmentioned=unmentioned)
    if times := asked.not_when:
        # Of a paper without a date it is not known.
        then = Presence(lambda paper: times.met_by(paper), True, "a date", f"not {said(times)}")
        presences = (*presences, then)
    told = {candidate.paper.id: candidate for candidate in named}
    said_before = [told[paper.id] for paper in among if paper.id in told]
    spoken = {term for candidate in named for name in candidate.asked_as for term in terms(name)}
    passed = {term for mark in unmentioned for term in terms(text[mark.start : mark.end])}
    left = asked.subject - passed - (set() if among else spoken)
    if asked.foreign:  # "Какие статьи написала Ida Holm?": words that no abstract has are none of a subject
        left = {term for term in left if index.frequency(term)}
    alone = not (people or named or among or asked.foreign)
    if alone and not (left and names.unknown) and (stranger := stranger_in(text, asked.said, index)):
        return Composition((), no_paper_by(stranger, index), nearest=None)
    if left or not (asked.papers or people or among):
        return Composition((), REFUSED, nearest=None) if asked.excludes else None
    if named and not among and not presences:
        if not (people and yes_or_no(text)):
            return None
        # "did she not write it" and "did she or he write it" have no plain yes and no
        sides = not asked.apart and " or " not in text
        drafts = [draft for one in named for draft in whether_by(people, one.paper, one.called, sides=sides)]
        return Composition(tuple(drafts)) if drafts else None
    if asked.excludes and not presences:
        return Composition((), REFUSED, nearest=None)
    if among and _WHICH_ONES.fullmatch(text):
        return Composition(tuple(listed(said_before, [None] * len(said_before), counted=False)))
    if not (people or presences or (among and asked.reading.conditions)):
        return None
    return _chosen(asked, among, presences, index, given, stored)


def _chosen(
    asked: Asked, among: Sequence[Paper], presences: Sequence[Presence], index: LexicalIndex, given: Conditions,
    stored: Stored,
) -> Composition:  # fmt: skip
    """The papers that are by whom, from when and with what a question says, or whom their authors wrote with."""
    text, wanted, apart = asked.own, asked.wanted, asked.apart
    either = " or " in f" {text} "
    papers: Sequence[Paper] = among or (written_by(wanted, index) if wanted else index.papers)
    these = Conditions(paper_ids=given.paper_ids)
    papers = [paper for paper in papers if these.met_by(paper)] if these else papers
    when = replace(given, paper_ids=()).joined(asked.reading.conditions)
    proof = _proof(presences, stored) if any(presence.mentions for presence in presences) else None
    if wanted and not among and asks_with_whom(text) and not (len(wanted) > 1 and yes_or_no(text)):
        theirs = [paper for paper in papers if is_by(paper, wanted, apart, either=False)]
        return _composed(*with_whom(wanted, [p for p in theirs if when.met_by(p)]))
    if len(wanted) == 1 and len(wanted[0].each) > 1 and not among and not asked.reading.order:
        told = [_of(asked, papers, (one,), presences, when, proof, either=False) for one in wanted[0].each]
        drafts = [draft for found, _ in told for draft in found]
        return _composed([called_alike(wanted[0]), *drafts] if drafts else [], told[0][1])
    if among:
        return _composed(*_those(asked, papers, presences, when, proof, either=either))
    if asked.reading.order or asked.people:
        return _composed(*_of(asked, papers, wanted, presences, when, proof, either=either))
    return _composed(*_those(asked, papers, presences, when, proof, either=either))


def _of(
    asked: Asked,
    papers: Sequence[Paper],
    wanted: Sequence[Person],
    presences: Sequence[Presence],
    when: Conditions,
    proof: Proof | None,
    *,
    either: bool,
) -> tuple[list[Draft], str]:
    """The papers of these people, or what comes first among them."""
    apart, place = asked.apart, asked.author_place
    theirs = [paper for paper in papers if is_by(paper, wanted, apart, either=either)] if wanted or apart else papers
    by = written([person.among(theirs) for person in wanted], apart, either=either)
    if place is not None:
        theirs = [p for p in theirs if any(person.wrote_at(p, place) for person in wanted)]
        by += f" as {PLACE_WORDS[place]} author"
    theirs = [paper for paper in theirs if all(presence.met_by(paper) for presence in presences)]
    by = " ".join((by, _with(presences))).strip()
    if asked.reading.order and theirs:
        reading = replace(asked.reading, conditions=when)
        drafts, missing = over_papers(reading, theirs, side_by_side=False)
        return drafts, f"The library does not say: {missing}." if missing else ""
    return by_people(theirs, by, when, dated=when.dated or bool(asked.not_when), proof=proof)


def _those(
    asked: Asked,
    papers: Sequence[Paper],
    presences: Sequence[Presence],
    when: Conditions,
    proof: Proof | None,
    *,
    either: bool,
) -> tuple[list[Draft], str]:
    """Which of the papers are by whom and from when a question says, in one sentence; or what is missing."""
    wanted, apart = asked.wanted, asked.apart
    known = [paper for paper in papers if paper.published or not asked.not_when]
    what = [written(wanted, apart, either=either)] if wanted or apart else []
    what += [said(when)] if when else []
    has = [presence.what for presence in presences if not presence.lacks]
    only_has = len(has) == len(presences) == 1 and not what
    what = what if only_has or not presences else [" ".join((*what, _with(presences)))]

    def met(paper: Paper) -> bool:
        return (
            (not (wanted or apart) or is_by(paper, wanted, apart, either=either))
            and when.met_by(paper)
            and all(presence.met_by(paper) for presence in presences)
        )

    return those(known, met, have=has[0] if only_has else "", what=" and ".join(what), proof=proof)


def _proof(presences: Sequence[Presence], stored: Stored) -> Proof:
    """The words of a paper that say that it mentions what it is to mention; the title of one that has just gone."""

    def proof(paper: Paper) -> tuple[Quote, ...]:
        whole = stored([paper.id]).get(paper.id)
        if whole is None:
            return (Quote(paper, field="title", value=paper.title),)
        return tuple(one.proof(whole.paper, whole.sentence_spans) for one in presences if one.mentions)

    return proof


def _with(presences: Sequence[Presence]) -> str:
    return " and ".join(presence.phrase for presence in presences)


def those(
    papers: Sequence[Paper], met: Callable[[Paper], bool], *, what: str, have: str, proof: Proof | None
) -> tuple[list[Draft], str]:
    """The papers that meet something, in one sentence that says they are `what` or `have` that; or what is missing.

    With a `proof` each stands in a line of its own.
    """
    chosen = [paper for paper in papers if met(paper)]
    count, total = len(chosen), f"{len(papers)} paper{'s' * (len(papers) != 1)}"
    if not chosen:
        return [], f"None of the {total} {'has ' + have if have else 'is ' + what}."
    verb = f"{'has' if count == 1 else 'have'} {have}" if have else f"{'is' if count == 1 else 'are'} {what}"
    share = f"All {total}" if count == len(papers) > 1 else f"{small_number(count)} of the {total}"
    if proof:
        return itemized(f"{share} {verb}:", chosen, count=count, proof=proof), ""
    return [titles_enumerated(f"{share} {verb}: ", chosen, count=count)], ""


def _composed(drafts: Sequence[Draft], missing: str) -> Composition:
    return Composition(tuple(drafts), missing, nearest=None if missing else ())

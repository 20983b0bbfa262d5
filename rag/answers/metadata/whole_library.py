"""What is exact over the library beside dates and counts: papers by people, and papers that do *not* do something."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answers.candidates import Candidate
from rag.answers.forms import Composition
from rag.answers.metadata.authorship import Person, apart_in, by_people, no_paper_by, stranger_in, whether_by, yes_or_no
from rag.answers.metadata.exclusion import REFUSED, asks_for_silence, negated, without
from rag.answers.metadata.fields import over_papers, said
from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import Names
from rag.retrieval.question.reading import Reading, topic_of
from rag.text import terms


def beside(text: str, people: Sequence[Person]) -> set[str]:
    """The terms of a question that are about neither papers as such nor these people."""
    return topic_of(text) - {term for person in people for term in terms(person.said)}


def papers_not(
    reading: Reading, people: Sequence[Person], names: Names, index: LexicalIndex, given: Conditions
) -> Composition:
    """The papers that do not do what a question says, where that is exact; else one sentence that it cannot be told."""
    met = given.met_in(index.columns, index.position)
    if people and not beside(reading.text, people):
        apart = apart_in(reading.text, people)
        drafts, missing = by_people(people, index, given, no=not apart, apart=apart)
    elif reading.conditions and not topic_of(reading.text):
        known = met & (index.columns.known("published") if reading.conditions.dated else True)
        excluded = reading.conditions.met_in(index.columns, index.position)
        drafts, missing = without(index, known, excluded, what=f"not {said(reading.conditions)}")
    elif asks_for_silence(reading.text) and names.known and not names.unknown:
        having = index.at(n for name in names.known for n in (*name.named.owners, *name.named.mentioned))
        what = f"without a mention of {' or '.join(dict.fromkeys(name.written for name in names.known))}"
        drafts, missing = without(index, met, having, what=what)
    else:
        return Composition((), REFUSED, nearest=None)
    return Composition(tuple(drafts), missing)


def written_by(people: Sequence[Person], index: LexicalIndex) -> list[Paper]:
    """The papers that any of these people wrote, in the order of the index."""
    return [index.papers[n] for n in index.by_authors(name for person in people for name in person.names)]


def papers_of(
    reading: Reading, people: Sequence[Person], named: Sequence[Candidate], index: LexicalIndex, given: Conditions
) -> Composition | None:
    """What is to be said of the people in a question on papers as such; None where they are not asked for."""
    text = reading.text
    left = beside(text, people) - {term for candidate in named for name in candidate.asked_as for term in terms(name)}
    if left:
        stranger = "" if people or named else stranger_in(text, left)
        return Composition((), no_paper_by(stranger, index), nearest=None) if stranger else None
    if not people:
        return None
    if named:
        if not yes_or_no(text):
            return None
        told = [draft for one in named for draft in whether_by(people, one.paper, one.called)]
        return Composition(tuple(told)) if told else None
    conditions = given.joined(reading.conditions)
    if reading.order:
        theirs = [paper for paper in written_by(people, index) if all(person.wrote(paper) for person in people)]
        drafts, missing = over_papers(reading, [paper for paper in theirs if given.met_by(paper)])
        return Composition(tuple(drafts), f"The library does not say: {missing}." if missing else "")
    apart, either = apart_in(text, people), " or " in f" {text} "
    no = negated(text) and not apart
    drafts, missing = by_people(people, index, conditions, either=either, no=no, apart=apart)
    return Composition(tuple(drafts), missing)

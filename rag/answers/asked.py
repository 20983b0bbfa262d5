"""What a question asks for, as the heads of the cross-encoder and its exact words say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rag.answers.metadata.facts import Field
from rag.answers.metadata.identity import exact_fields
from rag.model import Paper
from rag.neural.question_reader import LIKELY, MAYBE, UNHEARD, Heard, Mark
from rag.retrieval.query import without_asking
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.dialogue import Standalone
from rag.retrieval.question.follow_up import without_lead
from rag.retrieval.question.number_of_authors import place_of_authors
from rag.retrieval.question.people import Person, author_place, denied_of
from rag.retrieval.question.reading import Reading, read, topic_of
from rag.retrieval.question.times import times_in
from rag.text import sentences, terms

_WORD_BEFORE, _LAST_WORD = re.compile(r"\w+\s+$"), re.compile(r"\s+\w+\W*")
_CONTENT = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LEADING = frozenset(terms("published appeared dont doesnt except excluding written"))
_DENYING = re.compile(r"\w+n['’]t$", re.IGNORECASE)
_WRITING = re.compile(
    r"\b(?:wrote|writ(?:e|es|ing|ten)|publish\w*|author\w*|work(?:s|ed)? (?:on|with)"
    r"|(?:which|what|any|all|many) papers?)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(r"\b(?:what|which|how|why|where|whether)\b.*\b(?:do|does|did|is|are|was|were)\b", re.IGNORECASE)
FIELDS: Mapping[str, Field] = {
    "published": "published", "authors": "authors", "author count": "author_count", "link": "url",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question as it is to be answered: alone, as it was read, and what it asks for, each with its probability.

    `heard` is its text with slips of the hand mended, as the networks read it; `said` is what its own words are as
    conditions; `people` are the authors that it names; `foreign` is True where it is in a language of its own; `rest`
    is what it asks for beside fields of the metadata, "" where that is all or nothing.
    """

    alone: Standalone
    reading: Reading
    heard: str
    wants: Mapping[str, float]
    said: Heard = UNHEARD
    people: tuple[Person, ...] = ()
    foreign: bool = False
    rest: str = ""

    @property
    def own(self) -> str:
        """Its own words, without the names of papers that the conversation puts behind it."""
        return self.alone.own or self.reading.text

    @property
    def put(self) -> str:
        """What sentences are read for: the names of several papers behind it say nothing of what it asks of each."""
        return self.own if self.alone.own and not self.for_("compare") else self.heard

    def for_(self, *names: str) -> bool:
        """True when it likely asks for one of these (of `rag.neural.ASKS`)."""
        return max(self.wants[name] for name in names) > LIKELY

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the metadata that it asks for: those that are likely, and one that is likelier than all else.

        What is heard faintly in another language is not heard.
        """
        most = 1.0 if self.foreign else max(MAYBE, *self.wants.values())
        heard = tuple(field for name, field in FIELDS.items() if self.wants[name] > LIKELY or self.wants[name] >= most)
        return exact_fields(self.own, self.wants, heard)

    @property
    def lists(self) -> bool:
        """True when papers are asked for, or how many there are."""
        return self.for_("list", "count")

    @property
    def chats(self) -> bool:
        """True for small talk, which says nothing besides: "hello", "ok, thanks a lot", "what can you do"."""
        return self.for_("small talk") and len(topic_of(without_lead(self.reading.text))) <= 1

    @property
    def near_fields(self) -> tuple[Field, ...]:
        """The fields of the metadata that may be what it asks for, whose facts are read beside the sentences."""
        least = LIKELY if self.foreign else MAYBE
        return tuple(field for name, field in FIELDS.items() if self.wants[name] > least)

    @property
    def papers(self) -> bool:
        """True when it may ask for papers, their number or people; also of somebody's where nothing else is heard."""
        papers = max(self.wants[name] for name in ("list", "count", "authors"))
        return papers > MAYBE or (bool(self.people) and max(self.wants.values()) < LIKELY)

    @property
    def apart(self) -> tuple[Person, ...]:
        """The people whose papers are not wanted."""
        return denied_of(self.people, self.said)

    @property
    def not_when(self) -> Conditions:
        """The times that are not wanted."""
        return dates_of(self.own, self.said.of("date", denied=True))

    @property
    def wanted(self) -> tuple[Person, ...]:
        """The people whose papers are asked for."""
        return tuple(person for person in self.people if person not in self.apart)

    @property
    def excludes(self) -> bool:
        """True when it asks for the papers that do not do something, people and dates aside, and for no others.

        What is denied in a story before the question ("I have no money") is no condition on papers.
        """
        papers = max(self.wants["list"], self.wants["count"]) > MAYBE
        asking = max((start for start, _ in sentences(self.own)), default=0)
        denied = [mark for mark in self.said.of("subject", denied=True) if mark.start >= asking]
        return papers and bool(denied) and not (self.said.of("subject") or self._unheard_subject)

    @property
    def _unheard_subject(self) -> set[str]:
        """The terms of a subject beside what is denied, where none was heard: "medical papers not about radiology"."""
        rest = unmarked(self.own, self.said.marks)
        return topic_of(without_asking(re.sub(r"n['’]t\b", " not", rest)))

    @property
    def left_out(self) -> list[str]:
        """What papers on its subject, which are wanted, are not to be about."""
        denied = self.said.of("subject", denied=True) if not self.excludes else ()
        return [self.own[mark.start : mark.end] for mark in denied]

    @cached_property
    def on(self) -> str:
        """What the papers of a list are to be on: its words but for those of times, people, fields and what is denied.

        All of its words where it asks for no list, has nothing else, or speaks of papers of the conversation.
        """
        beside = [
            m for m in self.said.marks if m.slot in ("date", "person", "field") or (m.denied and m.slot != "word")
        ]
        if authors := place_of_authors(self.own):
            beside.append(Mark("field", False, *authors))
        if self.alone.own or not (self.lists and self.subject and beside):
            return self.reading.text
        return without_clauses(self.own, beside) or self.reading.text

    @property
    def of_papers(self) -> bool:
        """True when it rather asks for papers or their people than for what a paper says."""
        papers = max(self.wants[name] for name in ("list", "count", "authors", "author count"))
        return papers > max(LIKELY, self.wants["one"])

    @cached_property
    def subject(self) -> set[str]:
        """The terms of what it is on, papers as such and people aside.

        Where it asks for papers those of the words that were heard as their subject.
        """
        wanted, denied = self.said.of("subject"), self.said.of("subject", denied=True)
        if wanted or self.of_papers:
            words = [self.own[mark.start : mark.end] for mark in (*wanted, *denied)]
            if self.reading.conditions and not any(map(topic_of, words)):  # "written" by fewer than four people
                return set()
            return {term for one in words for term in terms(one)}
        theirs = {term for person in self.people for term in terms(person.said)}
        return topic_of(unmarked(self.own, self.said.marks)) - theirs

    @property
    def of_theirs(self) -> bool:
        """True when it is about something in the papers of people, or in those that are not theirs."""
        return bool(self.people) and not self.excludes and bool(self.subject)

    @property
    def on_theirs(self) -> bool:
        """True when it asks for such papers."""
        return self.of_theirs and self.papers

    @property
    def on_contents(self) -> bool:
        """True when it asks what papers of people say, and for nothing that their records say."""
        records = self.for_("list", "count", *FIELDS) or bool(self.fields) or _WRITING.search(self.own)
        says = self.for_("one", "overview", "compare") or (bool(self.subject) and _ASKING.search(self.own))
        return bool(self.wanted and says) and not (records or self.apart or self.excludes or self.alone.own)

    @property
    def picks(self) -> bool:
        """True when it asks for papers spoken of, all or those on a subject: "show them", "which is about X?"."""
        return bool(self.alone.own) and self.papers and (bool(self.said.of("subject")) or self.for_("list"))

    @property
    def author_place(self) -> int | None:
        """The place among the authors that somebody is to have: 0 for the first, -1 for the last."""
        return author_place(self.own)

    def admits(self, paper: Paper) -> bool:
        """True for a paper that is by nobody and from no time that the question denies, as far as is known."""
        by = any(person.wrote(paper) for person in self.apart) or (self.apart and not paper.authors)
        when = self.not_when
        return not (by or (when and (paper.published is None or when.met_by(paper))))

    @property
    def on_library(self) -> bool:
        """True when it is about dates, numbers of authors or papers over the library, and about no subject."""
        exact = self.reading.order or self.reading.conditions or self.lists
        return bool(exact) and not self.subject and not topic_of(unmarked(self.own, self.said.marks))


def told_apart(reading: Reading, own: str, heard: Heard) -> Reading:
    """A reading with the dates of what was heard as times: no dates are in a subject, and in words to be mentioned."""
    rest = unmarked(own, [mark for mark in heard.marks if mark.slot in ("subject", "word", "date")])
    dates = dates_of(own, heard.of("date"))
    # An order may stand in the words of a time: "the most recent".
    whole = read(reading.text, own=own if not heard.of("subject") else rest.strip() or own)
    conditions = whole.conditions.joined(dates).joined(reading.given)
    return replace(whole, conditions=conditions, given=reading.given)


def without_clauses(text: str, marks: Sequence[Mark]) -> str:
    """A text without these of its words, and without those that only lead to them: "that are not", "published from"."""
    said = ""
    start = 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        before = text[start : mark.start]
        ends = [word.end() for word in _CONTENT.finditer(before) if _is_of_subject(word[0])]
        said += f"{before[: ends[-1]] if ends else before} "
        start = max(start, mark.end)
    return " ".join(f"{said}{text[start:]}".split()).strip(" ,;")


def _is_of_subject(word: str) -> bool:
    return word.lower() in ("paper", "papers") or (bool(set(terms(word)) - _LEADING) and not _DENYING.match(word))


def unmarked(text: str, marks: Sequence[Mark]) -> str:
    """A text with blanks in place of these of its words."""
    for mark in marks:
        text = f"{text[: mark.start]}{' ' * (mark.end - mark.start)}{text[mark.end :]}"
    return text


def dates_of(text: str, marks: Sequence[Mark]) -> Conditions:
    """The condition on dates that these words of a question set together.

    Where they begin and end is heard to a word only, and what a time is, is exact: the word before is read with them,
    and the last of the question: "(after) June 2021", "from 2021 (on)".
    """
    if not marks:
        return Conditions()
    start, end = marks[0].start, marks[-1].end
    before, last = _WORD_BEFORE.search(text[:start]), _LAST_WORD.fullmatch(text, end)
    wider = text[before.start() if before else start : last.end() if last else end]
    return times_in(wider) or times_in(text[start:end]) or times_in(text[start : marks[0].end])

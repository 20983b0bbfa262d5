"""A piece that goes on from the question before with other people, dates, or another subject: "And by Fox?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.model import Paper
from rag.neural.question_reader import Heard, Mark
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.people import Person, author_place, namesakes, people_in

# How a condition is said behind a question that has none of its kind, wanted and denied; dates come with their words.
_SAID = {"person": ("by {}", "not by {}"), "subject": ("about {}", "not about {}"), "date": ("{}", "not {}")}
_ONE_OF = re.compile(r"\b(?:he|she|his|her|author)\b", re.IGNORECASE)
_OTHERS_OF = re.compile(
    r"(?=.*\b(?:he|she|they|his|her|their|authors?|same (?:person|people))\b)"
    r"(?=.*\b(?:else|others?|another|also|more)\b)"
    r".*\b(?:papers?|articles?|works?|publications?|writ\w+|wrote|publish\w*)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def exchanged(piece: str, heard: Heard, before: str, known: Heard, index: LexicalIndex) -> str | None:
    """The question `before`, of which `known` was heard, with the conditions of a piece, of which this was `heard`.

    They stand in place of those of their kind, or are added where it has none; somebody who is named by the given name
    alone has the surname of one who is named before. None for a piece without people, dates and a subject.
    """
    marks = [mark for mark in heard.marks if mark.slot in _SAID]
    if not marks or len(marks) < len(heard.marks):
        return None
    if any(mark.slot == "subject" for mark in marks) and not known.of("subject"):
        return None  # "and in winter?" goes on from what was asked of a paper
    others = people_in(before, index, known)
    whole, behind = before.rstrip(" ?.!"), []
    places: list[tuple[int, int, str]] = []
    for slot in _SAID:
        for denied in (False, True):
            new = " or ".join(
                _words(piece, mark, others, index) for mark in marks if mark.slot == slot and mark.denied is denied
            )
            old = known.of(slot, denied=denied)
            if new and old:
                places.append((old[0].start, old[-1].end, new))
            elif new:
                behind.append(_SAID[slot][denied].format(new))
    for start, end, new in sorted(places, reverse=True):
        whole = f"{whole[:start]}{new}{whole[end:]}"
    return " ".join((whole, *behind))


def _words(text: str, mark: Mark, others: Sequence[Person], index: LexicalIndex) -> str:
    words = text[mark.start : mark.end]
    if mark.slot == "person":
        return min(namesakes(words, others, index), default=words)
    return f"from {words}" if mark.slot == "date" and _YEAR.fullmatch(words) else words


def same_people(
    question: str, last: tuple[str, str], index: LexicalIndex, spoken: Sequence[Paper], hear: Callable[[str], Heard]
) -> str:
    """Whose other papers are asked for by "what else did she write?", "" where they are not or it is not known.

    `last` are the question before and its answer.
    """
    if not _OTHERS_OF.search(question) or people_in(question, index, hear(question)):
        return ""
    asked, told = ([person.called for person in people_in(text, index, hear(text))] for text in last)
    people = asked or (told if len(told) == 1 else [])
    authors = list(spoken[0].authors) if len(spoken) == 1 else []
    if authors and (place := author_place(question)) is not None:  # "what else did its first author write?"
        authors = authors[place:][:1]
    return " or ".join(people or (authors if len(authors) == 1 or not _ONE_OF.search(question) else ()))

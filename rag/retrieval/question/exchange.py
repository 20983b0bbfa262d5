"""A few words that go on from the question before with other people, dates, or another subject: "And by Fox?"."""

from __future__ import annotations

import re

from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import conditions_in, without_dates
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.people import Person, denied_in, people_in
from rag.text import terms

_LEAD = re.compile(r"^\W*(?:(?:and|but|or|so|then|now|also|ok|okay|what\s+about|how\s+about)\b[\s,]*)+", re.IGNORECASE)
_THOSE = re.compile(
    r"^(?:(?:only|just|any|all|the|of)\s+)*(?:(?:those|these|ones?|papers?|articles?|works?)\b\s*)+(?:(?:that|which)\s+are\s+)?"
    r"|^(?:only|just)\s+",
    re.IGNORECASE,
)
_NOUN = re.compile(r"\b(?:papers?|articles?|works?)\b", re.IGNORECASE)
_HOW = re.compile(r"^(?:(?:by|from|of|with|without|not|and|or|alone)\b\s*)+", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:with|without|not)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:about|on)\s+\w", re.IGNORECASE)
_SUBJECT_OF = re.compile(r"\b(?:about|on)\s+\w[^?]*\W*$", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:it|its|this|that|they|them|their|these|those|ones?|first|second|third|last|others?|latter|former|both)\b|\d",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 10  # words


def exchanged(question: str, last: str, index: LexicalIndex) -> str | None:
    """The question before, `last`, with the people, dates or subject of these few words; None where they are more.

    They stand in place of those of `last`, or are added where it has none.
    """
    lead = _LEAD.match(question)
    words = question[lead.end() :] if lead else question
    those = _THOSE.match(words)
    if len(question.split()) > _LONGEST or (those and not lead and _NOUN.search(those.group())):
        return None  # "papers from 2022" is whole
    words = words[those.end() :] if those else words
    words = re.sub(r"\b(?:instead|only|then|please)\b", "", words, flags=re.IGNORECASE).strip(" ?.!,")
    if _YEAR.fullmatch(words):
        words = f"from {words}"
    dated = conditions_in(words).dated
    who = without_dates(words).strip() if dated else words
    people = people_in(f"by {_HOW.sub('', who)}", index) if who else ()
    if (who and not _only(who, people)) or not (who or dated):
        return (
            _on_another(words, last, index, about=bool(lead and "about" in lead.group().casefold())) if lead else None
        )
    if people and people[0].start > len("by "):
        return None
    whole = last.rstrip(" ?.!")
    if dated:
        whole = without_dates(whole).strip()
    if people:
        theirs = people_in(whole, index)
        if theirs and not _BESIDE.search(who):
            first, final = theirs[0], theirs[-1]
            if denied_in(whole, theirs).people not in ((), theirs):
                return None
            whole = f"{whole[: first.start]}{_HOW.sub('', who)}{whole[final.end :]}"
        elif theirs or _HOW.match(who):
            whole = f"{whole} {who}"
        else:
            return None
    when = words[len(who) :] if dated and words.startswith(who) else words if dated else ""
    return " ".join(f"{whole} {when}".split())


def _on_another(words: str, last: str, index: LexicalIndex, *, about: bool) -> str | None:
    """The question before on another subject, "And about owls?"; None where it had none or these words point back."""
    before = _SUBJECT_OF.search(last)
    if before is None or _POINTS.search(words) or find_names(words, index).owned:
        return None
    if _SUBJECT.match(words):
        return f"{last[: before.start()]}{words}"
    return f"{last[: before.start()]}about {words}" if about and words else None


def _only(words: str, people: tuple[Person, ...]) -> bool:
    """True where some words name people and say nothing else."""
    rest = words.casefold()
    for person in people:
        rest = rest.replace(person.said.casefold(), " ")
    return bool(people) and not terms(rest)

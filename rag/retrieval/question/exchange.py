"""A few words that go on from the question before with other people or another time: "And by Fox?", "and from 2022?"."""

from __future__ import annotations

import re

from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import conditions_in, without_dates
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
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 10  # words


def exchanged(question: str, last: str, index: LexicalIndex) -> str | None:
    """The question before, `last`, with the people or the dates of these few words; None where they are more.

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
    people = people_in(f"by {_HOW.sub('', who)}", index.authors) if who else ()
    if (who and not _only(who, people)) or not (who or dated):
        return None
    whole = last.rstrip(" ?.!")
    if dated:
        whole = without_dates(whole).strip()
    if people:
        theirs = people_in(whole, index.authors)
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


def _only(words: str, people: tuple[Person, ...]) -> bool:
    """True where some words name people and say nothing else."""
    rest = words.casefold()
    for person in people:
        rest = rest.replace(person.said.casefold(), " ")
    return bool(people) and not terms(rest)

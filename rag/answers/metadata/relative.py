"""Times and numbers of authors that a question measures by a paper: "older than PondNet", "as many authors as PondNet".

The words of the measure stand in place of the paper's before the question is read: "before 5 March 2024".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from rag.answers.metadata.described import Meant, meant
from rag.answers.metadata.facts import day
from rag.answers.metadata.spans import coarsely, days_of, known_to, moved, span_of
from rag.model import author_count
from rag.neural.question_reader import LIKELY
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.number_of_authors import SMALL_NUMBERS

_NUMBERS = {word: n for word, n in SMALL_NUMBERS.items() if n} | {"a": 1, "an": 1}
_BEHIND = r"\s+(?:that of\s+)?(?:the\s+)?(?:papers?\s+)?$"
_TEAM = r"(?:authors?|people|co-?authors?|researchers?)"
_VAGUE = (
    r"(?:shortly|soon|right|just|immediately|directly|long|well|(?:a |some )?(?:few|couple of|several) "
    r"(?:days|weeks|months|years))"
)
_AUTHORS = re.compile(
    rf"\b(?:(?P<more>more)|(?P<fewer>fewer|less)|(?P<same>(?:exactly |just )?as many|the same number of))"
    rf"\s+{_TEAM}\s+(?:than|as)" + _BEHIND,
    re.IGNORECASE,
)
_SHIFTED = re.compile(
    r"(?:(?P<how>less than|fewer than|within|at most|up to|more than|over|at least|about|around|roughly|some"
    r"|in the(?: first| next| last)?)\s+)?"
    rf"\b(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})?\s*\b(?P<unit>day|week|month|year)s?\s+"
    r"(?P<way>after|later than|before|earlier than|of|from)" + _BEHIND,
    re.IGNORECASE,
)
_THAN = re.compile(
    rf"(?:\b(?P<then>on or|not?)\s+)?(?P<vague>\b{_VAGUE}\s+)?\b(?:(?P<before>(?:older|earlier) than|before|prior to)"
    r"|(?P<after>(?:newer|later|younger|more recent) than|after)|(?P<since>since)|(?P<until>until))" + _BEHIND,
    re.IGNORECASE,
)
_SAME = re.compile(
    r"(?:\b(?P<how>on|in|from|of|at)\s+)?\b(?:the\s+)?same\s+(?:exact\s+)?(?:(?:publication|release)\s+)?"
    r"(?P<unit>day|date|month|year)(?:\s+of\s+(?:publication|release))?\s+as" + _BEHIND,
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:\b(?P<how>on|in|from|of)\s+)?\bthe\s+(?:very\s+|same\s+)?(?P<unit>day|month|year)\s+"
    r"(?:(?:that|when|in which|on which)\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_CAME_OUT = re.compile(
    r"^[”’\"']?(?:\s+paper)?\s+(?:came out|appeared|was (?:published|released|out))\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?(?:papers?\s+)?$", re.IGNORECASE)
_OUT = re.compile(r"\b(?:came|come|published|appear\w*|released|papers?|dated|out)\b", re.IGNORECASE)
_MEASURES = re.compile(r"\b(?:than|after|before|prior|since|until|as|day|month|year|between)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\b(?:not?|never)|n['’]t)\s+(?:(?:come|came|out|be|been|is|are|was|were|published|released|appear\w*|by|with)\s+)*$",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    rf"\b(?:no|not|twice|times|half|nearly|almost|about|roughly|\d+|{'|'.join(_NUMBERS)})\s+$", re.IGNORECASE
)
_CLOSE = re.compile(r"^[”’\"']?(?:\s+paper\b)?", re.IGNORECASE)
_YES_OR_NO = re.compile(r"^\W*(?:and\s+|so\s+)?(?:did|does|is|was|were|are|has|have)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Measured:
    """A question with a measure in the place of papers, the conditions that it sets, or what is `missing` for them."""

    text: str
    conditions: Conditions = field(default_factory=Conditions)
    missing: str = ""


@dataclass(frozen=True)
class _Lead:
    """What stands before the words of a paper: where it begins, and what it measures how."""

    kind: str
    match: re.Match[str]
    end: int


def measured(text: str, index: LexicalIndex, wants: Mapping[str, float]) -> Measured | None:
    """A question for papers, what it measures by papers said in their stead; None where it measures nothing by one.

    Each paper in it has to measure something: beside another that is asked about it is no question for a list.
    """
    if not _MEASURES.search(text):
        return None
    found = meant(text, index)
    lists = max(wants["list"], wants["count"]) > LIKELY
    if not found or (_YES_OR_NO.match(text) and not lists):
        return None
    if len(found) == 2 and (told := _between(text, found, lists=lists and wants["compare"] < LIKELY)):
        return told
    leads = [_lead(text, one) for one in found]
    if not all(leads) or not (lists or all(one and one.kind in ("same", "when", "authors") for one in leads)):
        return None
    if any(re.search(r"\bor\b", text[a.end : b.start]) for a, b in pairwise(found)):
        return None
    conditions = Conditions()
    for one, lead in reversed(list(zip(found, leads, strict=True))):
        assert lead is not None
        told = _of(one, lead, text[: lead.match.start()])
        if told is None:
            return None
        if told.missing:
            return Measured(text, missing=told.missing)
        text = f"{text[: lead.match.start()]}{told.text}{text[lead.end :]}"
        conditions = conditions.joined(told.conditions)
    return Measured(text, conditions)


def _lead(text: str, one: Meant) -> _Lead | None:
    before = _up_to(text, one)
    behind = _CLOSE.match(text[one.end :])
    end = one.end + (behind.end() if behind else 0)
    came = _CAME_OUT.match(text[one.end :])
    if came and (match := _WHEN.search(before)):
        return _Lead("when", match, one.end + came.end())
    for kind, pattern in (("authors", _AUTHORS), ("same", _SAME), ("shifted", _SHIFTED), ("than", _THAN)):
        if match := pattern.search(before):
            return _Lead(kind, match, end)
    return None


def _up_to(text: str, one: Meant) -> str:
    """What stands before the words of a paper, with a space at the end and without its quotation mark."""
    return text[: one.start].rstrip("“\"'‘ ") + " "


def _between(text: str, found: list[Meant], *, lists: bool) -> Measured | None:
    """The papers from between two, both left out."""
    first, last = found
    lead = _BETWEEN.search(_up_to(text, first))
    rest = _CLOSE.sub("", text[first.end : last.start])
    joint = re.fullmatch(r"\s*and\s+(?:the\s+)?[“\"‘]?", rest)
    if lead is None or not joint or not _OUT.search(text[: lead.start()]) or not (lists or _asks_what(text)):
        return None
    if missing := next((told for one in found if (told := _unknown(one, "day"))), ""):
        return Measured(text, missing=missing)
    since, until = sorted(one.paper.published for one in found if one.paper and one.paper.published)
    apart = tuple(one.paper.id for one in found if one.paper)
    said = f"{text[: lead.start()]}between {day(since)} and {day(until)}{_CLOSE.sub('', text[last.end :])}"
    return Measured(said, Conditions(since=since, until=until, apart_from=apart))


def _asks_what(text: str) -> bool:
    return re.match(r"\W*(?:what|which|anything)\b", text, re.IGNORECASE) is not None


def _of(one: Meant, lead: _Lead, before: str) -> Measured | None:
    """What is said in place of a lead and its paper, and the conditions of that; None where something else is denied.

    In "not from the same month" the words alone count, which are heard with what denies them.
    """
    denied = _DENIED.search(before) is not None
    if lead.kind in ("same", "when"):
        told = _measure(one, lead, "")
        return replace(told, conditions=Conditions()) if denied else told
    then = (lead.match.groupdict().get("then") or "").lower().partition(" ")[0]
    return None if denied or (lead.kind != "than" and _OF_ANOTHER.search(before)) else _measure(one, lead, then)


def _measure(one: Meant, lead: _Lead, then: str) -> Measured:
    """As `_of`; `then` is "on" or "not" where "on or" or "not" stands before a word of time."""
    how = {name: (value or "").lower() for name, value in lead.match.groupdict().items()}
    unit = {"date": "day"}.get(how.get("unit", ""), how.get("unit", "")) or "day"
    if lead.kind == "authors":
        return _authors(one, how)
    finest = unit if lead.kind in ("same", "when") else "day" if lead.kind == "shifted" else "year"
    if missing := _unknown(one, finest):
        return Measured("", missing=missing)
    assert one.paper is not None
    first, last = days_of(one.paper)
    apart = (one.paper.id,)
    if lead.kind in ("same", "when"):
        since, until, said = span_of(first, unit)
        word = how.get("how", "") or ("on" if unit == "day" else "in")
        return Measured(f"{word} {said}", Conditions(since=since, until=until, apart_from=apart))
    if lead.kind == "shifted":
        return _shifted(one, how, unit, first)
    if how["vague"]:
        return Measured("", missing=_not_exact(one, first))
    word = next(name for name in ("before", "after", "since", "until") if how[name])
    said = coarsely(one.paper)
    if then:
        on = {"before": "until", "after": "since"}
        word = on.get(word, word) if then == "on" else {"before": "since", "after": "until"}.get(word, word)
    conditions = {
        "before": Conditions(until=first - timedelta(1)), "after": Conditions(since=last + timedelta(1)),
        "since": Conditions(since=first, apart_from=apart), "until": Conditions(until=last, apart_from=apart),
    }[word]  # fmt: skip
    return Measured(f"{word} {said}", conditions)


def _authors(one: Meant, how: Mapping[str, str]) -> Measured:
    count = author_count(one.paper) if one.paper else None
    if one.paper is None or count is None:
        return Measured("", missing=_unclear(one) or f"The library does not say how many authors {one.called} has.")
    if how["more"]:
        return Measured(f"more than {count} authors", Conditions(min_authors=count + 1))
    if how["fewer"]:
        if count <= 1:
            return Measured("", missing=f"{one.called} has 1 author, and no paper has fewer.")
        return Measured(f"fewer than {count} authors", Conditions(max_authors=count - 1))
    same = Conditions(min_authors=count, max_authors=count, apart_from=(one.paper.id,))
    return Measured(f"exactly {count} authors", same)


def _shifted(one: Meant, how: Mapping[str, str], unit: str, day_of: date) -> Measured:
    """The time that lies so many days, months or years from a paper, or all that lies up to it or behind it."""
    n = _NUMBERS.get(how["n"]) or int(how["n"] or 1)
    forth = how["way"] in ("after", "later than", "of", "from")
    there = moved(day_of, n if forth else -n, unit)
    word = how["how"]
    apart = (one.paper.id,) if one.paper else ()
    if word.startswith(("within", "less", "fewer", "at most", "up to", "no more", "in the")):
        inner = timedelta(1 if word.startswith(("less", "fewer")) else 0)
        near = day_of if how["way"] != "of" else moved(day_of, -n, unit)
        since, until = sorted((near, there - inner if forth else there + inner))
        if how["way"] in ("after", "later than", "from"):
            since = day_of + timedelta(1)
        elif not forth:
            until = day_of - timedelta(1)
        said = f"between {day(since)} and {day(until)}"
        return Measured(said, Conditions(since=since, until=until, apart_from=apart))
    if how["way"] in ("of", "from") or word in ("about", "around", "roughly", "some") or not how["n"]:
        return Measured("", missing=_not_exact(one, day_of))
    if word:
        step = timedelta(0 if word == "at least" else 1)
        if forth:
            return Measured(f"after {day(there + step - timedelta(1))}", Conditions(since=there + step))
        return Measured(f"before {day(there - step + timedelta(1))}", Conditions(until=there - step))
    if unit == "week":
        return Measured("", missing=_not_exact(one, day_of))
    since, until, said = span_of(there, unit)
    return Measured(f"{'on' if unit == 'day' else 'in'} {said}", Conditions(since=since, until=until, apart_from=apart))


def _unknown(one: Meant, finest: str) -> str:
    """What is not known of a paper that is to measure a time, which has to be known as finely as that; or ""."""
    if one.paper is None:
        return _unclear(one)
    if one.paper.published is None:
        return f"The library does not say when {one.paper.title} was published."
    units = ("day", "month", "year")
    if units.index(known_to(one.paper)) > units.index(finest):
        return f"The library does not say on which day {one.called} was published, but only in {coarsely(one.paper)}."
    return ""


def _unclear(one: Meant) -> str:
    return "" if one.paper else f"The library has no one paper that is surely meant by “{one.said}”."


def _not_exact(one: Meant, day_of: date) -> str:
    return (
        f"The question does not say exactly which days it means: {one.called} was published on {day(day_of)}. "
        "Ask for the papers after or before it, or between two dates."
    )

"""What the records of two papers are to each other: which was out before the other, and who wrote both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.answers.forms import Composition
from rag.answers.metadata.authorship import yes_or_no
from rag.answers.metadata.described import Meant, meant, papers_of
from rag.answers.metadata.facts import when
from rag.answers.metadata.fields import authors_counted
from rag.answers.metadata.spans import days_of, span_of
from rag.grounding.citations import Draft, Part, Quote
from rag.model import Paper, author_count, coarse_date, more_authors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.reading import topic_of
from rag.text.names import same_person

_AUTHORS = r"(?:co-?)?authors"
_RELATIONS = (
    ("before", re.compile(r"\b(?:before|prior to|ahead of|(?:earlier|older) than|predates?)\b", re.IGNORECASE)),
    ("after", re.compile(r"\b(?:after|(?:later|newer|younger|more recent) than|postdates?)\b", re.IGNORECASE)),
    ("same", re.compile(r"\bthe same (?P<unit>day|date|month|year) as\b", re.IGNORECASE)),
    ("more", re.compile(r"\bmore (?:co-?)?authors than\b", re.IGNORECASE)),
    ("fewer", re.compile(r"\b(?:fewer|less) (?:co-?)?authors than\b", re.IGNORECASE)),
    ("as many", re.compile(rf"\b(?:as many|the same number of) {_AUTHORS} as\b", re.IGNORECASE)),
)  # fmt: skip
_SHARED = re.compile(
    r"\b(?:both|share[ds]?|sharing|in common|common|overlap\w*|mutual|same (?:authors?|people|person))\b", re.IGNORECASE
)
_WRITERS = re.compile(
    r"\b(?:who|authors?|authored|writers?|writ\w+|wrote|people|persons?|anyone|anybody|someone|somebody|team)\b",
    re.IGNORECASE,
)
_DO = re.compile(r"\W*do\b", re.IGNORECASE)
_NO_SIDES = re.compile(r"\b(?:not|or|how|much|long|far|many days|many months)\b|n['’]t\b", re.IGNORECASE)


def side_by_side(text: str, index: LexicalIndex) -> Composition | None:
    """What a question asks of two papers that it means, by their records; None where it asks for no such thing."""
    shared = _SHARED.search(text) and _WRITERS.search(text)
    if not shared and not (yes_or_no(text) and any(pattern.search(text) for _, pattern in _RELATIONS)):
        return None
    found = meant(text, index)
    if len(found) < 2 or len(papers_of(found)) != len(found):
        return None
    if shared:
        return _shared(text, found)
    return _verdict(text, *found) if len(found) == 2 else None


def _rest(text: str, found: Sequence[Meant]) -> str:
    """The words of a question beside those of its papers."""
    for one in reversed(found):
        text = f"{text[: one.start]} {text[one.end :]}"
    return text


def _verdict(text: str, one: Meant, other: Meant) -> Composition | None:
    """Yes or no to "did A come out before B", with what the records of both say."""
    between = text[one.end : other.start]
    said = [(name, match) for name, pattern in _RELATIONS if (match := pattern.search(between))]
    rest = _rest(text, (one, other))
    if len(said) != 1 or _NO_SIDES.search(rest.replace(said[0][1].group(), " ")):
        return None
    name, match = said[0]
    if topic_of(rest.replace(match.group(), " ")):
        return None
    left, right = one.paper, other.paper
    assert left is not None
    assert right is not None
    if name in ("more", "fewer", "as many"):
        a, b = author_count(left), author_count(right)
        if a is None or b is None:
            return None
        yes = a > b if name == "more" else a < b if name == "fewer" else a == b
        first = Part(f"{_word(yes)}: {one.called} has {authors_counted(left)}", (_count(left),))
        return Composition(
            (Draft((first, Part(f" and {other.called} has {authors_counted(right)}.", (_count(right),)))),)
        )
    if left.published is None or right.published is None:
        return None
    sure = _is(name, days_of(left), days_of(right), (match.groupdict().get("unit") or "").lower())
    if sure is None:
        return None
    first = Part(f"{_word(sure)}: {one.called} was published {when(left)}", (_date(left),))
    return Composition((Draft((first, Part(f" and {other.called} {when(right)}.", (_date(right),)))),))


def _is(name: str, a: tuple[date, date], b: tuple[date, date], unit: str) -> bool | None:
    """Whether a paper came out before, after or with another, each within some days; None where these overlap."""
    if name == "same":
        unit = "day" if unit == "date" else unit
        spans = [{span_of(one, unit)[:2] for one in days} for days in (a, b)]
        return spans[0] == spans[1] if len(spans[0]) == len(spans[1]) == 1 else None
    if a[0] == a[1] == b[0] == b[1]:
        return False
    earlier, later = a[1] < b[0], a[0] > b[1]
    return (earlier if name == "before" else later) if earlier or later else None


def _word(yes: bool) -> str:
    return "Yes" if yes else "No"


def _shared(text: str, found: Sequence[Meant]) -> Composition | None:
    """Who wrote all of these papers; None where the question has another subject than their authors."""
    rest = _WRITERS.sub(" ", _SHARED.sub(" ", _rest(text, found)))
    if topic_of(rest):
        return None
    papers = papers_of(found)
    for one in found:
        if one.paper and not one.paper.authors:
            return Composition((), f"The library does not say who wrote {one.called}.", nearest=None)
    both = [
        name
        for name in papers[0].authors
        if all(any(same_person(name, other) for other in paper.authors) for paper in papers[1:])
    ]
    names = [one.called for one in found]
    quotes = [Quote(paper, field="authors", value=", ".join(paper.authors)) for paper in papers]
    yes = f"{_word(bool(both))}: " if yes_or_no(text) or _DO.match(text) else ""
    if not both:
        if any(map(more_authors, papers)):
            return Composition((), "The library does not name all authors of these papers.", nearest=None)
        begun = f"{yes}no" if yes else "No"
        head = Part(f"{begun} author of {names[0]}", (quotes[0],))
        return Composition((Draft((head, *_listed(names[1:], quotes[1:], " is among those of ", " or of "))),))
    who = both[0] if len(both) == 1 else f"{', '.join(both[:-1])} and {both[-1]}"
    head = Part(f"{yes}{who} wrote {'both ' if len(names) == 2 else ''}{names[0]}", (quotes[0],))
    return Composition((Draft((head, *_listed(names[1:], quotes[1:], " and ", " and "))),))


def _listed(names: Sequence[str], quotes: Sequence[Quote], first: str, further: str) -> list[Part]:
    return [
        Part(f"{first if not n else further}{name}{'.' if n == len(names) - 1 else ''}", (quote,))
        for n, (name, quote) in enumerate(zip(names, quotes, strict=True))
    ]


def _date(paper: Paper) -> Quote:
    assert paper.published is not None
    return Quote(paper, field="published", value=coarse_date(paper) or paper.published.isoformat())


def _count(paper: Paper) -> Quote:
    return Quote(paper, field="author_count", value=str(author_count(paper)))

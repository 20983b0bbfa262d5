"""Questions with gold made from papers by rule: from figures, names, dates and author counts. No model is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from eval.questions.gold import Question
from rag.model import Paper

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
# A figure that is worth asking for: with a unit or a sign, or of three digits and more; not a year, nor within a name.
_FIGURE = re.compile(
    r"(?<![\w.\-])(?:\d[\d,]*(?:\.\d+)?\s?(?:%|×|x\b|times\b|percent\b|[KMB]\b|million\b|billion\b|hours?\b)|"
    r"(?!(?:19|20)\d\d\b)\d[\d,]{2,}(?:\.\d+)?)(?![\w\-])"
)
_NAME = re.compile(r"^(?P<name>[^\s:][^:]{0,40}?):\s")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# Attributes that abstracts hardly ever give: gold for "the library does not say".
_MISSING = (
    ("Under what licence is {name} released?", "the licence"),
    ("Who funded the work on {name}?", "the funding"),
    ("How much did it cost in dollars to train {name}?", "the cost of training"),
    ("What batch size was {name} trained with?", "the batch size"),
)
_MISSING_WORDS = re.compile(
    r"licen[cs]e|apache|\bmit\b|fund|grant|dollar|cost|\$|batch size|mini-?batch", re.IGNORECASE
)


def drafts(papers: Sequence[Paper], *, n: int) -> list[Question]:
    """At most `n` questions of all kinds in turn, about papers spread over the library; ids are draft-001 and so on."""
    kinds = [list(of(papers)) for of in (from_figures, from_names, from_metadata, unanswerable)]
    share = max(1, -(-n // len(kinds)))
    mixed = [one for row in zip_longest(*(_spread(found, share) for found in kinds)) for one in row if one]
    return [replace(question, id=f"draft-{i:03}") for i, question in enumerate(mixed[:n], 1)]


def from_figures(papers: Sequence[Paper]) -> Iterator[Question]:
    """For each named paper the first sentence with one figure in it, the figure left out of the question."""
    for paper in papers:
        name = name_of(paper)
        for sentence in _SENTENCE.split(paper.abstract) if name else ():
            found = _FIGURE.findall(sentence)
            if len(found) == 1 and 40 <= len(sentence) <= 260:
                gap = sentence.rstrip(".").replace(found[0], "…", 1)
                text = f"{name}: what is the figure in “{gap}”?"
                yield Question("", "number", text, (paper.id,), ((found[0].strip(),),))
                break


def from_names(papers: Sequence[Paper]) -> Iterator[Question]:
    """What a named paper is, where its abstract says "NAME is a …": the gold fact is the rest of that clause."""
    for paper in papers:
        name = name_of(paper)
        clause = re.search(rf"{re.escape(name)}(?: \([^)]*\))?,? is an? ([^,;.:()]{{12,120}})", paper.abstract)
        if name and clause:
            fact = re.split(r"\s(?:that|which|for|with|to|in|on|and|by|whose|where|built|made)\s", clause[1])[0]
            yield Question("", "fact", f"What is {name}?", (paper.id,), ((fact.strip(),),))


def from_metadata(papers: Sequence[Paper]) -> Iterator[Question]:
    """When papers with a date were published, and how many authors those with a count have."""
    for paper in papers:
        called = name_of(paper) or f"“{paper.title}”"
        if day := paper.published:
            spelled = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
            other = f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
            facts = ((spelled, other, day.isoformat()),)
            yield Question("", "metadata", f"When was {called} published?", (paper.id,), facts)
        if paper.author_count:
            text = f"How many authors does {called} have?"
            yield Question("", "metadata", text, (paper.id,), ((str(paper.author_count),),))


def unanswerable(papers: Sequence[Paper]) -> Iterator[Question]:
    """Questions on what abstracts hardly ever say, about papers whose abstract has no word of it."""
    for n, paper in enumerate(papers):
        name = name_of(paper)
        if name and paper.abstract and not _MISSING_WORDS.search(paper.abstract):
            text, missing = _MISSING[n % len(_MISSING)]
            yield Question("", "unanswerable", text.format(name=name), (paper.id,), missing=missing)


def name_of(paper: Paper) -> str:
    """What stands before the colon of a title, when it looks like a name; else ""."""
    match = _NAME.match(paper.title)
    name = match["name"].strip() if match else ""
    several = len(name.split())
    return name if several == 1 or (several <= 3 and re.search(r"[A-Z].*[A-Z\d]|\d", name)) else ""


def _spread(found: Sequence[Question], n: int) -> list[Question]:
    """`n` of them, evenly over the whole."""
    return [found[i * len(found) // n] for i in range(n)] if len(found) > n else list(found)

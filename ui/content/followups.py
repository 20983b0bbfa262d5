"""Questions to go on with, made from the evidence of an answer: each asks for something that the library has."""

from __future__ import annotations

from rag.model import Answer, Paper
from ui.text import as_read

MOST = 3
_LONGEST_NAME = 60


def followups(answer: Answer) -> tuple[str, ...]:
    """Up to three questions: on the papers cited, or, after an abstention, on those that came nearest."""
    if answer.status == "abstained":
        near = [name for ranked in answer.nearest if (name := short_name(ranked.paper))]
        return tuple(f"What does {name} propose?" for name in dict.fromkeys(near))[:MOST]
    cited = list({citation.paper.id: citation.paper for citation in answer.citations}.values())
    if not cited:
        return ()
    told = {citation.field for citation in answer.citations}
    first = next((paper for paper in cited if short_name(paper)), None)
    if first is None:
        return ()
    name = short_name(first)
    offered: list[str] = []
    if told - {None}:
        offered.append(f"What does {name} propose?")
    other = next(
        (other for paper in _others(answer, cited, first) if (other := short_name(paper)) and other != name), None
    )
    if other:
        offered.append(f"What is the difference between {name} and {other}?")
    if first.published and "published" not in told:
        offered.append(f"When was {name} published?")
    if (first.author_count or first.authors) and not told & {"author_count", "authors"}:
        offered.append(f"How many people wrote {name}?")
    if not told - {None} and len(offered) < MOST:
        offered.append(f"What problem does {name} solve?")
    return tuple(question for question in offered if question != answer.question)[:MOST]


def short_name(paper: Paper) -> str:
    """What a question calls a paper: the name before the colon of its title, else the title if it is short."""
    title = as_read(paper.title)
    name = title.partition(":")[0].strip()
    if ":" in title and len(name.split()) <= 4:
        return name
    return title if 0 < len(title) <= _LONGEST_NAME else ""


def _others(answer: Answer, cited: list[Paper], first: Paper) -> list[Paper]:
    beside = [paper for paper in cited if paper.id != first.id]
    return beside or [ranked.paper for ranked in answer.ranked if ranked.paper.id != first.id]

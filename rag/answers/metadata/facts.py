"""Facts of the metadata as sentences, in the form in which the cross-encoder was trained on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.model import Paper, author_count, coarse_date

Field = Literal["published", "author_count", "authors", "url", "title", "venue", "doi", "arxiv_id"]
_NAMED = 12


@dataclass(frozen=True)
class Fact:
    """A field of a paper's metadata as a sentence."""

    field: Field
    text: str


def facts_of(paper: Paper) -> tuple[Fact, ...]:
    """What the metadata of a paper say, each field that is known as a sentence."""
    facts = [Fact("published", published_fact(when(paper)))] if paper.published else []
    facts += [Fact("author_count", count_fact(count))] if (count := author_count(paper)) is not None else []
    return (*facts, *([Fact("authors", authors_fact(paper.authors))] if paper.authors else []))


def published_fact(when: str) -> str:
    """When a paper came out, `when` as in "on 18 March 2024"."""
    return f"The paper was published {when}."


def count_fact(count: int) -> str:
    """How many authors a paper has."""
    return f"The paper has {count} author{'s' * (count != 1)}."


def authors_fact(names: Sequence[str]) -> str:
    """Who wrote a paper; of a long list the first."""
    more = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
    return f"The paper was written by {', '.join(names[:_NAMED])}{more}."


def when(paper: Paper) -> str:
    """When a paper with a date came out, as exactly as its source says: "on 18 March 2024", "in March 2024"."""
    assert paper.published is not None
    coarse = coarse_date(paper)
    return (
        f"in {paper.published.strftime('%B %Y' if '-' in coarse else '%Y')}" if coarse else f"on {day(paper.published)}"
    )


def venue_of(paper: Paper) -> str:
    """The journal or the meeting in which a paper appeared, on one line; "" where the source does not say."""
    return " ".join(paper.extra.get("venue", "").split())


def day(value: date) -> str:
    """A date as people write it: "18 March 2024"."""
    return f"{value.day} {value.strftime('%B %Y')}"

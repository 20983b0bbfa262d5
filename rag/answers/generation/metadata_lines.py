"""What is known of a paper besides its abstract, as a model reads it: one line to cite, and what proves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answers.generation.guard import planted
from rag.answers.metadata.facts import when
from rag.answers.metadata.fields import about_papers
from rag.grounding.citations import Quote
from rag.model import Paper, author_count, more_authors, retraction_mark
from rag.text import normal, shown

METADATA = "metadata"
"""The field of the quote of a line on metadata, as it stands in the evidence; an answer cites single fields."""
_NAMED = 3
_MOST_NAMED = 40
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_PEOPLE = re.compile(
    r"\b(?:authors?|people|persons?|researchers?|co-?authors?|names?|team|wrote|written|scientists?)\b", re.I
)
_MONTHS = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.I
)


def metadata_line(paper: Paper, *, whole: bool = False) -> str:
    """Date, authors, identifiers and retraction in one line, "" where nothing is known.

    Unless it is wanted `whole`, a long list of names is cut and the address left out.
    """
    parts = (
        [f"published {when(paper)}{' (the year is inferred)' if _inferred(paper) else ''}"] if paper.published else []
    )
    count, names = author_count(paper), [shown(name) for name in paper.authors[:_MOST_NAMED]]
    if names:
        told = names if whole or len(names) <= _NAMED + 1 else names[:_NAMED]
        others = (count or len(paper.authors)) - len(told)
        more = f" and {others} others" if others > 0 else " and others" if more_authors(paper) else ""
        parts.append(f"by {', '.join(told)}{more}")
    if count is not None and (not names or len(names) > 1):
        parts.append(f"{count} author{'s' * (count != 1)}")
    parts += [f"{retraction_mark(paper)}: {shown(paper.retraction)}"] if paper.retraction else []
    parts += [f"DOI {paper.doi}"] if paper.doi else []
    parts += [f"arXiv {paper.arxiv_id}"] if paper.arxiv_id else []
    parts += [f"at {paper.url}"] if whole and paper.url else []
    return "; ".join(part for part in parts if not planted(part))


def _inferred(paper: Paper) -> bool:
    return paper.published_inferred and "date" not in paper.extra


def facts_said(text: str, paper: Paper) -> list[tuple[str, Quote]]:
    """The facts of a paper's metadata that a sentence speaks of: each as a sentence, with the field that it is."""
    said = normal(text)
    found: list[tuple[str, Quote]] = []
    for draft in about_papers(("published", "author_count", "authors", "url"), [paper])[0]:
        quote = draft.parts[0].quotes[0]
        if _speaks_of(said, quote, paper):
            found.append((draft.parts[0].text, quote))
    for field, value in (("doi", paper.doi), ("arxiv_id", paper.arxiv_id)):
        if value and normal(value) in said:
            found.append((f"Its {field} is {value}.", Quote(paper, field=field, value=value)))
    if paper.retraction and re.search(r"retract|withdr", said):
        sentence = f"{shown(paper.title)} was {retraction_mark(paper)}: {shown(paper.retraction)}."
        found.append((sentence, Quote(paper, field="retraction", value=paper.retraction)))
    return found


def _speaks_of(said: str, quote: Quote, paper: Paper) -> bool:
    if quote.field == "published" and paper.published:
        return str(paper.published.year) in said or bool(_MONTHS.search(said))
    if quote.field == "authors":
        words = set(re.findall(r"[^\W\d_]+", said))
        last = [re.findall(r"[^\W\d_]+", normal(name))[-1:] for name in paper.authors]
        return any(name and name[0] in words for name in last)
    if quote.field == "author_count":
        n = int(quote.value)
        word = _NUMBERS[n] if n < len(_NUMBERS) else str(n)
        return bool(_PEOPLE.search(said)) and bool(re.search(rf"\b(?:{n}|{word})\b", said))
    return normal(quote.value) in said


def checkable(text: str, paper: Paper, notes: Sequence[str] = ()) -> Paper:
    """The paper as a sentence is held against it: what it speaks of in the metadata stands behind the abstract."""
    facts = [*(fact for fact, _ in facts_said(text, paper)), *notes]
    return replace(paper, abstract="\n\n".join([paper.abstract, *facts])) if facts else paper

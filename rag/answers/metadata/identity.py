"""What tells a paper from all others, and where it appeared: its arXiv id, its DOI, its journal or meeting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rag.answers.metadata.facts import Field, venue_of
from rag.grounding.citations import Draft
from rag.model import Paper, more_authors
from rag.neural.question_reader import LIKELY, MAYBE
from rag.retrieval.query import without_asking
from rag.retrieval.question.reading import topic_of
from rag.sources.fields.identifiers import identifiers_in

_NAMED: tuple[tuple[str, Field], ...] = (("doi", "doi"), ("arxiv", "arxiv_id"))
_PLACES = r"(?:journal|conference|venue|workshop|meeting|proceedings|magazine)"
_APPEARED = r"(?:publish\w*|appear\w*|present\w*|accept\w*|print\w*|out|in(?=\W*$))"
_VENUE = re.compile(
    rf"\b(?:which|what) {_PLACES}\b.*\b{_APPEARED}\b|^\W*(?:what is |what's )?(?:the )?{_PLACES} (?:of|for)\b"
    r"|\bwhere\b.*\b(?:publish\w*|appear\w*)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|date|year|month|day)\b", re.IGNORECASE)
_CITE = re.compile(r"\bcit(?:e|ed|ing|ation)\b", re.IGNORECASE)
_OF_CODE = re.compile(r"\b(?:code|github|gitlab|repo\w*|implementation|weights|checkpoints?|demo)\b", re.IGNORECASE)


def exact_fields(text: str, wants: Mapping[str, float], heard: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields that were `heard`, but a DOI, an arXiv id and a venue where the words ask for just these."""
    found: list[Field] = list(heard)
    named: list[Field] = []
    if wants["link"] > LIKELY:
        words = set(re.findall(r"\w+", text.casefold()))
        named = [field for word, field in _NAMED if word in words]
        found = [field for field in found if field != "url" or not named]
    if _VENUE.search(text) or (_WHERE.search(text) and wants["published"] > MAYBE):
        named.append("venue")
        found = [field for field in found if field != "url" and (field != "published" or _WHEN.search(text))]
    return (*found, *named)


def asks_which(text: str) -> bool:
    """True for a question that only says the identifier of a paper: "2310.03744", "which paper is 10.1000/owl.1?"."""
    found = identifiers_in(text)
    for start, end, _ in reversed(found):
        text = text[:start] + text[end:]
    return bool(found) and not topic_of(without_asking(text))


def asks_to_cite(text: str) -> bool:
    """True for a question on how a paper is cited."""
    return _CITE.search(text) is not None


def to_cite(draft: Draft) -> Draft:
    """A sentence that says where a paper can be found, and with it what writes its reference."""
    *before, last = draft.parts
    text = f"{last.text.removesuffix('.')}; the command `cite` writes its reference."
    return replace(draft, parts=(*before, replace(last, text=text)))


def asks_for_code(text: str) -> bool:
    """True for a question on where code is, of which the address of a paper says nothing."""
    return _OF_CODE.search(text) is not None


def author_in(paper: Paper, place: int) -> str:
    """The author in this place, from 0, -1 for the last; "" where that is not known."""
    there = paper.authors[place:][:1]
    return there[0] if there and not (place and more_authors(paper)) else ""


def place_of(paper: Paper, field: Field) -> tuple[str, Field] | None:
    """What is said of a paper behind its title of this field, and the field that says it; None where none does.

    Where it can be found its address says, or else its DOI or its arXiv id.
    """
    if field == "url" and paper.url:
        return f"is at {paper.url}", "url"
    if field in ("url", "doi") and paper.doi:
        return f"has the DOI {paper.doi}", "doi"
    if field in ("url", "arxiv_id") and paper.arxiv_id:
        return f"is arXiv:{paper.arxiv_id}", "arxiv_id"
    if field == "venue" and (venue := venue_of(paper)):
        return f"appeared in {venue}", "venue"
    return None

"""Questions for the papers that mention something, which is exact: its words stand in the title or the abstract."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from rag.answers.metadata.exclusion import ABOUT, PAPERS
from rag.answers.metadata.fields import MOST_LISTED, small_number
from rag.grounding.citations import Draft, Part, Quote
from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions, without_dates
from rag.text import sentences, shown, terms

_MENTIONING = re.compile(
    rf"\b{PAPERS}(?:\s+(?:published|written|released))?{ABOUT}(?:,?\s+(?:that|which|do|does|even|also|explicitly|ever))*\s+mention(?:s|ing|ed)?\s+(?P<what>.+)"
    rf"|\b{PAPERS}\s+(?:is|are|was|were)\s+(?P<named>.+?)\s+(?:ever\s+|even\s+)?mentioned\b",
    re.IGNORECASE,
)
# What somebody says is more than a mention, and is for judging.
_CLAUSE = re.compile(r"(?:that|how|why|whether|what|who|when|where|if)\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\s+(?:(?:in|by) (?:their|its|the)? ?(?:abstracts?|titles?|names?)|at all|anywhere|explicitly)\W*$", re.IGNORECASE
)
_LEAD = re.compile(r"^(?:the )?(?:(?:words?|terms?|names?) )?(?:both |either )?", re.IGNORECASE)
_MOST_WORDS = 6


def asked_to_mention(text: str) -> str:
    """What the papers have to mention that a question asks for; "" where it asks for no such papers."""
    found = _MENTIONING.search(text)
    if found is None:
        return ""
    what = _BESIDE.sub("", without_dates(found["what"] or found["named"]).strip(" ?.!"))
    what = _LEAD.sub("", " ".join(what.split())).strip(" ?.!\"'“”‘’")
    return "" if _CLAUSE.match(what) or len(what.split()) > _MOST_WORDS or not terms(what) else what


def papers_mentioning(
    what: str, index: LexicalIndex, conditions: Conditions, whole: Callable[[str], Paper | None]
) -> tuple[list[Draft], str]:
    """How many papers mention something and a line for each, with the words that do; or what is missing.

    `what` may be several things: with "or" between them one is enough. `whole` gives a paper with its abstract.
    """
    either = re.search(r"\bor\b", what, re.IGNORECASE) is not None
    things = [thing for part in re.split(r",|\b(?:and|or)\b", what, flags=re.IGNORECASE) if (thing := part.strip())]
    having = [_having(thing, index, whole) for thing in things if terms(thing)]
    chosen = set.union(*having) if either else set.intersection(*having)
    known = [paper for paper in index.papers if conditions.met_by(paper)]
    papers = [paper for paper in known if paper.id in chosen]
    if not papers:
        return [], f"No paper in the library{' that is asked for' if conditions else ''} mentions {what}."
    verb = "mentions" if len(papers) == 1 else "mention"
    drafts = [Draft((Part(f"{small_number(len(papers))} of the {len(known)} papers {verb} {what}:"),))]
    for paper in papers[:MOST_LISTED]:
        drafts.append(Draft((Part(f"- {shown(paper.title)}", (_quote(whole(paper.id) or paper, things),)),), item=True))
    if len(papers) > MOST_LISTED:
        drafts.append(Draft((Part(f"And {len(papers) - MOST_LISTED} more, not shown here."),), item=True))
    return drafts, ""


def _having(thing: str, index: LexicalIndex, whole: Callable[[str], Paper | None]) -> set[str]:
    """The ids of the papers that have the words of a thing, several of them one after another."""
    scores = [index.scores(word) > 0 for word in thing.split() if terms(word)]
    ids = [index.papers[n].id for n in np.flatnonzero(np.logical_and.reduce(scores))]
    if len(terms(thing)) < 2:
        return set(ids)
    return {
        key for key in ids if (paper := whole(key)) and any(_has(text, thing) for text in (paper.title, paper.abstract))
    }


def _quote(paper: Paper, things: Sequence[str]) -> Quote:
    """The first sentence of the abstract that has one of the things, or the title."""
    for start, end in sentences(paper.abstract):
        if any(_has(paper.abstract[start:end], thing) for thing in things):
            return Quote(paper, start, end)
    return Quote(paper, field="title", value=paper.title)


def _has(text: str, thing: str) -> bool:
    wanted, has = list(terms(thing)), list(terms(text))
    return any(has[at : at + len(wanted)] == wanted for at in range(len(has) - len(wanted) + 1))

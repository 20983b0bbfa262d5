"""Questions for the papers that do *not* do something.

An abstract says what its paper does, and passes over what it does not. What is exact can be told all the same: dates,
authors, and whether a name stands in an abstract.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from rag.answers.metadata.fields import short_title, small_number
from rag.answers.metadata.shortlist import MOST_LISTED
from rag.grounding.citations import Draft, Part, Quote
from rag.retrieval.index.lexical_index import LexicalIndex

_PAPERS = (
    r"(?:papers?|articles?|publications?|preprints?|works?|studies|abstracts?|entries|ones|those|these|them|methods?|"
    r"models?|systems?|approaches|benchmarks?|data ?sets?)"
)
# "papers on pruning that do not": what stands between is about the papers. "Papers that show that it does not" say so.
_ABOUT = r"(?:\s+(?:about|on|of|from|in|by|with|for|here)(?:\s+(?!that\b|which\b|who\b)[\w'’-]+){0,5}?)?"
_NOT = (
    r"(?:(?:do|does|did|are|is|was|were|have|has|had|can|could|will|would|need)(?:\s+not\b|n['’]?t\b)|cannot\b|never\b)"
)
_NEGATED = re.compile(
    rf"\b{_PAPERS}{_ABOUT}(?:,?\s+(?:that|which|who))?\s+{_NOT}"
    r"|\b(?:did|does|has|have)\s+(?:[\w.'’-]+\s+){1,5}?(?:not|never)\s+(?:\w+\s+)?(?:author|writ|wrote|publish)"
    rf"|\b{_PAPERS}(?:\s+(?:that|which)\s+are)?\s+not\s+\w+"
    rf"|\b(?:isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t)\s+(?:about|by|on|from|in)\b"
    rf"|\b{_PAPERS}{_ABOUT},?\s+(?:except|excluding|other than|apart from|but not|besides)\b"
    rf"|\b(?:all|everything|every {_PAPERS})\s+(?:except|but|other than|apart from)\b"
    rf"|^\W*(?:not|everything not)\s+(?:about|by|on|from)\b",
    re.IGNORECASE,
)
_MENTIONS = re.compile(r"\b(?:not|n['’]?t|never)\s+(?:\w+ly\s+)?(?:even\s+)?(?:mention|name)\b", re.IGNORECASE)
REFUSED = (
    "The library cannot say which papers do not: an abstract says what its paper does, and seldom what it does not. "
    "Ask for the papers that do, or for those that say so in other words (“training-free”)."
)


def negated(text: str) -> bool:
    """True when a question asks for papers of which something is not so: "papers that do not use LLaVA"."""
    return _NEGATED.search(text) is not None


def asks_for_silence(text: str) -> bool:
    """True for the papers that do not mention something, which is exact."""
    return _MENTIONS.search(text) is not None


def without(
    index: LexicalIndex, known: NDArray[np.bool_], excluded: NDArray[np.bool_], *, what: str
) -> tuple[list[Draft], str]:
    """The papers of which it is `known` and that are not `excluded` (each of shape (n_papers,)), in one sentence that
    calls them papers `what`; or what is missing."""
    chosen, of = np.flatnonzero(known & ~excluded).tolist(), int(known.sum())
    if not chosen:
        return [], f"There is no paper {what} among the {of} of which that is known."
    count = len(chosen)
    parts = [Part(f"{small_number(count)} of the {of} papers {'is' if count == 1 else 'are'} {what}: ")]
    for n, paper in enumerate(index.papers[at] for at in chosen[:MOST_LISTED]):
        joint = "" if n == 0 else (" and " if n == count - 1 else ", ")
        parts.append(Part(f"{joint}{short_title(paper)}", (Quote(paper, field="title", value=paper.title),)))
    parts.append(Part(f" and {count - MOST_LISTED} more." if count > MOST_LISTED else "."))
    return [Draft(tuple(parts))], ""

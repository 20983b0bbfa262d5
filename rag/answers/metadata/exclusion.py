"""Questions for the papers that do *not* do something.

An abstract says what its paper does, and passes over what it does not. What is exact can be told all the same: dates,
authors, and whether a name stands in an abstract.
"""

from __future__ import annotations

import re

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
    rf"|\b{_PAPERS}\b.*\bbut\s+(?:(?:are|do|is|does|that)\s+)*(?:not|never|without)\b"
    rf"|\b(?:all|everything|every {_PAPERS})\s+(?:except|but|other than|apart from)\b"
    rf"|^\W*(?:not|everything not)\s+(?:about|by|on|from)\b",
    re.IGNORECASE,
)
REFUSED = (
    "The library cannot say which papers do not: an abstract says what its paper does, and seldom what it does not. "
    "Ask for the papers that do, or for those that say so in other words (“training-free”)."
)


def negated(text: str) -> bool:
    """True when a question asks for papers of which something is not so: "papers that do not use LLaVA"."""
    return _NEGATED.search(text) is not None

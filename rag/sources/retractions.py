"""What sources say of retractions and withdrawals, as one sentence of ours for each way of saying it."""

from __future__ import annotations

import re

OPENALEX = "OpenAlex says that it was retracted"

_LONGEST = 200
_WHAT = r"(?:paper|article|submission|manuscript|work|preprint|note|version|report)"
_AUX = r"(?:(?:has|have) (?:now )?been|is|was|being)"
_ADVERB = r"(?:\w+ly |now |hereby |since )?"
_COMMENT = re.compile(
    rf"^\W*{_ADVERB}(?:withdrawn|retracted)\b"
    rf"|^\W*{_AUX} {_ADVERB}(?:withdrawn|retracted)\b"
    rf"|^\W*{_WHAT} {_ADVERB}(?:withdrawn|retracted)\b"
    rf"|(?:^\W*|\b(?:this|the|our) ){_WHAT} {_AUX} {_ADVERB}(?:withdrawn|retracted)\b"
    r"|\bwithdrawn by (?:the )?(?:authors?|arxiv)\b",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(
    rf"\W*(?:(?:this|the|our) )?{_WHAT} (?:(?:has|have) (?:now )?been|is|was) (?:\w+ )?(?:withdrawn|retracted)\b"
    r"|\W*(?:withdrawn|retracted)\b(?= (?:by|due|because|for|at)\b|\W*$)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|nor) (?:\w+ )?(?:withdrawn|retracted)\b", re.IGNORECASE)
_TITLE = re.compile(
    r"\W*(retracted|withdrawn|removed|retracted (?:article|paper|chapter)|withdrawn (?:article|paper)|retraction)"
    r"\W*[:\]]",
    re.IGNORECASE,
)


def arxiv_withdrawal(comment: str, abstract: str) -> str | None:
    """What arXiv says of a withdrawal, or None: it marks one by the comment, or by the abstract that takes its place."""
    for text, pattern in ((comment, _COMMENT.search), (abstract, _ABSTRACT.match)):
        if text and pattern(text) and not _NOT.search(text[:_LONGEST]):
            return f"arXiv says that it was withdrawn: “{_short(text)}”"
    return None


def pubmed_retraction(notice: str = "") -> str:
    """The sentence for a paper that PubMed calls a retracted publication; `notice` is where the retraction stands."""
    return "PubMed says that it was retracted" + (f" ({_short(notice)})" if notice.strip() else "")


def marked_title(title: str) -> str | None:
    """What a title says that a publisher marked ("RETRACTED: …"), or None. That of the notice itself is none."""
    found = _TITLE.match(title[:_LONGEST])
    if found is None or found[1].lower() == "retraction":
        return None
    return f"its title is marked as {found[1].lower()}"


def said_so(source: str, text: str) -> str:
    """The sentence for what a field of a file says in its own words, such as "Retraction; Error in Data"."""
    return f"{source} says that it was retracted" + (f": “{_short(text)}”" if text.strip() else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"

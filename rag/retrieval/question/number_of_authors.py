"""Conditions on the number of authors as the words of a question say them: "with more than five authors"."""

from __future__ import annotations

import re

from rag.retrieval.question.conditions import Conditions

_AUTHORS = r"(?:authors?|people|researchers|persons?|co-?authors?|autoren|leute|auteurs?|personnes|autores|personas)"
SMALL_NUMBERS = {
    w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
"""The numbers up to twelve by their words."""
_COUNT = r"(?P<n>\d{1,4}|" + "|".join(SMALL_NUMBERS) + r")"
_ALONE = re.compile(
    r"\b(?:single|sole|one)[- ]author(?:ed)?\b"
    r"|\bby (?:just one|only one|a (?:single|sole|lone)) (?:author|person|researcher)\b",
    re.IGNORECASE,
)
_AUTHOR_CONDITION = re.compile(
    r"(?P<how>more than|over|at least|no fewer than|fewer than|less than|under|at most|no more than|up to|exactly|"
    r"by|with|has|have)\s+" + _COUNT + r"\s+(?:or (?P<or>more|fewer|less)\s+)?" + _AUTHORS + r"\b",
    re.IGNORECASE,
)  # fmt: skip


def place_of_authors(text: str) -> tuple[int, int] | None:
    """Where the words of a question set a condition on the number of authors; None where none do."""
    match = _ALONE.search(text) or _AUTHOR_CONDITION.search(text)
    return match.span() if match else None


def authors_in(text: str) -> Conditions:
    """The condition on the number of authors that the words of a question set; none where they set none."""
    if _ALONE.search(text):
        return Conditions(min_authors=1, max_authors=1)
    match = _AUTHOR_CONDITION.search(text)
    if match is None:
        return Conditions()
    n = SMALL_NUMBERS.get(match["n"].lower(), -1)
    n = int(match["n"]) if n < 0 else n
    how, either = match["how"].lower(), (match["or"] or "").lower()
    if how in ("more than", "over"):
        return Conditions(min_authors=n + 1)
    if how in ("at least", "no fewer than") or either == "more":
        return Conditions(min_authors=n)
    if how in ("fewer than", "less than", "under"):
        return Conditions(max_authors=n - 1)
    if how in ("at most", "no more than", "up to") or either in ("fewer", "less"):
        return Conditions(max_authors=n)
    return Conditions(min_authors=n, max_authors=n)

"""Conditions on the metadata as the words of a question say them: dates, where nobody has told which words are a time,
and numbers of authors.
"""

from __future__ import annotations

import re

from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.times import MONTH_NAMES, times_in

_ORDINAL = r"(?:st|nd|rd|th)?"
_WITH_A_YEAR = (
    rf"(?:(?:\d\d?{_ORDINAL}\s+(?:of\s+)?)?(?:{MONTH_NAMES})\.?(?:\s+\d\d?{_ORDINAL})?,?\s+(?:of\s+)?)?"
    r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b"
)
# "images of 2048 pixels" are of no year.
_NO_COUNT = (
    r"(?!\s*[x×%]|\s+(?:(?:visual|vision|image|video|text|input|test|training|gpu)\s+)?(?:pixels?|px|tokens?|images?|"
    r"pictures?|frames?|videos?|points?|samples?|examples?|pairs?|questions?|instances?|tasks?|classes|documents?|pages?|"
    r"words?|steps?|hours?|gpus?|units?|dimensions?)\b)"
)
_TIME = (
    r"(?:in|from|of|during|since|after|before|until|till|by|up to|between|no later than|no earlier than|later than|"
    r"earlier than|newer than|older than|prior to|through|dated|published|year|en|im|im jahr|seit|vor|nach|depuis|"
    r"avant|desde|antes de)\s+(?:the\s+)?(?:year\s+)?(?:the\s+end\s+of\s+|early\s+|late\s+|mid-?)?"
    rf"(?:{_WITH_A_YEAR}|(?:{MONTH_NAMES})\.?(?=\s+(?:and|to|until|till|through|-|–)\s+(?:{MONTH_NAMES})\b)){_NO_COUNT}"
)
_DATED = re.compile(
    rf"\b{_TIME}(?:\s*(?:,|,?\s*\b(?:and|or|but)\b|&|\bto\b|\buntil\b|\bthrough\b|-|–)\s*(?:{_TIME}|{_WITH_A_YEAR}))*"
    r"(?:\s+(?:onwards?\b|(?:and|or)\s+(?:later|newer|after|earlier|older|before)\b|on(?=\W*$)))?",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(
    r"(?:papers?|articles?|works?|publi\w+|erschienen|paru\w*|sorti\w*)\D{0,20}\b(?P<year>(?:19|20)\d\d)\b(?!\s*[-x×%])",
    re.IGNORECASE,
)
_BARE_MONTH = re.compile(rf"\b(?:in|during|from)\s+(?P<month>{MONTH_NAMES})\.?(?!\s*\d)\b", re.IGNORECASE)
_YEAR_PAPERS = re.compile(r"(?P<year>(?:19|20)\d\d)\s+(?:papers?|publications?|works?)\b", re.IGNORECASE)
_AUTHORS = r"(?:authors?|people|researchers|persons?|co-?authors?|autoren|leute|auteurs?|personnes|autores|personas)"


def conditions_in(text: str) -> Conditions:
    """The conditions that the words of a question set: on dates ("since March 2024") and on authors."""
    dates = Conditions()
    if dated := _DATED.search(text):
        dates = times_in(dated.group())
    elif (year := _YEAR_PAPERS.search(text)) or (year := _BARE_YEAR.search(text)):
        dates = times_in(year["year"])
    elif (month := _BARE_MONTH.search(text)) and (
        month["month"].lower() not in ("may", "mar", "march") or month["month"][0].isupper()
    ):
        dates = times_in(month["month"])
    return dates.joined(_author_conditions(text))


def without_dates(text: str) -> str:
    """`text` without the words that set a condition on dates."""
    for pattern in (_DATED, _YEAR_PAPERS, _BARE_MONTH):
        text = pattern.sub(" ", text)
    return text


_SMALL = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_COUNT = r"(?P<n>\d{1,4}|" + "|".join(_SMALL) + r")"
_AUTHOR_CONDITION = re.compile(
    r"(?P<how>more than|over|at least|no fewer than|fewer than|less than|under|at most|no more than|up to|exactly|"
    r"by|with|has|have)\s+" + _COUNT + r"\s+(?:or (?P<or>more|fewer|less)\s+)?" + _AUTHORS + r"\b",
    re.IGNORECASE,
)  # fmt: skip


def _author_conditions(text: str) -> Conditions:
    if re.search(r"\b(?:single|sole|one)[- ]author(?:ed)?\b|\bby a single author\b", text, re.IGNORECASE):
        return Conditions(min_authors=1, max_authors=1)
    match = _AUTHOR_CONDITION.search(text)
    if match is None:
        return Conditions()
    n = _SMALL.get(match["n"].lower(), -1)
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

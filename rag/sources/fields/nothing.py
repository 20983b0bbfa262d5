"""The words by which sources say that they have nothing to say."""

from __future__ import annotations

import re
from functools import lru_cache

_LONGEST, _SHORT = 200, 9
# How such words begin: with one of these pairs of letters, or with a letter or mark before what is no letter.
_LETTERS = (
    "no na nu ni nd nã mi un tb ab su ke ki si se th an ti au da do in pa re ré なし не &n"
    " 無 无 無摘 无摘 暂無 暂无 暫無 暫无 摘要".split()
)
_PAIRS = frozenset(
    {case for two in _LETTERS for case in (two, two.upper(), two.title(), two[:1] + two[1:].upper())}
    | {letter + mark for letter in "kKnN无無" for mark in "./ :"}
)
_MARKS = frozenset("#<-–—−.…?[({ \t\n")
_NO_WORD = (
    r"none(?: (?:available|given|provided|supplied|found))?\.?|k\. ?A\."
    r"|n[./]?\s?a\.?|#(?:n/a|name\?|value!|ref!|null!|num!|div/0!)|<na>|missing|nan|nat|<?null>?|&NA;|unavailable|unspecified"
    r"|not[ _](?:found|specified|provided|given|stated|available)|なし|нет"
    r"|(?-i:(NA|nan|NaN|NULL|null|None) \1)"  # given and family name, as R and pandas put them together
    r"|nil|undefined|unknown(?: (?:author|creator)s?)?|[-–—−.…?]+|\[\s*\]|\{\s*\}|tba|tbd|n\.?\s?d\.?"
    r"|[暂暫]?[无無](?:摘要)?|摘要[:：]?[暂暫]?[无無]"
    r"|[\[(]?\s*not (?:available|applicable)\.?\s*[\])]?|[\[(]\s*(?:none|n/?a|null|empty|missing)\s*[\])]"
    r"|\[object object\]|(?:abstract|summary)\s*[.:]?"
    r"|\[\s*(?:anonymous|anon\.?|s\.\s?n\.)\s*\]"
)
_THING = (
    r"(?:abstract|summary|doi|title|date|keywords?|(?:author )?(?:names?|ids?)|authors?|source|journal|data"
    r"|information)"
)
_GIVEN = r"(?:available|provided|given|found|supplied|listed|known|present|included)"
_WHERE = (
    r"(?: by (?:the )?(?:publishers?|authors?|journal))?"
    r"(?: (?:for|on|in|from) this (?:\w+ ?){1,3}(?:so a preview\b.*)?)?\s*\.?\s*[\])]?"
)
# German, Spanish, Portuguese and French databases say it in their own words.
_ELSEWHERE = (
    r"[\[(]?\s*(?:(?:kein(?:e)?|sin|sem|pas de|no hay|não há) (?:abstract|zusammenfassung|resumen|resumo|résumé)"
    r"(?: (?:verfügbar|vorhanden|disponible|disponível))?|(?:(?:abstract|zusammenfassung|resumen|resumo|résumé) )?"
    r"(?:nicht|no|não|non) (?:verfügbar|vorhanden|disponible|disponível))\s*\.?\s*[\])]?"
)
_NOTHING = re.compile(
    rf"{_NO_WORD}|{_ELSEWHERE}"
    rf"|[\[(]?\s*(?:there (?:is|was) |this \w+ has )?no (?:\w+ ){{0,2}}?{_THING}"
    rf"(?: (?:is|was|are))?(?: {_GIVEN})?{_WHERE}"
    rf"|[\[(]?\s*(?:the |an )?{_THING}(?:\s?:| is| was)? (?:not |un)(?: ?yet )?{_GIVEN}{_WHERE}"
    rf"|[\[(]?\s*th(?:is|e) \w+ (?:does not|doesn't) (?:have|include|contain|provide) (?:an? )?{_THING}\s*\.?\s*[\])]?"
    rf"|[\[(]?\s*{_THING}(?:\s?:| is)? missing\s*\.?\s*[\])]?",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"n[oi'ã]|un|missing|kein|sin|sem|pas|object", re.IGNORECASE)
_LONGEST_NO_TITLE = 30
# A title may be one word, even such a word.
_NO_TITLE = re.compile(
    r"#?n/a|nan|na|<na>|null|[-–—]+"
    r"|[\[(]?(?:no title(?: (?:available|found|given))?|not available|title (?:not |un)available"
    r"|unknown title|无标题|無標題)\.?[\])]?\.?|[\[(](?:untitled|unknown)[\])]|untitled document|\?+",
    re.IGNORECASE,
)


def says_nothing(text: str) -> bool:
    """True for what stands in a field in place of nothing: "NA", "nan", "-", "[No abstract available]"."""
    return (text[:2] in _PAIRS or text[:1] in _MARKS) and len(text) <= _LONGEST and _denies(text)


@lru_cache(maxsize=4096)  # of journals, languages and people, which many records have
def _denies(text: str) -> bool:
    return (len(text) <= _SHORT or bool(_DENIAL.search(text))) and bool(_NOTHING.fullmatch(text.strip()))


def something(text: str) -> str:
    """The text, or "" where it says that there is none."""
    return "" if says_nothing(text) else text


# What Google Scholar writes before a title: "[HTML][HTML] Herons".
_OF_SCHOLAR = re.compile(r"\[(?:BOOK|CITATION|DOC|HTML|PDF)\](?:\[[A-Z]{1,4}\])? ")


def titled(text: str) -> str:
    """The title, or "" where it says that there is none; "None" and "Unknown" may be titles."""
    text = text[found.end() :] if text[:1] == "[" and (found := _OF_SCHOLAR.match(text)) else text
    return "" if len(text) <= _LONGEST_NO_TITLE and _NO_TITLE.fullmatch(text.strip()) else text

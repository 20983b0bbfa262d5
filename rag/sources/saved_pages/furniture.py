"""What stands on pages beside titles and abstracts: heads and feet, buttons, names of sections, people, numbers."""

from __future__ import annotations

import re

from rag.sources.saved_pages.page_dates import parse_date

_FURNITURE = re.compile(
    r"new|subscribe|(?:sign|log) ?(?:up|in)|previous|next|(?:daily|trending) papers"
    r"|get trending papers in your email inbox.*|by\s*ak and the research community"
    r"|(?:©|copyright\b).*|.*\ball rights reserved\b.*|we use cookies\b.*",
    re.IGNORECASE,
)
# What stands on buttons and behind labels, also between a title and its abstract.
_BUTTON = re.compile(
    r"(?:(?:view|download|open|read|get|see|full|save|access|buy|purchase) (?:as |the |this )?(?:full )?)?"
    r"(?:pdf|html|bibtex|paper|abstract|ris|issue|details|full[- ]?text(?: (?:links?|pdf|html|options?|views))?"
    r"|citations?|article|references)(?: ?\([\d.,]+ ?[km]b\))?|show (?:more|less|all)"
    r"|(?:similar|related|recommended|previous|next|research|full[- ]length)[ -](?:articles?|papers?|works?)"
    r"|(?:all )?cited by(?: \(?\d+\)?)?|(?:copy|permanent) link|permalink|export citation"
    r"|supplementary (?:materials?|information|data)|add to (?:library|favou?rites|collections|mendeley)"
    r"|(?:author information|doi|pmid|pmcid|issn|isbn|subjects|cite as|conflict of interest[\w ]*|keywords?|authors?"
    r"|publisher|published(?: in| by)?|source|venue|journal|date written|pages posted)\s?:.{0,300}"
    r"|(?:open|free|get|request|view all) (?:access|permissions|access options)|get rights and content"
    r"|access through your institution|(?:read|learn|more|show)? ?(?:more|less|like this)"
    r"|cite (?:as|this(?: article| paper)?)"
    r"|(?:create )?alert|save to library|expand|collapse|author links open overlay panel|all authors"
    r"|rights & permissions|(?:article|explore all)? ?metrics|peer review reports|affiliations|footnotes|follow journal"
    r"|back to results|anthology id|software|supplementary|slides|videos?|code|posters?|presentations?|reviews?"
    r"|(?:loading|just a moment)[.…]*|(?:cookie settings|accept all cookies|your privacy, your choice)"
    r"|home|search|menu|english|e-?mail|send to|actions|collections|everyone|tl;?dr|editor[’']s choice"
    r"|share|cite|save|bookmark|references|comments|abstract|authors?|keywords?|subjects?|skip to .{1,40}"
    r"|\[?(?:pdf|ps|html|other|bibtex)\]?(?:[ ,|\[\]]+(?:pdf|ps|html|other|bibtex)\]?)*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d)*\.?|[IVX]{1,4}\.)\s+(?=[A-Z])")
_STRUCTURE = re.compile(
    r"(?:background|context|objectives?|aims?|purpose|rationale|importance|motivation|design|setting|participants"
    r"|(?:materials? and )?methods?|methodology|measurements|findings|(?:main )?results?|discussion|conclusions?"
    r"|interpretation|limitations|implications|funding|significance)(?:(?: and|,|/) ?\w+)?\s*:?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:introduction|summary|highlights|(?:graphical|visual) abstract|acknowledge?ments?|(?:data|code) availability"
    r"|figures|tables|(?:table of )?contents|appendi(?:x|ces)|related work|experiments|main|quick links|tools|about"
    r"|ethics(?: statement)?|competing interests?(?: statement)?|bibliography)\s*:?",
    re.IGNORECASE,
)
# Words of a line that says no more than when, where in a journal, or how often something was read.
_OF_NUMBERS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september"
    " october november december published received accepted revised submitted available online first posted on volume"
    " vol issue no number page pages pp p issn isbn doi citations citation cited by downloads views reads pdf kb mb"
    " year accesses altmetric full text metrics total article".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_PERSON = re.compile(r"(?:[^\W\d_]\S*\.? ){1,3}[^\W\d_]\S+\d{0,2}[*†‡]*")
_PARTICLES = frozenset("de der den van von da di del la le al el bin ibn dos du ten ter y e".split())
_BETWEEN = re.compile(r"\s*(?:,\s*and|,|;|\||·|•|\band\b|&)\s+")
_NO_END = re.compile(r"\b[a-z]{1,4}$|[,:–—-]$")


def is_furniture(text: str) -> bool:
    """True for a line of the head or foot of a listing, for one of numbers, and for a date that stands alone."""
    line = " ".join(text.split())
    return is_head(line) or is_button(line) or is_section(line) or parse_date(line) is not None


def is_head(text: str) -> bool:
    """True for a line that only the head or foot of a listing has."""
    return bool(_FURNITURE.fullmatch(" ".join(text.split())))


def is_button(text: str) -> bool:
    """True for what may stand between a title and its abstract and is neither: buttons, labels, numbers."""
    line = " ".join(text.split())
    return bool(_BUTTON.fullmatch(line)) or _says_numbers(line)


def is_section(text: str) -> bool:
    """True for a heading that papers share, such as "1. Introduction", and none of them has for a title."""
    line = _NUMBERED.sub("", " ".join(text.split()))
    return bool(_SECTION.fullmatch(line) or _STRUCTURE.fullmatch(line))


def is_part(text: str) -> bool:
    """True for the heading of a part of an abstract, such as "Methods"."""
    return bool(_STRUCTURE.fullmatch(" ".join(text.split())))


def are_people(text: str, *, least: int = 2) -> bool:
    """True for a line that is the names of `least` people or more."""
    people = _BETWEEN.split(" ".join(text.split()).removeprefix("by "))
    return len(people) >= least and all(map(_is_person, people))


def goes_on(line: str) -> bool:
    """True for a line of a title whose end is rather in the next one."""
    return bool(_NO_END.search(line.rstrip()))


def _is_person(text: str) -> bool:
    return bool(_PERSON.fullmatch(text)) and all(word[0].isupper() or word in _PARTICLES for word in text.split())


def _says_numbers(line: str) -> bool:
    words = _WORD.findall(line)
    numbers = any(map(str.isdigit, line))
    return (
        not words
        or (numbers and len(words) < 9 and _OF_NUMBERS.issuperset(word.lower() for word in words))
        or (line.startswith("10.") and "/" in line and " " not in line)
    )

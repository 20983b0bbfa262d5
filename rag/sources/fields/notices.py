"""The notices that databases write into abstracts or beside them, and that are no part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_EBSCO_ALONE = re.compile(r"\s*\(?copyright (?:of|applies)\b.{0,600}", re.IGNORECASE | re.DOTALL)
# A sentence that says whose a text is, and those that follow it. A full stop behind an initial or "Ltd" ends none.
_ON = r"(?:[^.\n]|\.(?=[\w,;])|(?<=\b[A-Z])\.(?= [A-Z])|(?<=\b(?:Ltd|Inc))\.(?= [a-z])|(?<=\bCo)\.(?= [A-Z]))"
_WHOSE = (
    r"(?:(?:(?i:(?:crown )?copyright)\s*:?\s*)?(?:©|\([Cc]\)(?=\s*\d{4}\b\W{0,3}(?:[A-Z(]|by\b|$)))"
    r"\s*(?:(?i:copyright)\s*)?(?:\d{4}|[Tt]he [Aa]uthor|Crown|[Bb]y\b"
    rf"|[A-Z][\w .&]{{1,60}},? \d{{4}}\b)|(?i:copyright) (?:held|\d{{4}}|by)\b){_ON}{{0,200}}(?:\.|$)"
)
_FURTHER = (
    r"(?:[Aa]ll [Rr]ights [Rr]eserved"
    r"|(?:[A-Z][^.\n]{1,100} )?[Pp]ublished (?:\w+ )?by|Production and hosting by|Licensee"
    rf"|This (?:article )?is an [Oo]pen[- ][Aa]ccess|This article is protected|Open [Aa]ccess){_ON}{{0,300}}(?:\.|$)"
)
_BOTH = rf"{_WHOSE}(?>\s{{0,20}}(?:{_WHOSE}|{_FURTHER})){{0,9}}\s{{0,20}}"
_AT_HEAD = re.compile(_BOTH)
_ALONE = (
    r"(?:This article is protected by copyright|Published by (?=[A-Z])|Georg Thieme Verlag KG"
    rf"|This is an [Oo]pen[- ][Aa]ccess article (?=under|distributed)){_ON}{{0,300}}(?:\.|$)"
)
_BEHIND = re.compile(
    rf"(?<=[.!?)])(?:\s{{1,20}}|(?=©|Copyright))(?:{_BOTH}|{_ALONE}(?>\s{{0,20}}{_FURTHER}){{0,3}}\s{{0,20}})\Z"
)
_LONGEST = 3_000  # characters of all that stands behind an abstract
_OF_EBSCO = re.compile(r";?\s{0,20}Copyright of .{1,300}? is the property of .*\Z", re.DOTALL)
_AT_END = re.compile(
    r"\s{0,20}[\[(]\s{0,20}(?:abstract from (?:author|publisher|journal)(?:\(s\))?"
    r"|\d+ (?:refs?|references)\.?|(?:publisher|publication|journal|author) abstract|authors?|as provided"
    r"|source: [^()]{1,60}"
    r"|contains \d+ (?:tables?|figures?|notes|footnotes|endnotes)\b[^()]{0,100}|copyright\b[^()\[\]]{0,100}"
    r"|psyc\w+ database record(?:[^()]|\(c\)){0,100})\s*[\])]\.?\s*\Z"
    r"|(?<=[.!?)])\s{0,20}(?-i:\(AU\))\s*\Z"  # of LILACS and PsycINFO; "in arbitrary units (AU)." is none
    r"|\s{1,20}(?-i:ABSTRACT FROM (?:AUTHOR|PUBLISHER))\.?\s*\Z",
    re.IGNORECASE,
)

# "Abstract Meaning Representation" begins with no label; what follows one begins a sentence or names a section.
_FIRST_WORD = (
    r"(?:We|The|This|These|In|An?|It|Our|To|For|As|With|While|Although|Recent|Many|Here|Despite|There|Background|Context"
    r"|Objectives?|Purpose|Aims?|Introduction|Motivation|Importance|Problem|Summary|Methods?|Question)\b"
)
_LABEL = re.compile(
    rf"\s*(?:(?i:abstract)\s*(?:[:.—–]|-\s|\n|\xa0)|ABSTRACT\s|(?:Abstract|ABSTRACT)\s*(?={_FIRST_WORD}))\s*(?=\S)"
)


_LABEL_ALONE = re.compile(r"\s*abstract\s*[:.]?\s*(?:[\n\xa0]|~|&nbsp;|$)\s*", re.IGNORECASE)


def without_label(raw: str) -> str:
    """A field as it is written, before its lines are joined, without "Abstract" alone on the first of them."""
    label = _LABEL_ALONE.match(raw)
    return raw[label.end() :] if label else raw


def without_notice(texts: Iterable[str]) -> str:
    """The abstract that these fields make, one after another, without what only says whose it is or that it is one."""
    given = list(texts)
    if any(map(_may_have_one, given)):
        given = [_bare(text) for text in given if not _EBSCO_ALONE.fullmatch(text)]
    text = " ".join(filter(None, given)).strip()
    label = _LABEL.match(text) if text[:1] in ("A", "a") else None
    return text[label.end() :] if label else text


def _may_have_one(text: str) -> bool:
    # One by one: a loop over them takes three times as long, and it is done for every abstract.
    if "opyright" in text or "OPYRIGHT" in text or "(c)" in text or "(C)" in text:
        return True
    tail = text[-400:]
    ends = tail[-50:].rstrip(" .\r\n").endswith(("]", ")", "AUTHOR", "PUBLISHER"))
    return (
        ends
        or "Published by" in tail
        or "ccess article" in tail
        or "Georg Thieme" in tail
        or (not text.isascii() and "©" in text)
    )


def _bare(text: str) -> str:
    text = _OF_EBSCO.sub("", text)
    for _ in range(2):
        text = _AT_END.sub("", text).strip()
    text = _AT_HEAD.sub("", text, count=1) if _AT_HEAD.match(text) else text
    return (text[:-_LONGEST] + _BEHIND.sub("", text[-_LONGEST:])).strip()

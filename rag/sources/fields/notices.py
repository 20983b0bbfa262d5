"""The notices that databases write into abstracts or beside them, and that are no part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOTICE = re.compile(
    r"\s*(?:copyright (?:of|applies|©|\(c\)|\d{4})\b|copyright\s*[©(]|©\s*(?:the author|\d{4}|copyright)"
    r"|\(c\)\s*\d{4}\b).{0,600}\.?\s*",
    re.IGNORECASE | re.DOTALL,
)
_OF_EBSCO = re.compile(r"\s{0,20}Copyright of .{1,300}? is the property of .*\Z", re.DOTALL)
_AT_END = re.compile(
    r"\s{0,20}[\[(]\s{0,20}(?:abstract from (?:author|publisher|journal)(?:\(s\))?"
    r"|\d+ (?:refs?|references)\.?|(?:publisher|journal|author) abstract)\s*[\])]\.?\s*\Z",
    re.IGNORECASE,
)

_HINT = re.compile(r"opyright|©|\([cC]\)|COPYRIGHT|[\])]\.?\s*\Z")


def without_notice(texts: Iterable[str]) -> str:
    """The abstract that these fields make, one after another, without those that only say whose it is."""
    given = list(texts)
    if not any(_HINT.search(text) for text in given):
        return " ".join(given).strip()
    kept = [text for text in given if not _NOTICE.fullmatch(text)]
    return _AT_END.sub("", _OF_EBSCO.sub("", " ".join(kept))).strip()

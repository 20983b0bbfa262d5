"""What any reader does to the text of a field before offsets into it exist, and the lengths that a field may have."""

from __future__ import annotations

import re

from rag.text.normalization import without_surrogates

TITLE_LIMIT = 2_000
"""Characters. The longest real titles have about 250."""

TEXT_LIMIT = 100_000
"""Characters of an abstract or of any other field. More is a whole document, or an accident."""

_TRANSLATED = re.compile(r"\[([^\[\]]+ [^\[\]]+|[^\[\]]+(?=\]\.))\]\.?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROLS_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f]")


def clean_title(text: str) -> str:
    """The title on one line: control characters and runs of white space become one space. Markup stays as text."""
    if not text.isprintable():  # most are, and then there is nothing to replace
        text = _CONTROLS.sub(" ", without_surrogates(text))
    return " ".join(text.split())


def without_brackets(title: str) -> str:
    """The title without the brackets in which PubMed puts one that it translated."""
    found = _TRANSLATED.fullmatch(title)
    return found[1] if found else title


def clean_abstract(text: str) -> str:
    """The abstract as it is, with line ends as line feeds and without control characters, tabs aside.

    Nothing may touch the abstract after this: quotes point into it by offset.
    """
    if text.isprintable():
        return text
    return _CONTROLS_IN_TEXT.sub("", without_surrogates(text).replace("\r\n", "\n").replace("\r", "\n"))


def too_long(name: str, text: str, limit: int) -> str | None:
    """The reason to reject a field that is longer than the limit, in characters, or None."""
    if len(text) <= limit:
        return None
    return f"the {name} has {len(text):,} characters, the limit is {limit:,}; shorten it or leave it out"

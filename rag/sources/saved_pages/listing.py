"""Reader of saved listing pages as text: title, blank line, abstract, and sometimes a block of metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.filter import Request
from rag.sources.refused import copied_from, instead_of, looks_tagged
from rag.sources.saved_pages.blocks import Block, is_prose
from rag.sources.saved_pages.page_papers import is_listing, looks_like_page, read_blocks

name = "listing"

PAGE_LIMIT = 50_000_000
"""Characters. A page is read as a whole, since the year of a date may only be told at its end."""

# Text with titles and paragraphs that is no listing: Markdown, LaTeX, XML, BibTeX, source code, settings.
_OTHER_TEXT = re.compile(
    r"(?m)^(?:```|#{1,6} |#!|\\documentclass|\\begin\{|<[?!a-zA-Z]|@\w+\{|import [\w.]+$|from [\w.]+ import "
    r"|\[+[\w.-]+\]+$|[\w.-]+ ?= ?[\w\"'\[{])"
)

# What lists and programmes put before a title: "1. ", "[1] ", "[PDF] ", "09:30 ", "- [Title](https://…)", "**Title**".
_MARKS = re.compile(
    r"\s*(?:[-*•]\s+)?(?:(?:\[(?:\d{1,4}|PDF|HTML|BOOK|DOC|CITATION)\]|\(\d{1,4}\)|\d{1,4}[.)]|\d{1,2}[:.]\d\d(?:\s?[-–]\s?\d{1,2}[:.]\d\d)?)\s+)?(?=\S)"
)
_BOLD = re.compile(r"(\*\*|__)([^*]+)\1")
_LINKED = re.compile(r"\[([^\[\]]+)\]\((https?://[^\s()]+)\)")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,})\s*")
_QUOTED = re.compile(r"\s*>+ ?")

# Characters without a width, by which pages say where a line may break.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")


def sniff(head: str) -> bool:
    """True when the text has the marks of a listing page, or titles and abstracts in turn."""
    if copied_from(head):
        return False
    blocks = list(_blocks(_UNSEEN.sub("", head)))
    if looks_like_page(blocks):
        return True
    if _OTHER_TEXT.search(head) or looks_tagged(head) or instead_of(head):
        return False
    return is_listing(blocks)


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The entries of the page in order.

    Raises:
        SourceError: the page is longer than `PAGE_LIMIT`.
    """
    return read_blocks(_blocks(whole_page(stream)), source=request.source, as_of=request.as_of)


def whole_page(stream: TextIO) -> str:
    """The text of the page.

    Raises:
        SourceError: the page is longer than `PAGE_LIMIT`.
    """
    text = _UNSEEN.sub("", stream.read(PAGE_LIMIT + 1))
    if len(text) > PAGE_LIMIT:
        raise SourceError(f"has more than {PAGE_LIMIT:,} characters, the limit for a page; split it or use JSON lines")
    return text


def _blocks(text: str) -> Iterator[Block]:
    """The runs of lines between blank lines, without the marks of lists and of Markdown around what is no prose."""
    lines: list[str] = []
    for number, line in enumerate(chain(text.split("\n"), [""]), 1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield _bare(lines, number - len(lines))
            lines = []


def _bare(lines: list[str], number: int) -> Block:
    """The block of these lines, of which the first has the number."""
    if all(map(_QUOTED.match, lines)):
        lines = [_QUOTED.sub("", line, count=1) for line in lines]
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]):
        del lines[1]
    if is_prose(lines[0]):
        return Block("\n".join(lines), line=number)
    first = _MARKS.sub("", lines[0], count=1)
    linked = _LINKED.fullmatch(first.strip())
    first = linked[1] if linked else first
    bold = _BOLD.fullmatch(first.strip())
    return Block(
        "\n".join([bold[2] if bold else first, *lines[1:]]),
        line=number,
        url=linked[2] if linked else None,
        linked=bool(linked),
    )

"""Reader of saved listing pages as HTML: the blocks of text, in order, are read like those of a page saved as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.filter import Request
from rag.sources.saved_pages.html_blocks import blocks_of
from rag.sources.saved_pages.known_sites import papers_of
from rag.sources.saved_pages.listing import whole_page
from rag.sources.saved_pages.page_papers import read_blocks
from rag.sources.saved_pages.page_tables import papers_of_tables

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

name = "html"

_START = re.compile(
    r"(?>\s+|<!--.*?-->)*+<(?:!doctype html|html|head|body|main|article|section|header|div|p|ul|ol|table|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_XHTML = re.compile(r"\s*<\?xml\b.{0,1000}?<html\b", re.IGNORECASE | re.DOTALL)
# Browsers write the address of a saved page into a comment.
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|Page saved with \S+\s+url: (\S+)")


def sniff(head: str) -> bool:
    """True when the text begins like an HTML page."""
    return bool(_START.match(head) or _XHTML.match(head))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The entries of the page in order; a link on a title to the paper's own page becomes its `url`.

    Raises:
        SourceError: the page is too long, is no HTML that can be parsed, or has no sign of papers.
    """
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    text = whole_page(stream)
    try:
        soup = BeautifulSoup(text, "html.parser")
    except (ParserRejectedMarkup, RecursionError) as error:
        cause = str(error).splitlines()[-1].strip()  # the parser's own words stand last
        raise SourceError(f"is no HTML that can be parsed ({cause}); save the page again, or as text") from error
    known = papers_of(soup, text, source=request.source) or papers_of_tables(soup, source=request.source)
    if known is not None:
        return iter(known)
    blocks = blocks_of(soup, base=_address(soup, text))
    return read_blocks(blocks, source=request.source, as_of=request.as_of, signed=True)


def _address(soup: BeautifulSoup, text: str) -> str:
    """The address that the links of the page are relative to, or "" when the page does not tell."""
    for selector, attribute in (
        ("base", "href"),
        ("link[rel=canonical]", "href"),
        ('meta[property="og:url"]', "content"),
    ):
        element = soup.select_one(selector)
        if element is not None and str(element.get(attribute, "")).startswith("http"):
            return str(element[attribute])
    saved = _SAVED_FROM.search(text[:4000])
    return (saved[1] or saved[2]) if saved else ""

"""Reader of saved listing pages as HTML: the blocks of text, in order, are read like those of a page saved as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urljoin, urlsplit

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.fields.markup import lowered, raised
from rag.sources.filter import Request
from rag.sources.saved_pages.blocks import Block
from rag.sources.saved_pages.known_sites import papers_of
from rag.sources.saved_pages.listing import whole_page
from rag.sources.saved_pages.page_dates import parse_date
from rag.sources.saved_pages.page_papers import read_blocks
from rag.sources.saved_pages.page_tables import papers_of_tables

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

name = "html"

_DROPPED = frozenset(
    "script style nav svg noscript template title iframe object button select textarea annotation".split()
)
_BLOCKS = frozenset(
    "html body main article section header footer aside div p ul ol li dl dt dd table tr td th blockquote pre form "
    "h1 h2 h3 h4 h5 h6 hr figure figcaption details summary address fieldset".split()
)
_HEADING = re.compile("h[1-6]")
_START = re.compile(
    r"(?>\s+|<!--.*?-->)*+<(?:!doctype html|html|head|body|main|article|section|header|div|p|ul|ol|table|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_XHTML = re.compile(r"\s*<\?xml\b.{0,1000}?<html\b", re.IGNORECASE | re.DOTALL)
# Browsers write the address of a saved page into a comment.
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|Page saved with \S+\s+url: (\S+)")
_PAPER_LINK = re.compile(
    r"https?://\S*(?:/(?:papers?|abs|pdf)/|/forum\?|\b\d{4}\.\d{4,5}\b|doi\.org/10\.|aclanthology\.org/\w)\S*",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\n\r\f]+")


def sniff(head: str) -> bool:
    """True when the text begins like an HTML page."""
    return bool(_START.match(head) or _XHTML.match(head))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The entries of the page in order; a link on a title to the paper's own page becomes its `url`.

    Raises:
        SourceError: the page is too long, or is no HTML that can be parsed.
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
    return read_blocks(_blocks(soup, base=_address(soup, text)), source=request.source, as_of=request.as_of)


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


@dataclass(frozen=True)
class _After:
    """What to do where an element ends: close the block and go back to the heading around it, or to the link."""

    closes_block: bool = False
    level: int = 0
    link: str | None = None


def _blocks(soup: BeautifulSoup, *, base: str) -> Iterator[Block]:
    """The text between the edges of block elements. A break and a time stand on a line of their own.

    The tree is walked with a stack of our own: a page may be nested deeper than Python can call.
    """
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[object] = [soup]
    pieces: list[str] = []
    linked: dict[str, int] = {}  # characters of this block by the link they are in
    link: str | None = None
    line = level = 0
    while stack:
        node = stack.pop()
        if isinstance(node, Tag) and node.name not in _DROPPED and node.get("aria-hidden") != "true":
            if node.name in _BLOCKS:
                yield from _close(pieces, linked, line, level)
                line = node.sourceline or line
                stack.append(_After(closes_block=True, level=level))
                level = int(node.name[1]) if _HEADING.fullmatch(node.name) else level
            elif node.name == "a":
                stack.append(_After(link=link))
                link = _paper_url(node, base)
            if node.name == "br":
                pieces.append("\n")
            elif node.name in ("sup", "sub"):
                pieces.append((raised if node.name == "sup" else lowered)(node.get_text()))
            elif node.name == "time":
                pieces += ["\n", _date_of(node), "\n"]
            else:
                stack += reversed(node.contents)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            pieces.append(_SPACE.sub(" ", node))
            if link is not None:
                linked[link] = linked.get(link, 0) + len(pieces[-1].strip())
        elif isinstance(node, _After) and node.closes_block:
            yield from _close(pieces, linked, line, level)
            level = node.level
        elif isinstance(node, _After):
            link = node.link
    yield from _close(pieces, linked, line, level)


def _close(pieces: list[str], linked: dict[str, int], line: int, level: int) -> Iterator[Block]:
    """The block that the pieces make, if any; both are emptied. Its link is the one that covers half of it or more."""
    lines = (_SPACE.sub(" ", part).strip(" ") for part in "".join(pieces).split("\n"))
    text = "\n".join(part for part in lines if part.strip())
    url = next((url for url, covered in linked.items() if 2 * covered >= len(text)), None)
    pieces.clear()
    linked.clear()
    if text:
        yield Block(text, line=line, url=url, level=level)


def _date_of(element: Tag) -> str:
    """The text of a time element; with the year if the page leaves it out but has it in the element's attribute."""
    text = element.get_text()
    try:
        exact = datetime.fromisoformat(str(element.get("datetime", "")))
    except ValueError:
        return text
    shown = parse_date(" ".join(text.split()))
    if shown is None or shown.year is not None or (shown.month, shown.day) != (exact.month, exact.day):
        return text
    return f"{shown.text}, {exact.year:04}" + (f" {shown.count}" if shown.count else "")


def _paper_url(element: Tag, base: str) -> str | None:
    """The address that a link leads to, if it looks like the page of a paper."""
    try:
        url = urljoin(base, str(element.get("href", "")).strip())
        return url if _PAPER_LINK.fullmatch(url) and urlsplit(url).hostname else None
    except ValueError:
        return None

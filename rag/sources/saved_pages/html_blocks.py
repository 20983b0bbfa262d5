"""The blocks of text of a page that was saved as HTML, or of a part of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from rag.sources.fields.markup import lowered, raised
from rag.sources.saved_pages.blocks import Block, is_prose
from rag.sources.saved_pages.page_dates import parse_date

if TYPE_CHECKING:
    from bs4 import Tag

_DROPPED = frozenset(
    "script style nav svg noscript template title iframe object button select textarea annotation".split()
)
_BLOCKS = frozenset(
    "html body main article section header footer aside div p ul ol li dl dt dd table tr td th blockquote pre form "
    "h1 h2 h3 h4 h5 h6 hr figure figcaption details summary address fieldset".split()
)
_HEADING = re.compile("h[1-6]")
_FOOT = re.compile(r"(?:\w+-)?footer\b.*|contentinfo|complementary", re.IGNORECASE)
_PAPER_LINK = re.compile(
    r"https?://\S*(?:/(?:papers?|abs|pdf)/|/forum\?|\b\d{4}\.\d{4,5}\b|doi\.org/10\.|aclanthology\.org/\w)\S*",
    re.IGNORECASE,
)
_NOWHERE = "https://nowhere.invalid/"
"""What stands for the address of a page that does not tell its own."""
_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True)
class _After:
    """What to do where an element ends: close the block and go back to what is around it, or to the link."""

    closes_block: bool = False
    level: int = 0
    foot: bool = False
    link: str | None = None


def blocks_of(part: Tag, *, base: str = "") -> Iterator[Block]:
    """The text between the edges of block elements. A break and a time stand on a line of their own.

    What reads as an abstract in the foot of a page, or beside what the page is about, is none and is left out.

    The tree is walked with a stack of our own: a page may be nested deeper than Python can call.
    """
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[object] = [part]
    pieces: list[str] = []
    linked: dict[str, int] = {}  # characters of this block by the link they are in
    link: str | None = None
    line = level = 0
    foot = False
    while stack:
        node = stack.pop()
        if isinstance(node, Tag) and node.name not in _DROPPED and node.get("aria-hidden") != "true":
            if node.name in _BLOCKS:
                yield from _close(pieces, linked, line, level, foot=foot)
                line = node.sourceline or line
                stack.append(_After(closes_block=True, level=level, foot=foot))
                foot = foot or _is_foot(node)
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
            yield from _close(pieces, linked, line, level, foot=foot)
            level, foot = node.level, node.foot
        elif isinstance(node, _After):
            link = node.link
    yield from _close(pieces, linked, line, level, foot=foot)


def _is_foot(element: Tag) -> bool:
    named = (element.name, element.get("role"), element.get("id"), *element.get_attribute_list("class"))
    return element.name == "aside" or any(_FOOT.fullmatch(str(name)) for name in named)


def _close(pieces: list[str], linked: dict[str, int], line: int, level: int, *, foot: bool) -> Iterator[Block]:
    """The block that the pieces make, if any; both are emptied. Its link is the one that covers half of it or more."""
    lines = (_SPACE.sub(" ", part).strip(" ") for part in "".join(pieces).split("\n"))
    text = "\n".join(part for part in lines if part.strip())
    url = next((url for url, covered in linked.items() if 2 * covered >= len(text)), None)
    pieces.clear()
    linked.clear()
    if text and not (foot and is_prose(text)):
        known = url is not None and not url.startswith(_NOWHERE)
        yield Block(text, line=line, url=url if known else None, linked=url is not None, level=level)


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
        url = urljoin(base or _NOWHERE, str(element.get("href", "")).strip())
        return url if _PAPER_LINK.fullmatch(url) and urlsplit(url).hostname else None
    except ValueError:
        return None

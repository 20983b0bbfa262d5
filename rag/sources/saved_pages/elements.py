"""What stands in an element of a page, its text as it is meant, and which part of a page is the abstract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from rag.sources.fields.markup import lowered, raised
from rag.sources.saved_pages.blocks import Block, is_prose
from rag.sources.saved_pages.furniture import begins_abstract, inline_abstract, is_labelled, part_of_abstract
from rag.sources.saved_pages.html_blocks import blocks_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

CUT_OFF = re.compile(r"^TLDR|(?:…|\.\.\.)\s*(?:Expand)?$")
"""Of a summary, or of what is only the beginning of an abstract."""
LABEL = re.compile(r"^\s*(?:Abstract|Summary|TL;DR)\s*[:.]\s*|^\s*(?-i:Abstract(?=[A-Z]))", re.IGNORECASE)
"""The word before an abstract in the same paragraph."""
# Where sites have it, the narrowest first; then whatever is called so.
_PLACES = (
    "blockquote.abstract", ".acl-abstract span", ".acl-abstract p", ".acl-abstract", "#abstract .content",
    "#Abs1-content", "div.abstract-content", "[data-test-id=abstract-text]",
    *(f"{element}[{name}*=abstract i]" for name in ("id", "class") for element in ("section", "div", "p")),
)  # fmt: skip
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_OUTSIDE = frozenset("nav a button footer aside option label title script style".split())
_MOST_LABELS, _MOST_AROUND = 8, 6
_LEAST = 20  # characters; what is shorter is a label or a button


def abstract_on(soup: BeautifulSoup) -> str:
    """The abstract of the paper that a page is about: what is called so, or what is headed so, up to the next heading.

    "" where there is none, or only its beginning.
    """
    for selector in _PLACES:
        for element in soup.select(selector):
            if _is_all_abstract(element) and len(text := said(element)) > _LEAST:
                return "" if CUT_OFF.search(text) else text
    text = next(_headed(soup), "")
    return "" if CUT_OFF.search(text) else text


def _is_all_abstract(element: Tag) -> bool:
    """True where no heading in the element heads anything else, and there is text below."""
    headings = [flat(heading) for heading in element.select(_HEADINGS)]
    if not all(begins_abstract(heading) or part_of_abstract(heading) for heading in headings):
        return False
    text = flat(element)
    return len(text) - sum(map(len, headings)) > _LEAST and (bool(headings) or is_prose(text) or len(text) > 2 * _LEAST)


def _headed(soup: BeautifulSoup) -> Iterator[str]:
    """The texts below what says "Abstract" and nothing else, in the narrowest part of the page that has any."""
    labels = [
        label
        for label in soup.find_all(string=_says_abstract)
        if not any(around.name in _OUTSIDE for around in label.parents)
    ]
    # Of a page in two languages the English one is taken.
    for label in sorted(labels[:_MOST_LABELS], key=lambda label: "abstract" not in label.lower()):
        for around in islice(label.parents, _MOST_AROUND):
            if text := _below(blocks_of(around), label):
                yield text
                break


def _says_abstract(text: str | None) -> bool:
    return text is not None and (begins_abstract(text) if len(text) < 2 * _LEAST else inline_abstract(text) is not None)


def _below(blocks: Iterable[Block], label: str) -> str:
    paragraphs: list[str] = []
    part = None
    begun = False
    for block in blocks:
        text = " ".join(block.text.split())
        if not begun:
            begun = text == " ".join(label.split())
            inline = inline_abstract(text) if text.startswith(label.strip()[:_LEAST]) else None
            if inline:
                return inline
            continue
        if named := part_of_abstract(text):
            part = named
        elif block.level or is_labelled(text):
            break
        elif part or is_prose(text) or (len(text) > _LEAST and text.endswith((".", "。"))):
            paragraphs.append(f"{part}: {block.text}" if part else block.text)
            part = None
        elif paragraphs:
            break
    return "\n\n".join(paragraphs)


def first(element: Tag, selector: str) -> str:
    """What is said in the first element within that the selector finds, or ""."""
    found = element.select_one(selector)
    return said(found) if found is not None else ""


def said(element: Tag) -> str:
    """The text without labels, in paragraphs as the page has it; what is raised stays raised. It alters the element."""
    for label in element.select(f".descriptor, {_HEADINGS}, .card-title, script, style, annotation"):
        if label.name in ("script", "style", "annotation") or (
            re.fullmatch(r"\s*(?:title|authors?)\s*:?\s*", label.get_text(), re.IGNORECASE)
            or begins_abstract(label.get_text())
        ):
            label.extract()
    for shifted in element.select("sup, sub"):
        shifted.replace_with((raised if shifted.name == "sup" else lowered)(shifted.get_text()))
    paragraphs = element.find_all("p") or [element]
    text = "\n\n".join(part for each in paragraphs if (part := flat(each)) and not begins_abstract(part))
    return LABEL.sub("", text)


def flat(element: Tag) -> str:
    """The text on one line."""
    return " ".join(element.get_text().replace("\xa0", " ").split())


def line_of(element: Tag) -> int:
    """The number of the line on which the element begins."""
    return element.sourceline or 1

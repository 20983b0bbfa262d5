"""The elements of XML that are records, one in memory at a time, and the text that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TextIO

from rag.errors import SourceError
from rag.sources.fields.markup import formula, latex, lowered, raised

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

RECORD_LIMIT = 8_000_000
"""Characters from the end of one record to that of the next. Articles with 3,000 authors have 2 million."""

_DEEPEST = 60  # elements within one another; PubMed has some ten
_LINE_CHARS = 1 << 16


class Found(NamedTuple):
    """A record: the line where it begins, its element, and the tag of the element around it, "" at the top."""

    line: int
    element: Element
    parent: str


class _Lines:
    """The stream as the parser reads it: a line at a time, so that the number of the line is known where it stands."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.line = 1
        self._ended = True
        self._since = 0

    def read(self, size: int = -1) -> str:
        """The next line, or the next part of a long one, whatever the size."""
        del size
        text = self._stream.readline(_LINE_CHARS)
        self.line += not self._ended
        self._ended = not text.endswith("\n")
        self._since += len(text)
        if self._since > RECORD_LIMIT:
            raise SourceError(f"has more than {RECORD_LIMIT:,} characters without the end of an article; split it")
        return text

    def article(self) -> None:
        """Count from here on again."""
        self._since = 0


def elements(stream: TextIO, tags: frozenset[str]) -> Iterator[Found]:
    """The elements of these tags in order, all tags without their namespaces. Each is emptied after it was given.

    Raises:
        SourceError: the XML is broken, declares entities, or a record has no end. What stood before is given.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    lines = _Lines(stream)
    open_elements: list[Element] = []
    begun = 1
    try:
        for event, element in iterparse(lines, events=("start", "end"), forbid_external=False):
            if event == "start":
                if element.tag[:1] == "{":
                    element.tag = element.tag.rpartition("}")[2]
                open_elements.append(element)
                if element.tag in tags:
                    begun = lines.line
                if len(open_elements) > _DEEPEST:
                    raise SourceError(f"has elements nested deeper than {_DEEPEST} on line {lines.line}; correct it")
                continue
            open_elements.pop()
            if element.tag in tags:
                yield Found(begun, element, open_elements[-1].tag if open_elements else "")
                lines.article()
                # What has been read would stay in the tree otherwise.
                (open_elements[-1] if open_elements else element).clear()
    except ParseError as error:
        raise SourceError(f"is broken XML ({_first_line(error)}); get the file again") from error
    except DefusedXmlException as error:
        raise SourceError(f"declares entities on line {lines.line}, which are not expanded; take them out") from error
    except (ValueError, LookupError) as error:
        raise SourceError(f"is XML that cannot be read ({_first_line(error)}); save it as UTF-8") from error


def told(element: Element, path: str) -> str:
    """The text of the first element at the path, or ""."""
    found = element.find(f"./{path}")
    return text_of(found) if found is not None else ""


def text_of(element: Element) -> str:
    """The text of an element and all in it, such as italics and what is raised, on one line."""
    if not len(element) and element.tag != "style":
        return " ".join((element.text or "").split())
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    before = element.text or ""
    yield before
    for child in element:
        said = "".join(_within(child))
        # The number of a reference behind a figure would make another figure.
        yield raised(said) if _tag(child) == "xref" and before[-1:].isdigit() and said[:1].isdigit() else said
        before = child.tail or ""
        yield before


def _within(child: Element) -> Iterator[str]:
    tag = _tag(child)
    match child.get("face", tag) if tag == "style" else tag:  # EndNote has a style for each piece of a text
        case "sup" | "superscript":
            yield raised("".join(_pieces(child)))
        case "sub" | "inf" | "subscript":
            yield lowered("".join(_pieces(child)))
        case "math":
            yield _formula(child)
        case "tex-math":
            yield latex("".join(_pieces(child)))
        case "alternatives":  # all of them say the same: LaTeX tells most
            told_by = {_tag(each): each for each in reversed(child)}
            best = next((told_by[each] for each in ("tex-math", "math") if each in told_by), None)
            yield from _within(best) if best is not None else _first_said(child)
        case "fn" | "contrib-group":  # the members of a group stand within its name
            pass
        case "xref" if child.get("ref-type") in ("fn", "author-notes"):
            pass
        case _:
            yield from _pieces(child)


def _first_said(element: Element) -> Iterator[str]:
    """What the first of the parts says that says anything: a picture says nothing."""
    yield next((text for each in element if (text := "".join(_within(each))).strip()), "")


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _formula(element: Element) -> str:
    from xml.etree.ElementTree import tostring

    tail, element.tail = element.tail, None
    markup = re.sub(r"(</?)\w+:", r"\1", tostring(element, encoding="unicode"))
    element.tail = tail
    return formula(markup)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]

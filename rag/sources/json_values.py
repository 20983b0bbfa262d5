"""The values of a file of JSON: one a line, the items of an array, or one value over several lines."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TextIO

from rag.model import Rejected
from rag.sources.lines import BLANK, LINE_LIMIT, numbered

DOCUMENT_LIMIT = 50_000_000
"""Characters of a record over several lines, which is read as a whole."""

_CHUNK_CHARS = 1 << 20

# Services give null for what they do not know, perhaps in the first place.
_START = re.compile(r"\ufeff?\s*(?:\{\s*[\"}]|\[\s*(?:null\b\s*,?\s*)*[\[{\]])")
_RECORD_START = re.compile(r"[\ufeff\s]*\{\s*(?:[\"}]|$)")
_ARRAY_START = re.compile(r"\[\s*(?:\{|null\b|\]|$)")
_BETWEEN = re.compile(r"[ \t\r\n,\ufeff]+")
_PAGES = ("results", "data", "items")
_NAME = re.compile(r'"([A-Za-z_][\w-]{0,40})"\s*:')


def looks_like_json(head: str) -> bool:
    """True when the text begins with a record or an array, or when half of its lines begin like a record."""
    if _START.match(head):
        return True
    lines = [line for line in head.split("\n") if line.strip()]
    return 2 * sum(bool(_RECORD_START.match(line)) for line in lines) > len(lines)


def first_record(head: str) -> Mapping[str, object]:
    """The first object in the text, or its names with None for values where it goes on beyond the text.

    An object whose names say that it holds a page of results (`results`, `data`) stands for the first of them.
    """
    start = head.find("{") if looks_like_json(head) else -1
    if start < 0:
        return {}
    try:
        value, _ = json.JSONDecoder().raw_decode(head, start)
    except (ValueError, RecursionError):
        return dict.fromkeys(_NAME.findall(head[start:]))
    message = value.get("message")
    if isinstance(message, dict) and "title" not in value:  # so Crossref wraps one work or a page of them
        value = message
    for name in _PAGES:
        page = value.get(name)
        if isinstance(page, list) and page and isinstance(page[0], dict):
            return page[0]
    return value if isinstance(value, dict) else {}


def first_records(head: str, *, most: int = 50) -> list[Mapping[str, object]]:
    """The first objects of those that the text has one after another, in an array, in lines or in a page of results.

    One that goes on beyond the text is left out, unless it is the first of them: then its names are given alone.
    """
    first = first_record(head)
    if not first:
        return []
    found = [first]
    at = head.find("{")
    with suppress(ValueError, RecursionError):
        value, at = json.JSONDecoder().raw_decode(head, at)
        message = value.get("message")
        for page in (value, message if isinstance(message, dict) else {}):
            items = next((items for name in _PAGES if isinstance(items := page.get(name), list)), [])
            found += [item for item in items[1:most] if isinstance(item, dict)]
        while len(found) < most and (at := _skip(head, at)) < len(head) and head[at] == "{":
            value, at = json.JSONDecoder().raw_decode(head, at)
            found.append(value)
    return found


def values(stream: TextIO, *, loads: Callable[[str], object] = json.loads) -> Iterator[tuple[int, object]]:
    """The values with the lines, from 1, where they begin; for what is no JSON, a `Rejected` in its place.

    JSON lines are read line by line, an array item by item. `loads` may be a faster parser of lines than that of the
    standard library; what it refuses is read again, so that it need not take all that is valid.
    """
    for line, value in _values(stream, loads):
        for record in _rows_of(value):
            yield line, record


def _rows_of(value: object) -> list[object]:
    """The records that an object has by their ids, or in lists by names, and those that pandas wrote by columns,
    {"title": {"0": …}}, or as {"columns": […], "data": [[…]]}; or the value alone.
    """
    if not isinstance(value, dict):
        return [value]
    columns, rows, titles = (value.get(name) for name in ("columns", "data", "title"))
    if isinstance(columns, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        return [dict(zip(map(str, columns), row, strict=False)) for row in rows]
    if isinstance(titles, dict) and titles and all(key.isdecimal() for key in titles):
        return [{name: cells.get(key) for name, cells in value.items() if isinstance(cells, dict)} for key in titles]
    parts = [part for part in value.values() if part is not None]
    records = [each for part in parts for each in (part if isinstance(part, list) else [part])]
    if len(parts) < 2 or not all(isinstance(each, dict) and "title" in each for each in records):
        return [value]
    # Records of one kind have most names in common; a paper and its journal have not.
    of_one_kind = len(set.intersection(*map(set, records))) > 2 if records else False
    return records if of_one_kind else [value]


def _values(stream: TextIO, loads: Callable[[str], object]) -> Iterator[tuple[int, object]]:
    number, blank, text = 0, "", ""
    while not text.strip(BLANK):
        text = stream.readline(LINE_LIMIT + 1)
        if not text:
            return
        number += 1
        blank += "\n"
    if _ARRAY_START.match(text.lstrip(BLANK)):
        yield from _items(blank[1:] + text, stream)
        return
    value = _parse(number, text.strip(BLANK), loads)
    rest = ""
    if isinstance(value, Rejected) and text.lstrip(BLANK).startswith("{"):
        # A record over several lines, or JSON lines of which the first is broken: the file as a whole tells.
        rest = stream.read(DOCUMENT_LIMIT + 1 - len(text))
        record = _parse(1, text.lstrip(BLANK) + rest, loads, limit=DOCUMENT_LIMIT)
        if isinstance(record, dict):
            yield number, record
            return
        if stacked := list(_stacked(text.lstrip(BLANK) + rest)):
            yield from ((number - 1 + line, each) for line, each in stacked)
            return
        rest += stream.readline(LINE_LIMIT) if rest and not rest.endswith("\n") else ""
    yield number, value
    if not text.endswith("\n"):  # it is longer than the limit, or the last
        rest = rest.partition("\n")[2] if rest else _after_line(stream)
    for part in (io.StringIO(rest), stream):
        last = 0
        for last, line in numbered(part):
            if line := line.strip(BLANK):
                yield number + last, _parse(number + last, line, loads)
        number += last


def _stacked(text: str) -> Iterator[tuple[int, object]]:
    """The records that stand one after another over several lines each, as `jq` writes them; none where others do."""
    decoder, position, line, counted = json.JSONDecoder(), 0, 1, 0
    while position < len(text):
        line, counted = line + text.count("\n", counted, position), position
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            if position:
                yield line, Rejected(line, f"broken JSON: {_cause(error)}; the file is left out from here on")
            return
        after = _skip(text, end)
        apart = "\n" not in text[:end] and "\n" in text[end:after]  # lines of JSON, of which the first is broken
        if not position and (apart or text[after : after + 1] != "{"):
            return
        yield line, value
        position = after


def expanded(
    found: Iterable[tuple[int, object]], page: str, *, inside: str | None = None
) -> Iterator[tuple[int, object]]:
    """The values, with the items of their list in the place of an object that has one by the name `page`.

    The object may itself stand in one that has it by the name `inside`.
    """
    for line, value in found:
        if inside is not None and isinstance(value, dict) and isinstance(value.get(inside), dict):
            value = value[inside]
        items = value.get(page) if isinstance(value, dict) else None
        if isinstance(items, list):
            for item in items:
                yield line, item
        else:
            yield line, value


def _after_line(stream: TextIO) -> str:
    """Nothing, once the rest of the line has been passed over."""
    while (text := stream.readline(LINE_LIMIT)) and not text.endswith("\n"):
        pass
    return ""


def _items(text: str, stream: TextIO) -> Iterator[tuple[int, object]]:
    """The items of an array that begins in `text`, with the lines where they begin, one in memory at a time.

    What comes after a broken item cannot be read.
    """
    decoder = json.JSONDecoder()
    position = _skip(text, text.index("[") + 1)
    line, counted, more = 1, 0, True

    def wider() -> None:
        nonlocal text, position, line, counted, more
        line, text, position, counted = line + text.count("\n", counted, position), text[position:], 0, 0
        read = stream.read(max(_CHUNK_CHARS, len(text)))  # doubled, so that a long item is parsed a few times only
        text, more = text + read, bool(read)

    while True:
        position = _skip(text, position)
        if position == len(text) and more:
            wider()
            continue
        line, counted = line + text.count("\n", counted, position), position
        if text.startswith("]", position):
            break
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            if more and isinstance(error, ValueError) and len(text) - position <= LINE_LIMIT:
                wider()
                continue
            yield line, Rejected(line, f"broken JSON: {_cause(error)}; the array is left out from here on")
            return
        if end == len(text) and more:  # a number may go on
            wider()
            continue
        yield line, value
        position = end
    rest = text[position + 1 :]
    while not rest.strip(BLANK) and (rest := stream.read(_CHUNK_CHARS)):
        pass
    if rest.strip(BLANK):
        yield line, Rejected(line, "text after the end of the array; it is left out")


def _skip(text: str, position: int) -> int:
    """The position after white space and commas."""
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _parse(line: int, text: str, loads: Callable[[str], object], *, limit: int = LINE_LIMIT) -> object:
    """The value, or a `Rejected` for a text that is longer than the limit or is no JSON."""
    if len(text) > limit:
        return Rejected(line, f"the line has more than {limit:,} characters, the limit; shorten the record")
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        if text.endswith(","):  # lines of an array without its brackets
            return _parse(line, text[:-1].rstrip(BLANK), loads, limit=limit)
        if loads is not json.loads:
            return _parse(line, text, json.loads, limit=limit)
        begins = text[:40] + ("…" if len(text) > 40 else "")
        return Rejected(line, f"broken JSON: {_cause(error)}; the line begins {begins!r}")


def _cause(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)

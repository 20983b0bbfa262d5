"""Lines and runs of lines with their numbers, none of them longer than a limit."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from rag.model import Rejected

LINE_LIMIT = 10_000_000
"""Characters of a line, which bounds the memory that a line can take."""

RECORD_LIMIT = 1_000_000
"""Characters of a record that stands on several lines."""

BLANK = "\ufeff \t\r\n"
"""What a blank line consists of. Files put together by `cat` have byte order marks in the middle."""


def numbered(stream: TextIO, *, limit: int = LINE_LIMIT) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, from 1; of one beyond the limit its first `limit` + 1 characters."""
    number = 0
    while text := stream.readline(limit + 1):
        number += 1
        if text[-1] != "\n":
            while (rest := stream.readline(limit)) and rest[-1] != "\n":
                pass
        yield number, text


@dataclass(frozen=True)
class Run:
    """Lines that stand together as one record, without their ends, and the number of the first."""

    line: int
    lines: tuple[str, ...]


def runs(
    stream: TextIO,
    *,
    starts: Callable[[str], bool],
    ends: Callable[[str], bool],
    within: Container[str] = (),
    limit: int = RECORD_LIMIT,
) -> Iterator[Run | Rejected]:
    """The records, each from a line that starts one to the line that ends it, to the next start, or to the file's end.

    Lines before the first start and between an end and a start belong to none. A record beyond the limit, in
    characters, is rejected; what follows its next start is read. A line in a record that begins with one of the
    characters `within` is not asked about.
    """
    first, lines, size = 0, [""], 0
    inside = False

    def whole() -> Run | Rejected:
        if size > limit:
            return Rejected(first, f"the record has more than {limit:,} characters, the limit; shorten it")
        return Run(first, tuple(lines))

    for number, text in numbered(stream, limit=limit):
        line = text.rstrip("\n")
        line = line if line.isascii() else line.lstrip("\ufeff")
        border = not inside or line[:1] not in within
        if border and starts(line):
            if inside:
                yield whole()
            first, lines, size, inside = number, [], 0, True
        if not inside:
            continue
        size += len(text)
        if size <= limit:
            lines.append(line)
        if border and ends(line):
            yield whole()
            inside = False
    if inside:
        yield whole()


def uncut(found: Iterable[Run | Rejected], end: str, ends: Callable[[str], bool]) -> Iterator[Run | Rejected]:
    """The records, the last one rejected where it alone lacks the line that `ends` a record: the file is cut off."""
    held: Run | Rejected | None = None
    first = every = True
    for run in found:
        if held is not None:
            yield held
            first, every = False, every and _has(held, ends)
        held = run
    if isinstance(held, Run) and not first and every and not _has(held, ends):
        held = Rejected(held.line, f"the record lacks its end ({end!r}), which all before it have, so that the file is "
                                   "cut off within it; get the file again, or end the record")  # fmt: skip
    if held is not None:
        yield held


def _has(run: Run | Rejected, ends: Callable[[str], bool]) -> bool:
    return isinstance(run, Rejected) or any(map(ends, reversed(run.lines)))


def fields_of(
    lines: Iterable[str], tagged: Callable[[str], tuple[str | None, str]], *, many: Container[str]
) -> dict[str, list[str]]:
    """The values of a record by their tags, those of a tag in the order of the file, up to the tag "ER".

    `tagged` gives the tag of a line, None where it goes on with the one before, and what it says. Of a tag among `many`
    each line is a value; of any other the first counts, with the lines that go on with it.
    """
    fields: dict[str, list[str]] = {}
    last = ""
    for line in lines:
        tag, text = tagged(line)
        if tag is None:
            if last:
                fields[last].append(text)
            continue
        if tag == "ER":
            break
        last = tag
        if tag not in fields:
            fields[tag] = [text]
        elif tag in many:
            fields[tag].append(text)
    return {tag: texts if len(texts) == 1 or tag in many else [" ".join(texts)] for tag, texts in fields.items()}


def parts(run: Run, *, title: Callable[[str], str | None]) -> Iterator[Run]:
    """The records that a run consists of: one whose first line is missing stands after an empty one, and has a title.

    `title` gives the tag of a line that has a title, of which a record has one of each kind.
    """
    if all(map(str.strip, run.lines)):
        yield run
        return
    begun = block = 0
    seen: set[str] = set()
    for at, line in enumerate(run.lines):
        if not line.strip():
            block = at + 1
            continue
        tag = title(line)
        if tag in seen and block > begun:
            yield Run(run.line + begun, run.lines[begun:block])
            begun, seen = block, set()
        if tag:
            seen.add(tag)
    yield Run(run.line + begun, run.lines[begun:])

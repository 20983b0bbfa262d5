"""The blocks of text of a page, with the lines of metadata taken out of them, and what reads as an abstract in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.sources.saved_pages.furniture import begins_abstract, inline_abstract, is_labelled, is_no_title, people_in
from rag.sources.saved_pages.page_dates import PageDate, parse_date


@dataclass(frozen=True)
class Block:
    """A run of lines that stand together on the page, the number of the first, and the page that a title links to."""

    text: str
    line: int = 0
    url: str | None = None
    linked: bool = False
    """True where it links to the page of a paper, though the page does not tell on which site that is."""
    level: int = 0
    """That of a heading, 1 to 6; 0 for what is none."""
    people: str | None = None
    """Those whom the block names, where its neighbours tell that it does."""
    close: bool = False
    """True where it stands right below a line that may as well be the title."""


@dataclass
class Metadata:
    """What a listing says below an abstract; it lives while the page is read."""

    author_count: int
    date: PageDate | None = None
    block: Block | None = None  # the block that brought the date

    def takes(self, line: str, block: Block) -> bool:
        """True when the line goes on with the metadata; it is then part of it."""
        if line == "·":
            return True
        if self.date is None:
            self.date, self.block = parse_date(line.removeprefix("·").strip()), block
            return self.date is not None
        # A number in a block of its own is rather a page number of the foot.
        if self.date.count is None and self.block is block and _COUNT.fullmatch(line):
            self.date = replace(self.date, count=line)
            return True
        return False


_AUTHORS = re.compile(r"(?:[•·*-]\s*)?([0-9]{1,5})\s+authors?(?:\s*·\s*(?P<date>.*))?", re.IGNORECASE)
_COUNT = re.compile(r"[0-9][0-9.,]*k?")
_SENTENCE_END = re.compile(r"[.…。][\"'”’)\]]*$")
SENTENCE_BREAK = re.compile(r"\w\w[\"'”’)\]]*\. +[\"'“‘(\[]?[A-Z]|[。！？].")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_OPEN_END = re.compile(r"(?:[-,:–—]|\b[a-z]{1,4})$")
_LONG_LINE = 160  # no title in a line of its own has so many characters; text that was broken into lines has fewer
_BROKEN_OFF = 40  # a line that was broken because it was full has more characters


def is_prose(text: str) -> bool:
    """True for what reads as an abstract, or as a paragraph of one, and not as a title."""
    line = " ".join(text.split())
    length = len(line)
    # The longest titles have about 250 characters, and few end with a full stop.
    if length >= 300 or (length >= 40 and _SENTENCE_END.search(line)):
        return True
    # An abstract that a listing cut off is told by its case: in a title of that length the longer words have capitals.
    return length >= 140 and (bool(SENTENCE_BREAK.search(line)) or lower_share(line) >= 0.35)


def lower_share(line: str) -> float:
    """The share of the longer words that begin with a small letter: low in a title, high in a sentence."""
    words = _LONG_WORD.findall(line)
    return sum(word[0].islower() for word in words) / len(words) if words else 0.0


def tokens_of(blocks: Iterable[Block]) -> Iterator[Block | Metadata]:
    """The blocks, with the lines of metadata taken out of them and put together, wherever the page broke them up."""
    metadata: Metadata | None = None
    for block in blocks:
        text: list[str] = []
        first = block.line
        for number, line in enumerate(block.text.split("\n"), block.line):
            bare = " ".join(line.split())
            authors = _AUTHORS.fullmatch(bare)
            if authors is None and metadata is not None:
                if metadata.takes(bare, block):
                    continue
                yield metadata
                metadata = None
            if authors is None:
                first = first if text else number
                text.append(line)
                continue
            if text:
                yield from _parts(replace(block, text="\n".join(text), line=first))
                text = []
            if metadata is not None:
                yield metadata
            metadata = Metadata(int(authors[1]), parse_date(authors["date"] or ""), block)
        if text:
            yield from _parts(replace(block, text="\n".join(text), line=first))
    if metadata is not None:
        yield metadata


def _parts(block: Block) -> Iterator[Block]:
    """The lines of a block that say different things, each with those that go on with it: a title, people, an abstract.

    Prose that was broken into lines stays whole.
    """
    lines = block.text.split("\n")
    bare = [line.strip() for line in lines]
    long = [len(line) >= _LONG_LINE for line in bare]
    said = next((at for at, line in enumerate(bare) if begins_abstract(line) or inline_abstract(line)), len(lines))
    wrapped = not any(long)
    prose = wrapped and said in (0, len(lines)) and is_prose(block.text) and sum(map(_is_beside, bare)) < 2
    if len(lines) == 1 or is_labelled(block.text) or prose:
        yield block
        return
    held: list[int] = []
    titled = False  # a line above may be the title
    with_people = any(map(people_in, bare))
    for at, line in enumerate(bare):
        if wrapped and at >= said + begins_abstract(bare[said] if said < len(bare) else ""):
            break  # the rest is the abstract
        goes_on = at > 0 and bool(held) and _goes_on(bare[at - 1], line)
        people = people_in(line, fewest=1 if titled and not goes_on else 2)
        if not (people or long[at] or at == said or _is_beside(line)):
            titled = True
            if held and with_people and not goes_on:
                yield from _run(block, lines, held)
                block, held = replace(block, close=True), []
            held.append(at)
            continue
        yield from _run(block, lines, held)
        held = []
        yield replace(block, text=lines[at], line=block.line + at, people=people)
    else:
        yield from _run(block, lines, held)
        return
    yield from _run(block, lines, held)
    yield from _run(block, lines, range(at, len(lines)))


def _is_beside(line: str) -> bool:
    return is_no_title(line) or is_labelled(line) or people_in(line) is not None


def _goes_on(line: str, following: str) -> bool:
    """True where a title that was broken into lines may go on from the one to the other."""
    return len(line) >= _BROKEN_OFF or following[:1].islower() or bool(_OPEN_END.search(line))


def _run(block: Block, lines: Sequence[str], held: Sequence[int]) -> Iterator[Block]:
    if held:
        yield replace(block, text="\n".join(lines[at] for at in held), line=block.line + held[0])

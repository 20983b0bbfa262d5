"""The rows of a table behind its header, also those whose quotes or line ends are not as the formats have them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TextIO

from rag.model import Rejected
from rag.sources.lines import LINE_LIMIT, numbered
from rag.sources.tables.csv_columns import COLUMNS, LEAD_LINES, NAMES, Header, header_in, plain

Row = tuple[int, list[str]]
"""The line on which a row begins, and its cells."""

_OPEN_QUOTE = re.compile(r'(?:^|\t)"(?:[^"\t]|"")*[\r\n]*$')
_ESCAPED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')
_ODD_BACKSLASH = re.compile(r"(?<!\\)\\(?:\\\\)*(?!\\)")
_BAR = re.compile(r"(?<!\\)\|")
_LINKED = re.compile(r"\s*\[([^\[\]]+)\]\(\S+\)\s*")
_BOLD = re.compile(r"\s*\*\*([^*]+)\*\*\s*")
_LONGEST_NAME = 40
_MOST_LINES = 50  # of a row; a row that is broken is not looked for in all the rest of the file
_MOST_QUOTED_LINES = 500
_TEXTS = ("title", "abstract", "authors", "keywords", "note")
_PLAUSIBLE = {
    "year": re.compile(r"\d{4}(?:\.0)?"), "doi": re.compile(r".*\b10\.\d{4,9}/\S+.*"),
    "url": re.compile(r"\S+[./:]\S+(?:\s.*)?"), "date": re.compile(r".*\d.*"),
}  # fmt: skip
# What programs write below a table: how many rows it has, from where and when it is.
_NOTE = re.compile(
    r"\W*(?:(?:total|sum|count|number of \w+|records|results|query|search|source|date|page|gesamt|summe|anzahl|quelle"
    r"|datum|nombre|fuente|fecha|fonte)\s*[:=].*"
    r"|(?:exported|generated|created|downloaded|retrieved|printed|exportiert|erstellt|exporté|généré|exportado)"
    r"\s+(?:on|at|from|by|via|with|using|am|von|aus|le|de|par|el|por|\d).*|end of \w+|showing \d.*"
    r"|(?:(?:total|gesamt)\W+)?(?:of )?\d[\d,. ]*(?:records?|results?|rows?|papers?|articles?|documents?|references?"
    r"|items?|treffer|einträge|résultats?|resultados?)(?: \w+){0,5}|(?:©|\(c\)|copyright)\s*\d{4}.*)\W*",
    re.IGNORECASE | re.DOTALL,
)


def rows_of(stream: TextIO) -> tuple[Header, Iterator[Row | Rejected]] | None:
    """The header and the rows below it, none of which is blank, the header once more or a note at the table's end."""
    lines = _Lines(stream)
    lead = list(islice(lines, LEAD_LINES))
    found = header_in("".join(lead))
    if found is None:
        return None
    skipped, header = found
    lines.back(lead[skipped + 1 :])
    return header, _without_notes(_rows(lines, header), header.width)


def _rows(lines: _Lines, header: Header) -> Iterator[Row | Rejected]:
    # Strict, so that a quote that is not closed swallows no rows in silence.
    by_marks = csv.reader(lines, delimiter=header.delimiter, strict=True)
    rows: Iterator[list[str]] = by_marks
    places: list[int] = []  # of the cells, where a header of another order came
    names, every = set(header.row), True
    if header.delimiter == "\t":
        rows = _tab_rows(lines, header)
    elif header.delimiter == "|" and not header.row[0].strip():
        rows = ([_of_markdown(cell) for cell in _BAR.split(line.rstrip())] for line in lines if line.strip()[:1] == "|")
    while True:
        begun = lines.number + 1
        lines.begin()
        try:
            row = next(rows, None)
        except csv.Error as error:
            if lines.escape():
                continue
            yield Rejected(begun, f"the row cannot be read: {error}; close its quotes, or shorten its cells")
            lines.again(lambda line: _width(line, header.delimiter) == header.width)
            continue
        if row is None:
            return
        if not any(cell.strip(" :-+=") for cell in row) or tuple(row) == header.row:
            continue
        if row[0] in names and sorted(row) == sorted(header.row):
            places = [row.index(name) for name in header.row]
            continue
        if _names_columns(row):
            seen = ", ".join(row)[:100]
            yield Rejected(begun, f"the row names the columns of another table ({seen!r}), which is left out with all "
                                  "below it; give it a file of its own")  # fmt: skip
            return
        # Too many are a comma in a text without quotes: the text would be cut off there, and nobody told.
        too_many = any(cell.strip() for cell in row[header.width :])
        if too_many and rows is by_marks and lines.escape():
            continue
        if lines.too_long:
            lines.too_long = False
            yield Rejected(begun, f"the line has more than {LINE_LIMIT:,} characters, the limit; shorten it")
        elif too_many:
            yield _odd(begun, row, header.width)
        elif len(row) < header.width and every and lines.cut_off:
            yield Rejected(begun, f"the row has {len(row)} cells, the header {header.width}, and the file ends within "
                                  "it: it is cut off; get it again, or complete the row")  # fmt: skip
        else:
            every = len(row) >= header.width
            row = [row[at] for at in places] if places and every else row
            yield begun, [cell if _ODD_BACKSLASH.search(cell) else cell.replace("\\\\", "\\") for cell in row
                          ] if lines.escaped else row  # fmt: skip


def _of_markdown(cell: str) -> str:
    """The cell without the marks of Markdown: a bar of its own is escaped, a text may be a link or bold."""
    cell = found[1] if (found := _LINKED.fullmatch(cell)) else cell
    return (found[1] if (found := _BOLD.fullmatch(cell)) else cell).replace("\\|", "|")


def _names_columns(row: list[str]) -> bool:
    """True for a header: all of its cells are names of columns, a title or an abstract among them."""
    if not 0 < len(row[0]) < _LONGEST_NAME or plain(row[0]) not in NAMES:
        return False
    names = {plain(cell) for cell in row if cell.strip()}
    return len(names) > 1 and names <= NAMES and not names.isdisjoint((*COLUMNS["title"], *COLUMNS["abstract"]))


def _width(line: str, delimiter: str) -> int:
    """The number of cells of a line by itself, 0 where it is none."""
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _odd(line: int, row: list[str], width: int) -> Rejected:
    return Rejected(line, f"the row has {len(row)} cells, the header {width}; put texts into quotes")


def _without_notes(rows: Iterator[Row | Rejected], width: int) -> Iterator[Row | Rejected]:
    """The rows without those of one cell below all others that say how many there are, or from where."""
    held: list[Row | Rejected] = []
    for row in rows:
        cells = [] if isinstance(row, Rejected) else row[1]
        kept = row if isinstance(row, Rejected) or len(cells) > 1 else _odd(row[0], cells, width)
        if cells and not any(cell.strip() for cell in cells[1:]) and _NOTE.fullmatch(cells[0].strip()):
            held.append(kept)
            continue
        yield from [*held, kept]
        held = []


def _tab_rows(lines: _Lines, header: Header) -> Iterator[list[str]]:
    """The rows of a table with tabs: some quote their cells, others none, not even those of several lines."""
    for line in lines:
        if not line.strip():
            continue
        row = line.rstrip("\r\n").split("\t")
        if len(row) < header.width and _OPEN_QUOTE.search(line) and (whole := _closed(line, lines)):
            yield whole  # a cell of several lines
            continue
        yield [_unquoted(cell) for cell in _whole(row, lines, header)]


def _whole(row: list[str], lines: _Lines, header: Header) -> list[str]:
    """The row with the lines that go on with a text in it; the row alone where they make none of the header's width."""
    names = {at: name for name, at in header.columns.items()}
    taken: list[str] = []
    whole = row
    while (
        len(whole) <= header.width
        and len(taken) < _MOST_LINES
        and names.get(len(whole) - 1, "note") in _TEXTS
        and (line := next(lines, ""))
    ):
        cells = line.rstrip("\r\n").split("\t")
        if len(whole) + len(cells) - 1 > header.width or (len(whole) == header.width and _NOTE.fullmatch(cells[0])):
            lines.back([line])
            break
        taken.append(line)
        whole = [*whole[:-1], f"{whole[-1]}\n{cells[0]}", *cells[1:]]
    said = [bool(_PLAUSIBLE[name].fullmatch(whole[at].strip())) for at, name in names.items()
            if name in _PLAUSIBLE and at < len(whole) and whole[at].strip()]  # fmt: skip
    plausible = all(said) and (said or len(whole) == len(row))
    if taken and (len(whole) != header.width or not plausible):
        lines.back(taken)
        return row
    return [cell.rstrip("\n") for cell in whole]


def _closed(line: str, lines: _Lines) -> list[str]:
    """The row that begins in the line, with the lines up to that where its quotes are closed; none where none does."""
    taken: list[str] = []
    quotes = line.count('"')
    while quotes % 2 and len(taken) < _MOST_QUOTED_LINES and (following := next(lines, "")):
        taken.append(following)
        quotes += following.count('"')
    if quotes % 2 == 0:
        with suppress(csv.Error):
            return next(csv.reader([line, *taken], delimiter="\t"), [])
    lines.back(taken)
    return []


def _unquoted(cell: str) -> str:
    """The cell without the quotes around all of it; quotes inside are then doubled, or they are the text's own."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        inside = _ESCAPED.sub(r'\1""', cell[1:-1])
        if '"' not in inside.replace('""', ""):
            return inside.replace('""', '"')
    return cell


class _Lines:
    """The lines of a stream for the parser, which reads several for one row, and the number of the last."""

    def __init__(self, stream: TextIO) -> None:
        self._lines = numbered(stream)
        self._back: list[str] = []
        self._row: list[str] = []
        self.number = self.rows = 0
        self.too_long = False
        self.escaped = False

    def __iter__(self) -> _Lines:
        return self

    def back(self, lines: list[str]) -> None:
        """Give these lines, which were the last, once more."""
        self._back += lines[::-1]
        self.number -= len(lines)

    @property
    def cut_off(self) -> bool:
        """True where the last line has no end, and is not the first row."""
        return self.rows > 1 and bool(self._row) and not self._row[-1].endswith("\n")

    def begin(self) -> None:
        """A row begins: those of its lines are kept, in case that it has no end."""
        self._row = []
        self.rows += 1

    def again(self, is_row: Callable[[str], bool]) -> None:
        """Give the lines of the row once more but for the first, where the next of them is a row by itself."""
        if len(self._row) > 1 and is_row(self._row[1]):
            self.back(self._row[1:])

    def escape(self) -> bool:
        """True where the row is given once more, its quotes told from those of the table by a backslash before them."""
        if self.escaped or not any(map(_ESCAPED.search, self._row)):
            return False
        self.escaped = True
        self.back(self._row)
        return True

    def __next__(self) -> str:
        if self._back:
            self.number += 1
            text = self._back.pop()
        else:
            self.number, text = next(self._lines)
        self._row.append(text)
        self.too_long = self.too_long or len(text) > LINE_LIMIT
        return _ESCAPED.sub(r'\1""', text) if self.escaped else text

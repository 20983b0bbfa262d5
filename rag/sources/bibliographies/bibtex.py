"""Reader of BibTeX and BibLaTeX, entry by entry, as Zotero, JabRef, publishers and `footnote export` write it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from rag.formats.exact import FIELD, with_exact
from rag.model import Paper, Rejected
from rag.sources.bibliographies.bibtex_mended import NEARLY_AN_ENTRY, left_over, mended
from rag.sources.bibliographies.bibtex_parents import AWAITED, WAITS, Parents, Waiting, named_parents
from rag.sources.bibliographies.bibtex_record import VENUES, record_of
from rag.sources.bibliographies.latex_symbols import JOURNALS
from rag.sources.filter import Request
from rag.sources.lines import Run, runs
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

name = "bibtex"

_START = re.compile(r"\s*@\w*[ \t]*[{(]")
# "@mention{x} is used", a line of an abstract; an entry of a type that nobody knows has fields.
_IN_TEXT = re.compile(r"[ \t]*@(?!(?:comment|preamble|string)\b)\w+\{[^\s,={}()\"]*\}(?!,)", re.IGNORECASE)
_KNOWN = re.compile(
    r"(?im)^\ufeff?[ \t]*@(?:article|book|booklet|conference|inbook|incollection|inproceedings|manual|misc"
    r"|mastersthesis|phdthesis|proceedings|techreport|unpublished|online|software|dataset|thesis|report|preprint|electronic|patent"
    r"|collection|reference|periodical|mvbook|letter|standard|webpage|string|preamble|comment)[ \t]*[{(]"
)
_LEAD_CHARS = 5_000  # some programs write a few lines of their own before the first entry
# Fields for other entries, several entries under one key, and what RevTeX and IEEE's style are told.
_NO_PAPERS = frozenset({"xdata", "set", "control", "ieeetranbstctl"})
_SHOWN = ("title", "author", "year", "url", "doi", "eprint", "abstract")
# An entry of any other type: its name, a key and the field of a title.
_ANY = re.compile(
    r"(?im)^\ufeff?[ \t]*@(?:[a-z]{3,30}|\[[^\[\]{}]{0,200}\])[ \t]*[{(]\s*(?:[^\s,={}\"'()]*\s*,|\w+\s*=)"
)
_STRING = re.compile(r"[A-Za-z][\w:.+/-]{0,60}")
_TITLE = re.compile(r"(?i)\btitle\s*=\s*[{\"]")


def sniff(head: str) -> bool:
    """True when an entry of a known type stands near the beginning, or one of another type that has a title."""
    head = head[:_LEAD_CHARS]
    return bool(_KNOWN.search(head)) or bool((found := _ANY.search(head)) and _TITLE.search(head, found.start()))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The entries in order; one that carries an exact record of ours is that record, as long as it was not edited.

    The key is left out: it is the reader's own, and two bibliographies may give it to two papers.
    """
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would say is in the rejected records
    parents = Parents()
    strings: dict[str, str] = {}
    for item in _entries(stream, parents, strings):
        for waiting in parents.put(item):
            yield _paper(waiting, strings, request.source)
    for waiting in parents.rest():
        yield _paper(waiting, strings, request.source)


def titles_by_key(stream: TextIO) -> dict[str, str]:
    """The titles of the entries by their keys, for a draft that cites by key; entries without a title are left out."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    parents = Parents()
    found: dict[str, str] = {}
    for item in _entries(stream, parents, {}, found):
        parents.put(item)
    return {key: title for key, title in found.items() if title}


def _entries(
    stream: TextIO, parents: Parents, strings: dict[str, str], titles: dict[str, str] | None = None
) -> Iterator[Waiting]:
    """The entries with their fields, and what is wrong with those that cannot be read.

    `strings` and `titles`, those by key if asked for, are filled on the way.
    """
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String

    # The parser itself takes an entry at the beginning of a line for the end of one that is still open.
    for run in runs(stream, starts=_starts, ends=lambda line: False):
        if isinstance(run, Rejected):
            yield Waiting(run)
            continue
        blocks = _blocks(run)
        broken = _broken(blocks)
        for block in blocks:
            line = run.line + max(block.start_line or 0, 0)
            # Of a field that is there twice the first counts.
            entry = block.ignore_error_block if isinstance(block, DuplicateFieldKeyBlock) else block
            if isinstance(entry, Entry):
                fields = _fields(entry, strings)
                parents.add(entry.key, entry.entry_type, fields)
                if titles is not None:
                    fields_ = _resolved({"title": fields.get("title", "")}, strings)
                    titles.setdefault(entry.key, str(record_of(fields_, "")["title"]))
                if broken:
                    yield Waiting(Rejected(line, broken))
                elif entry.entry_type.lower() not in _NO_PAPERS:
                    yield Waiting(None, fields, line, named_parents(fields))
            elif isinstance(block, String):
                strings[block.key.lower()] = _value(block.value, strings)
                parents.add(f"@{block.key}", "xdata", {})
            elif isinstance(block, ParsingFailedBlock):
                reason = " ".join(str(getattr(block.error, "abort_reason", block.error)).split())
                yield Waiting(Rejected(line, f"broken BibTeX: {reason[:200]}; correct the entry"))


def _starts(line: str) -> bool:
    return bool(_START.match(line) or NEARLY_AN_ENTRY.match(line)) and not _in_text(line)


def _in_text(line: str) -> bool:
    return bool(_IN_TEXT.match(line)) and not _KNOWN.match(line)


def _blocks(run: Run) -> list[Block]:
    from bibtexparser.entrypoint import parse_string

    first, *rest = run.lines
    # The parser would take such a line for the beginning of an entry.
    text = first + "".join((" " if _in_text(line) else "\n") + line for line in rest)
    return list(parse_string(mended(text), parse_stack=[]).blocks)


def _broken(blocks: list[Block]) -> str | None:
    """The reason to reject the entry among the blocks of one run when fields of it stand after its end."""
    from bibtexparser.model import ImplicitComment

    for block in blocks[1:]:
        if isinstance(block, ImplicitComment) and (field := left_over(block.comment)):
            return f"broken BibTeX: the entry ends before its field {field[:40]!r}; correct its braces"
    return None


def _fields(entry: Entry, strings: Mapping[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field in entry.fields:
        name = field.key.rpartition("\n")[2] if "%" in field.key else field.key  # behind a comment of TeX
        name = name.lower().strip()
        fields.setdefault(name, _value(str(field.value), strings, waits=name != "month"))
    return fields


def _resolved(fields: Mapping[str, str], strings: Mapping[str, str]) -> dict[str, str]:
    """The fields with the text of the strings that were defined after their use.

    One that is defined nowhere is no name of a journal, however much it looks like one: that goes to the note.
    """
    resolved: dict[str, str] = {}
    for name, value in fields.items():
        if WAITS in value:
            if name in VENUES and (found := AWAITED.fullmatch(value)) and found[1].lower() not in strings:
                value = JOURNALS.get(found[1], "")
                if not value:
                    said = f"{name} = {found[1]}, which no @string of the file defines"
                    resolved["note"] = "; ".join(filter(None, (fields.get("note", ""), said)))
                    continue
            value = AWAITED.sub(lambda found: strings.get(found[1].lower(), found[1]), value)
        resolved.setdefault(name, value)
    return resolved


def _paper(waiting: Waiting, strings: Mapping[str, str], source: str) -> Paper | Rejected:
    if waiting.fields is None:
        assert isinstance(waiting.item, Rejected)
        return waiting.item
    fields = _resolved(waiting.fields, strings)
    record = record_of(fields, source)
    if FIELD in fields:
        record = with_exact(record, fields[FIELD], [fields.get(each, "") for each in _SHOWN])
    return paper_of(record, source=source, line=waiting.line)


def _value(text: str, strings: Mapping[str, str], *, waits: bool = False) -> str:
    """A value without its braces or quotes; what "#" joins is joined, names of strings stand for their text.

    With `waits`, a name that is not known yet is marked, as it may be defined further down.
    """
    return "".join(_part(part.strip(), strings, waits) for part in (_joined(text) if "#" in text else (text,)))


def _joined(text: str) -> Iterator[str]:
    """What stands between the marks of joining, which are those outside of braces and quotes."""
    start = depth = 0
    quoted = False
    for at, character in enumerate(text):
        if character == '"' and not depth:
            quoted = not quoted
        elif character in "{}":
            depth += 1 if character == "{" else -1
        elif character == "#" and not depth and not quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _part(text: str, strings: Mapping[str, str], waits: bool) -> str:
    if len(text) > 1 and text[0] + text[-1] in ("{}", '""'):
        return text[1:-1]
    known = strings.get(text.lower())
    return f"{WAITS}{text}{WAITS}" if known is None and waits and _STRING.fullmatch(text) else known or text

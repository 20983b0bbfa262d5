"""Reader of RIS, record by record, as reference managers, publishers and `footnote export` write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import ascii_letters
from typing import TextIO

from rag.formats.bibtex import DIGEST_NOTE, INFERRED_NOTE
from rag.formats.exact import FIELD, with_exact
from rag.model import Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi, identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.nothing import something
from rag.sources.fields.notices import without_label, without_notice
from rag.sources.fields.people import named
from rag.sources.fields.raw_text import without_brackets
from rag.sources.fields.retractions import in_title
from rag.sources.filter import Request
from rag.sources.lines import Run, fields_of, parts, runs, uncut
from rag.sources.record import paper_of

name = "ris"

_START = re.compile(r"(?:TY|ty|Ty)[ \t\xa0]{1,2}[-–—](?P<tight>\w)?")
_NO_BORDER = frozenset(ascii_letters) - frozenset("TtEe")
_END = re.compile(r"(?:ER|er|Er)[ \t\xa0]{0,2}(?:[-–—]|$)")
_NO_TYPE = re.compile(r"(?m)^(?:TI|T1)  ?- [\s\S]*?^ER  ?-")
_BEGIN = re.compile(
    r"(?m)^\ufeff?[ \t]{0,8}(?:TY|ty|Ty)  ?-[ \t]*\w[\w ,&/-]{0,40}$|^\ufeff?(?:TY|ty|Ty)  ?-[ \t]*$"
    r"|^\ufeff?(?:TY|ty|Ty)[ \t\xa0]{1,2}[-–—][ \t\xa0]?[A-Z]{3,6}\s*$"
)
_TAG = re.compile(r"[ \t]{0,8}([A-Z][A-Z0-9])(?:  ?-(?:[ \t]|$)|  -(?=\w))")
_ODD_TAG = re.compile(r"[ \t\xa0]{0,8}([A-Za-z][A-Za-z0-9])[ \t\xa0]{1,2}[-–—](?:[ \t\xa0]|$)")
_TIGHT_TAG = re.compile(r"[ \t]{0,8}([A-Z][A-Z0-9])[ \t]-(?=\S)")
# Cochrane's names of what RIS calls otherwise.
_OTHER_TAG = re.compile(r"(YR|SO|US|DOI) {1,2}- ")
_IN_RIS = {"YR": "PY", "SO": "JO", "US": "UR", "DOI": "DO"}
_OTHER_TAGS = tuple(f"{tag} " for tag in _IN_RIS)
_IN_TEXT = re.compile(r"\b(?:doi\s*[:=]?|doi\.org/)\s*(10\.\d{4,9}/[^\s;]+)", re.IGNORECASE)
_OF_ARXIV = re.compile(r"\barxiv:\s*\S+", re.IGNORECASE)
_NEXT_URL = re.compile(r"[;\s]\s*(?=https?://)")
_LEAD_CHARS = 5_000
_TITLES, _ABSTRACTS, _AUTHORS = ("TI", "T1", "CT", "BT"), ("AB", "N2"), ("AU", "A1")
_EXTRA = {"venue": ("JO", "JF", "T2", "JA", "BT"), "keywords": ("KW",), "language": ("LA",)}
_MANY = frozenset("AU A1 A2 A3 A4 KW N1 UR L1 L2 AN AB N2".split())

Fields = Mapping[str, list[str]]
"""The values of a record by their tags, those of a tag in the order of the file."""


def sniff(head: str) -> bool:
    """True when a record begins near the beginning, or has a title and an end without a beginning."""
    return bool(_BEGIN.search(head[:_LEAD_CHARS]) or _NO_TYPE.search(head[:_LEAD_CHARS]))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order; one that carries an exact record of ours is that record, as long as it was not edited."""
    borders = _Borders()
    found = runs(stream, starts=borders.starts, ends=borders.ends, within=_NO_BORDER)
    for run in uncut(found, "ER  -", lambda line: bool(_END.match(line.lstrip()))):
        if isinstance(run, Rejected):
            yield run
            continue
        lines = (_mended(line, borders) for line in run.lines)
        lines = (line for line in lines if line[:2] != "ER" or not _END.match(line))
        for one in parts(Run(run.line, tuple(lines)), title=_title):
            fields = fields_of(one.lines, _tagged, many=_MANY)
            record = record_of(fields, request.source)
            exact = next((text for text in fields.get("C8", ()) if text.startswith(f"{FIELD} ")), None)
            if exact is not None:
                record = with_exact(record, exact.removeprefix(f"{FIELD} "), _shown(fields))
            yield paper_of(record, source=request.source, line=one.line)


def _title(line: str) -> str | None:
    return line[:2] if line.startswith(("TI  -", "T1  -")) else None


class _Borders:
    """Where records begin and end: some programs write fields before the type of the record."""

    def __init__(self) -> None:
        self._inside = self._typed = self.small = self.odd = self.tight = False

    def starts(self, line: str) -> bool:
        """True for the type of a record, or for the first of the fields that stand before it."""
        if found := _START.match(line.lstrip()):
            self.small = not found[0].startswith("TY")  # then "er -" in a text of other files ends nothing
            self.tight = bool(found["tight"])
            self.odd = self.small or not line.lstrip(" \t").startswith(("TY  -", "TY -"))
            begins = not self._inside or self._typed
            self._inside = self._typed = True
            return begins
        if self._inside or not _TAG.match(line) or self.ends(line):
            return False
        self._inside, self._typed = True, False
        return True

    def ends(self, line: str) -> bool:
        """True for the end of a record."""
        found = _END.match(line.lstrip())
        if not found or (not self.small and not found[0].startswith("ER")):
            return False
        self._inside = self._typed = False
        return True


def _mended(line: str, borders: _Borders) -> str:
    """The line with its tag as the format has it: in capitals, set apart by two blanks, a hyphen and a blank."""
    if line[2:6] == "  - " and line[:2].isupper() and line[:2] not in _IN_RIS:
        return line  # as most
    if borders.odd or "\xa0" in line[:8]:
        line = _ODD_TAG.sub(lambda tag: f"{tag[1].upper()}  - ", line, count=1)
    if borders.tight:
        line = _TIGHT_TAG.sub(r"\1  - ", line, count=1)
    if line.startswith(_OTHER_TAGS):
        return _OTHER_TAG.sub(lambda tag: f"{_IN_RIS[tag[1]]}  - ", line, count=1)
    return _TAG.sub(r"\1  - ", line, count=1)


def _tagged(line: str) -> tuple[str | None, str]:
    """The tag, None where the line goes on with the one before, and what it says."""
    tag = line[:2]
    if line[2:5] != "  -" or not tag.isupper() or not line[0].isalpha():
        return None, line.strip()
    return tag, (without_label(line[6:]) if tag in _ABSTRACTS else line[6:]).strip()


def _shown(fields: Fields) -> list[str]:
    def first(tag: str) -> str:
        return next(iter(fields.get(tag, ())), "")

    authors = ";".join(fields.get("AU", ()))
    return [first("TI"), authors, first("PY"), first("UR"), first("DO"), " ".join(fields.get("AB", ()))]


def record_of(fields: Fields, source: str) -> dict[str, object]:
    """The record of a paper whose fields these are; `source` is where they are from."""

    def first(*tags: str) -> str:
        return next((value for tag in tags for value in fields.get(tag, ()) if something(value).strip()), "")

    title = next((value for tag in _TITLES for value in fields.get(tag, ()) if value.strip()), "")
    title = without_brackets(without_markup(title))
    abstract = max((without_notice(map(without_markup, fields.get(tag, ()))) for tag in _ABSTRACTS), key=len)
    if abstract.startswith("- "):
        abstract = re.sub(r"^- (?=[A-Z])", "", abstract)  # of Cochrane, before the first heading
    urls = [url.strip() for value in fields.get("UR", ()) for url in _NEXT_URL.split(value)]
    # EBSCO writes HTML into its notes, in which the DOI may stand as well.
    notes = [note for text in fields.get("N1", ()) if (note := _on_a_line(text))]
    numbers = [*urls, *fields.get("AN", ()), first("M1"), *_OF_ARXIV.findall(" ".join(notes)[:1000])]
    of_arxiv = next((found for text in numbers if "arxiv" in text.lower() and (found := arxiv_id_of(text))), None)
    url = next((url for url in urls if url), "")
    given = _doi({**fields, "N1": notes}, first("DO"), urls)
    doi, arxiv_id = identifiers(doi=given, arxiv_id=of_arxiv, url=url)
    remarks = [note for note in notes if note not in (DIGEST_NOTE, INFERRED_NOTE)]
    extra = {ours: "; ".join(fields[tag]) for ours, tags in _EXTRA.items() for tag in reversed(tags) if tag in fields}
    extra = {ours: _on_a_line(text) for ours, text in extra.items() if something(text)}
    people, more = named(name for tag in _AUTHORS for name in fields.get(tag, ()) if name.strip(" ,"))
    said = in_title(title)
    return {
        "title": title,
        "abstract": abstract,
        "abstract_kind": "digest" if DIGEST_NOTE in notes else None,
        "url": url,
        **_when(fields),
        "authors": people,
        "doi": doi or (None if arxiv_id else first("DO") or None),
        "arxiv_id": arxiv_id,
        "retraction": f"{source}: {said}" if said else None,
        "extra": extra | more | ({"note": "; ".join(remarks)} if remarks else {}),
    }


def _on_a_line(text: str) -> str:
    return " ".join(without_markup(text).split())


def _doi(fields: Fields, given: str, urls: list[str]) -> str:
    """The DOI, from wherever the programs of databases put it: its own tag, a link, a number, a note."""
    if not given:
        for tag in ("L3", "M3", "N1", "C7", "ID", "AN", "M1", "L2", "UR"):
            for text in urls if tag == "UR" else fields.get(tag, ()):
                if found := _IN_TEXT.search(text[:1000]) if tag == "N1" else None:
                    text = found[1]
                if "[" in text:
                    text = re.sub(r"\s*\[doi\]\s*$", "", text, flags=re.IGNORECASE)  # Ovid, as MEDLINE has it
                if bare_doi(text):
                    return text
    return given


def _when(fields: Fields) -> dict[str, object]:
    """The most exact date of those in the tags that say when; month and day may stand apart from the year."""
    first = {tag: next(iter(fields.get(tag, ())), "") for tag in ("DA", "PY", "Y1")}
    year = next((text[:4] for tag in ("PY", "Y1") if re.match(r"\d{4}", text := first[tag])), "")
    if year and re.match(r"[A-Za-z]{3}", first["DA"]) and not re.search(r"\d{4}", first["DA"]):
        return dated(f"{first['DA']} {year}")
    for value in fields.get("C1", ()):
        if year and year in value and value.startswith("Full publication date:"):  # of JSTOR
            return dated(value.partition(":")[2].replace(".,", ","))
    found: list[dict[str, object]] = []
    for value in filter(None, first.values()):
        found.append(dated(value))
        if found[-1].get("published") and not found[-1].get("published_inferred"):
            return found[-1]
    return min(found, key=lambda fields: (not fields.get("published"), bool(fields.get("published_inferred")),
                                          -len(str(fields.get("date", "")))), default={})  # fmt: skip

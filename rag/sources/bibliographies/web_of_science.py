"""Reader of the plain text that Web of Science writes; its tables are read by `csv_table`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import named
from rag.sources.fields.retractions import in_title, marked
from rag.sources.filter import Request
from rag.sources.lines import fields_of, parts, runs, uncut
from rag.sources.record import paper_of

name = "web-of-science"

_BEGIN = re.compile(
    r"\ufeff?\s*(?:FN .*(?:Clarivate|ISI|Thomson|Web of)|(?:VR [\d.]+\s+)?PT [A-Z]\s*\n(?:AU|AF|BA|CA|GP|TI) )",
    re.IGNORECASE,
)
_MANY = frozenset("AU AF CA TI AB SO DE".split())
_ALL = frozenset(
    """
    FN VR PT AU AF BA BF CA GP BE TI SO SE BS LA DT CT CY CL SP HO DE ID AB C1 C3 RP EM RI OI FU FX CR NR TC Z9 U1 U2 PU
    PI PA SN EI BN J9 JI PD PY VL IS PN SU SI MA BP EP AR DI D2 DL EA EY PG WC WE SC GA PM UT OA HC HP DA ER EF X1 Y1 Z1
    Z8 ZB ZR ZS ZA UR
    """.split()
)


def sniff(head: str) -> bool:
    """True when the first line names Web of Science as the one that wrote the file, or a record begins with it."""
    return bool(_BEGIN.match(head[:500]))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order."""
    inside = False

    def starts(line: str) -> bool:
        """True for the type of a record, or for its first field where the type is missing."""
        nonlocal inside
        tag = _tag(line)
        first = tag == "PT" or (not inside and tag not in ("", "FN", "VR", "EF", "ER"))
        inside = (inside or first) and tag != "ER"
        return first

    for run in uncut(runs(stream, starts=starts, ends=_ends), "ER", _ends):
        if isinstance(run, Rejected):
            yield run
            continue
        for one in parts(run, title=lambda line: "TI" if _tag(line) == "TI" else None):
            fields = fields_of(filter(str.strip, one.lines), _tagged, many=_MANY)
            yield paper_of(_record(fields), source=request.source, line=one.line)


def _ends(line: str) -> bool:
    return _tag(line) == "ER"


def _tag(line: str) -> str:
    return line[:2] if line[:2] in _ALL and line[2:3] in ("", " ") else ""


def _tagged(line: str) -> tuple[str | None, str]:
    """The tag, or None where the line goes on, perhaps without the blanks before it, and what the line says."""
    return (tag, line[3:].strip()) if (tag := _tag(line)) else (None, line.strip())


def _record(fields: Mapping[str, list[str]]) -> dict[str, object]:
    def said(tag: str) -> str:
        return " ".join(fields.get(tag, ())).strip()

    title, year = without_markup(said("TI")), said("PY")
    people, more = named([*(fields.get("AF") or fields.get("AU", [])), *fields.get("CA", ())])
    doi, arxiv_id = identifiers(doi=said("DI"))
    day = dated(f"{said('PD')} {year}" if year else said("EA"))
    extra = {"venue": said("SO"), "keywords": said("DE"), "language": said("LA"), "pmid": said("PM"), "wos": said("UT")}
    mark = in_title(title)
    return {
        "title": title,
        "abstract": without_notice([without_markup(said("AB"))]),
        "url": f"https://doi.org/{doi}" if doi else None,
        **day,
        "authors": people,
        "doi": doi,
        "arxiv_id": arxiv_id,
        "retraction": marked("Web of Science")
        if "retracted publication" in said("DT").lower()
        else (f"Web of Science: {mark}" if mark else None),
        "extra": {ours: text for ours, text in extra.items() if text} | more,
    }

"""Reader of MEDLINE text (`.nbib`), as PubMed and Zotero write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import bare_doi, identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.nothing import something, titled
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import named
from rag.sources.fields.raw_text import without_brackets
from rag.sources.fields.retractions import in_title, marked
from rag.sources.filter import Request
from rag.sources.lines import fields_of, parts, runs, uncut
from rag.sources.record import paper_of

name = "medline"

_START = re.compile(r"PMID- ?(?:\w|\s*$)")
_OTHER_START = re.compile(r"OWN ?- ")  # of a record of ERIC, which has no number of PubMed
_BEGIN = re.compile(r"(?m)^\ufeff?PMID- ?(?:\d|E[DJ]\d|NBK\d)|^\ufeff?OWN ?- ERIC\b")
_LEAD_CHARS = 5_000
_ADDRESS = "https://pubmed.ncbi.nlm.nih.gov/"
_MANY = frozenset("FAU AU CN AID LID PT RIN ROF OT LA".split())

Fields = Mapping[str, list[str]]
"""The values of a record by their tags, those of a tag in the order of the file."""


def sniff(head: str) -> bool:
    """True when a record begins near the beginning."""
    return bool(_BEGIN.search(head[:_LEAD_CHARS]))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order. A notice of retraction is a paper of its own, and is not itself marked as retracted."""
    blank = True

    def starts(line: str) -> bool:
        nonlocal blank
        after_blank, blank = blank, not line.strip()
        return bool(_START.match(line)) or (after_blank and bool(_OTHER_START.match(line)))

    # PubMed ends a record with the source, and so does nobody else.
    for run in uncut(runs(stream, starts=starts, ends=lambda line: False), "SO", lambda line: line.startswith("SO  -")):
        if isinstance(run, Rejected):
            yield run
            continue
        for one in parts(run, title=lambda line: "TI" if line.startswith("TI  -") else None):
            fields = fields_of(filter(str.strip, one.lines), _tagged, many=_MANY)
            yield paper_of(_record(fields), source=request.source, line=one.line)


def _tagged(line: str) -> tuple[str | None, str]:
    """The tag, of up to four places before a hyphen, or None where the line goes on, and what the line says."""
    tag = line[:4].strip()
    at = 4 + (line[4:7] == " - " and len(tag) == 4)  # "ISSN - " of ERIC
    return (tag, line[at + 2 :].strip()) if line[at : at + 1] == "-" and tag.isupper() else (None, line.strip())


def _record(fields: Fields) -> dict[str, object]:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in fields.get(tag, ()) if something(value).strip()), "")

    pmid = first("PMID").split()[0] if first("PMID").split() else ""
    title = without_brackets(without_markup(next(filter(titled, map(first, ("TI", "BTI", "TT"))), "")))
    people, more = named([*(fields.get("FAU") or map(_of_initials, fields.get("AU", []))), *fields.get("CN", ())])
    given = (value.partition(" [doi]")[0] for tag in ("AID", "LID") for value in fields.get(tag, ()))
    doi, arxiv_id = identifiers(doi=next(filter(bare_doi, given), None))
    said = in_title(title)
    retracted = "Retracted Publication" in fields.get("PT", ()) or "RIN" in fields
    extra = {
        "pmid": pmid if pmid.isdigit() else "",
        "venue": first("JT", "TA"),
        "keywords": "; ".join(fields.get("OT", ())),
        "language": first("LA"),
        "retraction_of": first("ROF"),
    }
    published = dated(first("DP"))
    if published.get("published_inferred") and re.match(r"\d{8}", first("DEP")):
        published = dated(first("DEP")[:8])
    return {
        "title": title,
        "abstract": without_notice([without_markup(first("AB"))]),
        "url": f"{_ADDRESS}{pmid}/" if pmid.isdigit() else None,
        **published,
        "authors": people,
        "doi": doi,
        "arxiv_id": arxiv_id,
        "retraction": marked("PubMed", first("RIN")) if retracted else (f"PubMed: {said}" if said else None),
        "extra": {ours: text for ours, text in extra.items() if text} | more,
    }


def _of_initials(name: str) -> str:
    """ "Owl AB" as "Owl, AB": there a name ends with its initials."""
    found = re.fullmatch(r"([^,]+) ([A-Z]{1,3})", name)
    return f"{found[1]}, {found[2]}" if found else name

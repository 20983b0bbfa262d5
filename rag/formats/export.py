"""A library as a file: JSON lines, BibTeX, RIS or CSL-JSON, for other programs and to be ingested again.

Each entry but those of JSON lines carries its exact record beside what the format shows (`exact`), so that what is
ingested from an export is the library that was exported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from rag.errors import SettingsError
from rag.formats import exact
from rag.formats.bibtex import entry, notes, tex
from rag.formats.contract import paper_line
from rag.formats.csl_item import csl_item, name_parts, one_line, plain_url
from rag.model import Paper

Format = Literal["jsonl", "bibtex", "ris", "csl-json"]

FORMATS: dict[Format, tuple[str, ...]] = {
    "jsonl": (".jsonl", ".ndjson"),
    "bibtex": (".bib", ".bibtex"),
    "ris": (".ris",),
    "csl-json": (".json",),
}
"""The formats, each with the endings of the files that are written in it when no format is named."""


def format_of(path: str, named: str | None = None) -> Format:
    """The format that is named, or else that of the file's ending; of standard output, "-", JSON lines.

    Raises:
        SettingsError: there is none of that name, or none has that ending.
    """
    known = ", ".join(FORMATS)
    for name, endings in FORMATS.items():
        if named == name or (
            named is None and (Path(path).suffix.lower() in endings or (path, name) == ("-", "jsonl"))
        ):
            return name
    if named is not None:
        raise SettingsError(f"{named!r} is no format; there are {known}.")
    raise SettingsError(f"{path!r} has the ending {Path(path).suffix!r}, which names no format; give one of {known}.")


def exported(papers: Iterable[Paper], form: Format) -> Iterator[str]:
    """The text of the export, in pieces of an entry each: the same papers give the same text."""
    match form:
        case "jsonl":
            return (paper_line(paper) + "\n" for paper in papers)
        case "bibtex":
            taken: set[str] = set()
            return _between(papers, lambda paper: _bibtex(paper, taken), between="\n")
        case "ris":
            return _between(papers, ris_entry, between="\n")
        case "csl-json":
            return _between(papers, _csl, before="[\n", between=",\n", after="\n]\n")


def _between(
    papers: Iterable[Paper], written: Callable[[Paper], str], *, before: str = "", between: str, after: str = ""
) -> Iterator[str]:
    lead = before
    for paper in papers:
        yield lead + written(paper)
        lead = between
    yield after if lead is between else before.rstrip("\n") + after


def _bibtex(paper: Paper, taken: set[str]) -> str:
    names = ("title", "author", "year", "url", "doi", "eprint")

    def more(fields: dict[str, str]) -> dict[str, str]:
        abstract = "{" + tex(one_line(paper.abstract)) + "}" if paper.abstract else ""
        seen = [*(fields.get(name, "") for name in names), abstract]
        return ({"abstract": abstract} if abstract else {}) | {exact.FIELD: "{" + exact.packed(paper, seen) + "}"}

    return entry(paper, taken, more=more)


def ris_entry(paper: Paper, *, exactly: bool = True) -> str:
    """One entry of RIS; `exactly` says whether it carries the abstract and the exact record."""
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        def set_header(self, count: int) -> str:
            return ""  # in place of the number of the entry

    day, url = paper.published, plain_url(paper)
    seen: dict[str, str | list[str]] = {
        "title": one_line(paper.title),
        "authors": [", ".join(filter(None, name_parts(name))) for name in paper.authors],
        "year": f"{day.year:04}" if day else "",
        "urls": [url.replace(";", "%3B")] if url else [],  # readers take a semicolon for the border of two
        "doi": paper.doi or "",
        "abstract": one_line(paper.abstract) if exactly else "",
    }
    fields: dict[str, str | list[str]] = {"type_of_reference": "GEN", **seen}
    if day:
        fields["date"] = f"{day.year:04}/{day.month:02}/{day.day:02}"
    if paper.arxiv_id:
        fields["accession_number"] = f"arXiv:{paper.arxiv_id}"
    fields["notes"] = [one_line(note) for note in notes(paper)]
    values = [value if isinstance(value, str) else ";".join(value) for value in seen.values()]
    if exactly:
        fields["custom8"] = f"{exact.FIELD} {exact.packed(paper, values)}"
    writer = Writer(delimiter_tags_mapping={})
    return str(writer.formats([{name: value for name, value in fields.items() if value}]))


def _csl(paper: Paper) -> str:
    item = csl_item(paper, paper.id)
    names = [name_parts(name) for name in paper.authors]
    abstract = one_line(paper.abstract)
    year = str(paper.published.year) if paper.published else ""
    people = ";".join(f"{family} {given}" for family, given, _ in names)
    seen = [item.get("title", ""), people, year, item.get("URL", ""), paper.doi or "", abstract]
    item |= {
        "note": "; ".join(map(one_line, notes(paper))),
        "abstract": abstract,
        "custom": {exact.FIELD: exact.packed(paper, seen)},
    }
    return json.dumps({name: value for name, value in item.items() if value}, ensure_ascii=False)

"""Reader of the text that PubMed saves as "Abstract (text)": numbered articles in paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.fields.beside import says_more
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import MORE, listed
from rag.sources.fields.raw_text import without_brackets
from rag.sources.fields.retractions import in_title
from rag.sources.filter import Request
from rag.sources.lines import Run, runs
from rag.sources.record import paper_of

name = "pubmed-text"

_START = re.compile(r"\d{1,6}\. [^\s].*\b(?:1[89]|20)\d\d\b")
_ID = re.compile(r"(?m)^PMID: (\d+)\b")
_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)
_DATE = re.compile(r"\. ((?:1[89]|20)\d\d(?: [A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?: \d{1,2})?)?)\b")
# Paragraphs that are neither title nor authors nor abstract.
_BESIDE = re.compile(
    r"(?:author information|collaborators?|comment (?:in|on)|erratum (?:in|for)|update (?:in|of)|retraction (?:in"
    r"|of)|republished"
    r"|expression of concern|conflict of interest|doi|pmid|pmcid|copyright|©|published by|\[article in|keywords?"
    r"|trial registration"
    r"|plain language summary|\(c\))\b|©",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\([^()]{1,3}\)")  # of affiliations, behind a name
_ADDRESS = "https://pubmed.ncbi.nlm.nih.gov/"


def sniff(head: str) -> bool:
    """True when the text begins with a numbered article and has a number of PubMed."""
    lines = head.lstrip("\ufeff \r\n")[:5_000]
    return bool(_START.match(lines[:600].replace("\n", " "))) and bool(_ID.search(head)) and lines[:2] == "1."


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The articles in order."""
    blank = 2

    def starts(line: str) -> bool:
        nonlocal blank
        after, blank = blank, 0 if line.strip() else blank + 1
        return after > 1 and bool(re.match(r"\d{1,6}\. \S", line))

    for run in runs(stream, starts=starts, ends=lambda line: False):
        if isinstance(run, Rejected):
            yield run
        else:
            yield paper_of(_record(run, request.source), source=request.source, line=run.line)


def _record(run: Run, source: str) -> dict[str, object]:
    text = "\n".join(run.lines)
    cited, *paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    title = without_brackets(paragraphs[0].removesuffix(".")) if paragraphs else ""
    abstract = [part for part in paragraphs[1:] if not _BESIDE.match(part)]
    people = _MARKS.sub("", abstract.pop(0)).rstrip(".") if abstract and _are_people(abstract[0]) else ""
    pmid = found[1] if (found := _ID.search(text)) else ""
    given = _DOI.search(text)
    doi, arxiv_id = identifiers(doi=given[1].rstrip(".") if given else None)
    day = _DATE.search(cited)
    names = [_spoken(name) for name in listed(people.replace(";", ","))]
    said = in_title(title)
    venue = re.sub(r"^\d+\. ", "", cited).partition(". ")[0]
    return {
        "title": title,
        "abstract": "\n\n".join(filter(None, (without_notice([part]) for part in abstract))),
        "url": f"{_ADDRESS}{pmid}/" if pmid else None,
        **(dated(day[1]) if day else {}),
        "authors": names,
        "doi": doi,
        "arxiv_id": arxiv_id,
        "retraction": f"{source}: {said}" if said else None,
        "extra": {ours: value for ours, value in (("pmid", pmid), ("venue", venue)) if value}
        | ({MORE: "et al."} if names and says_more(people) else {}),
    }


def _spoken(name: str) -> str:
    found = re.fullmatch(r"(.*[a-zß-ÿ].*) ([A-Z]{1,4})", name)
    return f"{found[2]} {found[1]}" if found else name


def _are_people(text: str) -> bool:
    """True for a line such as "Owl A(1), Fox BC(2)(3); Pond Group."."""
    names = [name for name in re.split(r"[,;]", _MARKS.sub("", text).rstrip(".")) if name.strip()]
    alike = sum(
        bool(re.fullmatch(r"\s*[^\W\d][\w'’ -]{0,40} [A-Z]{1,4}(?: (?:Jr|Sr|2nd|3rd))?\.?\s*", name)) for name in names
    )
    return bool(names) and 2 * alike > len(names)

"""Reader of arXiv's pages and mails saved as text: a list of papers, results of a search, or the page of one paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import joined, withdrawal
from rag.sources.fields.beside import says_more
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi, identifiers
from rag.sources.fields.people import MORE, listed
from rag.sources.filter import Request
from rag.sources.lines import runs
from rag.sources.record import paper_of

name = "arxiv-text"

_LEAD_CHARS = 5_000
_START = re.compile(r"(?:\[\d{1,5}\]\s*)?arXiv:(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7})\b")
_SUBMITTED = re.compile(r"\[Submitted on \d")
_BEGIN = re.compile(rf"(?m)^\ufeff?(?:{_START.pattern}|{_SUBMITTED.pattern})")
_LABEL = re.compile(
    r"(Title|Authors?|Abstract|Comments|Subjects|Categories|Date|Journal[ -]ref(?:erence)?|DOI|Cite as|Related DOI"
    r"|Report-no|MSC-class|ACM-class|License|Report number|MSC [Cc]lasses?|ACM [Cc]lasses?|Proxy)\s*:\s*"
)
# The day of the first version, where a later one is told as well.
_DAYS = tuple(re.compile(rf"{said} (\d{{1,2}} \w+,? \d{{4}})") for said in ("v1 submitted", "Submitted(?: on)?"))
_BUTTON = re.compile(
    r"(?:View|Download) (?:a )?(?:PDF|HTML).*|(?:PDF|HTML|TeX Source|Other Formats)(?: \(.*\))?|.*\(or arXiv:.*"
    r"|https?://\S+|Focus to .*|(?:Submitted|\[Submitted on) \d.*|From: .*|\[v\d+\] .*|\d+\."
    r"|arXiv-issued DOI .*|\(replaced\b.*|-{5,}"
)
_BUTTONS = re.compile(r"\[?(?:pdf|ps|html|other)\]?(?:[ ,|\[\]]+(?:pdf|ps|html|other)\]?)*")
_CATEGORIES = re.compile(
    r"(?:(?:astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|nlin|nucl-(?:ex|th)|physics|q-bio"
    r"|q-fin|quant-ph|stat)(?:\.[A-Za-z]{2}|\.[a-z]{2,4}-[a-z]{2,4})?(?:[\s,;]+|$))+"
)
_DOI_LINE = re.compile(r"(?i:doi)\b[\s:]*(.*)")
_END = re.compile(r"Submission history|Access Paper|References & Citations|Bibliographic (?:and Citation )?Tools")
# What the page shows of an abstract first stands before the whole of it.
_BEGINNING = re.compile(r"\A.*?(?:…|\.\.\.)\s*[▽▿]\s*More\b\s*(?=\S)", re.DOTALL)
_MORE_LESS = re.compile(r"\s*[△▽▵▿]\s*(?:Less|More)\s*$")


def sniff(head: str) -> bool:
    """True when a line begins with an id of arXiv or the day of a submission, and others have labels of arXiv's."""
    head = head[:_LEAD_CHARS]
    labels = {label[1] for label in re.finditer(rf"(?m)^{_LABEL.pattern}", head)}
    return bool(_BEGIN.search(head)) and len(labels & {"Title", "Authors", "Author", "Abstract", "Subjects"}) > 1


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The papers in order. A line without a label is the title, then the people, then the abstract, as is missing."""
    titled = True

    def starts(line: str) -> bool:
        nonlocal titled
        begins = bool(_START.match(line)) or (titled and bool(_SUBMITTED.match(line)))
        titled = line.startswith("Title") or (titled and not begins)
        return begins

    for run in runs(stream, starts=starts, ends=lambda line: False):
        if isinstance(run, Rejected):
            yield run
        else:
            yield paper_of(_record(run.lines, request.source), source=request.source, line=run.line)


def _record(lines: tuple[str, ...], source: str) -> dict[str, object]:
    fields = _fields(lines)
    text = " ".join(lines)
    head = _START.match(lines[0])
    number = head[1] if head else arxiv_id_of(fields.get("Cite as", "").partition("[")[0].strip())
    day = next(filter(None, (day.search(text) for day in _DAYS)), None)
    people = fields.get("Authors", "")
    names = listed(people)
    abstract = _MORE_LESS.sub("", _BEGINNING.sub("", joined(fields.get("Abstract", ""))))
    doi, arxiv_id = identifiers(doi=fields.get("DOI") or fields.get("Related DOI"), arxiv_id=number)
    extra = {"comments": fields.get("Comments", ""), "categories": fields.get("Categories", "")}
    return {
        "title": fields.get("Title", ""),
        "abstract": abstract,
        "url": f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        **dated(day[1] if day else fields.get("Date", "").partition("(")[0]),
        "authors": names,
        "doi": doi,
        "arxiv_id": arxiv_id,
        "retraction": withdrawal(fields.get("Comments"), abstract),
        "extra": {ours: said for ours, said in extra.items() if said}
        | ({MORE: "et al."} if names and says_more(people) else {}),
    }


def _fields(lines: tuple[str, ...]) -> dict[str, str]:
    """The texts by their labels, "Title", "Authors" and "Abstract" also where the page leaves these out."""
    fields: dict[str, str] = {}
    last = ""
    for line in lines[1:]:
        bare = " ".join(line.split())
        if _END.match(bare) or (bare.startswith("\\\\") and "Abstract" in fields):
            break
        if bare.startswith("\\\\"):  # a mail has such lines around what has labels
            last = "Abstract"
            continue
        if found := _LABEL.match(bare):
            last = {"Author": "Authors"}.get(found[1], found[1])
            fields[last] = bare[found.end() :]
        elif not bare or _BUTTON.fullmatch(bare) or _BUTTONS.fullmatch(bare):
            continue
        elif "Title" not in fields and (named := _beside_title(bare)) is not None:
            fields |= named
        elif (line[:1].isspace() and last) or last == "Abstract":
            fields[last] = f"{fields.get(last, '')} {bare}".strip()
        else:
            last = next((label for label in ("Title", "Authors", "Abstract") if label not in fields), last)
            fields[last] = f"{fields.get(last, '')} {bare}".strip()
    return fields


def _beside_title(line: str) -> dict[str, str] | None:
    """What a line above the title says that is none: categories, the word "doi" or a DOI. None for a title."""
    if _CATEGORIES.fullmatch(line):
        return {"Categories": line}
    number = found[1] if (found := _DOI_LINE.fullmatch(line)) else line
    if bare_doi(number):
        return {"DOI": number}
    return None if number else {}

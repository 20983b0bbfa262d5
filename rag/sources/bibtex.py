"""Reader of BibTeX and BibLaTeX, entry by entry, as Zotero, JabRef, publishers and `footnote export` write it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from rag.bibliography import DIGEST_NOTE, INFERRED_NOTE
from rag.exact import FIELD, with_exact
from rag.model import Paper, Rejected
from rag.sources.fields import without_markup
from rag.sources.filter import Request
from rag.sources.identifiers import arxiv_id_of, identifiers
from rag.sources.latex import address, printed
from rag.sources.lines import runs
from rag.sources.people import spoken
from rag.sources.record import paper_of
from rag.sources.retractions import in_title
from rag.sources.when import dated, month_of, on

if TYPE_CHECKING:
    from bibtexparser.model import Entry

name = "bibtex"

_START = re.compile(r"\s*@\w*[ \t]*[{(]")
_KNOWN = re.compile(
    r"(?im)^\ufeff?[ \t]*@(?:article|book|booklet|conference|inbook|incollection|inproceedings|manual|misc"
    r"|mastersthesis|phdthesis|proceedings|techreport|unpublished|online|software|dataset|thesis|report|preprint|electronic|patent"
    r"|collection|reference|periodical|mvbook|letter|standard|webpage|string|preamble|comment)[ \t]*[{(]"
)
_LEAD_CHARS = 5_000  # some programs write a few lines of their own before the first entry
_SHOWN = ("title", "author", "year", "url", "doi", "eprint", "abstract")
_EXTRA = {
    "venue": ("journal", "journaltitle", "booktitle", "school", "institution", "publisher"),
    "keywords": ("keywords", "keyword"),
    "categories": ("primaryclass", "eprintclass"),
    "language": ("langid", "language"),
}


def sniff(head: str) -> bool:
    """True when an entry of a known type stands near the beginning."""
    return bool(_KNOWN.search(head[:_LEAD_CHARS]))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The entries in order; one that carries an exact record of ours is that record, as long as it was not edited.

    The key is left out: it is the reader's own, and two bibliographies may give it to two papers.
    """
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would say is in the rejected records
    strings: dict[str, str] = {}
    # The parser itself takes an entry at the beginning of a line for the end of one that is still open.
    for run in runs(stream, starts=lambda line: bool(_START.match(line)), ends=lambda line: False):
        if isinstance(run, Rejected):
            yield run
            continue
        for block in parse_string("\n".join(run.lines), parse_stack=[]).blocks:
            line = run.line + max(block.start_line or 0, 0)
            # Of a field that is there twice the first counts.
            entry = block.ignore_error_block if isinstance(block, DuplicateFieldKeyBlock) else block
            if isinstance(entry, Entry):
                yield _paper(entry, strings, request.source, line=line)
            elif isinstance(block, String):
                strings[block.key.lower()] = _value(block.value, strings)
            elif isinstance(block, ParsingFailedBlock):
                reason = " ".join(str(getattr(block.error, "abort_reason", block.error)).split())
                yield Rejected(line, f"broken BibTeX: {reason[:200]}; correct the entry")


def _paper(entry: Entry, strings: Mapping[str, str], source: str, *, line: int) -> Paper | Rejected:
    fields: dict[str, str] = {}
    for field in entry.fields:
        fields.setdefault(field.key.lower(), _value(str(field.value), strings))
    record = _record(fields, source)
    if FIELD in fields:
        record = with_exact(record, fields[FIELD], [fields.get(each, "") for each in _SHOWN])
    return paper_of(record, source=source, line=line)


def _record(fields: Mapping[str, str], source: str) -> dict[str, object]:
    title = without_markup(printed(fields.get("title", "")))
    if subtitle := printed(fields.get("subtitle", "")):
        title = f"{title}: {subtitle}"
    url = address(fields.get("url", "") or fields.get("howpublished", ""))
    given = address(fields.get("doi", ""))
    archive = fields.get("archiveprefix", "") + fields.get("eprinttype", "")
    eprint = address(fields.get("eprint", "")) if archive.strip("{} ").lower() in ("", "arxiv") else ""
    doi, arxiv_id = identifiers(doi=given, arxiv_id=eprint or _arxiv_in(fields), url=url)
    note = printed(fields.get("note", ""))
    extra = {ours: text for ours, names in _EXTRA.items() if (text := _first(fields, names))}
    said = in_title(title)
    rest = "; ".join(part for part in note.split("; ") if part not in (DIGEST_NOTE, INFERRED_NOTE))
    return {
        "title": title,
        "abstract": without_markup(printed(fields.get("abstract", ""))),
        "abstract_kind": "digest" if DIGEST_NOTE in note else None,
        "url": url if url.lower().startswith("http") else None,
        **_when(fields),
        "authors": _authors(fields.get("author", "")),
        "doi": doi or (None if arxiv_id else given or None),
        "arxiv_id": arxiv_id,
        "retraction": f"{source}: {said}" if said else None,
        "extra": extra | ({"note": rest} if rest else {}),
    }


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := printed(fields.get(name, "")))), "")


def _arxiv_in(fields: Mapping[str, str]) -> str:
    """What says "arXiv:…" in the fields where the bibliographies of Google Scholar and DBLP have it."""
    for name in ("journal", "volume", "note", "number", "journaltitle"):
        found = re.search(r"(?:arxiv:|abs/)\s*([\w./-]+)", fields.get(name, ""), re.IGNORECASE)
        if found and arxiv_id_of(found[1]):
            return found[1]
    return ""


def _when(fields: Mapping[str, str]) -> dict[str, object]:
    year, month, day = (fields.get(part, "").strip("{} ") for part in ("year", "month", "day"))
    if not year and fields.get("date"):
        return dated(fields["date"].strip("{} ").partition("/")[0] or fields["date"])
    if re.fullmatch(r"\d{4}", year, re.ASCII):
        number = month_of(month) if month else None
        # "12~mar" and the like name a day as well.
        spelt = re.search(r"(?<!\d)\d{1,2}(?!\d)", month) if not day and number is None else None
        number = number or month_of(re.sub(r"[^A-Za-z]", "", month)[:9])
        day = spelt[0] if spelt else day
        return on(int(year), number, int(day) if re.fullmatch(r"\d{1,2}", day, re.ASCII) else None)
    return dated(printed(year))


def _authors(text: str) -> list[str]:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    people = [" ".join(person.split()) for person in split_multiple_persons_names(text)]
    # Braces around a whole name say that it is of an institution, whose commas are its own.
    names = [printed(person) if _braced(person) else spoken(printed(person)) for person in people]
    return [name for name in names if name and name.lower() != "others"]


def _braced(text: str) -> bool:
    return text.startswith("{") and text.endswith("}") and "}" not in text[1:-1]


def _value(text: str, strings: Mapping[str, str]) -> str:
    """A value without its braces or quotes; what "#" joins is joined, names of strings stand for their text."""
    return "".join(_part(part.strip(), strings) for part in (_joined(text) if "#" in text else (text,)))


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


def _part(text: str, strings: Mapping[str, str]) -> str:
    if len(text) > 1 and text[0] + text[-1] in ("{}", '""'):
        return text[1:-1]
    return strings.get(text.lower(), text)

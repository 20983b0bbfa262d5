"""Reader of tagged text that is no RIS: RefWorks' ("RT Journal Article") and EndNote's ("%0 Journal Article")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.bibliographies.ris import record_of
from rag.sources.fields.notices import without_label
from rag.sources.fields.people import by_lines
from rag.sources.filter import Request
from rag.sources.lines import parts, runs
from rag.sources.record import paper_of

name = "tagged"

_START = re.compile(r"(?:RT|%0) +\S")
_REFER = re.compile(r"\ufeff?\s*(?:%[A-Z0-9] .+\n)*?%T .+\n(?:%[A-Z0-9@!&(+*>\[$^~#] |\s*\n)")
_BEGIN = re.compile(r"(?m)^\ufeff?(?:RT [A-Z][A-Za-z]+(?: [A-Za-z, ()-]+)?|%0 [A-Z][A-Za-z ]+)[ \t]*$")
_TAG = re.compile(r"(?:([A-Z][A-Z0-9])|%([A-Z0-9@?!&(+*>\[$^~#]))(?: (.*))?$")
_LEAD_CHARS = 5_000
# What each tag is called in RIS.
_REFWORKS = {
    "A1": "AU", "T1": "TI", "JF": "JO", "JO": "JO", "YR": "PY", "FD": "DA", "AB": "AB", "DO": "DO", "LK": "UR",
    "UL": "UR",
    "K1": "KW", "NO": "N1", "LA": "LA", "T2": "T2", "AN": "AN",
}  # fmt: skip
_ENDNOTE = {
    "A": "AU", "T": "TI", "J": "JO", "B": "T2", "S": "JA", "D": "PY", "8": "DA", "X": "AB", "R": "DO", "U": "UR",
    "K": "KW", "Z": "N1", "G": "LA", "M": "AN",
}  # fmt: skip
_REFWORKS_OTHER = frozenset(
    "RT SR ID A2 A3 A4 A5 A6 AD CL CN CY DB DS ED IS IL JA LL LN LS MR NC OL OP OT PB PP PMID PMCID RD RP SF SL SN SP"
    " ST T3 U1 U2 U3 U4 U5 VO WP WT WV AV ER PN RN".split()
)


def sniff(head: str) -> bool:
    """True when a record begins near the beginning."""
    return bool(_BEGIN.search(head[:_LEAD_CHARS]) or _REFER.match(head[:_LEAD_CHARS]))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order. A line without a tag goes on with the field before it."""
    for run in runs(stream, starts=_Starts(), ends=lambda line: False):
        if isinstance(run, Rejected):
            yield run
            continue
        for one in parts(run, title=lambda line: line[:2] if line.startswith(("T1 ", "%T ")) else None):
            yield paper_of(record_of(_fields(one.lines), request.source), source=request.source, line=one.line)


class _Starts:
    """Where records begin: at their type, or after an empty line in a file that names none. Lives for one file."""

    def __init__(self) -> None:
        self._typed, self._blank = False, True

    def __call__(self, line: str) -> bool:
        """True for the first line of a record."""
        typed = bool(_START.match(line))
        self._typed = self._typed or typed
        begins = typed or (not self._typed and self._blank and bool(re.match(r"%[A-Z0-9] ", line)))
        self._blank = not line.strip()
        return begins


def _fields(lines: tuple[str, ...]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    last = ""
    for line in lines:
        found = _TAG.match(line)
        tag = _tag(found) if found else None
        if found is not None and tag is not None:
            last = tag
            text = (found[3] or "").strip()
            fields.setdefault(tag, []).append(without_label(text) if tag == "AB" else text)
        elif line.strip() and last:
            border = "\n" if last == "AU" else " "
            fields[last][-1] = f"{fields[last][-1]}{border}{line.strip()}".strip()
    if "AU" in fields:  # EndNote writes several people into one field, a line each
        fields["AU"] = [line for text in fields["AU"] for line in (by_lines(text) if "\n" in text else (text,))]
    fields.pop("_", None)
    return fields


def _tag(found: re.Match[str]) -> str | None:
    """The tag in RIS, "_" for one that says nothing here, None for what is none: a text may begin with capitals."""
    if found[2] is not None:
        return _ENDNOTE.get(found[2], "_")
    return _REFWORKS.get(found[1], "_" if found[1] in _REFWORKS_OTHER else None)

"""What leaves and comes back as text for other programs: the JSON contract, BibTeX, RIS, CSL-JSON.

Way in: papers, answers and reports of the data model. Way out: lines of JSON (`contract`, `change_lines`), a library as
a file (`export`), entries for a bibliography (`bibtex`). `exact` puts the whole record beside what a format has no
place for, and the readers of `rag.sources` take it from there, so that a round trip loses nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.formats.contract import answer_line, hits_line, paper_line, report_line, verified_line
    from rag.formats.exact import with_exact
    from rag.formats.export import exported, format_of

__all__ = [
    "answer_line",
    "exported",
    "format_of",
    "hits_line",
    "paper_line",
    "report_line",
    "verified_line",
    "with_exact",
]

_PLACES = {
    "answer_line": "rag.formats.contract",
    "exported": "rag.formats.export",
    "format_of": "rag.formats.export",
    "hits_line": "rag.formats.contract",
    "paper_line": "rag.formats.contract",
    "report_line": "rag.formats.contract",
    "verified_line": "rag.formats.contract",
    "with_exact": "rag.formats.exact",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

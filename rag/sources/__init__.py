"""The sources: files and services in, papers out.

Way in: `find_files` names the files and `read_file` reads one, whatever its ending; `live.fetch` asks a service.
Way out: papers and rejected records, one after the other, with the line or page that they come from. `registry` has the
table of readers, which lie in `bibliographies`, `catalogues`, `saved_pages` and `tables`; `record` and `fields` are
what they share; `merging` makes copies into one paper.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.sources.files import find_files
    from rag.sources.filter import Filter
    from rag.sources.registry import READERS, Reader, Reading, read_file

__all__ = ["READERS", "Filter", "Reader", "Reading", "find_files", "read_file"]

_PLACES = {
    "Filter": "rag.sources.filter",
    "READERS": "rag.sources.registry",
    "Reader": "rag.sources.registry",
    "Reading": "rag.sources.registry",
    "find_files": "rag.sources.files",
    "read_file": "rag.sources.registry",
}


def __getattr__(name: str) -> Any:
    # On first use: a question needs no reader, and they are a fifth of a second.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

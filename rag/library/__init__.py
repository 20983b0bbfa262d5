"""The library in Chroma: papers, their passages and vectors, and what they were made with.

Way in: `Library(storage, …)` (`store`), which opens one, in this process or on a server. Way out: papers and vectors
(`reader`, `lookup`), and the one `Writer`, who holds the `lock` and writes a paper's own record last: that record is
the commit, and what it does not name is not read. `flat_records` is the form on disk, `manifest` its version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.library.flat_records import Record, StoredPaper
    from rag.library.store import Library
    from rag.library.writer import Writer

__all__ = [
    "Library",
    "Record",
    "StoredPaper",
    "Writer",
]

_PLACES = {
    "Library": "rag.library.store",
    "Record": "rag.library.flat_records",
    "StoredPaper": "rag.library.flat_records",
    "Writer": "rag.library.writer",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

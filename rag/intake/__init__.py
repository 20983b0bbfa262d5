"""From files and live sources to the library.

Way in: `ingest.ingest`, with the `Intake`s that are to be read (`incoming`). A block of records at a time is read,
merged, compared with what is stored (`planning`), cut and embedded (`preparing`) and written, while the next one is
read. Way out: an `IngestReport`, file by file and record by record (`outcomes`). Killed at any moment, it goes on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.intake.incoming import Intake, intakes_of
    from rag.intake.planning import Plan

__all__ = [
    "Intake",
    "Plan",
    "intakes_of",
]

_PLACES = {
    "Intake": "rag.intake.incoming",
    "Plan": "rag.intake.planning",
    "intakes_of": "rag.intake.incoming",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

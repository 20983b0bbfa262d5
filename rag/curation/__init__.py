"""A library over time: where its papers come from, what is new, what became of followed questions.

Way in: `Curation`, one library opened and all that is done with its papers; `sync.sync` and `watch.watch` without one,
since asking for what is new opens no library. Way out: the reports of `rag.model.changes`. `remembered_sources` keeps
where papers come from, `origins` and `source_runs` read them again, `follow` asks kept questions again and `news`
compares their answers, `doctor` finds and mends what is wrong.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.curation.curation import Curation
    from rag.curation.doctor import examine
    from rag.curation.follow import Following
    from rag.curation.remembered_sources import Remembered

__all__ = [
    "Curation",
    "Following",
    "Remembered",
    "examine",
]

_PLACES = {
    "Curation": "rag.curation.curation",
    "Following": "rag.curation.follow",
    "Remembered": "rag.curation.remembered_sources",
    "examine": "rag.curation.doctor",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""The verdict on a statement: does what it cites say so? No model is needed; an embedder helps.

Way in: `check(statement, papers)` and `check_fields`. Way out: a `Grounding`: the verdict, the reasons in words, and
the exact run of the abstract that carries the statement (`quote`). Each of `checks` looks for one kind of doubt,
`weigh` adds the doubts up, and `citations` numbers what passed. Pure: text in, verdicts out.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.grounding.checks.borne import Bears
    from rag.grounding.checks.coverage import Embed
    from rag.grounding.checks.doubt import Doubt
    from rag.grounding.citations import Draft, Part, Quote, number
    from rag.grounding.verdict import Check, Grounding, check, check_fields, doubts

__all__ = [
    "Bears",
    "Check",
    "Doubt",
    "Draft",
    "Embed",
    "Grounding",
    "Part",
    "Quote",
    "check",
    "check_fields",
    "doubts",
    "number",
]

_PLACES = {
    "Bears": "rag.grounding.checks.borne",
    "Check": "rag.grounding.verdict",
    "Doubt": "rag.grounding.checks.doubt",
    "Draft": "rag.grounding.citations",
    "Embed": "rag.grounding.checks.coverage",
    "Grounding": "rag.grounding.verdict",
    "Part": "rag.grounding.citations",
    "Quote": "rag.grounding.citations",
    "check": "rag.grounding.verdict",
    "check_fields": "rag.grounding.verdict",
    "doubts": "rag.grounding.verdict",
    "number": "rag.grounding.citations",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

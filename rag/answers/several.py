"""A question that asks for several things at once, apart: "who wrote it and how fast is it?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rag.answers.asked import FIELDS
from rag.neural.question_reader import LIKELY, MAYBE, Heard

# Where another question begins in a sentence: "A, B and C" goes on with names, not with a word of asking.
_NEXT = re.compile(
    r"(?:\s*[,;?]+\s*(?:and\s+)?|\s+and\s+)(?:also\s+)?"
    r"(?=(?:(?:in|on|for|with|by|at|to)\s+)?(?:what|which|who|whom|whose|when|where|why|how|does|do|did|is|are|was|were)\b)",
    re.IGNORECASE,
)


def apart(question: str, heard: Heard, hear: Callable[[str], Heard]) -> tuple[Mapping[str, float], str]:
    """The fields of the metadata that parts of a question ask for, as likely as each is, and its other parts.

    Nothing and "" where it asks for one thing, or for no field. `hear` hears a part as it heard the whole.
    """
    parts = [part for part in _NEXT.split(question) if part.strip(" ?.!,")]
    if len(parts) < 2 or max(heard.asks[name] for name in FIELDS) <= MAYBE:
        return {}, ""
    said = [(part, hear(part).asks) for part in parts]
    of_fields = {part for part, asks in said if max(asks[name] for name in FIELDS) > LIKELY}
    if not of_fields:
        return {}, ""
    wants = {name: max(asks[name] for part, asks in said if part in of_fields) for name in FIELDS}
    return wants, " and ".join(part.strip(" ?.!,") for part in parts if part not in of_fields)

"""The second opinion of a model on sentences that passed: reading it, and what it does to a verdict."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from rag.answers.generation.guard import cleaned
from rag.answers.generation.statements import Checked
from rag.model import Verdict

_WORSE: dict[Verdict, int] = {"supported": 0, "weak": 1, "unsupported": 2}


def opinions(said: str, n: int) -> dict[int, tuple[Verdict, str]]:
    """The verdicts that can be read, by the number of their statement; what cannot be read is missing."""
    found = re.search(r"\{.*\}", said, re.DOTALL)
    try:
        rows = json.loads(found.group())["verdicts"] if found else []
    except (ValueError, KeyError, TypeError):
        return {}
    found_by_number: dict[int, tuple[Verdict, str]] = {}
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        at, verdict, reason = row.get("n"), row.get("verdict"), row.get("reason")
        if isinstance(at, int) and 1 <= at <= n and verdict in _WORSE:
            found_by_number[at] = (verdict, cleaned(str(reason or ""), "")[:120])
    return found_by_number


def lowered(one: Checked, verdict: Verdict, reason: str) -> Checked:
    """A sentence with the verdict of a second opinion, if that is the worse one."""
    if _WORSE[verdict] <= _WORSE[one.draft.verdict]:
        return one
    said = f"second opinion: {reason or verdict}"
    draft = replace(one.draft, verdict=verdict, reasons=(*one.draft.reasons, said))
    return replace(one, draft=draft, failed=verdict == "unsupported")

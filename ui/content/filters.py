"""What narrows a question: from the page's fields to the `where` of a question, and to words on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ui.text import as_read

MOST_NAMED = 3


def where_of(
    since: int | None, until: int | None, *, source: str | None = None, paper_ids: Sequence[str] = ()
) -> dict[str, Any]:
    """The `where` of a question: papers from the year `since` to the year `until`, of one source, or of these ids.

    Dates are ISO text, so that the mapping can go through JSON.
    """
    where: dict[str, Any] = {}
    if since:
        where["since"] = date(int(since), 1, 1).isoformat()
    if until:
        where["until"] = date(int(until), 12, 31).isoformat()
    if source:
        where["source"] = source
    if paper_ids:
        where["paper_ids"] = list(paper_ids)
    return where


def chips(where: object) -> tuple[str, ...]:
    """What stands on a question that was asked with `where`: a short text a filter."""
    if not isinstance(where, dict):
        return ()
    told: list[str] = []
    since, until = str(where.get("since", ""))[:4], str(where.get("until", ""))[:4]
    if since and until:
        told.append(since if since == until else f"{since} to {until}")
    elif since or until:
        told.append(f"since {since}" if since else f"until {until}")
    if where.get("source"):
        told.append(f"from {where['source']}")
    ids = where.get("paper_ids") or ()
    names = [_cut(str(paper_id).replace("-", " ")) for paper_id in ids][:MOST_NAMED]
    if names:
        more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
        told.append(f"only {', '.join(names)}{more}")
    return tuple(as_read(text) for text in told)


def _cut(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

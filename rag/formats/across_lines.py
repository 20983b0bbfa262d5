"""The JSON of what is said across papers: tables, agreement, differences and overviews, one line for each result."""

from __future__ import annotations

from typing import Any

from rag.formats.contract import json_line
from rag.model.findings import Agreement, Cell, Difference, Overview, Quoted, Table


def table_line(table: Table) -> str:
    """The JSON of a table: `table --json`."""
    return json_line(
        {
            "question": table.question or None,
            "columns": [{"heading": one.heading, "question": one.question} for one in table.columns],
            "rows": [
                {
                    "paper_id": row.paper.id,
                    "name": row.name,
                    "title": row.paper.title,
                    "cells": [_cell(cell) for cell in row.cells],
                }
                for row in table.rows
            ],
        }
    )


def agreement_line(agreement: Agreement) -> str:
    """The JSON of an agreement: `agree --json`."""
    return json_line(
        {
            "claim": agreement.claim,
            "summary": agreement.summary,
            "looked_at": agreement.looked_at,
            "holdings": agreement.holdings,
            "stances": [
                {
                    "side": one.side,
                    **_quoted(one.quoted),
                    "reasons": one.reasons,
                    "sureness": round(one.sureness, 3),
                    "leans": one.leans,
                }
                for one in agreement.stances
            ],
        }
    )


def difference_line(difference: Difference) -> str:
    """The JSON of two statements that differ: a line of `differences --json`."""
    return json_line(
        {
            "kind": difference.kind,
            "about": difference.about,
            "why": difference.why,
            "sureness": round(difference.sureness, 3),
            "one": _quoted(difference.one),
            "other": _quoted(difference.other),
        }
    )


def overview_line(overview: Overview) -> str:
    """The JSON of an overview: `overview --json`."""
    return json_line(
        {
            "subject": overview.subject,
            "model": overview.model,
            "groups": [
                {
                    "name": group.name,
                    "papers": [{"paper_id": paper.id, "title": paper.title} for paper in group.papers],
                    "sentences": [
                        {
                            "text": said.text,
                            "verdict": said.verdict,
                            "citations": [_quoted(quoted) for quoted in said.quoted],
                        }
                        for said in group.sentences
                    ],
                }
                for group in overview.groups
            ],
            "timeline": [
                {"paper_id": paper.id, "published": paper.published.isoformat() if paper.published else None}
                for paper in overview.timeline
            ],
            "lacking": overview.lacking,
            "notes": overview.notes,
        }
    )


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.quoted is None:
        return {"text": None, "said": cell.shown, "verdict": None}
    return {
        "text": cell.text,
        "verdict": cell.verdict,
        "chance": round(cell.chance, 3),
        **_quoted(cell.quoted),
        "words_start": None if cell.quoted.field else cell.start,
        "words_end": None if cell.quoted.field else cell.end,
    }


def _quoted(quoted: Quoted) -> dict[str, Any]:
    return {
        "paper_id": quoted.paper.id,
        "title": quoted.paper.title,
        "quote": quoted.quote,
        "start": None if quoted.field else quoted.start,
        "end": None if quoted.field else quoted.end,
        "field": quoted.field,
    }

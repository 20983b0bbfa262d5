"""References in the formats of programs: BibTeX, RIS, CSL-JSON, and Hayagriva for Typst."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rag.errors import SettingsError
from rag.formats.bibtex import bibtex, citation_key, notes
from rag.formats.csl_item import csl_item, name_parts, one_line, plain_url
from rag.formats.export import ris_entry
from rag.model import Paper, coarse_date, more_authors, retraction_mark

REFERENCE_FORMATS = ("bibtex", "ris", "csl-json", "hayagriva")
"""The formats of `cited`."""


def cited(papers: Sequence[Paper], form: str) -> str:
    """The references of the papers, in their order, in one of `REFERENCE_FORMATS`; the keys are the same in all.

    Raises:
        SettingsError: there is no such format.
    """
    match form:
        case "bibtex":
            return bibtex(papers)
        case "ris":
            return "\n".join(ris_entry(paper, exactly=False) for paper in papers)
        case "csl-json":
            return json.dumps(items_of(papers), ensure_ascii=False, indent=2) + "\n"
        case "hayagriva":
            keys = keys_of(papers)
            return "\n".join(_hayagriva(paper, keys[paper.id]) for paper in papers)
    raise SettingsError(f"{form!r} is no format of references; there are {', '.join(REFERENCE_FORMATS)}.")


def keys_of(papers: Iterable[Paper]) -> dict[str, str]:
    """The citation key of each paper by its id; no two are the same."""
    taken: set[str] = set()
    return {paper.id: citation_key(paper, taken) for paper in papers}


def items_of(papers: Sequence[Paper]) -> list[dict[str, Any]]:
    """The papers as items of CSL-JSON, each with its citation key as the id.

    The title of a retracted paper says so, as those of publishers do: styles show no note.
    """
    keys = keys_of(papers)
    items = []
    for paper in papers:
        item = csl_item(paper, keys[paper.id])
        item["title"] = item.get("title") or "Untitled"
        mark = retraction_mark(paper).capitalize()
        if mark and not item["title"].lower().startswith(mark.lower()):
            item["title"] = f"{mark}: {item['title']}"
        if more_authors(paper):
            item["author"].append({"literal": "others"})
        items.append(item)
    return items


def _hayagriva(paper: Paper, key: str) -> str:
    # A text in quotation marks of JSON is one of YAML too, and one that is "verbatim" is not read as mathematics.
    day, venue = paper.published, one_line(paper.extra.get("venue", ""))
    names = [", ".join(filter(None, name_parts(name))) for name in paper.authors]
    said = one_line("; ".join(notes(paper)))
    serial = {"doi": paper.doi, "arxiv": paper.arxiv_id}
    lines = ["type: article", f"title: {_verbatim(one_line(paper.title) or 'Untitled')}"]
    lines += [f"author: {_quoted([*names, *(['others'] if more_authors(paper) else [])])}"] if names else []
    lines += [f"date: {coarse_date(paper) or day.isoformat()}"] if day else []
    lines += [f"url: {_quoted(plain_url(paper))}"] if paper.url else []
    lines += [f"serial-number: {_quoted({name: value for name, value in serial.items() if value})}"] * any(
        serial.values()
    )
    lines += [f"note: {_verbatim(said)}"] if said else []
    lines += [f"parent: {{type: periodical, title: {_verbatim(venue)}}}"] if venue else []
    return f"{_quoted(key)}:\n" + "".join(f"  {line}\n" for line in lines)


def _verbatim(text: str) -> str:
    return f"{{value: {_quoted(text)}, verbatim: true}}"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

"""An answer as one text for programs that show nothing else: marks, then what they stand for, with links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from rag.model import Answer, Citation, Paper, Ranked, retraction_mark
from rag.text import shown

_REFERENCES = re.compile(r"\n\n(?:\[1\] |Nearest papers:)")


def link(paper: Paper, base: str = "") -> str:
    """Where the paper can be read: its own address, that of its DOI or on arXiv, or else its page under `base`."""
    if paper.url:
        return paper.url
    if paper.doi:
        return f"https://doi.org/{quote(paper.doi, safe='/')}"
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return f"{base}/papers/{quote(paper.id, safe='')}" if base else ""


def harmless(text: str) -> str:
    """The text without what a chat page would load or run: papers hold markup, and pages of chats show it."""
    return re.sub(r"<(?=[A-Za-z/!])", "‹", text.replace("![", "! ["))


def references(answer: Answer, base: str = "") -> str:
    """What stands below the text of an answer: a paragraph for each citation, or the nearest papers; may be empty."""
    if answer.citations:
        return harmless("".join(f"\n\n{_reference(citation, base)}" for citation in answer.citations))
    if answer.nearest:
        return harmless("\n\nNearest papers:\n\n" + "\n".join(_nearest(near, base) for near in answer.nearest))
    return ""


def without_references(text: str) -> str:
    """The text of an answer as it was before `references` were put below it."""
    found = _REFERENCES.search(text)
    return text[: found.start()] if found else text


def doubts(answer: Answer) -> str:
    """A line for each sentence that the check did not find supported; empty where all are."""
    lines = [
        f"- {statement.verdict}: “{statement.text}” ({'; '.join(statement.reasons)})"
        for statement in answer.statements
        if statement.verdict != "supported"
    ]
    return "\n\nOf these sentences the check says:\n" + "\n".join(lines) if lines else ""


def faults(errors: Sequence[Mapping[str, Any]]) -> str:
    """What pydantic found wrong, in one line: the first fault of each place, of three places at most."""
    found: dict[str, str] = {}
    for one in errors:
        *above, last = one["loc"]
        # Where a text or a list may stand, what is wrong with the list is said.
        if last == "str" and any(other["loc"][: len(above)] == tuple(above) for other in errors if other is not one):
            continue
        place = ".".join(str(part) for part in one["loc"] if "[" not in str(part))
        found.setdefault(place, str(one["msg"]))
    return "; ".join(f"{place}: {said}" for place, said in list(found.items())[:3])


def _reference(citation: Citation, base: str) -> str:
    paper = citation.paper
    what = f"{citation.field}: {citation.quote}" if citation.field else f"“{citation.quote}”"
    digest = " [digest]" if paper.abstract_kind == "digest" and not citation.field else ""
    return f"[{citation.number}] {_title(paper)}: {what}{digest} {link(paper, base)}".rstrip()


def _nearest(near: Ranked, base: str) -> str:
    words = f": “{near.quote}”" if near.quote else ""
    return f"- {_title(near.paper)}{words} {link(near.paper, base)}".rstrip()


def _title(paper: Paper) -> str:
    year = f" ({paper.published.year})" if paper.published else ""
    return f"{shown(paper.title) or paper.id}{year}" + (f" [{retraction_mark(paper)}]" if paper.retraction else "")

"""Six questions to begin with, one of each kind, that the library at hand can take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.model import Paper
from ui.content.followups import short_name

_BUNDLED = "LLaVA-Mini"
_OF_BUNDLED = (
    "How many vision tokens does LLaVA-Mini keep?",
    "By how much does ATP-LLaVA reduce the visual tokens?",
    "What is the difference between Matryoshka Query Transformer and LLaVA-Mini?",
    "Which papers are about pruning visual tokens without training?",
    "Which papers came out in March 2024?",
    "Which papers are about quantum computing?",
)
_UNANSWERABLE = "Which papers are about medieval bread?"


def examples(papers: Iterable[Paper]) -> Sequence[str]:
    """A fact, a figure, a comparison, a list, one by date, and one that the library cannot answer.

    Of a library that is not the bundled one they name its own papers; there are fewer where it has no such thing.
    """
    known = list(papers)
    names = [name for paper in known if (name := short_name(paper))]
    if _BUNDLED in names:
        return _OF_BUNDLED
    if not names:
        return ()
    offered = [f"What does {names[0]} propose?"]
    counted = next((p for p in known if p.author_count and short_name(p)), None)
    if counted:
        offered.append(f"How many people wrote {short_name(counted)}?")
    if len(names) > 1:
        offered.append(f"What is the difference between {names[0]} and {names[1]}?")
        offered.append(f"Which papers are like {names[1]}?")
    dated = next((paper.published for paper in known if paper.published), None)
    if dated:
        offered.append(f"Which papers came out in {dated.year}?")
    return (*offered, _UNANSWERABLE)

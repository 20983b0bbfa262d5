"""`python -m eval overviews`: asks for every paper of a library by name and by title, and counts who gets an overview.

python -m eval overviews                       # the bundled library
python -m eval overviews --storage DIR --show  # yours, with the papers that did not

A paper is well answered when the first sentence of the answer cites words of its own abstract.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from eval.library import library, settings_of
from rag import Assistant
from rag.model import Answer

FORMS = (
    "What is the main result of {}?", "What does {} propose?", "Summarize {}.", "Tell me about {}.",
)  # fmt: skip
_NAME_WORDS = 3


def called(title: str) -> str:
    """The name that a title gives its work, the few words before its colon; "" where it gives none."""
    head, colon, _ = title.partition(":")
    return head.strip() if colon and len(head.split()) <= _NAME_WORDS else ""


def cited_first(answer: Answer, paper_id: str) -> bool:
    """True when the first statement of an answer cites words of this paper's abstract."""
    if answer.status != "answered" or not answer.statements or not answer.statements[0].citations:
        return False
    first = answer.statements[0].citations[0]
    cited = next(citation for citation in answer.citations if citation.number == first)
    return cited.paper.id == paper_id and not cited.field


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 when every paper was answered for in every form, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m eval overviews", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--storage", type=Path, metavar="DIR", help="a library; otherwise the bundled papers")
    parser.add_argument("--show", action="store_true", help="print each question that was not answered so")
    given = parser.parse_args(arguments)
    settings = settings_of(None, environment=False)
    whole = True
    with library(given.storage, settings) as folder, Assistant.open(folder, settings) as assistant:
        papers = [(paper.id, paper.title, called(paper.title)) for paper in assistant.papers()]
        for form in FORMS:
            for kind, asked in (("title", 1), ("name", 2)):
                rows = [row for row in papers if row[asked]]
                failed = []
                for row in rows:
                    question = form.format(f"“{row[1]}”" if kind == "title" else row[2])
                    if not cited_first(assistant.ask(question), row[0]):
                        failed.append(question)
                print(f"{form.format(kind.upper())}  {len(rows) - len(failed)} of {len(rows)}")
                if given.show:
                    print("".join(f"    {question}\n" for question in failed), end="")
                whole = whole and not failed
    return 0 if whole else 1

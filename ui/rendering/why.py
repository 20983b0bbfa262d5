"""What stands folded under an answer: why sentences are doubted or left out, and where a model looked."""

from __future__ import annotations

from rag.model import Answer
from ui.text import line

_ASKED_BY = {"question": "looked for", "model": "the model searched for", "list": "the list went on:"}


def doubts(answer: Answer) -> str:
    """The sentences that are not fully supported, each with the reasons."""
    doubtful = [statement for statement in answer.statements if statement.verdict != "supported" and statement.reasons]
    if not doubtful:
        return ""
    items = "".join(f"<li>{line(s.text)} <em>{line('; '.join(s.reasons))}</em></li>" for s in doubtful)
    what = "One sentence is" if len(doubtful) == 1 else f"{len(doubtful)} sentences are"
    return f'<details class="fn-why"><summary>{what} not fully supported: why</summary><ul>{items}</ul></details>'


def left_out(answer: Answer) -> str:
    """The sentences of a model that are not shown as part of its answer, each with the reasons."""
    if not answer.left_out:
        return ""
    items = "".join(f"<li><s>{line(s.text)}</s> <em>{line('; '.join(s.reasons))}</em></li>" for s in answer.left_out)
    what = "One sentence was" if len(answer.left_out) == 1 else f"{len(answer.left_out)} sentences were"
    return f'<details class="fn-why"><summary>{what} left out: why</summary><ul>{items}</ul></details>'


def looks(answer: Answer) -> str:
    """The looks into the library that a model had, where there was more than one."""
    if len(answer.rounds) < 2:
        return ""
    items = "".join(
        f"<li>{_ASKED_BY[one.asked_by]} <bdi>{line(one.query)}</bdi>: "
        f"{len(one.papers)} papers, {len(one.cited)} cited</li>"
        for one in answer.rounds
    )
    what = f"{len(answer.rounds)} looks into the library"
    return f'<details class="fn-why"><summary>{what}</summary><ol>{items}</ol></details>'

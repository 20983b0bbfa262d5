"""Questions with gold: reading them, and whether a text states the facts that a right answer must state."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = (
    "fact", "number", "paraphrase", "compare", "list", "metadata", "follow-up", "noisy", "false-premise",
    "unanswerable",
)  # fmt: skip
SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class Question:
    """One question with its gold.

    `facts` are groups of alternatives: a right answer states one of each group. `papers` are the ids of the papers that
    it should cite; for an unanswerable question, those it is about. `missing` says what the library does not say.
    """

    id: str
    kind: str
    question: str
    papers: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    history: tuple[dict[str, str], ...] = ()
    missing: str = ""


def load(path: Path) -> list[Question]:
    """The questions of a JSON-lines file, in order.

    Raises:
        ValueError: a line is no question; its number and what is wrong with it are named.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            found.append(
                Question(
                    id=str(record["id"]),
                    kind=str(record.get("kind", "fact")),
                    question=str(record["question"]),
                    papers=tuple(record.get("papers", ())),
                    facts=tuple(tuple(group) for group in record.get("facts", ())),
                    history=tuple(record.get("history", ())),
                    missing=str(record.get("missing", "")),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path}, line {number}: no question ({error!r}). It needs an id and a question."
            ) from error
    return found


def folded(text: str) -> str:
    """`text` for looking facts up in it: one case, one kind of dash, LaTeX residue gone, figures without commas."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[‐-―−]", "-", text)
    text = text.replace("\\", "")
    text = re.sub(r"\b(?:sim|approx|leq|geq)\s*(?=\d)", "", text)
    text = re.sub(r"(?<=\d)(?:\s*times\b|x\b)", "×", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return re.sub(r"\s+", " ", re.sub(r"[{}^]", "", text))


def states(text: str, facts: Sequence[Sequence[str]]) -> list[bool]:
    """For each group of alternatives whether `text` has one of them."""
    within = folded(text)
    return [any(folded(alternative) in within for alternative in group) for group in facts]

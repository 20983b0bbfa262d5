"""What a run with a model takes before it starts, and what became of the sentences that the model wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence

# A question of the shipped sets with a model that answers in one sentence: `python -m eval perfect` prints the first.
TOKENS_IN, TOKENS_OUT = 2_300, 150
SECONDS = 5


def forecast(model: str, questions: int, workers: int) -> str:
    """What asking so many questions of a model takes, in one line."""
    minutes = questions * SECONDS / max(workers, 1) / 60
    return (
        f"{model}: {questions} questions, about {questions * TOKENS_IN:,} tokens in, {questions * TOKENS_OUT:,} out, "
        f"{minutes:.0f} minutes at {SECONDS} s a question; Ctrl-C stops, and the same --name goes on"
    )


def shares(lines: Sequence[str]) -> str:
    """How many of a model's sentences were sent back, left out and contradicted, in one line; "" without a model."""
    rows = [row for row in map(json.loads, lines) if row.get("mode") == "generated"]
    written = sum(len(row["statements"]) + len(row["left_out"]) for row in rows)
    if not written:
        return ""
    back = sum(row.get("sent_back", 0) for row in rows)
    out = [statement for row in rows for statement in row["left_out"]]
    against = sum("it contradicts what it cites" in statement["reasons"] for statement in out)
    cost = [row["cost_usd"] for row in rows if row.get("cost_usd") is not None]
    told = f"; US$ {sum(cost):.4f}" if len(cost) == len(rows) else "; the price of the model is not known"
    return (
        f"of {written} sentences {back / written:.1%} were sent back, {len(out) / written:.1%} left out, "
        f"{against / written:.1%} of them all contradicted{told}"
    )

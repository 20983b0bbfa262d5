"""What a run with a model takes before it starts, and what became of the sentences that the model wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from rag.answers.generation.transport.prices import price_of

# A question of the shipped sets with a model that answers in one sentence: `python -m eval perfect` prints the first.
TOKENS_IN, TOKENS_OUT = 2_300, 150
SECONDS = 5.0


def forecast(
    model: str, questions: int, workers: int, *, before: Sequence[str] = (), storage: Path | None = None
) -> str:
    """What asking so many questions of a model takes, in one line; after the lines of questions that it has answered.

    The price is that of the table shipped, or of `prices.json` in `storage`.
    """
    rows = [row for row in map(json.loads, before) if row.get("mode") == "generated" and row.get("usage")]
    tokens_in, tokens_out, seconds = TOKENS_IN, TOKENS_OUT, SECONDS
    if rows:
        tokens_in, tokens_out = (
            round(mean(row["usage"].get(kind, 0) for row in rows)) for kind in ("prompt_tokens", "completion_tokens")
        )
        seconds = mean(row["ms"] for row in rows) / 1000
    takes = questions * seconds / max(workers, 1)
    price = price_of(model, storage)
    cost = f"US$ {price.cost_usd(questions * tokens_in, questions * tokens_out):.2f}" if price else "at a price unknown"
    told = "as measured" if rows else "a guess: the bar shows better"
    return (
        f"{model}: {questions} questions, about {questions * tokens_in:,} tokens in, {questions * tokens_out:,} out, "
        f"{cost}; {_duration(takes)} at {seconds:.0f} s a question ({told}); Ctrl-C stops, and the same --name goes on"
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"


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

"""What tokens cost: a table by model, which a file in the storage folder extends. Unknown is None, never 0."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SettingsError

FILE = "prices.json"


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens that go in and that come out."""

    input: float
    output: float

    def cost_usd(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.input + tokens_out * self.output) / 1e6


def price_of(model: str, storage: Path | None = None) -> Price | None:
    """The price of a model under the name that the settings give it, or None where it is not known.

    `prices.json` in the storage folder has the same form as the table shipped, and wins:
    `{"llama3.2@http://localhost:11434/v1": {"input": 0, "output": 0}}`. A dated name ("gpt-4o-2024-08-06") has the
    price of the name without the date, where it has none of its own.

    Raises:
        SettingsError: that file cannot be read.
    """
    known = _table(Path(__file__).parent / "data" / FILE)
    if storage is not None and (storage / FILE).is_file():
        known = {**known, **_table(storage / FILE)}
    without_date = model[:-11] if model[-11:-10] == "-" and model[-10:].replace("-", "").isdigit() else model
    return known.get(model) or known.get(without_date)


def _table(path: Path) -> Mapping[str, Price]:
    example = '{"openai:gpt-4o-mini": {"input": 0.15, "output": 0.6}}, in dollars for a million tokens'
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {name: Price(float(row["input"]), float(row["output"])) for name, row in rows.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(f"the prices in {path} cannot be read ({error}). It takes {example}.") from error

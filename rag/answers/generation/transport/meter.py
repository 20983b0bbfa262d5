"""What one question may take of models, and what it has taken: time, tokens, cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.answers.generation.transport.prices import price_of
from rag.neural.named_model import ModelName
from rag.neural.provider import Deadline


@dataclass
class Meter:
    """What the models have cost for one question. Tokens that a server does not report are counted with tiktoken."""

    storage: Path | None = None
    counts: dict[str, int] = field(default_factory=dict)
    cost_usd: float | None = 0.0

    def add(self, model: ModelName, tokens_in: int, tokens_out: int, *, estimated: bool) -> None:
        """Count a call; a cost that is not known for one call is not known for all."""
        price = price_of(model.name, self.storage)
        known = self.cost_usd is not None and price is not None and not estimated
        self.cost_usd = (self.cost_usd or 0.0) + price.cost_usd(tokens_in, tokens_out) if price and known else None
        self._count({"calls": 1, "prompt_tokens": tokens_in, "completion_tokens": tokens_out})
        if estimated:
            self._count({"estimated_calls": 1})

    def add_cached(self) -> None:
        """Count a reply that came from the cache: no token, no cost."""
        self._count({"cached_calls": 1})

    def _count(self, counts: Mapping[str, int]) -> None:
        for kind, number in counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + number


@dataclass(frozen=True)
class Allowance:
    """What one question may take: until when all its calls have to be done, and where they are counted."""

    deadline: Deadline
    meter: Meter

"""One row of the table: a fault, how often it was tried, what came of it, and what broke that may never break."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Row:
    """`outcomes` counts what may happen; a line of `broken` says what may not, with seed and number of the case."""

    fault: str
    tried: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> None:
        """One more case, with this outcome."""
        self.tried += 1
        self.outcomes[outcome] += 1

    def line(self) -> str:
        """The row in Markdown."""
        what = ", ".join(f"{number:,} {outcome}" for outcome, number in self.outcomes.most_common())
        return f"| {self.fault} | {self.tried:,} | {what} | {len(self.broken)} |"


HEAD = "| fault | tried | what came of it | broken |\n| --- | ---: | --- | ---: |"

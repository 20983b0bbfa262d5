"""`Doubt`: one thing about a statement that what it cites does not bear out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "figure", "count", "attached", "name", "role", "subject", "direction", "swapped", "negation", "universal", "broad",
    "hedge", "level", "uncovered", "invented", "far", "unborne",
]  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """A doubt of a kind, how strong it is (0 to 1; of "unborne" the log odds), and the reason in words."""

    kind: Kind
    strength: float
    reason: str

"""Differences within a library: statements of two papers on the same thing that do not go together."""

from __future__ import annotations

from collections.abc import Sequence

from rag.findings import Difference
from rag.records import StoredPaper


def differences_in(papers: Sequence[tuple[StoredPaper, str]], names: Sequence[str]) -> tuple[Difference, ...]:
    """The differences between these papers, each with the name of its work, the surest first."""
    return ()

"""`python -m eval across`: how right tables, agreement and overviews are, on gold written by reading the digests."""

from __future__ import annotations

from eval.across.measure import main

__all__ = ["main"]

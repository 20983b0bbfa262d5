"""The agreement of a library on a claim."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answers.across.stances import stance_of
from rag.errors import SettingsError
from rag.grounding.verdict import Check
from rag.library.flat_records import StoredPaper
from rag.model.findings import Agreement, Side, Stance
from rag.neural import CrossEncoder
from rag.neural.embedder import Vectors
from rag.text import content_words

LOOKED_AT = 30
_ORDER: dict[Side, int] = {"supports": 0, "contradicts": 1, "neither": 2}


def agreement_on(
    claim: str, vector: Vectors, papers: Sequence[StoredPaper], encoder: CrossEncoder, *, holdings: int,
    check: Check,
) -> Agreement:  # fmt: skip
    """How these papers stand to a claim; `holdings` counts those of the whole library.

    Raises:
        SettingsError: the claim says too little to be held against anything.
    """
    if len(content_words(claim)) < 2:
        raise SettingsError(f"the claim is {claim[:60]!r}; give a whole statement, such as 'Pruning needs training.'")
    found = [stance_of(claim, vector, stored, encoder, check=check) for stored in papers]
    stances: list[Stance] = [stance for stance in found if stance is not None]
    stances.sort(key=lambda stance: (_ORDER[stance.side], -stance.sureness))
    return Agreement(claim, tuple(stances), len(papers), holdings)

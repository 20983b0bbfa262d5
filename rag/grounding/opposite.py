"""The opposite: whether what is cited turns a statement round, and the sentence of it that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rag.grounding.checks.attached import attached_doubts
from rag.grounding.checks.direction import direction_doubts
from rag.grounding.checks.doubt import Doubt, Kind
from rag.grounding.checks.negation import negation_doubts
from rag.grounding.checks.order import order_doubts
from rag.grounding.checks.roles import exchanged_doubts
from rag.grounding.checks.sentence import Reading, Source, aligned
from rag.grounding.weigh import Weighed

_TURNING: dict[Kind, tuple[Callable[[Reading, Source], Iterator[Doubt]], ...]] = {
    "negation": (negation_doubts,),
    "direction": (direction_doubts,),
    "swapped": (direction_doubts, order_doubts),
    "attached": (attached_doubts, exchanged_doubts),
}
"""The kinds of doubt that say more than "nothing here says so", and what finds them."""


def opposite(sentence: Reading, evidence: Source, weighed: Weighed) -> tuple[int, int] | None:
    """The offsets of the sentence that says the opposite of a statement, or None where nothing does.

    That is so where the heaviest doubt is of a kind that turns it round, and one sentence alone gives rise to it.
    """
    if not weighed.parts:
        return None
    kind = weighed.parts[0][1].kind
    checks = _TURNING.get(kind)
    if checks is None:
        return None
    for near in aligned(sentence, evidence):
        alone = Source(evidence.title, near.text)
        if any(doubt.kind == kind for one in checks for doubt in one(sentence, alone)):
            return evidence.spans[evidence.sentences.index(near)]
    return None

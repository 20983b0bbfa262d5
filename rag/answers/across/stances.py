"""How a paper stands to a claim: supports it, contradicts it, or speaks of it without either; or is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answers.calibration import log_odds, logistic
from rag.grounding.checks.sentence import Source, read
from rag.grounding.verdict import Check, Doubt, doubts
from rag.grounding.weigh import size, verdict_of, weigh
from rag.library.flat_records import StoredPaper
from rag.model.findings import Quoted, Side, Stance
from rag.neural import CrossEncoder, Read
from rag.neural.embedder import Vectors
from rag.text import shown

# Doubts that say the opposite, where the rest of the claim is borne out; other doubts say that a paper is silent on it.
_OPPOSITE = ("direction", "swapped", "negation", "figure", "attached")
_OPPOSED = 0.8
# Chosen on the claims of the splits "dev" and "fields" of eval/across/claims.jsonl: from where on a sentence speaks of
# a claim by the likeness of its vector and by the logit that it answers whether it is true, from which sum of log odds
# on a paper supports it, and by which chances a sentence bears it out so plainly that its paper does not contradict it.
_NEAR, _SPEAKS, _SUPPORTS, _PLAINLY = 0.4, -2.0, 0.6, (0.85, 0.3)
_CHECKED, _READS = 0.44, 0.34
"""What the log odds of the check of the whole abstract weigh, and those of the best sentence read alone."""
_READ, _UNCOVERED = 4, 0.3


@dataclass(frozen=True)
class Held:
    """A sentence that a claim was held against: its position, and the doubts of the check about the claim.

    `answers` is the logit that it answers whether the claim is true, `supports` and `contradicts` the chances that it
    does that.
    """

    position: int
    answers: float
    supports: float
    contradicts: float
    doubts: tuple[Doubt, ...]

    @property
    def carries(self) -> bool:
        """True when the sentence, without its title or its neighbours, has all but the names in the claim.

        "It runs 2.5 times faster" names nobody; whose it is the check of the whole abstract says.
        """
        uncovered = max((doubt.strength for doubt in self.doubts if doubt.kind == "uncovered"), default=0.0)
        alone = verdict_of(weigh([doubt for doubt in self.doubts if doubt.kind != "name"])) == "supported"
        return alone and self.answers >= 0 and uncovered <= _UNCOVERED


def stance_of(
    claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder, *, check: Check
) -> Stance | None:
    """How a paper stands to a claim, with the sentence that says so; None where it does not speak of it.

    `vector` is the claim's, shape (dimension,). The check says whether the abstract bears the claim out at all, the
    nearest sentences whether they speak of it and bear it out; where the two do not agree it is neither.
    """
    held = held_against(claim, vector, stored, encoder)
    if not held:
        return None
    grounding = check(claim, [stored.paper])

    def made(side: Side, one: Held, reasons: tuple[str, ...] = ()) -> Stance:
        start, end = stored.sentence_spans[one.position]
        return Stance(side, Quoted(stored.paper, start, end), reasons, logistic(one.answers))

    best = max(held, key=lambda one: one.supports)
    plainly = best.supports >= _PLAINLY[0] and best.contradicts < _PLAINLY[1]
    opposed = [one for one in held if opposing(one.doubts)]
    if not plainly and (grounding.contradicted or (grounding.verdict == "unsupported" and opposed)):
        one = max(opposed or held, key=lambda one: one.answers)
        return made("contradicts", one, tuple(doubt.reason for doubt in opposing(one.doubts)) or grounding.reasons)
    borne = _CHECKED * log_odds(grounding.probability) + _READS * log_odds(best.supports)
    carrying = [one for one in held if one.carries]
    if (grounding.verdict == "supported" and carrying) or (grounding.verdict != "unsupported" and borne >= _SUPPORTS):
        return made("supports", max(carrying or held, key=lambda one: one.supports))
    return made("neither", max(held, key=lambda one: one.answers), grounding.reasons)


def held_against(claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder) -> list[Held]:
    """The sentences of a paper that speak of a claim, of those that come nearest to it."""
    if not stored.sentence_vectors.size:
        return []
    near = stored.sentence_vectors @ vector
    order = [n for n in sorted(range(len(near)), key=lambda n: (-float(near[n]), n))[:_READ] if near[n] >= _NEAR]
    title, asked = shown(stored.paper.title), read(shown(claim))
    texts = [shown(stored.paper.abstract[slice(*stored.sentence_spans[n])]) for n in order]
    judged = encoder.read(f"Is it true that {claim.rstrip('. ')}?", [Read(title, (text,)) for text in texts])
    found = []
    for n, text, one in zip(order, texts, judged, strict=True):
        if one.answers >= _SPEAKS:
            bears = encoder.bears(claim, title, (text,))
            told = doubts(asked, Source("", text))
            found.append(Held(n, one.answers, bears["supports"], bears["contradicts"], told))
    return found


def opposing(told: Sequence[Doubt]) -> list[Doubt]:
    """The doubts that say the opposite of a claim."""
    return [doubt for doubt in told if doubt.kind in _OPPOSITE and size(doubt) >= _OPPOSED]

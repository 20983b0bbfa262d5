"""How a paper stands to a claim: supports it, contradicts it, or speaks of it without either; or is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answers.calibration import logistic
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
# Chosen on the claims of the split "dev" of eval/across/claims.jsonl: from where on a sentence speaks of a claim by
# the likeness of its vector, and bears it out by the logit of an answer and the share of the claim's words.
_NEAR, _SPEAKS, _BEARS, _COVERED = 0.45, -1.0, 0.0, 0.7
_READ = 2


@dataclass(frozen=True)
class Held:
    """A sentence that a claim was held against: its position, and the doubts of the check about the claim.

    `answers` is the logit that it answers whether the claim is true, `covered` the share of the claim that it has.
    """

    position: int
    answers: float
    covered: float
    doubts: tuple[Doubt, ...]

    @property
    def carries(self) -> bool:
        """True when the sentence, without its title or its neighbours, bears out all but the names in the claim.

        "It runs 2.5 times faster" names nobody; whose it is the check of the whole abstract says.
        """
        alone = verdict_of(weigh([doubt for doubt in self.doubts if doubt.kind != "name"])) == "supported"
        return alone and self.answers >= _BEARS and self.covered >= _COVERED


def stance_of(
    claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder, *, check: Check
) -> Stance | None:
    """How a paper stands to a claim, with the sentence that says so; None where it does not speak of it.

    `vector` is the claim's, shape (dimension,). The check says whether the abstract bears the claim out at all; the
    nearest sentences whether they speak of it. A check that says "contradicted" has the last word.
    """
    held = held_against(claim, vector, stored, encoder)
    if not held:
        return None
    grounding = check(claim, [stored.paper])
    verdict = grounding.verdict

    def made(side: Side, one: Held, reasons: tuple[str, ...] = ()) -> Stance:
        start, end = stored.sentence_spans[one.position]
        return Stance(side, Quoted(stored.paper, start, end), reasons, logistic(one.answers))

    opposed = [one for one in held if opposing(one.doubts)]
    if grounding.contradicted or (verdict == "unsupported" and opposed):
        one = max(opposed or held, key=lambda one: one.answers)
        return made("contradicts", one, tuple(doubt.reason for doubt in opposing(one.doubts)) or grounding.reasons)
    bearing = [one for one in held if one.carries]
    if verdict == "supported" and bearing:
        return made("supports", max(bearing, key=lambda one: one.answers))
    best = max(held, key=lambda one: one.answers)
    return made("neither", best, grounding.reasons) if best.answers >= _SPEAKS else None


def held_against(claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder) -> list[Held]:
    """The sentences of a paper that come nearest to a claim, if they are near at all."""
    if not stored.sentence_vectors.size:
        return []
    near = stored.sentence_vectors @ vector
    order = [n for n in sorted(range(len(near)), key=lambda n: (-float(near[n]), n))[:_READ] if near[n] >= _NEAR]
    if not order:
        return []
    texts = [shown(stored.paper.abstract[slice(*stored.sentence_spans[n])]) for n in order]
    judged = encoder.read(f"Is it true that {claim.rstrip('. ')}?", [Read(stored.paper.title, (t,)) for t in texts])
    asked = read(shown(claim))
    found = []
    for n, text, one in zip(order, texts, judged, strict=True):
        told = doubts(asked, Source("", text))
        uncovered = max((doubt.strength for doubt in told if doubt.kind == "uncovered"), default=0.0)
        found.append(Held(n, one.answers, 1 - min(uncovered, 1.0), tuple(told)))
    return found


def opposing(told: Sequence[Doubt]) -> list[Doubt]:
    """The doubts that say the opposite of a claim."""
    return [doubt for doubt in told if doubt.kind in _OPPOSITE and size(doubt) >= _OPPOSED]

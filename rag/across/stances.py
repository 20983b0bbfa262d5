"""How a paper stands to a claim: supports it, contradicts it, or speaks of it without either; or is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answers.calibration import logistic, weighed
from rag.embed import Vectors
from rag.findings import Quoted, Side, Stance
from rag.ground import Doubt, Embed, check, doubts
from rag.ground.weigh import size
from rag.ground.words import Source, read
from rag.neural import CrossEncoder, Read
from rag.records import StoredPaper
from rag.text import shown

# Doubts that say the opposite, where the rest of the claim is borne out; other doubts say that a paper is silent on it.
_OPPOSITE = ("direction", "swapped", "negation", "figure", "attached")
_OPPOSED = 0.8
# Fitted on the claims of the split "dev" by `python -m eval across --fit`.
SPEAKS: Mapping[str, float] = {"near": 9.0, "answers": 0.25, "covered": 2.0, "bias": -6.2}
SUPPORTS: Mapping[str, float] = {"near": 7.0, "answers": 0.15, "covered": 3.5, "bias": -6.4}
_SPEAKS, _SIDE = 0.5, 0.5
_READ = 2


@dataclass(frozen=True)
class Held:
    """A sentence that a claim was held against: its position, what speaks for it, and the doubts of the check."""

    position: int
    signals: Mapping[str, float]
    doubts: tuple[Doubt, ...]


def stance_of(
    claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder, *, embed: Embed | None
) -> Stance | None:
    """How a paper stands to a claim, with the sentence that says so; None where it does not speak of it.

    `vector` is the claim's, shape (dimension,). The verdict of the check on the whole abstract has the last word where
    it says that the paper bears the claim out or contradicts it; without that its doubts about the nearest sentences.
    """
    held = held_against(claim, vector, stored, encoder)
    if not held:
        return None
    best = max(held, key=lambda one: weighed(SPEAKS, one.signals))
    speaks = logistic(weighed(SPEAKS, best.signals))
    grounding = check(claim, [stored.paper], embed=embed)
    if speaks < _SPEAKS and grounding.verdict != "supported":
        return None
    side, sureness, reasons = _side(best, str(grounding.verdict), speaks)
    start, end = stored.sentence_spans[best.position]
    return Stance(side, Quoted(stored.paper, start, end), reasons or grounding.reasons * (side != "supports"), sureness)


def held_against(claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder) -> list[Held]:
    """The sentences of a paper that come nearest to a claim, each with what speaks for it."""
    if not stored.sentence_vectors.size:
        return []
    near = stored.sentence_vectors @ vector
    order = sorted(range(len(near)), key=lambda n: (-float(near[n]), n))[:_READ]
    texts = [shown(stored.paper.abstract[slice(*stored.sentence_spans[n])]) for n in order]
    judged = encoder.read(f"Is it true that {claim.rstrip('. ')}?", [Read(stored.paper.title, (t,)) for t in texts])
    asked = read(shown(claim))
    found = []
    for n, text, one in zip(order, texts, judged, strict=True):
        told = doubts(asked, Source(stored.paper.title, text))
        uncovered = max((doubt.strength for doubt in told if doubt.kind == "uncovered"), default=0.0)
        signals = {"near": float(near[n]), "answers": one.answers, "covered": 1 - min(uncovered, 1.0)}
        found.append(Held(n, signals, tuple(told)))
    return found


def _side(best: Held, verdict: str, speaks: float) -> tuple[Side, float, tuple[str, ...]]:
    opposed = opposing(best.doubts)
    if verdict == "contradicted" or (opposed and verdict != "supported"):
        return "contradicts", speaks, tuple(doubt.reason for doubt in opposed)
    supports = logistic(weighed(SUPPORTS, best.signals))
    if verdict == "supported" or supports >= _SIDE:
        return "supports", max(supports, speaks * (verdict == "supported")), ()
    return "neither", speaks, ()


def opposing(told: Sequence[Doubt]) -> list[Doubt]:
    """The doubts that say the opposite of a claim."""
    return [doubt for doubt in told if doubt.kind in _OPPOSITE and size(doubt) >= _OPPOSED]

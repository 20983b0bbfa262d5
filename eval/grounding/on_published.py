"""`python -m eval agreement --set`: the check of sentences on judged statements of others, beside what is trivial."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.grounding.published import Judged
from eval.plots.reliability import calibration_error
from rag import check
from rag.text import terms

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
_DRAWS = 1000
_BINS = 5


def balanced(right: Flags, passed: Flags) -> float:
    """The mean of the share of supported statements that pass and of the share of others that do not."""
    sides = [float((passed[side] == right[side]).mean()) for side in (right, ~right) if side.any()]
    return sum(sides) / len(sides)


def interval(right: Flags, passed: Flags) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of `balanced`, statements drawn with replacement; the same in every run."""
    draw = np.random.default_rng(0)
    found = []
    for _ in range(_DRAWS):
        chosen = draw.integers(0, len(right), len(right))
        found.append(balanced(right[chosen], passed[chosen]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def overlap(one: Judged) -> float:
    """The share of the words of a statement that its text has."""
    said = set(terms(one.statement))
    return len(said & set(terms(f"{one.title} {one.text}"))) / len(said) if said else 1.0


def report(name: str, judged: Sequence[Judged], *, words_only: bool = False) -> str:
    """The figures of a set as lines of text."""
    begun = time.perf_counter()
    found = [check(one.statement, one.text, title=one.title, words_only=words_only) for one in judged]
    spent = (time.perf_counter() - begun) / len(judged) * 1000
    right = np.array([one.label == "supports" for one in judged])
    passed = np.array([one.verdict != "unsupported" for one in found])
    outright = np.array([one.verdict == "supported" for one in found])
    chance = np.array([one.probability or 0.0 for one in found])
    shares = np.array([overlap(one) for one in judged])
    # The line is where the set itself would have it: a baseline at its best.
    best = max((balanced(right, shares >= line), line) for line in np.unique(shares))
    lines = [
        f"{name}: {len(judged)} statements, {right.mean():.2f} of them supported, {spent:.0f} ms a check",
        _line("majority", right, np.ones_like(right)),
        _line(f"word overlap, its best line ({best[1]:.2f})", right, shares >= best[1]),
        _line("the check, weak lets pass", right, passed),
        _line("the check, weak is caught", right, outright),
        f"  supported ones called unsupported {1 - float(passed[right].mean() if right.any() else 1):.3f}",
    ]
    kinds = sorted({(one.label == "supports", one.kind) for one in judged}, reverse=True)
    if len(kinds) > 2:
        lines.append("  right: " + ", ".join(_kind(judged, passed, supports, kind) for supports, kind in kinds))
    told = [one.contradicted for one in found]
    if any(one.label == "contradicts" for one in judged):
        labels = [one.label for one, tell in zip(judged, told, strict=True) if tell]
        share = f"{labels.count('contradicts') / len(labels):.2f}" if labels else "none"
        three = [
            "contradicts" if tell else "supports" if ok else "neither" for tell, ok in zip(told, passed, strict=True)
        ]
        accuracy = np.mean([one.label == said for one, said in zip(judged, three, strict=True)])
        lines.append(
            f"  told to say the opposite {len(labels)}, of them right {share}; accuracy of three {accuracy:.3f}"
        )
    return "\n".join([*lines, *_reliability(right, found_weak=passed & ~outright, chance=chance)])


def _line(what: str, right: Flags, passed: Flags) -> str:
    low, high = interval(right, passed)
    return f"  {what}: balanced {balanced(right, passed):.3f} [{low:.3f}, {high:.3f}]"


def _kind(judged: Sequence[Judged], passed: Flags, supports: bool, kind: str) -> str:
    of_kind = np.array([(one.label == "supports", one.kind) == (supports, kind) for one in judged])
    return f"{'' if supports else 'not '}{kind} {float((passed[of_kind] == supports).mean()):.2f}"


def _reliability(right: Flags, *, found_weak: Flags, chance: Floats) -> list[str]:
    """Brier score, calibration, and the share borne out in each fifth of the probability, both sides weighing alike."""
    weights = np.where(right, 0.5 / max(right.mean(), 1e-9), 0.5 / max((~right).mean(), 1e-9))
    outcome = right.astype(float)
    score = float(np.average((chance - outcome) ** 2, weights=weights))
    bars = []
    for n in range(_BINS):
        inside = (chance >= n / _BINS) & (chance < (n + 1) / _BINS if n + 1 < _BINS else chance <= 1)
        if inside.any():
            said, true = (float(np.average(x[inside], weights=weights[inside])) for x in (chance, outcome))
            bars.append(f"{said:.2f} → {true:.2f} ({int(inside.sum())})")
    weak = f"{float(np.average(outcome[found_weak], weights=weights[found_weak])):.2f}" if found_weak.any() else "none"
    error = calibration_error(chance, outcome, weights)
    return [
        f"  Brier {score:.3f}, calibration error {error:.3f}, of weak ones borne out {weak}",
        f"  probability → borne out: {', '.join(bars)}",
    ]

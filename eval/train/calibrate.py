"""Calibration: the heads' logits into probabilities, and the lines above which something is answered or listed.

Fitted on the dev split: its questions are asked of a library of its abstracts and of as many others, as a user would.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.metrics.brier import area
from eval.train.rows.data import Data
from rag import Assistant
from rag.answers.calibration import logistic, weighed
from rag.answers.choice import answerable_signals
from rag.answers.judging import Judgment, Opened, listed_signals

Floats = NDArray[np.float64]
_FALSE_ABSTENTIONS = 0.065
"""The share of questions with an answer that may be refused, of those on one paper of the bundled library.

Of 54 questions without an answer, by two hands of which nothing was fitted, 40 are refused then, and 36 at .05; of 170
with one 8 either way.
"""
_EMPTY = 0.02
"""The share of the subjects with papers on them on which the library may be taken to have nothing."""
_STRANGE = 0.01
"""The share of those whose paper may be taken for one that no question means."""


@dataclass(frozen=True)
class Seen:
    """One row and what was found for it."""

    row: Mapping[str, Any]
    judgment: Judgment

    @property
    def papers(self) -> tuple[Opened, ...]:
        """The papers that were read."""
        return self.judgment.papers

    def means(self, one: Opened) -> bool:
        """True when a paper is one that the question means."""
        key = one.candidate.paper.id
        return key in self.row["gold"] or key in self.row["part"] or key == self.row.get("near")


def seen(assistant: Assistant, rows: Iterable[Mapping[str, Any]]) -> list[Seen]:
    """What is found for each row."""
    return [Seen(row, assistant.judged(row["question"])) for row in rows]


def read_whole(assistant: Assistant, rows: Iterable[Mapping[str, Any]]) -> list[Seen]:
    """What is found for each row that names no paper before any sentence is read by itself."""
    kept = []
    for row in rows:
        asked, found, candidates = assistant.candidates(row["question"])
        if not any(candidate.named for candidate in candidates):
            wide = assistant.judge.wide(asked.heard, found.vector, candidates)
            kept.append(Seen(row, Judgment(asked.wants, found.names.unknown, tuple(wide))))
    return kept


def logistic_fit(features: Floats, labels: Floats, *, pull: float = 0.01, steps: int = 60) -> Floats:
    """Weights, the bias last, of a logistic regression with a small pull to zero: Newton's method."""
    x = np.hstack([features, np.ones((len(features), 1))])
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - labels) + pull * len(x) * np.append(w[:-1], 0) / 10
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.eye(len(w)) * (pull * len(x) / 10 + 1e-6)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-7:
            break
    return w


def meant_fit(rows: Sequence[Seen], names: Sequence[str]) -> dict[str, float]:
    """Weights by which the paper that is meant stands out from the others that were read: a conditional logit."""
    sets = []
    for one in rows:
        gold = [n for n, paper in enumerate(one.papers) if one.means(paper)]
        if len(gold) == 1 and len(one.papers) > 1:
            sets.append((np.array([[paper.signals[name] for name in names] for paper in one.papers]), gold[0]))
    w = np.zeros(len(names))
    for _ in range(600):
        gradient = 0.02 * w * len(sets)
        for x, g in sets:
            p = np.exp(x @ w - (x @ w).max())
            p /= p.sum()
            gradient += p @ x - x[g]
        w -= 0.15 * gradient / max(len(sets), 1)
    return {name: round(float(value), 4) for name, value in zip(names, w, strict=True)}


def sentence_fit(rows: Sequence[Seen]) -> dict[str, float]:
    """From the logit of a sentence of the paper that is meant to the probability that it answers, or a part."""
    x, y = [], []
    for one in rows:
        for paper in filter(one.means, one.papers):
            key = paper.candidate.paper.id
            right = {*one.row["gold"].get(key, ()), *one.row["part"].get(key, ())}
            for n, judged in paper.judged.items():
                x.append([judged.answers])
                y.append(float(n in right))
    scale, bias = logistic_fit(np.array(x), np.array(y))
    return {"answers": round(float(scale), 4), "bias": round(float(bias), 4)}


def answerable_features(
    one: Seen, meant: Mapping[str, float], answers: Mapping[str, float]
) -> tuple[dict[str, float], float]:
    """What speaks for an answer to one row, as `choice.answerable` has it, and the logit `about` of its paper."""
    logits = np.array([weighed(meant, paper.signals) for paper in one.papers])
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    chances = [s * logistic(weighed(answers, paper.signals)) for s, paper in zip(shares, one.papers, strict=True)]
    best = one.papers[int(np.argmax(chances))]
    signals = answerable_signals(
        one.row["question"], best.signals["answers"], float(shares[int(np.argmax(chances))]), one.judgment.wants,
        unknown=len(one.judgment.unknown),
    )  # fmt: skip
    return signals, best.signals["about"]


def answerable_fit(
    own: Sequence[Seen], more: Sequence[Seen], meant: Mapping[str, float], answers: Mapping[str, float]
) -> tuple[dict[str, float], float, float, dict[str, float]]:
    """Weights of the features, the line, that of `about`, and what they give: area, and what is refused.

    The line is where so much of `more` is refused in vain; all rows count for the weights.
    """
    rows = [one for one in (*own, *more) if one.papers]
    shipped = np.array([n >= sum(bool(one.papers) for one in own) for n in range(len(rows))])
    found = [answerable_features(one, meant, answers) for one in rows]
    names = list(found[0][0])
    y = np.array([float(bool(one.row["gold"] or one.row["part"])) for one in rows])
    x = np.array([[signals[name] for name in names] for signals, _ in found])
    w = logistic_fit(x, y)
    p = 1 / (1 + np.exp(-(x @ w[:-1] + w[-1])))
    about = np.array([logit for _, logit in found])
    about_line = float(np.quantile(about[y == 1], _STRANGE))
    p[about < about_line] = 0.0
    line = float(np.quantile(p[(y == 1) & shipped], _FALSE_ABSTENTIONS))
    told = {
        f"{name} {where}": value
        for where, some in (("own", ~shipped), ("more", shipped))
        for name, value in (
            ("area", area(p[some], y[some])),
            ("false_abstention", float((p[(y == 1) & some] < line).mean())),
            ("recall", float((p[(y == 0) & some] < line).mean())),
        )
    }
    weights = {name: round(float(v), 4) for name, v in zip((*names, "bias"), w, strict=True)}
    return weights, round(line, 4), round(about_line, 3), told


@dataclass(frozen=True)
class Wanted:
    """A list that is asked for: the candidates that are judged, each with its signals and whether it belongs there.

    `belonging` counts the papers that do, found or not: 0 where there is nothing on the subject. `likeness` is that of
    the nearest paper to it.
    """

    signals: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    belonging: int
    likeness: float

    @property
    def best(self) -> list[float]:
        """What speaks for there being something on the subject, in the order of `_OF_SUBJECT`."""
        return [max((one["about"] for one in self.signals), default=-8.0), self.likeness]


_OF_SUBJECT, _OF_LIST = ("about", "likeness"), ("about", "score")


def wanted(assistant: Assistant, subject: str, gold: Collection[str], pool: Collection[str] | None = None) -> Wanted:
    """What is found for a list; `pool` are the papers that were judged, all if None."""
    asked, found, candidates = assistant.candidates(subject)
    judged = [
        (candidate, logit)
        for candidate, logit in assistant.judge.about_logits(asked.heard, candidates)
        if pool is None or candidate.paper.id in pool
    ]
    signals = [listed_signals(candidate, logit) for candidate, logit in judged]
    return Wanted(signals, [candidate.paper.id in gold for candidate, _ in judged], len(gold), found.likeness)


def subject_fit(lists: Sequence[Wanted], nothing: Sequence[Wanted]) -> tuple[dict[str, float], float, dict[str, float]]:
    """Weights by which a subject on which there is something stands out from one on which there is `nothing`."""
    x = np.array([one.best for one in (*lists, *nothing)])
    y = np.array([1.0] * len(lists) + [0.0] * len(nothing))
    w = logistic_fit(x, y)
    p = 1 / (1 + np.exp(-(x @ w[:-1] + w[-1])))
    line = float(np.quantile(p[y == 1], _EMPTY))
    told = {"area": area(p, y), "recall": float((p[y == 0] < line).mean())}
    return _named(_OF_SUBJECT, w), round(line, 4), told


def listed_fit(lists: Sequence[Wanted]) -> tuple[dict[str, float], float, dict[str, float]]:
    """Weights by which a paper belongs on a list, and the line from which on it is listed: where F2 is best."""
    x = np.array([[one[name] for name in _OF_LIST] for each in lists for one in each.signals])
    w = logistic_fit(x, np.array([float(one) for each in lists for one in each.right]))
    chances = [
        1 / (1 + np.exp(-(np.array([[one[name] for name in _OF_LIST] for one in each.signals]) @ w[:-1] + w[-1])))
        for each in lists
    ]
    f2, line = max((_f2(lists, chances, float(line)), float(line)) for line in np.arange(0.1, 0.8, 0.02))
    shown = [(each, np.array(each.right)[chance >= line]) for each, chance in zip(lists, chances, strict=True)]
    told = {
        "f2": f2,
        "precision": float(np.mean([right.mean() if len(right) else 1.0 for _, right in shown])),
        "recall": float(np.mean([right.sum() / each.belonging for each, right in shown])),
    }
    return _named(_OF_LIST, w), round(line, 4), told


def _named(names: Sequence[str], weights: Floats) -> dict[str, float]:
    return {name: round(float(v), 4) for name, v in zip((*names, "bias"), weights, strict=True)}


def _f2(lists: Sequence[Wanted], chances: Sequence[Floats], line: float) -> float:
    """Mean F, recall counted double: a reader sees at a glance what does not belong, and never what is missing."""
    found = []
    for each, chance in zip(lists, chances, strict=True):
        shown = chance >= line
        found.append(5 * float(np.array(each.right)[shown].sum()) / (4 * each.belonging + float(shown.sum())))
    return float(np.mean(found))


def calibrated(
    assistant: Assistant, data: Data, bundled: Assistant, asked: Sequence[Mapping[str, Any]],
    lists: Sequence[tuple[str, set[str]]],
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """The calibration for the manifest, and what it came to on the questions that it was fitted on.

    `asked` are questions on the bundled library, which is of one field, where near misses are many: they count for
    which paper is meant and whether to answer at all. `lists` are subjects asked for there, each with its papers, or
    with none where nothing answers.
    """
    whole = [*read_whole(assistant, data.questions), *read_whole(bundled, asked)]
    near = meant_fit(whole, ("score", "rank", "whole"))
    for one in (assistant, bundled):
        one.judge.calibration = replace(one.judge.calibration, near=near)
    rows, more = seen(assistant, data.questions), seen(bundled, asked)
    meant = meant_fit([*rows, *more], ("score", "rank", "about", "answers", "whole"))
    answers = sentence_fit(rows)
    answerable, line, about_line, told = answerable_fit(rows, more, meant, answers)
    here = [(row["subject"], set(row["yes"]), set(row["pool"]) - set(row["partly"])) for row in data.subjects]
    own = [wanted(assistant, subject, gold, pool) for subject, gold, pool in here if gold]
    own += [wanted(bundled, subject, gold) for subject, gold in lists if gold]
    # Of what is asked for elsewhere, and of what has no answer and is heard as a list, the bundled library has nothing.
    nothing = [wanted(bundled, subject, ()) for subject, _, _ in here]
    nothing += [wanted(bundled, text, ()) for text, gold in lists if not gold and bundled.candidates(text)[0].lists]
    subject_, subject_line, subject_told = subject_fit(own, nothing)
    listed, list_line, listed_told = listed_fit(own)
    found = {
        "near": near, "meant": meant, "answers": answers, "answerable": answerable, "subject": subject_,
        "listed": listed, "answer_line": line, "subject_line": subject_line, "list_line": list_line,
        "about_line": about_line,
    }  # fmt: skip
    said = {"near": first(whole, near), "meant": first(more, meant), "answerable": told}
    return found, {**said, "subject": subject_told, "listed": listed_told}


def first(rows: Sequence[Seen], weights: Mapping[str, float]) -> dict[str, float]:
    """How often a paper that is meant comes first, and is there at all, of rows that name none."""
    kept = [one for one in rows if len(one.papers) > 1 and (one.row["gold"] or one.row["part"])]
    best = [max(one.papers, key=lambda paper: weighed(weights, paper.signals)) for one in kept]
    ranked = sum(one.means(paper) for one, paper in zip(kept, best, strict=True))
    there = sum(any(map(one.means, one.papers)) for one in kept)
    return {"rows": len(kept), "first": ranked / max(len(kept), 1), "there": there / max(len(kept), 1)}

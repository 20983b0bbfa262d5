"""`python -m eval agreement`: how often the verdicts on the sentences of eval/grounding/cases.jsonl are right.

python -m eval agreement --papers storage/library/papers.jsonl --split dev
python -m eval agreement --split fields # statements on abstracts of many fields
python -m eval agreement --set scifact claims_dev.jsonl corpus.jsonl
python -m eval agreement --fit          # print the weights that fit all sentences but those that are reported
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.grounding.on_published import report
from eval.grounding.published import READERS, half, judged
from eval.metrics.brier import area
from rag.answers.verifier import reading_check
from rag.grounding.checks.borne import borne_doubts
from rag.grounding.checks.sentence import read, source
from rag.grounding.verdict import Check, check, doubts
from rag.grounding.weigh import BIAS, WEIGHTS, size, weigh
from rag.model import Paper
from rag.neural.cross_encoder import STATEMENTS, CrossEncoder
from rag.neural.embedder import make_embedder
from rag.text import shown

CASES = Path(__file__).parent / "cases.jsonl"
TRAINING = Path(__file__).parents[1] / "training"
_OF_A_SET = 100  # how much the supported of a set weigh in a fit, and the others
REPORTED, FITTED = "v01", "v06"
"""Hands of `eval/training/statements.jsonl` that no head is trained on, on abstracts of many fields: by one the check
is reported, by the other its weights are fitted."""


@dataclass(frozen=True)
class Case:
    """A sentence about papers, and whether they support it. `kind` is its style or its fault."""

    id: str
    sentence: str
    cited: tuple[str, ...]
    supported: bool
    kind: str
    split: str


@dataclass(frozen=True)
class Agreement:
    """Of the supported sentences the share that is not called unsupported, of the others the share that is.

    `by_kind` has the share that is right for every style and fault; `ms` is the median time of a check.
    """

    supported: float
    unsupported: float
    by_kind: Mapping[str, float]
    ms: float
    wrong: tuple[str, ...]

    @property
    def balanced(self) -> float:
        """The mean of the two shares."""
        return (self.supported + self.unsupported) / 2


def cases(path: Path = CASES) -> list[Case]:
    """The cases of a file of JSON lines."""
    found = []
    for row in _rows(path):
        right = row["label"] == "supported"
        kind = row["style" if right else "fault"]
        found.append(Case(row["id"], row["sentence"], tuple(row["cited"]), right, kind, row.get("split", "dev")))
    return found


def statements(hand: str = REPORTED) -> tuple[list[Case], dict[str, Paper]]:
    """Statements of a hand on abstracts of many fields, on which nothing is trained or fitted, and their papers."""
    of_hand = [row for row in _rows(TRAINING / "statements.jsonl") if row["hand"] == hand]
    found = [
        Case(f"{hand}-{n}", row["statement"], (row["paper"],), row["label"] == "supports", row["kind"], hand)
        for n, row in enumerate(of_hand, 1)
    ]
    meant = {row["paper"] for row in of_hand}
    rows = [row for row in _rows(TRAINING / "abstracts.jsonl") if row["id"] in meant]
    return found, {row["id"]: Paper(row["id"], row["title"], row["abstract"]) for row in rows}


def areas(chosen: Sequence[Case], library: Mapping[str, Paper]) -> dict[str, float]:
    """How well sums of doubts tell supported sentences from others, as areas under ROC curves.

    "all" of them, by which verdicts are given, "exact" those without what the cross-encoder says, and "unborne" that
    alone.
    """
    embed, bears = make_embedder("minilm").documents, CrossEncoder(manifest=STATEMENTS).bears
    unsupported = np.array([not case.supported for case in chosen], dtype=float)
    sums: dict[str, list[float]] = {"all": [], "exact": [], "unborne": []}
    for case in chosen:
        paper = library[case.cited[0]]
        evidence, asked = source(paper.title, paper.abstract), read(shown(case.sentence))
        sums["all"].append(weigh(doubts(asked, evidence, embed=embed, bears=bears)).total)
        sums["exact"].append(weigh(doubts(asked, evidence, embed=embed)).total)
        sums["unborne"] += [doubt.strength for doubt in borne_doubts(asked, evidence, bears)]
    return {name: area(np.array(found), unsupported) for name, found in sums.items()}


def papers(paths: Sequence[Path]) -> dict[str, Paper]:
    """The papers of files of JSON lines by their ids."""
    rows = [row for path in paths for row in _rows(path)]
    return {row["id"]: Paper(row["id"], row["title"], row["abstract"]) for row in rows}


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def agreement(chosen: Sequence[Case], library: Mapping[str, Paper], check: Check) -> Agreement:
    """How well the verdicts agree with the labels."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    spent, wrong = [], []
    for case in chosen:
        begun = time.perf_counter()
        verdict = check(case.sentence, [library[paper] for paper in case.cited]).verdict
        spent.append((time.perf_counter() - begun) * 1000)
        agrees = (verdict != "unsupported") == case.supported
        side = "supported" if case.supported else "unsupported"
        for key in (side, f"{side}: {case.kind}"):
            total[key] += 1
            right[key] += agrees
        if not agrees:
            wrong.append(case.id)
    shares = {key: right[key] / total[key] for key in sorted(total)}
    by_kind = {key: share for key, share in shares.items() if ":" in key}
    return Agreement(
        shares.get("supported", 0.0), shares.get("unsupported", 0.0), by_kind, float(np.median(spent)), tuple(wrong)
    )


def fit(sets: Sequence[tuple[Sequence[Case], Mapping[str, Paper]]]) -> dict[str, float]:
    """The weights, none below 0, that fit the labels best while they stay near the ones in use; "bias" is among them.

    Each set is weighed alike: cases, and the papers that they cite.

    Logistic regression by gradient descent, supported and unsupported sentences weighing the same in all.
    """
    kinds = list(WEIGHTS)
    embed, bears = make_embedder("minilm").documents, CrossEncoder(manifest=STATEMENTS).bears
    rows, labels, shares = [], [], []
    for chosen, library in sets:
        right = sum(case.supported for case in chosen)
        for case in chosen:
            paper = library[case.cited[0]]
            row = dict.fromkeys(kinds, 0.0)
            asked, evidence = read(shown(case.sentence)), source(paper.title, paper.abstract)
            # The check asks the cross-encoder only where nothing else has spoken; here it is asked of all.
            for doubt in (*doubts(asked, evidence, embed=embed), *borne_doubts(asked, evidence, bears)):
                row[doubt.kind] = size(doubt) if doubt.kind == "unborne" else max(row[doubt.kind], size(doubt))
            rows.append([*row.values(), 1.0])
            labels.append(not case.supported)
            shares.append(_OF_A_SET / (right if case.supported else len(chosen) - right))
    x: NDArray[np.float64] = np.array(rows)
    y, share = np.array(labels, dtype=float), np.array(shares)
    prior = np.array([*WEIGHTS.values(), BIAS])
    weights = prior.copy()
    for _ in range(4000):
        miss = 1 / (1 + np.exp(-x @ weights)) - y
        slope = x.T @ (share * miss) + 1.0 * (weights - prior)
        weights -= 0.01 * slope
        weights[:-1] = np.maximum(weights[:-1], 0)
    return dict(zip([*kinds, "bias"], weights.round(2).tolist(), strict=True))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table, and return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval agreement", description=__doc__.splitlines()[0])
    parser.add_argument("--papers", type=Path, nargs="+", default=[Path("storage/library/papers.jsonl")])
    parser.add_argument("--split", choices=("dev", "more", "test", "all", "fields"), default="dev")
    parser.add_argument("--words-only", action="store_true", help="without the networks")
    parser.add_argument("--fit", action="store_true", help="print weights instead")
    parser.add_argument("--set", choices=sorted(READERS), help="judged statements of others, from FILE…")
    parser.add_argument("--half", choices=("mend", "report"), help="of a set, the papers of one half")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    given = parser.parse_args(argv)
    if given.set:
        if not given.files:
            parser.error("--set needs the FILE… that the set was published as")
        those = [one for one in judged(given.set, given.files) if given.half in (None, half(one.group))]
        print(report(given.set, those, words_only=given.words_only))
        return 0
    chosen = [case for case in cases() if given.split in (case.split, "all")]
    if given.fit:
        known = [[case for case in cases() if case.split == split] for split in ("dev", "more")]
        print(fit([*((some, papers([path])) for path in given.papers for some in known), statements(FITTED)]))
        return 0
    by = check if given.words_only else reading_check(make_embedder("minilm"))
    if given.split == "fields":
        of_fields, theirs = statements()
        print(told("abstracts of many fields", of_fields, agreement(of_fields, theirs, by)))
        if not given.words_only:
            print(f"  areas: {areas(of_fields, theirs)}")
        return 0
    for path in given.papers:
        print(told(str(path), chosen, agreement(chosen, papers([path]), by)))
    return 0


def told(where: str, chosen: Sequence[Case], found: Agreement) -> str:
    """What came of one set, as lines."""
    return "\n".join(
        (
            f"{where}: {len(chosen)} sentences, balanced accuracy {found.balanced:.3f}",
            f"  supported let pass {found.supported:.3f}, unsupported caught {found.unsupported:.3f}",
            f"  median {found.ms:.1f} ms",
            "  " + ", ".join(f"{key} {share:.2f}" for key, share in found.by_kind.items()),
            f"  wrong: {' '.join(found.wrong) or 'none'}",
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())

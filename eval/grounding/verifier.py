"""How well the verifier agrees with the judged sentences, on the library of a run."""

from __future__ import annotations

from collections.abc import Mapping

from eval.grounding.agreement import agreement, cases
from rag.answers.verifier import reading_check
from rag.model import Paper
from rag.neural.embedder import make_embedder
from rag.settings import Settings


def verifier_agreement(papers: Mapping[str, Paper], settings: Settings) -> dict[str, float]:
    """The balanced accuracy by split: the mean of the shares of supported and of unsupported sentences judged right.

    A split whose papers are not all in the library has no score.
    """
    judged = cases()
    check = reading_check(make_embedder(settings.embedding))
    found = {}
    for split in dict.fromkeys(case.split for case in judged):
        chosen = [case for case in judged if case.split == split]
        if all(paper in papers for case in chosen for paper in case.cited):
            found[split] = round(agreement(chosen, papers, check).balanced, 6)
    return found

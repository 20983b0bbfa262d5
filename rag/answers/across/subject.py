"""Which papers are on a subject, for tables and overviews: there a paper beside it costs more than a missing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answers.calibration import weighed
from rag.answers.candidates import Candidate
from rag.answers.judging import Judge, listed_signals
from rag.neural.embedder import Vectors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.text import terms

# Fitted on the subjects of the split "dev" of eval/across/subjects.jsonl.
WEIGHTS: Mapping[str, float] = {
    "listed": 0.89, "text": 0.82, "title": 2.01, "near": 1.07, "score": 1.43, "bias": -4.25,
}  # fmt: skip
LINE = -0.2
_RELATIVE = 3.0


def on_subject(
    subject: str, vector: Vectors, candidates: Sequence[Candidate], *, judge: Judge, index: LexicalIndex
) -> list[Candidate]:
    """The candidates that are on a subject, the likeliest first; `vector` is the subject's, shape (dimension,).

    Besides the judgment that a paper belongs on a list it counts how much of the subject its title and its text have,
    the rarer a term the more, and how near its sentences are in the mean.
    """
    wanted = {term: index.idf(term) for term in set(terms(subject))}
    whole = sum(wanted.values()) or 1.0

    def share(text: str) -> float:
        return sum(wanted[term] for term in wanted.keys() & set(terms(text))) / whole

    sums = []
    for candidate, about in judge.about_logits(subject, candidates):
        paper = candidate.paper
        signals = {
            "listed": weighed(judge.calibration.listed, listed_signals(candidate, about)),
            "text": share(f"{paper.title}. {paper.abstract}"), "title": share(paper.title),
            "near": float((candidate.vectors @ vector).mean()) if candidate.vectors.size else 0.0,
            "score": min(candidate.score, _RELATIVE),
        }  # fmt: skip
        sums.append((candidate, weighed(WEIGHTS, signals)))
    sums.sort(key=lambda pair: -pair[1])
    return [candidate for candidate, total in sums if total >= LINE]

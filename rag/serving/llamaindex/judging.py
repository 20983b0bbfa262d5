"""Footnote's judgment on what LlamaIndex has found or written by any way: a ranking of nodes, a check of responses."""

from __future__ import annotations

from statistics import fmean, pstdev
from typing import Any

from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag.curation.unshelved import Checker, Ranker
from rag.errors import SettingsError
from rag.model import Verified
from rag.serving.llamaindex.nodes import papers_of


class FootnoteReranker(BaseNodePostprocessor):
    """Ranks nodes with the cross-encoder that comes with Footnote: no other model, no network, no library.

    Where all nodes come with a score, its standard score is added to ours, which ranks better than either.
    """

    top_n: int = Field(default=10, gt=0, description="How many nodes are kept.")
    keep_scores: bool = Field(default=True, description="Let the scores that the nodes come with count as well.")
    _ranker: Ranker = PrivateAttr(default_factory=Ranker)

    @classmethod
    def class_name(cls) -> str:
        """The name by which LlamaIndex knows the component."""
        return "FootnoteReranker"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise SettingsError("there is no query to rank the nodes for. Pass query_bundle or query_str.")
        if not nodes:
            return []
        scores = self._ranker.scores(query_bundle.query_str, papers_of(nodes))
        before = [one.score for one in nodes if one.score is not None]
        if self.keep_scores and len(before) == len(nodes):
            scores = [a + b for a, b in zip(_standard(scores), _standard(before), strict=True)]
        ranked = [NodeWithScore(node=one.node, score=score) for one, score in zip(nodes, scores, strict=True)]
        return sorted(ranked, key=lambda one: -(one.score or 0.0))[: self.top_n]


def _standard(scores: list[float]) -> list[float]:
    middle, spread = fmean(scores), pstdev(scores)
    return [(score - middle) / (spread or 1.0) for score in scores]


class FootnoteChecker:
    """Checks what any query engine of LlamaIndex has written against its own source nodes.

    A sentence with marks such as [2] is held against those source nodes, counted from 1; one without against all. It
    owns an embedder as long as it lives, and keeps nothing of a response.
    """

    def __init__(self) -> None:
        self._checker = Checker()

    def check(self, response: Any) -> tuple[Verified, ...]:
        """The verdict on each sentence of a response; `paper.id` is the id of the node that comes nearest.

        `node.text[start:end]` are the words of it. Raises SourceError where the response has no sentence.
        """
        return self._checker.verified(str(response), papers_of(response.source_nodes))

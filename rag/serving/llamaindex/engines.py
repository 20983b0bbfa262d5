"""A library of Footnote as a retriever and as a query engine of LlamaIndex."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag import Assistant
from rag.formats.contract import answer_line
from rag.model import Answer, Citation, Hits
from rag.serving.llamaindex.nodes import node_of


class FootnoteRetriever(BaseRetriever):
    """Finds the papers of a library: a node for each passage that was found, best paper first.

    `k` is the number of papers; `where` limits them, for example to `{"year": 2024}`. The Assistant is the caller's,
    and lives longer.
    """

    def __init__(
        self, assistant: Assistant, *, k: int = 10, where: Mapping[str, Any] | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:  # fmt: skip
        super().__init__(callback_manager=callback_manager)
        self._assistant, self._k, self._where = assistant, k, where

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(self._assistant.search(query_bundle.query_str, k=self._k, where=self._where))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(await self._assistant.asearch(query_bundle.query_str, k=self._k, where=self._where))


class FootnoteQueryEngine(BaseQueryEngine):
    """Answers from a library: the response has marks such as [1], and source node 1 is what mark [1] stands for.

    A source node has the exact words, their offsets in the abstract, and the paper in its metadata. The metadata of
    the response has `status` ("answered" or "abstained") and the whole answer as the JSON contract has it. A model
    writes where the settings of the assistant name one. The Assistant is the caller's, and lives longer.
    """

    def __init__(
        self, assistant: Assistant, *, where: Mapping[str, Any] | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:  # fmt: skip
        super().__init__(callback_manager=callback_manager)
        self._assistant, self._where = assistant, where

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._assistant.ask(query_bundle.query_str, where=self._where))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return _response(await self._assistant.aask(query_bundle.query_str, where=self._where))

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def _nodes(hits: Hits) -> list[NodeWithScore]:
    return [
        NodeWithScore(
            node=node_of(
                hit.paper, one.passage.text, one.passage.start, one.passage.end, {"found_by": list(one.found_by)}
            ),
            score=hit.score,
        )
        for hit in hits
        for one in hit.evidence
    ]


def _response(answer: Answer) -> Response:
    scores = {ranked.paper.id: ranked.score for ranked in answer.ranked}
    nodes = [NodeWithScore(node=_cited(one), score=scores.get(one.paper.id)) for one in answer.citations]
    return Response(answer.text, nodes, {"status": answer.status, "answer": json.loads(answer_line(answer))})


def _cited(citation: Citation) -> Any:
    text = f"{citation.field}: {citation.quote}" if citation.field else citation.quote
    marks = {"number": citation.number} | ({"field": citation.field} if citation.field else {})
    return node_of(citation.paper, text, citation.start, citation.end, marks)

"""The JSON that people script against: one line out for each result, one line in for each question of a batch.

Every line is valid JSON on its own: dates are ISO, characters are written as they are, and a number that is not finite
is null. A new field may be added; none may be renamed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.errors import SettingsError, kind_of
from rag.model import (
    Answer,
    Citation,
    Evidence,
    FileReport,
    Hit,
    Hits,
    IngestReport,
    Paper,
    Ranked,
    Statement,
    Verified,
)
from rag.model.findings import Reference

NO_ID: object = object()
"""The id of a line that has none; what is written then has no `id` either."""

_COUNTS: tuple[Literal["papers", "new", "changed", "unchanged", "merged"], ...] = (
    "papers", "new", "changed", "unchanged", "merged",
)  # fmt: skip
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class BatchLine:
    """One line of a batch: its id (any JSON value, or `NO_ID`), the question or query, and what limits it.

    `history` is as the line has it; what is wrong in a turn is found where it is used. `cited` are the papers that a
    sentence to verify cites.
    """

    id: object
    text: str
    history: tuple[Any, ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict, hash=False)
    cited: tuple[str, ...] = ()


class LineError(SettingsError):
    """A line of a batch that cannot be read. `id` is the line's, as far as it could be read, else `NO_ID`."""

    def __init__(self, message: str, line_id: object = NO_ID) -> None:
        super().__init__(message)
        self.id = line_id


def answer_line(answer: Answer, line_id: object = NO_ID) -> str:
    """The JSON of an Answer: `ask --json`, and one line of `ask --batch`."""
    return json_line(
        {
            "question": answer.question,
            "standalone_question": answer.standalone_question,
            "status": answer.status,
            "text": answer.text,
            "statements": [_statement(statement) for statement in answer.statements],
            "citations": [_citation(citation) for citation in answer.citations],
            "ranked": [_ranked(ranked) for ranked in answer.ranked],
            "nearest": [_nearest(ranked) for ranked in answer.nearest],
            "mode": answer.mode,
            "model": answer.model,
            "usage": answer.usage,
            "timings_ms": answer.timings_ms,
            "left_out": [_statement(statement) for statement in answer.left_out],
            "notes": answer.notes,
            "cost_usd": answer.cost_usd,
            "confidence": None if answer.confidence is None else round(answer.confidence, 3),
            "rounds": [vars(one) for one in answer.rounds],
            "sent_back": answer.sent_back,
        },
        line_id,
    )


def hits_line(query: str, hits: Hits, line_id: object = NO_ID) -> str:
    """The JSON of the hits for a query: `search --json`, and one line of `search --batch`."""
    return json_line({"query": query, "hits": [_hit(hit) for hit in hits]}, line_id)


def verified_line(verified: Verified, line_id: object = NO_ID) -> str:
    """The JSON of a sentence that was verified: `verify --json`, and one line of `verify --batch`."""
    return json_line(
        {
            "sentence": verified.sentence,
            "cited": verified.cited,
            "verdict": verified.verdict,
            "reasons": verified.reasons,
            "paper_id": verified.paper.id if verified.paper else None,
            "quote": verified.quote,
            "start": verified.start,
            "end": verified.end,
            "contradicted": verified.contradicted,
            "probability": verified.probability,
        },
        line_id,
    )


def reference_line(reference: Reference) -> str:
    """The JSON of an entry of a draft's references: a line of `verify --references --json`."""
    return json_line(
        {
            "reference": reference.text,
            "paper_id": reference.paper.id if reference.paper else None,
            "differences": reference.differences,
        }
    )


def paper_line(paper: Paper) -> str:
    """The JSON of a paper with all its fields; as a record it can be ingested again, and gives the same paper."""
    return json_line(paper_fields(paper) | {"copies": [paper_fields(copy) for copy in paper.copies]})


def paper_fields(paper: Paper) -> dict[str, Any]:
    """The fields of a paper as JSON has them, without the records that it was merged from."""
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "abstract_kind": paper.abstract_kind,
        "url": paper.url,
        "published": paper.published.isoformat() if paper.published else None,
        "published_inferred": paper.published_inferred,
        "authors": paper.authors,
        "author_count": paper.author_count,
        "source": paper.source,
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "retraction": paper.retraction,
        "extra": paper.extra,
    }


def report_line(report: IngestReport) -> str:
    """The JSON of what an ingest came to, by file and in all."""
    totals: dict[str, int] = {name: report.total(name) for name in _COUNTS}
    totals["rejected"] = sum(len(file.rejected) for file in report.files)
    totals["failed"] = sum(file.error is not None for file in report.files)
    return json_line({"files": [_file(file) for file in report.files], "totals": totals})


def error_line(message: str, line_id: object = NO_ID) -> str:
    """What stands in a batch in the place of a line that could not be answered; `id` is null where it is unknown."""
    return json_line({"error": message}, None if line_id is NO_ID else line_id)


def read_line(raw: bytes, *, text_field: Literal["question", "text", "sentence"]) -> BatchLine:
    """One line of a batch, UTF-8: an object with the question or query in `text_field`.

    Raises:
        LineError: it is none; the message says why.
    """
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise LineError(f"the line is not UTF-8: byte 0x{raw[error.start]:02X} at offset {error.start}.") from error
    except json.JSONDecodeError as error:
        raise LineError(f"the line is no JSON: {error.msg} at column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        cause = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise LineError(f"the line is no JSON that can be read: {cause}.") from error
    if not isinstance(value, dict):
        raise LineError(f'the line is {kind_of(value)}; give an object such as {{"id": 1, "{text_field}": "…"}}.')
    line_id = value.get("id", NO_ID)
    text, history, where = value.get(text_field), value.get("history"), value.get("where")
    if not isinstance(text, str):
        raise LineError(f"the line's {text_field} is {_seen(value, text_field)}; give a string.", line_id)
    if _SURROGATE.search(text):
        raise LineError(f"the line's {text_field} has half a character (a lone surrogate); write it whole.", line_id)
    if history is not None and not isinstance(history, list):
        raise LineError(f"the line's history is {_seen(value, 'history')}; give a list of turns.", line_id)
    if where is not None and not isinstance(where, dict):
        raise LineError(f"the line's where is {_seen(value, 'where')}; give an object.", line_id)
    cited = value.get("cited")
    if text_field == "sentence" and not (isinstance(cited, list) and all(isinstance(one, str) for one in cited)):
        raise LineError(f"the line's cited is {_seen(value, 'cited')}; give a list of ids or titles.", line_id)
    return BatchLine(line_id, text, tuple(history or ()), where or {}, tuple(cited or ()))


def json_line(record: Mapping[str, Any], line_id: object = NO_ID) -> str:
    """`record` as one line of JSON, after its id: what is not finite is null, control characters are escapes."""
    whole = record if line_id is NO_ID else {"id": line_id, **record}
    text = json.dumps(_finite(whole), ensure_ascii=False, allow_nan=False)
    # Half a character cannot be written as UTF-8, and a control character would act on the terminal that shows it.
    # Their escapes do neither, and read back as what came in.
    return _ESCAPED.sub(lambda odd: f"\\u{ord(odd[0]):04x}", text)


def _finite(value: Any) -> Any:
    """`value` with null for NaN and the infinities, which JSON does not have; numbers of numpy become plain ones."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, str | int) or value is None:
        return value
    number = float(value)
    return number if math.isfinite(number) else None


def _citation(citation: Citation) -> dict[str, Any]:
    paper = citation.paper
    return {
        "number": citation.number,
        "paper_id": paper.id,
        "title": paper.title,
        "year": paper.published.year if paper.published else None,
        "url": paper.url,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "field": citation.field,
        "retraction": paper.retraction,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "citations": statement.citations,
        "verdict": statement.verdict,
        "reasons": statement.reasons,
        "contradicted": statement.contradicted,
        "probability": statement.probability,
    }


def _ranked(ranked: Ranked) -> dict[str, Any]:
    return {"paper_id": ranked.paper.id, "title": ranked.paper.title, "score": ranked.score}


def _nearest(ranked: Ranked) -> dict[str, Any]:
    return _ranked(ranked) | {"quote": ranked.quote, "start": ranked.start, "end": ranked.end}


def _hit(hit: Hit) -> dict[str, Any]:
    passages = [_passage(evidence) for evidence in hit.evidence]
    return {"paper_id": hit.paper.id, "title": hit.paper.title, "score": hit.score, "passages": passages}


def _passage(evidence: Evidence) -> dict[str, Any]:
    passage = evidence.passage
    return {"text": passage.text, "start": passage.start, "end": passage.end, "score": evidence.score}


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.path,
        "reader": file.reader,
        **{name: getattr(file, name) for name in _COUNTS},
        "removed": file.removed,
        "rejected": [{"line": rejected.line, "reason": rejected.reason} for rejected in file.rejected],
        "error": file.error,
    }


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _seen(value: Mapping[str, Any], name: str) -> str:
    return kind_of(value[name]) if name in value else "missing"

"""The JSON of keeping current, one line for each result: sources, what a sync brought, followed questions and news."""

from __future__ import annotations

import json
from typing import Any

from rag.formats.contract import json_line, report_line
from rag.model import FileReport, IngestReport
from rag.model.changes import Followed, News, SentenceChange, Source, SourceReport, SyncReport


def source_line(source: Source) -> str:
    """The JSON of a remembered source: a line of `sources --json`."""
    return json_line(
        {
            "source": source.spec,
            "kind": source.kind,
            "first": source.first,
            "last": source.last or None,
            "papers": source.papers,
            "cut_off": bool(source.state),
            "error": source.error or None,
        }
    )


def sync_line(report: SyncReport) -> str:
    """The JSON of a sync: as that of an ingest, and what each source came to."""
    whole: dict[str, Any] = json.loads(report_line(report.ingested))
    whole["sources"] = [_source(source) for source in report.sources]
    whole["dry_run"] = report.dry_run
    return json_line(whole)


def file_line(file: FileReport) -> str:
    """The JSON of one file's report, as an ingest's report has it: a line of `watch --json`."""
    return json_line(json.loads(report_line(IngestReport((file,))))["files"][0])


def followed_line(followed: Followed) -> str:
    """The JSON of a question that is followed, with its answer when it was last read."""
    return json_line(_followed(followed) | {"status": followed.answer.status, "text": followed.answer.text})


def news_line(news: News) -> str:
    """The JSON of what became of an answer: a line of `news --json`.

    `change` is "answered", "retracted", "changed", "abstained" or "failed"; of a question that failed, `status` and
    `text` are those of the answer that is kept.
    """
    before, now = news.followed.answer, news.now or news.followed.answer
    return json_line(
        _followed(news.followed)
        | {
            "change": news.turn,
            "status_before": before.status,
            "status": now.status,
            "text_before": before.text,
            "text": now.text,
            "sentences": [_sentence(one) for one in news.sentences],
            "because": [
                {"paper_id": one.paper_id, "title": one.title, "change": one.state, "retraction": one.retraction}
                for one in news.causes
            ],
            "note": news.note or None,
            "error": news.error,
        }
    )


def _followed(followed: Followed) -> dict[str, Any]:
    return {
        "number": followed.number,
        "question": followed.question,
        "where": dict(followed.where),
        "since": followed.since,
        "read": followed.read,
    }


def _sentence(change: SentenceChange) -> dict[str, Any]:
    return {
        "change": change.state,
        "text": change.text,
        "before": change.before,
        "figures_before": change.figures[0],
        "figures": change.figures[1],
        "paper_ids": change.papers,
    }


def _source(source: SourceReport) -> dict[str, Any]:
    return {
        "source": source.spec,
        "kind": source.kind,
        "state": source.state,
        "found": source.found,
        "left_out": source.left_out,
        "vanished": source.vanished,
        "error": source.error,
    }

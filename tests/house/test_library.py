"""The bundled library: complete records, in words of our own, true to the figures."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from rag.sources import read_file
from rag.text.titles import slug

LIBRARY = Path(__file__).parents[2] / "storage" / "library" / "papers.jsonl"
RECORDS = [json.loads(line) for line in LIBRARY.read_text(encoding="utf-8").splitlines()]


def test_every_record_is_read_as_a_digest() -> None:
    papers = list(read_file(LIBRARY).entries)
    assert len(papers) == len(RECORDS) == 287
    assert {paper.abstract_kind for paper in papers} == {"digest"}


def test_ids_are_the_readable_names_that_pages_would_get() -> None:
    # So that a page with the original abstracts meets the digests by title, and a library by id.
    assert [record["id"] for record in RECORDS if record["id"] != slug(record["title"])] == []
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)


def test_digests_have_60_to_150_words() -> None:
    lengths = {record["id"]: len(re.findall(r"[^\s]+", record["abstract"])) for record in RECORDS}
    assert {key: length for key, length in lengths.items() if not 55 <= length <= 155} == {}


def test_metadata_are_those_of_the_one_page_that_has_them() -> None:
    dated = [record for record in RECORDS if "published" in record]
    assert len(dated) == 21
    assert {date.fromisoformat(record["published"]).year for record in dated if record.get("published_inferred")} == {
        2025
    }
    assert all(record["author_count"] > 0 for record in dated)


def test_addresses_are_the_papers_own() -> None:
    addresses = [record["url"] for record in RECORDS if "url" in record]
    assert addresses
    assert [address for address in addresses if "mirror" in address or not address.startswith("http")] == []


def test_the_check_against_the_pages_finds_no_fault(seeds: Path) -> None:
    tool = seeds.parent / "tools" / "check_digests.py"
    if not tool.exists():
        pytest.skip(f"no {tool}: the digests are not compared with the pages")
    done = subprocess.run([sys.executable, str(tool), str(LIBRARY), str(seeds)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "287 digests, 287 papers on the pages, 0 faults" in done.stdout

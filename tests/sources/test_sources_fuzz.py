"""A few hundred mutated files through all readers, in a process with limits; `make fuzz` runs ten thousand."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources import READERS, read_file
from tests.fuzz.mutate import LARGEST, mutated
from tests.fuzz.seeds import SEEDS

ROOT = Path(__file__).parents[2]


def test_mutated_files_are_papers_or_one_clear_error():
    command = [sys.executable, "-m", "tests.fuzz", "--cases", "400", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "400 cases in" in done.stdout
    assert done.stderr == ""  # the parsers' own remarks included


def test_every_reader_has_a_seed(tmp_path):
    readers = set()
    for name, data in SEEDS.items():
        (tmp_path / name).write_bytes(data)
        reading = read_file(tmp_path / name)
        assert all(isinstance(entry, Paper) for entry in reading.entries)
        readers.add(reading.reader)
    assert readers == {reader.name for reader in READERS}


def test_mutations_can_be_repeated_and_are_not_too_large():
    seeds = list(SEEDS.values())
    twice = [[mutated(seeds[n % len(seeds)], Random(n), seeds) for n in range(100)] for _ in range(2)]
    assert [twice[0][n][:4] for n in range(100)] == [twice[1][n][:4] for n in range(100)]
    assert len(set(twice[0])) > 90
    assert max(map(len, twice[0])) <= LARGEST


_PIECES = {
    "bib": ["@article{a,", "@string{x = ", "}", "{", '"', ",", " = ", "title", "author", " and ", "\\'", "#", "\n"],
    "ris": ["TY  - JOUR\n", "ER  - \n", "AU  - ", "TI  - ", "AB  - ", "UR  - ", "DA  - ", "2024/13/45", "\n",
            "C8  - footnote "],
    "nbib": ["PMID- 1\n", "PMID- ", "TI  - ", "AB  - ", "      ", "\n", "\n\n", "LID - ", "[doi]", "DP  - ", "FAU - ,"],
    "csv": ["title", "abstract", ",", ";", "\t", '"', '""', "\n", "authors", "Owl A.", "year", "2024", "arXiv:"],
    "xml": ["<PubmedArticle>", "</PubmedArticle>", "<MedlineCitation>", "<Article>", "<ArticleTitle>", "</", ">", "&",
            "<![CDATA["],
}  # fmt: skip
_BEGINS = {"bib": "@misc{", "ris": "TY  - GEN\n", "nbib": "PMID- 1\n", "csv": "title,abstract\n",
           "xml": "<PubmedArticleSet>"}  # fmt: skip


@pytest.mark.parametrize("form", _PIECES)
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_any_pieces_of_a_format_are_papers_or_an_error(tmp_path, form, data):
    parts = data.draw(st.lists(st.sampled_from(_PIECES[form]) | st.text(max_size=6)))
    (tmp_path / "any").write_bytes((_BEGINS[form] + "".join(parts)).encode("utf-8", "surrogatepass"))
    first, second = outcome(tmp_path / "any"), outcome(tmp_path / "any")
    assert first == second
    if isinstance(first, str):
        assert "\n" not in first
    else:
        assert all(isinstance(entry, Paper | Rejected) for entry in first)


def outcome(path):
    """The entries of the file, or the message of its error."""
    try:
        return list(read_file(path).entries)
    except SourceError as error:
        return str(error)

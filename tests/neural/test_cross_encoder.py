"""The cross-encoder: how papers are packed, what is said of a wrong file, that it says the same twice."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LibraryError
from rag.neural import CrossEncoder, Read
from rag.neural.cross_encoder import MANIFEST, STATEMENTS
from rag.neural.files import DATA
from rag.neural.packing import CLS, MOST_PIECES, QUESTION_PIECES, SEP, pack
from rag.neural.runtime import session

ROOT = Path(__file__).resolve().parents[2]
OWL = Read(
    "OwlNet: Seeing Birds at Night", ("Owls are hard to see.", "OwlNet keeps 12 tokens.", "It needs no training.")
)


@pytest.fixture(scope="module")
def encoder():
    return CrossEncoder()


@pytest.fixture(scope="module")
def tokenizer(encoder):
    return encoder._tokenizer


def test_a_question_and_a_sentence_are_one_run_of_pieces(tokenizer):
    packed = pack(tokenizer, "how many tokens", "OwlNet", ["Owls see.", "It is fast."])
    ids = list(packed.ids)
    assert ids[0] == CLS
    assert ids.count(SEP) == 4  # behind the question, the title and each of two sentences
    first = ids.index(SEP) + 1
    assert set(packed.types[:first]) == {0}
    assert set(packed.types[first:]) == {1}
    assert len(packed.ids) == len(packed.types)


@given(st.data())
def test_no_text_makes_a_run_longer_than_is_read(tokenizer, data):
    text = st.text(max_size=600)
    packed = pack(tokenizer, data.draw(text), data.draw(text), data.draw(st.lists(text, max_size=12)))
    assert len(packed.ids) == len(packed.types) <= MOST_PIECES
    assert packed.ids[-1] == SEP


def test_of_a_long_question_the_end_is_read(tokenizer):
    story = "I walked through the wood. " * 60 + "How many owls?"
    packed = pack(tokenizer, story, "", [])
    end = tokenizer.encode("How many owls?", add_special_tokens=False).ids
    assert len(packed.ids) == QUESTION_PIECES + 2
    assert list(packed.ids[-1 - len(end) : -1]) == end


def reads(*sentences, title="OwlNet: Seeing Birds at Night"):
    return [Read(title, (sentence,)) for sentence in sentences]


OWL = reads("Owls are hard to see.", "OwlNet keeps 12 tokens.", "It needs no training.")


def test_the_same_sentence_gets_the_same_judgment_whatever_is_read_beside_it(encoder):
    question = "How many tokens does OwlNet keep?"
    alone = encoder.read(question, OWL)
    again = encoder.read(question, [*reads("Kelp grows in the sea.", title="KelpCast"), *OWL])
    assert alone == again[1:]


def test_the_sentence_that_answers_stands_out_and_the_paper_beside_the_point_does_not(encoder):
    kelp = reads("Kelp grows in the sea.", "Satellites see it.", title="KelpCast: Forecasting Kelp")
    found = encoder.read("How many tokens does OwlNet keep?", [*OWL, *kelp])
    answers = [judged.answers for judged in found]
    assert answers.index(max(answers)) == 1
    assert min(judged.about for judged in found[:3]) > max(judged.about for judged in found[3:])


def test_a_paper_without_sentences_is_read_by_its_title(encoder):
    (judged,) = encoder.read("owls", [Read("Owls of the World", ())])
    assert np.isfinite(judged.about)


@pytest.fixture
def folder(tmp_path):
    for name in (MANIFEST, "cross_encoder.onnx", "tokenizer.json"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def test_a_missing_file_is_an_error_that_names_it(folder):
    (folder / "cross_encoder.onnx").unlink()
    with pytest.raises(LibraryError, match=r"cross_encoder\.onnx cannot be read.*Install Footnote again"):
        CrossEncoder(folder).read("owls?", OWL)


def test_a_file_that_the_manifest_does_not_name_is_an_error_with_both_hashes(folder):
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(LibraryError, match=r"its hash begins with \w{12}, and should with \w{12}"):
        CrossEncoder(folder).read("owls?", OWL)


def test_a_damaged_manifest_is_an_error(folder):
    (folder / MANIFEST).write_text("{")
    with pytest.raises(LibraryError, match=r"the manifest .*cross_encoder\.json cannot be read"):
        CrossEncoder(folder).read("owls?", OWL)


def test_the_manifest_names_what_the_file_was_made_of():
    manifest = json.loads((DATA / MANIFEST).read_text())
    assert set(manifest["calibration"]) == {
        "near", "meant", "answers", "answerable", "subject", "listed", "answer_line", "subject_line", "list_line",
        "about_line",
    }  # fmt: skip
    assert 0 < manifest["calibration"]["answer_line"] < 1


NIGHT = ("OwlNet: Seeing Birds at Night", ("OwlNet keeps 12 tokens of an image.", "It needs no training."))


@pytest.fixture(scope="module")
def reader():
    """What reads statements."""
    return CrossEncoder(manifest=STATEMENTS)


def test_what_a_sentence_does_with_a_statement_is_three_shares_of_one(reader):
    told = reader.bears("OwlNet keeps 12 tokens.", *NIGHT)
    assert set(told) == {"supports", "contradicts", "neither"}
    assert sum(told.values()) == pytest.approx(1)
    assert told == reader.bears("OwlNet keeps 12 tokens.", *NIGHT)


def test_a_sentence_said_again_is_supported_more_than_its_denial(reader):
    def supported(statement):
        return reader.bears(statement, *NIGHT)["supports"]

    assert supported("OwlNet works without any training.") > supported("OwlNet has to be trained for weeks.")


def test_a_file_is_read_once_in_a_process_and_anew_when_it_changed(tmp_path):
    path = tmp_path / "network.onnx"
    shutil.copyfile(DATA / "questions.onnx", path)
    first = session(path)
    assert session(path) is first
    os.utime(path, ns=(1, 1))
    assert session(path) is not first


def test_networks_read_ahead_are_those_that_are_asked(library_dir):
    code = (
        "import threading\n"
        "from rag import Assistant\n"
        "from rag.neural.runtime import _session\n"
        f"with Assistant.open({str(library_dir)!r}, asking=True) as assistant:\n"
        "    [one.join() for one in threading.enumerate() if one.name == 'read-ahead']\n"
        "    assert _session.cache_info().misses == 3, _session.cache_info()\n"
        "    assert '12 of 196' in assistant.ask('How many visual tokens does OwlNet keep?').text\n"
        "    assert _session.cache_info().misses == 3, _session.cache_info()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr


def test_reading_ahead_keeps_no_error_from_who_asks(tmp_path):
    shutil.copytree(DATA.parents[1], tmp_path / "rag")
    (tmp_path / "rag" / "neural" / "data" / "questions.onnx").write_bytes(b"no network")
    code = (
        "from rag.neural.question_reader import QuestionReader\n"
        "from rag.neural.runtime import read_ahead\n"
        "read_ahead('minilm')\n"
        "QuestionReader().read('What is OwlNet?')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert "is not the file that its manifest names" in done.stderr
    assert done.stderr.count("Traceback") == 1

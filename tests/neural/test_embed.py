"""The embedder that comes with the installation: its hash, its shapes, and vectors that depend on the text alone."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from rag.errors import LibraryError, SettingsError
from rag.neural.embedder import MiniLM, common_words, make_embedder
from rag.neural.files import DATA

TEXTS = ["Owls see at night.", "Kelp grows in cold seas, and fast. " * 12, "", "γ-Moss 鸟", "Owls see at night."]


@pytest.fixture(scope="module")
def model():
    return MiniLM()


def spans_of(texts):
    return [[(0, 4), (5, 8)] if len(text) > 8 else [] for text in texts]


def test_vectors_have_unit_length_and_the_shapes_that_are_said(model):
    found = model.documents(TEXTS, spans_of(TEXTS))
    assert [whole.shape for whole, _ in found] == [(384,)] * 5
    assert [rows.shape for _, rows in found] == [(2, 384), (2, 384), (0, 384), (0, 384), (2, 384)]
    for whole, rows in found:
        assert np.linalg.norm(whole) == pytest.approx(1, abs=1e-4)
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)
        assert whole.dtype == rows.dtype == np.float32


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(model):
    together = model.documents(TEXTS, spans_of(TEXTS))
    for text, spans, (whole, rows) in zip(TEXTS, spans_of(TEXTS), together, strict=True):
        [(alone, alone_rows)] = model.documents([text], [spans])
        assert np.array_equal(whole, alone)
        assert np.array_equal(rows, alone_rows)
        assert np.array_equal(whole, model.query(text))
        assert np.array_equal(model.read(text, spans)[1], rows)


def test_another_embedder_object_gives_the_same_vectors(model):
    assert np.array_equal(model.query(TEXTS[0]), MiniLM().query(TEXTS[0]))


def test_texts_of_one_meaning_are_nearer_than_others(model):
    owl, bird, cache = map(model.query, ["an owl in the night", "a bird after dark", "memory of a web server"])
    assert owl @ bird > owl @ cache


def test_what_is_cut_off_at_the_end_stands_for_the_whole_text(model):
    text = "owls " * 400  # more than 256 word pieces
    whole, rows = model.read(text, [(0, 4), (len(text) - 5, len(text) - 1)])
    assert np.allclose(rows[1], whole, atol=1e-6)
    assert not np.allclose(rows[0], whole, atol=1e-3)


def test_progress_counts_every_text_once(model):
    counted = []
    model.documents(TEXTS, spans_of(TEXTS), counted.append)
    assert sum(counted) == len(TEXTS)


def test_words_are_made_small_at_unit_length(model):
    _, rows = model.read("Owls see kelp", [(0, 4), (5, 8), (9, 13)])
    small = model.word_space.reduced(rows)
    assert small.shape == (3, model.word_space.axes.shape[1])
    assert small.shape[1] < 384
    assert np.linalg.norm(small, axis=1) == pytest.approx(1, abs=1e-4)
    assert model.word_space.reduced(np.zeros((0, 384), np.float32)).shape == (0, small.shape[1])


def test_signs_of_words_say_which_numbers_are_above_the_mean(model):
    mean = model.word_space.mean
    above, first_below = mean + 1, mean + 1
    first_below[0] = mean[0] - 1
    signs = model.word_space.signs(np.stack([above, first_below]))
    assert signs.shape == (2, 384 // 8)
    assert (signs[0] == 255).all()
    assert signs[1].tolist() == [127] + [255] * 47


def test_damaged_weights_are_refused_with_both_hashes(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    with (tmp_path / "data" / "embedder.onnx").open("r+b") as file:
        file.seek(10_000_000)
        byte = file.read(1)
        file.seek(10_000_000)
        file.write(bytes([byte[0] ^ 1]))  # one bit
    wanted = MiniLM().sha256[:12]
    with pytest.raises(LibraryError, match=rf"embedder\.onnx is not the file .* \w{{12}}, .* {wanted}\. Inst"):
        MiniLM(folder=tmp_path / "data").query("owls")


def test_weights_that_are_not_there_are_an_error_that_says_what_to_do(tmp_path):
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("*.onnx"))
    with pytest.raises(LibraryError, match=r"embedder\.onnx cannot be read \(No such file or directory\)\. "):
        MiniLM(folder=tmp_path / "data").query("owls")


def test_an_unknown_embedder_is_an_error_that_names_those_known():
    with pytest.raises(SettingsError, match=r"no embedding 'owl'; known: minilm, openai:MODEL"):
        make_embedder("owl")


def test_making_an_embedder_loads_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert make_embedder("minilm").dimension == 384


def test_common_words_are_whole_words():
    words = common_words()
    assert {"owl", "prism", "scale", "night"} <= words
    assert not {"##ing", "owlnet", ","} & words


def test_the_runtime_of_the_networks_keeps_no_device_id_and_tells_its_maker_nothing(tmp_path):
    # It does both when it is not told not to, but never where CI is set: so CI is taken out.
    told = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    told.pop("CI", None)
    told.pop("ORT_DISABLE_TELEMETRY", None)
    script = "from rag.neural import make_embedder; make_embedder('minilm').query('an owl')"
    subprocess.run([sys.executable, "-c", script], env=told, check=True, timeout=120)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

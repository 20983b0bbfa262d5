"""Counting tokens without a download."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.text.tokens import count_tokens


def test_tokens_are_counted():
    # "hello world" is two tokens of cl100k_base, as its documentation shows; nothing is none.
    assert count_tokens("hello world") == 2
    assert count_tokens("") == 0


def test_marks_of_special_tokens_are_plain_text():
    assert count_tokens("<|endoftext|>") > 1


@given(st.text(max_size=60))
def test_a_text_has_a_token_or_more_and_no_more_than_it_has_bytes(text):
    assert bool(text) <= count_tokens(text) <= len(text.encode())


def test_an_unknown_vocabulary_is_an_error_that_names_the_known():
    with pytest.raises(SettingsError, match=r"no vocabulary 'owl_base' .* use cl100k_base or o200k_base"):
        count_tokens("owl", encoding="owl_base")


def test_nothing_is_downloaded_and_the_environment_is_left_alone_where_no_cache_is_set(tmp_path):
    code = """
import os, socket
def refuse(*_, **__): raise PermissionError("reached for the network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from rag.text.tokens import count_tokens
print(count_tokens("hello world"), count_tokens("hello world", encoding="o200k_base"))
print("TIKTOKEN_CACHE_DIR" in os.environ)
"""
    names = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["2", "2", "False"]), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_cache_of_the_users_own_is_left_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert count_tokens("hello world", encoding="o200k_base") == 2
    assert os.environ["TIKTOKEN_CACHE_DIR"] == str(tmp_path)

"""The settings: read from the environment, refused with all their faults, never changed."""

import pytest
from pydantic import ValidationError

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


def test_without_an_environment_nothing_is_named_that_is_on_a_network():
    settings = load_settings()
    assert (settings.llm, settings.llm_judge, settings.chroma_url, settings.embedding) == (None, None, None, "minilm")


def test_a_key_in_the_environment_alone_changes_nothing(monkeypatch):
    before = load_settings()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-owl")
    assert load_settings() == before


def test_settings_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_PASSAGE_TOKENS", "64")
    monkeypatch.setenv("FOOTNOTE_NAMES", "false")
    monkeypatch.setenv("FOOTNOTE_FUSION", "rrf")
    settings = load_settings()
    assert (settings.passage_tokens, settings.names, settings.fusion) == (64, False, "rrf")


def test_a_caller_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_PASSAGE_TOKENS", "64")
    assert Settings(passage_tokens=48).passage_tokens == 48


def test_all_variables_that_cannot_be_used_are_named_with_their_values(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_PASSAGE_TOKENS", "many")
    monkeypatch.setenv("FOOTNOTE_FUSION", "blend")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_PASSAGE_TOKENS='many'.*FOOTNOTE_FUSION='blend'"):
        load_settings()


@pytest.mark.parametrize(("name", "value"), [("PASSAGE_TOKENS", "15"), ("ANSWER_WORDS", "0"), ("PROXIMITY", "-0.1")])
def test_a_value_out_of_its_range_is_refused(name, value, monkeypatch):
    monkeypatch.setenv(f"FOOTNOTE_{name}", value)
    with pytest.raises(SettingsError, match=f"FOOTNOTE_{name}='{value}'"):
        load_settings()


def test_settings_cannot_be_changed_nor_made_up():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().dense = False
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Settings(owls=3)


def test_a_key_is_not_shown():
    assert "sk-owl" not in repr(Settings(llm_api_key="sk-owl"))


def test_there_are_at_most_twenty_settings():
    assert len(Settings.model_fields) <= 20

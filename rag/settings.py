"""The settings: one frozen object, read from the environment (prefix `FOOTNOTE_`) or given by the caller."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError


class Settings(BaseSettings):
    """All that can be set. Reading it builds nothing and touches neither disk nor network."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", frozen=True, extra="forbid")

    embedding: str = "minilm"
    """The embedder's name: "minilm" is the one that comes with the installation; or openai:MODEL, MODEL@http://host/v1."""
    chroma_url: str | None = None
    """Address of a Chroma server (http://host:port); without it Chroma runs inside this process."""
    passage_tokens: int = Field(default=96, ge=16, le=400)
    """Budget of a passage, in cl100k tokens, its title not counted."""
    dense: bool = True
    """Find passages by the likeness of their vectors."""
    lexical: bool = True
    """Find papers by their words (BM25)."""
    names: bool = True
    """Find papers by the names of systems in the question."""
    metadata: bool = True
    """Read conditions on dates and authors out of the question."""
    fusion: Literal["zscore", "rrf"] = "zscore"
    """How dense and lexical scores become one: sum of standard scores, or reciprocal ranks."""
    proximity: float = Field(default=0.2, ge=0, le=1)
    """Weight of the question's terms standing close together, in scoring the best papers again; 0 switches it off."""
    neighbours: float = Field(default=0.5, ge=0, le=1)
    """Weight of the scores of a paper's nearest neighbours, in scoring the best papers again; 0 switches it off."""
    late: float = Field(default=0.25, ge=0, le=1)
    """Weight of the nearest words (late interaction), more where words are not shared; 0 switches it off."""
    answer_words: int = Field(default=80, ge=20, le=400)
    """The most words that the answer to a question about one fact has."""
    llm: str | None = None
    """The model that writes answers: openai:MODEL or MODEL@http://host/v1; without it answers are extractive."""
    llm_api_key: SecretStr | None = None
    """The key for the models named here; without it OPENAI_API_KEY, which is sent only to a model that is named."""
    llm_context_tokens: int | None = Field(default=None, ge=1024)
    """The size of the model's context; without it the server is asked."""
    llm_timeout_s: float = Field(default=60.0, gt=0, le=3600)
    """The most seconds that one answer may wait for models, all tries together."""
    llm_rounds: int = Field(default=3, ge=1, le=10)
    """The most looks into the library for one question: the first, and those that the model asks for."""
    llm_judge: str | None = None
    """A second model, named like the first, that is asked about each statement when the checks have let it pass."""
    llm_cache: bool = False
    """Keep the replies of models in the storage folder, so that the same question costs nothing the second time."""
    unsupported: Literal["leave out", "strike"] = "leave out"
    """What becomes of a sentence of a model that is not supported: left out, or shown struck through."""


def load_settings() -> Settings:
    """The settings as the environment gives them.

    Raises:
        SettingsError: a variable has a value that cannot be used; all such variables are named.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"FOOTNOTE_{'_'.join(map(str, fault['loc'])).upper()}={fault.get('input')!r}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(f"settings in the environment cannot be used: {faults}. Correct or unset them.") from error

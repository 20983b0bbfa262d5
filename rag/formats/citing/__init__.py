"""References to papers as other programs and journals want them, and answers as Markdown that cites."""

from __future__ import annotations

from rag.formats.citing.answers import ANSWER_FORMATS, answer_as, check_form
from rag.formats.citing.references import REFERENCE_FORMATS, cited, keys_of
from rag.formats.citing.styles import Style

__all__ = ["ANSWER_FORMATS", "REFERENCE_FORMATS", "Style", "answer_as", "check_form", "cited", "keys_of"]

"""The exact record of a paper inside formats that have no place for all of it: BibTeX, RIS, CSL-JSON.

What those formats show is for other programs: LaTeX in place of letters, one line in place of several, no field for a
digest. Beside it stands the record as JSON lines have it, in characters that no program touches, with a checksum of
what is shown. While that fits, a reader takes the record, and an export that is read gives the same library. Where
somebody has edited the entry it does not fit, and what is shown counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from rag.formats.contract import paper_line
from rag.model import Paper

FIELD = "footnote"
"""The name of the field: of an entry in BibTeX, of an item's `custom` object in CSL-JSON, and the prefix in RIS."""

PLACELESS = ("id", "abstract_kind", "published_inferred", "author_count", "source", "retraction", "extra")
"""What an edited entry still takes from the record, unless its format says otherwise: it has no field for these."""

_PLAIN = re.compile(r"[A-Za-z0-9,.:;()/?!'*+-]| (?! |$)")
_QUOTED = re.compile(r"=([0-9A-F]{2})")


def packed(paper: Paper, shown: Sequence[str]) -> str:
    """The record of a paper with the checksum of what the entry shows, as one line of ASCII.

    `shown` are the values of the entry's fields as they are written, in an order that reader and writer agree on, ""
    for a field that is not there. Letters, digits, single blanks and harmless marks stand for themselves, every other
    byte of the UTF-8 is "=" and two hex digits, so that the line holds no brace, quote, backslash or line end.
    """
    record = {name: value for name, value in json.loads(paper_line(paper)).items() if not _absent(value)}
    text = _checksum(shown) + " " + json.dumps(record, ensure_ascii=False)
    return "".join(
        text[at] if _PLAIN.match(text, at) else "".join(f"={byte:02X}" for byte in text[at].encode())
        for at in range(len(text))
    )


def with_exact(standard: Mapping[str, object], line: str, shown: Sequence[str]) -> dict[str, object]:
    """The record that an entry stands for, with the names that a JSON line has.

    `standard` is the record as the format's own fields give it, `line` what `packed` made and `shown` the raw values of
    the same fields in the same order: only their ASCII letters and digits count, so that braces, quotes and breaks of
    lines are as good as none. A line that cannot be read counts as none.
    """
    checksum, record = _unpacked(line)
    if record is None:
        return dict(standard)
    if checksum == _checksum(shown):
        return record
    return {name: record[name] for name in PLACELESS if name in record} | {
        name: value for name, value in standard.items() if not _absent(value) and name != "id"
    }


def _unpacked(line: str) -> tuple[str, dict[str, object] | None]:
    try:
        raw = re.sub(r"\s+", " ", line.strip()).encode("ascii")
        text = _QUOTED.sub(lambda byte: chr(int(byte[1], 16)), raw.decode("ascii")).encode("latin-1").decode("utf-8")
        checksum, _, content = text.partition(" ")
        record = json.loads(content)
    except (ValueError, RecursionError):
        return "", None
    return checksum, record if isinstance(record, dict) else None


def _checksum(shown: Sequence[str]) -> str:
    kept = "|".join(re.sub(r"[^A-Za-z0-9]+", "", value) for value in shown)
    return hashlib.sha256(kept.encode("ascii")).hexdigest()[:10]


def _absent(value: object) -> bool:
    return value is None or value is False or value in ("", [], {})

"""`python -m eval general-names`: counts the names that papers of many fields use, and that are nobody's own.

A name counts where `LEAST` abstracts of eval/training have it, of whatever field: "GDP", "ReLU", "JWST".
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rag.text.names import looks_like_name, name_key, tokens

ABSTRACTS = Path(__file__).parents[1] / "training" / "abstracts.jsonl"
LEAST = 3


def main(arguments: Sequence[str]) -> int:
    """Write the keys to a file, a line each; 0 when that is done."""
    parser = argparse.ArgumentParser(prog="python -m eval general-names", description=__doc__)
    parser.add_argument("out", type=Path, help="the file to write, such as rag/text/data/general_names.txt")
    given = parser.parse_args(arguments)
    with ABSTRACTS.open(encoding="utf-8") as lines:
        keys = general(f"{row['title']}. {row['abstract']}" for row in map(json.loads, lines))
    given.out.write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")
    print(f"{len(keys)} names; in {given.out}")
    return 0


def general(texts: Iterable[str]) -> list[str]:
    """The keys of the names that stand in at least `LEAST` of the texts, sorted."""
    spread: Counter[str] = Counter()
    for text in texts:
        spread.update({name_key(token) for token in tokens(text) if looks_like_name(token)})
    return sorted(key for key, count in spread.items() if count >= LEAST and len(key) > 1)

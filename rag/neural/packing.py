"""A question and words of a paper as one run of word pieces: how the cross-encoder reads them, in training and in use.

    [CLS] question [SEP] title [SEP] sentence [SEP] sentence … [SEP]

To choose sentences they are read one by one; a paper that may be on a list is read with its first sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.text.normalization import without_surrogates

CLS, SEP = 101, 102
QUESTION_PIECES, TITLE_PIECES = 64, 16
MOST_PIECES, LISTED_PIECES = 192, 144
"""The most pieces of a run: of a question with sentences, and with a paper that may be on a list."""


@dataclass(frozen=True)
class Packed:
    """One run of pieces: `ids`, and `types`: 0 for the question, 1 for the rest.

    `spans` are the offsets in the question of its pieces, which stand behind the first of all.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    spans: tuple[tuple[int, int], ...] = ()


def pack(tokenizer: Any, question: str, title: str, sentences: Sequence[str], *, most: int = MOST_PIECES) -> Packed:
    """`question` with a title and sentences under it, at most `most` pieces; what is over is not read.

    Of a long question its end counts, where people who tell a story first put what they ask.
    """
    texts = [without_surrogates(text) for text in (question, title, *sentences)]
    first, *rest = tokenizer.encode_batch(texts, add_special_tokens=False)
    asked, (headed, *read) = first.ids, [piece.ids for piece in rest]
    ids = [CLS, *asked[-QUESTION_PIECES:], SEP]
    types = [0] * len(ids)
    if title or sentences:
        ids += [*headed[:TITLE_PIECES], SEP]
        for pieces in read:
            ids += [*pieces, SEP]
        ids = ids if len(ids) <= most else [*ids[: most - 1], SEP]
    return Packed(tuple(ids), (*types, *[1] * (len(ids) - len(types))), tuple(first.offsets[-QUESTION_PIECES:]))

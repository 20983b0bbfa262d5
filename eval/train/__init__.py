"""`python -m eval train STEP`: trains the embedder and the cross-encoder, writes their files, calibrates and measures.

Steps: `embed` (the embedder, trained and written), `fit` (weights of the cross-encoder into a folder), `export` (the
int8 file into `rag/neural/data/`), `calibrate` (its manifest), `report` (figures of a split), `curve` (what a quarter
and half of the questions teach beside all). All but `calibrate` and `report` need the extra `train`; the base weights
come from a package of its lock. After `embed` the space of the words is fitted anew:
`python -m eval word-space rag/neural/data/minilm_words.npz`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rag.errors import SourceError
from rag.neural.cross_encoder import MANIFEST, STATEMENTS
from rag.neural.files import DATA
from rag.neural.question_reader import MANIFEST as QUESTIONS

TOKENIZER = "tokenizer.json"
NETWORKS = {"answers": MANIFEST, "statements": STATEMENTS, "questions": QUESTIONS}
"""What is trained, with the name of its manifest; a file of weights is called like it."""


def main(arguments: Sequence[str]) -> int:
    """The exit status. Raises SourceError where data or the packages for training are missing."""
    parser = argparse.ArgumentParser(prog="python -m eval train", description=__doc__)
    parser.add_argument("step", choices=("embed", "fit", "export", "calibrate", "report", "curve"))
    parser.add_argument("--folder", type=Path, default=Path("build/train"), help="where weights are kept meanwhile")
    parser.add_argument("--split", default="apart", help="the split that `report` asks")
    parser.add_argument("--off", default="", choices=("", "asks", "about", "answers"), help="a head to leave out")
    parser.add_argument("--share", type=float, default=1.0, help="the share of the rows that is trained on")
    parser.add_argument(
        "--network", default="answers", choices=tuple(NETWORKS), help="which one `fit`s and is `export`ed"
    )
    parser.add_argument("--without", action="append", default=[], help="a kind of rows that is left out")
    parser.add_argument("--whole", nargs="*", default=[], help="hands or kinds of rows that are all trained on")
    parser.add_argument("--start", type=Path, help="weights.pt or an exported file to begin with, in place of the base")
    parser.add_argument("--rate", type=float, default=6e-5, help="the peak rate of the body; 4e-5 is good for `embed`")
    parser.add_argument("--least", type=float, default=0.02, help="the share of it at the end")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    steps = {
        "embed": _embed, "fit": _fit, "export": _export, "calibrate": _calibrate, "report": _report, "curve": _curve,
    }  # fmt: skip
    steps[given.step](given)
    return 0


def _base() -> Path:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        import torch  # noqa: F401

        from eval.train.network import BASE_FOLDER, BASE_PACKAGE

        return Path(str(distribution(BASE_PACKAGE).locate_file(BASE_FOLDER)))
    except (ImportError, PackageNotFoundError) as error:
        raise SourceError(f"training needs packages that are not here ({error}): run `make trainer`.") from error


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _embed(given: argparse.Namespace) -> None:
    folder = _base()
    from eval.train.embedding import Plan, train
    from eval.train.export import write_encoder
    from eval.train.network import BASE, base_encoder
    from eval.train.rows.data import Data
    from eval.train.rows.meant import Passages, rows_of
    from eval.train.rows.mining import mined
    from rag.neural.embedder import MANIFEST as EMBEDDER

    data = Data("train")
    data.mined = mined("train", given.folder, data.questions)
    rows = rows_of(data)
    _told(f"{data}; {len(rows):,} questions with a paper that they mean")
    encoder, plan = base_encoder(folder), Plan(epochs=given.epochs, rate=given.rate, seed=given.seed)
    train(encoder, _tokenizer(folder), rows, Passages(data.papers), plan, told=_told)
    file = "embedder.onnx"
    said = {"file": file, "sha256": write_encoder(encoder, DATA / file), **_tokenizer_of(folder)}
    _write(EMBEDDER, said | {"base": BASE, "plan": {**vars(plan), "rows": len(rows)}})


def _tokenizer_of(folder: Path) -> dict[str, str]:
    """The tokenizer of the base, copied beside the files, as their manifests name it."""
    import shutil

    shutil.copyfile(folder / TOKENIZER, DATA / TOKENIZER)
    return {"tokenizer": TOKENIZER, "tokenizer_sha256": hashlib.sha256((DATA / TOKENIZER).read_bytes()).hexdigest()}


def _fit(given: argparse.Namespace) -> None:
    folder = _base()
    import torch

    from eval.train.export import unpack
    from eval.train.fit import Plan, loss_of, question_loss, train
    from eval.train.network import base
    from eval.train.rows.data import Data
    from eval.train.rows.mining import mined

    data = Data("train", share=given.share, without=given.without, whole=given.whole)
    alone = given.network == "questions"
    if not alone:
        data.mined = mined("train", given.folder, data.questions)
    _told(f"{data}")
    network = base(folder, given.network, layers=given.layers)
    if given.start and given.start.suffix == ".onnx":
        unpack(network, given.start)
    elif given.start:
        missing, beside = network.load_state_dict(torch.load(given.start, weights_only=True), strict=False)
        if beside or any(name.startswith("encoder.") for name in missing):  # a head may be new
            raise SourceError(f"{given.start} is of another network: {[*missing, *beside][:3]}; give one of this.")
    short = {"batch_pairs": 32} if alone else {}
    plan = Plan(epochs=given.epochs, rate=given.rate, least=given.least, seed=given.seed, layers=given.layers, **short)
    groups = data.alone_groups if alone else data.groups
    loss = question_loss if alone else loss_of
    train(network, _tokenizer(folder), groups, plan, given.folder, told=_told, loss=loss)
    done = json.loads((given.folder / "plan.json").read_text())
    last = {"network": given.network, "share": given.share, "whole": given.whole, "without": given.without} | done
    plan_ = {"passes": [*_passes(given.start), last], "layers": given.layers}
    (given.folder / "plan.json").write_text(json.dumps(plan_, indent=1))


def _passes(start: Path | None) -> list[dict[str, Any]]:
    """The passes that weights to begin with have behind them, as what stands beside them tells."""
    if start is None:
        return []
    beside = start.with_suffix(".json") if start.suffix == ".onnx" else start.with_name("plan.json")
    told: dict[str, Any] = json.loads(beside.read_text())
    return list(told.get("plan", told)["passes"])


def _export(given: argparse.Namespace) -> None:
    folder = _base()
    import torch

    from eval.train.export import write
    from eval.train.network import BASE, base

    plan = json.loads((given.folder / "plan.json").read_text())
    network = base(folder, given.network, layers=plan["layers"])
    network.load_state_dict(torch.load(given.folder / "weights.pt", weights_only=True))
    name = NETWORKS[given.network]
    path, file = DATA / name, Path(name).with_suffix(".onnx").name
    manifest = json.loads(path.read_text()) if path.exists() else {}
    manifest |= {"file": file, "sha256": write(network, DATA / file), **_tokenizer_of(folder)}
    _write(name, manifest | {"base": BASE, "plan": plan})


def _calibrate(given: argparse.Namespace) -> None:
    from eval.library import library
    from eval.questions.gold import load
    from eval.train.calibrate import calibrated
    from eval.train.measure import library_of
    from eval.train.rows.data import Data
    from rag import Assistant, Settings

    questions = Path(__file__).parents[1] / "questions"
    shipped = [gold for name in ("dev", "fit", "more", "abstention") for gold in load(questions / f"{name}.jsonl")]
    # Which papers they mean is known, and which sentences is not.
    single = [
        {"question": gold.question, "gold": {} if gold.kind == "unanswerable" else dict.fromkeys(gold.papers, ()),
         "part": {}}
        for gold in shipped
        if gold.kind in ("fact", "number", "paraphrase", "noisy", "false-premise", "unanswerable")
        and (gold.papers or gold.kind == "unanswerable") and not gold.history
    ]  # fmt: skip
    lists = [
        (gold.question, set(gold.papers) if gold.kind == "list" else set())
        for gold in shipped
        if gold.kind in ("list", "unanswerable") and not gold.history
    ]
    with (
        library(None, Settings()) as storage, Assistant.open(storage, Settings()) as bundled,
        library_of("dev", given.folder) as assistant,
    ):  # fmt: skip
        found, told = calibrated(assistant, Data("dev"), bundled, single, lists)
    manifest = json.loads((DATA / MANIFEST).read_text())
    _write(MANIFEST, manifest | {"calibration": found})
    print(json.dumps(told, indent=1))


def _write(name: str, manifest: dict[str, Any]) -> None:
    (DATA / name).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _report(given: argparse.Namespace) -> None:
    from eval.train.measure import asked, figures, library_of, list_figures, table
    from eval.train.rows.data import Data

    data = Data(given.split)
    with library_of(given.split, given.folder, off=given.off) as assistant:
        outcomes = asked(assistant, data)
        told = figures(outcomes) | list_figures(assistant, data)
    given.folder.mkdir(parents=True, exist_ok=True)
    with (given.folder / f"answers-{given.split}.jsonl").open("w", encoding="utf-8") as file:
        for one in outcomes:
            kept = {"right": one.right, "first": one.first, "status": one.answer.status, "text": one.answer.text}
            file.write(json.dumps({**one.row, **kept, "confidence": one.answer.confidence}, ensure_ascii=False) + "\n")
    print(table(told))


def _curve(given: argparse.Namespace) -> None:
    folder = _base()
    import torch

    from eval.train.curve import SHARES, point, table, thinned
    from eval.train.fit import Plan, loss_of, train
    from eval.train.network import base
    from eval.train.rows.data import Data

    splits, tokenizer, found = ("dev", "apart"), _tokenizer(folder), []
    for share in SHARES:
        data, home = Data("train", share=share), given.folder / f"share-{share:g}"
        network = base(folder, "answers", layers=given.layers)
        if (home / "weights.pt").exists():
            network.load_state_dict(torch.load(home / "weights.pt", weights_only=True))
        else:
            plan = Plan(epochs=round(given.epochs / share), rate=given.rate, least=given.least, seed=given.seed)
            train(network, tokenizer, partial(thinned, data), plan, home, told=_told, loss=loss_of)
        found.append((f"{share:g}", len(data.questions), [point(network, tokenizer, Data(name)) for name in splits]))
        print(table(found, splits), flush=True)

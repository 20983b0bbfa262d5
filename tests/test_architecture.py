"""The house as its imports show it: floors, doors, what may touch which library, and the size of the rooms."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "arxiv",
    "huggingface_hub",
    "httpx",
    "chromadb",
    "llama_index",
    "openai",
    "onnxruntime",
    "bm25s",
    "gradio",
    "tokenizers",
    "tiktoken",
    "citeproc",
    "opentelemetry",
)
MOST_LINES = 300

# Floor → rooms. A package stands for all modules in it. A new module has to be put on a floor here.
ROOMS = {
    0: """
        rag.model rag.file_report rag.errors rag.settings rag.changes rag.loopback rag.findings
    """,
    1: """
        rag.text rag.figures rag.names rag.passages rag.tokens rag.conditions rag.question rag.sources rag.merge
        rag.titles rag.gathering rag.provenance rag.reports
        rag.citations rag.facts rag.lookup rag.ground rag.bibliography rag.contract
        rag.named_model
        rag.name_index rag.prompts rag.prices rag.guard rag.marks rag.splitting rag.metadata_lines rag.evidence
        rag.statements rag.verify rag.listed rag.opinion rag.exact rag.export rag.news rag.intake
        rag.contract_changes rag.contract_across rag.tabulated rag.overviewed rag.csl_item rag.citing
        rag.authorship rag.negated rag.ordinals
    """,
    2: """
        rag.neural rag.embed rag.chroma rag.clients rag.manifest rag.records rag.writer rag.lock rag.shelves rag.store
        rag.scoring rag.looking_up rag.copied
        rag.lexical rag.postings rag.naming rag.dialogue rag.spelling rag.query rag.retrieve rag.answer_cache
        rag.language rag.llm rag.provider rag.incoming rag.writing
        rag.generate rag.remote_embed rag.meter rag.kept rag.remembered rag.source_runs rag.archive rag.ray_workers
        rag.origins rag.tracing
        rag.live
    """,
    3: """
        rag.answers rag.across rag.answering rag.ingest rag.planning rag.preparing rag.doctor rag.curation rag.engine
        rag rag.follow rag.sync rag.watch rag.unshelved rag.bundled rag.snapshots rag.against
    """,
    4: """
        rag.cli rag.__main__ rag.serving rag.llamaindex ui eval
    """,
}
FLOORS = {name: floor for floor, names in ROOMS.items() for name in names.split()}
PACKAGES = {"rag.answers", "rag.across", "rag.neural", "rag.sources", "rag.ground", "rag.live", "rag.cli", "ui", "eval"}
PACKAGES |= {"rag.serving", "rag.llamaindex", "rag.citing"}
DOORS = ("rag.cli", "rag.__main__", "rag.serving", "rag.llamaindex", "ui", "eval")

# Who may import the libraries that do the heavy work.
TOUCHES = {
    "chromadb": {"rag.chroma", "rag.lock", "rag.shelves", "rag.store"},
    "onnxruntime": {"rag.embed", "rag.neural.cross_encoder"},
    "bm25s": {"rag.language", "rag.lexical", "rag.postings"},
    "llama_index": {"rag.llm", "rag.remote_embed"},
    "openai": {"rag.llm", "rag.provider"},
    "ray": {"rag.ray_workers"},
    "arxiv": {"rag.live.arxiv"},
    "huggingface_hub": {"rag.live.huggingface", "rag.live.hub_session"},
}
# The plain pipeline that the benchmark compares with is made of these libraries and of nothing else.
BASELINE = "eval.plain"
# A door into LlamaIndex speaks its types.
INTO_LLAMA_INDEX = "rag.llamaindex"
# Training writes the file that the runtime reads, and looks for near misses by words.
TRAINER = "eval.train"

# `rag.text` among them: abstracts are stored as their page had them, and readers see the normal form.
# `rag.sync`, `rag.watch`, `rag.follow` and `rag.remembered` too: asking for what is new opens no library.
PUBLIC = {
    "rag.provenance",
    *(
        "rag",
        "rag.text",
        "rag.model",
        "rag.errors",
        "rag.settings",
        "rag.loopback",
        "rag.contract",
        "rag.bibliography",
        "rag.export",
    ),
    *("rag.findings", "rag.contract_across", "rag.tabulated", "rag.overviewed"),
    # What needs no library: a ranking, a check.
    "rag.unshelved",
    *("rag.citing", "rag.bundled"),
    *("rag.changes", "rag.contract_changes", "rag.sync", "rag.watch", "rag.follow", "rag.remembered", "rag.snapshots"),
}
# What a door may use beyond the public API, and why.
BEYOND = {
    # The cost of ingest is given in units of embedding the same passages alone: that needs passages and embedder.
    "eval.cost": {"rag.embed", "rag.passages", "rag.text", "rag.tokens"},
    # It fits what the embedder comes with.
    "eval.word_space": {"rag.embed", "rag.sources", "rag.text"},
    # It trains the model that the runtime reads, on pairs packed and facts worded as the runtime has them.
    "eval.train": {"rag.neural", "rag.facts", "rag.answers"},
    # The plain pipeline has to embed with the same weights, or the comparison would be one of models.
    "eval.plain": {"rag.embed"},
    # It measures the verifier itself, feature by feature, and fits its weights; an Answer shows only verdicts.
    "eval.agreement": {"rag.embed", "rag.ground", "rag.text"},
    # It asks the verifier about each citation by itself; a Statement has one verdict for all of them.
    "eval.verdicts": {"rag.figures", "rag.ground"},
    # It measures the verifier with the embedder that goes with it.
    "eval.verifier": {"rag.embed"},
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    found = [path for top in ("rag", "ui", "eval") for path in sorted((ROOT / top).rglob("*.py"))]
    return {module_name(path): path for path in found}


def imported(source: str, module: str, known: set[str], *, package: bool = False) -> set[str]:
    """The modules that `source` imports anywhere: at its head, within functions, or for type checking only."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: len(module.split(".")) - node.level + package] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{origin}.{alias.name}"
                names.add(full if full in known else origin)
    return names


@cache
def imports_of(module: str) -> frozenset[str]:
    path = modules()[module]
    names = imported(path.read_text(encoding="utf-8"), module, set(modules()), package=path.name == "__init__.py")
    return frozenset(names)


def room(module: str) -> str | None:
    """The entry of the table that a module belongs to."""
    if module in FLOORS:
        return module
    return next((package for package in PACKAGES if module.startswith(f"{package}.")), None)


def floor(module: str) -> int:
    return FLOORS[room(module) or module]


def door(module: str) -> str | None:
    return next((name for name in DOORS if module == name or module.startswith(f"{name}.")), None)


def ours(names: frozenset[str]) -> set[str]:
    return {name for name in names if name in modules()}


def cycles(graph: dict[str, set[str]]) -> list[str]:
    """One line for each cycle met when the graph is walked depth first."""
    found: list[str] = []
    done: set[str] = set()

    def walk(node: str, way: tuple[str, ...]) -> None:
        if node in way:
            found.append(" → ".join((*way[way.index(node) :], node)))
        elif node not in done:
            for following in sorted(graph.get(node, ())):
                walk(following, (*way, node))
            done.add(node)

    for node in sorted(graph):
        walk(node, ())
    return found


def public_functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Functions and methods without a leading underscore, and constructors, outside of other functions."""
    for node in tree.body:
        members = [node] if not isinstance(node, ast.ClassDef) else [] if node.name.startswith("_") else node.body
        for member in members:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and (
                not member.name.startswith("_") or member.name == "__init__"
            ):
                yield (f"{node.name}.{member.name}" if isinstance(node, ast.ClassDef) else member.name), member


def annotations(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The dotted names in the annotations of a function, also in quoted ones."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    for annotation in [*(argument.annotation for argument in every if argument), function.returns]:
        for node in ast.walk(annotation) if annotation else ():
            if isinstance(node, ast.Name | ast.Attribute):
                yield ast.unparse(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                # A quoted type, or the help text within Annotated: its words are no names of types and do no harm.
                yield from re.findall(r"[\w.]+", node.value)


def names_from(tree: ast.Module, libraries: tuple[str, ...]) -> set[str]:
    """The names under which a module knows anything of these libraries."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {a.asname or a.name.split(".")[0] for a in node.names if a.name.split(".")[0] in libraries}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in libraries:
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def test_reading_imports_sees_hidden_ones() -> None:
    source = (
        "from rag import text, Assistant\nfrom .naming import find\nfrom . import lock\n"
        "if TYPE_CHECKING:\n    from rag.engine import Assistant\ndef f():\n    import chromadb.config\n"
    )
    known = {"rag", "rag.text", "rag.naming", "rag.lock", "rag.engine"}
    # "Assistant" is no module, so the package itself is what `from rag import Assistant` imports.
    assert imported(source, "rag.store", known) == {*known, "chromadb.config"}


def test_walking_a_graph_finds_its_cycle() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b → c → b"]
    assert cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_every_module_has_a_floor() -> None:
    assert [name for name in modules() if room(name) is None] == [], "put them on a floor, in FLOORS"


def test_every_room_of_the_table_exists() -> None:
    gone = [name for name in FLOORS if name.startswith("rag") and name not in modules()]
    assert gone == [], "take them out of FLOORS"


def test_imports_point_downward() -> None:
    upward = [
        f"{module} (floor {floor(module)}) imports {name} (floor {floor(name)})"
        for module in modules()
        for name in ours(imports_of(module))
        if room(module) and room(name) and floor(name) > floor(module)
    ]
    assert upward == []


def test_no_cycle_of_imports() -> None:
    # Importing a module of a package runs the package's own __init__ first; that edge is Python's, not ours.
    assert cycles({module: ours(imports_of(module)) - {module} for module in modules()}) == []


@pytest.mark.parametrize("library", TOUCHES)
def test_only_named_rooms_touch(library: str) -> None:
    touching = {
        module
        for module in modules()
        if any(name.split(".")[0] == library for name in imports_of(module))
        and module != BASELINE
        and not module.startswith((f"{TRAINER}.", f"{INTO_LLAMA_INDEX}."))
    }
    assert touching <= TOUCHES[library]
    assert all(floor(module) == 2 for module in TOUCHES[library])


def test_doors_use_the_public_api_only() -> None:
    beyond = [
        f"{module} imports {name}"
        for module in modules()
        if door(module)
        for name in ours(imports_of(module))
        if door(name) is None and room(name) not in PUBLIC | beyond_of(module)
    ]
    assert beyond == []


def beyond_of(module: str) -> set[str]:
    """What a module of a door may use beyond the public API, or the package that it belongs to."""
    return next((rooms for name, rooms in BEYOND.items() if module == name or module.startswith(f"{name}.")), set())


def test_nobody_imports_a_door() -> None:
    entering = [
        f"{module} imports {name}"
        for module in modules()
        for name in ours(imports_of(module))
        # `footnote ui`, `serve` and `mcp` open other doors, and `python -m rag` is the same door.
        if door(name) and door(module) != door(name) and (module, name) not in {("rag.__main__", "rag.cli")}
        and not (door(module) == "rag.cli" and (name == "ui.app" or door(name) == "rag.serving"))
    ]  # fmt: skip
    assert entering == []


def test_no_type_of_chroma_or_llama_index_in_a_public_signature() -> None:
    showing = []
    for module, path in modules().items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        foreign = names_from(tree, ("chromadb", "llama_index"))
        for name, function in public_functions(tree) if door(module) != INTO_LLAMA_INDEX and module != BASELINE else ():
            showing += [f"{module}.{name}: {used}" for used in annotations(function) if used.split(".")[0] in foreign]
    assert showing == []


def test_no_public_signature_takes_any_keyword() -> None:
    open_ended = [
        f"{module}.{name}"
        for module, path in modules().items()
        for name, function in public_functions(ast.parse(path.read_text(encoding="utf-8")))
        if function.args.kwarg
    ]
    assert open_ended == []


def test_finding_types_in_signatures_sees_quoted_and_nested_ones() -> None:
    tree = ast.parse(
        "from chromadb import Collection as C\nimport llama_index.core\n"
        "class A:\n    def f(self, x: 'list[C]', **more: int) -> dict[str, llama_index.core.Node]: ...\n"
    )
    assert names_from(tree, ("chromadb", "llama_index")) == {"C", "llama_index"}
    [(name, function)] = public_functions(tree)
    assert name == "A.f"
    assert {"C", "llama_index.core.Node"} <= set(annotations(function))
    assert function.args.kwarg is not None


@pytest.mark.parametrize("module", ["rag", "rag.cli", "eval.__main__"])
def test_importing_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_no_module_is_too_long() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_page_on_the_house_names_every_room() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in FLOORS if f"`{name}`" not in page] == []

"""The house as its imports show it: wings in one order, doors, what may touch which library, the size of the rooms."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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

# The wings in their order, the lowest first: a wing imports those before it and none behind it. The top of `rag` counts
# by file. A new wing, or a new file at the top, has to be put here; a new module within a wing does not.
WINGS = (
    "rag.errors rag.model rag.settings rag.text rag.formats rag.grounding rag.sources rag.neural rag.library "
    "rag.retrieval rag.answers rag.intake rag.curation rag.assistant rag rag.serving rag.cli rag.__main__ ui eval"
).split()
ROOMS_OF_EVAL = (
    "eval.library eval.progress eval.questions eval.metrics eval.plots eval.grounding eval.runs eval.reports "
    "eval.benchmarks eval.across eval.people eval.conversations eval.train eval.__main__ eval"
).split()
ROOMS_OF_UI = "ui.text ui.operation ui.content ui.rendering ui.tabs ui.app ui".split()
DOORS = ("rag.serving", "rag.cli", "rag.__main__", "ui", "eval")
MOST_FILES = 14
MOST_ENTRIES = 16
# The folders of tests that belong to no wing of `rag`: of the other doors, of all of it, of exports and questions from
# the field, of the campaign of faults.
FOLDERS_BESIDE_WINGS = {"ui", "eval", "house", "field", "campaign"}
# Endings that make no other name: two modules must not be told apart by one of them.
ENDINGS = ("", "s", "es", "r", "er", "or", "ed", "ing", "ion", "ations", "ation")
# Two names that are one noun each, as the field has them.
NO_NAMESAKES = {
    frozenset({"reader", "reading"}),  # what reads a library in Chroma; what was read out of a question
    frozenset({"generation", "generator"}),  # a room and the module that is its way in
}

# Who may import the libraries that do the heavy work.
TOUCHES = {
    "chromadb": {"rag.library"},
    "onnxruntime": {"rag.neural"},
    "bm25s": {"rag.retrieval.index", "rag.retrieval.question.language"},
    "llama_index": {"rag.answers.generation", "rag.neural"},
    "openai": {"rag.answers.generation", "rag.neural.provider"},
    "arxiv": {"rag.sources.live.services"},
    "huggingface_hub": {"rag.sources.live.services"},
    "ray": {"rag.intake.ray_workers"},
    "gradio": {"ui.app", "ui.tabs"},
}
# The plain pipeline that the benchmark compares with is made of these libraries and of nothing else.
BASELINE = "eval.benchmarks.plain"
# A door into LlamaIndex speaks its types.
INTO_LLAMA_INDEX = "rag.serving.llamaindex"
# Training writes the file that the runtime reads.
TRAINER = "eval.train"

# `rag.text` among them: abstracts are stored as their page had them, and readers see the normal form.
# Parts of `rag.curation` too: asking for what is new opens no library.
PUBLIC = {
    *("rag", "rag.errors", "rag.model", "rag.settings", "rag.text.normalization", "rag.text", "rag.formats"),
    "rag.sources.merging.provenance",
    *("rag.curation.sync", "rag.curation.watch", "rag.curation.follow", "rag.curation.remembered_sources"),
    "rag.library.snapshots",
    # What needs no library: a ranking, a check.
    *("rag.sources.live.loopback", "rag.curation.unshelved", "rag.curation.against"),
}
# What a door may use beyond the public API, and why.
BEYOND = {
    # It makes a library of the digests that come along, in the form that this version reads.
    "rag.cli.bundled": {"rag.assistant", "rag.library.manifest"},
    # The cost of ingest is given in units of embedding the same passages alone: that needs passages and embedder.
    "eval.benchmarks.cost": {"rag.neural.embedder", "rag.text"},
    # What is heard of a question is measured apart from what is made of it.
    "eval.people": {"rag.neural.question_reader"},
    "eval.conversations": {"rag.neural.question_reader"},
    # It trains the model that the runtime reads, on pairs packed, facts worded and statements held against what the
    # runtime has them held against, and fits what the embedder comes with.
    "eval.train": {"rag.neural", "rag.answers", "rag.sources", "rag.grounding"},
    # The plain pipeline has to embed with the same weights, or the comparison would be one of models.
    "eval.benchmarks.plain": {"rag.neural.embedder"},
    # It says what a run will cost before anything is asked; an Answer says it afterwards.
    "eval.runs.with_model": {"rag.answers.generation.transport.prices"},
    # It measures the verifier itself, feature by feature, and fits its weights; an Answer shows only verdicts.
    "eval.grounding.agreement": {"rag.neural", "rag.grounding", "rag.answers.verifier"},
    # It fits the weights by which cells of tables are filled, on what speaks for each sentence.
    "eval.across.fit": {"rag.answers", "rag.neural"},
    # It asks the verifier about each citation by itself; a Statement has one verdict for all of them.
    "eval.grounding.verdicts": {"rag.text.figures", "rag.grounding"},
    # It measures the verifier with the networks that go with it.
    "eval.grounding.verifier": {"rag.neural", "rag.answers.verifier"},
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


def within(module: str, names: Iterable[str]) -> bool:
    """Whether the module is one of these, or lies in one of these packages; the top of `rag` holds nothing else."""
    return any(module == name or (name != "rag" and module.startswith(f"{name}.")) for name in names)


def wing(module: str, wings: Sequence[str] = WINGS) -> str | None:
    """The entry of the table that a module belongs to."""
    return next((name for name in wings if within(module, (name,))), None)


def ways(wings: Sequence[str] = WINGS) -> dict[tuple[str, str], list[str]]:
    """Which wing imports which, and by which modules."""
    found: dict[tuple[str, str], list[str]] = {}
    for module in modules():
        for name in ours(imports_of(module)):
            one, other = wing(module, wings), wing(name, wings)
            if one and other and one != other:
                found.setdefault((one, other), []).append(f"{module} imports {name}")
    return found


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


def test_every_module_lies_in_a_wing() -> None:
    assert [name for name in modules() if wing(name) is None] == [], "put it into a wing, or a new wing into WINGS"
    assert [name for name in WINGS if name not in modules()] == [], "take them out of WINGS"


def test_wings_form_one_order() -> None:
    upward = {way: lines for way, lines in ways().items() if WINGS.index(way[1]) > WINGS.index(way[0])}
    # `footnote ui` opens the other door.
    assert {way: lines for way, lines in upward.items() if way != ("rag.cli", "ui")} == {}


@pytest.mark.parametrize("rooms", [ROOMS_OF_EVAL, ROOMS_OF_UI], ids=["eval", "ui"])
def test_rooms_of_a_door_form_one_order(rooms: list[str]) -> None:
    places = {name: place for place, name in enumerate(rooms)}
    assert [name for name in modules() if name.startswith(f"{rooms[-1]}.") and wing(name, rooms[:-1]) is None] == []
    assert {way: lines for way, lines in ways(rooms).items() if places[way[1]] > places[way[0]]} == {}


def test_no_two_wings_import_each_other() -> None:
    assert [f"{one} ⇄ {other}" for one, other in ways() if (other, one) in ways()] == []


def test_rooms_are_small_enough_to_be_seen_at_once() -> None:
    entries = [path for path in (ROOT / "rag").iterdir() if not path.name.startswith("__")]
    assert len(entries) <= MOST_ENTRIES, sorted(path.name for path in entries)
    rooms = [path.parent for path in (*modules().values(), *(ROOT / "tests").rglob("*.py"))]
    assert {str(room): count for room, count in Counter(rooms).items() if count > MOST_FILES} == {}


def test_tests_lie_in_folders_that_are_named_after_wings_and_their_rooms() -> None:
    rooms = {path.parent.relative_to(ROOT / "rag").as_posix() for path in (ROOT / "rag").rglob("__init__.py")}
    folders = {path.parent.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(folders) > 10
    assert sorted(folders - rooms - FOLDERS_BESIDE_WINGS) == []
    assert sorted(FOLDERS_BESIDE_WINGS - folders) == [], "take them out of FOLDERS_BESIDE_WINGS"


def test_folders_of_tests_are_packages() -> None:
    # Else a folder such as `tests/eval` would itself be on the path, and its files imported under two names.
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert sorted(folder.name for folder in folders if not (folder / "__init__.py").exists()) == []


@pytest.mark.parametrize("top", ["rag", "ui", "eval", "tests"])
def test_no_two_modules_differ_by_an_ending_alone(top: str) -> None:
    names = {(path.parent if path.stem == "__init__" else path).stem for path in (ROOT / top).rglob("*.py")}
    names = {name.removeprefix("test_") for name in names}
    stems: dict[str, set[str]] = {}
    for name in names:
        for ending in ENDINGS:
            if name.endswith(ending) and len(name) - len(ending) > 3:
                stems.setdefault(name.removesuffix(ending), set()).add(name)
    assert {tuple(sorted(found)) for found in stems.values() if len(found) > 1 and found not in NO_NAMESAKES} == set()


@pytest.mark.parametrize("name", [name for name in WINGS if (ROOT / name.replace(".", "/")).is_dir() and name != "rag"])
def test_a_wing_says_what_it_is_for_and_hands_out_its_names(name: str) -> None:
    package = importlib.import_module(name)
    lines = (package.__doc__ or "").strip().splitlines()
    assert 3 <= len(lines) <= 8
    assert "way in" in (package.__doc__ or "").lower()
    assert "way out" in (package.__doc__ or "").lower()
    missing = [public for public in getattr(package, "__all__", ()) if not hasattr(package, public)]
    assert missing == []
    assert not hasattr(package, "no_such_name")


def test_no_cycle_of_imports() -> None:
    # Importing a module of a package runs the package's own __init__ first; that edge is Python's, not ours.
    assert cycles({module: ours(imports_of(module)) - {module} for module in modules()}) == []


@pytest.mark.parametrize("library", TOUCHES)
def test_only_named_wings_touch(library: str) -> None:
    touching = {
        module
        for module in modules()
        if any(name.split(".")[0] == library for name in imports_of(module))
        and module != BASELINE
        and not module.startswith((f"{TRAINER}.", f"{INTO_LLAMA_INDEX}."))
    }
    assert [module for module in touching if not within(module, TOUCHES[library])] == []
    assert [name for name in TOUCHES[library] if not any(within(module, (name,)) for module in touching)] == []


def test_doors_use_the_public_api_only() -> None:
    beyond = [
        f"{module} imports {name}"
        for module in modules()
        if door(module)
        for name in ours(imports_of(module))
        if door(name) is None and not within(name, PUBLIC | beyond_of(module))
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


def lacking_a_life(tree: ast.Module) -> list[str]:
    """Public classes made with what they hold, and no errors, whose docstring does not say how long they live."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not node.name.endswith("Error")
        and any(isinstance(member, ast.FunctionDef) and member.name == "__init__" for member in node.body)
        and not re.search(r"\b[Ll]ives?\b", ast.get_docstring(node) or "")
    ]  # fmt: skip


def test_a_class_that_holds_something_says_how_long_it_lives() -> None:
    held = 'class Held:\n    """A client, which {} until `close`."""\n    def __init__(self): ...\n'
    assert [lacking_a_life(ast.parse(held.format(word))) for word in ("stays", "lives")] == [["Held"], []]
    wings = {name: path for name, path in modules().items() if name.startswith("rag.")}
    lacking = {name: lacking_a_life(ast.parse(path.read_text(encoding="utf-8"))) for name, path in wings.items()}
    assert {name: classes for name, classes in lacking.items() if classes} == {}, "say what it is, owns, and how long"


def test_no_type_of_chroma_or_llama_index_in_a_public_signature() -> None:
    showing = []
    for module, path in modules().items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        foreign = names_from(tree, ("chromadb", "llama_index"))
        speaks_them = module == BASELINE or within(module, (INTO_LLAMA_INDEX,))
        for name, function in () if speaks_them else public_functions(tree):
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


def test_page_on_the_house_names_every_wing_and_only_paths_that_exist() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in WINGS if f"`{name.replace('.', '/')}{'/' if name == 'rag' else ''}" not in page] == []
    paths = re.findall(r"`((?:rag|eval|ui|tests)/[\w./]*)`", page)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
    # The steps of the two ways: a name, and the module that has it.
    steps = re.findall(r"`(rag/[\w/]+\.py)` `(\w+)`", page)
    assert len(steps) >= 20
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "rag").rglob("*.py")}
    assert [step for step in steps if not re.search(rf"(?:def|class) {step[1]}\b", texts[step[0]])] == []
    # Each is called by somebody: a step that nobody takes is no step.
    called = {step: re.compile(rf"(?<!def )\b{step[1]}\(|class \w+\({step[1]}\)") for step in steps}
    assert [step for step, call in called.items() if not any(map(call.search, texts.values()))] == []
    models = re.findall(r"Copy\s+`([\w/]+\.py)`", page)
    assert len(models) == len(set(models)) == 7, "each kind of extension that is copied has a model"

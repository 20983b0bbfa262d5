"""The chat page behind `ui`, faults that nobody foresaw, and tables in a terminal."""

import io
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from datetime import date

import pytest
from rich.console import Console

from rag.cli.render import hits_shown, paper_shown, papers_table, report_table
from rag.model import FileReport, Hit, Hits, IngestReport, Paper
from tests.conftest import ROOT

ODD = Paper("odd", "Odd [red]title[/red] [/] :bee: \x1b[31m", "So [bold]it[/bold] is.", published=date(2024, 3, 1))


@pytest.fixture
def page(footnote, tmp_path):
    """Runs `footnote ui` with a chat page of which `ui/app.py` is this text."""

    def run(text, *arguments):
        (tmp_path / "ui").mkdir()
        (tmp_path / "ui" / "__init__.py").touch()
        (tmp_path / "ui" / "app.py").write_text(text)
        return footnote("ui", *arguments, cwd=tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")

    return run


def test_ui_starts_the_page_on_the_library_and_port(page):
    text = "def launch(storage, *, port, host, auth, no_auth): print(repr(str(storage)), port, host, auth, no_auth)"
    done = page(text, "--storage", "here", "--port", 8080, "--auth", "ann:secret")
    assert (done.returncode, done.stdout) == (0, b"'here' 8080 127.0.0.1 ann:secret False\n")


def test_a_page_that_is_not_installed_is_one_line(page):
    # As when the file is left out; an editable installation would find the one of the checkout instead.
    done = page("raise ModuleNotFoundError(\"No module named 'ui.app'\", name='ui.app')")
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(rb"footnote: the chat page is not in this installation\..*\n", done.stderr)


FAULT = "def launch(storage, *, port, host, auth, no_auth):\n    raise KeyError('[red]key[/red]')"


def test_a_fault_that_nobody_foresaw_is_one_line_that_names_its_kind(page):
    done = page(FAULT)
    assert done.returncode == 1
    assert done.stderr == b"footnote: unexpected KeyError: '[red]key[/red]' (the same with --verbose shows where)\n"


def test_verbose_shows_where_a_fault_is(page):
    done = page(FAULT, "--verbose")
    assert done.returncode == 1
    assert b"Traceback" in done.stderr
    assert b"line 2, in launch" in done.stderr
    assert done.stderr.endswith(b"footnote: unexpected KeyError: '[red]key[/red]'\n")


def written(shown):
    console = Console(file=io.StringIO(), width=100, markup=False, emoji=False, highlight=False)
    console.print(shown)
    return console.file.getvalue()


@pytest.mark.parametrize("shown", [papers_table([ODD]), hits_shown(Hits((Hit(ODD, 1.0, ()),))), paper_shown(ODD)])
def test_nothing_in_a_title_acts_as_markup(shown):
    assert "Odd [red]title[/red] [/] :bee: \ufffd[31m" in written(shown)


def test_nothing_in_a_path_acts_as_markup():
    report = IngestReport((FileReport("a[red].txt", "listing", papers=2, new=2), FileReport("[/b]", error="gone")))
    table = written(report_table(report))
    assert re.search(r"a\[red\]\.txt +listing +2 +2 +0 +0 +0 +0", table)
    assert re.search(r"\[/b\] +failed", table)
    assert re.search(r"total +2 +2 +0 +0 +0 +0", table)


def test_papers_are_a_table_in_a_terminal(library_dir):
    master, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "papers", "--where", "year=2023", "--storage", str(library_dir)],
        stdout=terminal, env={**os.environ, "COLUMNS": "90", "TERM": "dumb"},
    ) as process:  # fmt: skip
        os.close(terminal)
        written = bytearray()
        with suppress(OSError):  # as a terminal says that there is nobody any more who could write
            while piece := os.read(master, 10_000):
                written += piece
        assert process.wait(60) == 0
    os.close(master)
    rows = written.decode().splitlines()
    assert rows[0].split() == ["year", "authors", "title", "source", "kind"]
    assert re.fullmatch(r"2023 +4 +FINCH: A Framework for Inspecting Charts +harbour +original *", rows[1])
    assert "\t" not in rows[1]

"""What a stranger may try who controls a paper, a service, a variable of the environment or a file."""

import json
import time

import httpx
import httpx2
import pytest
from pydantic import SecretStr

from rag.answers.verifier import cited_sentences, parts_of
from rag.answers.wording import reports, standing
from rag.errors import LibraryError, SettingsError, SourceError
from rag.formats.contract import json_line
from rag.grounding.checks.order import order_doubts
from rag.grounding.checks.sentence import read, source
from rag.grounding.citations import marks
from rag.grounding.verdict import check
from rag.library.chroma import server_client
from rag.model import Paper
from rag.neural.named_model import key_for, model_name
from rag.retrieval.question.conditions import conditions
from rag.sources import read_file
from rag.sources.live.network import leads_inside, network_of
from rag.sources.live.services.hub_session import _after, bounded
from rag.sources.live.web import Web
from rag.text.figures import figures
from rag.text.names import introduced_names, spelled_out
from rag.text.own_names import own_name

# The last lines: the keys of clouds at addresses that are anybody's otherwise, and what a translator leads inside.
INSIDE = ["127.0.0.1", "169.254.169.254", "10.0.0.7", "192.168.1.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "localhost",
          "127.1", "0x7f000001", "100.100.100.200", "fd00:ec2::254", "192.0.0.192", "168.63.129.16",
          "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::7f00:1"]  # fmt: skip
OUTSIDE = "8.8.8.8"  # an address that is nobody's own; nothing is sent to it


@pytest.mark.parametrize("host", INSIDE)
def test_a_service_does_not_lead_into_the_own_network(host):
    assert leads_inside(OUTSIDE, host)
    assert not leads_inside("127.0.0.1", host), "a server that is itself in the own network may"
    assert not any(leads_inside(OUTSIDE, one) for one in ("1.1.1.1", "64:ff9b::101:101", "2606:4700:4700::1111"))
    shown = f"[{host}]" if ":" in host else host
    network = network_of({})
    web = Web(network.arxiv, network)
    came, new = (httpx.Request("GET", f"http://{name}/latest") for name in (OUTSIDE, shown))
    with pytest.raises(SourceError, match="which is in this machine's own network; nothing was asked of it"):
        web._redirected(came, new)
    reply = httpx2.Response(
        302, headers={"location": f"http://{shown}/"}, request=httpx2.Request("GET", f"http://{OUTSIDE}")
    )
    with (
        bounded(network.huggingface, timeout_s=1),
        pytest.raises(SourceError, match="which is in this machine's own network"),
    ):
        _after(reply)
    web.close()


@pytest.mark.parametrize("key", ["sk-owl\nX-Evil: 1", "sk-owl\r\nHost: fox", "sk-öwl"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_told(key, monkeypatch):
    with pytest.raises(SettingsError, match=r"^FOOTNOTE_LLM_API_KEY has characters that no key has") as told:
        key_for(model_name("m@http://localhost:1/v1", setting="X"), SecretStr(key))
    assert "owl" not in str(told.value)
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(SettingsError, match=r"^OPENAI_API_KEY has characters"):
        key_for(model_name("openai:m", setting="X"), None)
    assert key_for(model_name("m@http://localhost:1/v1", setting="X"), SecretStr(" sk-owl\n")) == "sk-owl"


def test_json_moves_no_cursor_and_reads_back_as_it_was():
    title = "Owl \x9b2J \x1b[31m \u202e \x7f ü"
    line = json_line({"title": title})
    assert line.isprintable()
    assert json.loads(line)["title"] == title


def test_a_sentence_that_is_none_is_not_checked_for_minutes(assistant):
    endless = "OwlNet keeps 12 of 196 visual tokens and 3.5 times 7 more, and so on " * 300
    [verified] = assistant.verify(endless, cited=["owlnet"])
    assert verified.verdict == "unsupported"
    assert verified.reasons == (
        f"it has {len(endless):,} characters, and no more than 3,000 of a sentence are checked",
    )


@pytest.mark.parametrize("piece", ["<!--", "```x\n", "~~~y\n", " ", "\t", "~", "[@", "\\cite[", "1. "])
def test_a_draft_of_one_thing_again_and_again_is_read_in_time_in_proportion(piece):
    began = time.process_time()
    cited_sentences(f"We see. {piece * (200_000 // len(piece))}x", lambda _: None)
    assert time.process_time() - began < 20, "in the square of it, it would be minutes"


def test_comments_and_code_of_a_draft_are_no_text_and_what_nothing_closes_is():
    draft = "A <!-- b --> c <!-- d\n\n```py\ncode\n~~~\n```\nTwo.\n\n~~~\nthree\n~~~\n\n```\nFour."
    assert parts_of(draft)[0] == ["A   c <!-- d", "Two.", "``` Four."]


def test_json_nested_too_deep_is_no_saved_answer(assistant):
    assert [one.verdict for one in assistant.verify('{"a":' * 100_000)] == ["unsupported"]


@pytest.mark.parametrize("cell", ["{[1]: 2}", "[{[1]: 2}]", "({{}})", "{'a': [0], 2: [1]}", "{(1,): [0]}"])
def test_a_cell_of_a_table_that_no_python_can_read_is_text(tmp_path, cell):
    """Lists of people and the words of abstracts stand as Python writes them; of these a dict's key cannot be one."""
    (tmp_path / "papers.csv").write_text(
        f'title,authors,abstract\nOwls See,"{cell}","Owls see at night."\nB,,"{cell}"\n'
    )
    first, second = read_file(tmp_path / "papers.csv").entries
    assert (first.title, second.abstract) == ("Owls See", cell)


def test_a_number_without_end_is_no_year():
    with pytest.raises(SettingsError, match=r"where has year=inf; it takes a whole number"):
        conditions({"year": float("inf")})


@pytest.mark.parametrize(
    "piece",
    ["a", "A", "1", "1 ", "half a ", "Aa Bb (AB) ", "(AB) ", "propose a ", "^{a ", "a-", "from 1 to ", "recent work "],
)
def test_an_abstract_of_one_thing_again_and_again_is_read_in_time_in_proportion(piece):
    paper = Paper("p", "Owls", (piece * 100_000)[:100_000])
    began = time.process_time()
    introduced_names(paper)
    spelled_out(paper)
    own_name(paper)
    figures(paper.abstract)
    standing(paper.abstract, "OwlNet")
    reports(paper.abstract)
    list(order_doubts(read("It rises from 1 to 2 -> 3."), source("Owls", paper.abstract)))
    assert time.process_time() - began < 20, "in the square of it, it would be minutes"


DIGITS = "9" * 5_000  # more than Python reads as a number


@pytest.mark.parametrize("written", [f"10^{DIGITS}", f"10^-{DIGITS}", "10" + "⁶" * 5_000, f"{DIGITS}%", f"1/{DIGITS}"])
def test_a_figure_of_thousands_of_digits_is_no_error(written):
    assert all(figure.value > 0 for figure in figures(f"It keeps {written} of all."))


@pytest.mark.parametrize("mark", [f"[{DIGITS}]", f"[1-{DIGITS}]", f"[^{DIGITS}]", f"[1, {DIGITS}]"])
def test_a_mark_of_thousands_of_digits_cites_nothing(assistant, mark):
    text = f"OwlNet sees at night {mark}.\n\n[1] OwlNet"
    assert {one.verdict for one in assistant.verify(text)} <= {"unsupported", "weak"}
    assert marks(f"OwlNet sees {mark}.") == ()


def test_a_follow_up_to_one_endless_word_is_answered_in_time_in_proportion(assistant):
    before = [
        {"role": "user", "content": f"What does OwlNet say {'a' * 7_900}"},
        {"role": "assistant", "content": "It."},
    ]
    began = time.process_time()
    assistant.ask("and who wrote it?", history=before)
    assert time.process_time() - began < 20, "in the square of it, it would be minutes"


@pytest.mark.parametrize("variable", ["FOOTNOTE_LLM", "FOOTNOTE_EMBEDDING", "FOOTNOTE_LLM_JUDGE"])
@pytest.mark.parametrize("address", ["http://me:owl@localhost/v1", "https://owl@example.org/v1", "ftp://me:owl@x/v1"])
def test_a_password_in_the_address_of_a_model_is_refused_and_not_told(variable, address):
    with pytest.raises(SettingsError, match=rf"^{variable} has a name or a password in its address") as told:
        model_name(f"m@{address}", setting=variable)
    assert "owl" not in str(told.value)
    assert model_name("team/m@v2@http://localhost/v1", setting=variable).url == "http://localhost/v1"


def test_a_password_in_the_address_of_chroma_is_refused_and_not_told():
    with pytest.raises(LibraryError, match=r"^FOOTNOTE_CHROMA_URL has a name or a password in it") as told:
        server_client("http://me:owl@127.0.0.1:9")
    assert "owl" not in str(told.value)


def test_a_table_of_short_lines_is_read_in_time_in_proportion(tmp_path):
    (tmp_path / "papers.tsv").write_text("title\tauthors\tabstract\nOwls\tAnn Owl\tThey see.\n" + "a\n" * 20_000)
    began = time.process_time()
    [owls, *_] = read_file(tmp_path / "papers.tsv").entries
    assert owls.title == "Owls"
    assert time.process_time() - began < 30, "in the cube of it, it would be hours"


@pytest.mark.parametrize("field", ["abstract: {}", "x{}", "{}x"])
@pytest.mark.parametrize("run", [" ", "\t"])
def test_a_field_with_very_many_blanks_is_read_in_time_in_proportion(tmp_path, field, run):
    value = field.format(run * 60_000)
    (tmp_path / "a.bib").write_text("@article{a, title = {Owls}, note = {" + value + "}, abstract = {They see.}}\n")
    (tmp_path / "a.csv").write_text(f'title,authors,abstract\nOwls,Ann Owl,"{value} They see."\n')
    began = time.process_time()
    assert {paper.title for name in ("a.bib", "a.csv") for paper in read_file(tmp_path / name).entries} == {"Owls"}
    assert time.process_time() - began < 15, "in the square of it, it would be minutes"


def test_a_sentence_of_thousands_of_figures_is_compared_in_time_in_proportion():
    paper = Paper("p", "Owls", f"Owls see {'1.5 ' * 20_000}birds. They keep 5% of all.")
    began = time.process_time()
    assert check("Owls keep 5% of all birds.", [paper]).verdict in ("supported", "weak", "unsupported")
    assert check(f"Owls see {'1.5 and ' * 300}birds.", [paper]).reasons == (
        "it has 300 figures, and no more than 100 of a sentence are checked",
    )
    assert time.process_time() - began < 20, "in the square of it, it would be minutes"

"""The MCP server in real processes, spoken to by the client of the official SDK."""

import json
import os
import re
import subprocess
import sys

import anyio
import httpx
import httpx2
import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from rag.errors import SettingsError
from rag.serving.gate import address, keys_of
from tests.conftest import ROOT, _clean_environment
from tests.support.serving_process import serving

QUESTION = "How many visual tokens does OwlNet keep?"
KEY = "a-key-for-the-tests"


class Agent:
    """The SDK's client behind plain calls: each method of it, awaited in a thread."""

    def __init__(self, client, portal):
        self.client, self.portal = client, portal

    def __getattr__(self, name):
        return lambda *given, **named: self.portal.call(lambda: getattr(self.client, name)(*given, **named))

    def call(self, tool, **arguments):
        return self.call_tool(tool, arguments)


@pytest.fixture(scope="module")
def agent(library_dir):
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "rag", "mcp", "--storage", str(library_dir)], cwd=ROOT,
        env=_clean_environment(os.environ),
    )  # fmt: skip
    with start_blocking_portal() as portal:
        transport = stdio_client(parameters)
        with portal.wrap_async_context_manager(Client(transport)) as client:
            yield Agent(client, portal)


@pytest.fixture(scope="module")
def over_http(tmp_path_factory):
    """A server over HTTP with a key, that may write, and whose library is yet to be made."""
    folder = tmp_path_factory.mktemp("mcp")
    (folder / "keys").write_text(f"# whoever tests\n{KEY}\n")
    options = ("--http", "127.0.0.1:0", "--keys", folder / "keys", "--write", "--storage", folder / "library")
    with serving("mcp", *options) as served:
        yield served
        assert served.end() == (0, b"")


def remote(url, key=KEY):
    headers = {"Authorization": f"Bearer {key}"}
    return Client(streamable_http_client(f"{url}/mcp", http_client=httpx2.AsyncClient(headers=headers, timeout=300)))


def test_an_agent_is_told_what_each_tool_takes_and_gives(agent):
    tools = {tool.name: tool for tool in agent.list_tools().tools}
    assert tools.keys() == {"search_papers", "ask", "get_paper", "list_papers", "verify_text", "cite"}
    for tool in tools.values():
        assert len(tool.description) > 40
        assert tool.annotations.read_only_hint
        assert tool.output_schema["type"] == "object"
    assert "every sentence cites" in agent.client.instructions
    assert "description" in tools["ask"].input_schema["properties"]["question"]


def test_an_answer_has_verdicts_and_quotes_that_stand_in_the_paper(agent):
    told = agent.call("ask", question=QUESTION)
    answer = told.structured_content
    assert "12 of 196 visual tokens" in told.content[0].text
    assert "https://owls.example.org/owlnet" in told.content[0].text
    assert [statement["verdict"] for statement in answer["statements"]] == ["supported"]
    [citation] = answer["citations"]
    paper = agent.call("get_paper", paper=citation["paper_id"]).structured_content
    assert paper["abstract"][citation["start"] : citation["end"]] == citation["quote"]


def test_an_abstention_is_an_answer_and_no_error(agent):
    told = agent.call("ask", question="When was QuipuBench published?")
    assert not told.is_error
    assert told.structured_content["status"] == "abstained"
    assert "does not say" in told.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search_papers", {"query": "birds at night", "k": 1, "where": {"year": 2024}}, "[owlnet]"),
        ("list_papers", {"where": {"since": "2025-01-01"}}, "2 papers\n- FINCH: Fine-grained Hearing of Choirs"),
        ("verify_text", {"text": "OwlNet keeps 13 of 196 visual tokens [owlnet]."}, "the figure 13 is not in"),
        ("cite", {"papers": ["OwlNet", "owlnet"], "form": "ris"}, "TI  - OwlNet: Seeing Small Birds at Night"),
        ("cite", {"papers": ["OwlNet"], "form": "hayagriva"}, "  type: article\n  title: {value: \"OwlNet: "),
        ("ask", {"question": "And its accuracy?", "history": [{"role": "user", "content": QUESTION},
                 {"role": "assistant", "content": "OwlNet keeps 12 tokens."}]}, "81.4% accuracy"),
    ],
)  # fmt: skip
def test_a_tool_says_in_words_what_it_found(agent, tool, arguments, said):
    told = agent.call(tool, **arguments)
    assert not told.is_error
    assert said in told.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("fly", {}, "Unknown tool: fly"),
        ("ask", {"query": QUESTION}, "ask takes no 'query'; it takes question, history, where."),
        ("ask", {}, "ask: question: Field required."),
        ("ask", {"question": QUESTION, "year": 2024}, "ask takes no 'year'"),
        (
            "search_papers",
            {"query": "birds", "k": 1000},
            "search_papers: k: Input should be less than or equal to 100.",
        ),
        ("verify_text", {"text": " ", "cited": ["owlnet"]}, "there is no sentence to verify"),
        ("cite", {"papers": ["OwlNet"], "form": "word"}, "'ris', 'csl-json' or 'hayagriva'"),
        ("ask", {"question": " "}, "the question is blank"),
        ("search_papers", {"query": "birds", "where": {"yeer": 2024}}, "where.yeer"),
        ("get_paper", {"paper": "AuklNet"}, "no paper is called 'AuklNet'"),
        ("ask", {"question": "owl " * 30_000}, "characters"),
        ("ingest", {"sources": ["x"]}, "Unknown tool: ingest"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_agent_and_the_server_stands(agent, tool, arguments, said):
    told = agent.call(tool, **arguments)
    assert told.is_error
    assert said in told.content[0].text
    assert "\n" not in told.content[0].text
    assert not agent.call("list_papers").is_error


def test_papers_are_resources(agent):
    resources = agent.list_resources().resources
    assert len(resources) == 12
    assert (resources[0].uri, resources[0].name) == ("footnote://papers/owlnet", "owlnet")
    read = json.loads(agent.read_resource(resources[0].uri).contents[0].text)
    assert read["title"] == "OwlNet: Seeing Small Birds at Night"
    with pytest.raises(MCPError, match="no paper is called 'gone'") as caught:
        agent.read_resource("footnote://papers/gone")
    assert caught.value.code == -32602


def test_calls_at_once_give_what_each_gives_alone(agent):
    questions = [QUESTION, "How many questions does FINCH answer on ChartNest?", "What does γ-Moss skip?"] * 3
    alone = {question: agent.call("ask", question=question).structured_content["text"] for question in set(questions)}
    together = {}

    async def one(n, question):
        together[n] = await agent.client.call_tool("ask", {"question": question})

    async def every():
        async with anyio.create_task_group() as group:
            for n, question in enumerate(questions):
                group.start_soon(one, n, question)

    agent.portal.call(every)
    assert {n: told.structured_content["text"] for n, told in together.items()} == {
        n: alone[question] for n, question in enumerate(questions)
    }


def test_a_call_that_is_given_up_leaves_the_server_standing(agent):
    async def given_up():
        with anyio.move_on_after(0.001) as scope:
            await agent.client.call_tool("ask", {"question": QUESTION})
        return scope.cancelled_caught

    assert agent.portal.call(given_up)
    assert not agent.call("list_papers").is_error


def test_nothing_but_the_protocol_is_on_standard_output(library_dir):
    begin = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}
    lines = [
        '{"broken', "[" * 100_000, "x" * 10_000_000,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": begin}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call",
                    "params": {"name": "ask", "arguments": {"question": QUESTION}}}),
        json.dumps({"jsonrpc": "2.0", "id": 3, "method": "fly"}),
        # Half a character, as programs in JavaScript write it; a message that is no request; several in one.
        json.dumps({"jsonrpc": "2.0", "id": 4, "method": "tools/call",
                    "params": {"name": "search_papers", "arguments": {"query": "owls \ud83d"}}}),
        json.dumps({"jsonrpc": "2.0", "id": 5}), "", "[1]",
    ]  # fmt: skip
    # The answer to the call is waited for before the input ends.
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "--verbose", "mcp", "--storage", str(library_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
        env=_clean_environment(os.environ),
    )  # fmt: skip
    with process:
        process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        process.stdin.flush()
        said, refused = {}, []
        while not {1, 2, 3, 4, 5} <= said.keys() or len(refused) < 4:
            message = json.loads(process.stdout.readline())
            assert message["jsonrpc"] == "2.0"
            if message["id"] is None:
                refused.append(message["error"]["code"])
            said[message["id"]] = message
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(60) == 0
    assert "12 of 196" in said[2]["result"]["content"][0]["text"]
    assert said[3]["error"]["code"] == -32601
    assert "OwlNet" in said[4]["result"]["content"][0]["text"]
    assert said[5]["error"]["code"] == -32600
    assert refused == [-32700, -32700, -32700, -32600]


def test_the_example_of_the_page_runs(library_dir, tmp_path, monkeypatch, capfd):
    page = ROOT / "docs" / "mcp.md"
    [example] = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    # The command as an installation has it on its path.
    (tmp_path / "footnote").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m rag "$@"\n')
    (tmp_path / "footnote").chmod(0o755)
    (tmp_path / "storage").symlink_to(library_dir)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    bundled = "How many vision tokens does LLaVA-Mini keep?"  # what the digests of an installation answer
    assert bundled in example
    exec(compile(example.replace(bundled, QUESTION), str(page), "exec"), {})
    assert "12 of 196 visual tokens" in capfd.readouterr().out


@pytest.mark.parametrize("command", [("mcp",), ("serve", "--port", "0")])
def test_a_library_that_cannot_be_opened_is_one_line_at_the_start(footnote, tmp_path, command):
    (tmp_path / "manifest.json").write_text('{"format": 9999}')
    done = footnote(*command, "--storage", tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(rb"footnote: [^\n]+\n", done.stderr)


def test_nobody_listens_where_others_can_come_without_a_key(footnote, library_dir):
    done = footnote("mcp", "--http", "0.0.0.0:0", "--storage", library_dir)
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(rb"footnote: 0\.0\.0\.0 can be reached from other machines, [^\n]+\n", done.stderr)


def test_an_address_or_a_key_that_cannot_be_is_refused(tmp_path):
    assert address("[::1]:80") == ("::1", 80)
    for wrong in ("8765", "host:99999", "a b:1", "::1:80"):
        with pytest.raises(SettingsError, match="is no HOST:PORT"):
            address(wrong)
    assert keys_of(None, "::1") == ()
    for text, said in (
        ("# none\n", "has no key in it"),
        ("short\n", "shorter than 8"),
        ("with a space\n", "cannot be"),
    ):
        (tmp_path / "keys").write_text(text)
        with pytest.raises(SettingsError, match=said):
            keys_of(tmp_path / "keys", "localhost")


def test_over_http_an_agent_may_bring_papers_in_and_read_them_by_any_id(over_http, tmp_path):
    record = {"id": "odd/../id ? é", "title": "Puffins", "abstract": "PuffinNet counts 7 puffins."}
    (tmp_path / "one.jsonl").write_text(json.dumps(record))

    async def bring():
        async with remote(over_http.url) as client:
            report = await client.call_tool("ingest", {"sources": [str(tmp_path / "one.jsonl")]})
            refused = await client.call_tool("ingest", {"sources": ["-"]})
            answer = await client.call_tool("ask", {"question": "How many puffins does PuffinNet count?"})
            [resource] = (await client.list_resources()).resources
            read = await client.read_resource(resource.uri)
            return report, refused, answer, json.loads(read.contents[0].text)

    report, refused, answer, paper = anyio.run(bring)
    assert report.structured_content["totals"]["new"] == 1
    assert refused.is_error
    assert "7 puffins" in answer.content[0].text
    assert paper["id"] == record["id"]


def test_over_http_bad_requests_get_an_error_and_the_server_stands(over_http):
    url, headers = f"{over_http.url}/mcp", {"Accept": "application/json, text/event-stream"}
    own = headers | {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with httpx.Client(timeout=300) as client:
        without = client.post(url, headers=headers, json={})
        wrong = client.post(url, headers=own | {"Authorization": "Bearer another-key"}, json={})
        broken = client.post(url, headers=own, content=b'{"broken')
        large = client.post(url, headers=own, content=b" " * 10_000_000)
        elsewhere = client.post(url, headers=own | {"Host": "owls.example.org"}, json={})
        site = client.post(url, headers=own | {"Origin": "https://owls.example.org"}, json={})
        form = client.post(url, headers=own | {"Content-Type": "text/plain"}, content=b"{}")
        nowhere = client.get(f"{over_http.url}/nowhere", headers=own)
    refused = (without, wrong, broken, large, elsewhere, site, form, nowhere)
    assert [one.status_code for one in refused] == [401, 401, 400, 413, 421, 403, 415, 404]
    assert {one.json()["jsonrpc"] for one in refused} == {"2.0"}
    assert nowhere.json()["error"]["message"] == "nothing is at /nowhere. The MCP server is at /mcp."
    assert without.headers["WWW-Authenticate"] == "Bearer"
    assert broken.json()["error"]["code"] == -32700
    assert "larger than" in large.json()["error"]["message"]

    async def listed():
        async with remote(over_http.url) as client:
            return (await client.list_tools()).tools

    assert "ingest" in {tool.name for tool in anyio.run(listed)}

"""The API over HTTP in real processes, spoken to by OpenAI's own client, by LlamaIndex's, and by a plain one."""

import json
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest

from rag.errors import SettingsError
from rag.formats.contract import answer_line
from rag.serving import shapes
from rag.serving.chat import _chunks
from rag.serving.listening import listen
from rag.serving.responses import _events
from rag.serving.wording import harmless, link, without_references
from tests.conftest import ROOT
from tests.support.model_server import ModelServer, Reply
from tests.support.serving_process import serving

PAGE = ROOT / "docs" / "serve.md"
QUESTION = "How many visual tokens does OwlNet keep?"
BUNDLED = "How many vision tokens does LLaVA-Mini keep?"
KEY, OTHER_KEY = "a-key-for-the-tests", "another-key-of-the-tests"


@pytest.fixture(scope="module")
def url(library_dir):
    with serving("serve", "--port", "0", "--storage", library_dir, FOOTNOTE_KEYS=f"{KEY} {OTHER_KEY}") as served:
        yield served.url
        assert served.end() == (0, b"")
        assert served.lines[1:] == []


@pytest.fixture(scope="module")
def client(url):
    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def plain(url):
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=300) as client:
        yield client


def asked(client, text, **more):
    return client.chat.completions.create(model="footnote", messages=[{"role": "user", "content": text}], **more)


def test_a_client_of_openai_gets_a_cited_answer(client):
    done = asked(client, QUESTION)
    message = done.choices[0].message
    text, references = message.content.split("\n\n", 1)
    assert "12 of 196 visual tokens" in text
    assert references.startswith("[1] OwlNet: Seeing Small Birds at Night (2024): “It keeps 12 of 196")
    [annotation] = message.annotations
    cited = annotation.url_citation
    assert (cited.title, cited.url) == (
        "OwlNet: Seeing Small Birds at Night", "https://owls.example.org/owlnet?a=1&b=2_3",
    )  # fmt: skip
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    whole = done.model_extra["footnote"]
    assert [statement["verdict"] for statement in whole["statements"]] == ["supported"]
    assert whole["text"] == text


def test_a_stream_says_what_the_whole_says(client):
    whole = asked(client, QUESTION).choices[0].message
    chunks = list(asked(client, QUESTION, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == whole.content
    assert chunks[-2].choices[0].finish_reason == "stop"
    # The client has no type for annotations of a stream, and hands them through.
    assert chunks[-2].choices[0].delta.model_extra["annotations"] == [one.model_dump() for one in whole.annotations]
    assert chunks[-2].model_extra["footnote"]["status"] == "answered"
    assert chunks[-1].usage.total_tokens == 0
    assert len(chunks) > 10


def test_the_conversation_before_counts_and_references_are_no_part_of_it(client):
    first = asked(client, QUESTION).choices[0].message.content
    messages = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": first},
        {"role": "user", "content": [{"type": "text", "text": "And which accuracy does it reach?"}]},
    ]
    done = client.chat.completions.create(model="footnote-extractive", messages=messages, temperature=0.3)
    assert "81.4% accuracy" in done.choices[0].message.content
    assert without_references(first) == first.split("\n\n")[0]


def test_conditions_go_along_in_the_body(client):
    done = asked(client, "Which papers are about charts?", extra_body={"where": {"year": 2025}})
    assert "Inspecting Charts" not in json.dumps(done.model_extra["footnote"]["citations"])


def test_the_responses_of_openai_come_whole_and_as_events(client):
    done = client.responses.create(model="footnote", input=QUESTION)
    assert "12 of 196 visual tokens" in done.output_text
    [annotation] = done.output[0].content[0].annotations
    assert annotation.type == "url_citation"
    with client.responses.stream(model="footnote", input=[{"role": "user", "content": QUESTION}]) as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text == done.output_text
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"


def test_llama_index_speaks_to_it_as_to_any_model(url):
    from llama_index.llms.openai_like import OpenAILike

    model = OpenAILike(
        model="footnote", api_base=f"{url}/v1", api_key=KEY, is_chat_model=True, context_window=8192, max_retries=0
    )
    assert "12 of 196 visual tokens" in model.complete(QUESTION).text
    assert list(model.stream_complete(QUESTION))[-1].text == model.complete(QUESTION).text


def test_models_are_listed(client):
    assert [model.id for model in client.models.list()] == ["footnote", "footnote-extractive"]
    assert client.models.retrieve("footnote").owned_by == "footnote"


def test_mistakes_are_the_errors_that_the_client_knows(client, url):
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-4o'"):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": QUESTION}])
    with pytest.raises(openai.BadRequestError, match="the last message is not the user's"):
        client.chat.completions.create(model="footnote", messages=[{"role": "assistant", "content": "Hm."}])
    with pytest.raises(openai.BadRequestError, match=r"last message"):
        asked(client, " ")
    with pytest.raises(openai.BadRequestError, match=r"the type 'image_url'\. Send text only"):
        asked(client, [{"type": "image_url", "image_url": {"url": "https://owls.example.org/owl.png"}}])
    with pytest.raises(openai.BadRequestError, match=r"where\.yeer"):
        asked(client, QUESTION, extra_body={"where": {"yeer": 2025}})
    with pytest.raises(openai.BadRequestError, match="previous_response_id"):
        client.responses.create(model="footnote", input=QUESTION, previous_response_id="resp_1")
    with pytest.raises(openai.APIStatusError, match="larger than 4,194,304 bytes") as caught:
        asked(client, "owl " * 2_500_000)
    assert caught.value.status_code == 413
    with (
        openai.OpenAI(base_url=f"{url}/v1", api_key="a-key-of-nobody", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError, match="the key is wrong"),
    ):
        asked(stranger, QUESTION)
    assert asked(client, QUESTION).choices


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/ask", b'{"question": "How', 400, "the request is no JSON"),
        ("/ask", b"[" * 100_000, 400, "no JSON|body"),
        ("/ask", b'{"question": "\xff"}', 400, "."),
        ("/ask", b'{"question": " "}', 400, "the question is blank"),
        ("/ask", b'{"question": "a", "wher": {}}', 400, "wher"),
        ("/search", b'{"text": "owls", "k": 0}', 400, "k: "),
        ("/verify", b'{"text": "# A heading"}', 400, "no sentence"),
        ("/v1/nothing", b"{}", 404, "there is no POST /v1/nothing"),
        ("/verify", b'{"text": " ", "cited": ["owlnet"]}', 400, "no sentence to verify"),
        ("/v1/chat/completions", b'{"messages": []}', 400, "^messages: List should have at least 1 item"),
        ("/v1/chat/completions", b'{"messages": [{"role": "user", "content": 5}]}', 400, "^messages.0.content: Input"),
        ("/v1/responses", b'{"input": [{"role": "wizard"}]}', 400, "^input.0.role: Input should be"),
        ("/v1/chat/completions", b'{"messages": [{"role": "user", "content": "a"}], "n": 2}', 400, "^n: Input should"),
    ],
)
def test_what_cannot_be_read_is_one_line_of_json(plain, path, body, status, said):
    answer = plain.post(path, content=body, headers={"Content-Type": "application/json"})
    told = answer.json()["error"]
    assert answer.status_code == status
    assert re.search(said, told["message"] if path.startswith("/v1") else told)
    assert plain.get("/health").json() == {"status": "ok"}


def test_plain_addresses_give_the_json_contract(plain, assistant):
    answer = plain.post("/ask", json={"question": QUESTION}).json()
    own = json.loads(answer_line(assistant.ask(QUESTION)))
    own.pop("timings_ms")
    assert {name: value for name, value in answer.items() if name != "timings_ms"} == own
    hits = plain.post("/search", json={"text": "birds at night", "k": 2, "where": {"year": 2024}}).json()
    assert hits["hits"][0]["paper_id"] == "owlnet"
    listed = plain.get("/papers", params={"since": "2025-01-01", "limit": 1}).json()
    assert (listed["total"], [paper["id"] for paper in listed["papers"]]) == (2, ["finch-audio"])
    paper = plain.get("/papers/OwlNet").json()
    assert paper["id"] == "owlnet"
    assert plain.get("/papers/AuklNet").status_code == 404
    verdicts = plain.post("/verify", json={"text": "OwlNet keeps 13 of 196 visual tokens [owlnet]."}).json()
    assert verdicts["unsupported"] == 1
    # The schemas that the OpenAPI document and MCP give are those of what comes: every field, and none besides.
    for shape, found in (
        (shapes.Answer, answer), (shapes.Hits, hits), (shapes.Paper, paper), (shapes.Verdicts, verdicts),
        (shapes.Citation, answer["citations"][0]), (shapes.Hit, hits["hits"][0]),
        (shapes.Passage, hits["hits"][0]["passages"][0]), (shapes.Checked, verdicts["sentences"][0]),
        (shapes.Statement, answer["statements"][0]), (shapes.Ranked, answer["ranked"][0]),
    ):  # fmt: skip
        shape.model_validate(found)
        assert found.keys() == shape.model_fields.keys()


def test_the_page_and_the_document_describe_every_address_without_a_key_and_load_nothing(url):
    page, document = httpx.get(url), httpx.get(f"{url}/openapi.json").json()
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert re.findall(r"https?://", page.text) == []
    assert {"/ask", "/search", "/papers", "/verify", "/v1/chat/completions", "/v1/models", "/v1/responses"} <= (
        document["paths"].keys()
    )
    assert "Answer" in document["components"]["schemas"]
    assert httpx.get(f"{url}/papers").status_code == 401


def test_a_page_elsewhere_cannot_reach_it_by_a_name_of_its_own_or_from_there(plain):
    for header, status in ({"Host": "owls.example.org"}, 421), ({"Origin": "https://owls.example.org"}, 403):
        refused = plain.post("/v1/responses", headers=header, json={"input": QUESTION})
        assert refused.status_code == status
        assert refused.json()["error"]["type"] == "invalid_request_error"
    assert plain.post("/ask", content=b'{"question": "a"}', headers={"Content-Type": "text/plain"}).status_code == 415


def test_where_there_is_a_get_there_is_a_head(plain, url):
    for path in "/", "/health", "/papers", "/v1/models", "/papers/owlnet":
        asked = plain.head(path)
        assert (asked.status_code, asked.content) == (200, b"")
    assert httpx.head(f"{url}/papers").status_code == 401
    assert plain.head("/ask").status_code == 405


def test_what_clients_leave_empty_is_as_if_it_were_not_there(plain):
    own = {"model": "footnote", "messages": [{"role": "user", "content": QUESTION}]}
    empty = dict.fromkeys(("stream", "stream_options", "n", "where", "temperature", "tools", "user"))
    assert plain.post("/v1/chat/completions", json=own | empty).json()["footnote"]["status"] == "answered"
    asked = {"question": QUESTION, "history": None, "where": None, "mode": None}
    assert plain.post("/ask", json=asked).json()["status"] == "answered"


def test_the_calls_of_tools_are_passed_over(plain):
    call = {"id": "1", "type": "function", "function": {"name": "fly", "arguments": "{}"}}
    messages = [
        {"role": "system", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]},
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "no"}]},
    ]
    done = plain.post("/v1/chat/completions", json={"messages": messages}).json()
    items = [messages[1], {"type": "function_call", "call_id": "1", "name": "fly", "arguments": "{}"},
             {"type": "function_call_output", "call_id": "1", "output": "no"}]  # fmt: skip
    other = plain.post("/v1/responses", json={"input": items}).json()
    assert done["footnote"]["text"] == other["footnote"]["text"]
    assert "12 of 196" in other["footnote"]["text"]


def test_half_a_character_is_a_character_that_nobody_knows(plain):
    def told(path, **body):
        # As JSON spells it: a client that sends text itself cannot.
        content = json.dumps(body).encode()
        return plain.post(path, content=content, headers={"Content-Type": "application/json"}).json()

    history = [{"role": "user", "content": "\udd89"}]
    assert "12 of 196" in told("/ask", question=f"{QUESTION} \ud83e", history=history)["text"]
    assert told("/verify", text="\ud83e", cited=["\ud83e"])["unsupported"] == 1
    assert told("/search", text="\ud83e owls")["hits"]


def test_who_sends_slowly_keeps_nobody_out(library_dir):
    with serving("serve", "--port", "0", "--at-once", "2", "--storage", library_dir) as served:
        host, port = served.url.removeprefix("http://").split(":")
        head = "POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        slow = [socket.create_connection((host, int(port))) for _ in range(5)]
        for one in slow:
            one.sendall(head.encode())
        assert httpx.post(f"{served.url}/ask", json={"question": QUESTION}, timeout=300).status_code == 200
        for one in slow:
            one.close()
        assert served.end() == (0, b"")
        assert served.lines[1:] == []


def test_a_stream_that_breaks_for_an_unforeseen_reason_says_so_and_ends():
    def broken():
        yield "It keeps "
        raise ZeroDivisionError("of owls")

    *_, error, done = _chunks(broken(), "footnote", "http://localhost", usage=False)
    assert (
        json.loads(error.removeprefix("data: "))["error"]["message"]
        == "unexpected ZeroDivisionError; the log has more."
    )
    assert done == "data: [DONE]\n\n"
    *_, failed = _events(broken(), "footnote", "http://localhost")
    assert "event: response.failed" in failed
    assert "of owls" not in failed


def test_questions_at_once_give_what_each_gives_alone(client):
    questions = [QUESTION, "How many questions does FINCH answer on ChartNest?", "What does γ-Moss skip?"] * 3
    with ThreadPoolExecutor(9) as pool:
        together = [done.choices[0].message.content for done in pool.map(lambda text: asked(client, text), questions)]
    assert together == [asked(client, text).choices[0].message.content for text in questions]


def test_no_more_than_allowed_at_once_and_a_model_that_fails_is_an_error(library_dir):
    replies = [Reply(stalls=True), Reply(status=400, error={"message": "no owls today"})]
    with (
        ModelServer(lambda _: replies[min(len(model.requests), 2) - 1]) as model,
        serving(
            "serve",
            "--port",
            "0",
            "--at-once",
            "1",
            "--llm",
            model.name,
            "--storage",
            library_dir,
            FOOTNOTE_LLM_TIMEOUT_S="300",
        ) as served,
        openai.OpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as client,
    ):
        stalled = httpx.Client(timeout=300).stream("POST", f"{served.url}/ask", json={"question": QUESTION})
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(stalled.__enter__)
            while not model.requests:
                time.sleep(0.02)
            with pytest.raises(openai.RateLimitError, match="1 requests are being answered"):
                asked(client, QUESTION)
            model._closed.set()  # the stalled request ends without an answer
            assert waiting.result().status_code in (502, 503)
            stalled.__exit__(None, None, None)
        with pytest.raises(openai.InternalServerError, match="no owls today"):
            asked(client, QUESTION, stream=True)
        # Without that model there is an answer still.
        done = client.chat.completions.create(
            model="footnote-extractive", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        next(iter(done))
        done.close()  # a client that goes away in the middle
        assert httpx.get(f"{served.url}/health").json() == {"status": "ok"}
        assert served.end(signal.SIGINT) == (0, b"")


def test_the_example_of_the_page_runs(url, capsys):
    [example] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    # The page asks what the digests answer that an installation comes with.
    for theirs, ours in (("http://127.0.0.1:8000", url), ('"none"', repr(KEY)), (BUNDLED, QUESTION)):
        assert theirs in example
        example = example.replace(theirs, ours)
    exec(compile(example, str(PAGE), "exec"), {})
    said = capsys.readouterr().out
    assert "12 of 196 visual tokens" in said
    assert "OwlNet: Seeing Small Birds at Night" in said


def test_a_port_that_is_taken_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="cannot be listened on"):
        listen(None, "127.0.0.1", taken.getsockname()[1], called="{}")


def test_nothing_of_a_paper_becomes_a_picture_or_markup_in_a_chat():
    assert harmless("See ![owl](https://o.example/) <img src=x> 3 < 4 a<b") == (
        "See ! [owl](https://o.example/) ‹img src=x> 3 < 4 a‹b"
    )


def test_a_paper_without_an_address_has_a_link_all_the_same(assistant):
    paper = assistant.paper("gamma-moss")
    assert link(paper, "http://localhost:8000") == "http://localhost:8000/papers/gamma-moss"

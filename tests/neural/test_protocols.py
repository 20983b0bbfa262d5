"""What servers speak beside the plain protocol: Responses, schemas, tools, and streams that end in their own ways."""

import gc
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import openai
import pytest

from rag import Assistant, Settings
from rag.answers.generation.transport import completions, responses
from rag.answers.generation.transport.incoming_reply import Reply as Incoming
from rag.errors import ProviderError
from rag.neural.named_model import model_name
from rag.neural.provider import Deadline, MalformedError, retrying
from tests.support.model_server import ModelServer, Reply, obedient

ASKED = "How many visual tokens does OwlNet keep?"
TRUE = "OwlNet keeps 12 of 196 visual tokens [2]."
SHOWN = "OwlNet keeps 12 of 196 visual tokens [1]."
ONLY_RESPONSES = Reply(
    status=400, error={"message": "This model is only supported in v1/responses and not in v1/chat/completions."}
)


@pytest.fixture(scope="module")
def asking(library_dir):
    """Asks with a script and settings; gives the Answer and the server."""

    def asking(script, *, path="", **settings):
        with (
            ModelServer(script) as server,
            Assistant.open(library_dir, Settings(llm=server.name + path, **settings)) as assistant,
        ):
            return assistant.ask(ASKED), server

    return asking


def event(kind, **rest):
    return f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': 0, **rest})}\n\n".encode()


def whole(status="completed", output_tokens=9, **rest):
    told = {"id": "r", "object": "response", "created_at": 1, "model": "owl", "output": [], "status": status}
    counts = {"input_tokens": 70, "output_tokens": output_tokens, "total_tokens": 70 + output_tokens}
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return event(f"response.{status}", response=told | {"usage": counts | details, "incomplete_details": None} | rest)


def written(text, end=None):
    """A reply of the Responses API that thinks first."""
    place = {"item_id": "m", "output_index": 1, "content_index": 0, "logprobs": []}
    thought = event(
        "response.reasoning_summary_text.delta", item_id="t", output_index=0, summary_index=0, delta="Hm 13."
    )
    pieces = [text[at : at + 9] for at in range(0, len(text), 9)]
    said = b"".join(event("response.output_text.delta", delta=piece, **place) for piece in pieces)
    return Reply(raw=thought + said + (whole() if end is None else end))


def test_a_model_that_has_responses_alone_is_asked_there_from_then_on(library_dir):
    def script(request):
        return written(TRUE) if request.path.endswith("/responses") else ONLY_RESPONSES

    with ModelServer(script) as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        first, second = assistant.ask(ASKED), assistant.ask(ASKED)
    assert first.text == second.text == SHOWN
    assert [request.path for request in server.requests] == ["/v1/chat/completions", "/v1/responses", "/v1/responses"]
    body = server.requests[1].body
    assert [message["role"] for message in body["input"]] == ["system", "user"]
    assert (body["max_output_tokens"], body["store"], body["stream"]) == (1000, False, True)
    assert (first.usage["prompt_tokens"], first.usage["completion_tokens"]) == (70, 9)


def test_an_address_that_ends_in_responses_says_so_at_once(asking):
    answer, server = asking(lambda request: written(TRUE), path="/responses")
    assert (answer.text, [request.path for request in server.requests]) == (SHOWN, ["/v1/responses"])


def test_a_search_is_called_by_the_tool_of_responses(asking, monkeypatch):
    monkeypatch.setattr("rag.neural.named_model._WITH_TOOLS", ("127.0.0.1",))

    def script(request):
        if len(request.body["input"]) > 2:
            return written(TRUE)
        done = {"item_id": "f", "output_index": 1, "name": "search", "arguments": '{"query": "tokens kept"}'}
        return Reply(raw=event("response.function_call_arguments.done", **done) + whole())

    answer, server = asking(script, path="/responses")
    assert (answer.text, answer.rounds[1].query) == (SHOWN, "tokens kept")
    assert server.requests[0].body["tools"][0]["name"] == "search"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (written("", event("error", code="x", message="overloaded", param=None)), "reported an error.*: overloaded"),
        (written("", whole("failed", error={"code": "server_error", "message": "no room"})), "error.*: no room"),
        (Reply(raw=b""), "is not OpenAI's protocol"),
        (written("", whole("incomplete", incomplete_details={"reason": "content_filter"})), "the filter of owl@"),
    ],
    ids=["error", "failed", "nothing", "filtered"],
)
def test_a_response_that_fails_is_an_error_and_no_abstention(asking, reply, says, monkeypatch):
    monkeypatch.setattr("rag.neural.provider._FIRST_WAIT_S", 0.01)
    with pytest.raises(ProviderError, match=says):
        asking(obedient(reply), path="/responses")


@pytest.mark.parametrize(
    "end",
    [whole("incomplete", incomplete_details={"reason": "max_output_tokens"}), whole(output_tokens=1000)],
    ids=["told", "counted"],
)
def test_a_response_cut_off_by_its_limit_loses_its_last_half_sentence(asking, end):
    answer, _ = asking(obedient(written(f"{TRUE} OwlNet trains for 23", end)), path="/responses")
    assert answer.text.startswith(SHOWN)
    assert "cut off by the limit of its length" in answer.notes[0]


@pytest.mark.parametrize("takes", [True, False])
def test_the_second_opinion_is_asked_for_by_a_schema_where_the_server_takes_one(asking, takes):
    def judging(request):
        if "response_format" in request.body and not takes:
            return Reply(status=400, error={"message": "response_format is not supported by this model"})
        return json.dumps({"verdicts": [{"n": 1, "verdict": "supported", "reason": ""}]})

    with ModelServer(judging) as judge:
        answer, _ = asking(obedient(TRUE), llm_judge=judge.name)
    assert (answer.text, answer.notes) == (SHOWN, ())
    assert ["response_format" in request.body for request in judge.requests] == [True] if takes else [True, False]
    form = judge.requests[0].body["response_format"]["json_schema"]["schema"]
    assert form["properties"]["verdicts"]["items"]["required"] == ["n", "verdict", "reason"]


def chunk(text, finish=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    told = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "owl", "choices": [choice]}
    return b"data: " + json.dumps(told, ensure_ascii=False).encode() + b"\n\n"


def test_a_stream_that_ends_within_a_sentence_without_an_end_was_cut(asking):
    half = Reply(raw=chunk("OwlNet keeps 12 of 196 visual tokens and"))
    replies = [half, TRUE]
    answer, server = asking(lambda request: replies.pop(0))
    assert (answer.text, len(server.requests)) == (SHOWN, 2)
    with pytest.raises(ProviderError, match="broke off in the middle of a sentence"):
        asking(obedient(half))


def test_a_server_that_never_says_that_it_is_done_is_taken_at_its_full_stop(asking):
    assert asking(obedient(Reply(raw=chunk(TRUE))))[0].text == SHOWN


def test_what_a_filter_stopped_is_an_error_and_no_abstention(asking):
    with pytest.raises(ProviderError, match=r"the filter of owl@.* stopped its answer"):
        asking(obedient(Reply("OwlNet ke", finish="content_filter")))


def test_half_a_character_costs_a_sign_and_not_the_answer(asking):
    raw = chunk(f"{TRUE} ") + chunk("§").replace("§".encode(), b"\xc3") + chunk("", "stop") + b"data: [DONE]\n\n"
    assert asking(obedient(Reply(raw=raw)))[0].text.startswith(SHOWN)


@pytest.mark.parametrize("wanted", ["I will look further.\nSEARCH: tokens kept", "SEARCH: tokens kept\n"])
def test_what_a_model_says_before_it_searches_is_neither_shown_nor_sent_back(asking, wanted):
    answer, server = asking(lambda request: TRUE if len(request.body["messages"]) > 2 else wanted)
    assert (answer.text, answer.left_out, answer.sent_back, len(server.requests)) == (SHOWN, (), 0, 2)


def test_a_call_of_the_tool_behind_some_words_is_a_search_too(asking, monkeypatch):
    monkeypatch.setattr("rag.neural.named_model._WITH_TOOLS", ("127.0.0.1",))
    call = {"index": 0, "id": "c", "type": "function", "function": {"name": "search", "arguments": '{"query": "kept"}'}}
    raw = chunk("Let me look for that. ") + chunk("", "tool_calls").replace(
        b'"content": ""', b'"content": null, "tool_calls": ' + json.dumps([call]).encode()
    )
    answer, _ = asking(lambda request: TRUE if len(request.body["messages"]) > 2 else Reply(raw=raw))
    assert (answer.text, [one.query for one in answer.rounds]) == (SHOWN, [ASKED, "kept"])


def test_a_context_that_is_too_small_is_told_after_one_try_though_it_names_the_limit(asking):
    said = "'max_tokens' is too large: 1000. This model's maximum context length is 2048 tokens"
    seen = []

    def script(request):
        seen.append(request)
        return Reply(status=400, error={"message": said})

    with pytest.raises(ProviderError, match="Set FOOTNOTE_LLM_CONTEXT_TOKENS to the size of its context"):
        asking(script)
    assert len(seen) == 1


def test_evidence_and_reply_fit_together_into_a_small_context(asking):
    from rag.text.tokens import count_tokens

    _, server = asking(obedient(TRUE), llm_context_tokens=1600)
    body = server.requests[0].body
    asked = sum(count_tokens(message["content"]) for message in body["messages"])
    assert body["max_tokens"] == 400  # a quarter
    assert asked * 1.25 + body["max_tokens"] <= 1600  # also where a small vocabulary counts a quarter more


def test_a_size_that_a_server_cannot_say_yet_is_asked_again(library_dir):
    with ModelServer(obedient(TRUE)) as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        model = assistant._generator._model
        listed = server._list
        server._list = lambda handler: listed(handler) if ready else handler.send_error(503, "Loading model")
        server.models = [{"id": "owl", "meta": {"n_ctx": 9000, "n_ctx_train": 99_000}}]
        ready = False
        assert model.context_tokens(Deadline.after(9)) == 4096
        ready = True
        assert model.context_tokens(Deadline.after(9)) == 9000


def test_a_moment_to_come_back_is_kept_as_seconds_are():
    import httpx
    import openai

    late = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)

    def refused():
        request = httpx.Request("POST", "http://127.0.0.1/v1")
        response = httpx.Response(429, headers={"Retry-After": late}, request=request)
        raise openai.RateLimitError("slow down", response=response, body=None)

    with pytest.raises(ProviderError, match=r"try again in 3[56]\d\d"):
        retrying(refused, model_name("owl@http://127.0.0.1:1/v1", setting="X"), Deadline.after(60))


@pytest.mark.parametrize("protocol", [completions, responses])
@pytest.mark.parametrize("last", ["left", "no event"])
def test_a_stream_is_closed_without_waiting_for_the_garbage_collector(protocol, last):
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "owl"}
    delta = {"choices": [{"index": 0, "delta": {"content": "Owls "}}]}
    first = f"data: {json.dumps(chunk | delta)}\n\n".encode() if protocol is completions else written("Owls ", b"").raw
    body = first if last == "left" else first + b"data: {no event\n\n"
    gc.disable()
    try:
        with ModelServer(lambda request: Reply(raw=body)) as server, httpx.Client(trust_env=False) as http:
            client = openai.OpenAI(base_url=server.url, api_key="owl", http_client=http)
            limit = "max_tokens" if protocol is completions else "max_output_tokens"
            pieces = protocol.pieces(client, "owl", [], {limit: 9}, Incoming())
            next(pieces)
            if last == "left":
                pieces.close()
            else:
                with pytest.raises(MalformedError):
                    list(pieces)
            kept = http._transport._pool.connections
            assert all(one.is_idle() or one.is_closed() for one in kept)
    finally:
        gc.enable()

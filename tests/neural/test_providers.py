"""Servers that fail in every way they can: tried again where that makes sense, else one line that says what to do."""

import os
import subprocess
import sys

import pytest

from rag import Assistant, Settings
from rag.errors import FootnoteError, ProviderError, SettingsError
from tests.support.model_server import ModelServer, Reply, obedient
from tests.support.ports import closed_port

ASKED = "How many visual tokens does OwlNet keep?"
TRUE = "OwlNet keeps 12 of 196 visual tokens [2]."
SHOWN = "OwlNet keeps 12 of 196 visual tokens [1]."


def in_turn(*replies):
    """A script that gives these replies one after the other, and the last for ever."""
    left = list(replies)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture(scope="module")
def asking(library_dir):
    """Asks with a script and settings; gives the Answer and the server."""

    def asking(script, **settings):
        with (
            ModelServer(script) as server,
            Assistant.open(library_dir, Settings(llm=server.name, **settings)) as assistant,
        ):
            return assistant.ask(ASKED), server

    return asking


def failing(asking, script, says, **settings):
    """The server, after an error that says this in one line."""
    servers = []

    def kept(request):
        servers.append(request)
        return script(request)

    with pytest.raises(ProviderError, match=says) as caught:
        asking(kept, **settings)
    assert "\n" not in str(caught.value)
    return servers


@pytest.mark.parametrize(
    ("status", "message", "says"),
    [
        (401, "Incorrect key: sk-abcdef", r"status 401: Incorrect key: sk-…\. Set FOOTNOTE_LLM_API_KEY"),
        (403, "no access", r"status 403: no access\. The key may not use this model"),
        (404, "model 'owl' not found", r"status 404: model 'owl' not found\. It has no such model.*/v1/models lists"),
        (400, "maximum context length is 2048 tokens", "Set FOOTNOTE_LLM_CONTEXT_TOKENS"),
        (400, "I do not like this", "does not take this request"),
        (429, "You exceeded your current quota, check your billing", "The account has no credit left"),
    ],
)  # fmt: skip
def test_what_cannot_get_better_is_told_after_one_try(asking, status, message, says):
    seen = failing(asking, obedient(Reply(status=status, error={"message": message})), says)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "failure",
    [
        Reply(status=500),
        Reply(status=503),
        Reply(status=429),
        Reply(status=429, headers={"Retry-After": "0.2"}),
        Reply(raw=b""),
        Reply(raw=b"<html>gateway</html>"),
        Reply(raw=b'{"choices": []}'),
        Reply(raw=b'{"choices": [{"message": null}]}'),
        Reply(TRUE, cut_after=0),
        Reply(TRUE, cut_after=4),
    ],
    ids=["500", "503", "429", "429 in 0.2 s", "empty", "html", "no choice", "no message", "cut at once", "cut later"],
)
def test_what_may_pass_is_tried_again(asking, failure):
    replies = [failure, failure, TRUE] if failure.raw is not None else [failure, TRUE]
    answer, server = asking(in_turn(*replies))
    assert (answer.text, answer.status) == (SHOWN, "answered")
    assert len(server.requests) == len(replies)


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (
            Reply(status=500, error={"message": "out of memory"}),
            r"status 500: out of memory\. The fault is the server's",
        ),
        (Reply(status=429, headers={"Retry-After": "0.1"}), r"wants fewer questions: try again in 0\.1 s"),
        (Reply(raw=b"<html>"), "answered with something that is not OpenAI's protocol"),
        (Reply(TRUE, cut_after=0), "broke off"),
    ],
    ids=["500", "429", "html", "cut"],
)
def test_a_server_that_never_gets_better_is_given_up_after_four_tries(asking, failure, says, monkeypatch):
    monkeypatch.setattr("rag.neural.provider._FIRST_WAIT_S", 0.05)
    seen = failing(asking, obedient(failure), says)
    assert len(seen) <= 8  # four tries; with a body that is no stream each asks once more without one


def test_a_wait_longer_than_the_time_left_is_not_begun(asking):
    seen = failing(asking, obedient(Reply(status=429, headers={"Retry-After": "3600"})), "try again in 3600 s")
    assert len(seen) == 1  # and who waited would not have come here


@pytest.mark.parametrize(
    "failure",
    [Reply(TRUE, stalls=True), Reply(TRUE, pings=True), Reply(TRUE, pause_s=0.3, endless=True, piece=1)],
    ids=["silent", "pings only", "drips for ever"],
)
def test_the_time_limit_holds_whatever_the_server_does(asking, failure):
    asking(obedient(TRUE))  # imports take their time once
    # Each of these would go on for ever: with no limit there is no error, and no end of this test.
    failing(
        asking,
        obedient(failure),
        r"did not finish its answer within 2\.5 s\. Raise FOOTNOTE_LLM_TIMEOUT_S",
        llm_timeout_s=2.5,
    )


def test_a_stream_that_never_ends_is_cut_and_its_true_sentences_stand(asking):
    answer, _ = asking(obedient(Reply(f"{TRUE} ", endless=True, piece=200)))
    assert answer.status == "answered"
    assert {statement.text for statement in answer.statements} == {"OwlNet keeps 12 of 196 visual tokens."}
    assert "The model's answer was cut off by the limit of its length." in answer.notes


def test_a_connection_cut_after_a_sentence_was_shown_is_an_error(library_dir):
    text = f"{TRUE} OwlNet trains for 23 hours on eight GPUs [4]. And so on and so on."
    with (
        ModelServer(obedient(Reply(text, piece=10, cut_after=9, pause_s=0.02))) as server,
        Assistant.open(library_dir, Settings(llm=server.name)) as assistant,
    ):
        stream = assistant.stream(ASKED)
        assert next(stream) == SHOWN
        with pytest.raises(ProviderError, match="broke off") as caught:
            list(stream)
    assert caught.value.retryable
    assert len(server.requests) == 1


def test_an_answer_of_nothing_but_thoughts_says_so(asking):
    failing(
        asking, obedient(Reply("<think>hm hm hm", finish="length")), "used all of its 8000 tokens and answered nothing"
    )
    failing(asking, obedient(Reply("<think>hm</think>")), "gave an empty answer")


def test_a_model_that_thinks_before_it_writes_gets_room_for_both(library_dir):
    def script(request):
        return Reply("<think>hm", finish="length") if request.body["max_tokens"] < 8000 else f"<think>hm</think>{TRUE}"

    with ModelServer(script) as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        assert [assistant.ask(ASKED).text, assistant.ask(ASKED).text] == [SHOWN, SHOWN]
    assert [request.body["max_tokens"] for request in server.requests] == [1000, 8000, 8000]


def test_nobody_listening_is_an_error_that_names_the_address(library_dir):
    with (
        closed_port() as port,
        Assistant.open(library_dir, Settings(llm=f"owl@http://127.0.0.1:{port}/v1", llm_timeout_s=20)) as assistant,
        pytest.raises(ProviderError, match=rf":{port}/v1 cannot be reached .*extractive answers need no mod") as caught,
    ):
        assistant.ask(ASKED)
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("refusal", "without", "instead"),
    [
        ("Unsupported value: 'temperature' does not support 0", "temperature", None),
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "max_completion_tokens",
        ),
        ("stream_options is not permitted", "stream_options", None),
    ],
)
def test_what_a_model_refuses_is_left_out_and_remembered(library_dir, refusal, without, instead):
    def script(request):
        return Reply(status=400, error={"message": refusal}) if without in request.body else TRUE

    with ModelServer(script) as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        assert assistant.ask(ASKED).text == SHOWN
        assert assistant.ask(ASKED).text == SHOWN
    assert [without in request.body for request in server.requests] == [True, False, False]
    assert instead is None or instead in server.requests[1].body


def test_a_model_without_a_system_role_gets_the_rules_from_the_user(asking):
    def script(request):
        if request.body["messages"][0]["role"] == "system":
            return Reply(status=400, error={"message": "System role not supported"})
        return TRUE

    answer, server = asking(script)
    assert answer.text == SHOWN
    [message] = server.requests[1].body["messages"]
    assert "Use only the evidence" in message["content"]
    assert "<evidence>" in message["content"]


def test_a_server_that_cannot_stream_is_asked_for_the_whole(asking):
    def script(request):
        if request.body.get("stream"):
            return Reply(raw=b'{"id": "c", "object": "chat.completion", "choices": []}')
        return TRUE

    answer, server = asking(script)
    assert (answer.text, len(server.requests)) == (SHOWN, 2)


def test_a_second_try_that_fails_costs_only_itself(asking):
    def script(request):
        if request.is_second_try:
            return Reply(status=401, error={"message": "expired"})
        return f"{TRUE} OwlNet keeps 13 of 196 visual tokens [2]."

    answer, _ = asking(script)
    assert [statement.text for statement in answer.statements] == ["OwlNet keeps 12 of 196 visual tokens."]
    assert answer.notes[0].startswith("The sentences that failed had no second try:")


@pytest.mark.parametrize(
    "name", ["owl", "openai:", "owl@ftp://x/v1", "@http://localhost/v1", "owl@http://", "a b@http://x"]
)
def test_a_name_that_is_no_model_is_a_settings_error(library_dir, name):
    with pytest.raises(SettingsError, match="it takes openai:MODEL or MODEL@http://host/v1"):
        Assistant.open(library_dir, Settings(llm=name))


def test_a_model_of_openai_without_a_key_is_a_settings_error(library_dir):
    with (
        Assistant.open(library_dir, Settings(llm="openai:gpt-4o-mini")) as assistant,
        pytest.raises(SettingsError, match=r"needs a key\. Set OPENAI_API_KEY"),
    ):
        assistant.ask(ASKED)


def test_which_key_is_sent(library_dir, monkeypatch, asking):
    assert asking(obedient(TRUE))[1].requests[0].key == "none"
    monkeypatch.setenv("OPENAI_API_KEY", "from-openai")
    assert asking(obedient(TRUE))[1].requests[0].key == "from-openai"
    assert asking(obedient(TRUE), llm_api_key="ours")[1].requests[0].key == "ours"


def test_a_key_of_openai_is_not_sent_in_plain_text_to_another_machine(monkeypatch):
    from rag.neural.named_model import key_for, model_name

    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    names = ("m@http://far.example/v1", "m@https://far.example/v1", "m@http://localhost:1/v1", "openai:m")
    sent = [key_for(model_name(name, setting="X"), None) for name in names]
    assert sent == ["none", "secret", "secret", "secret"]


def test_a_key_is_in_no_error_and_not_in_the_settings_as_printed(asking):
    settings = Settings(llm_api_key="sk-very-secret")
    assert "very-secret" not in f"{settings} {settings!r}"
    with pytest.raises(ProviderError) as caught:
        asking(obedient(Reply(status=401, error={"message": "bad key sk-very-secret"})), llm_api_key="sk-very-secret")
    assert "very-secret" not in str(caught.value)


PROGRAM = """
import socket, sys
reached = []
def told(self, address):
    reached.append(address)
    raise PermissionError("no network here")
socket.socket.connect = told
socket.socket.connect_ex = told
from rag import Assistant
with Assistant.open(sys.argv[1]) as assistant:
    answer = assistant.ask("How many visual tokens does OwlNet keep?")
    assert (answer.status, answer.mode) == ("answered", "extractive"), answer
    assistant.ask("And how fast is it?", history=[{"role": "user", "content": "What is OwlNet?"}])
    assistant.verify("OwlNet keeps 12 of 196 visual tokens.", cited=["owlnet"])
assert not reached, reached
assert not {"openai", "llama_index.llms.openai_like"} & set(sys.modules), "a client was loaded"
"""


def test_a_key_in_the_environment_alone_changes_nothing(library_dir):
    keys = {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "FOOTNOTE_LLM_API_KEY": "sk-y"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(library_dir)], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, **keys},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_command_line_takes_the_name_of_a_model(called, library_dir):
    with ModelServer(obedient(TRUE)) as server:
        done = called("--storage", library_dir, "ask", ASKED, "--llm", server.name)
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode().startswith(SHOWN)
        by_environment = called("--storage", library_dir, "ask", ASKED, "--json", FOOTNOTE_LLM=server.name)
        assert b'"mode": "generated"' in by_environment.stdout
    with closed_port() as port:
        failed = called("--storage", library_dir, "ask", ASKED, "--llm", f"owl@http://127.0.0.1:{port}/v1")
    assert (failed.returncode, failed.stdout) == (1, b"")
    assert failed.stderr.startswith(b"footnote: ")
    assert b"cannot be reached" in failed.stderr
    assert b"Traceback" not in failed.stderr


# -- embeddings ----------------------------------------------------------------------------------------------------


def test_a_library_can_be_embedded_by_a_server(tmp_path, abstracts_file):
    with ModelServer(obedient("")) as server:
        settings = Settings(embedding=server.name, llm_api_key="ours")
        with Assistant.open(tmp_path, settings) as assistant:
            report = assistant.ingest([abstracts_file])
            assert report.total("new") == 12
            assert assistant.search("a detector for birds in night images", k=1)[0].paper.id == "owlnet"
        assert {request.key for request in server.embedded} == {"ours"}
        sent = [text for request in server.embedded for text in request.body["input"]]
        assert "How many" not in " ".join(sent)
        assert max(len(request.body["input"]) for request in server.embedded) <= 64
    from rag.errors import LibraryError

    with pytest.raises(LibraryError, match=rf"made with the embedding {server.name} .*the settings name minilm"):
        Assistant.open(tmp_path, Settings())


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (Reply(status=401), r"status 401.*Set FOOTNOTE_LLM_API_KEY"),
        (Reply(raw=b"{}", status=404), "status 404"),
        (Reply(status=400, error={"error": {"message": "not an embedding model"}}), "not an embedding model"),
    ],
)
def test_a_server_that_cannot_embed_is_told(tmp_path, failure, says):
    with ModelServer(obedient(failure)) as server, pytest.raises(FootnoteError, match=says):
        Assistant.open(tmp_path, Settings(embedding=server.name))


def test_an_embedding_of_no_known_form_names_the_forms(tmp_path):
    with pytest.raises(SettingsError, match="known: minilm, openai:MODEL, MODEL@http://host/v1"):
        Assistant.open(tmp_path, Settings(embedding="word2vec"))

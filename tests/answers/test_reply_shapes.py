"""Replies in the shapes of servers that are nearly OpenAI's: read as they are meant, or an error with its words."""

import json

import pytest

from rag import Assistant, Settings
from rag.errors import ProviderError
from tests.support.model_server import ModelServer, Reply, obedient

ASKED = "How many visual tokens does OwlNet keep?"
TRUE = "OwlNet keeps 12 of 196 visual tokens [2]."
SHOWN = "OwlNet keeps 12 of 196 visual tokens [1]."
THOUGHT = "OwlNet trains for 23 hours on eight GPUs [4]."


@pytest.fixture(scope="module")
def asking(library_dir):
    """Asks with a script; gives the Answer and the server."""

    def asking(script):
        with ModelServer(script) as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
            return assistant.ask(ASKED), server

    return asking


def chunks(*contents, **last):
    """A stream whose deltas have these contents, and a last chunk."""
    rows = [{"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]} for content in contents]
    rows.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]} | last)
    return b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in rows) + b"data: [DONE]\n\n"


def message(content, **more):
    """A whole completion, as servers that do not stream send it."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}} | more]}).encode()


PARTS = [
    {"type": "thinking", "thinking": [{"type": "text", "text": f"Okay. {THOUGHT}"}], "closed": True},
    {"type": "reference", "reference_ids": [4]},
    {"type": "text", "text": "OwlNet keeps 12 "},
    {"type": "text", "text": "of 196 visual tokens [2]."},
    {"type": "of tomorrow", "text": THOUGHT},
]


@pytest.mark.parametrize(
    "body",
    [
        chunks(PARTS),
        chunks([PARTS[0]], [PARTS[2]], "of 196 visual ", [{"type": "text", "text": "tokens [2]."}]),
        chunks({"type": "text", "text": TRUE}),
        chunks(TRUE, choices=[{"index": 0, "delta": None, "finish_reason": "stop"}]),
        chunks(TRUE, choices=[{"index": 0, "message": {"content": TRUE}, "finish_reason": "stop"}]),
        chunks("", choices=[{"index": 0, "message": {"content": TRUE}, "finish_reason": "stop"}]),
        chunks(TRUE, choices=[{"index": 0, "delta": {"content": None, "role": None}, "finish_reason": "eos_token"}]),
        chunks(TRUE, choices=None, usage=None),
        b'data: {"choices": [], "prompt_filter_results": []}\n\n' + chunks(TRUE),
        b": PROCESSING\n\n" + chunks(TRUE),
    ],
    ids=lambda body: body[:90].decode(),
)  # fmt: skip
def test_content_in_parts_and_other_shapes_of_servers_are_read(asking, body):
    answer, server = asking(obedient(Reply(raw=body)))
    assert (answer.text, len(server.requests)) == (SHOWN, 1)


@pytest.mark.parametrize("content", [PARTS, [{"type": "output_text", "text": {"value": TRUE}}], TRUE])
def test_content_in_parts_is_read_where_a_server_does_not_stream(asking, content):
    answer, _ = asking(obedient(Reply(raw=message(content))))
    assert answer.text == SHOWN


@pytest.mark.parametrize("finish", ["max_tokens", "model_length", "MAX_TOKENS"])
def test_a_limit_by_another_name_is_the_limit(asking, finish):
    last = [{"index": 0, "delta": {}, "finish_reason": finish}]
    answer, _ = asking(obedient(Reply(raw=chunks(f"{TRUE} OwlNet is", choices=last))))
    assert "cut off by the limit" in answer.notes[0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (message(None)[:-1] + b', "error": {"message": "Too Many Requests"}}', "an error.*: Too Many Requests"),
        (b'{"choices": null, "error": {"message": "out of credits"}}', "reported an error.*: out of credits"),
        (chunks("Hm", choices=[{"index": 0, "delta": {}, "finish_reason": "error"}]), "ended with an error"),
        (chunks("Hm", choices=[{"index": 0, "delta": {}, "finish_reason": "abort"}]), "ended with an error"),
        (chunks("Hm", choices=[{"index": 0, "delta": {}, "finish_reason": "SAFETY"}]), "the filter of owl"),
        (chunks(7), "not OpenAI's protocol"),
    ],
    ids=lambda given: str(given[-40:]),
)  # fmt: skip
def test_errors_that_come_with_status_200_are_errors_with_the_servers_words(asking, monkeypatch, body, says):
    monkeypatch.setattr("time.sleep", lambda _: None)
    with pytest.raises(ProviderError, match=says):
        asking(obedient(Reply(raw=body)))


@pytest.mark.parametrize(
    "said",
    [
        "OwlNet keeps 12 of 196 visual tokens [OwlNet: Seeing Small Birds at Night].",
        "OwlNet keeps 12 of 196 visual tokens (Sowa et al., 2024).",
        "Based on the evidence, OwlNet keeps 12 of 196 visual tokens [src 2]. I hope this helps!",
        f'{{"answer": "{TRUE}"}}',
        f"## Answer\n\n[cite_start]{TRUE}",
    ],
)
def test_marks_in_words_and_what_stands_around_an_answer_are_read_as_meant(asking, said):
    answer, _ = asking(obedient(said))
    assert (answer.text, answer.notes) == (SHOWN, ())


def test_a_mark_in_words_is_checked_like_any_other(asking):
    answer, _ = asking(obedient("OwlNet keeps 99 of 196 visual tokens (Sowa et al., 2024)."))
    assert answer.status == "abstained"

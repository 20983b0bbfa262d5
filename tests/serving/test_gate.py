"""The gate by itself: who comes in, and what everybody else is told."""

import asyncio
import json

import pytest

from rag.serving.gate import Gate

JSON = {"content-type": "application/json"}


def passed(*, host="127.0.0.1", method="POST", headers=JSON, body=b"{}", sends=True, **options):
    """The status that a request gets at the gate and what it says; 200 where it came through."""

    async def app(scope, receive, send):
        assert (await receive())["body"] == body
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"error": ""}'})

    gate = Gate(app, host=host, keys=(), refusal=lambda path, status, said: {"error": said}, **options)
    sent = []

    async def receive():
        if not sends:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    given = [(name.encode(), value.encode()) for name, value in {"host": "127.0.0.1:80", **headers}.items()]
    asyncio.run(gate({"type": "http", "method": method, "path": "/", "headers": given}, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])["error"]


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:9", "127.0.0.1:80", "127.8.9.1", "[::1]:80"])
def test_this_machine_is_let_in_by_each_of_its_names(name):
    assert passed(headers=JSON | {"host": name, "origin": f"http://{name}"}) == (200, "")


@pytest.mark.parametrize(
    "name", ["owls.example.org", "127.0.0.1.owls.example.org:80", "localhost@owls.example.org", "[::1", ""]
)
def test_a_name_of_somebody_else_is_turned_away(name):
    status, said = passed(headers=JSON | {"host": name})
    assert (status, "Call it 127.0.0.1" in said) == (421, True)


@pytest.mark.parametrize("origin", ["null", "https://owls.example.org", "http://localhost.owls.example.org", "x", ""])
def test_a_page_of_another_site_is_turned_away(origin):
    status, said = passed(headers=JSON | {"origin": origin})
    assert (status, "another site" in said) == (403, True)


def test_where_other_machines_may_come_any_name_will_do():
    # They need a key there, which no page of another site has.
    assert passed(host="0.0.0.0", headers=JSON | {"host": "owls.example.org", "origin": "null"}) == (200, "")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=x"},
        JSON | {"content-encoding": "gzip"},
    ],
)
def test_what_is_no_plain_json_is_told_the_header_to_send(headers):
    status, said = passed(headers=headers)
    assert (status, "Content-Type: application/json" in said) == (415, True)


def test_json_of_a_kind_of_its_own_is_json():
    assert passed(headers={"content-type": "application/vnd.owl+json; charset=utf-8"}) == (200, "")


def test_a_request_that_never_comes_whole_is_given_up():
    status, said = passed(sends=False, sending_s=0.05)
    assert (status, "did not come whole in 0.05 s" in said) == (408, True)


def test_a_request_that_only_reads_is_asked_for_no_type():
    assert passed(method="GET", headers={}) == (200, "")

"""Models that think aloud: nothing of it is in the answer, whatever of it they mark, and nobody waits in vain."""

import pytest

from rag import Assistant, Settings
from rag.errors import ProviderError
from rag.model.streamed import Instead
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


def streamed(script, library_dir, times=1, **settings):
    """For each of so many questions to one model: all that was shown after each piece, and the Answer."""
    told = []
    with ModelServer(script) as server, Assistant.open(library_dir, Settings(llm=server.name, **settings)) as assistant:
        for _ in range(times):
            seen, text = [], ""
            *pieces, answer = assistant.stream(ASKED)
            for piece in pieces:
                text = piece if isinstance(piece, Instead) else text + piece
                seen.append(text)
            told.append((seen, answer, server.requests))
    return told


@pytest.mark.parametrize(
    "thoughts",
    [
        f"Okay, what does OwlNet keep? {THOUGHT} Then I can answer.\n",
        "OwlNet trains for 23 hours on eight GPUs.\nSo 12.\n",  # true, and not marked
        f"The evidence does not say it at once. {THOUGHT}\n",
    ],
)
def test_thoughts_of_which_only_the_end_is_marked_are_never_shown(library_dir, thoughts):
    for seen, answer, _ in streamed(obedient(Reply(f"{thoughts}</think>\n\n{TRUE}", piece=7)), library_dir, times=2):
        assert seen == [SHOWN]
        assert (answer.text, len(answer.statements), answer.left_out, answer.notes) == (SHOWN, 1, (), ())


def test_thoughts_that_pass_for_an_answer_are_taken_back_and_believed_only_once(library_dir):
    script = obedient(Reply(f"{THOUGHT} So it is 12.\n</think>{TRUE}", piece=7))
    first, second = streamed(script, library_dir, times=2)
    assert first[0] == ["OwlNet trains for 23 hours on eight GPUs [1].", "", SHOWN]
    assert second[0] == [SHOWN]
    for _, answer, _ in (first, second):
        assert (answer.text, len(answer.statements), answer.left_out) == (SHOWN, 1, ())


def test_thoughts_that_are_cut_off_before_their_end_are_no_answer(library_dir):
    def script(request):
        thought = f"Okay. {THOUGHT} " * 3
        return Reply(thought, finish="length") if request.body["max_tokens"] < 8000 else f"{thought}</think>{TRUE}"

    first, second = streamed(script, library_dir, times=2)
    assert (first[0], first[1].text, len(first[1].statements)) == ([SHOWN], SHOWN, 1)
    assert [request.body["max_tokens"] for request in second[2]] == [1000, 8000, 8000]


def test_thoughts_without_an_end_are_an_error(asking):
    with pytest.raises(ProviderError, match="used all of its 8000 tokens and answered nothing"):
        asking(obedient(Reply(f"Okay. {THOUGHT}", finish="length")))


def test_an_answer_cut_off_stands_where_its_first_sentence_has_a_mark(asking):
    answer, server = asking(obedient(Reply(f"{TRUE} OwlNet trains", finish="length")))
    assert (answer.statements[0].text, len(server.requests)) == ("OwlNet keeps 12 of 196 visual tokens.", 1)


@pytest.mark.parametrize(
    "said",
    [
        TRUE,
        "OwlNet keeps 12 of 196 visual tokens.",  # without a mark, once it is known that this model does not think
        f"<think>Hm. {THOUGHT}</think>OwlNet keeps 12 of 196 visual tokens.",
    ],
)
def test_a_sentence_that_is_no_thought_is_shown_while_the_model_still_writes(library_dir, said):
    replies = [TRUE, Reply(f"{said} {THOUGHT}", hold_at="trains")] if said == SHOWN.replace(" [1]", "") else []
    replies = replies or [Reply(f"{said} OwlNet is a detector for birds [1].", hold_at="a detector")]
    with (
        ModelServer(lambda _: replies[0] if len(replies) == 1 else replies.pop(0)) as server,
        Assistant.open(library_dir, Settings(llm=server.name)) as assistant,
    ):
        if len(replies) > 1:
            assistant.ask(ASKED)
        stream = assistant.stream(ASKED)
        assert next(stream) == SHOWN
        server.go_on()
        *_, answer = stream
        assert len(answer.statements) == 2

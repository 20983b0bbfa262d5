"""The chat page's HTML: nothing foreign acts as markup; marks, verdicts and quotes are where they belong."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.model import Answer, Citation, Paper, Ranked, Statement
from ui.content.conversation import Exchange
from ui.rendering.conversation import ask_link, conversation_html, error_html, exchange_html, quoted_html
from ui.rendering.marks import pieces
from ui.text import as_read, download, line, link, safe, visible

OWL = Paper(
    "owlnet", "OwlNet: Seeing Small Birds at Night",
    "OwlNet is a detector. It keeps 12 of 196 visual tokens. It runs 2.5times faster.", "digest",
    published=date(2024, 3, 12), url="https://owls.example.org/a?b=1&c=2",
)  # fmt: skip
QUOTE = "It keeps 12 of 196 visual tokens."
AT = OWL.abstract.index(QUOTE)
ANSWER = Answer(
    "How many tokens does it keep?", "How many tokens does OwlNet keep?", "answered",
    "It keeps 12 of 196 visual tokens [1]. It came out in 2024 [2].",
    (
        Statement("It keeps 12 of 196 visual tokens.", (1,)),
        Statement("It came out in 2024.", (2,), "weak", ("the day is not said",)),
    ),
    (Citation(1, OWL, QUOTE, AT, AT + len(QUOTE)), Citation(2, OWL, "2024-03-12", field="published")),
    (Ranked(OWL, 1.0),), timings_ms={"total": 41.6},
)  # fmt: skip
HOSTILE = (
    "<script>window.hit=1</script>", '"><img src=x onerror="window.hit=1">', "javascript:window.hit=1",
    "![x](https://evil.example/p.png)", "</p></article><h1>Taken over", "{{#each this}}{{/each}}", "${window.hit=1}",
    "`${alert(1)}`", "&lt;b&gt;", "' onmouseover='window.hit=1", "\u202egnp.exe\u202c", "\x00\x1b[31m", "\ud800",
)  # fmt: skip
KNOWN_TAGS = {
    "div", "article", "header", "h3", "h4", "p", "span", "a", "aside", "section", "button", "bdi", "mark", "details",
    "summary", "ul", "li", "em", "s", "strong", "blockquote",
}  # fmt: skip


class Reader(HTMLParser):
    """What a browser would make of it: the tags, the attributes, and the text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.open = set(), [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        self.text += data


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def assert_harmless(html):
    reader = read(html)
    assert reader.tags <= KNOWN_TAGS
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name in ("src", "style", "srcdoc")]
    for name, value in reader.attributes:
        if name == "href":
            assert re.match(r"https?://|#card-|\?q=|data:text/plain;charset=utf-8,[^<>\"]*$", value), value
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", html)
    assert "${" not in html
    assert "{{" not in html
    assert "`" not in html
    return reader


def planted(text):
    """An exchange with `text` in every place where a paper, a model or a person can put one."""
    paper = replace(OWL, id=f"p {text}", title=text, abstract=f"{text} {QUOTE} {text}", url=text, source=text)
    at = paper.abstract.index(QUOTE)
    answer = replace(
        ANSWER,
        text=f"{text} [1]. {ANSWER.text}",
        statements=(Statement(f"{text}.", (1,), "weak", (text,)), *ANSWER.statements),
        citations=(Citation(1, paper, QUOTE, at, at + len(QUOTE)), Citation(2, paper, text, field=text)),
        nearest=(Ranked(paper, 1.0),), mode="generated", model=text, standalone_question=text,
        left_out=(Statement(text, (), "unsupported", (text,)),), notes=(text,),
    )  # fmt: skip
    return Exchange(text, {"source": text, "paper_ids": [text]}, answer, error=text)


@pytest.mark.parametrize("text", HOSTILE)
def test_planted_markup_is_text_everywhere(text):
    exchange = planted(text)
    abstained = replace(exchange, answer=replace(exchange.answer, status="abstained"))
    failed = replace(exchange, answer=None)
    reader = assert_harmless(conversation_html((exchange, abstained, failed), pending=text, written=text))
    assert visible(text) in reader.text


@given(st.text(alphabet=st.characters(), max_size=60))
def test_no_text_at_all_becomes_markup(text):
    assert_harmless(exchange_html(planted(text), 1))


@given(st.text(max_size=80))
def test_safe_text_reads_back_as_it_was_seen(text):
    assert read(safe(text)).text == visible(text).replace("\r\n", "\n").replace("\r", "\n") or "\r" in text


def test_disguising_characters_are_shown_as_replaced():
    assert visible("invoice\u202egnp.exe") == "invoice\ufffdgnp.exe"
    assert visible("a\u200bb\x07") == "a\ufffdb\ufffd"
    assert (
        visible("שלום é 中 👩‍🔬") == "שלום é 中 👩‍🔬"
    )  # writing from right to left is no disguise, nor is a joined emoji


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " data:text/html,x", "//evil.example", "ftp://a.example",
            "https://", "http://[", "", None, "https://a.example/\u202e", "vbscript:x"],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url):
    assert link(url, "Page") == ""


def test_a_web_address_becomes_a_link_that_tells_nobody_where_from():
    assert link('https://a.example/?b=1&c="', "Page") == (
        '<a href="https://a.example/?b=1&amp;c=&quot;" target="_blank" rel="noopener noreferrer nofollow">Page</a>'
    )


def test_a_mark_leads_to_its_card():
    html = exchange_html(Exchange(ANSWER.question, {}, ANSWER), 7)
    marks = re.findall(r'class="fn-mark" href="#(card-7-\d)"', html)
    assert marks == ["card-7-1", "card-7-1"]  # both cite one paper, which has one card
    assert all(f'id="{mark}"' in html for mark in marks)


def test_the_quote_is_marked_in_its_abstract():
    reader = read(quoted_html([ANSWER.citations[0]]))
    assert reader.text == "OwlNet is a detector. It keeps 12 of 196 visual tokens. It runs 2.5× faster."
    assert f"<mark>{QUOTE}</mark>" in quoted_html([ANSWER.citations[0]])


def test_all_quotes_of_a_paper_are_marked_on_one_card_each_word_once():
    again = "It keeps 12 of 196 visual tokens. It runs 2.5times faster."  # has the first quote within it
    both = replace(ANSWER, citations=(ANSWER.citations[0], Citation(2, OWL, again, AT, AT + len(again))))
    html = exchange_html(Exchange(ANSWER.question, {}, both), 1)
    assert html.count('class="fn-card"') == 1
    assert 'aria-label="Citations 1, 2"' in html
    assert re.findall(r"<mark>(.*?)</mark>", html) == [QUOTE, "It runs 2.5× faster."]


def test_a_quote_that_no_longer_stands_is_shown_without_a_place():
    moved = replace(ANSWER.citations[0], paper=replace(OWL, abstract="Rewritten."))
    html = quoted_html([moved])
    assert f"<mark>{QUOTE}</mark>" in html
    assert "Rewritten." not in html
    assert "not in the library’s abstract any longer" in html


def test_a_card_says_digest_or_original():
    assert "digest" in exchange_html(Exchange("q", {}, ANSWER), 1)
    original = replace(OWL, abstract_kind="original")
    citations = tuple(replace(citation, paper=original) for citation in ANSWER.citations)
    html = exchange_html(Exchange("q", {}, replace(ANSWER, citations=citations)), 1)
    assert "original abstract" in html
    assert "digest" not in html


def test_each_sentence_says_its_verdict_to_eyes_and_ears():
    html = exchange_html(Exchange("q", {}, ANSWER), 1)
    assert re.findall(r'class="fn-dot fn-(\w+)" role="img" aria-label="([^"]*)"', html) == [
        ("supported", "Supported by the quoted words"),
        ("weak", "Weakly supported: the day is not said"),
    ]


def test_the_pieces_of_an_answer_are_its_text_in_order():
    # "It keeps … tokens" mark 1, "." end; " It came out in 2024" mark 2, "." end.
    assert [(p.kind, p.text or p.number or p.statement.verdict) for p in pieces(ANSWER)] == [
        ("text", "It keeps 12 of 196 visual tokens"), ("mark", 1), ("text", "."), ("end", "supported"),
        ("text", " It came out in 2024"), ("mark", 2), ("text", "."), ("end", "weak"),
    ]  # fmt: skip


def test_what_looks_like_a_mark_and_names_no_citation_stays_text():
    answer = replace(ANSWER, text="See [7] and [CLS] [1].", statements=())
    assert [(p.kind, p.text or p.number) for p in pieces(answer)] == [
        ("text", "See [7] and [CLS]"), ("mark", 1), ("text", "."),
    ]  # fmt: skip


def test_an_abstention_and_an_error_do_not_look_alike():
    abstained = replace(ANSWER, status="abstained", text="The library does not say.", citations=(), statements=(),
                        nearest=(Ranked(OWL, 1.0),))  # fmt: skip
    calm = exchange_html(Exchange("q", {}, abstained), 1)
    assert "fn-calm" in calm
    assert "fn-error" not in calm
    assert "OwlNet" in calm
    wrong = error_html("the server did not answer. Start it.")
    assert "fn-error" in wrong
    assert 'role="alert"' in wrong
    assert "fn-calm" not in wrong


def test_the_filters_of_a_question_stand_on_it():
    html = exchange_html(Exchange("q", {"since": "2024-01-01", "until": "2024-12-31", "source": "forest"}, ANSWER), 1)
    assert re.findall(r'fn-chip">([^<]*)<', html) == ["2024", "from forest"]


def test_a_follow_up_says_how_it_was_understood():
    assert "understood as: <bdi>How many tokens does OwlNet keep?</bdi>" in exchange_html(Exchange("q", {}, ANSWER), 1)


def test_an_answer_in_place_of_a_failed_model_says_so():
    html = exchange_html(Exchange("q", {}, ANSWER, "no such model. Name another.", fallback=True), 1)
    assert "no such model. Name another." in html
    assert "written without a model, as the model failed" in html


def test_a_link_fills_in_the_question_whatever_is_in_it():
    question = 'Is 100% & <b>#1</b> "true"? 中\ud800'
    address = ask_link(question)
    assert re.fullmatch(r"\?q=[\w.~%-]*", address, re.ASCII)
    assert unquote(address[3:]) == question.replace("\ud800", "?")


def test_a_download_link_carries_the_whole_file():
    text = 'a,b\r\n"<c>" %41 é\n'
    [(_, href)] = [pair for pair in read(download("x.bib", text, "BibTeX")).attributes if pair[0] == "href"]
    assert unquote(href.partition(",")[2]) == text


def test_text_of_papers_is_shown_in_its_normal_form():
    assert line("sim75\\% and 2.29times") == "~75% and 2.29×"
    assert as_read("leq 4B") == "≤ 4B"

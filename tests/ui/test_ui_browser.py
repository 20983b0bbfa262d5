"""The chat page in a real browser on a real server process: what a reader does, and what must never happen."""

import json
import re
import shutil
import threading
from contextlib import suppress

import pytest

from tests.support.model_server import ModelServer, Reply
from tests.support.page_server import CHROMIUM, FLAGS, ROOT, Reader, serving
from tests.support.ports import closed_port

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: install it to test the page")

SCRIPT = "<script>window.hit=1</script>"
IMAGE = '<img src="https://evil.example/p.png" onerror="window.hit=1">'
PLANTED = [
    {
        "id": "planted", "title": f"ZorbNet {SCRIPT}{IMAGE}", "authors": [IMAGE], "author_count": 1,
        "abstract": f"ZorbNet keeps 7 of 99 zorbs {SCRIPT} {IMAGE} ![x](https://evil.example/m.png) "
        "[link](javascript:window.hit=1) ${window.hit=1} {{#each x}}. It is quick.",
        "url": "javascript:window.hit=1", "source": f"src{IMAGE}",
    },
    {"id": "bidi", "title": "Kwel \u202egnp.exe\u202c Models", "abstract": "Kwel models hop over 31 fences at once."},
]  # fmt: skip


def slow_owl(request):
    """A model that cites rightly and waits between its two sentences."""
    n = next(n for n, sentence in request.evidence.items() if "12 of 196" in sentence)
    m = next(n for n, sentence in request.evidence.items() if "23 hours" in sentence)
    text = f"OwlNet keeps 12 of 196 visual tokens [{n}]. Training takes 23 hours on eight GPUs [{m}]."
    return Reply(text, hold_at="23 hours")


@pytest.fixture(scope="module")
def browser():
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def bundled(tmp_path_factory, footnote):
    """The address of a page over the bundled library."""
    folder = tmp_path_factory.mktemp("bundled")
    done = footnote("ingest", ROOT / "storage" / "library", "--storage", folder)
    assert done.returncode == 0, done.stderr.decode()
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def small(tmp_path_factory, footnote, abstracts_file):
    """The address of a page over a dozen abstracts and two that mean ill; tests may add to it."""
    folder = tmp_path_factory.mktemp("small")
    planted = folder / "planted.jsonl"
    planted.write_text("".join(json.dumps(record) + "\n" for record in PLANTED))
    done = footnote("ingest", abstracts_file, planted, "--storage", folder)
    assert done.returncode == 0, done.stderr.decode()
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def page_with_model(library_dir):
    """A model's server, and the address of a page whose answers it writes."""
    with ModelServer(slow_owl) as model, serving(library_dir, FOOTNOTE_LLM=model.name) as address:
        yield model, address


@pytest.fixture
def slow(page_with_model):
    """The server and the address; the model waits in the middle of an answer until the test lets it go on."""
    model, address = page_with_model
    model.hold()
    yield model, address
    model.go_on()
    model.script = slow_owl


@pytest.fixture
def reading(browser):
    """Opens pages for readers; afterwards no page has had a fault or asked another host for anything."""
    readers = []

    def open_page(address, **how):
        readers.append(Reader(browser, address, **how))
        return readers[-1]

    yield open_page
    for reader in readers:
        assert reader.elsewhere == []
        assert reader.faults == []
        assert reader.page.evaluate("window.hit") is None
        reader.leave()


def test_an_answer_has_a_card_with_the_quoted_words_marked(reading, bundled):
    reader = reading(bundled)
    turn = reader.ask("How many vision tokens does LLaVA-Mini keep?")
    assert "576" in turn.locator(".fn-text").inner_text()
    card = turn.locator(".fn-card").first
    assert "LLaVA-Mini" in card.locator("h4").inner_text()
    assert "digest" in card.locator(".fn-about").inner_text()
    assert "1 vision token" in card.locator("mark").inner_text()
    dots = turn.locator(".fn-dot")
    assert dots.first.get_attribute("aria-label").startswith(("Supported", "Weakly"))


def test_a_mark_leads_to_its_card_by_mouse_and_by_key(reading, bundled):
    reader = reading(bundled)
    turn = reader.ask("By how much does ATP-LLaVA reduce the visual tokens?")
    mark = turn.locator("a.fn-mark").first
    mark.hover()
    assert turn.locator(".fn-card.fn-lit").count() == 1
    mark.focus()
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.id") == "card-1-1"


def test_a_follow_up_knows_what_was_spoken_of(reading, bundled):
    reader = reading(bundled)
    reader.ask("How many vision tokens does LLaVA-Mini keep?")
    turn = reader.ask("And how many people wrote it?")
    assert "4 authors" in turn.locator(".fn-text").inner_text()
    assert "understood as" in turn.inner_text()
    assert reader.page.locator("#followup-1").is_visible()


def test_an_offered_question_is_asked_by_a_click(reading, bundled):
    reader = reading(bundled)
    reader.page.click("#example-1")
    assert "LLaVA-Mini" in reader.turn(1).locator("h3").inner_text()
    offered = reader.page.locator("#followup-1").inner_text()
    reader.page.click("#followup-1")
    assert reader.turn(2).locator("h3").inner_text() == offered


def test_an_abstention_is_calm_and_names_the_nearest_papers(reading, bundled):
    turn = reading(bundled).ask("Which papers are about quantum computing?")
    assert turn.locator(".fn-calm li").count() == 3
    assert turn.locator(".fn-error").count() == 0


def test_a_library_that_breaks_is_an_error_and_no_abstention(reading, library_dir, tmp_path):
    shutil.copytree(library_dir, tmp_path / "broken")
    with serving(tmp_path / "broken") as address:
        reader = reading(address)
        for file in (tmp_path / "broken").rglob("*.sqlite3"):
            file.write_bytes(b"")
        turn = reader.ask("How many visual tokens does OwlNet keep?")
        assert turn.locator("[role=alert].fn-error").count() == 1
        assert turn.locator(".fn-calm, .fn-text").count() == 0


def test_a_filter_limits_the_next_question_and_stands_on_it(reading, bundled):
    reader = reading(bundled)
    reader.page.get_by_text("Narrow the next question").click()
    for name in ("since", "until"):
        reader.page.locator(f"#{name} input").click()
        option = reader.page.locator(f"#{name} [role=option]", has_text="2023")
        option.wait_for()
        option.click()
        option.wait_for(state="hidden")
    turn = reader.ask("What does SciGraphQA propose?")
    assert turn.locator(".fn-chip").inner_text() == "2023"
    years = turn.locator(".fn-card .fn-about").all_inner_texts()
    assert years
    assert all("2023" in text for text in years)
    # LLaVA-Mini is of 2025, so it must not be cited.
    assert "vision token in place" not in reader.ask("How many vision tokens does LLaVA-Mini keep?").inner_text()


def test_retry_edit_and_clear(reading, bundled):
    reader = reading(bundled)
    reader.ask("How many vision tokens does LLaVA-Mini keep?")
    reader.page.evaluate("document.querySelector('.fn-turn').dataset.first = true")
    reader.page.click("#retry")
    reader.page.wait_for_selector(".fn-turn:not([aria-busy]):not([data-first])")
    assert reader.page.locator(".fn-turn").count() == 1
    reader.page.click("#edit")
    reader.page.wait_for_function("document.querySelector('#question textarea').value.includes('LLaVA-Mini')")
    assert reader.page.locator(".fn-turn").count() == 0
    reader.page.press("#question textarea", "Enter")
    reader.turn(1)
    reader.page.click("#clear")
    reader.page.wait_for_selector("#example-1:visible")
    assert reader.page.locator(".fn-turn").count() == 0


def test_a_reload_keeps_the_conversation_and_another_session_does_not_see_it(reading, bundled):
    reader, other = reading(bundled), reading(bundled)
    reader.ask("How many vision tokens does LLaVA-Mini keep?")
    reader.ask("Which papers are about quantum computing?")
    other.ask("By how much does ATP-LLaVA reduce the visual tokens?")
    before = reader.page.locator("#conversation").inner_text()
    reader.page.reload()
    reader.turn(2)
    assert reader.page.locator("#conversation").inner_text() == before
    turn = reader.ask("What does SOLO propose?")
    assert "SOLO" in turn.inner_text()
    assert "quantum" not in other.page.locator("#conversation").inner_text()
    assert other.page.locator(".fn-turn").count() == 1


def test_references_and_conversations_are_saved_as_files(reading, bundled):
    reader = reading(bundled)
    turn = reader.ask("How many vision tokens does LLaVA-Mini keep?")

    def saved(click):
        with reader.page.expect_download() as waiting:
            click()
        return waiting.value.suggested_filename, waiting.value.path().read_text(encoding="utf-8")

    name, text = saved(turn.get_by_text("BibTeX").click)
    assert name == "answer-1.bib"
    assert text.startswith("@misc{llava-mini")
    name, text = saved(turn.get_by_text("RIS", exact=True).click)
    assert (name, text[:9]) == ("answer-1.ris", "TY  - GEN")
    name, text = saved(lambda: reader.page.click("#save-markdown"))
    assert name == "conversation.md"
    assert text.startswith("**How many vision tokens does LLaVA-Mini keep?**")
    name, text = saved(lambda: reader.page.click("#save-json"))
    assert name == "conversation.json"
    assert json.loads(text)[0]["answer"]["status"] == "answered"


def test_an_answer_is_copied_as_markdown(reading, bundled):
    reader = reading(bundled)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.ask("How many vision tokens does LLaVA-Mini keep?").get_by_text("Copy as Markdown").click()
    reader.page.get_by_text("Copied").wait_for()
    assert "[1] LLaVA-Mini" in reader.page.evaluate("navigator.clipboard.readText()")


def test_a_link_opens_the_page_with_the_question_filled_in_and_not_asked(reading, bundled):
    reader = reading(bundled, path="/?q=What%20is%20%3Cb%3ESOLO%3C%2Fb%3E%3F")
    reader.page.wait_for_function("document.querySelector('#question textarea').value !== ''")
    assert reader.page.input_value("#question textarea") == "What is <b>SOLO</b>?"
    assert reader.page.locator(".fn-turn").count() == 0


def test_the_library_is_searched_as_one_types_and_a_paper_opens(reading, bundled):
    reader = reading(bundled)
    reader.tab("Library")
    reader.page.locator("#papers tbody tr").first.wait_for()
    reader.page.locator("#search textarea, #search input").first.press_sequentially("speculative decod")
    reader.page.wait_for_function("document.querySelectorAll('#papers tbody tr').length < 20")
    reader.page.locator("#papers tbody button", has_text="Speculative Decoding").first.click()
    reader.page.wait_for_selector("#paper h2")
    assert reader.page.locator("#paper li").count() == 5
    reader.page.click("#ask-about")
    reader.page.wait_for_function("document.querySelector('#question textarea').value.startsWith('What does')")
    reader.page.press("#question textarea", "Enter")
    assert reader.turn(1).locator(".fn-chip").inner_text().startswith("only ")


def test_the_map_has_a_dot_for_each_paper_and_opens_it(reading, bundled):
    reader = reading(bundled)
    reader.tab("Library")
    reader.page.get_by_label("map by topic").click()
    reader.page.locator("#papers circle").first.wait_for()
    assert reader.page.locator("#papers circle").count() == 287
    dot = reader.page.locator("#papers circle").nth(40)
    title = dot.locator("title").text_content()
    dot.click()
    reader.page.wait_for_selector("#paper h2")
    assert title.startswith(reader.page.locator("#paper h2").inner_text())


def test_a_pasted_page_can_be_asked_about(reading, small):
    reader = reading(small)
    reader.tab("Add papers")
    page = "Otter Nets: Playing in Rivers\n\nOtter Nets hold 17 stones at once and drop none of them in our tests.\n"
    reader.page.fill("#pasted textarea", page)
    reader.page.click("#add button, button#add")
    reader.page.wait_for_selector("#report table")
    assert re.search(r"pasted.txt\s+listing\s+1\s+1\s+0", reader.page.inner_text("#report"))
    reader.tab("Ask")
    assert "17 stones" in reader.ask("How many stones do Otter Nets hold?").locator(".fn-text").inner_text()


def test_a_file_is_dropped_and_one_of_another_kind_is_refused(reading, small, tmp_path):
    record = {"title": "BeaverNet: Dams", "abstract": "BeaverNet builds 5 dams a day."}
    (tmp_path / "more.jsonl").write_text(json.dumps(record) + "\n{broken\n")
    reader = reading(small)
    reader.tab("Add papers")
    from playwright import sync_api as sync

    shown = reader.page.get_by_text("more.jsonl").first
    for _ in range(4):  # the page may show the field before it listens to it
        reader.page.set_input_files("#files input[type=file]", tmp_path / "more.jsonl")
        with suppress(sync.TimeoutError):
            shown.wait_for(timeout=5000)
            break
    reader.page.click("#add button, button#add")
    reader.page.wait_for_selector("#report table")
    said = reader.page.inner_text("#report")
    assert re.search(r"more.jsonl\s+jsonl\s+1\s+1", said)
    assert "line 2" in said
    assert str(tmp_path) not in said


def test_adding_nothing_says_what_to_do(reading, small):
    reader = reading(small)
    reader.tab("Add papers")
    reader.page.click("#add button, button#add")
    reader.page.wait_for_selector("#report .fn-error")
    assert "Drop a file, or paste" in reader.page.inner_text("#report")


def test_planted_markup_neither_runs_nor_loads_anything(reading, small):
    reader = reading(small)
    turn = reader.ask(f"How many zorbs does ZorbNet keep? {IMAGE}")
    assert "7 of 99" in turn.inner_text()
    assert "onerror" in turn.inner_text()
    reader.ask("How many fences do Kwel models hop over?")
    reader.tab("Library")
    reader.page.locator("#papers button", has_text="ZorbNet").first.click()
    reader.page.wait_for_selector("#paper h2")
    assert "<script>" in reader.page.inner_text("#paper h2")
    reader.page.get_by_label("map by topic").click()
    reader.page.locator("#papers circle").first.wait_for()
    reader.page.wait_for_timeout(300)
    inside = "#conversation img, #conversation script, #paper img, #paper script, #papers img, [href^='javascript:']"
    assert reader.page.locator(inside).count() == 0
    assert "\u202e" not in reader.page.locator("body").inner_text()
    # The fixture looks at window.hit and at the requests when the page is left.


def test_the_page_forbids_other_hosts(reading, small):
    reader = reading(small)
    blocked = reader.page.evaluate(
        """() => new Promise((told) => {
          document.addEventListener('securitypolicyviolation', (event) => told(event.blockedURI));
          new Image().src = 'https://evil.example/p.png';
        })"""
    )
    assert "evil.example" in blocked
    reader.requests[:] = [url for url in reader.requests if "evil.example" not in url]


@pytest.mark.parametrize("width", [360, 800, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(reading, small, width, scheme):
    reader = reading(small, width=width, scheme=scheme)
    reader.ask("How many visual tokens does OwlNet keep?")
    for name in ("Ask", "Library"):
        reader.tab(name)
        reader.page.wait_for_timeout(100)
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_question_is_asked_with_the_keyboard_alone(reading, small):
    reader = reading(small)
    assert reader.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    reader.page.keyboard.type("How many visual tokens does OwlNet keep?")
    reader.page.keyboard.press("Enter")
    turn = reader.turn(1)
    seen = []
    for _ in range(40):
        reader.page.keyboard.press("Shift+Tab")
        seen.append(reader.page.evaluate("document.activeElement.className"))
        if "fn-mark" in seen[-1]:
            break
    assert "fn-mark" in seen[-1]
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.classList.contains('fn-card')")
    assert turn.locator(".fn-card").count() >= 1


def test_every_field_and_button_has_a_name_for_screen_readers(reading, small):
    reader = reading(small)
    reader.ask("How many visual tokens does OwlNet keep?")
    unnamed = reader.page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, textarea, select')].filter((field) => {
          if (!field.checkVisibility() || field.type === 'hidden') return false;
          const label = field.labels && field.labels.length ? field.labels[0].textContent : '';
          const said = [field.getAttribute('aria-label'), label, field.textContent, field.title];
          const name = said.find((one) => one && one.trim()) || '';
          return !name.trim();
        }).map((field) => field.outerHTML.slice(0, 200))"""
    )
    assert unnamed == []


def test_a_password_is_asked_for_and_enough(browser, small, library_dir):
    with serving(library_dir, "--auth", "ann:secret") as address:
        context = browser.new_context()
        page = context.new_page()
        elsewhere = []
        page.on("request", lambda request: elsewhere.append(request.url) if address not in request.url else None)
        assert page.request.get(f"{address}/config").status == 401
        assert page.request.post(f"{address}/gradio_api/queue/join", data={"fn_index": 0, "data": []}).status == 401
        page.goto(address)
        assert page.locator("#question").count() == 0
        page.get_by_label("username").fill("ann")
        page.get_by_label("password").fill("secret")
        page.get_by_role("button", name="Login").click()
        page.wait_for_selector("#question textarea")
        assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []
        context.close()


def test_a_model_that_cannot_be_reached_gives_way_to_the_abstracts_and_says_so(reading, library_dir):
    with closed_port() as port, serving(library_dir, FOOTNOTE_LLM=f"small@http://127.0.0.1:{port}/v1") as address:
        reader = reading(address)
        assert "Nothing leaves this machine" in reader.page.locator("#mode").inner_text()
        turn = reader.ask("How many visual tokens does OwlNet keep?")
        assert turn.locator(".fn-error").count() == 1
        assert "12 of 196" in turn.locator(".fn-text").inner_text()
        assert "as the model failed" in turn.inner_text()


def half_an_answer(reader):
    """Asks what the slow model answers; the answer when its first half is there."""
    reader.page.fill("#question textarea", "How many visual tokens does OwlNet keep, and how long does it train?")
    reader.page.press("#question textarea", "Enter")
    growing = reader.page.locator(".fn-turn[aria-busy] .fn-answer", has_text="12 of 196")
    growing.wait_for()
    return growing


def test_a_model_s_answer_is_seen_growing_and_says_whose_it_is(reading, slow):
    model, address = slow
    reader = reading(address)
    growing = half_an_answer(reader)
    assert "23 hours" not in growing.inner_text()
    model.go_on()
    turn = reader.turn(1)
    assert "23 hours" in turn.locator(".fn-text").inner_text()
    assert "generated by owl" in turn.inner_text()


def test_a_question_begun_while_an_answer_is_made_is_kept(reading, slow):
    model, address = slow
    reader = reading(address)
    half_an_answer(reader)
    reader.page.fill("#question textarea", "What is FINCH?")
    model.go_on()
    reader.turn(1)
    reader.page.get_by_role("button", name="Ask", exact=True).wait_for()
    assert reader.page.input_value("#question textarea") == "What is FINCH?"


def test_a_question_asked_while_an_answer_is_made_is_answered_next(reading, slow):
    model, address = slow
    reader = reading(address)
    half_an_answer(reader)
    reader.page.fill("#question textarea", "Which papers are about quantum computing?")
    reader.page.press("#question textarea", "Enter")
    model.go_on()
    assert "quantum computing" in reader.turn(2).inner_text()
    reader.page.get_by_role("button", name="Ask", exact=True).wait_for()
    assert reader.page.locator(".fn-turn").count() == 2


def test_an_answer_under_way_is_stopped(reading, slow):
    model, address = slow
    model.script = lambda request: Reply("Late.", stalls=True)
    reader = reading(address)
    reader.page.fill("#question textarea", "How many visual tokens does OwlNet keep?")
    reader.page.press("#question textarea", "Enter")
    reader.page.get_by_role("button", name="Stop").click()
    reader.page.get_by_role("button", name="Ask", exact=True).wait_for()
    assert reader.page.locator(".fn-turn").count() == 0


def test_twenty_people_at_once_get_their_own_answers(bundled):
    httpx = pytest.importorskip("httpx")
    config = httpx.get(f"{bundled}/config", timeout=20).json()
    ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
    asking = next(one for one in config["dependencies"] if [ids["question"], "submit"] in one["targets"])
    names = ("LLaVA-Mini", "ATP-LLaVA", "TokenFlow", "SOLO", "FoPru")
    came, wrong = {}, []

    def person(n):
        name = names[n % len(names)]
        with httpx.Client(base_url=bundled, timeout=60, trust_env=False) as client:
            data = [f"What does {name} propose?", None, "extractive", 0, 0, "", []]
            body = {"data": data, "fn_index": asking["id"], "session_hash": f"person{n}", "trigger_id": ids["question"]}
            assert client.post("/gradio_api/queue/join", json=body).status_code == 200
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": f"person{n}"}) as told:
                for line in told.iter_lines():
                    if "process_completed" in line:
                        came[n] = line
                        break
        if name not in came.get(n, "") or '"success":true' not in came[n].replace(" ", ""):
            wrong.append((n, came.get(n, "")[:300]))

    people = [threading.Thread(target=person, args=(n,)) for n in range(20)]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert wrong == []
    assert len(came) == 20


def test_the_start_says_what_the_library_holds_and_what_can_be_asked(reading, bundled):
    said = reading(bundled).page.locator(".fn-start").inner_text()
    assert said.startswith("287 papers, from August 2023 to July 2025 (266 have no date).")
    assert "side by side" in said


def test_several_quotes_of_a_paper_share_one_card(reading, bundled):
    turn = reading(bundled).ask("What is the main result of LLaVA-UHD, and how long does its training take?")
    papers = [card.get_attribute("data-paper") for card in turn.locator(".fn-card .fn-title").all()]
    assert len(papers) == len(set(papers))
    for mark in turn.locator("a.fn-mark").all():
        assert turn.locator(mark.get_attribute("href")).count() == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_a_cell_of_a_table_opens_its_quote_by_key_and_closes_again(reading, bundled, width):
    reader = reading(bundled, width=width)
    page = reader.page
    reader.tab("Across papers")
    page.fill("#across-subject input, #across-subject textarea", "speculative decoding")
    page.fill("#across-columns input, #across-columns textarea", "speed-up")
    page.click("#across-go")
    page.wait_for_selector("#across table")
    cell = page.locator("#across .fn-cell").first
    cell.focus()
    page.keyboard.press("Enter")
    note = page.locator("#across .fn-note:popover-open")
    assert note.locator("mark").inner_text().strip()
    page.keyboard.press("Escape")
    assert note.count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_agreement_and_an_overview_stand_beside_their_evidence(reading, bundled):
    reader = reading(bundled)
    page = reader.page
    reader.tab("Across papers")
    page.get_by_label("Agreement").click()
    page.fill("#across-subject input, #across-subject textarea", "ZipVL reduces GPU memory usage by half.")
    page.click("#across-go")
    page.wait_for_selector("#across .fn-side")
    assert "no agreement" in page.locator("#across .fn-lead").inner_text()
    assert page.locator("#across .fn-side mark").count() >= 1
    page.get_by_label("Overview").click()
    page.fill("#across-subject input, #across-subject textarea", "chest X-rays and radiology reports")
    page.click("#across-go")
    page.wait_for_selector("#across section h3")
    page.locator("#across button.fn-mark").first.click()
    assert page.locator("#across .fn-note:popover-open mark").inner_text().strip()

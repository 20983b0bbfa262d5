"""What the specs of live sources mean, and what is wrong with those that mean nothing."""

from datetime import date

import pytest

from rag.errors import SettingsError, SourceError
from rag.sources.live import fetch, is_live
from rag.sources.live.network import network_of
from rag.sources.live.spec import read_spec


@pytest.mark.parametrize(
    ("spec", "canonical"),
    [
        ("arxiv:2310.03744", "arxiv:2310.03744"),
        ("arxiv:2310.03744v2", "arxiv:2310.03744"),
        (" ARXIV:https://arxiv.org/abs/2310.03744v1 , cs/0112017,2310.03744 ", "arxiv:2310.03744,cs/0112017"),
        ("arxiv:search:  herons   and ponds ", "arxiv:search:herons and ponds"),
        ("hf:search:LLaVA", "hf:search:LLaVA"),
        ("hf:2310.03744", "hf:2310.03744"),
        ("hf:daily:2025-03-12", "hf:daily:2025-03-12"),
        ("hf:daily:2025-03-12..2025-03-12", "hf:daily:2025-03-12"),
        ("hf:daily:2025-03-01..2025-03-12", "hf:daily:2025-03-01..2025-03-12"),
        ("hf:daily:2025-03-01..", "hf:daily:2025-03-01.."),
        ("openalex:w2741809807", "openalex:W2741809807"),
        ("openalex:https://openalex.org/W27", "openalex:W27"),
        ("openalex:doi:10.5555/HERON.1", "openalex:doi:10.5555/heron.1"),
        ("openalex:10.5555/heron.1", "openalex:doi:10.5555/heron.1"),
        ("openalex:search:a:b", "openalex:search:a:b"),
        ("s2:doi:https://doi.org/10.5555/Heron.1", "s2:doi:10.5555/heron.1"),
        ("s2:arxiv:2310.03744", "s2:2310.03744"),
        (f"s2:{'0a' * 20}", f"s2:{'0a' * 20}"),
        ("s2:CorpusId:12", "s2:CorpusId:12"),
        ("doi:10.5555/heron.1", "doi:10.5555/heron.1"),
        ("doi:10.48550/arXiv.2310.03744", "arxiv:2310.03744"),
    ],
)
def test_spec_has_one_canonical_form(spec, canonical):
    assert is_live(spec)
    assert read_spec(spec).spec == canonical
    assert read_spec(canonical).spec == canonical


@pytest.mark.parametrize(
    "path", ["papers.jsonl", "C:/papers", "./arxiv:x", "-", "", "hf", "https://arxiv.org/abs/2310.03744"]
)
def test_path_is_no_live_source(path):
    assert not is_live(path)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("arxiv:", r"there is no id in the spec; write arxiv:2310\.03744"),
        ("arxiv:heron", r"'heron' is no arXiv id; write arxiv:2310\.03744"),
        ("arxiv:search: ", r"arxiv:search: has no words to search for; write arxiv:2310"),
        ("hf:daily:March", r"hf:daily:'March' has no date such as 2025-03-12"),
        ("hf:daily:2025-03-12..2025-03-01", r"ends before it begins; write hf:daily:2025-03-01\.\.2025-03-12"),
        ("hf:daily:2025-02-30", r"has no date such as 2025-03-12"),
        ("openalex:heron", r"'heron' is no DOI and no id; write openalex:search:WORDS"),
        ("s2:heron", r"'heron' is no DOI and no id; write s2:search:WORDS"),
        ("doi:heron", r"'heron' is no DOI; write doi:10\.1000/xyz"),
        ("papers.jsonl", r"'papers.jsonl' is no live source; write hf:…"),
        ("s2:search:" + "w" * 1001, r"the query of s2:search has 1,001 characters; write 1,000 or fewer"),
    ],
)
def test_spec_that_means_nothing_is_explained(spec, said):
    with pytest.raises(SourceError, match=said) as caught:
        fetch(spec)
    assert "\n" not in str(caught.value)


def test_file_of_ids_is_remembered_by_its_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_spec("arxiv:@ids.txt").spec == f"arxiv:@{tmp_path}/ids.txt"


def test_keys_are_not_shown():
    network = network_of({"S2_API_KEY": "owl-secret", "HF_TOKEN": "owl-secret", "OPENALEX_API_KEY": "owl-secret"})
    assert network.semantic_scholar.key == "owl-secret"
    assert "owl-secret" not in repr(network)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("S2_ENDPOINT", "api.semanticscholar.org", "S2_ENDPOINT='api.semanticscholar.org' is no address of a server"),
        ("HF_ENDPOINT", "ftp://host", "HF_ENDPOINT='ftp://host' is no address"),
        ("ARXIV_ENDPOINT", "http://[", r"ARXIV_ENDPOINT='http://\[' is no address"),
        ("S2_ENDPOINT", "http://host:99999", "S2_ENDPOINT='http://host:99999' is no address"),
        ("S2_API_KEY", "owl\nx", "S2_API_KEY has characters that no key has; copy it again"),
        ("HF_TOKEN", "öwl", "HF_TOKEN has characters that no key has"),
        ("LIVE_PAUSE_S", "soon", "LIVE_PAUSE_S='soon' cannot be used; write a number from 0 to 3600"),
        ("LIVE_TRIES", "0", "LIVE_TRIES='0' cannot be used; write a number from 1 to 3600"),
        ("LIVE_TIMEOUT_S", "nan", "LIVE_TIMEOUT_S='nan' cannot be used"),
    ],
)
def test_environment_that_cannot_be_used_is_explained(name, value, said):
    with pytest.raises(SettingsError, match=said):
        network_of({name: value})


def test_endpoints_and_manners_come_from_the_environment():
    network = network_of({"S2_ENDPOINT": "http://127.0.0.1:9/", "LIVE_PAUSE_S": "0.5", "LIVE_TIMEOUT_S": "7"})
    assert network.semantic_scholar.endpoint == "http://127.0.0.1:9"
    assert network.arxiv.endpoint == "https://export.arxiv.org"
    assert (network.arxiv.pause_s, network.backoff_s, network.timeout_s, network.tries) == (0.5, 0.5, 7.0, 5)
    assert network_of({}).arxiv.pause_s == 3.0  # as arXiv's terms ask


def test_asking_makes_no_request_before_the_first_paper_is_read(monkeypatch):
    def reach(*_):
        raise AssertionError("a request went out")

    monkeypatch.setattr("socket.socket.connect", reach)
    monkeypatch.setattr("socket.getaddrinfo", reach)
    for spec in (
        "arxiv:search:herons",
        "hf:daily:2025-03-12",
        "openalex:W1",
        "s2:search:herons",
        "doi:10.5555/heron.1",
    ):
        found = fetch(spec, since=date(2025, 3, 1))
        assert (found.total, found.state) == (None, "")

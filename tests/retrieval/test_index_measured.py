"""What measures the index by its size still measures all that a question asks of it."""

from tests.measure.index import measured
from tests.measure.scale import made


def test_making_the_index_and_asking_it_are_measured(tmp_path):
    file = made(tmp_path / "papers.jsonl", 60)
    making = measured("make", file, tmp_path / "index")
    asking = measured("ask", file, tmp_path / "index")
    assert making["s"] > 0
    assert 0 < asking["asked"] < 1

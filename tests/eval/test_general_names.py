"""The names that papers of many fields use are counted from the abstracts that the project is trained on."""

from pathlib import Path

import rag.text
from eval.train.general_names import general, main


def test_a_name_counts_that_three_texts_have_however_it_is_written():
    texts = ["The GDP of ponds.", "Our GDP.", "Of the GDP and OwlNet.", "OwlNet sees OwlNet."]
    assert general(texts) == ["gdp"]


def test_the_command_writes_the_file_that_is_shipped(tmp_path):
    assert main([str(tmp_path / "names.txt")]) == 0
    shipped = Path(rag.text.__file__).parent / "data" / "general_names.txt"
    assert (tmp_path / "names.txt").read_text(encoding="utf-8") == shipped.read_text(encoding="utf-8")

"""Test how a text becomes sentences and comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.statement.refinement.sentences import pieces_of

SPLIT = [
    ("One. Two! Three?", ["One.", "Two!", "Three?"]),
    ("approx. 8 mm at the stern. Dry.", ["approx. 8 mm at the stern.", "Dry."]),
    ("Am 3. Mai war es nass. Dann trocken.", ["Am 3. Mai war es nass.", "Dann trocken."]),
    ("Ca. 2 cm. z.B. am Kiel.", ["Ca. 2 cm.", "z.B. am Kiel."]),
    ("It is 4.5 m long. Dry.", ["It is 4.5 m long.", "Dry."]),
    ("He said “dry.” Then he left.", ["He said “dry.”", "Then he left."]),
    ("no full stop\nat all", ["no full stop", "at all"]),
    ("One.\n\nTwo.", ["One.", "Two."]),
    ("M. Hansen came.", ["M. Hansen came."]),
    ("", []),
    ("  \n ", []),
]


@pytest.mark.parametrize(("text", "sentences"), SPLIT)
def test_sentences_end_where_a_reader_ends_them(text, sentences):
    assert [piece.sentence for piece in pieces_of(text)] == sentences


@given(st.text(alphabet='ab.!? \n"”3z', max_size=80))
def test_sentences_and_gaps_are_the_whole_text(text):
    assert "".join(piece.sentence + piece.gap for piece in pieces_of(text)) == text.strip()

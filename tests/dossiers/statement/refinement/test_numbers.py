"""Test numbers in words against the digits that they are."""

import pytest

from dossiers.statement.refinement.lexicon.numbers import english_number, german_number

ENGLISH = [
    ("zero", "0", 1),
    ("twelve blisters", "12", 1),
    ("twenty four spots", "24", 2),
    ("twenty spots", "20", 1),
    ("one hundred", "100", 2),
    ("one hundred and twenty meters", "120", 4),
    ("one hundred and some", "100", 2),
    ("two thousand five hundred", "2500", 4),
    ("nineteen eighty six", "1986", 3),
    ("twenty twenty four", "2024", 3),
    ("one point five", "1.5", 3),
    ("third", "3.", 1),
    ("keel", "", 0),
    ("", "", 0),
]
GERMAN = [
    ("zwölf", "12"),
    ("einundzwanzig", "21"),
    ("dreissig", "30"),
    ("hundert", "100"),
    ("zweihundertfünfzig", "250"),
    ("neunzehnhundertsechsundachtzig", "1986"),
    ("zweitausendvierundzwanzig", "2024"),
    ("eins", "1"),
    ("ein", ""),
    ("dritten", "3."),
    ("kiel", ""),
]


@pytest.mark.parametrize(("said", "digits", "taken"), ENGLISH)
def test_english_numbers(said, digits, taken):
    assert english_number(said.split()) == (digits, taken)


@pytest.mark.parametrize(("said", "digits"), GERMAN)
def test_german_numbers(said, digits):
    assert german_number([said]) == (digits, 1 if digits else 0)


def test_no_word_is_no_number():
    assert german_number([]) == ("", 0)

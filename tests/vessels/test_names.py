"""Test the names of vessels: one key for every spelling, and an empty name for invisible text."""

import sys
import unicodedata

import pytest

from vessels.naming import MAX_KEY, MAX_NAME, vessel_key, vessel_name

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tern", "TERN"),
        ("Tern", " tern "),
        ("Möwe", unicodedata.normalize("NFD", "MÖWE")),
        ("Straße", "STRASSE"),
        ("ΝΑΥΤΊΛΟΣ", "ναυτίλος"),
        ("Чайка", "ЧАЙКА"),
        ("ﬃ", "FFI"),
    ],
)
def test_spellings_of_a_name_share_a_key(one: str, other: str):
    assert vessel_key(one) == vessel_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Möwe", "Mowe"), ("Tern 1", "Tern 2"), ("かもめ", "カモメ"), ("Tern", "")])
def test_different_names_have_different_keys(one: str, other: str):
    assert vessel_key(one) != vessel_key(other)


@pytest.mark.parametrize("invisible", ["", " ", "\u00a0", "\u3164", "\u2800", "\u200d\u200b"])
def test_invisible_text_is_an_empty_name(invisible: str):
    assert (vessel_name(invisible), vessel_key(invisible)) == ("", "")


def test_the_key_of_the_longest_name_fits_into_its_column():
    visible = [chr(code) for code in range(sys.maxunicode + 1) if vessel_name(chr(code))]
    longest = max(len(vessel_key(character)) for character in visible)
    assert longest * MAX_NAME <= MAX_KEY
    assert len(vessel_key("ﬃ" * MAX_NAME)) == MAX_KEY


def test_a_label_that_is_longer_in_nfc_than_a_name_may_be_is_cut():
    label = "\u0958" * MAX_NAME  # two characters each in NFC
    assert len(vessel_name(label)) == MAX_NAME
    assert len(vessel_key(label)) <= MAX_KEY


def test_a_name_that_is_cut_does_not_end_in_a_blank():
    assert vessel_name("x" * (MAX_NAME - 1) + " y") == "x" * (MAX_NAME - 1)

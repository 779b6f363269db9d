"""Test the word error rate on small examples."""

import csv

import pytest

from dossiers.statement.failures import NoSpeech
from evaluation.statement.word_errors import (
    Heard,
    Recorded,
    distance,
    hear,
    read_recordings,
    word_error_rate,
    words,
)
from testing.samples.recordings import tone, wav

DISTANCES = [
    ("", "", 0),
    ("a b c", "a b c", 0),
    ("a b c", "", 3),
    ("", "a b", 2),
    ("a b c", "a x c", 1),
    ("a b c", "a c", 1),
    ("a b c", "a b x c", 1),
    ("hull is wet", "hell it is wet", 2),
]


class Transcriber:
    """Hears what it is told to, and nothing once that is used up."""

    name, languages, leaves_server = "of a test", frozenset({"en"}), False

    def __init__(self, *texts):
        self._texts = list(texts)

    def transcribe(self, speech, language):
        if not self._texts:
            raise NoSpeech
        return self._texts.pop(0)


@pytest.fixture
def manifest(tmp_path):
    (tmp_path / "a.wav").write_bytes(wav(tone(1)))
    with (tmp_path / "recordings.csv").open("w", newline="") as opened:
        csv.writer(opened).writerows(
            [("file", "voice", "language", "text"), *[("a.wav", "v", "en", "The hull is wet.")] * 2]
        )
    return tmp_path / "recordings.csv"


@pytest.mark.parametrize(("said", "heard", "errors"), DISTANCES)
def test_the_distance_is_the_fewest_changes(said, heard, errors):
    assert distance(said.split(), heard.split()) == errors


def test_words_have_no_case_and_no_punctuation():
    assert words("The Hull’s wet, 4 cm.") == ["the", "hull's", "wet", "4", "cm"]


def test_recordings_are_heard_and_silence_counts_with_all_its_words(manifest):
    heard = list(hear(read_recordings(manifest), Transcriber("The hell is wet")))
    assert [one.errors for one in heard] == [1, 4]
    assert word_error_rate(heard).value == 5 / 8


def test_no_recordings_have_no_rate():
    assert word_error_rate([]) is None


def test_a_manifest_without_its_columns_is_refused(tmp_path):
    (tmp_path / "wrong.csv").write_text("file,text\na.wav,x\n")
    with pytest.raises(ValueError, match="needs the columns"):
        read_recordings(tmp_path / "wrong.csv")


def test_more_errors_than_words_are_possible():
    recorded = Recorded(None, "v", "en", "Wet.")
    assert word_error_rate([Heard(recorded, "it is so wet", 0.1, 1.0)]).value == 3

"""Test the embedded transcriber: how it divides the sound, and the text that it makes of words."""

from pathlib import Path

import numpy as np
import pytest

from dossiers.statement.audio import decode
from dossiers.statement.failures import LanguageUnsupported, NoSpeech
from dossiers.statement.ports import SAMPLE_RATE, Speech
from dossiers.statement.transcribers import pocketsphinx as module
from dossiers.statement.transcribers.pocketsphinx import PocketSphinx
from testing import demo
from testing.samples.recordings import tone

RECORDING = Path(demo.__file__).parent / "voice" / "statement.ogg"


@pytest.fixture
def heard(monkeypatch):
    """Let the decoder hear these words, one after the other, in place of the real model."""
    words = []
    monkeypatch.setattr(module, "_decoder", lambda: None)
    monkeypatch.setattr(module, "_utterances", lambda _: [b""] * len(words))
    monkeypatch.setattr(module, "_words", lambda *_: words.pop(0))
    return words


def test_each_utterance_is_a_sentence(heard, speech):
    heard[:] = ["i saw rust", "", "it is dry and i'm sure"]
    assert PocketSphinx().transcribe(speech, "en") == "I saw rust. It is dry and I'm sure."


def test_without_a_word_there_is_no_speech(heard, speech):
    heard[:] = ["", ""]
    with pytest.raises(NoSpeech):
        PocketSphinx().transcribe(speech, "en")


def test_another_language_is_unsupported(speech):
    with pytest.raises(LanguageUnsupported):
        PocketSphinx().transcribe(speech, "de")


def test_a_speaker_without_pauses_is_cut():
    loud = np.concatenate([tone(1) for _ in range(70)])
    parts = list(module._utterances(Speech(loud)))
    assert all(len(part) <= module._LONGEST_BYTES for part in parts)
    assert sum(map(len, parts)) <= 2 * len(loud)


def test_a_pause_divides():
    pause = np.zeros(2 * SAMPLE_RATE, np.int16)
    voice = decode(RECORDING.read_bytes()).samples
    assert len(list(module._utterances(Speech(np.concatenate([voice, pause, voice]))))) >= 2

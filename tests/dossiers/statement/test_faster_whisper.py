"""Test the transcriber with a local model, against a library that records how it is used."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from dossiers.statement.failures import LanguageUnsupported, NoSpeech, Refused
from dossiers.statement.transcribers.faster_whisper import FILES, FasterWhisper, missing_files


class Library:
    """What faster-whisper offers: a model that hears one sentence in two parts."""

    def __init__(self, *, is_multilingual=True, heard=(" There is rust", " at the keel. ")):
        self.loaded, self.asked = [], []
        self.model = SimpleNamespace(is_multilingual=is_multilingual)
        self._heard = heard

    def WhisperModel(self, folder, **options):  # noqa: N802 - its name in the library
        self.loaded.append((folder, options))
        return self

    def transcribe(self, sound, **options):
        self.asked.append((sound, options))
        return iter(SimpleNamespace(text=text) for text in self._heard), SimpleNamespace()


@pytest.fixture
def library(monkeypatch):
    library = Library()
    monkeypatch.setitem(sys.modules, "faster_whisper", library)
    return library


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        (tmp_path / name).touch()
    return tmp_path


def transcriber(folder, *languages):
    return FasterWhisper(folder, frozenset(languages or ("en", "de")), threads=2)


def test_a_local_model_transcribes(library, folder, speech):
    assert transcriber(folder).transcribe(speech, "de") == "There is rust at the keel."
    ((sound, options),) = library.asked
    assert options["language"] == "de"
    assert sound.dtype == np.float32
    assert np.abs(sound).max() <= 1


def test_the_library_may_fetch_nothing(library, folder, speech):
    transcriber(folder).transcribe(speech, "en")
    assert library.loaded[0][0] == str(folder)
    assert library.loaded[0][1]["local_files_only"] is True


def test_the_model_is_loaded_once(library, folder, speech):
    whisper = transcriber(folder)
    for _ in range(3):
        whisper.transcribe(speech, "en")
    assert len(library.loaded) == 1


@pytest.mark.parametrize("missing", FILES)
def test_an_incomplete_folder_is_refused_before_the_library_asks_a_hub(library, folder, speech, missing):
    (folder / missing).unlink()
    assert missing_files(folder) == [missing]
    with pytest.raises(Refused, match=missing):
        transcriber(folder).transcribe(speech, "en")
    assert library.loaded == []


def test_without_the_package_it_is_refused(monkeypatch, folder, speech):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(Refused, match="not installed"):
        transcriber(folder).transcribe(speech, "en")


def test_a_model_of_one_language_knows_no_other(monkeypatch, folder, speech):
    monkeypatch.setitem(sys.modules, "faster_whisper", Library(is_multilingual=False))
    with pytest.raises(LanguageUnsupported):
        transcriber(folder).transcribe(speech, "de")
    assert transcriber(folder).transcribe(speech, "en")


def test_a_language_that_is_not_configured_is_unsupported(library, folder, speech):
    with pytest.raises(LanguageUnsupported):
        transcriber(folder, "en").transcribe(speech, "de")


def test_no_words_are_no_speech(monkeypatch, folder, speech):
    monkeypatch.setitem(sys.modules, "faster_whisper", Library(heard=(" ",)))
    with pytest.raises(NoSpeech):
        transcriber(folder).transcribe(speech, "en")

"""Test which transcriber and refiner the settings choose, and that nothing leaves the server without consent."""

import pytest

from dossiers.statement import registry
from dossiers.statement.refinement.language_model import LanguageModel
from dossiers.statement.refinement.rules import Rules
from dossiers.statement.registry import REFINERS, TRANSCRIBERS, refiner, transcriber
from dossiers.statement.transcribers.faster_whisper import FasterWhisper
from dossiers.statement.transcribers.openai_endpoint import OpenAIEndpoint
from dossiers.statement.transcribers.pocketsphinx import PocketSphinx


@pytest.fixture(autouse=True)
def _configured(settings):
    registry._transcriber.cache_clear()
    settings.TRANSCRIPTION_URL = settings.REFINEMENT_URL = "https://models.example.org/v1"
    settings.TRANSCRIPTION_KEY = settings.REFINEMENT_KEY = "sk-of-a-test"
    settings.WHISPER_MODEL_DIR = "/models/whisper-base"
    yield
    registry._transcriber.cache_clear()


def test_without_settings_nothing_leaves_the_server():
    assert isinstance(transcriber(may_leave_server=True), PocketSphinx)
    assert isinstance(refiner(may_leave_server=True), Rules)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("pocketsphinx", PocketSphinx), ("faster_whisper", FasterWhisper), ("openai_endpoint", OpenAIEndpoint)],
)
def test_the_setting_names_the_transcriber(settings, name, kind):
    settings.TRANSCRIBER = name
    assert isinstance(transcriber(may_leave_server=True), kind)


@pytest.mark.parametrize(("name", "kind"), [("rules", Rules), ("language_model", LanguageModel)])
def test_the_setting_names_the_refiner(settings, name, kind):
    settings.REFINER = name
    assert isinstance(refiner(may_leave_server=True), kind)


def test_without_consent_nothing_is_sent_elsewhere(settings):
    settings.TRANSCRIBER, settings.REFINER = "openai_endpoint", "language_model"
    assert isinstance(transcriber(may_leave_server=False), PocketSphinx)
    assert isinstance(refiner(may_leave_server=False), Rules)


def test_what_stays_on_the_server_needs_no_consent(settings):
    settings.TRANSCRIBER = "faster_whisper"
    assert isinstance(transcriber(may_leave_server=False), FasterWhisper)


def test_everything_registered_says_who_it_is(settings):
    for make in (*TRANSCRIBERS.values(), *REFINERS.values()):
        one = make()
        assert one.name
        assert one.languages
        assert isinstance(one.leaves_server, bool)


def test_one_transcriber_serves_a_process(settings):
    settings.TRANSCRIBER = "faster_whisper"
    assert transcriber(may_leave_server=True) is transcriber(may_leave_server=True)

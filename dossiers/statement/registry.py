"""The transcriber and the refiner that the settings name. The only module of this room that reads them.

A new one is a module in `transcribers` or `refinement`, an entry here, and a word of its setting.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from dossiers.statement.endpoint import Endpoint
from dossiers.statement.ports import Refiner, Transcriber
from dossiers.statement.refinement.language_model import LanguageModel
from dossiers.statement.refinement.rules import Rules
from dossiers.statement.transcribers.faster_whisper import FasterWhisper
from dossiers.statement.transcribers.openai_endpoint import OpenAIEndpoint
from dossiers.statement.transcribers.pocketsphinx import PocketSphinx


def _faster_whisper() -> Transcriber:
    languages = frozenset(settings.TRANSCRIPTION_LANGUAGES)
    return FasterWhisper(Path(settings.WHISPER_MODEL_DIR), languages, threads=settings.WHISPER_THREADS)


def _openai_endpoint() -> Transcriber:
    endpoint = Endpoint(settings.TRANSCRIPTION_URL, settings.TRANSCRIPTION_KEY, settings.TRANSCRIPTION_MODEL)
    return OpenAIEndpoint(endpoint, frozenset(settings.TRANSCRIPTION_LANGUAGES))


def _language_model() -> Refiner:
    return LanguageModel(Endpoint(settings.REFINEMENT_URL, settings.REFINEMENT_KEY, settings.REFINEMENT_MODEL))


TRANSCRIBERS: Final[Mapping[str, Callable[[], Transcriber]]] = {
    "pocketsphinx": PocketSphinx,
    "faster_whisper": _faster_whisper,
    "openai_endpoint": _openai_endpoint,
}
REFINERS: Final[Mapping[str, Callable[[], Refiner]]] = {
    "rules": Rules,
    "language_model": _language_model,
}


def transcriber(*, may_leave_server: bool) -> Transcriber:
    """Return the configured transcriber; the embedded one if that sends recordings elsewhere without consent."""
    configured = _transcriber(settings.TRANSCRIBER)
    return configured if may_leave_server or not configured.leaves_server else PocketSphinx()


def refiner(*, may_leave_server: bool) -> Refiner:
    """Return the configured refiner; the one by rules if that sends texts elsewhere without consent."""
    configured = REFINERS[settings.REFINER]()
    return configured if may_leave_server or not configured.leaves_server else Rules()


@cache
def _transcriber(name: str) -> Transcriber:
    """Return one per process: a model in memory serves many recordings."""
    return TRANSCRIBERS[name]()

"""Transcription by a service with the API of OpenAI: a hosted one, or Whisper on a machine of one's own."""

import io
import wave
from typing import Final

from dossiers.statement.endpoint import Endpoint
from dossiers.statement.failures import LanguageUnsupported, NoSpeech, Unavailable
from dossiers.statement.ports import SAMPLE_RATE, Speech

_LONGEST_TRANSCRIPT: Final = 20_000


class OpenAIEndpoint:
    """Sends the decoded sound, never the owner's file, which may name a device or a place."""

    leaves_server = True

    def __init__(self, endpoint: Endpoint, languages: frozenset[str]) -> None:
        self._endpoint = endpoint
        self.languages = languages
        self.name = endpoint.name

    def transcribe(self, speech: Speech, language: str) -> str:
        if language not in self.languages:
            raise LanguageUnsupported
        form = {
            "model": self._endpoint.model,
            "language": language,
            "response_format": "json",
            "temperature": "0",
        }
        sound = {"file": ("statement.wav", as_wav(speech), "audio/wav")}
        text = self._endpoint.post("/audio/transcriptions", data=form, files=sound).get("text")
        if not isinstance(text, str) or len(text) > _LONGEST_TRANSCRIPT:
            raise Unavailable("its answer has no transcript")
        if not text.strip():
            raise NoSpeech
        return text.strip()


def as_wav(speech: Speech) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(SAMPLE_RATE)
        opened.writeframes(speech.samples.tobytes())
    return out.getvalue()

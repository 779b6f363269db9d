"""Transcription by faster-whisper with a model in a local folder. The package is optional: see docs/model-cards.

Nothing is fetched: a folder without its own tokenizer would make the library ask a hub for one, so it is refused.
"""

import importlib
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from dossiers.statement.failures import LanguageUnsupported, NoSpeech, Refused
from dossiers.statement.ports import Speech

FILES: Final = ("model.bin", "config.json", "tokenizer.json")


class FasterWhisper:
    """Loads the model at the first recording. `languages` are those of the settings: a model says only en, or all."""

    leaves_server = False

    def __init__(self, folder: Path, languages: frozenset[str], *, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self.languages = languages
        self.name = f"faster-whisper {folder.name}"

    def transcribe(self, speech: Speech, language: str) -> str:
        """Return the words. Raises `Refused` without the package, or without a complete folder."""
        if language not in self.languages or (language != "en" and not self._model.model.is_multilingual):
            raise LanguageUnsupported
        sound = speech.samples.astype("float32") / 32768
        segments, _ = self._model.transcribe(
            sound, language=language, task="transcribe", temperature=0.0, beam_size=5, vad_filter=False,
            condition_on_previous_text=False,
        )  # fmt: skip
        text = " ".join(segment.text.strip() for segment in segments).strip()
        if not text:
            raise NoSpeech
        return text

    @cached_property
    def _model(self) -> Any:
        if missing := missing_files(self._folder):
            raise Refused(f"the folder of the model lacks {', '.join(missing)}")
        try:
            library = importlib.import_module("faster_whisper")
        except ImportError:
            raise Refused("the package faster-whisper is not installed") from None
        return library.WhisperModel(
            str(self._folder), device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True
        )


def missing_files(folder: Path) -> list[str]:
    """Return the files that a folder of a model must have and lacks."""
    return [name for name in FILES if not (folder / name).is_file()]

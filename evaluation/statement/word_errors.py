"""Measure a transcriber: the word error rate on recordings of known sentences."""

import csv
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from dossiers.statement.audio import decode
from dossiers.statement.failures import NoSpeech
from dossiers.statement.ports import Transcriber
from evaluation.metrics.measures import ratio
from evaluation.metrics.resampling import Metric, resample

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_COLUMNS: Final = ("file", "voice", "language", "text")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording of a sentence: its file, the voice that reads it, and the sentence."""

    file: Path
    voice: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a transcriber heard in it, in how much processor time and over how much sound."""

    recorded: Recorded
    transcript: str
    cpu_seconds: float
    seconds: float

    @property
    def errors(self) -> int:
        return distance(words(self.recorded.text), words(self.transcript))


def read_recordings(manifest: Path) -> list[Recorded]:
    """Return the rows of a CSV with the columns file (beside it), voice, language and text. Raises `ValueError`."""
    with manifest.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    if not rows or not {*_COLUMNS} <= rows[0].keys():
        raise ValueError(f"{manifest.name} needs the columns {', '.join(_COLUMNS)}, and a row")
    return [Recorded(manifest.parent / row["file"], row["voice"], row["language"], row["text"]) for row in rows]


def hear(recordings: Sequence[Recorded], transcriber: Transcriber) -> Iterator[Heard]:
    """Transcribe each recording. One in which no word is found counts with all its words."""
    for recorded in recordings:
        speech = decode(recorded.file.read_bytes())
        began = time.process_time()
        try:
            transcript = transcriber.transcribe(speech, recorded.language)
        except NoSpeech:
            transcript = ""
        yield Heard(recorded, transcript, time.process_time() - began, speech.seconds)


def word_error_rate(heard: Sequence[Heard]) -> Metric | None:
    """Return substitutions, deletions and insertions over the words that were read, with an interval over sentences."""
    sample = resample(heard, [one.recorded.text for one in heard])
    errors, spoken = sample.column(lambda one: one.errors), sample.column(lambda one: len(words(one.recorded.text)))
    return sample.metric(ratio(errors, spoken))


def words(text: str) -> list[str]:
    """Return the words without case and punctuation. `water line` and `waterline` are different words."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return the fewest substitutions, deletions and insertions of words between the two (Levenshtein)."""
    row = np.arange(len(heard) + 1)
    for at, word in enumerate(said, start=1):
        changed = np.minimum(row[1:] + 1, row[:-1] + [word != other for other in heard])
        row = np.concatenate([[at], changed])
        for column in range(1, len(row)):
            row[column] = min(row[column], row[column - 1] + 1)
    return int(row[-1])

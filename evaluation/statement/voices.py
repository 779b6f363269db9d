"""Read the sentences about hulls aloud with the voices of this machine: `python -m evaluation.statement.voices FOLDER`.

Needs Debian's packages flite and espeak-ng; writes a wav for each sentence and voice, and recordings.csv. Voices that a
program draws are clearer than people on a quay: real recordings measure more.
"""

import csv
import subprocess
import sys
from pathlib import Path
from typing import Final

from evaluation.statement.corpus import spoken_sentences

_FLITE: Final = ("kal16", "slt", "rms", "awb")
_ESPEAK: Final = ("en-us",)


def read_aloud(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "recordings.csv").open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(("file", "voice", "language", "text"))
        for number, text in enumerate(spoken_sentences()):
            for voice in (*_FLITE, *_ESPEAK):
                file = f"{voice}-{number:02}.wav"
                subprocess.run(_command(voice, text, folder / file), check=True, capture_output=True)  # noqa: S603
                rows.writerow((file, voice, "en", text))


def _command(voice: str, text: str, file: Path) -> list[str]:
    if voice in _FLITE:
        return ["flite", "-voice", voice, "-t", text, "-o", str(file)]
    return ["espeak-ng", "-v", voice, "-s", "140", "-w", str(file), text]


if __name__ == "__main__":
    read_aloud(Path(sys.argv[1]))

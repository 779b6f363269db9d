"""Recordings to speech, with limits on bytes, duration, memory and time."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dossiers.statement.containers import container_of, is_cut
from dossiers.statement.failures import Damaged, NotAudio, Silent, TooLarge, UnusableRecording, failure_of
from dossiers.statement.ports import SAMPLE_RATE, Speech
from dossiers.statement.reasons import RecordingReason

MAX_SECONDS: Final = 300
MAX_BYTES: Final = 20 * 1024 * 1024
_ROOT: Final = Path(__file__).resolve().parents[2]
_DECODER: Final = "dossiers.statement.decoder"
# The decoder bounds its processor time; this is for a machine so busy that it gets none. The work is then tried again.
_WALL_SECONDS: Final = 180
_SHORTEST_SECONDS: Final = 0.5
# The loudest tenth of a second of a silent recording is quieter than -55 dB of full scale: hiss, and no voice.
_WINDOW: Final = SAMPLE_RATE // 10
_QUIETEST_VOICE: Final = 58.0
# How a decoder ends that hostile bytes drove against a limit or through a fault of FFmpeg. SIGKILL is not among them:
# the machine may have run out of memory for reasons of its own.
_BROUGHT_DOWN: Final = tuple(
    -number for number in (signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
)


def decode(data: bytes, *, max_seconds: int = MAX_SECONDS, max_bytes: int = MAX_BYTES) -> Speech:
    """Return the sound of an m4a, ogg, webm or wav file. Raises a subclass of `UnusableRecording`.

    The decoder runs in a process of its own with limits and without our environment, because it reads hostile bytes
    with a C library. It raises `RuntimeError` or `TimeoutExpired` if the machine is at fault, and may be called again.
    """
    if not data:
        raise NotAudio
    if len(data) > max_bytes:
        raise TooLarge
    container = container_of(data)
    if is_cut(data, container):
        raise Damaged
    speech = Speech(np.frombuffer(_run_decoder(data, container, max_seconds), np.int16))
    if speech.seconds < _SHORTEST_SECONDS or _loudest(speech.samples) < _QUIETEST_VOICE:
        raise Silent
    return speech


def _run_decoder(data: bytes, container: str, max_seconds: int) -> bytes:
    # One arena: others reserve addresses, which count towards the decoder's limit of memory.
    environment = {"MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603 - our own module, with words of our own
        [sys.executable, "-m", _DECODER, container, str(max_seconds)],
        input=data,
        capture_output=True,
        cwd=_ROOT,
        env=environment,
        timeout=_WALL_SECONDS,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    if done.returncode in _BROUGHT_DOWN:
        raise Damaged
    raise _refusal(done.stderr.decode(errors="replace")) or RuntimeError(
        f"the decoder ended with {done.returncode}: {done.stderr[-500:]!r}"
    )


def _refusal(said: str) -> UnusableRecording | None:
    lines = said.strip().splitlines() or [""]
    return failure_of(RecordingReason(lines[-1])) if lines[-1] in RecordingReason.values() else None


def _loudest(samples: NDArray[np.int16]) -> float:
    """Return the root mean square of the loudest tenth of a second, without its constant part."""
    windows = samples[: len(samples) // _WINDOW * _WINDOW].reshape(-1, _WINDOW).astype(np.float32)
    return float(windows.std(axis=1).max(initial=0.0))

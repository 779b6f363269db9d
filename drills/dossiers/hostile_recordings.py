"""Send hostile recordings, one of each kind, to a worker: each gets its reason or a transcript, and does no harm.

Kinds: what is no audio, empty, silent, too long, cut, or no sound that we read; headers that say a second of hours, or
nothing; small files that decode to hours or to nothing at all; texts of megabytes; atoms, elements and streams within
or behind themselves; numbers that are none; and seeded mutations of good files. Each is declared as another type.

One worker takes one after the other. The drill measures each decoder: it must stay within its limit of memory, and
within a quarter of its processor time. At the end the worker still transcribes a good recording. What is heard goes to
a quick transcriber: the engines are not what is attacked.

Control: attack by attack, the guard that stops it is removed.
"""

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from dossiers.models import Dossier, Recording
from dossiers.recordings.media_types import CONTENT_TYPES
from dossiers.recordings.transcription import transcribe_next
from dossiers.statement.decoder import CPU_SECONDS, MEMORY_BYTES
from dossiers.statement.ports import Speech, Transcriber
from dossiers.statement.reasons import RecordingReason
from dossiers.vocabulary import RecordingFailure, RecordingState
from drills.dossiers._measured_decoder import Decoder
from drills.dossiers._recording_guards import GUARDS
from drills.dossiers._recording_kinds import more_files
from drills.harness.runner import DrillContext, Result, main
from maretech.common.storage import object_store
from testing.dossiers import draft_of
from testing.samples.hostile_recordings import HEARD, Hostile, files
from testing.samples.recordings import tone, wav

MUTATIONS: Final = 30
# Far from its limit of processor time: on a busy machine a decoder that reaches it outlasts the worker's patience.
_CPU_BOUND: Final = CPU_SECONDS // 4
_SMALL: Final = (
    "playlist: hls",
    "than announced",
    "mutation 0",
    "not a number",
    "in half",
    "two voices",
    "hiss",
    "film",
)


@dataclass(frozen=True)
class Sent:
    """A file as it is sent. `announced` are the bytes that the phone announced, if they are others."""

    kind: Hostile
    announced: bytes | None = None


@dataclass(frozen=True)
class Outcome:
    """What a recording came to: `HEARD` or the reason why it has no transcript. `died` is what the worker raised."""

    came_to: str
    peak_bytes: int
    cpu_seconds: float
    died: str = ""


class _Writer:
    """Replaces the embedded engine."""

    name = "drill"
    languages = frozenset({"en"})
    leaves_server = False

    def transcribe(self, speech: Speech, language: str) -> str:
        return f"{speech.seconds:.1f} seconds in {language}"


def disable_guard() -> AbstractContextManager[object]:
    return nullcontext()  # `_control` removes the guards one by one


def drill(context: DrillContext) -> Result:
    is_quick = context.small or context.control
    with _worker(_Writer()) as judge, tempfile.TemporaryDirectory() as folder:
        run = _control if context.control else _drill
        return run(context, judge, list(_all_kinds(Path(folder), mutations=1 if is_quick else MUTATIONS)))


Judge = Callable[[Sent, str], Outcome]


def _drill(context: DrillContext, judge: Judge, kinds: list[Sent]) -> Result:
    judged = [(sent.kind, judge(sent, "")) for sent in kinds if not context.small or _is_small(sent.kind.name)]
    good = Hostile("a good recording afterwards", lambda: wav(tone(2)), frozenset({HEARD}))
    judged.append((good, judge(Sent(good), "")))
    wrong = [f"{kind.name}: {fault}" for kind, outcome in judged if (fault := _fault(kind, outcome))]
    peak = max(outcome.peak_bytes for _, outcome in judged) / 1e6
    most = max(outcome.cpu_seconds for _, outcome in judged)
    came_to = Counter("heard" if outcome.came_to == HEARD else "refused" for _, outcome in judged)
    first = f" ({'; '.join(wrong[:3])})" if wrong else ""
    figure = (
        f"{came_to['refused']} refused with a reason, {came_to['heard']} heard, {len(wrong)} wrong{first}; "
        f"at most {peak:.0f} MB, {most:.1f} s of CPU"
    )
    bound = f"0 wrong, ≤ {MEMORY_BYTES / 1e6:.0f} MB, ≤ {_CPU_BOUND} s"
    return Result(f"{len(judged)} files", figure, bound, not wrong)


def _control(context: DrillContext, judge: Judge, kinds: list[Sent]) -> Result:
    by_name = {sent.kind.name: sent for sent in kinds}
    succeeded = {}
    for guard_name, guard in GUARDS.items():
        if context.small and not guard.is_quick:
            continue
        for sent in map(by_name.__getitem__, guard.kinds):
            with guard.remove():
                outcome = judge(sent, guard.change)
            succeeded[f"{sent.kind.name}, without the guard of {guard_name}"] = bool(_fault(sent.kind, outcome))
    return Result(
        f"{len(succeeded)} attacks", "", "each succeeds without its guard", not any(succeeded.values()), succeeded
    )


def _is_small(name: str) -> bool:
    return any(word in name for word in _SMALL)


def _fault(kind: Hostile, outcome: Outcome) -> str:
    if outcome.died:
        return outcome.died
    if outcome.peak_bytes > MEMORY_BYTES:
        return f"took {outcome.peak_bytes / 1e6:.0f} MB"
    if outcome.cpu_seconds > _CPU_BOUND:
        return f"took {outcome.cpu_seconds:.0f} s of CPU"
    return "" if outcome.came_to in kind.expected else f"came to {outcome.came_to}"


# --- What is sent ----------------------------------------------------------------------------------------------------
def _all_kinds(folder: Path, *, mutations: int) -> Iterator[Sent]:
    yield from map(Sent, files())
    yield from map(Sent, more_files(mutations=mutations))
    (folder / "voice.wav").write_bytes(wav(tone(2)))
    playlist = f"ffconcat version 1.0\nfile '{folder}/voice.wav'\n".encode()
    yield Sent(Hostile("a playlist of another recording", lambda: playlist, frozenset({RecordingReason.NOT_AUDIO})))
    swapped = frozenset({RecordingFailure.CHECKSUM_MISMATCH})
    yield Sent(Hostile("other bytes than announced", lambda: wav(tone(2)), swapped), wav(tone(2, loudness=0.2)))
    yield Sent(Hostile("more bytes than announced", lambda: wav(tone(2)), swapped), wav(tone(1)))


@contextmanager
def _worker(transcriber: Transcriber) -> Iterator[Judge]:
    """Yield what has one file transcribed as a worker does, by a decoder without the guard that the code removes."""
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    dossier = draft_of(owner)
    types = cycle(CONTENT_TYPES)
    decoder = Decoder()

    def judge(sent: Sent, change: str) -> Outcome:
        recording = _upload(dossier, sent, content_type=next(types))
        decoder.reset()
        decoder.change = change
        died, began = "", time.monotonic()
        try:
            assert transcribe_next()
        except Exception as error:  # noqa: BLE001 - whatever a file provokes is counted
            died = f"ended with {error!r} after {time.monotonic() - began:.0f} s"
        came_to = _outcome_of(recording)
        object_store().delete([recording.uri])
        recording.delete()
        return Outcome(came_to, decoder.peak_bytes, decoder.cpu_seconds, died)

    with decoder.in_place(), patch("dossiers.statement.registry.transcriber", lambda **_: transcriber):
        yield judge


def _upload(dossier: Dossier, sent: Sent, *, content_type: str) -> Recording:
    content = sent.kind.make()
    announced = content if sent.announced is None else sent.announced
    uri = f"{dossier.key_prefix}recording/{uuid4()}"
    object_store().write(uri, content, content_type=content_type)
    now = timezone.now()
    return Recording.objects.create(
        dossier=dossier,
        uri=uri,
        content_type=content_type,
        byte_size=max(1, len(announced)),
        sha256=hashlib.sha256(announced).hexdigest(),
        state=RecordingState.UPLOADED,
        uploaded_at=now,
        due_at=now,
    )


def _outcome_of(recording: Recording) -> str:
    recording.refresh_from_db()
    return HEARD if recording.state == RecordingState.TRANSCRIBED else recording.failure_reason or recording.state


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
